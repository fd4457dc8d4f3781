"""Dates as precise as their sources: EDTF (ISO 8601-2:2019) levels 0 and 1 as one value.

Of level 2 the seasons of a hemisphere are accepted (25–28 northern, 29–32 southern), and nothing
else. The PyPI package ``edtf`` reads each end of a date and gives its strict bounds. It accepts
more than the record does (level 2, reversed intervals, years outside 0001–9999), so the grammar is
checked here first and the interval after.
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
"""The latest day of a date whose end is open; such a date is also flagged ``ongoing``."""

ACCEPTED: Final = (
    "2025-04-03, 2025-04, 2025, 2025-04-03/2025-04-04, 2025-04-03/.., 2025-04-03?, 2025-04~, "
    "198X, 2025-21, 2025-25"
)

MAX_LENGTH: Final = 64

HEADINGS_A_YEAR: Final = 13
"""The year itself, for dates less precise than a month, and its twelve months."""


class EdtfError(ValueError):
    """A text that is not an accepted date.

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
    """Where a date stands on the timeline: under a month, or under a year when less is known."""

    year: int
    month: int | None

    @property
    def order(self) -> int:
        """Where the heading itself stands: a year comes before its months."""
        return self.year * HEADINGS_A_YEAR + (self.month or 0)


class _End(NamedTuple):
    """One end of a date, or the whole of a simple one."""

    year: str
    month: int | None
    day: int | None
    precision: Precision
    uncertain: bool
    approximate: bool
    readings: tuple[tuple[dt.date, dt.date], ...]
    """First and last day; of a season without a hemisphere the northern ones, then the southern."""

    @property
    def earliest(self) -> dt.date:
        return min(first for first, _last in self.readings)

    @property
    def latest(self) -> dt.date:
        return max(last for _first, last in self.readings)


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """A date as typed, with the first and last day that it may mean.

    ``uncertain`` and ``approximate`` say that ``?`` or ``~`` stands anywhere in it (``%`` is
    both); ``ongoing`` that its end is open, in which case ``latest`` is 9999-12-31;
    ``either_half`` that one of its ends is a season of one half of the year or the other, as its
    hemisphere is not given.
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
        """Whether it is neither uncertain nor approximate, nor a season of unknown hemisphere."""
        return not (self.uncertain or self.approximate or self.either_half)

    def touches(self, first: dt.date, last: dt.date) -> bool:
        """Whether some day of it may lie in a period; both ends of the period are included."""
        return self.earliest <= last and self.latest >= first

    def surely_within(self, first: dt.date, last: dt.date) -> bool:
        """Whether every day that it may mean lies in a period, and it is sure."""
        return self.sure and self.earliest >= first and self.latest <= last


_YEAR = r"(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)"
_POINT: Final = re.compile(
    _YEAR + r"(-(?P<month>[0-9]{2}|XX)(-(?P<day>[0-9]{2}|XX))?)?(?P<mark>[?~%])?",
    re.ASCII,
)
_QUARTERS: Final = {
    **{21: (3, 9), 22: (6, 12), 23: (9, 3), 24: (12, 6)},
    **{25: (3,), 26: (6,), 27: (9,), 28: (12,)},
    **{29: (9,), 30: (12,), 31: (3,), 32: (6,)},
}
"""First months of the seasons, by the codes of ISO 8601-2: spring, summer, autumn and winter of
either hemisphere (the northern reading first), of the northern one, and of the southern one.

