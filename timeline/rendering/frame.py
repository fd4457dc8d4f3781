"""The parts of the timeline page that hang on the record and the day, whatever is asked."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from django.utils.safestring import SafeString

from timeline.cache import Ready
from timeline.core.question import Question
from timeline.database.version import Version
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


_views: Final[Ready[Sequence[FrameworkView]]] = Ready(most=2)
_frames: Final[Ready[Frame]] = Ready(most=8)
_expected: Final[Ready[SafeString]] = Ready(most=256)


def standings(day: dt.date, seen: Version | None) -> Sequence[FrameworkView]:
    """Where every framework stands on a day."""
    return _views.of(seen, day, lambda: frameworks.all_views(AsOf(day)))


def frame(views: Sequence[FrameworkView], day: dt.date, seen: Version | None) -> Frame:
    """Totals, whose turn it is, and which commitments were lately evidenced."""
    return _frames.of(seen, (language(), day), lambda: _framed(views, day))


def _framed(views: Sequence[FrameworkView], day: dt.date) -> Frame:
    beside = {"frameworks": views, "lately": commitments.lately_evidenced(LATELY, day)}
    return Frame(
        hero=rendered("parts/hero.html", {"totals": timeline.totals()}),
        aside=rendered("parts/aside.html", beside),
    )


def expected(
    question: Question, views: Sequence[FrameworkView], day: dt.date, seen: Version | None
) -> SafeString:
    """The sessions that are expected, where the question lets them be told apart from events."""
    found = frameworks.expected_sessions(question, views)
    if not found:
        return SafeString()
    key = (language(), day, tuple(view.framework.pk for view in found))
    return _expected.of(seen, key, lambda: _told(found))


def _told(found: Sequence[FrameworkView]) -> SafeString:
    return rendered("parts/expected.html", {"expected": found})
