"""Dates as precise as their sources, in EDTF (ISO 8601-2:2019) levels 0 and 1.

Of level 2, only the seasons of one hemisphere are accepted (25–28 northern, 29–32 southern). The
``edtf`` package parses each end of a date and computes its strict bounds. It accepts more than the
record does (level 2, reversed intervals, years outside 0001–9999), so the grammar is checked here
before parsing and the order of the interval afterwards.
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

OPEN_END: Final = dt.date(9999, 12, 31)
"""``latest`` of a date with an open end; such a date is also flagged ``ongoing``."""

ACCEPTED: Final = (
    "2025-04-03, 2025-04, 2025, 2025-04-03/2025-04-04, 2025-04-03/.., 2025-04-03?, 2025-04~, "
    "198X, 2025-21, 2025-25"
)

MAX_LENGTH: Final = 64

HEADINGS_A_YEAR: Final = 13
"""One for the year itself, for dates less precise than a month, and one for each month."""


class EdtfError(ValueError):
    """Raised for text that is not an accepted date.

    ``code`` is one of: empty, unreadable, reversed, unknown_start, open_start, unknown_end,
    time_of_day, level_2, year_range, no_such_day.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text[:MAX_LENGTH]!r}; accepted forms: {ACCEPTED}")
        self.code = code


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    INTERVAL = "interval"


class Heading(NamedTuple):
    """The timeline heading of a date: a month, or a year for dates less precise than a month."""

    year: int
    month: int | None

    @property
    def order(self) -> int:
        """The sort key: a year comes before its months."""
        return self.year * HEADINGS_A_YEAR + (self.month or 0)


class _DatePoint(NamedTuple):
    """One end of an interval, or a date without a slash."""

    year: str
    month: int | None
    day: int | None
    precision: Precision
    uncertain: bool
    approximate: bool
    readings: tuple[tuple[dt.date, dt.date], ...]
    """First and last day; for a season without a hemisphere, northern days and then southern."""

    @property
    def earliest(self) -> dt.date:
        return min(first for first, _last in self.readings)

    @property
    def latest(self) -> dt.date:
        return max(last for _first, last in self.readings)


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """A date as typed, with its earliest and latest possible day.

    ``uncertain`` and ``approximate`` are set by a ``?`` or ``~`` anywhere in the text (``%`` is
    both). ``ongoing`` means an open end, with a ``latest`` of 9999-12-31. ``either_half`` means
    that one of its ends is a season without a hemisphere, in one half of the year or the other.
    """

    text: str
    earliest: dt.date
    latest: dt.date
    precision: Precision
    uncertain: bool = False
    approximate: bool = False
    ongoing: bool = False
    either_half: bool = False

    def __str__(self) -> str:
        return self.text

    @property
    def sure(self) -> bool:
        """Whether the date is not uncertain, approximate or a season of unknown hemisphere."""
        return not (self.uncertain or self.approximate or self.either_half)

    def touches(self, first: dt.date, last: dt.date) -> bool:
        """Whether some day of the date may lie in a period, which includes both its ends."""
        return self.earliest <= last and self.latest >= first

    def surely_within(self, first: dt.date, last: dt.date) -> bool:
        """Whether the date is sure and all its possible days lie in a period."""
        return self.sure and self.earliest >= first and self.latest <= last


_YEAR = r"(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)"
_POINT: Final = re.compile(
    _YEAR + r"(-(?P<month>[0-9]{2}|XX)(-(?P<day>[0-9]{2}|XX))?)?(?P<mark>[?~%])?",
    re.ASCII,
)
_SEASON_MONTHS: Final = {
    **{21: (3, 9), 22: (6, 12), 23: (9, 3), 24: (12, 6)},
    **{25: (3,), 26: (6,), 27: (9,), 28: (12,)},
    **{29: (9,), 30: (12,), 31: (3,), 32: (6,)},
}
"""First months of the seasons by their codes in ISO 8601-2. Each row is spring, summer, autumn and
winter: of either hemisphere (the northern month first), of the northern one, of the southern one.

The standard does not define the days of a season. Here a season is three whole months of the
meteorological year (WMO-No. 100, Guide to Climatological Practices). One that begins in December
has the year of that December and ends in February of the next year."""


def _season(year: int, first_month: int) -> tuple[dt.date, dt.date]:
    """Return the first and last day of a season, cut off at the end of the year 9999."""
    years, month_index = divmod(first_month + 1, 12)
    last_year, last_month = (year + years, month_index + 1) if year + years < 10000 else (9999, 12)
    last_day = calendar.monthrange(last_year, last_month)[1]
    return dt.date(year, first_month, 1), dt.date(last_year, last_month, last_day)


