"""The parts of the timeline page that do not depend on the question, only on record and day."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from django.utils.safestring import SafeString

from timeline.cache import VersionedCache
from timeline.jinja2 import language, rendered
from timeline.models import Identity
from timeline.queries import commitments, timeline
from timeline.queries.commitments import CommitmentView
from timeline.queries.frameworks import FrameworkView
from timeline.queries.identity import identity

LATELY: Final = 4
"""How many commitments the page lists as lately evidenced."""


class Sidebar(NamedTuple):
    """The markup above the results (``hero``) and beside them (``aside``)."""

    hero: SafeString
    aside: SafeString


class SidebarData(NamedTuple):
    """The totals of the record, what the site is about, frameworks, commitments evidenced last."""

    day: dt.date
    totals: tuple[int, int, int]
    identity: Identity
    frameworks: Sequence[FrameworkView]
    lately: Sequence[CommitmentView]


_sidebars: Final[VersionedCache[Sidebar]] = VersionedCache("sidebar")
_expected: Final[VersionedCache[SafeString]] = VersionedCache("expected")


def read(views: Sequence[FrameworkView], day: dt.date) -> Sidebar | SidebarData:
    """Return the sidebar if it is cached, else load its data."""
    if (cached := _sidebars.get(language(), day)) is not None:
        return cached
    return SidebarData(
        day, timeline.totals(), identity(), views, commitments.lately_evidenced(LATELY, day)
    )


def sidebar(data: Sidebar | SidebarData) -> Sidebar:
    """Render the sidebar and cache it, unless it is rendered already."""
    if isinstance(data, Sidebar):
        return data
    sidebar = Sidebar(
        hero=rendered("parts/hero.html", {"totals": data.totals, "identity": data.identity}),
        aside=rendered("parts/aside.html", {"frameworks": data.frameworks, "lately": data.lately}),
    )
    _sidebars.set(language(), data.day, sidebar)
    return sidebar


def expected(views: Sequence[FrameworkView], day: dt.date) -> SafeString:
    """Render the expected sessions of these frameworks; empty where there are none."""
    if not views:
        return SafeString()
    key = (language(), tuple(view.framework.pk for view in views))
    return _expected.get_or_load(
        key, day, lambda: rendered("parts/expected.html", {"expected": views})
    )
