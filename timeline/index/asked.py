"""A question put to segments of the record: which events it finds, counted and in order.

Segments hold different events, so that what each of them counts adds up, and their events in order
merge into one list.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import compress
from operator import and_, or_
from typing import Any, Final

from pyroaring import BitMap

from timeline.core.codes import Order
from timeline.core.folding import Term
from timeline.core.question import Cursor
from timeline.database.fulltext import SearchField
from timeline.index.interface import Period
from timeline.index.segment import FEW, Numbers, Place, Segment, Value

LOOKED_UP: Final = ("person", "source")
"""Groups that no bitmaps are kept for."""

Row = tuple[int, Place, Place]
"""An event found: the run that it stands in, what orders it there, and its place."""

LookUp = Callable[[str, Any], BitMap]
"""Gives the events that hold a term in a zone, or in which a person or a source has a part."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """A question in the terms of a segment: values by group, a period, and terms to find.

    Of the values of a group any will do, but of the parties all are needed unless ``any_party``.
    ``parties`` is the group that parties are counted in: 'party' or 'party directly'.
    """

    values: Mapping[str, tuple[Value, ...]]
    any_party: bool
    parties: str
    period: tuple[dt.date, dt.date] | None
    certain: bool
    terms: tuple[Term, ...]
    order: Order

    def needs_all(self, group: str) -> bool:
        """Whether an option's count is of the events found with it added to those chosen."""
        return group == "party" and not self.any_party

    def look_ups(self) -> Iterator[tuple[str, Any]]:
        """What has to be looked up to answer it: a zone and a term, or a group and a key."""
        relevance = self.order == Order.RELEVANCE
        for zone in SearchField if relevance else (SearchField.TEXT,):
            yield from ((zone, term) for term in self.terms)
        for group in LOOKED_UP:
            yield from self.values.get(group, ())


