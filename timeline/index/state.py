"""One committed state of the record in memory, which answers questions."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any

from pyroaring import BitMap

from timeline.core.question import Cursor, Question
from timeline.index import pictures
from timeline.index.asked import Asked, Conditions, Row
from timeline.index.base import Base
from timeline.index.facts import Changed
from timeline.index.interface import PAGE_SIZE, Answer, Bins, Counts, Spread
from timeline.index.names import Keys, Names
from timeline.index.segment import Value
from timeline.version import Version

LookedUp = Mapping[tuple[str, Any], BitMap]
"""What was looked up of a base: the events that hold a term or have a person or source in them."""


@dataclass(frozen=True, slots=True)
class State:
    """A base, and what has changed since the version of the record that it is of.

    ``dead`` are the events of the base that changed; ``changed`` holds them as they are now.
    """

    version: Version
    names: Names
    base: Base
    dead: BitMap
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
        conditions = self.names.conditions(question, named)
        parts = self._parts(conditions, looked_up)
        rows = list(islice(_in_order(parts, today, cursor), PAGE_SIZE + 1))
        seen = cursor.seen if cursor else 0
        more = len(rows) > PAGE_SIZE
        by_month = [(part, part.by_month()) for part in parts]
        return Answer(
            total=sum(part.total() for part in parts),
            surely=sum(part.surely() for part in parts),
            ids=tuple(key for _rank, _order, (_earliest, _latest, key) in rows[:PAGE_SIZE]),
            first=seen + 1,
            following=_cursor(rows[PAGE_SIZE - 1], seen + PAGE_SIZE) if more else None,
            options=self._options(parts, conditions),
            indirect=self._indirect(parts, conditions),
            months=_sum(part.months(counted) for part, counted in by_month),
            years=_sum(part.years(counted) for part, counted in by_month),
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
        parts = self._parts(self.names.conditions(question, named), looked_up)
        rows = _in_order(parts, today, None)
        return tuple(key for _rank, _order, (_earliest, _latest, key) in rows)

    # What pictures ask

    def spread(
        self,
        question: Question,
        named: Keys,
        looked_up: LookedUp,
        bins: Bins,
    ) -> dict[str, Spread]:
        """Spread the events found over bins of time, under each of the values."""
        parts = self._parts(self.names.conditions(question, named), looked_up)
        wanted: Mapping[str, Value | None] = (
            self.names.chosen(question, bins.group, bins.values) if bins.group else {"": None}
        )
        return pictures.spread(parts, bins, wanted)

    def crossed(
        self,
        question: Question,
        named: Keys,
        looked_up: LookedUp,
        rows: tuple[str, Sequence[str]],
        columns: tuple[str, Sequence[str]],
    ) -> dict[tuple[str, str], int]:
        """How many of the events found bear both a value of one group and one of another."""
        parts = self._parts(self.names.conditions(question, named), looked_up)
        sides = (self.names.chosen(question, *side) for side in (rows, columns))
        return pictures.crossed(parts, *sides)

    def places(self, question: Question, named: Keys, looked_up: LookedUp) -> dict[int, int]:
        """How many of the events found met at each place."""
        parts = self._parts(self.names.conditions(question, named), looked_up)
        return _sum(part.counts("place", among="") for part in parts)

    def _parts(self, conditions: Conditions, looked_up: LookedUp) -> list[Asked]:
        parts = [
            Asked(self.base.segment, self.dead, lambda *what: looked_up[what], conditions),
            Asked(self.changed.segment, BitMap(), self.changed.looked_up, conditions),
        ]
        return parts if len(self.changed.segment) else parts[:1]

    def _options(self, parts: list[Asked], conditions: Conditions) -> dict[str, Counts]:
        counted: dict[str, Counts] = {}
        for group in ("sector", "kind", "state", "source_kind", "framework"):
            found = _sum(part.counts(group, among=group) for part in parts)
            counted[group] = self.names.told(group, found)
        among = "party" if conditions.any_party else ""
        found = _sum(part.counts(conditions.parties, among=among) for part in parts)
        return {**counted, "party": self.names.told("party", found)}

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
        return self.names.told("party", through)


def _in_order(parts: list[Asked], today: dt.date, cursor: Cursor | None) -> Iterator[Row]:
    rows = [part.rows(today, cursor) for part in parts]
    return rows[0] if len(rows) == 1 else merge(*rows)


def _cursor(row: Row, seen: int) -> Cursor:
    rank, _order, (earliest, latest, key) = row
    day = dt.date.fromordinal
    return Cursor(rank, day(earliest), day(-latest), key, seen)


def _sum(counts: Iterator[dict[Any, int]]) -> dict[Any, int]:
    first, *others = counts
    if not others:
        return first
    total = Counter(first)
    for other in others:
        total.update(other)
    return dict(total)
