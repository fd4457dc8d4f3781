"""A segment of the index: events in the order of time, with the filter values of each.

Events are numbered by (heading, earliest day, latest day descending, key), so that the events under
one heading, which is a month or a year alone, are a range of numbers. The events of a period are a
range as well, except for the few that are sorted before their earliest day because their dates,
such as seasons, are less precise than a month.

A segment keeps a roaring bitmap (https://roaringbitmap.org) of event numbers for each value of each
filter, and the values of each event, one event after another. Large sets of events are counted by
intersecting bitmaps, small ones by a scan of their events.
"""

import datetime as dt
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from timeline.core.dates import HEADINGS_A_YEAR

Array = npt.NDArray[Any]
FilterValue = tuple[str, int | str]
"""A value of a filter: its group, and the key of a record or a code."""

SCAN_LIMIT: Final = 20_000
"""Largest number of events that are counted by a scan; more are counted by intersections."""

_CACHED_ROWS: Final = 2048

EventSortKey = tuple[int, int, int, int]
"""What events are sorted by: order of the heading, earliest day, latest day negated, key."""


def to_bitmap(numbers: Array) -> BitMap:
    """Return the bitmap of an array of numbers in any order."""
    buffer = array("I")
    buffer.frombytes(np.ascontiguousarray(numbers, dtype=np.uint32).tobytes())
    return BitMap(buffer)


def to_array(bitmap: BitMap) -> Array:
    """Return the numbers in a bitmap in ascending order."""
    return np.frombuffer(bitmap.to_array(), dtype=np.uint32)


def inverse_permutation(order: Array) -> Array:
    """Return the new position of each item when items are put in ``order``."""
    positions = np.empty(len(order), dtype=np.uint32)
    positions[order] = np.arange(len(order), dtype=np.uint32)
    return positions


class KeyLookup:
    """Finds the numbers of events by their keys."""

    def __init__(self, keys: Array) -> None:
        self._order = np.argsort(keys, kind="stable").astype(np.uint32)
        self._sorted_keys = keys[self._order]

    def __call__(self, keys: Array) -> tuple[Array, Array]:
        """Return the number for each key, and a mask of the keys that exist.

        The numbers of keys that do not exist are meaningless.
        """
        if not len(self._sorted_keys):
            return keys, np.zeros(len(keys), dtype=bool)
        index = np.minimum(np.searchsorted(self._sorted_keys, keys), len(self._sorted_keys) - 1)
        return self._order[index], self._sorted_keys[index] == keys


class Events(NamedTuple):
    """Events as columns: keys, first and last days as ordinals, and three flags.

    ``unsure`` marks dates that are uncertain or approximate, ``coming`` planned and postponed
    events, past or not, ``vague`` dates that are less precise than a month.
    """

    keys: Array
    earliest: Array
    latest: Array
    unsure: Array
    coming: Array
    vague: Array

    def take(self, indices: Array) -> "Events":
        """Return the events at these indices, in their order."""
        return Events(*(column[indices] for column in self))

    def argsort(self) -> Array:
        """Return the indices that sort the events as a segment numbers them."""
        latest = -self.latest.astype(np.int64)
        return np.lexsort((self.keys, latest, self.earliest, self.headings()))

    def headings(self) -> Array:
        """Return the order of the heading of each event."""
        months = _months_since_0(self.earliest)
        year, month = np.divmod(months, 12)
        order = year * HEADINGS_A_YEAR + np.where(self.vague, 0, month + 1)
        return order.astype(np.int32)


