"""Scales of days, and what else the layouts of several pictures share."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, NamedTuple

_DAYS: Final = (1, 2, 7, 14)
_MONTHS: Final = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000, 60000)


class Tick(NamedTuple):
    """A labelled position on a scale."""

    x: float
    label: str


class RoundDays(NamedTuple):
    """Days that begin round periods of ``step`` months each, or of some days if that is 0."""

    step: int
    days: tuple[dt.date, ...]


class Rectangle(NamedTuple):
    """A rectangle by its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class DayScale:
    """Maps days to positions between ``left`` and ``right``; days outside to the nearer end."""

    first: dt.date
    last: dt.date
    left: float
    right: float

    def x(self, day: dt.date) -> float:
        """Return the position of a day."""
        days = max((self.last - self.first).days, 1)
        share = min(max((day - self.first).days / days, 0.0), 1.0)
        return round(self.left + share * (self.right - self.left), 1)

    def years(self, at_most: int) -> list[Tick]:
        """Return ticks at the first days of round years, no more than ``at_most``."""
        first, last = self.first.year, self.last.year
        step = next(
            size
            for power in range(5)
            for size in (10**power, 2 * 10**power, 5 * 10**power)
            if (last - first) // size + 1 <= at_most
        )
        start = -(-first // step) * step
        days = (dt.date(year, 1, 1) for year in range(max(start, 1), last + 1, step))
        return [Tick(self.x(day), str(day.year)) for day in days if day >= self.first]

    def round_days(self, at_most: int) -> RoundDays:
        """Return the first days of round periods, no more than ``at_most``.

        The periods are days, weeks, months, quarters, years or many years: the shortest of which
        few enough begin on the scale.
        """
        first, last = self.first.toordinal(), self.last.toordinal()
        for step in _DAYS:
            # Day 1 of the calendar was a Monday, so weeks begin on Mondays.
            ordinals = range(first + (1 - first) % step, last + 1, step)
            if len(ordinals) <= at_most:
                return RoundDays(0, tuple(dt.date.fromordinal(day) for day in ordinals))
        begin, end = (day.year * 12 + day.month - 1 for day in (self.first, self.last))
        begin += self.first.day > 1
        for step in _MONTHS:
            numbers = range(max(-(-begin // step) * step, 12), end + 1, step)
            if len(numbers) <= at_most:
                break
        return RoundDays(step, tuple(dt.date(month // 12, month % 12 + 1, 1) for month in numbers))


def text_width(text: str, size: float = 12) -> float:
    """Estimate the width of a text at a font size; rather too wide than too narrow."""
    return len(text) * size * 0.58