@lru_cache(maxsize=65536)
def parse(text: str) -> EdtfDate:
    """Parse an EDTF date of level 0 or 1; raise EdtfError for anything else."""
    stripped = text.strip()
    if not stripped:
        raise EdtfError("empty", text)
    if len(stripped) > MAX_LENGTH:
        raise EdtfError("unreadable", text)
    start_text, slash, end_text = stripped.partition("/")
    if slash and start_text in ("", ".."):
        raise EdtfError("open_start" if start_text else "unknown_start", text)
    if slash and not end_text:
        raise EdtfError("unknown_end", text)
    start = _read_point(start_text)
    ongoing = end_text == ".."
    end = _read_point(end_text) if slash and not ongoing else start
    if _reversed(start, end):
        raise EdtfError("reversed", text)
    return EdtfDate(
        stripped,
        start.earliest,
        OPEN_END if ongoing else end.latest,
        Precision.INTERVAL if slash else start.precision,
        start.uncertain or end.uncertain,
        start.approximate or end.approximate,
        ongoing=ongoing,
        either_half=len(start.readings) > 1 or len(end.readings) > 1,
    )


def _reversed(start: _DatePoint, end: _DatePoint) -> bool:
    """Whether a start can only lie after an end, with both read in the same hemisphere."""
    readings = max(len(start.readings), len(end.readings))
    return all(
        start.readings[n % len(start.readings)][0] > end.readings[n % len(end.readings)][1]
        for n in range(readings)
    )


@lru_cache(maxsize=65536)
def _read_point(text: str) -> _DatePoint:
    match = _POINT.fullmatch(text)
    if match is None:
        raise EdtfError(_error_code(text), text)
    year, month, day = match["year"], match["month"], match["day"]
    if year == "0000":
        raise EdtfError("year_range", text)
    if "X" in year and month is not None:
        raise EdtfError("level_2", text)
    if month == "XX" and day not in (None, "XX"):
        raise EdtfError("level_2", text)
    number = int(month) if month and month != "XX" else None
    if number is not None and day is None and 33 <= number <= 41:
        raise EdtfError("level_2", text)
    if number is not None and not (1 <= number <= 12 or (number in _SEASON_MONTHS and day is None)):
        raise EdtfError("unreadable", text)
    return _DatePoint(
        year,
        number,
        int(day) if day and day != "XX" else None,
        _precision(year, number, day),
        (match["mark"] or "") in ("?", "%"),
        (match["mark"] or "") in ("~", "%"),
        _readings(text, year, number),
    )


def _precision(year: str, month: int | None, day: str | None) -> Precision:
    if year.endswith("XX"):
        return Precision.CENTURY
    if year.endswith("X"):
        return Precision.DECADE
    if month is None:
        return Precision.YEAR
    if month in _SEASON_MONTHS:
        return Precision.SEASON
    return Precision.DAY if day and day != "XX" else Precision.MONTH


def _readings(text: str, year: str, month: int | None) -> tuple[tuple[dt.date, dt.date], ...]:
    if month in _SEASON_MONTHS:
        return tuple(_season(int(year), first) for first in _SEASON_MONTHS[month])
    return (_strict_bounds(text),)


def _strict_bounds(text: str) -> tuple[dt.date, dt.date]:
    if bounds := _plain_bounds(text):
        return bounds
    try:
        parsed = parse_edtf(text)
        low, high = parsed.lower_strict(), parsed.upper_strict()
        return dt.date(max(low.tm_year, 1), low.tm_mon, low.tm_mday), dt.date(*high[:3])
    # The package accepts 29 February of any year, which is a ValueError of dt.date.
    except (EDTFParseException, ValueError) as error:
        raise EdtfError("no_such_day", text) from error


def _plain_bounds(text: str) -> tuple[dt.date, dt.date] | None:
    """Return the bounds of a plain year, month or day; None for any other text.

    The ``edtf`` package takes milliseconds for each, and a large record has tens of thousands.
    The marks ``?``, ``~`` and ``%`` do not change strict bounds.
    """
    text = text.rstrip("?~%")
    try:
        if len(text) == 10:
            day = dt.date.fromisoformat(text)
            return day, day
        if len(text) == 7:
            first = dt.date.fromisoformat(f"{text}-01")
            return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
        return (dt.date(int(text), 1, 1), dt.date(int(text), 12, 31)) if len(text) == 4 else None
    except ValueError:
        return None