class Segment:
    """Events in the order of time, with bitmaps to filter and count them. Immutable.

    ``sets`` maps each filter value to the bitmap of the events that have it.
    """

    def __init__(self, events: Events, sets: Mapping[FilterValue, BitMap]) -> None:
        self.events = events
        self.sets = dict(sorted(sets.items(), key=lambda item: (item[0][0], str(item[0][1]))))
        self.everything = BitMap(range(len(self)))
        self.unsure = to_bitmap(np.flatnonzero(events.unsure))
        self.headings = events.headings()
        self._coming = np.flatnonzero(events.coming)
        self._multi_day = np.flatnonzero(events.latest > events.earliest)
        self._multi_day_latest = events.latest[self._multi_day]
        self._multi_day_bitmap = to_bitmap(self._multi_day)
        # A vague date is sorted at the start of its year, whichever day of the year it begins on.
        self._sort_days = np.where(events.vague, _first_of_year(events.earliest), events.earliest)
        self._displaced = np.flatnonzero(self._sort_days < events.earliest)
        self._displaced_earliest = events.earliest[self._displaced]
        self._displaced_latest = events.latest[self._displaced]
        self.values = list(self.sets)
        self.totals = np.array([len(bitmap) for bitmap in self.sets.values()], dtype=np.int64)
        self._group_ranges = _group_ranges(self.values)
        self._offsets, self._value_numbers = _values_by_event(self.sets.values(), len(self))
        self.months = _months(events.earliest)
        month_ends = [_last_day_of(month) for month in self.months]
        self._month_bounds = np.searchsorted(self._sort_days, month_ends, side="right")
        self._displaced_months = np.searchsorted(month_ends, self._displaced_earliest, side="left")
        self._find = KeyLookup(events.keys)
        self._cached_value_counts = lru_cache(_CACHED_ROWS)(self._value_counts_with)
        self._cached_month_counts = lru_cache(_CACHED_ROWS)(self._month_counts_with)
        self._cached_period_counts = lru_cache(_CACHED_ROWS)(self._period_counts_with)
        self._cached_upcoming = lru_cache(2)(self._upcoming_on)
        self._cached_several = lru_cache(2)(self._with_several)

    def __len__(self) -> int:
        return len(self.events.keys)

    # Sets of events

    def with_value(self, group: str, value: int | str) -> BitMap:
        """Return the events that have a value."""
        return self.sets.get((group, value), _EMPTY)

    def with_keys(self, keys: Iterable[int]) -> BitMap:
        """Return the events with these keys; keys of no event are ignored."""
        column = keys if isinstance(keys, np.ndarray) else list(keys)
        numbers, exists = self._find(np.asarray(column, dtype=np.int64))
        return to_bitmap(numbers[exists])

    def _day_range(self, first: dt.date, last: dt.date) -> tuple[int, int]:
        """Return the range of the events that are sorted under the days of a period."""
        begin = int(np.searchsorted(self._sort_days, first.toordinal(), side="left"))
        end = int(np.searchsorted(self._sort_days, last.toordinal(), side="right"))
        return begin, max(begin, end)

    def within(self, first: dt.date, last: dt.date) -> BitMap:
        """Return the events that may lie in a period, its ends included."""
        begin, end = self._day_range(first, last)
        before = int(np.searchsorted(self._multi_day, begin))
        reaching = self._multi_day[:before][self._multi_day_latest[:before] >= first.toordinal()]
        later = self._displaced[self._displaced_earliest > last.toordinal()]
        return (BitMap(range(begin, end)) | to_bitmap(reaching)) - to_bitmap(later)

    def surely_within(self, first: dt.date, last: dt.date) -> BitMap:
        """Return the events that surely lie in a period, its ends included."""
        begin, end = self._day_range(first, last)
        inside = slice(*np.searchsorted(self._multi_day, [begin, end]))
        beyond = self._multi_day[inside][self._multi_day_latest[inside] > last.toordinal()]
        displaced_inside = (self._displaced_earliest >= first.toordinal()) & (
            self._displaced_latest <= last.toordinal()
        )
        displaced = to_bitmap(self._displaced[displaced_inside])
        return ((BitMap(range(begin, end)) - to_bitmap(beyond)) | displaced) - self.unsure

    def upcoming(self, today: dt.date) -> tuple[Sequence[int], BitMap]:
        """Return planned and postponed events whose latest day is not past: in order, and as a set.

        The soonest comes first, and of one day the most precise.
        """
        return self._cached_upcoming(today)

    def _upcoming_on(self, today: dt.date) -> tuple[Sequence[int], BitMap]:
        events = self.events
        numbers = self._coming[events.latest[self._coming] >= today.toordinal()]
        columns = (events.keys[numbers], events.latest[numbers], events.earliest[numbers])
        return numbers[np.lexsort(columns)].tolist(), to_bitmap(numbers)

    # Counts

    def heading_counts(self, headings: Sequence[int], events: BitMap) -> list[int]:
        """Count these events under each heading, which is given by its order."""
        orders = np.array(headings)
        first = np.searchsorted(self.headings, orders).tolist()
        end = np.searchsorted(self.headings, orders + 1).tolist()
        return [events.range_cardinality(*ends) for ends in zip(first, end, strict=True)]

    def group_range(self, group: str) -> tuple[int, int]:
        """Return the range of a group's values in :attr:`values`."""
        return self._group_ranges.get(group, (0, 0))

    def group_counts(self, events: BitMap, group: str) -> Array:
        """Count these events under each value of a group: the faster way for many events."""
        first, last = self.group_range(group)
        values = self.values[first:last]
        counts = [events.intersection_cardinality(self.sets[value]) for value in values]
        return np.array(counts, dtype=np.int64)

    def value_counts(self, events: BitMap) -> Array:
        """Count these events under each value of every group: the faster way for few events."""
        _lengths, value_numbers = self._values_along(events)
        return np.bincount(value_numbers, minlength=len(self.values))

    def _values_along(self, events: BitMap) -> tuple[Array, Array]:
        """Return how many values each of these events has, and the values one after another."""
        numbers = to_array(events)
        begin = self._offsets[numbers]
        lengths = self._offsets[numbers + 1] - begin
        steps = np.arange(int(lengths.sum()), dtype=np.int64)
        steps += np.repeat(begin - (np.cumsum(lengths) - lengths), lengths)
        return lengths, self._value_numbers[steps]

    def with_several(self, group: str) -> BitMap:
        """Return the events that have more than one value of a group; cached."""
        return self._cached_several(group)

    def _with_several(self, group: str) -> BitMap:
        first, last = self.group_range(group)
        any_value, several = BitMap(), BitMap()
        for value in self.values[first:last]:
            several |= any_value & self.sets[value]
            any_value |= self.sets[value]
        return several

    def combination_counts(self, events: BitMap, group: str) -> dict[frozenset[int | str], int]:
        """Count these events, each of which has values of a group, by all that it has of them."""
        first, last = self.group_range(group)
        lengths, value_numbers = self._values_along(events)
        owners = np.repeat(np.arange(len(lengths)), lengths)
        in_group = (value_numbers >= first) & (value_numbers < last)
        owners, value_numbers = owners[in_group], value_numbers[in_group]
        by_event = np.split(value_numbers, np.flatnonzero(np.diff(owners)) + 1)
        counts = Counter(tuple(numbers.tolist()) for numbers in by_event if len(numbers))
        values = self.values
        return {frozenset(values[i][1] for i in numbers): n for numbers, n in counts.items()}

    def value_counts_with(self, value: FilterValue) -> Array:
        """Count the events with a value under each value of every group; cached."""
        return self._cached_value_counts(value)

    def _value_counts_with(self, value: FilterValue) -> Array:
        events = self.with_value(*value)
        if len(events) <= SCAN_LIMIT:
            return self.value_counts(events)
        counts = [events.intersection_cardinality(other) for other in self.sets.values()]
        return np.array(counts, dtype=np.int64)

    def month_counts(self, events: BitMap) -> Array:
        """Count these events by the month in which they may begin, for each of :attr:`months`."""
        displaced = np.array([number in events for number in self._displaced.tolist()], dtype=bool)
        if len(events) == len(self):
            bounds = self._month_bounds - np.searchsorted(self._displaced, self._month_bounds)
        else:
            numbers = to_array(events - to_bitmap(self._displaced))
            bounds = np.searchsorted(numbers, self._month_bounds, side="left")
        moved = np.bincount(self._displaced_months[displaced], minlength=len(self.months))
        return np.diff(bounds, prepend=0) + moved

    def month_counts_with(self, value: FilterValue) -> Array:
        """Count the events with a value by the month in which they may begin; cached."""
        return self._cached_month_counts(value)

    def _month_counts_with(self, value: FilterValue) -> Array:
        return self.month_counts(self.with_value(*value))

    def period_counts(
        self, events: BitMap, periods: Sequence[tuple[dt.date, dt.date]], *, certain: bool
    ) -> Array:
        """Count these events that may lie, or where ``certain`` surely do, in each period."""
        firsts, lasts = (
            np.array([period[end].toordinal() for period in periods], dtype=np.int64)
            for end in (0, 1)
        )
        if certain:
            events = events - self.unsure
        counts = self._one_day_counts(events - self._multi_day_bitmap, firsts, lasts)
        numbers = to_array(events & self._multi_day_bitmap)
        if not len(numbers):
            return counts
        earliest, latest = (days[numbers] for days in (self.events.earliest, self.events.latest))
        if certain:
            ends = zip(firsts.tolist(), lasts.tolist(), strict=True)
            inside = [((earliest >= first) & (latest <= last)).sum() for first, last in ends]
            return counts + np.array(inside, dtype=np.int64)
        begun = np.searchsorted(np.sort(earliest), lasts, side="right")
        return counts + begun - np.searchsorted(np.sort(latest), firsts, side="left")

    def _one_day_counts(self, events: BitMap, firsts: Array, lasts: Array) -> Array:
        """Count these events, each of a single day, in each period."""
        begins = np.searchsorted(self._sort_days, firsts, side="left").tolist()
        ends = np.searchsorted(self._sort_days, lasts, side="right").tolist()
        counts = [events.range_cardinality(*pair) for pair in zip(begins, ends, strict=True)]
        return np.array(counts, dtype=np.int64)

    def period_counts_with(
        self,
        value: FilterValue | None,
        periods: tuple[tuple[dt.date, dt.date], ...],
        *,
        certain: bool,
    ) -> Array:
        """Count the events with a value, or all events, in each period; cached."""
        return self._cached_period_counts(value, periods, certain)

    def _period_counts_with(
        self,
        value: FilterValue | None,
        periods: tuple[tuple[dt.date, dt.date], ...],
        certain: bool,
    ) -> Array:
        events = self.everything if value is None else self.with_value(*value)
        return self.period_counts(events, periods, certain=certain)

    # Sort keys

    def sort_key(self, number: int) -> EventSortKey:
        """Return the sort key of an event."""
        events = self.events
        return (
            int(self.headings[number]),
            int(events.earliest[number]),
            -int(events.latest[number]),
            int(events.keys[number]),
        )

    def bisect_left(self, key: EventSortKey) -> int:
        """Return how many events are sorted before a key."""
        return bisect_left(range(len(self)), key, key=self.sort_key)

    def bisect_right(self, key: EventSortKey) -> int:
        """Return how many events are sorted before a key or have it."""
        return bisect_right(range(len(self)), key, key=self.sort_key)


