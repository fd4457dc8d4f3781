"""Bins of time in words, and as the parameters of links."""

from functools import lru_cache

from timeline.core import dates
from timeline.pictures.histogram.layout import Bin


@lru_cache(maxsize=4096)
def period(bin: Bin, step: int, language: str) -> str:
    """Write out the period of a bin of ``step`` months, or of a day if that is 0."""
    first, last = ends(bin, step)
    text = first if first == last else f"{first}/{last}"
    return dates.wording(dates.parse(text), language)


@lru_cache(maxsize=1024)
def label(bin: Bin, step: int, language: str) -> str:
    """Write the beginning of a bin in few letters, for the labels of a picture."""
    first = bin.first
    if step == 0:
        return dates.day_wording(first, language, short=True).rpartition(" ")[0]
    if step < 12 and first.month != 1:
        return dates.month_wording(first.year, first.month, language, short=True)
    return f"{first.year:04d}"


@lru_cache(maxsize=4096)
def ends(bin: Bin, step: int) -> tuple[str, str]:
    """Return the values of ``from`` and ``to`` that ask for a bin, as short as possible."""
    size = 10 if step == 0 else 7 if step < 12 else 4
    return bin.first.isoformat()[:size], bin.last.isoformat()[:size]
