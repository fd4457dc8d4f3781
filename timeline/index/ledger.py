"""The ledger of commitments as plain values: who owes what, where it stands, exact counts.

A thread of restated commitments is one promise and counts once, as its latest wording.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from heapq import nsmallest
from itertools import islice
from operator import or_
from typing import Final

from timeline.core.codes import Order
from timeline.core.filters import COUNTED_OF_COMMITMENTS
from timeline.core.question import Cursor, LedgerQuestion
from timeline.index import bits
from timeline.index.commitment_entries import THROUGH_BLOCS, group_of
from timeline.index.commitments import NEVER, CommitmentIndex, Place

PAGE_SIZE: Final = 50
"""Commitments on a page."""

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that the ledger says of a question, in numbers and keys.

    ``keys`` are those of one page in order, of which the first stands at ``first`` (from 1);
    ``following`` is the place that the next page begins after, None on the last. ``options``
    gives for each group the count of each value, and ``indirect``, for the groups of parties, how
    many of them only through a bloc. ``overdue`` and ``quiet`` are how many would be
    found with that filter set. ``statuses`` counts those found by state. ``by_sector`` counts by
    sector and state what would be found with each sector as the only one chosen, and
    ``any_sector`` by state what would be found with none chosen. ``years`` has each year in which
    some of those may have been made that are found without the period, and how many are found with
    that year as the period.
    """

    total: int
    surely: int
    keys: tuple[int, ...]
    first: int
    following: Cursor | None
    options: Mapping[str, Counts]
    indirect: Mapping[str, Counts]
    overdue: int
    quiet: int
    statuses: Counts
    by_sector: Mapping[str, Counts]
    any_sector: Counts
    years: Mapping[int, int]


Narrowed = Mapping[str, Collection[int]]
"""For filters that the ledger cannot decide itself, by parameter: the keys of what they find."""


