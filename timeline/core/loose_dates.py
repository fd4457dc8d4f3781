"""Dates as people type them, with the EDTF dates that they may mean.

The record contains EDTF (:mod:`timeline.core.dates`). This module finds out what somebody means who
types '3 avril 2025', 'April 2025', '03/04/2025' or '2025-4-3', so that a form that refuses it can
say what to write, and a filter can accept it where there is only one reading.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from timeline.core.dates import EdtfError, parse

_HYPHENS: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63"), "-")
_MAX_LENGTH: Final = 64

_NAMES: Final = (
    "janvier janv january jan январь января янв",
    "fevrier fevr fev february feb февраль февраля фев",
    "mars march mar март марта мар",
    "avril avr april apr апрель апреля апр",
    "mai may май мая",
    "juin june jun июнь июня июн",
    "juillet juil july jul июль июля июл",
    "aout august aug август августа авг",
    "septembre sept september sep сентябрь сентября сен сент",
    "octobre oct october октябрь октября окт",
    "novembre nov november ноябрь ноября ноя нояб",
    "decembre dec december декабрь декабря дек",
)
"""Months in French, English and Russian, in full and abbreviated, without accents."""


def _normalize(text: str) -> str:
    """Convert a text to lower case without accents, with ASCII hyphens and single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_HYPHENS))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    bare = re.sub(r"[\u200b-\u200f\u2060\ufeff\u00ad]", "", bare.translate(_HYPHENS))
    tight = re.sub(r"\s*([/-])\s*", r"\1", bare.casefold())
    return " ".join(tight.replace(",", " ").split())


_MONTHS: Final = {
    _normalize(name): number for number, names in enumerate(_NAMES, 1) for name in names.split()
}
_MONTH: Final = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAY: Final = r"(?P<day>[0-9]{1,2})(?:er|st|nd|rd|th|\.)?"
_YEAR: Final = r"(?P<year>[0-9]{4})(?: ?г(?:\.|ода)?)?"
_SEP: Final = "[ -]"

_WORDED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:le |the )?{_DAY}{_SEP}(?:of )?{_MONTH}{_SEP}{_YEAR}",
        rf"{_MONTH}{_SEP}(?:the )?{_DAY}{_SEP}{_YEAR}",
        rf"(?P<year>[0-9]{{4}}){_SEP}{_MONTH}{_SEP}{_DAY}",
        rf"{_MONTH}{_SEP}(?:of )?{_YEAR}",
        rf"(?P<year>[0-9]{{4}}){_SEP}{_MONTH}",
    )
)
_YEAR_FIRST: Final = (
    re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?([?~%]?)"),
    re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})([?~%]?)"),
)
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})([?~%]?)")
_MONTH_YEAR: Final = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})([?~%]?)")
_DAYS: Final = re.compile(
    r"(?:du |from )?(?P<first>[0-9]{1,2})(?:er|st|nd|rd|th)?(?:-| au | to )(?P<rest>.+)"
)


def readings(text: str) -> tuple[str, ...]:
    """Return the EDTF dates that a text may mean, the day-first reading before the month-first one.

    There is one where the meaning is clear, two where day and month may be swapped, none where the
    text cannot be read. An accepted date means itself.
    """
    if len(text) > _MAX_LENGTH:
        return ()
    plain = _normalize(text)
    dates = dict.fromkeys(date for date in _read(plain) if _exists(date))
    if not dates and "/" in plain:
        dates = dict.fromkeys(date for date in _intervals(plain) if _exists(date))
    return tuple(dates)


def _read(plain: str) -> Iterator[str]:
    joined = re.sub(r" ([?~%])$", r"\1", plain).upper() if plain.isascii() else plain
    if _exists(joined):
        yield joined
        return
    for pattern in _YEAR_FIRST:
        if match := pattern.fullmatch(plain):
            year, _separator, month, day, mark = match.groups()
            yield _edtf(year, month, day) + mark
            return
    if match := _YEAR_LAST.fullmatch(plain):
        first, _separator, second, year, mark = match.groups()
        yield _edtf(year, second, first) + mark
        yield _edtf(year, first, second) + mark
    elif match := _MONTH_YEAR.fullmatch(plain):
        month, year, mark = match.groups()
        yield _edtf(year, month) + mark
    else:
        yield from _read_worded(plain)


def _read_worded(plain: str) -> Iterator[str]:
    for pattern in _WORDED:
        if match := pattern.fullmatch(plain):
            parts = match.groupdict()
            yield _edtf(parts["year"], str(_MONTHS[parts["month"]]), parts.get("day"))
            return
    if match := _DAYS.fullmatch(plain):
        for last in _read_worded(match["rest"]):
            if len(last) == 10:
                yield f"{last[:8]}{int(match['first']):02d}/{last}"


def _intervals(plain: str) -> Iterator[str]:
    """Yield the interval of two dates if each of them has only one reading."""
    start, _slash, end = plain.partition("/")
    starts, ends = ([date for date in _read(text) if _exists(date)] for text in (start, end))
    if end == "..":
        ends = [".."]
    if len(starts) == 1 and len(ends) == 1:
        yield f"{starts[0]}/{ends[0]}"


def _edtf(year: str, month: str, day: str | None = None) -> str:
    parts = [year, f"{int(month):02d}", *([f"{int(day):02d}"] if day else [])]
    return "-".join(parts)


def _exists(date: str) -> bool:
    try:
        parse(date)
    except EdtfError:
        return False
    return True
