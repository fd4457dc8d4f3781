"""A part of the record in memory: events in the order of time, and which of them bear each value.

Events are numbered in the order of (heading, earliest day, latest day descending, key), so that
what stands under a heading, a month or a year alone, is a range of numbers. So is a period, but for
the few events that stand before their earliest day because their dates, such as seasons, are less
precise than a month. A roaring bitmap of numbers is kept for each value of
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

from timeline.core.dates import HEADINGS_A_YEAR

Numbers = npt.NDArray[Any]
Value = tuple[str, int | str]
"""A value of a filter: its group, and a record's key or a code."""

FEW: Final = 20_000
"""Up to so many events are counted one after another; more, by intersections."""

_ROWS_KEPT: Final = 2048

Place = tuple[int, int, int, int]
"""Where an event stands in a list: its heading's order, earliest day, latest day negated, key."""


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
    """Columns of events, one place each: keys, days as ordinals, and three marks.

    ``unsure`` marks dates that are uncertain or approximate, ``coming`` planned and postponed
    events, past or not, ``vague`` dates that are less precise than a month.
    """

    keys: Numbers
    earliest: Numbers
    latest: Numbers
    unsure: Numbers
    coming: Numbers
    vague: Numbers

    def taken(self, places: Numbers) -> "Events":
        """The same columns of some of the events, in the order given."""
        return Events(*(column[places] for column in self))

    def in_order(self) -> Numbers:
        """The places in the order of lists."""
        latest = -self.latest.astype(np.int64)
        return np.lexsort((self.keys, latest, self.earliest, self.headings()))

    def headings(self) -> Numbers:
        """The order of the heading that each stands under."""
        months = _months_since_0(self.earliest)
        year, month = np.divmod(months, 12)
        order = year * HEADINGS_A_YEAR + np.where(self.vague, 0, month + 1)
        return order.astype(np.int32)


