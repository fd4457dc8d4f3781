"""Weekdays named by sources, compared with recorded dates.

Recorded dates are in the Gregorian calendar, proleptic before 15 October 1582. The date in a source
may be in the Julian calendar: all were before that day, and some countries kept it for centuries
(Russia until 1918, Greece until 1923).
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
    """Return the weekdays (Monday is 0) that a text in French, English or Russian names.

    Only full names count, in any case and inflection: abbreviations such as 'mar.' or 'sun' too
    often mean something else.
    """
    folded = fold(wording)
    return frozenset(day for day, pattern in enumerate(_PATTERNS) if pattern.search(folded))


def weekday_name(weekday: int, language: str) -> str:
    """Return the name of a weekday (Monday is 0) in French or English."""
    return _NAMES[language][weekday]


REFORM: Final = dt.date(1582, 10, 15)
"""The first day of the Gregorian calendar."""

LAST_JULIAN: Final = dt.date(1923, 2, 15)
"""The last day of the Julian calendar in civil use: in Greece it was followed by 1 March 1923."""


class JulianDay(NamedTuple):
    """A day of the Julian calendar, which may not exist as a ``date``: 29 February 1900."""

    year: int
    month: int
    day: int


class JulianReading(NamedTuple):
    """A recorded day that is the weekday named by a source if it is read as a Julian date.

    ``day`` is the recorded Gregorian day and ``weekday`` (Monday is 0) its weekday. ``as_julian``
    is the same day in the Julian calendar. ``as_gregorian`` is the Gregorian day of the Julian date
    that is written like ``day``.
    """

    day: dt.date
    weekday: int
    as_gregorian: dt.date
    as_julian: JulianDay


def julian_day_number(year: int, month: int, day: int) -> int:
    """Return the Julian day number, at noon, of a day of the Julian calendar.

    After Meeus, Astronomical Algorithms, chapter 7, in whole numbers; day 0 is a Monday.
    """
    # 1 in January and February, which count as the last months of the year before.
    carry = (14 - month) // 12
    return (
        day
        + (153 * (month + 12 * carry - 3) + 2) // 5
        + 365 * (year + 4800 - carry)
        + (year + 4800 - carry) // 4
        - 32083
    )


_ORDINAL_0: Final = 1721425
"""The Julian day number of ordinal 0 of ``date``, the day before 1 January 1."""


def from_julian(day: dt.date) -> dt.date:
    """Read a day as a Julian date and return it as a Gregorian one.

    Raises ValueError for a result outside the years 1–9999.
    """
    return dt.date.fromordinal(julian_day_number(day.year, day.month, day.day) - _ORDINAL_0)


def to_julian(day: dt.date) -> JulianDay:
    """Convert a Gregorian day to the Julian calendar."""
    c = day.toordinal() + _ORDINAL_0 + 32082
    d = (4 * c + 3) // 1461
    e = c - 1461 * d // 4
    m = (5 * e + 2) // 153
    return JulianDay(d - 4800 + m // 10, m + 3 - 12 * (m // 10), e - (153 * m + 2) // 5 + 1)


def julian_weekday(day: dt.date) -> int:
    """Read a day as a Julian date and return its weekday (Monday is 0)."""
    return julian_day_number(day.year, day.month, day.day) % 7


def mismatch(date: EdtfDate, wording: str) -> tuple[int, int] | None:
    """Compare the weekday that a source names with a recorded date.

    Return the weekday named and the weekday of the date's first day if none of the date's days is
    the weekday named. Return None if they agree or cannot be compared: no weekday or several in
    the text, or a date of a week or more. Before 15 October 1582, they also agree if the date is
    on the weekday named when read as a Julian date.
    """
    weekdays = named_weekdays(wording)
    if len(weekdays) != 1 or (date.latest - date.earliest).days + 1 >= 7:
        return None
    (weekday,) = weekdays
    if any(day.weekday() == weekday for day in _days(date)):
        return None
    if any(day < REFORM and julian_weekday(day) == weekday for day in _days(date)):
        return None
    return weekday, date.earliest.weekday()


def julian_reading(date: EdtfDate, weekday: int) -> JulianReading | None:
    """Return the first day of a date that is this weekday when read as a Julian date.

    Only days on which the Julian calendar was in use beside the Gregorian one count. ``date`` is
    shorter than a week, as in :func:`mismatch`.
    """
    for day in _days(date):
        if REFORM <= day <= LAST_JULIAN and julian_weekday(day) == weekday:
            return JulianReading(day, day.weekday(), from_julian(day), to_julian(day))
    return None


def _days(date: EdtfDate) -> list[dt.date]:
    length = (date.latest - date.earliest).days + 1
    return [date.earliest + dt.timedelta(days=n) for n in range(length)]
