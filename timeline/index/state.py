"""One committed state of the record in memory, which answers questions."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any

import numpy as np
from pyroaring import BitMap

from timeline.core.codes import EventState, Order
from timeline.core.dates import HEADINGS_A_YEAR, Heading
from timeline.core.filters import COUNTED
from timeline.core.question import Cursor, Question
from timeline.database.version import Version
from timeline.index import pictures
from timeline.index.asked import Asked, Conditions, Row
from timeline.index.base import Base
from timeline.index.interface import (
    PAGE_SIZE,
    Answer,
    Bins,
    Counts,
    Periods,
    Spread,
    whole_year,
)
from timeline.index.keymap import Keymap, Keys
from timeline.index.loader import Changed
from timeline.index.segment import Value

LookedUp = Mapping[tuple[str, Any], BitMap]
"""What was looked up of a base: the events that hold a term or have a person or source in them."""


@dataclass(frozen=True, slots=True)
class State:
    """A base, and what has changed since the version of the record that it is of.

    ``deleted`` are the events of the base that changed; ``changed`` holds them as they are now.
    """

    version: Version
    keymap: Keymap
    base: Base
    deleted: BitMap
    changed: Changed

    def answer(
        self,
        question: Question,
        named: Keys,
        looked_up: LookedUp,
        *,
        today: dt.date,
    ) -> Answer:
        """Work out total, page, counts and months."""
        cursor = question.cursor()
        conditions = self.keymap.conditions(question, named)
        parts = self._parts(conditions, looked_up)
        rows = list(islice(_in_order(parts, today, cursor), PAGE_SIZE + 1))
        seen = cursor.seen if cursor else 0
        more = len(rows) > PAGE_SIZE
        months = _sum(part.months() for part in parts)
        return Answer(
            total=sum(part.total() for part in parts),
            surely=sum(part.surely() for part in parts),
            ids=tuple(place[-1] for _rank, _order, place in rows[:PAGE_SIZE]),
            first=seen + 1,
            following=_cursor(rows[PAGE_SIZE - 1], seen + PAGE_SIZE) if more else None,
            options=self._options(parts, conditions),
            indirect=self._indirect(parts, conditions),
            months=months,
            years=_years(parts, months),
            headings=_headings(parts, conditions.order, rows[:PAGE_SIZE], today),
            coming=_coming(parts, conditions.order, today),
        )

    def matching(
        self,
        question: Question,
        named: Keys,
        looked_up: LookedUp,
        *,
        today: dt.date,
    ) -> tuple[int, ...]:
        """The keys of all events found, in order."""
        parts = self._parts(self.keymap.conditions(question, named), looked_up)
        rows = _in_order(parts, today, None)
        return tuple(place[-1] for _rank, _order, place in rows)

    # What pictures ask

    def spread(
        self,
        question: Question,
        named: Keys,
        looked_up: LookedUp,
        bins: Bins,
    ) -> dict[str, Spread]:
        """Spread the events found over bins of time, under each of the values."""
        parts = self._parts(self.keymap.conditions(question, named), looked_up)
        wanted: Mapping[str, Value | None] = (
            self.keymap.chosen(question, bins.group, bins.values) if bins.group else {"": None}
        )
        return pictures.spread(parts, bins, wanted)

    def held(
        self, question: Question, named: Keys, looked_up: LookedUp, periods: Periods
    ) -> dict[str, list[int]]:
        """How many events the question finds with each of some periods as its own."""
        parts = self._parts(self.keymap.conditions(question, named), looked_up)
        values: Mapping[str, Value] = (
            self.keymap.chosen(question, periods.group, periods.values) if periods.group else {}
        )
        return pictures.held(parts, periods, values)

    def crossed(
        self,
        question: Question,
        named: Keys,
        looked_up: LookedUp,
        rows: tuple[str, Sequence[str]],
        columns: tuple[str, Sequence[str]],
    ) -> dict[tuple[str, str], int]:
        """How many of the events found bear both a value of one group and one of another."""
        parts = self._parts(self.keymap.conditions(question, named), looked_up)
        sides = (self.keymap.chosen(question, *side) for side in (rows, columns))
        return pictures.crossed(parts, *sides)

    def places(self, question: Question, named: Keys, looked_up: LookedUp) -> dict[int, int]:
        """How many of the events found met at each place."""
        parts = self._parts(self.keymap.conditions(question, named), looked_up)
        return _sum(part.counts("place", among="") for part in parts)

    def _parts(self, conditions: Conditions, looked_up: LookedUp) -> list[Asked]:
        parts = [
            Asked(self.base.segment, self.deleted, lambda *what: looked_up[what], conditions),
            Asked(self.changed.segment, BitMap(), self.changed.looked_up, conditions),
        ]
        return parts if len(self.changed.segment) else parts[:1]

    def _options(self, parts: list[Asked], conditions: Conditions) -> dict[str, Counts]:
        counted: dict[str, Counts] = {}
        for group in COUNTED:
            if group == "party":
                continue
            found = _sum(part.counts(group, among=group) for part in parts)
            counted[group] = self.keymap.told(group, found)
        among = "party" if conditions.any_party else ""
        found = _sum(part.counts(conditions.parties, among=among) for part in parts)
        return {**counted, "party": self.keymap.told("party", found)}

    def _indirect(self, parts: list[Asked], conditions: Conditions) -> Counts:
        """How many events each party is in only through blocs."""
        among = "party" if conditions.any_party else ""
        directly = _sum(part.counts("party directly", among=among) for part in parts)
        whole = (
            directly
            if conditions.parties == "party directly"
            else _sum(part.counts("party", among=among) for part in parts)
        )
        through = {key: count - directly.get(key, 0) for key, count in whole.items()}
        return self.keymap.told("party", through)


def _in_order(parts: list[Asked], today: dt.date, cursor: Cursor | None) -> Iterator[Row]:
    rows = [part.rows(today, cursor) for part in parts]
    return rows[0] if len(rows) == 1 else merge(*rows)


def _cursor(row: Row, seen: int) -> Cursor:
    rank, _order, (heading, earliest, latest, key) = row
    day = dt.date.fromordinal
    return Cursor(rank, day(earliest), day(-latest), key, seen, not heading % HEADINGS_A_YEAR)


def _years(parts: list[Asked], months: Mapping[tuple[int, int], int]) -> dict[int, int]:
    """How many events each year finds, of the years in which some may begin."""
    years = sorted({year for year, _month in months})
    if not years:
        return {}
    periods = tuple(whole_year(year) for year in years)
    counts = np.sum([part.in_periods(periods) for part in parts], axis=0).tolist()
    return {year: n for year, n in zip(years, counts, strict=True) if n}


def _headings(
    parts: list[Asked], order: Order, rows: Sequence[Row], today: dt.date
) -> dict[Heading, int]:
    """How many of all events found stand under each heading of a page."""
    if order == Order.RELEVANCE:
        return {}
    listed = 1 if order == Order.NEWEST else 0
    numbers = list(dict.fromkeys(place[0] for rank, _order, place in rows if rank == listed))
    counts = zip(*(part.under(numbers, today) for part in parts), strict=True)
    found = {}
    for number, counted in zip(numbers, counts, strict=True):
        year, month = divmod(number, HEADINGS_A_YEAR)
        found[Heading(year, month or None)] = sum(counted)
    return found


def _coming(parts: list[Asked], order: Order, today: dt.date) -> tuple[int, int]:
    """How many of what is to come are planned, and how many postponed."""
    if order == Order.RELEVANCE:
        return 0, 0
    planned, postponed = (
        sum(part.coming(state.value, today) for part in parts)
        for state in (EventState.PLANNED, EventState.POSTPONED)
    )
    return planned, postponed


def _sum(counts: Iterator[dict[Any, int]]) -> dict[Any, int]:
    first, *others = counts
    if not others:
        return first
    total = Counter(first)
    for other in others:
        total.update(other)
    return dict(total)
