"""How many events each period touches: bars over the whole of a record's time.

Time is cut into bins of one length, a day, a month, a quarter, a year or some years, so that there
are no more than 120 of them and, where time allows, no fewer than 24.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

MOST: Final = 120
LEAST: Final = 24

_STEPS: Final = (0, 1, 3, 12, 24, 60, 120, 240, 600, 1200)
"""Lengths of a bin in months; 0 is a day."""

_FIRST: Final = 12
_LAST: Final = 9999 * 12 + 11
"""The first and last month that a day can be in, counted from the year 0."""

TALL: Final = 64.0
"""Height of the highest bar."""

HEAD: Final = 4.0
"""Room above the highest bar."""

_SEEN: Final = 3.0
"""Height below which no bar shrinks."""

_LABELS: Final = 5
"""Labels along the foot of the picture, at the most: so many fit on a phone."""


class Bin(NamedTuple):
    """A stretch of time: its first and last day."""

    first: dt.date
    last: dt.date


class Label(NamedTuple):
    """Where a bin begins that is named at the foot of the picture, in per cent."""

    x: float
    bin: Bin


@dataclass(frozen=True)
class Bins:
    """Time cut into bins of ``step`` months each, or of days where it is 0."""

    step: int
    bins: tuple[Bin, ...]

    @property
    def width(self) -> float:
        """How wide a bin is, in per cent."""
        return 100 / len(self.bins)

    @cached_property
    def lefts(self) -> tuple[float, ...]:
        """Where the bar of each bin begins, in per cent."""
        width = self.width
        return tuple(round(number * width + width * 0.1, 2) for number in range(len(self.bins)))

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """Bins that begin something larger, evenly chosen."""
        larger = {0: 1, 1: 12, 3: 12}.get(self.step, self.step * 5)
        numbers = [
            number
            for number, one in enumerate(self.bins)
            if (one.first.day == 1 or self.step)
            and (one.first.year * 12 + one.first.month - 1) % larger == 0
        ]
        if len(numbers) < 2:
            numbers = list(range(0, len(self.bins), max(len(self.bins) // _LABELS, 1)))
        every = -(-len(numbers) // _LABELS)
        width = self.width
        return tuple(
            Label(round(number * width, 2), self.bins[number]) for number in numbers[::every]
        )

    @property
    def edges(self) -> list[int]:
        """The ordinal of the first day of each bin, and of the day after the last."""
        return [
            *(one.first.toordinal() for one in self.bins),
            self.bins[-1].last.toordinal() + 1,
        ]


@lru_cache(maxsize=64)
def cut(first: dt.date, last: dt.date) -> Bins:
    """Cut the time between two days, both included, into bins; few are joined by empty ones."""
    for step in _STEPS:
        begin, end = _number(first, step), _number(last, step)
        if end - begin < MOST:
            break
    lack = max(LEAST - (end - begin + 1), 0)
    least, most = _number(dt.date.min, step), _number(dt.date.max, step)
    begin = max(begin - lack // 2, least)
    end = min(max(begin + LEAST - 1, end), most)
    begin = max(min(begin, end - LEAST + 1), least)
    return Bins(step, tuple(_bin(number, step) for number in range(begin, end + 1)))


def _number(day: dt.date, step: int) -> int:
    return (day.year * 12 + day.month - 1) // step if step else day.toordinal()


def _bin(number: int, step: int) -> Bin:
    if not step:
        day = dt.date.fromordinal(number)
        return Bin(day, day)
    begin, after = max(number * step, _FIRST), (number + 1) * step
    first = dt.date(begin // 12, begin % 12 + 1, 1)
    if after > _LAST:
        return Bin(first, dt.date.max)
    return Bin(first, dt.date(after // 12, after % 12 + 1, 1) - dt.timedelta(days=1))


class Part(NamedTuple):
    """A part of a bar from the bottom up: what it stands for, how many, and where it lies."""

    name: str
    number: int
    y: float
    height: float


class Bar(NamedTuple):
    """A bin that some event touches; ``x`` and ``width`` are in per cent.

    ``place`` is the bin's own among all of them, from 0.
    """

    place: int
    number: int
    x: float
    width: float
    y: float
    height: float
    parts: tuple[Part, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    """The picture: bars, names of some bins, and the period that is chosen, if one is."""

    step: int
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    shade: tuple[float, float] | None


def draw(
    bins: Bins,
    counts: Sequence[int],
    parts: Mapping[str, Sequence[int]],
    chosen: tuple[dt.date, dt.date] | None,
) -> Histogram:
    """Draw bars; ``parts`` are counts by bin of what each bar is made of, the lowest first.

    An event may be of several parts; a bar stays as high as its count says, and its parts share
    that height.
    """
    width, most = round(bins.width * 0.8, 2), max(counts, default=0)
    bars = []
    for place, (one, x, count) in enumerate(zip(bins.bins, bins.lefts, counts, strict=True)):
        if not count:
            continue
        height = max(TALL * count / most, _SEEN)
        told = [(name, of[place]) for name, of in parts.items() if of[place]] if parts else ()
        bars.append(
            Bar(
                place,
                count,
                x,
                width,
                round(HEAD + TALL - height, 1),
                round(height, 1),
                _stacked(told, height) if told else (),
                chosen is None or (chosen[0] <= one.last and one.first <= chosen[1]),
            )
        )
    return Histogram(bins.step, tuple(bars), bins.labels, _shade(bins, chosen))


def _stacked(told: Sequence[tuple[str, int]], height: float) -> tuple[Part, ...]:
    whole = sum(count for _name, count in told)
    parts, foot = [], HEAD + TALL
    for name, count in told:
        high = height * count / whole
        foot -= high
        parts.append(Part(name, count, round(foot, 1), round(high, 1)))
    return tuple(parts)


def _shade(bins: Bins, chosen: tuple[dt.date, dt.date] | None) -> tuple[float, float] | None:
    """From where to where the chosen period reaches, in per cent; whole bins."""
    if chosen is None:
        return None
    touched = [
        number
        for number, one in enumerate(bins.bins)
        if one.first <= chosen[1] and chosen[0] <= one.last
    ]
    if not touched:
        return None
    return round(touched[0] * bins.width, 2), round(len(touched) * bins.width, 2)
