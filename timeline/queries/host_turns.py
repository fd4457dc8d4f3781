"""Whose turn it is in every framework on a day, cached for a version of the record."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from timeline.cache import VersionedCache
from timeline.queries.as_of import AsOf
from timeline.queries.frameworks import FrameworkView, all_views

# Cached as objects in the process: to unpickle them would take longer than to use them.
_host_turns: Final[VersionedCache[Sequence[FrameworkView]]] = VersionedCache(
    "frameworks", alias=None
)


def host_turns(day: dt.date) -> Sequence[FrameworkView]:
    """Return every framework with whose turn it is, in the order in which pages list them."""
    return _host_turns.get_or_load("today", day, lambda: all_views(AsOf(day)))
