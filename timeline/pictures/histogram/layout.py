"""The layout of the histogram: time cut into bins, and a bar for each.

All bins have the same length, a day, a month, a quarter, a year or some years, so that there are no
more than 120 of them and, where the calendar allows it, no fewer than 24.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

MAX_BINS: Final = 120
MIN_BINS: Final = 24

_STEPS: Final = (0, 1, 3, 12, 24, 60, 120, 240, 600, 1200)
"""Lengths of a bin in months; 0 is a day."""

_FIRST_MONTH: Final = 12
_LAST_MONTH: Final = 9999 * 12 + 11
"""The first and last month that a day can be in, counted from the year 0."""

BAR_HEIGHT: Final = 64.0
"""The height of the highest bar."""

TOP: Final = 4.0
"""The space above the highest bar."""

_MIN_HEIGHT: Final = 3.0
"""The minimum height of a bar, so that none is invisible."""

_MAX_LABELS: Final = 5
"""The maximum number of labels below the picture: so many fit on a phone."""


class Bin(NamedTuple):
    """A period of time: its first and last day."""

    first: dt.date
    last: dt.date


class BinLabel(NamedTuple):
    """The position of a label below the picture, in per cent, and the bin that begins there."""

    x: float
    bin: Bin


@dataclass(frozen=True)
class TimeBins:
    """Time cut into bins of ``step`` months each, or of days if that is 0."""

    step: int
    bins: tuple[Bin, ...]

    @property
    def width(self) -> float:
        """The width of a bin in per cent."""
        return 100 / len(self.bins)

    @cached_property
    def lefts(self) -> tuple[float, ...]:
        """The left end of each bin's bar in per cent."""
        width = self.width
        return tuple(round(index * width + width * 0.1, 2) for index in range(len(self.bins)))

    @cached_property
    def labels(self) -> tuple[BinLabel, ...]:
        """Labels of bins with which a larger unit begins, at even distances."""
        unit = {0: 1, 1: 12, 3: 12}.get(self.step, self.step * 5)
        indexes = [
            index
            for index, bin in enumerate(self.bins)
            if (bin.first.day == 1 or self.step)
            and (bin.first.year * 12 + bin.first.month - 1) % unit == 0
        ]
        if len(indexes) < 2:
            indexes = list(range(0, len(self.bins), max(len(self.bins) // _MAX_LABELS, 1)))
        stride = -(-len(indexes) // _MAX_LABELS)
        width = self.width
        return tuple(
            BinLabel(round(index * width, 2), self.bins[index]) for index in indexes[::stride]
        )


@lru_cache(maxsize=64)
def cut(first: dt.date, last: dt.date) -> TimeBins:
    """Cut the time between two days, both included, into bins; add empty ones where too few."""
    for step in _STEPS:
        begin, end = _number(first, step), _number(last, step)
        if end - begin < MAX_BINS:
            break
    missing = max(MIN_BINS - (end - begin + 1), 0)
    smallest, largest = _number(dt.date.min, step), _number(dt.date.max, step)
    begin = max(begin - missing // 2, smallest)
    end = min(max(begin + MIN_BINS - 1, end), largest)
    begin = max(min(begin, end - MIN_BINS + 1), smallest)
    return TimeBins(step, tuple(_bin(number, step) for number in range(begin, end + 1)))


def _number(day: dt.date, step: int) -> int:
    return (day.year * 12 + day.month - 1) // step if step else day.toordinal()


def _bin(number: int, step: int) -> Bin:
    if not step:
        day = dt.date.fromordinal(number)
        return Bin(day, day)
    begin, after = max(number * step, _FIRST_MONTH), (number + 1) * step
    first = dt.date(begin // 12, begin % 12 + 1, 1)
    if after > _LAST_MONTH:
        return Bin(first, dt.date.max)
    return Bin(first, dt.date(after // 12, after % 12 + 1, 1) - dt.timedelta(days=1))


class BarPart(NamedTuple):
    """A part of a stacked bar, which stands for a sector ('' for the others)."""

    name: str
    number: int
    y: float
    height: float


class HistogramBar(NamedTuple):
    """The bar of a bin; ``x`` and ``width`` are in per cent.

    ``parts`` are in order from the bottom up. ``chosen`` says that the bin touches the question's
    period, as all do if it has none.
    """

    bin_index: int
    number: int
    x: float
    width: float
    y: float
    height: float
    parts: tuple[BarPart, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    """The picture; ``shade`` is the left end and the width of the chosen period, if any."""

    step: int
    bars: tuple[HistogramBar, ...]
    labels: tuple[BinLabel, ...]
    shade: tuple[float, float] | None


def draw(
    bins: TimeBins,
    counts: Sequence[int],
    parts: Mapping[str, Sequence[int]],
    chosen: tuple[dt.date, dt.date] | None,
) -> Histogram:
    """Lay out the bars of bins that have events.

    ``parts`` are counts of each bin by name, the lowest part first. An event may be in several
    parts: the height of a bar depends on its count alone, and its parts share that height.
    """
    width, largest = round(bins.width * 0.8, 2), max(counts, default=0)
    bars = []
    for index, (bin, x, count) in enumerate(zip(bins.bins, bins.lefts, counts, strict=True)):
        if not count:
            continue
        height = max(BAR_HEIGHT * count / largest, _MIN_HEIGHT)
        part_counts = [(name, values[index]) for name, values in parts.items() if values[index]]
        bars.append(
            HistogramBar(
                index,
                count,
                x,
                width,
                round(TOP + BAR_HEIGHT - height, 1),
                round(height, 1),
                _stacked(part_counts, height),
                chosen is None or (chosen[0] <= bin.last and bin.first <= chosen[1]),
            )
        )
    return Histogram(bins.step, tuple(bars), bins.labels, _shade(bins, chosen))


def _stacked(part_counts: Sequence[tuple[str, int]], height: float) -> tuple[BarPart, ...]:
    total = sum(count for _name, count in part_counts)
    parts, y = [], TOP + BAR_HEIGHT
    for name, count in part_counts:
        part_height = height * count / total
        y -= part_height
        parts.append(BarPart(name, count, round(y, 1), round(part_height, 1)))
    return tuple(parts)


def _shade(bins: TimeBins, chosen: tuple[dt.date, dt.date] | None) -> tuple[float, float] | None:
    """Return the left end and the width of the bins that a period touches, in per cent."""
    if chosen is None:
        return None
    touched = [
        index
        for index, bin in enumerate(bins.bins)
        if bin.first <= chosen[1] and chosen[0] <= bin.last
    ]
    if not touched:
        return None
    return round(touched[0] * bins.width, 2), round(len(touched) * bins.width, 2)
