"""Weekdays as sources word them, to hold against the date on record.

Dates on record are Gregorian, and before 15 October 1582 proleptically so. A source may word the
same numbers in the Julian calendar: before that day all did, and some countries went on for
centuries (Russia until 1918, Greece until 1923).
"""

import datetime as dt
import re
from typing import Final, NamedTuple

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


REFORM: Final = dt.date(1582, 10, 15)
"""The first day of the Gregorian calendar."""

LAST_JULIAN: Final = dt.date(1923, 2, 15)
"""The last day of the Julian calendar in public life: in Greece 1 March 1923 came after it."""


class JulianDay(NamedTuple):
    """A day of the Julian calendar; 29 February 1900 is one, which no ``date`` can hold."""

    year: int
    month: int
    day: int


class JulianReading(NamedTuple):
    """A recorded day whose numbers, read in the Julian calendar, are a weekday that a source names.

    ``weekday`` (Monday is 0) is that of the ``day`` on record, which is Gregorian; ``as_julian`` is
    what it is in the Julian calendar, and ``as_gregorian`` the day that its numbers mean there.
    """

    day: dt.date
    weekday: int
    as_gregorian: dt.date
    as_julian: JulianDay


def julian_day_number(year: int, month: int, day: int) -> int:
    """The Julian day number, at noon, of a day of the Julian calendar.

    After Meeus, Astronomical Algorithms, chapter 7, in whole numbers; day 0 is a Monday.
    """
    before = (14 - month) // 12
    return (
        day
        + (153 * (month + 12 * before - 3) + 2) // 5
        + 365 * (year + 4800 - before)
        + (year + 4800 - before) // 4
        - 32083
    )


_ORDINAL_0: Final = 1721425
"""The Julian day number of the day before 1 January 1, which ``date`` counts as ordinal 0."""


def from_julian(day: dt.date) -> dt.date:
    """The Gregorian day of a Julian one with these numbers; ValueError outside the years 1–9999."""
    return dt.date.fromordinal(julian_day_number(day.year, day.month, day.day) - _ORDINAL_0)


def to_julian(day: dt.date) -> JulianDay:
    """The day of the Julian calendar that a Gregorian one is."""
    c = day.toordinal() + _ORDINAL_0 + 32082
    d = (4 * c + 3) // 1461
    e = c - 1461 * d // 4
    m = (5 * e + 2) // 153
    return JulianDay(d - 4800 + m // 10, m + 3 - 12 * (m // 10), e - (153 * m + 2) // 5 + 1)


def julian_weekday(day: dt.date) -> int:
    """The weekday (Monday is 0) of the Julian day with these numbers."""
    return julian_day_number(day.year, day.month, day.day) % 7


def mismatch(date: EdtfDate, wording: str) -> tuple[int, int] | None:
    """Compare the one weekday that a source names with a recorded date.

    Returns the weekday named and the weekday of the date's first day when none of the date's
    days is the one named; None when they agree or cannot be compared (no weekday or several in
    the text, a date of a week or more), and before 15 October 1582 when the date's numbers, read
    in the Julian calendar, are the weekday named.
    """
    named = named_weekdays(wording)
    if len(named) != 1 or (date.latest - date.earliest).days + 1 >= 7:
        return None
    (said,) = named
    if any(day.weekday() == said for day in _days(date)):
        return None
    if any(day < REFORM and julian_weekday(day) == said for day in _days(date)):
        return None
    return said, date.earliest.weekday()


def julian_reading(date: EdtfDate, said: int) -> JulianReading | None:
    """The first day of a date that was this weekday in the Julian calendar, while one was in use.

    ``date`` is one of a few days, as :func:`mismatch` compares them.
    """
    for day in _days(date):
        if REFORM <= day <= LAST_JULIAN and julian_weekday(day) == said:
            return JulianReading(day, day.weekday(), from_julian(day), to_julian(day))
    return None


def _days(date: EdtfDate) -> list[dt.date]:
    length = (date.latest - date.earliest).days + 1
    return [date.earliest + dt.timedelta(days=n) for n in range(length)]
