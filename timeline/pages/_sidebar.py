"""The parts of the timeline page that depend on the record and the day, whatever is asked."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from django.utils.safestring import SafeString

from timeline.cache import VersionedCache
from timeline.jinja2 import language, rendered
from timeline.queries import commitments, timeline
from timeline.queries.commitments import CommitmentView
from timeline.queries.frameworks import FrameworkView

LATELY: Final = 4
"""Commitments that the page names as lately evidenced."""


class Sidebar(NamedTuple):
    """The markup above and beside the results."""

    hero: SafeString
    aside: SafeString


class SidebarData(NamedTuple):
    """Totals, whose turn it is, and which commitments were lately evidenced."""

    day: dt.date
    totals: tuple[int, int, int]
    frameworks: Sequence[FrameworkView]
    lately: Sequence[CommitmentView]


_sidebars: Final[VersionedCache[Sidebar]] = VersionedCache("sidebar")
_expected: Final[VersionedCache[SafeString]] = VersionedCache("expected")


def read(views: Sequence[FrameworkView], day: dt.date) -> Sidebar | SidebarData:
    """The sidebar where it is kept, else what it shows."""
    if (kept := _sidebars.get(language(), day)) is not None:
        return kept
    return SidebarData(day, timeline.totals(), views, commitments.lately_evidenced(LATELY, day))


def sidebar(data: Sidebar | SidebarData) -> Sidebar:
    """The sidebar, which is kept for the other pages of the day."""
    if isinstance(data, Sidebar):
        return data
    made = Sidebar(
        hero=rendered("parts/hero.html", {"totals": data.totals}),
        aside=rendered("parts/aside.html", {"frameworks": data.frameworks, "lately": data.lately}),
    )
    _sidebars.set(language(), data.day, made)
    return made


def expected(found: Sequence[FrameworkView], day: dt.date) -> SafeString:
    """The sessions that are expected; nothing where there are none."""
    if not found:
        return SafeString()
    key = (language(), tuple(view.framework.pk for view in found))
    return _expected.get_or_load(
        key, day, lambda: rendered("parts/expected.html", {"expected": found})
    )