class Segment:
    """Events in the order of time, ready to be counted; nothing of it ever changes.

    ``sets`` gives for each value the bitmap of the events that bear it.
    """

    def __init__(self, events: Events, sets: Mapping[Value, BitMap]) -> None:
        self.events = events
        self.sets = dict(sorted(sets.items(), key=lambda item: (item[0][0], str(item[0][1]))))
        self.everything = BitMap(range(len(self)))
        self.unsure = bitmap(np.flatnonzero(events.unsure))
        self.headings = events.headings()
        self._coming = np.flatnonzero(events.coming)
        self._stretched = np.flatnonzero(events.latest > events.earliest)
        self._stretched_latest = events.latest[self._stretched]
        self._stretching = bitmap(self._stretched)
        # A vague date stands where its year begins, wherever in the year it may begin itself.
        self._days = np.where(events.vague, _first_of_year(events.earliest), events.earliest)
        self._ahead = np.flatnonzero(self._days < events.earliest)
        self._ahead_earliest = events.earliest[self._ahead]
        self._ahead_latest = events.latest[self._ahead]
        self.values = list(self.sets)
        self.totals = np.array([len(held) for held in self.sets.values()], dtype=np.int64)
        self._spans = _spans(self.values)
        self._offsets, self._borne = _along(self.sets.values(), len(self))
        self.months = _months(events.earliest)
        lasts = [_last_of(month) for month in self.months]
        self._month_ends = np.searchsorted(self._days, lasts, side="right")
        self._ahead_months = np.searchsorted(lasts, self._ahead_earliest, side="left")
        self._find = Finder(events.keys)
        self._pairs = lru_cache(_ROWS_KEPT)(self._row)
        self._month_rows = lru_cache(_ROWS_KEPT)(self._months_of)
        self._period_rows = lru_cache(_ROWS_KEPT)(self._in_periods_of)
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
        """From where to where those stand whose earliest day lies in a period, but for some."""
        begin = int(np.searchsorted(self._days, first.toordinal(), side="left"))
        return begin, max(begin, int(np.searchsorted(self._days, last.toordinal(), side="right")))

    def within(self, first: dt.date, last: dt.date) -> BitMap:
        """Those that may lie in a period, its ends included."""
        begin, end = self._range(first, last)
        upto = int(np.searchsorted(self._stretched, begin))
        reaching = self._stretched[:upto][self._stretched_latest[:upto] >= first.toordinal()]
        later = self._ahead[self._ahead_earliest > last.toordinal()]
        return (BitMap(range(begin, end)) | bitmap(reaching)) - bitmap(later)

    def surely_within(self, first: dt.date, last: dt.date) -> BitMap:
        """Those that surely lie in a period, its ends included."""
        begin, end = self._range(first, last)
        inside = slice(*np.searchsorted(self._stretched, [begin, end]))
        beyond = self._stretched[inside][self._stretched_latest[inside] > last.toordinal()]
        held = (self._ahead_earliest >= first.toordinal()) & (
            self._ahead_latest <= last.toordinal()
        )
        inside_ahead = bitmap(self._ahead[held])
        return ((BitMap(range(begin, end)) - bitmap(beyond)) | inside_ahead) - self.unsure

    def under(self, headings: Sequence[int], found: BitMap) -> list[int]:
        """How many of some events stand under each heading, given by its order."""
        wanted = np.array(headings)
        first = np.searchsorted(self.headings, wanted).tolist()
        end = np.searchsorted(self.headings, wanted + 1).tolist()
        return [found.range_cardinality(*ends) for ends in zip(first, end, strict=True)]

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

    def value_counts(self, found: BitMap) -> Numbers:
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
            return self.value_counts(held)
        counts = [held.intersection_cardinality(other) for other in self.sets.values()]
        return np.array(counts, dtype=np.int64)

    def by_month(self, found: BitMap) -> Numbers:
        """How many of these events may begin in each of the segment's months."""
        ahead = np.array([number in found for number in self._ahead.tolist()], dtype=bool)
        if len(found) == len(self):
            upto = self._month_ends - np.searchsorted(self._ahead, self._month_ends)
        else:
            there = numbers(found - bitmap(self._ahead))
            upto = np.searchsorted(there, self._month_ends, side="left")
        moved = np.bincount(self._ahead_months[ahead], minlength=len(self.months))
        return np.diff(upto, prepend=0) + moved

    def in_periods(
        self, found: BitMap, periods: Sequence[tuple[dt.date, dt.date]], *, certain: bool
    ) -> Numbers:
        """How many of these events may lie, or where ``certain`` surely do, in each period."""
        firsts, lasts = (
            np.array([period[end].toordinal() for period in periods], dtype=np.int64)
            for end in (0, 1)
        )
        if certain:
            found = found - self.unsure
        counted = self._of_one_day(found - self._stretching, firsts, lasts)
        stretched = numbers(found & self._stretching)
        if not len(stretched):
            return counted
        earliest, latest = (days[stretched] for days in (self.events.earliest, self.events.latest))
        if certain:
            ends = zip(firsts.tolist(), lasts.tolist(), strict=True)
            inside = [((earliest >= first) & (latest <= last)).sum() for first, last in ends]
            return counted + np.array(inside, dtype=np.int64)
        begun = np.searchsorted(np.sort(earliest), lasts, side="right")
        return counted + begun - np.searchsorted(np.sort(latest), firsts, side="left")

    def _of_one_day(self, found: BitMap, firsts: Numbers, lasts: Numbers) -> Numbers:
        """How many of these events, each of one day, lie in each of some periods."""
        begins = np.searchsorted(self._days, firsts, side="left").tolist()
        ends = np.searchsorted(self._days, lasts, side="right").tolist()
        counts = [found.range_cardinality(*pair) for pair in zip(begins, ends, strict=True)]
        return np.array(counts, dtype=np.int64)

    def in_periods_of(
        self, value: Value | None, periods: tuple[tuple[dt.date, dt.date], ...], *, certain: bool
    ) -> Numbers:
        """The same of the events that bear a value, or of all; kept once counted."""
        return self._period_rows(value, periods, certain)

    def _in_periods_of(
        self, value: Value | None, periods: tuple[tuple[dt.date, dt.date], ...], certain: bool
    ) -> Numbers:
        found = self.everything if value is None else self.bearing(*value)
        return self.in_periods(found, periods, certain=certain)

    def by_month_of(self, value: Value) -> Numbers:
        """How many events that bear a value may begin in each month; kept once counted."""
        return self._month_rows(value)

    def _months_of(self, value: Value) -> Numbers:
        return self.by_month(self.bearing(*value))

    # Places in a list

    def place(self, number: int) -> Place:
        """Where an event stands in a list."""
        events = self.events
        return (
            int(self.headings[number]),
            int(events.earliest[number]),
            -int(events.latest[number]),
            int(events.keys[number]),
        )

    def before(self, place: Place) -> int:
        """How many events stand before a place."""
        return bisect_left(range(len(self)), place, key=self.place)

    def upto(self, place: Place) -> int:
        """How many events stand before a place or at it."""
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


def _since_1970(days: Numbers, unit: str) -> Numbers:
    """Ordinals of days as whole months or years since 1970."""
    since = np.datetime64("0001-01-01", "D") + (days - 1)
    return since.astype(f"datetime64[{unit}]")


def _months_since_0(days: Numbers) -> Numbers:
    """Ordinals of days as months since January of the year 0."""
    return _since_1970(days, "M").astype(np.int64) + 1970 * 12


def _first_of_year(days: Numbers) -> Numbers:
    """Ordinals of days as those of the first days of their years."""
    begun = _since_1970(days, "Y").astype("datetime64[D]") - np.datetime64("0001-01-01", "D")
    return (begun.astype(np.int64) + 1).astype(days.dtype)


def _months(earliest: Numbers) -> list[tuple[int, int]]:
    """The months, as year and month, in which events begin."""
    months = np.unique(_months_since_0(np.unique(earliest)))
    return [(month // 12, month % 12 + 1) for month in months.tolist()]


def _last_of(month: tuple[int, int]) -> int:
    year, number = month
    if (year, number) == (9999, 12):
        return dt.date.max.toordinal()
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    return dt.date(*following, 1).toordinal() - 1
