"""The parts of the timeline page that hang on the record and the day, whatever is asked."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from django.utils.safestring import SafeString

from timeline.cache import VersionedCache
from timeline.core.question import Question
from timeline.jinja2 import language, rendered
from timeline.queries import commitments, frameworks, timeline
from timeline.queries.as_of import AsOf
from timeline.queries.frameworks import FrameworkView

LATELY: Final = 4
"""Commitments that the page names as lately evidenced."""


class Frame(NamedTuple):
    """What stands above and beside the results."""

    hero: SafeString
    aside: SafeString


_views: Final[VersionedCache[Sequence[FrameworkView]]] = VersionedCache("frameworks", alias=None)
_frames: Final[VersionedCache[Frame]] = VersionedCache("frame")
_expected: Final[VersionedCache[SafeString]] = VersionedCache("expected")


def standings(day: dt.date) -> Sequence[FrameworkView]:
    """Where every framework stands on a day."""
    return _views.get_or_load("today", day, lambda: frameworks.all_views(AsOf(day)))


def frame(views: Sequence[FrameworkView], day: dt.date) -> Frame:
    """Totals, whose turn it is, and which commitments were lately evidenced."""
    return _frames.get_or_load(language(), day, lambda: _framed(views, day))


def _framed(views: Sequence[FrameworkView], day: dt.date) -> Frame:
    beside = {"frameworks": views, "lately": commitments.lately_evidenced(LATELY, day)}
    return Frame(
        hero=rendered("parts/hero.html", {"totals": timeline.totals()}),
        aside=rendered("parts/aside.html", beside),
    )


def expected(question: Question, views: Sequence[FrameworkView], day: dt.date) -> SafeString:
    """The sessions that are expected, where the question lets them be told apart from events."""
    found = frameworks.expected_sessions(question, views)
    if not found:
        return SafeString()
    key = (language(), tuple(view.framework.pk for view in found))
    return _expected.get_or_load(key, day, lambda: _told(found))


def _told(found: Sequence[FrameworkView]) -> SafeString:
    return rendered("parts/expected.html", {"expected": found})
