"""Bins of time in words, and as the period that a link asks for."""

from functools import lru_cache

from timeline.core import dates
from timeline.pictures.histogram.layout import Bin


@lru_cache(maxsize=4096)
def said(one: Bin, step: int, language: str) -> str:
    """Say a bin of so many months, or of a day where that is 0."""
    first, last = ends(one, step)
    text = first if first == last else f"{first}/{last}"
    return dates.wording(dates.parse(text), language)


@lru_cache(maxsize=1024)
def named(one: Bin, step: int, language: str) -> str:
    """Say in few letters when a bin begins, for the foot of a picture."""
    first = one.first
    if step == 0:
        return dates.day_wording(first, language, short=True).rpartition(" ")[0]
    if step < 12 and first.month != 1:
        return dates.month_wording(first.year, first.month, language, short=True)
    return f"{first.year:04d}"


@lru_cache(maxsize=4096)
def ends(one: Bin, step: int) -> tuple[str, str]:
    """The values of ``from`` and ``to`` that ask for a bin, as short as they can be."""
    size = 10 if step == 0 else 7 if step < 12 else 4
    return one.first.isoformat()[:size], one.last.isoformat()[:size]