_EMPTY: Final = BitMap()


def _group_ranges(values: Sequence[FilterValue]) -> dict[str, tuple[int, int]]:
    ranges: dict[str, tuple[int, int]] = {}
    for number, (group, _value) in enumerate(values):
        ranges[group] = (ranges.get(group, (number, 0))[0], number + 1)
    return ranges


def _values_by_event(sets: Iterable[BitMap], size: int) -> tuple[Array, Array]:
    """Return where the values of each event begin, and the values of one event after another.

    A value is given as its position in ``sets``.
    """
    bitmaps = list(sets)
    lengths = np.zeros(size + 1, dtype=np.int64)
    for bitmap in bitmaps:
        lengths[to_array(bitmap) + 1] += 1
    offsets = np.cumsum(lengths)
    dtype = np.uint16 if len(bitmaps) < 2**16 else np.uint32
    value_numbers = np.empty(int(offsets[-1]), dtype=dtype)
    free = offsets[:-1].copy()
    for number, bitmap in enumerate(bitmaps):
        events = to_array(bitmap)
        value_numbers[free[events]] = number
        free[events] += 1
    return offsets, value_numbers


def _since_1970(days: Array, unit: str) -> Array:
    """Convert ordinals of days to whole months or years since 1970."""
    since = np.datetime64("0001-01-01", "D") + (days - 1)
    return since.astype(f"datetime64[{unit}]")


def _months_since_0(days: Array) -> Array:
    """Convert ordinals of days to months since January of the year 0."""
    return _since_1970(days, "M").astype(np.int64) + 1970 * 12


def _first_of_year(days: Array) -> Array:
    """Convert ordinals of days to those of the first days of their years."""
    begun = _since_1970(days, "Y").astype("datetime64[D]") - np.datetime64("0001-01-01", "D")
    return (begun.astype(np.int64) + 1).astype(days.dtype)


def _months(earliest: Array) -> list[tuple[int, int]]:
    """Return the months, as year and month, in which events begin."""
    months = np.unique(_months_since_0(np.unique(earliest)))
    return [(month // 12, month % 12 + 1) for month in months.tolist()]


def _last_day_of(month: tuple[int, int]) -> int:
    year, number = month
    if (year, number) == (9999, 12):
        return dt.date.max.toordinal()
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    return dt.date(*following, 1).toordinal() - 1
