"""The index in use: the one place to change for another implementation."""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

from timeline.core.question import Question
from timeline.index.incremental import LiveIndex
from timeline.index.interface import Bins, EventIndex

_ALL_TIME: Final = (dt.date.min.toordinal(), dt.date.max.toordinal() + 1)
"""The edges of the one bin in which every event lies."""


def folder() -> Path:
    """Return the folder in which a large index is saved, to be loaded after a restart."""
    return Path(settings.VAR_DIR) / "index"


@cache
def current() -> EventIndex:
    """Return the index of this process."""
    return LiveIndex(folder())


def totals(question: Question, group: str = "", values: Sequence[str] = ("",)) -> dict[str, int]:
    """Count the events found that have each of some values of a group; '' are all events found."""
    spreads = current().spread(question, Bins(_ALL_TIME, group, values))
    return {value: sum(spread.counts) for value, spread in spreads.items()}
