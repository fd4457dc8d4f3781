"""A part of the record in memory: events in the order of time, and which of them bear each value.

Events are numbered in the order of (earliest day, latest day descending, key), so that a period is
a range of numbers and a month a shorter one. A roaring bitmap of numbers is kept for each value of
each filter (https://roaringbitmap.org), and the values of each number, one event after another:
intersections of bitmaps count what many events bear, and a look along the events what few do.
"""

import datetime as dt
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

Numbers = npt.NDArray[Any]
Value = tuple[str, int | str]
"""A value of a filter: its group, and a record's key or a code."""

FEW: Final = 20_000
"""Up to so many events are counted one after another; more, by intersections."""

_ROWS_KEPT: Final = 2048

Place = tuple[int, int, int]
"""Where an event stands in time: earliest day, latest day negated, key."""


def bitmap(numbers: Numbers) -> BitMap:
    """The bitmap of an array of numbers, in whatever order."""
    held = array("I")
    held.frombytes(np.ascontiguousarray(numbers, dtype=np.uint32).tobytes())
    return BitMap(held)


def numbers(held: BitMap) -> Numbers:
    """The numbers in a bitmap, rising."""
    return np.frombuffer(held.to_array(), dtype=np.uint32)


def ranks(order: Numbers) -> Numbers:
    """Where each place goes when all are put in an order of places."""
    found = np.empty(len(order), dtype=np.uint32)
    found[order] = np.arange(len(order), dtype=np.uint32)
    return found


class Finder:
    """Gives the numbers of events by their keys."""

    def __init__(self, keys: Numbers) -> None:
        self._order = np.argsort(keys, kind="stable").astype(np.uint32)
        self._rising = keys[self._order]

    def __call__(self, keys: Numbers) -> tuple[Numbers, Numbers]:
        """The numbers of these events, and which of the keys are known; the rest mean nothing."""
        if not len(self._rising):
            return keys, np.zeros(len(keys), dtype=bool)
        at = np.minimum(np.searchsorted(self._rising, keys), len(self._rising) - 1)
        return self._order[at], self._rising[at] == keys


class Events(NamedTuple):
    """Columns of events, one place each: keys, days as ordinals, and two marks.

    ``unsure`` marks dates that are uncertain or approximate, ``coming`` planned and postponed
    events, past or not.
    """

    keys: Numbers
    earliest: Numbers
    latest: Numbers
    unsure: Numbers
    coming: Numbers

    def taken(self, places: Numbers) -> "Events":
        """The same columns of some of the events, in the order given."""
        return Events(*(column[places] for column in self))

    def in_order(self) -> Numbers:
        """The places in the order of time."""
        return np.lexsort((self.keys, -self.latest.astype(np.int64), self.earliest))


