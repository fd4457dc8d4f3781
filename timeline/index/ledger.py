"""The ledger of commitments: filters, exact counts and pages, from plain values in memory.

A thread of restated commitments counts once, as its latest wording.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from heapq import nsmallest
from itertools import islice
from operator import and_, or_
from typing import Final

from timeline.core.dates import EdtfDate
from timeline.core.filters import COUNTED_OF_COMMITMENTS
from timeline.core.question import Cursor, LedgerQuestion
from timeline.index import bits
from timeline.index.commitment_entries import NATURE, SIDE, THROUGH_BLOCS, group_of, side_value
from timeline.index.commitments import NEVER, CommitmentIndex
from timeline.index.dated import Narrowed, count
from timeline.index.interface import Counts

_PAIR: Final = "pair"
"""The condition that obligor and beneficiary are different sides of a mutual commitment."""

_SPARSE: Final = 16
"""Where fewer than one in this many is found, sorting them is faster than going through all."""


@dataclass(frozen=True, slots=True)
class LedgerAnswer:
    """Everything that the ledger shows of a question, as numbers and keys.

    ``keys`` are those of one page in order, of which the first is number ``first`` of the list
    (from 1). ``following`` is the cursor of the next page, None on the last one, and ``preceding``
    that of the page before, None where it is the first. ``options`` holds, for each group, the
    count of each value, and ``indirect``, for the groups of parties, how many of them are found
    only through a bloc. ``overdue`` and ``quiet`` count what would be found with that filter set.
    ``statuses`` counts those found by state. ``by_sector`` counts, by sector and state, what would
    be found with that sector as the only one chosen, and ``any_sector``, by state, what would be
    found with none chosen. ``years`` has each year in which some of those found without the period
    may have been made, and how many are found with that year as the period.
    """

    total: int
    surely: int
    keys: tuple[int, ...]
    first: int
    following: Cursor | None
    preceding: Cursor | None
    options: Mapping[str, Counts]
    indirect: Mapping[str, Counts]
    overdue: int
    quiet: int
    statuses: Counts
    by_sector: Mapping[str, Counts]
    any_sector: Counts
    years: Mapping[int, int]


class Ledger:
    """Answers questions about all commitments on record on a day."""

    def __init__(self, index: CommitmentIndex) -> None:
        self.index = index

    def answer(self, question: LedgerQuestion, narrowed: Narrowed) -> LedgerAnswer:
        """Work out everything that the ledger's page shows.

        ``narrowed`` holds what each of the filters ``q``, ``place``, ``person``,
        ``instrument`` and ``source`` finds, if the question has it, and under ``title`` what the
        words find in titles alone.
        Raise QuestionError for a cursor of another question.
        """
        conditions = dict(self._conditions(question, narrowed))
        matching = self._matching(conditions)
        any_sector = self._matching(conditions, without="sector")
        overdue = self._matching(conditions, without="overdue") & self.index.flags["overdue"]
        quiet = self._matching(conditions, without="quiet") & self.index.flags["quiet"]
        states = self.index.sets["status"]
        page = self.index.page(matching, question, narrowed.get("title", ()))
        return LedgerAnswer(
            total=matching.bit_count(),
            surely=self.index.surely(matching, question).bit_count(),
            keys=self.index.keys_of(page.positions),
            first=page.first,
            following=page.following,
            preceding=page.preceding,
            options={
                group: self._counts(conditions, question, group) for group in COUNTED_OF_COMMITMENTS
            },
            indirect={
                group: self._indirect(conditions, question, group) for group in THROUGH_BLOCS
            },
            overdue=overdue.bit_count(),
            quiet=quiet.bit_count(),
            statuses=count(states, matching),
            by_sector={
                sector: count(states, any_sector & positions)
                for sector, positions in self.index.sets["sector"].items()
                if any_sector & positions
            },
            any_sector=count(states, any_sector),
            years=self.index.years(
                self._matching(conditions, without="period"), certain=question.certain
            ),
        )

    def page_at(
        self, question: LedgerQuestion, narrowed: Narrowed, date: EdtfDate
    ) -> Cursor | None:
        """Return the cursor of the page that begins at a date, as an index of dates finds it."""
        matching = self._matching(dict(self._conditions(question, narrowed)))
        return self.index.page_at(matching, question, date)

    def keys(self, question: LedgerQuestion, narrowed: Narrowed) -> Iterator[int]:
        """Yield the keys of all commitments found, in order, from the first page on."""
        matching = self._matching(dict(self._conditions(question, narrowed)))
        for position in self.index.in_order(matching, question, narrowed.get("title", ())):
            yield self.index.keys[position]

    def total(self, question: LedgerQuestion, narrowed: Narrowed) -> int:
        """Count the commitments found."""
        return self._matching(dict(self._conditions(question, narrowed))).bit_count()

    def statuses(self, question: LedgerQuestion) -> Counts:
        """Count by state the commitments found by a question that needs nothing of the database."""
        matching = self._matching(dict(self._conditions(question, {})))
        return count(self.index.sets["status"], matching)

    def late(self, question: LedgerQuestion, limit: int) -> tuple[int, list[int]]:
        """Count the commitments found; return the keys of those overdue or quiet for longest."""
        matching = self._matching(dict(self._conditions(question, {})))
        since = self.index.due if question.overdue else self.index.evidence
        first = nsmallest(limit, bits.ascending(matching), key=lambda n: (since[n], n))
        return matching.bit_count(), [self.index.keys[position] for position in first]

    def standing(
        self, question: LedgerQuestion, narrowed: Narrowed, span: tuple[dt.date, dt.date], most: int
    ) -> tuple[int, list[tuple[int, str]]]:
        """Count the commitments found; return key and status of those that stand in a span of days.

        A commitment stands from the day on which it was made until it is due, or until today if it
        has no due date. At most ``most`` are returned: the earliest due first, and of those without
        a due date the one without evidence for longest.
        """
        matching = self._matching(dict(self._conditions(question, narrowed)))
        first, last = (day.toordinal() for day in span)
        begun = matching & bits.below(bisect_right(self.index.earliest, last))
        standing = (
            position for position in self._in_due_order(begun) if self._end(position) >= first
        )
        return matching.bit_count(), [
            (self.index.keys[position], self._status(position))
            for position in islice(standing, most)
        ]

    def _end(self, position: int) -> int:
        due = self.index.due[position]
        return self.index.day.toordinal() if due == NEVER else due

    def _in_due_order(self, matching: int) -> Iterator[int]:
        """Yield these positions, the earliest due first, then those longest without evidence."""
        if matching.bit_count() * _SPARSE < len(self.index.keys):
            yield from sorted(bits.ascending(matching), key=self.index.due_key)
            return
        octets = self.index.octets(matching)
        yield from (n for n in self.index.due_first if octets[n >> 3] >> (n & 7) & 1)

    def _status(self, position: int) -> str:
        states = self.index.sets["status"].items()
        return next(code for code, positions in states if positions >> position & 1)

    # Conditions

    def _conditions(
        self, question: LedgerQuestion, narrowed: Narrowed
    ) -> Iterator[tuple[str, int]]:
        if question.nature is not None:
            yield NATURE, self.index.sets[NATURE].get(question.nature.value, 0)
        for group in COUNTED_OF_COMMITMENTS:
            sets = [self._set(group, value, question) for value in question.values(group)]
            if group == "party" and sets and not question.any_party:
                yield group, reduce(and_, sets)
            elif sets:
                yield group, reduce(or_, sets)
        if question.obligors and question.beneficiaries:
            yield _PAIR, self._pairs(question)
        for parameter in ("q", "place", "person", "instrument", "source"):
            if parameter in narrowed:
                yield parameter, self.index.with_keys(narrowed[parameter])
        if question.period:
            yield "period", self.index.in_period(question)
        if question.overdue:
            yield "overdue", self.index.flags["overdue"]
        if question.quiet:
            yield "quiet", self.index.flags["quiet"]

    def _set(self, group: str, value: str, question: LedgerQuestion) -> int:
        sets = self.index.sets[group_of(group, directly=question.direct)]
        return sets.get(value, 0)

    # Mutual commitments: each side owes them to the others

    def _on_side(self, number: int, codes: Iterable[str], *, directly: bool) -> int:
        """Return the mutual commitments in which any of these parties is on a side."""
        sets = self.index.sets[group_of(SIDE, directly=directly)]
        return reduce(or_, (sets.get(side_value(number, code), 0) for code in codes), 0)

    def _pairs(self, question: LedgerQuestion) -> int:
        """Return the commitments of which a chosen obligor and beneficiary are different sides.

        Those that are not mutual have no sides, and all match.
        """
        owing = self._opposite(question.obligors, directly=question.direct)
        owed = self._facing(owing, question.beneficiaries, directly=question.direct)
        return ~self.index.flags["mutual"] | owed

    def _facing(self, opposite: Sequence[int], codes: Collection[str], *, directly: bool) -> int:
        """Return what of ``opposite``, given for each side, has any of these parties on it."""
        found = (
            self._on_side(number, codes, directly=directly) & others
            for number, others in enumerate(opposite)
        )
        return reduce(or_, found, 0)

    def _opposite(self, codes: Collection[str], *, directly: bool) -> list[int]:
        """Return for each side the mutual commitments in which a party is on another side."""
        numbers = range(self.index.side_count)
        sides = [self._on_side(number, codes, directly=directly) for number in numbers]
        return [
            reduce(or_, (side for other, side in enumerate(sides) if other != number), 0)
            for number in numbers
        ]

    def _sets(self, question: LedgerQuestion, group: str, *, directly: bool) -> Mapping[str, int]:
        """Return the commitments of each value of a group, as options count them.

        Owed-by and owed-to are read as a pair of different sides: where parties of the one are
        chosen, an option of the other finds only what they are two sides of.
        """
        sets = self.index.sets[group_of(group, directly=directly)]
        chosen = {"obligor": question.beneficiaries, "beneficiary": question.obligors}.get(group)
        if not chosen or not self.index.side_count:
            return sets
        opposite = self._opposite(chosen, directly=question.direct)
        one_sided = ~self.index.flags["mutual"]
        return {
            value: positions & one_sided | self._facing(opposite, (value,), directly=directly)
            for value, positions in sets.items()
        }

    def _matching(self, conditions: Mapping[str, int], without: str = "") -> int:
        """Return the commitments that satisfy all conditions, or all but one."""
        matching = self.index.flags["latest_wording"]
        left_out = {without, _PAIR} if without in ("obligor", "beneficiary") else {without}
        for name, positions in conditions.items():
            if name not in left_out:
                matching &= positions
        return matching

    # Counts

    def _counts(
        self, conditions: Mapping[str, int], question: LedgerQuestion, group: str
    ) -> Counts:
        sets = self._sets(question, group, directly=question.direct)
        return count(sets, self._countable(conditions, question, group))

    def _indirect(
        self, conditions: Mapping[str, int], question: LedgerQuestion, group: str
    ) -> Counts:
        if question.direct:
            return {}
        direct = self._sets(question, group, directly=True)
        through = {
            value: positions & ~direct.get(value, 0)
            for value, positions in self._sets(question, group, directly=False).items()
        }
        return count(through, self._countable(conditions, question, group))

    def _countable(
        self, conditions: Mapping[str, int], question: LedgerQuestion, group: str
    ) -> int:
        """Return the commitments among which the options of a group are counted."""
        # Where all parties are needed, an option adds a condition to those already chosen.
        needs_all = group == "party" and not question.any_party
        return self._matching(conditions, without="" if needs_all else group)
