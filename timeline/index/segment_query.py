"""A question as a query on one segment of the index: the events it finds, counted and in order.

Segments hold different events, so the counts of several segments add up, and their sorted events
merge into one list.
"""

import datetime as dt
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import compress
from operator import and_, or_
from typing import Any, Final

import numpy as np
from pyroaring import BitMap

from timeline.core.codes import Order
from timeline.core.folding import Term
from timeline.core.question import Cursor
from timeline.database.fulltext import SearchField
from timeline.index.interface import Period
from timeline.index.segment import (
    SCAN_LIMIT,
    Array,
    EventSortKey,
    FilterValue,
    Segment,
    to_array,
)

ADDRESSEES: Final = {"party": "party addressed", "party directly": "party addressed directly"}
"""For each group of parties the one of those that are only the addressees of an event."""

LOOKED_UP: Final = ("person", "instrument", "source")
"""Groups without bitmaps in a segment: their events are looked up in the database."""

Hit = tuple[int, EventSortKey, EventSortKey]
"""An event found: the rank of its run, the key that orders it in the run, and its own sort key."""

LookUp = Callable[[str, Any], BitMap]
"""Returns the events that hold a term in a search field, or that a person or source is part of."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """A question in the terms of a segment: values by group, a period, and terms to search for.

    An event matches with any value of a group, but needs all of the parties unless ``any_party``.
    ``parties`` is the group in which parties are counted: 'party' or 'party directly'. With
    ``met`` a party has no event of which it is only the addressee.
    """

    values: Mapping[str, tuple[FilterValue, ...]]
    any_party: bool
    parties: str
    met: bool
    period: tuple[dt.date, dt.date] | None
    certain: bool
    terms: tuple[Term, ...]
    order: Order

    def needs_all(self, group: str) -> bool:
        """Whether an event has to have all chosen values of a group rather than any."""
        return group == "party" and not self.any_party

    def look_ups(self) -> Iterator[tuple[str, Any]]:
        """Yield what has to be looked up: search fields with terms, and groups with keys."""
        relevance = self.order == Order.RELEVANCE
        for field in SearchField if relevance else (SearchField.TEXT,):
            yield from ((field, term) for term in self.terms)
        for group in LOOKED_UP:
            yield from self.values.get(group, ())


class SegmentQuery:
    """The conditions of a question applied to one segment.

    ``deleted`` are the events of the segment that have changed since it was made; they are not
    found. ``without`` in the methods is a group whose condition is left out.
    """

    def __init__(
        self, segment: Segment, deleted: BitMap, look_up: LookUp, conditions: Conditions
    ) -> None:
        self.segment = segment
        self._deleted = deleted
        self._look_up = look_up
        self._conditions = conditions
        others = (("period", conditions.period), ("q", conditions.terms))
        self._groups = (*conditions.values, *(name for name, condition in others if condition))
        self._sets: dict[str, BitMap] = {}
        self._matching: dict[str, BitMap] = {}
        self._value_counts: dict[str, Array] = {}
        self._runs_on: dict[dt.date, Sequence[_Run]] = {}

    # Sets of events

    def _set(self, group: str) -> BitMap:
        """Return the events that satisfy the condition of one group."""
        if group not in self._sets:
            self._sets[group] = self._evaluate(group)
        return self._sets[group]

    def _evaluate(self, group: str) -> BitMap:
        conditions, segment = self._conditions, self.segment
        if group == "period" and conditions.period is not None:
            within = segment.surely_within if conditions.certain else segment.within
            return within(*conditions.period)
        if group == "q":
            return reduce(
                and_, (self._look_up(SearchField.TEXT, term) for term in conditions.terms)
            )
        events_with: LookUp = self._look_up if group in LOOKED_UP else self.with_value
        sets = [events_with(*value) for value in conditions.values[group]]
        return reduce(and_ if conditions.needs_all(group) else or_, sets)

    def with_value(self, group: str, value: int | str) -> BitMap:
        """Return the events of the segment with a value, as the question understands it."""
        events = self.segment.with_value(group, value)
        if self._leaves_addressees_out(group):
            return events - self.segment.with_value(ADDRESSEES[group], value)
        return events

    def _leaves_addressees_out(self, group: str) -> bool:
        return self._conditions.met and group in ADDRESSEES

    def matching(self, without: str = "") -> BitMap:
        """Return the events found, those deleted left out."""
        if without not in self._groups:
            without = ""
        if without not in self._matching:
            groups = (name for name in self._groups if name != without)
            sets = sorted(map(self._set, groups), key=len)
            events = reduce(and_, sets) if sets else self.segment.everything
            self._matching[without] = events - self._deleted if self._deleted else events
        return self._matching[without]

    def touching(self, first: int, last: int) -> BitMap:
        """Return those found that may lie between two days, given as ordinals, both included."""
        days = dt.date.fromordinal(first), dt.date.fromordinal(last)
        return self.matching() & self.segment.within(*days)

    def _only_value(self, without: str) -> FilterValue | None:
        """Return the filter value of the question if it has a single one and no other condition.

        None for a value that has no bitmap of its own in the segment.
        """
        groups = [name for name in self._groups if name != without]
        if len(groups) != 1 or groups[0] not in self._conditions.values:
            return None
        if groups[0] == "party" and self._conditions.met:
            return None
        values = self._conditions.values[groups[0]]
        return values[0] if len(values) == 1 and values[0] in self.segment.sets else None

    # Counts

    def total(self) -> int:
        """Count the events found."""
        return len(self.matching())

    def surely(self) -> int:
        """Count those found that surely lie in the period of the question."""
        conditions = self._conditions
        if conditions.period is None or conditions.certain:
            return self.total()
        inside = self.segment.surely_within(*conditions.period)
        return self.matching().intersection_cardinality(inside)

    def counts(self, group: str, *, without: str) -> dict[int | str, int]:
        """Count the events found under each value of a group; values without any are left out."""
        counts = self._counts(group, without)
        if self._leaves_addressees_out(group):
            addressed = self._counts(ADDRESSEES[group], without)
            counts = {value: count - addressed.get(value, 0) for value, count in counts.items()}
        return {value: count for value, count in counts.items() if count}

    def _counts(self, group: str, without: str) -> dict[int | str, int]:
        first, last = self.segment.group_range(group)
        counts = self._group_counts(group, without).tolist()
        return dict(
            zip((value for _, value in self.segment.values[first:last]), counts, strict=True)
        )

    def combination_counts(self, group: str) -> dict[frozenset[int | str], int]:
        """Count the events found by all values of a group that each has; without any: left out."""
        counts = Counter(
            {frozenset([value]): n for value, n in self.counts(group, without="").items()}
        )
        several = self.matching() & self.segment.with_several(group)
        for values, n in self.segment.combination_counts(several, group).items():
            counts.subtract({frozenset([value]): n for value in values})
            counts[values] = n
        return {values: n for values, n in counts.items() if n}

    def _group_counts(self, group: str, without: str) -> Array:
        segment = self.segment
        first, last = segment.group_range(group)
        if without not in self._groups:
            without = ""
        if without not in self._value_counts:
            value = self._only_value(without)
            if set(self._groups) <= {without}:
                counts = self._less_deleted(segment.totals, segment.everything)
            elif value is not None:
                events = segment.with_value(*value)
                counts = self._less_deleted(segment.value_counts_with(value), events)
            elif len(self.matching(without)) > SCAN_LIMIT:
                return segment.group_counts(self.matching(without), group)
            else:
                counts = segment.value_counts(self.matching(without))
            self._value_counts[without] = counts
        return self._value_counts[without][first:last]

    def _less_deleted(self, counts: Array, events: BitMap) -> Array:
        """Subtract the deleted events from counts that include them."""
        if not self._deleted:
            return counts
        return counts - self.segment.value_counts(events & self._deleted)

    def month_counts(self) -> Array:
        """Count events by the month in which they may begin, whatever the question's period."""
        segment = self.segment
        value = self._only_value("period")
        if value is None:
            return segment.month_counts(self.matching("period"))
        counts = segment.month_counts_with(value)
        if self._deleted:
            counts = counts - segment.month_counts(segment.with_value(*value) & self._deleted)
        return counts

    def months(self) -> dict[tuple[int, int], int]:
        """Return :meth:`month_counts` by year and month; months without events are left out."""
        counts = self.month_counts().tolist()
        return dict(compress(zip(self.segment.months, counts, strict=True), counts))

    def period_counts(self, periods: tuple[Period, ...]) -> Array:
        """Count the events found with each of these periods in place of the question's own."""
        segment, certain = self.segment, self._conditions.certain
        value = self._only_value("period")
        if value is None and set(self._groups) - {"period"}:
            return segment.period_counts(self.matching("period"), periods, certain=certain)
        counts = segment.period_counts_with(value, periods, certain=certain)
        if self._deleted:
            events = segment.everything if value is None else segment.with_value(*value)
            deleted = events & self._deleted
            counts = counts - segment.period_counts(deleted, periods, certain=certain)
        return counts

    def period_counts_of(self, events: BitMap, periods: tuple[Period, ...]) -> Array:
        """Count these events in each period, as the question counts its own period."""
        return self.segment.period_counts(events, periods, certain=self._conditions.certain)

    def heading_counts(self, headings: Sequence[int], today: dt.date) -> list[int]:
        """Count the events found under each heading, upcoming ones left out."""
        _ordered, upcoming = self.segment.upcoming(today)
        return self.segment.heading_counts(headings, self.matching() - upcoming)

    def upcoming_count(self, state: str, today: dt.date) -> int:
        """Count the upcoming events found that are in a state."""
        _ordered, upcoming = self.segment.upcoming(today)
        return len(self.matching() & upcoming & self.segment.with_value("state", state))

    # Events in order

    def keys(self, today: dt.date) -> Array:
        """Return the keys of all events found, in order."""
        numbers = [run.numbers() for run in self._runs(today)]
        keys: Array = self.segment.events.keys[np.concatenate(numbers)]
        return keys

    def hits(self, today: dt.date, cursor: Cursor | None) -> Iterator[Hit]:
        """Yield the events found, in order, from the first or from after a cursor."""
        for rank, run in enumerate(self._runs(today)):
            first = 0
            if cursor is not None and rank == cursor.rank:
                first = run.number_up_to(cursor)
            if cursor is None or rank >= cursor.rank:
                yield from ((rank, *run.hit(number)) for number in range(first, len(run)))

    def hits_reversed(self, today: dt.date, cursor: Cursor | None) -> Iterator[Hit]:
        """Yield the events found from the last to the first, or from a cursor back to the first."""
        for rank, run in reversed([*enumerate(self._runs(today))]):
            end = len(run)
            if cursor is not None and rank == cursor.rank:
                end = run.number_up_to(cursor)
            if cursor is None or rank <= cursor.rank:
                yield from ((rank, *run.hit(number)) for number in reversed(range(end)))

    def number_up_to(self, today: dt.date, cursor: Cursor) -> int:
        """Count the events found up to a cursor, itself included."""
        runs = self._runs(today)
        return sum(map(len, runs[: cursor.rank])) + runs[cursor.rank].number_up_to(cursor)

    def _runs(self, today: dt.date) -> "Sequence[_Run]":
        if today not in self._runs_on:
            self._runs_on[today] = self._runs_of(today)
        return self._runs_on[today]

    def _runs_of(self, today: dt.date) -> "Sequence[_Run]":
        matching, segment = self.matching(), self.segment
        if self._conditions.order == Order.RELEVANCE:
            titled = self._with_terms_in(SearchField.TITLE)
            quoted = self._with_terms_in(SearchField.TITLE, SearchField.QUOTATION) - titled
            sets = (matching & titled, matching & quoted, matching - titled - quoted)
            return [_NewestFirst(segment, events) for events in sets]
        ordered, upcoming = segment.upcoming(today)
        soonest = _SoonestFirst(segment, matching & upcoming, ordered)
        if self._conditions.order == Order.NEWEST:
            return [soonest, _NewestFirst(segment, matching - upcoming)]
        return [_OldestFirst(segment, matching - upcoming), soonest]

    def _with_terms_in(self, *fields: SearchField) -> BitMap:
        """Return the events that hold each term in one of these search fields."""
        terms = self._conditions.terms
        by_term = (reduce(or_, (self._look_up(field, term) for field in fields)) for term in terms)
        return reduce(and_, by_term)