The standard leaves the days to its users. A season here is three whole months of the
meteorological year (WMO-No. 100, Guide to Climatological Practices); one that begins in December
has the year of its December and ends in February of the next."""


def _season(year: int, first_month: int) -> tuple[dt.date, dt.date]:
    """First and last day of a season; what lies after 9999 is cut off."""
    ahead, last_month = divmod(first_month + 1, 12)
    last_year, last_month = (year + ahead, last_month + 1) if year + ahead < 10000 else (9999, 12)
    last_day = calendar.monthrange(last_year, last_month)[1]
    return dt.date(year, first_month, 1), dt.date(last_year, last_month, last_day)


@lru_cache(maxsize=65536)
def parse(text: str) -> EdtfDate:
    """Read an EDTF date of level 0 or 1; raise EdtfError for anything else.

    An interval is reversed when its start can only lie after its end.
    """
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


def _reversed(start: _End, end: _End) -> bool:
    """Whether a start can only lie after an end; both are read in the same hemisphere."""
    readings = max(len(start.readings), len(end.readings))
    return all(
        start.readings[n % len(start.readings)][0] > end.readings[n % len(end.readings)][1]
        for n in range(readings)
    )


@lru_cache(maxsize=65536)
def _read_point(text: str) -> _End:
    matched = _POINT.fullmatch(text)
    if matched is None:
        raise EdtfError(_reason(text), text)
    year, month, day = matched["year"], matched["month"], matched["day"]
    if year == "0000":
        raise EdtfError("year_range", text)
    if "X" in year and month is not None:
        raise EdtfError("level_2", text)
    if month == "XX" and day not in (None, "XX"):
        raise EdtfError("level_2", text)
    number = int(month) if month and month != "XX" else None
    if number is not None and day is None and 33 <= number <= 41:
        raise EdtfError("level_2", text)
    if number is not None and not (1 <= number <= 12 or (number in _QUARTERS and day is None)):
        raise EdtfError("unreadable", text)
    return _End(
        year,
        number,
        int(day) if day and day != "XX" else None,
        _precision(year, number, day),
        (matched["mark"] or "") in ("?", "%"),
        (matched["mark"] or "") in ("~", "%"),
        _readings(text, year, number),
    )


def _precision(year: str, month: int | None, day: str | None) -> Precision:
    if year.endswith("XX"):
        return Precision.CENTURY
    if year.endswith("X"):
        return Precision.DECADE
    if month is None:
        return Precision.YEAR
    if month in _QUARTERS:
        return Precision.SEASON
    return Precision.DAY if day and day != "XX" else Precision.MONTH


def _readings(text: str, year: str, month: int | None) -> tuple[tuple[dt.date, dt.date], ...]:
    if month in _QUARTERS:
        return tuple(_season(int(year), first) for first in _QUARTERS[month])
    return (_strict_bounds(text),)


def _strict_bounds(text: str) -> tuple[dt.date, dt.date]:
    if plain := _plain_bounds(text):
        return plain
    try:
        read = parse_edtf(text)
        low, high = read.lower_strict(), read.upper_strict()
        return dt.date(max(low.tm_year, 1), low.tm_mon, low.tm_mday), dt.date(*high[:3])
    except (EDTFParseException, ValueError) as error:  # a doubtful day is not looked up
        raise EdtfError("no_such_day", text) from error


def _plain_bounds(text: str) -> tuple[dt.date, dt.date] | None:
    """The days of a year, month or day, which need no grammar; None for any other text.

    The package takes milliseconds for each, and a large record has tens of thousands. A mark of
    doubt changes nothing of the days that the text names.
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


def _reason(text: str) -> str:
    """Name what kind of unaccepted form a text is."""
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
    """Say where a date stands: under the month of its first day, or under its year alone.

    Of an interval, the start decides. Dates less precise than a month stand under their year.
    """
    start = _read_point(date.text.partition("/")[0])
    to_the_month = start.precision in (Precision.DAY, Precision.MONTH)
    return Heading(date.earliest.year, date.earliest.month if to_the_month else None)


def spread(date: EdtfDate) -> tuple[str, str]:
    """The months or years that lead back to where a date stands, as the ends of a period.

    Of a decade or a century they are its first and last year, or else the same one twice. A date
    is among what the period touches, and is named by it no more precisely than it is known.
    """
    year, month = heading(date)
    if month is not None:
        return (f"{year:04d}-{month:02d}",) * 2
    start = _read_point(date.text.partition("/")[0])
    wide = start.precision in (Precision.DECADE, Precision.CENTURY)
    return f"{year:04d}", f"{start.latest.year if wide else year:04d}"