class Segment:
    """Events in the order of time, ready to be counted; nothing of it ever changes.

    ``sets`` gives for each value the bitmap of the events that bear it.
    """

    def __init__(self, events: Events, sets: Mapping[Value, BitMap]) -> None:
        self.events = events
        self.sets = dict(sorted(sets.items(), key=lambda item: (item[0][0], str(item[0][1]))))
        self.everything = BitMap(range(len(self)))
        self.unsure = bitmap(np.flatnonzero(events.unsure))
        self._coming = np.flatnonzero(events.coming)
        self._stretched = np.flatnonzero(events.latest > events.earliest)
        self._stretched_latest = events.latest[self._stretched]
        self.values = list(self.sets)
        self.totals = np.array([len(held) for held in self.sets.values()], dtype=np.int64)
        self._spans = _spans(self.values)
        self._offsets, self._borne = _along(self.sets.values(), len(self))
        self.months = _months(events.earliest)
        in_years = np.array([year for year, _month in self.months], dtype=np.int64)
        years, self.year_starts = np.unique(in_years, return_index=True)
        self.years: list[int] = years.tolist()
        self._month_ends = np.searchsorted(
            events.earliest, [_last_of(month) for month in self.months], side="right"
        )
        self._find = Finder(events.keys)
        self._pairs = lru_cache(_ROWS_KEPT)(self._row)
        self._month_rows = lru_cache(_ROWS_KEPT)(self._months_of)
        self._upcoming = lru_cache(2)(self._upcoming_on)

    def __len__(self) -> int:
        return len(self.events.keys)

    # Which events

    def bearing(self, group: str, value: int | str) -> BitMap:
        """The events that bear a value."""
        return self.sets.get((group, value), _NONE)

    def places(self, keys: Iterable[int]) -> BitMap:
        """The numbers of the events with these keys; unknown keys are passed over."""
        wanted = keys if isinstance(keys, np.ndarray) else list(keys)
        found, known = self._find(np.asarray(wanted, dtype=np.int64))
        return bitmap(found[known])

    def _range(self, first: dt.date, last: dt.date) -> tuple[int, int]:
        """From where to where those stand whose earliest day lies in a period."""
        earliest = self.events.earliest
        begin = int(np.searchsorted(earliest, first.toordinal(), side="left"))
        return begin, max(begin, int(np.searchsorted(earliest, last.toordinal(), side="right")))

    def within(self, first: dt.date, last: dt.date) -> BitMap:
        """Those that may lie in a period, its ends included."""
        begin, end = self._range(first, last)
        upto = int(np.searchsorted(self._stretched, begin))
        reaching = self._stretched[:upto][self._stretched_latest[:upto] >= first.toordinal()]
        return BitMap(range(begin, end)) | bitmap(reaching)

    def surely_within(self, first: dt.date, last: dt.date) -> BitMap:
        """Those that surely lie in a period, its ends included."""
        begin, end = self._range(first, last)
        inside = slice(*np.searchsorted(self._stretched, [begin, end]))
        beyond = self._stretched[inside][self._stretched_latest[inside] > last.toordinal()]
        return BitMap(range(begin, end)) - bitmap(beyond) - self.unsure

    def upcoming(self, today: dt.date) -> tuple[Sequence[int], BitMap]:
        """Planned and postponed events whose latest day is not past: in order, and as a set.

        The soonest comes first, and of one day the most precise.
        """
        return self._upcoming(today)

    def _upcoming_on(self, today: dt.date) -> tuple[Sequence[int], BitMap]:
        events = self.events
        places = self._coming[events.latest[self._coming] >= today.toordinal()]
        order = np.lexsort((events.keys[places], events.latest[places], events.earliest[places]))
        return places[order].tolist(), bitmap(places)

    # Counts

    def group(self, group: str) -> tuple[int, int]:
        """From where to where the values of a group stand among all values."""
        return self._spans.get(group, (0, 0))

    def counted(self, found: BitMap, group: str) -> Numbers:
        """How many of these events, better many, bear each value of a group."""
        first, last = self.group(group)
        held = self.values[first:last]
        counts = [found.intersection_cardinality(self.sets[value]) for value in held]
        return np.array(counts, dtype=np.int64)

    def borne_by(self, found: BitMap) -> Numbers:
        """How many of these events, better few, bear each of all values."""
        chosen = numbers(found)
        begin = self._offsets[chosen]
        lengths = self._offsets[chosen + 1] - begin
        steps = np.arange(int(lengths.sum()), dtype=np.int64)
        steps += np.repeat(begin - (np.cumsum(lengths) - lengths), lengths)
        return np.bincount(self._borne[steps], minlength=len(self.values))

    def beside(self, value: Value) -> Numbers:
        """How many events bear a value together with each of all values; kept once counted."""
        return self._pairs(value)

    def _row(self, value: Value) -> Numbers:
        held = self.bearing(*value)
        if len(held) <= FEW:
            return self.borne_by(held)
        counts = [held.intersection_cardinality(other) for other in self.sets.values()]
        return np.array(counts, dtype=np.int64)

    def by_month(self, found: BitMap) -> Numbers:
        """How many of these events may begin in each of the segment's months."""
        if len(found) == len(self):
            upto = self._month_ends
        else:
            upto = np.searchsorted(numbers(found), self._month_ends, side="left")
        return np.diff(upto, prepend=0)

    def by_month_of(self, value: Value) -> Numbers:
        """How many events that bear a value may begin in each month; kept once counted."""
        return self._month_rows(value)

    def _months_of(self, value: Value) -> Numbers:
        return self.by_month(self.bearing(*value))

    # Places in time

    def place(self, number: int) -> Place:
        """Where an event stands in time."""
        events = self.events
        return (
            int(events.earliest[number]),
            -int(events.latest[number]),
            int(events.keys[number]),
        )

    def before(self, place: Place) -> int:
        """How many events stand before a place in time."""
        return bisect_left(range(len(self)), place, key=self.place)

    def upto(self, place: Place) -> int:
        """How many events stand before a place in time or at it."""
        return bisect_right(range(len(self)), place, key=self.place)


_NONE: Final = BitMap()


def _spans(values: Sequence[Value]) -> dict[str, tuple[int, int]]:
    spans: dict[str, tuple[int, int]] = {}
    for number, (group, _value) in enumerate(values):
        spans[group] = (spans.get(group, (number, 0))[0], number + 1)
    return spans


def _along(sets: Iterable[BitMap], size: int) -> tuple[Numbers, Numbers]:
    """The values of each event, one event after another, and where each event's begin."""
    held = list(sets)
    lengths = np.zeros(size + 1, dtype=np.int64)
    for one in held:
        lengths[numbers(one) + 1] += 1
    offsets = np.cumsum(lengths)
    kind = np.uint16 if len(held) < 2**16 else np.uint32
    borne = np.empty(int(offsets[-1]), dtype=kind)
    free = offsets[:-1].copy()
    for number, one in enumerate(held):
        places = numbers(one)
        borne[free[places]] = number
        free[places] += 1
    return offsets, borne


def _months(earliest: Numbers) -> list[tuple[int, int]]:
    """The months, as year and month, in which events begin."""
    days = np.unique(earliest)
    since = np.datetime64("0001-01-01", "D") + (days - 1)
    months = np.unique(since.astype("datetime64[M]")).astype(np.int64)
    return [(1970 + month // 12, month % 12 + 1) for month in months.tolist()]


def _last_of(month: tuple[int, int]) -> int:
    year, number = month
    if (year, number) == (9999, 12):
        return dt.date.max.toordinal()
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    return dt.date(*following, 1).toordinal() - 1