class Asked:
    """One question put to one segment, some of whose events are ``deleted``: changed since."""

    def __init__(
        self, segment: Segment, deleted: BitMap, looked_up: LookUp, conditions: Conditions
    ) -> None:
        self.segment = self._segment = segment
        self._deleted = deleted
        self._looked_up = looked_up
        self._asked = conditions
        rest = (("period", conditions.period), ("q", conditions.terms))
        self._groups = (*conditions.values, *(name for name, there in rest if there))
        self._held: dict[str, BitMap] = {}
        self._found: dict[str, BitMap] = {}
        self._borne: dict[str, Numbers] = {}

    # Which events

    def _holding(self, group: str) -> BitMap:
        """The events that one of the question's conditions lets pass."""
        if group not in self._held:
            self._held[group] = self._work_out(group)
        return self._held[group]

    def _work_out(self, group: str) -> BitMap:
        asked, segment = self._asked, self._segment
        if group == "period" and asked.period is not None:
            within = segment.surely_within if asked.certain else segment.within
            return within(*asked.period)
        if group == "q":
            return reduce(and_, (self._looked_up(SearchField.TEXT, term) for term in asked.terms))
        find: LookUp = self._looked_up if group in LOOKED_UP else segment.bearing
        sets = [find(*value) for value in asked.values[group]]
        return reduce(and_ if asked.needs_all(group) else or_, sets)

    def found(self, without: str = "") -> BitMap:
        """The living events that all conditions but one let pass."""
        if without not in self._groups:
            without = ""
        if without not in self._found:
            groups = (name for name in self._groups if name != without)
            sets = sorted(map(self._holding, groups), key=len)
            whole = reduce(and_, sets) if sets else self._segment.everything
            self._found[without] = whole - self._deleted if self._deleted else whole
        return self._found[without]

    def touching(self, first: int, last: int) -> BitMap:
        """Those found that may lie between two days, given as ordinals, both included."""
        days = dt.date.fromordinal(first), dt.date.fromordinal(last)
        return self.found() & self._segment.within(*days)

    def _lone(self, without: str) -> Value | None:
        """The one value that is asked for beside a condition, where there is nothing else."""
        groups = [name for name in self._groups if name != without]
        if len(groups) != 1 or groups[0] not in self._asked.values:
            return None
        chosen = self._asked.values[groups[0]]
        return chosen[0] if len(chosen) == 1 and chosen[0] in self._segment.sets else None

    # Counts

    def total(self) -> int:
        """How many events are found."""
        return len(self.found())

    def surely(self) -> int:
        """How many of them lie surely in the period asked for."""
        asked = self._asked
        if asked.period is None or asked.certain:
            return self.total()
        return self.found().intersection_cardinality(self._segment.surely_within(*asked.period))

    def counts(self, group: str, *, among: str) -> dict[int | str, int]:
        """How many events bear each value of a group, among those found without a condition."""
        first, last = self._segment.group(group)
        counted = self._counted(group, among).tolist()
        values = self._segment.values[first:last]
        return {value: count for (_, value), count in zip(values, counted, strict=True) if count}

    def _counted(self, group: str, without: str) -> Numbers:
        segment = self._segment
        first, last = segment.group(group)
        if without not in self._groups:
            without = ""
        if without not in self._borne:
            lone = self._lone(without)
            if set(self._groups) <= {without}:
                self._borne[without] = self._living(segment.totals, segment.everything)
            elif lone is not None:
                self._borne[without] = self._living(segment.beside(lone), segment.bearing(*lone))
            elif len(self.found(without)) > FEW:
                return segment.counted(self.found(without), group)
            else:
                self._borne[without] = segment.value_counts(self.found(without))
        return self._borne[without][first:last]

    def _living(self, counted: Numbers, held: BitMap) -> Numbers:
        """Counts of all events in a set, those of the deleted among them taken off."""
        return (
            counted - self._segment.value_counts(held & self._deleted) if self._deleted else counted
        )

    def by_month(self) -> Numbers:
        """How many events may begin in each month of the segment, the period left out."""
        segment = self._segment
        lone = self._lone("period")
        if lone is None:
            return segment.by_month(self.found("period"))
        counted = segment.by_month_of(lone)
        if self._deleted:
            counted = counted - segment.by_month(segment.bearing(*lone) & self._deleted)
        return counted

    def months(self) -> dict[tuple[int, int], int]:
        """The same as a mapping, months without events left out."""
        told = self.by_month().tolist()
        return dict(compress(zip(self._segment.months, told, strict=True), told))

    def in_periods(self, periods: tuple[Period, ...]) -> Numbers:
        """How many events each period would find in the place of the one that is asked for."""
        segment, certain = self._segment, self._asked.certain
        lone = self._lone("period")
        if lone is None and set(self._groups) - {"period"}:
            return segment.in_periods(self.found("period"), periods, certain=certain)
        counted = segment.in_periods_of(lone, periods, certain=certain)
        if self._deleted:
            held = segment.everything if lone is None else segment.bearing(*lone)
            counted = counted - segment.in_periods(held & self._deleted, periods, certain=certain)
        return counted

    def in_periods_bearing(self, periods: tuple[Period, ...], held: BitMap) -> Numbers:
        """The same of some of those found without the period that is asked for."""
        return self._segment.in_periods(held, periods, certain=self._asked.certain)

    def under(self, headings: Sequence[int], today: dt.date) -> list[int]:
        """How many of those found, those to come left out, stand under each heading."""
        _ordered, coming = self._segment.upcoming(today)
        return self._segment.under(headings, self.found() - coming)

    def coming(self, state: str, today: dt.date) -> int:
        """How many of those found that are to come are in a state."""
        _ordered, coming = self._segment.upcoming(today)
        return len(self.found() & coming & self._segment.bearing("state", state))

    # In order

    def rows(self, today: dt.date, cursor: Cursor | None) -> Iterator[Row]:
        """The events found, in order, from a place in the list on."""
        for rank, run in enumerate(self._runs(today)):
            if cursor is not None and rank < cursor.rank:
                continue
            after = None
            if cursor is not None and rank == cursor.rank:
                days = cursor.earliest.toordinal(), -cursor.latest.toordinal()
                after = cursor.heading.order, *days, cursor.pk
            for order, place in run(after):
                yield rank, order, place

    def _runs(self, today: dt.date) -> "Sequence[_Run]":
        found, segment = self.found(), self._segment
        if self._asked.order == Order.RELEVANCE:
            named = self._named(SearchField.TITLE)
            told = self._named(SearchField.TITLE, SearchField.QUOTATION) - named
            sets = (found & named, found & told, found - named - told)
            return [partial(_newest, segment, one) for one in sets]
        ordered, coming = segment.upcoming(today)
        soonest = partial(_soonest, segment, ordered, found & coming)
        if self._asked.order == Order.NEWEST:
            return [soonest, partial(_newest, segment, found - coming)]
        return [partial(_oldest, segment, found - coming), soonest]

    def _named(self, *zones: SearchField) -> BitMap:
        """The events of which each term is found in one of these zones."""
        terms = self._asked.terms
        either = (reduce(or_, (self._looked_up(zone, term) for zone in zones)) for term in terms)
        return reduce(and_, either)


_Run = Callable[[Place | None], Iterator[tuple[Place, Place]]]
"""Gives the events of a run that stand after a place, each as what orders it and its place."""


def _newest(segment: Segment, found: BitMap, after: Place | None) -> Iterator[tuple[Place, Place]]:
    upto = len(found)
    if after is not None:
        before = segment.before(after)
        upto = found.rank(before - 1) if before else 0
    for at in range(upto - 1, -1, -1):
        heading, earliest, latest, key = place = segment.place(found[at])
        yield (-heading, -earliest, -latest, -key), place


def _oldest(segment: Segment, found: BitMap, after: Place | None) -> Iterator[tuple[Place, Place]]:
    upto = segment.upto(after) if after is not None else 0
    for at in range(found.rank(upto - 1) if upto else 0, len(found)):
        place = segment.place(found[at])
        yield place, place


def _soonest(
    segment: Segment, ordered: Sequence[int], found: BitMap, after: Place | None
) -> Iterator[tuple[Place, Place]]:
    """What is to come: the soonest first, and of one day the most precise first."""
    last = (0, after[1], -after[2], after[3]) if after is not None else None
    for number in ordered if found else ():
        if number in found:
            _heading, earliest, latest, key = place = segment.place(number)
            order = 0, earliest, -latest, key
            if last is None or order > last:
                yield order, place