class _Run(ABC):
    """A part of a list: events of a segment in one order."""

    def __init__(self, segment: Segment, events: BitMap) -> None:
        self._segment = segment
        self._events = events

    def __len__(self) -> int:
        return len(self._events)

    @abstractmethod
    def hit(self, number: int) -> tuple[EventSortKey, EventSortKey]:
        """Return the key that orders an event in the run, and its own; numbers begin with 0."""

    def numbers(self) -> Array:
        """Return the numbers of the events in the segment, in the order of the run."""
        return to_array(self._events)

    @abstractmethod
    def number_up_to(self, cursor: Cursor) -> int:
        """Count the events up to a cursor, itself included."""

    def _number_below(self, position: int) -> int:
        """Count the events of the run that stand before a position of the segment."""
        return self._events.rank(position - 1) if position else 0


class _OldestFirst(_Run):
    def hit(self, number: int) -> tuple[EventSortKey, EventSortKey]:
        sort_key = self._segment.sort_key(self._events[number])
        return sort_key, sort_key

    def number_up_to(self, cursor: Cursor) -> int:
        return self._number_below(self._segment.bisect_right(_sort_key(cursor)))


class _NewestFirst(_Run):
    def numbers(self) -> Array:
        return super().numbers()[::-1]

    def hit(self, number: int) -> tuple[EventSortKey, EventSortKey]:
        heading, earliest, latest, key = sort_key = self._segment.sort_key(
            self._events[len(self._events) - 1 - number]
        )
        return (-heading, -earliest, -latest, -key), sort_key

    def number_up_to(self, cursor: Cursor) -> int:
        return len(self) - self._number_below(self._segment.bisect_left(_sort_key(cursor)))