def known_to_the_day(date: EdtfDate) -> bool:
    """Whether each end that a date gives names its day."""
    ends = (end for end in date.text.split("/") if end != "..")
    return all(_read_point(end).precision == Precision.DAY for end in ends)


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
    """Say a month: 'avril 2025', 'April 2025'."""
    names = _SHORT_MONTHS if short else _MONTHS
    return f"{names[language][month - 1]} {year}"


def day_wording(day: dt.date, language: str, *, short: bool = False) -> str:
    """Say a day: '3 avril 2025', '1er avril 2025', '3 April 2025'."""
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number} {month_wording(day.year, day.month, language, short=short)}"


def wording(date: EdtfDate, language: str, *, short: bool = False) -> str:
    """Say a date in the reader's language ('fr' or 'en') and no more precisely than it is known."""
    start_text, slash, end_text = date.text.partition("/")
    start = _read_point(start_text)
    if not slash:
        return _qualified(_point_wording(start, language, short=short), start, language)
    if end_text == "..":
        said = _qualified(_point_wording(start, language, short=short), start, language)
        return f"depuis {_with_article(said, start)}" if language == "fr" else f"since {said}"
    return _interval_wording(start, _read_point(end_text), language, short=short)


def period_wording(start: EdtfDate | None, end: EdtfDate | None, language: str) -> str:
    """Say a reader's period as a part of a sentence: 'in 2025', 'from 2024 to April 2025'.

    Its ends are years, months or days, and one of them may be missing.
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
    of_day, of_longer = ("le", "en") if language == "fr" else ("on", "in")
    said = of_day if date.precision == Precision.DAY else of_longer
    return f"{said} {wording(date, language)}"


def _from(date: EdtfDate) -> str:
    """Say in French from when: 'du 3 avril 2025', 'd’avril 2025', 'de 2025'."""
    said = wording(date, "fr")
    if date.precision == Precision.DAY:
        return f"du {said}"
    return f"d’{said}" if said.startswith(("a", "o")) else f"de {said}"


def _with_article(said: str, point: _End) -> str:
    plain_day = point.precision == Precision.DAY and not (point.uncertain or point.approximate)
    return f"le {said}" if plain_day else said


def _point_wording(point: _End, language: str, *, short: bool) -> str:
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


def _months_of(point: _End, language: str, *, short: bool) -> str:
    """Say the months that a season may be: 'March–May or September–November'.

    The year stands beside those that lie in two years.
    """
    names = (_SHORT_MONTHS if short else _MONTHS)[language]
    said = []
    for first, last in point.readings:
        begins, ends = names[first.month - 1], names[last.month - 1]
        if first.year != last.year:
            begins, ends = f"{begins} {first.year}", f"{ends} {last.year}"
        said.append(begins if begins == ends else f"{begins}–{ends}")
    return (" ou " if language == "fr" else " or ").join(said)


def _qualified(said: str, point: _End, language: str) -> str:
    if point.approximate:
        if language == "fr":
            said = f"vers le {said}" if point.precision == Precision.DAY else f"vers {said}"
        else:
            said = f"about {said}"
    if point.uncertain:
        said = f"{said} (incertain)" if language == "fr" else f"{said} (uncertain)"
    return said


def _interval_wording(start: _End, end: _End, language: str, *, short: bool) -> str:
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


def _day_without_year(point: _End, language: str, *, short: bool) -> str:
    return day_wording(point.earliest, language, short=short).removesuffix(f" {int(point.year)}")


def machine_readable(date: EdtfDate) -> str:
    """The value of an HTML ``datetime`` attribute; empty where HTML has no form for the date."""
    plain = date.precision in (Precision.DAY, Precision.MONTH, Precision.YEAR)
    return date.text.rstrip("?~%").replace("-XX", "") if plain else ""