class Ledger:
    """All commitments on record on a day, ready to be asked."""

    def __init__(self, index: CommitmentIndex) -> None:
        self.index = index

    def answer(self, question: LedgerQuestion, narrowed: Narrowed) -> Answer:
        """Work out total, page and counts; raise QuestionError for a cursor of another question.

        ``narrowed`` gives what the filters ``q``, ``person`` and ``source`` find, each where it is
        asked, and what the words find in titles alone as ``title``.
        """
        cursor = question.cursor()
        conditions = dict(self._conditions(question, narrowed))
        found, any_sector = self._all_but(conditions), self._all_but(conditions, "sector")
        states = self.index.sets["status"]
        page, following = self._page(found, question, cursor, narrowed)
        seen = cursor.seen if cursor else 0
        return Answer(
            total=found.bit_count(),
            surely=self._surely(found, question).bit_count(),
            keys=tuple(self.index.keys[number] for number in page),
            first=seen + 1,
            following=following,
            options={
                group: self._counts(conditions, question, group) for group in COUNTED_OF_COMMITMENTS
            },
            indirect={
                group: self._indirect(conditions, question, group) for group in THROUGH_BLOCS
            },
            overdue=(
                self._all_but(conditions, "overdue") & self.index.marks["overdue"]
            ).bit_count(),
            quiet=(self._all_but(conditions, "quiet") & self.index.marks["quiet"]).bit_count(),
            statuses=_counted(states, found),
            by_sector={
                sector: _counted(states, any_sector & held)
                for sector, held in self.index.sets["sector"].items()
                if any_sector & held
            },
            any_sector=_counted(states, any_sector),
            years=self._years(self._all_but(conditions, "period"), certain=question.certain),
        )

    def keys(self, question: LedgerQuestion, narrowed: Narrowed) -> Iterator[int]:
        """The keys of all that a question finds, in order and from its first page on."""
        found = self._all_but(dict(self._conditions(question, narrowed)))
        for _rank, number in self._in_order(found, question, narrowed):
            yield self.index.keys[number]

    def statuses(self, question: LedgerQuestion) -> Counts:
        """How many of those that a question without words finds stand in each state."""
        return _counted(
            self.index.sets["status"], self._all_but(dict(self._conditions(question, {})))
        )

    def late(self, question: LedgerQuestion, limit: int) -> tuple[int, list[int]]:
        """How many a question finds, and the keys of those that are late or silent the longest."""
        found = self._all_but(dict(self._conditions(question, {})))
        since = self.index.due if question.overdue else self.index.evidence
        first = nsmallest(limit, bits.rising(found), key=lambda number: (since[number], number))
        return found.bit_count(), [self.index.keys[number] for number in first]

    def standing(
        self, question: LedgerQuestion, narrowed: Narrowed, span: tuple[dt.date, dt.date], most: int
    ) -> tuple[int, list[tuple[int, str]]]:
        """How many a question finds, and key and status of those that stand in a span of days.

        One stands from the day on which it was made until it is due, or until today if that is
        not told. No more of them than asked for, those due first before the others; of those
        without a due date the longest silent come first.
        """
        found = self._all_but(dict(self._conditions(question, narrowed)))
        first, last = (day.toordinal() for day in span)
        made = found & bits.below(bisect_right(self.index.earliest, last))
        there = (number for number in self._in_wait(made) if self._end(number) >= first)
        chosen = islice(there, most)
        return found.bit_count(), [(self.index.keys[n], self._status(n)) for n in chosen]

    def _end(self, number: int) -> int:
        due = self.index.due[number]
        return self.index.day.toordinal() if due == NEVER else due

    def _in_wait(self, found: int) -> Iterator[int]:
        """The places found, those due first before the others, then the longest silent."""
        if found.bit_count() * _FEW < len(self.index.keys):
            yield from sorted(bits.rising(found), key=self.index.waiting)
            return
        held = found.to_bytes((len(self.index.keys) + 7) // 8, "little")
        yield from (n for n in self.index.due_first if held[n >> 3] >> (n & 7) & 1)

    def _status(self, number: int) -> str:
        return next(code for code, held in self.index.sets["status"].items() if held >> number & 1)

    # Conditions

    def _conditions(
        self, question: LedgerQuestion, narrowed: Narrowed
    ) -> Iterator[tuple[str, int]]:
        for group in COUNTED_OF_COMMITMENTS:
            chosen = [self._set(group, value, question) for value in question.values(group)]
            if group == "party" and chosen and not question.any_party:
                yield group, reduce(int.__and__, chosen)
            elif chosen:
                yield group, reduce(or_, chosen)
        for parameter in ("q", "place", "person", "source"):
            if parameter in narrowed:
                yield parameter, self._of_keys(narrowed[parameter])
        if question.period:
            first, last = question.period
            held = question.certain
            yield "period", self._surely_within(first, last) if held else self._within(first, last)
        if question.overdue:
            yield "overdue", self.index.marks["overdue"]
        if question.quiet:
            yield "quiet", self.index.marks["quiet"]

    def _set(self, group: str, value: str, question: LedgerQuestion) -> int:
        sets = self.index.sets[group_of(group, directly=question.direct)]
        return sets.get(value, 0)

    def _of_keys(self, keys: Iterable[int]) -> int:
        wanted = frozenset(keys)
        known = (number for number, key in enumerate(self.index.keys) if key in wanted)
        return bits.of(known, len(self.index.keys))

    def _within(self, first: dt.date, last: dt.date) -> int:
        """Those whose day may lie in a period: they stand together up to its last day."""
        end, least = bisect_right(self.index.earliest, last.toordinal()), first.toordinal()
        touching = (n for n, latest in enumerate(self.index.latest[:end]) if latest >= least)
        return bits.of(touching, len(self.index.keys))

    def _surely_within(self, first: dt.date, last: dt.date) -> int:
        start = bisect_left(self.index.earliest, first.toordinal())
        end, most = bisect_right(self.index.earliest, last.toordinal()), last.toordinal()
        inside = (n for n in range(start, end) if self.index.latest[n] <= most)
        return bits.of(inside, len(self.index.keys)) & self.index.marks["sure"]

    def _surely(self, found: int, question: LedgerQuestion) -> int:
        if question.period is None or question.certain:
            return found
        return found & self._surely_within(*question.period)

    def _all_but(self, conditions: Mapping[str, int], left_out: str = "") -> int:
        found = self.index.marks["told"]
        for name, condition in conditions.items():
            if name != left_out:
                found &= condition
        return found

    # Counts

    def _counts(
        self, conditions: Mapping[str, int], question: LedgerQuestion, group: str
    ) -> Counts:
        sets = self.index.sets[group_of(group, directly=question.direct)]
        return _counted(sets, self._offered(conditions, question, group))

    def _indirect(
        self, conditions: Mapping[str, int], question: LedgerQuestion, group: str
    ) -> Counts:
        if question.direct:
            return {}
        direct = self.index.sets[group_of(group, directly=True)]
        through = {
            value: held & ~direct.get(value, 0) for value, held in self.index.sets[group].items()
        }
        return _counted(through, self._offered(conditions, question, group))

    def _offered(self, conditions: Mapping[str, int], question: LedgerQuestion, group: str) -> int:
        """Those that the options of a group are counted among."""
        every = group == "party" and not question.any_party
        return self._all_but(conditions, "" if every else group)

    def _years(self, found: int, *, certain: bool) -> Mapping[int, int]:
        if certain:
            found &= self.index.marks["sure"]
        counted: dict[int, int] = {}
        first = 0
        while first < len(self.index.keys) and found >> first:
            year = dt.date.fromordinal(self.index.earliest[first]).year
            end = bisect_right(self.index.earliest, dt.date(year, 12, 31).toordinal())
            if count := ((found >> first) & bits.below(end - first)).bit_count():
                counted[year] = count
            first = end
        self._count_beyond(counted, found, certain=certain)
        return {year: count for year, count in counted.items() if count}

    def _count_beyond(self, counted: dict[int, int], found: int, *, certain: bool) -> None:
        """Count what reaches beyond the year in which it may begin in the later years, too.

        What is certain is in no year then.
        """
        years = list(counted)
        for begun, ended in self._reaching(found):
            if certain:
                counted[begun] -= 1
                continue
            for year in years[bisect_right(years, begun) : bisect_right(years, ended)]:
                counted[year] += 1

    def _reaching(self, found: int) -> Iterator[tuple[int, int]]:
        """The first and the last year of those found that reach over more than one."""
        held = found.to_bytes((len(self.index.keys) + 7) // 8, "little")
        for number, first, last in self.index.reaching:
            if held[number >> 3] >> (number & 7) & 1:
                yield first, last

    # Pages

    def _page(
        self, found: int, question: LedgerQuestion, cursor: Cursor | None, narrowed: Narrowed
    ) -> tuple[list[int], Cursor | None]:
        after = (
            (
                cursor.rank,
                (cursor.earliest.toordinal(), -cursor.latest.toordinal(), cursor.pk),
            )
            if cursor
            else None
        )
        rows = list(islice(self._in_order(found, question, narrowed, after), PAGE_SIZE + 1))
        page = rows[:PAGE_SIZE]
        if len(rows) <= PAGE_SIZE:
            return [number for _rank, number in page], None
        rank, last = page[-1]
        following = Cursor(
            rank,
            dt.date.fromordinal(self.index.earliest[last]),
            dt.date.fromordinal(self.index.latest[last]),
            self.index.keys[last],
            (cursor.seen if cursor else 0) + PAGE_SIZE,
        )
        return [number for _rank, number in page], following

    def _in_order(
        self,
        found: int,
        question: LedgerQuestion,
        narrowed: Narrowed,
        after: tuple[int, Place] | None = None,
    ) -> Iterator[tuple[int, int]]:
        """The places found with the run that each is in: what titles name, then the rest."""
        named = (
            self._of_keys(narrowed.get("title", ())) if question.order == Order.RELEVANCE else found
        )
        for rank, run in enumerate((found & named, found & ~named)):
            if after is not None and rank < after[0]:
                continue
            place = after[1] if after is not None and rank == after[0] else None
            yield from ((rank, number) for number in self._run(run, question.order, place))

    def _run(self, run: int, order: Order, after: Place | None) -> Iterator[int]:
        step: Callable[[int], Iterator[int]]
        if order == Order.OLDEST:
            begin = self._after(after) if after else 0
            step, run = bits.rising, run >> begin << begin
        else:
            end = self._before(after) if after else len(self.index.keys)
            step, run = bits.falling, run & bits.below(end)
        return step(run)

    def _after(self, place: Place) -> int:
        return bisect_right(range(len(self.index.keys)), place, key=self.index.place)

    def _before(self, place: Place) -> int:
        return bisect_left(range(len(self.index.keys)), place, key=self.index.place)


_FEW: Final = 16
"""Where fewer than one in so many is found, they are sorted rather than looked for in order."""


def _counted(sets: Mapping[str, int], found: int) -> Counts:
    return {value: count for value, held in sets.items() if (count := (found & held).bit_count())}
