"""Dates as people type them, read as the EDTF dates that they may mean.

What the record holds is EDTF (:mod:`timeline.core.dates`). Here is what is meant where somebody
typed '3 avril 2025', 'April 2025', '03/04/2025' or '2025-4-3': a form that refuses it can say what
to write, and a filter can read it where only one reading is possible.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from timeline.core.dates import EdtfError, parse

_HYPHENS: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63"), "-")
_LONGEST: Final = 64

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
"""Months in French, English and Russian, whole and shortened, without accents."""


def _plain(text: str) -> str:
    """A text in small letters, its accents gone, with plain hyphens and single blanks."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_HYPHENS))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    bare = re.sub(r"[\u200b-\u200f\u2060\ufeff\u00ad]", "", bare.translate(_HYPHENS))
    tight = re.sub(r"\s*([/-])\s*", r"\1", bare.casefold())
    return " ".join(tight.replace(",", " ").split())


_MONTHS: Final = {
    _plain(name): number for number, names in enumerate(_NAMES, 1) for name in names.split()
}
_MONTH: Final = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAY: Final = r"(?P<day>[0-9]{1,2})(?:er|st|nd|rd|th|\.)?"
_YEAR: Final = r"(?P<year>[0-9]{4})(?: ?г(?:\.|ода)?)?"
_SEP: Final = "[ -]"

_WORDED: Final = tuple(
    re.compile(form)
    for form in (
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
    """The EDTF dates that a text may mean, in the order of day and month first.

    One where its meaning is plain, two where day and month can be told either way, none where it
    cannot be read. An accepted date means itself.
    """
    if len(text) > _LONGEST:
        return ()
    plain = _plain(text)
    found = dict.fromkeys(date for date in _read(plain) if _exists(date))
    if not found and "/" in plain:
        found = dict.fromkeys(date for date in _intervals(plain) if _exists(date))
    return tuple(found)


def _read(plain: str) -> Iterator[str]:
    joined = re.sub(r" ([?~%])$", r"\1", plain).upper() if plain.isascii() else plain
    if _exists(joined):
        yield joined
        return
    for form in _YEAR_FIRST:
        if matched := form.fullmatch(plain):
            year, _between, month, day, mark = matched.groups()
            yield _written(year, month, day) + mark
            return
    if matched := _YEAR_LAST.fullmatch(plain):
        first, _between, second, year, mark = matched.groups()
        yield _written(year, second, first) + mark
        yield _written(year, first, second) + mark
    elif matched := _MONTH_YEAR.fullmatch(plain):
        month, year, mark = matched.groups()
        yield _written(year, month) + mark
    else:
        yield from _worded(plain)


def _worded(plain: str) -> Iterator[str]:
    for form in _WORDED:
        if matched := form.fullmatch(plain):
            said = matched.groupdict()
            yield _written(said["year"], str(_MONTHS[said["month"]]), said.get("day"))
            return
    if matched := _DAYS.fullmatch(plain):
        for last in _worded(matched["rest"]):
            if len(last) == 10:
                yield f"{last[:8]}{int(matched['first']):02d}/{last}"


def _intervals(plain: str) -> Iterator[str]:
    """Intervals of two dates of which each can be read in one way only."""
    start, _slash, end = plain.partition("/")
    starts, ends = ([date for date in _read(one) if _exists(date)] for one in (start, end))
    if end == "..":
        ends = [".."]
    if len(starts) == 1 and len(ends) == 1:
        yield f"{starts[0]}/{ends[0]}"


def _written(year: str, month: str, day: str | None = None) -> str:
    parts = [year, f"{int(month):02d}", *([f"{int(day):02d}"] if day else [])]
    return "-".join(parts)


def _exists(date: str) -> bool:
    try:
        parse(date)
    except EdtfError:
        return False
    return True
