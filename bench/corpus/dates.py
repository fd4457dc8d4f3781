"""The dates of a synthetic corpus: more in late years, and as precise as those of sources."""

import datetime as dt
from bisect import bisect
from typing import Final

import numpy as np

from bench.corpus.text import Draw, cumulated
from bench.corpus.world import FIRST_YEAR, LAST_YEAR

_START: Final = dt.date(FIRST_YEAR, 1, 1)
_END: Final = dt.date(LAST_YEAR, 12, 31)
_LATE_OVER_EARLY: Final = 4
_MARKS: Final = ("?", "~", "%")
_FORMS: Final = ("day", "days", "ongoing", "month", "season", "year", "marked", "decade")
_SHARES: Final = (0.81, 0.849, 0.85, 0.94, 0.95, 0.985, 0.995)
"""Cumulated: five in six are known to the day, one in ten to the month or the season."""


class Calendar:
    """Draws the dates of a corpus."""

    def __init__(self) -> None:
        days = (_END - _START).days + 1
        self._days = [(_START + dt.timedelta(days=number)).isoformat() for number in range(days)]
        self._weights = cumulated(np.linspace(1, _LATE_OVER_EARLY, days))

    def dates(self, draw: Draw, count: int) -> list[str]:
        """Draw so many dates, as EDTF texts."""
        days = draw.ranked(self._weights, count).tolist()
        forms, more = draw.uniform(2, count).tolist()
        return [self._worded(*drawn) for drawn in zip(days, forms, more, strict=True)]

    def _worded(self, number: int, share: float, more: float) -> str:
        day, form = self._days[number], _FORMS[bisect(_SHARES, share)]
        if form == "day":
            return day
        if form == "days":
            last = min(number + 1 + int(more * 6), len(self._days) - 1)
            return f"{day}/{self._days[last]}" if last > number else day
        if form == "season":
            return f"{day[:4]}-{21 + (int(day[5:7]) + 9) % 12 // 3}"
        texts = {
            "ongoing": f"{day}/..",
            "month": day[:7],
            "year": day[:4],
            "marked": f"{day[:4]}{_MARKS[int(more * 3)]}",
            "decade": f"{day[:3]}X",
        }
        return texts[form]