def _error_code(text: str) -> str:
    """Return the code of EdtfError for text that is not an accepted form."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T.*", text, re.DOTALL):
        return "time_of_day"
    if re.fullmatch(r"-[0-9]{4}.*|Y-?[0-9]+.*|[0-9]{5,}.*|X{4}", text, re.DOTALL):
        return "year_range"
    if re.fullmatch(
        r"[\[{].*|[0-9X]{4}[?~%].*|[?~%][0-9X].*|[0-9X]{4}-[0-9X?~%-]+", text, re.DOTALL
    ):
        return "level_2"
    return "unreadable"


def heading(date: EdtfDate) -> Heading:
    """Return the heading of a date: the month of its first day, or its year.

    For an interval, the start decides. Dates less precise than a month stand under their year.
    """
    start = _read_point(date.text.partition("/")[0])
    to_the_month = start.precision in (Precision.DAY, Precision.MONTH)
    return Heading(date.earliest.year, date.earliest.month if to_the_month else None)


def heading_period(date: EdtfDate) -> tuple[str, str]:
    """Return the ends of the period that shows a date under its heading.

    Both ends are the month or year of the heading; for a decade or a century they are its first
    and last year. The period touches the date and is no more precise than it.
    """
    year, month = heading(date)
    if month is not None:
        return (f"{year:04d}-{month:02d}",) * 2
    start = _read_point(date.text.partition("/")[0])
    wide = start.precision in (Precision.DECADE, Precision.CENTURY)
    return f"{year:04d}", f"{start.latest.year if wide else year:04d}"


def known_to_the_day(date: EdtfDate) -> bool:
    """Whether each end of a date, an open one apart, is known to the day."""
    if date.precision != Precision.INTERVAL:
        return date.precision == Precision.DAY
    ends = (end for end in date.text.split("/") if end != "..")
    return all(_read_point(end).precision == Precision.DAY for end in ends)


def surely_exceeds(date: EdtfDate, first: dt.date, last: dt.date) -> bool:
    """Whether a date surely begins before the first day of a period or ends after the last.

    An open end is taken for any day from its start on.
    """
    start_text, slash, end_text = date.text.partition("/")
    start = _read_point(start_text)
    end = _read_point(end_text) if slash and not date.ongoing else start
    return start.latest < first or end.earliest > last


def _listed(names: str) -> tuple[str, ...]:
    return tuple(names.split())


_MONTHS: Final = {
    "fr": _listed(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    ),
    "en": _listed(
        "January February March April May June July August September October November December"
    ),
}
_SHORT_MONTHS: Final = {
    "fr": _listed("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."),
    "en": _listed("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
}
_SEASON_NAMES: Final = {
    "fr": _listed("printemps été automne hiver"),
    "en": _listed("spring summer autumn winter"),
}


def month_wording(year: int, month: int, language: str, *, short: bool = False) -> str:
    """Format a month: 'avril 2025', 'April 2025'."""
    names = _SHORT_MONTHS if short else _MONTHS
    return f"{names[language][month - 1]} {year}"


def day_wording(day: dt.date, language: str, *, short: bool = False) -> str:
    """Format a day: '3 avril 2025', '1er avril 2025', '3 April 2025'."""
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number} {month_wording(day.year, day.month, language, short=short)}"


def wording(date: EdtfDate, language: str, *, short: bool = False) -> str:
    """Format a date in a language ('fr' or 'en'), no more precisely than it is known."""
    start_text, slash, end_text = date.text.partition("/")
    start = _read_point(start_text)
    if not slash:
        return _qualified(_point_wording(start, language, short=short), start, language)
    if end_text == "..":
        since = _qualified(_point_wording(start, language, short=short), start, language)
        return f"depuis {_with_article(since, start)}" if language == "fr" else f"since {since}"
    return _interval_wording(start, _read_point(end_text), language, short=short)


def period_wording(start: EdtfDate | None, end: EdtfDate | None, language: str) -> str:
    """Format a reader's period as part of a sentence: 'in 2025', 'from 2024 to April 2025'.

    Its ends are years, months or days; one of them may be missing.
    """
    if start is not None and start == end:
        return _during(start, language)
    if language == "fr":
        if end is None:
            return f"à partir {_from(start)}" if start else ""
        if start is None:
            day = end.precision == Precision.DAY
            return f"jusqu’{'au' if day else 'en'} {wording(end, language)}"
        to = "au" if end.precision == Precision.DAY else "à"
        return f"{_from(start)} {to} {wording(end, language)}"
    first = f"from {wording(start, language)}" if start else ""
    last = f"{'to' if start else 'until'} {wording(end, language)}" if end else ""
    return f"{first} {last}".strip()


def _during(date: EdtfDate, language: str) -> str:
    on_day, in_period = ("le", "en") if language == "fr" else ("on", "in")
    preposition = on_day if date.precision == Precision.DAY else in_period
    return f"{preposition} {wording(date, language)}"


def _from(date: EdtfDate) -> str:
    """Format the start of a period in French: 'du 3 avril 2025', 'd’avril 2025', 'de 2025'."""
    text = wording(date, "fr")
    if date.precision == Precision.DAY:
        return f"du {text}"
    return f"d’{text}" if text.startswith(("a", "o")) else f"de {text}"


def _with_article(text: str, point: _DatePoint) -> str:
    plain_day = point.precision == Precision.DAY and not (point.uncertain or point.approximate)
    return f"le {text}" if plain_day else text


def _point_wording(point: _DatePoint, language: str, *, short: bool) -> str:
    match point.precision:
        case Precision.DAY:
            return day_wording(point.earliest, language, short=short)
        case Precision.MONTH:
            return month_wording(point.earliest.year, point.earliest.month, language, short=short)
        case Precision.SEASON:
            name = _SEASON_NAMES[language][((point.month or 21) - 21) % 4]
            return f"{name} {int(point.year)} ({_months_of(point, language, short=short)})"
        case Precision.DECADE:
            decade = int(point.year[:3]) * 10
            return f"années {decade}" if language == "fr" else f"{decade}s"
        case Precision.CENTURY:
            first = int(point.year[:2]) * 100
            return (
                f"entre {max(first, 1)} et {first + 99}"
                if language == "fr"
                else f"between {max(first, 1)} and {first + 99}"
            )
        case _:
            return str(int(point.year))


def _months_of(point: _DatePoint, language: str, *, short: bool) -> str:
    """Format the possible months of a season: 'March–May or September–November'.

    The years are given where the months lie in two years.
    """
    names = (_SHORT_MONTHS if short else _MONTHS)[language]
    readings = []
    for first, last in point.readings:
        begins, ends = names[first.month - 1], names[last.month - 1]
        if first.year != last.year:
            begins, ends = f"{begins} {first.year}", f"{ends} {last.year}"
        readings.append(begins if begins == ends else f"{begins}–{ends}")
    return (" ou " if language == "fr" else " or ").join(readings)


def _qualified(text: str, point: _DatePoint, language: str) -> str:
    if point.approximate:
        if language == "fr":
            text = f"vers le {text}" if point.precision == Precision.DAY else f"vers {text}"
        else:
            text = f"about {text}"
    if point.uncertain:
        text = f"{text} (incertain)" if language == "fr" else f"{text} (uncertain)"
    return text


def _interval_wording(start: _DatePoint, end: _DatePoint, language: str, *, short: bool) -> str:
    plain = not any((start.uncertain, start.approximate, end.uncertain, end.approximate))
    first = _qualified(_point_wording(start, language, short=short), start, language)
    last = _qualified(_point_wording(end, language, short=short), end, language)
    if plain and start.precision == end.precision and start.year == end.year:
        if start.precision == Precision.DAY:
            first = _day_without_year(start, language, short=short)
            if start.month == end.month:
                first = "1er" if language == "fr" and start.day == 1 else str(start.day)
        elif start.precision == Precision.MONTH:
            first = first.removesuffix(f" {int(start.year)}")
    days = start.precision == Precision.DAY and end.precision == Precision.DAY
    if language == "fr" and days and plain:
        return f"du {first} au {last}" if not short else f"{first}–{last}"
    compact = (
        plain
        and start.precision == end.precision
        and " " not in first
        and (" " in last or start.precision == Precision.YEAR)
    )
    return f"{first}–{last}" if compact else f"{first} – {last}"


def _day_without_year(point: _DatePoint, language: str, *, short: bool) -> str:
    return day_wording(point.earliest, language, short=short).removesuffix(f" {int(point.year)}")


def machine_readable(date: EdtfDate) -> str:
    """Return the value of an HTML ``datetime`` attribute, empty where HTML has no such value."""
    plain = date.precision in (Precision.DAY, Precision.MONTH, Precision.YEAR)
    return date.text.rstrip("?~%").replace("-XX", "") if plain else ""
