"""Weekdays as sources word them, to hold against the date on record."""

import datetime as dt
import re
from typing import Final

from timeline.core.dates import EdtfDate
from timeline.core.folding import fold

_NAMES: Final = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": (
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ),
}

_FORMS: Final = (
    r"lundi|monday|понедельник\w{0,3}",
    r"mardi|tuesday|вторник\w{0,3}",
    r"mercredi|wednesday|сред(?:а|у|ы|е|ои)",
    r"jeudi|thursday|четверг\w{0,3}",
    r"vendredi|friday|пятниц\w{0,3}",
    r"samedi|saturday|суббот\w{0,3}",
    r"dimanche|sunday|воскресень\w{0,3}",
)
_PATTERNS: Final = tuple(re.compile(rf"\b(?:{form})s?\b") for form in _FORMS)


def named_weekdays(wording: str) -> frozenset[int]:
    """Find the weekdays (Monday is 0) that a text in French, English or Russian names.

    Whole names only, in any case and inflection: abbreviations such as 'mar.' or 'sun' are words
    of other meanings too often to be believed.
    """
    folded = fold(wording)
    return frozenset(day for day, pattern in enumerate(_PATTERNS) if pattern.search(folded))


def weekday_name(weekday: int, language: str) -> str:
    """Name a weekday (Monday is 0) in French or English."""
    return _NAMES[language][weekday]


def mismatch(date: EdtfDate, wording: str) -> tuple[int, int] | None:
    """Compare the one weekday that a source names with a recorded date.

    Returns the weekday named and the weekday of the date's first day when none of the date's
    days is the one named; None when they agree or cannot be compared (no weekday or several in
    the text, a date of a week or more).
    """
    named = named_weekdays(wording)
    length = (date.latest - date.earliest).days + 1
    if len(named) != 1 or length >= 7:
        return None
    (said,) = named
    days = {(date.earliest + dt.timedelta(days=n)).weekday() for n in range(length)}
    return None if said in days else (said, date.earliest.weekday())