class _SoonestFirst(_Run):
    """Upcoming events: the soonest first, and of one day the most precise first."""

    def __init__(self, segment: Segment, events: BitMap, ordered: Sequence[int]) -> None:
        super().__init__(segment, events)
        self._ordered = ordered

    @cached_property
    def _numbers(self) -> list[int]:
        """The events of the run in order, by their numbers in the segment."""
        return [n for n in self._ordered if n in self._events] if self._events else []

    def numbers(self) -> Array:
        return np.array(self._numbers, dtype=np.uint32)

    def hit(self, number: int) -> tuple[EventSortKey, EventSortKey]:
        sort_key = self._segment.sort_key(self._numbers[number])
        return _soonest(sort_key), sort_key

    def number_up_to(self, cursor: Cursor) -> int:
        return bisect_right(
            self._numbers,
            _soonest(_sort_key(cursor)),
            key=lambda number: _soonest(self._segment.sort_key(number)),
        )


def _soonest(sort_key: EventSortKey) -> EventSortKey:
    _heading, earliest, latest, key = sort_key
    return 0, earliest, -latest, key


def _sort_key(cursor: Cursor) -> EventSortKey:
    days = cursor.earliest.toordinal(), -cursor.latest.toordinal()
    return cursor.heading.order, *days, cursor.pk
