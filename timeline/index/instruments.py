"""The index of texts: filters, exact counts and pages, from plain values in memory.

A text matches with all of the chosen parties. Status and waiting apply to each of them, or to any
party to the text if none is chosen.
"""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import Final

from timeline.core.codes import PartyStatus
from timeline.core.dates import EdtfDate
from timeline.core.filters import OF_INSTRUMENTS
from timeline.core.question import Cursor, InstrumentQuestion
from timeline.index import bits
from timeline.index.dated import DatedIndex, Narrowed, count
from timeline.index.interface import Counts

_ANY_PARTY: Final = ""
"""Stands for any party where positions are kept by the code of a party."""

_WAITING: Final = "waiting"

_STATUSES: Final = tuple(str(status) for status in OF_INSTRUMENTS["status"].codes)

_OF_THE_TEXT: Final = ("kind", "state", "binds")
"""Groups of which a text has one value, whatever its parties did."""


@dataclass(frozen=True, slots=True)
class IndexedInstrument:
    """A text as it stands on a day, as the list of texts counts it.

    ``statuses`` are those of its parties by code. ``waiting`` are the codes of the parties whose
    ratification is waited for.
    """

    key: int
    date: EdtfDate
    kind: str
    state: str
    binds: str
    statuses: Mapping[str, PartyStatus]
    waiting: Collection[str] = ()

    def of_the_text(self) -> tuple[str, str, str]:
        """Return its value in each of the groups of which a text has one."""
        return self.kind, self.state, self.binds


@dataclass(frozen=True, slots=True)
class InstrumentAnswer:
    """Everything that the list of texts shows of a question, as numbers and keys.

    ``keys`` are those of one page in order, of which the first is number ``first`` of the list
    (from 1). ``following`` is the cursor of the next page, None on the last one, and ``preceding``
    that of the page before, None where it is the first. ``options`` holds the count of each value
    of each group, ``waiting`` what would be found with that filter set. ``years`` has each year in
    which some of those found without the period may be dated, and how many are found with that year
    as the period.
    """

    total: int
    surely: int
    keys: tuple[int, ...]
    first: int
    following: Cursor | None
    preceding: Cursor | None
    options: Mapping[str, Counts]
    waiting: int
    years: Mapping[int, int]


class InstrumentIndex(DatedIndex):
    """All texts on record on a day, by their positions in the order of time.

    ``standing`` holds the positions of the texts with which a party, by its code, has a status or
    is waited for.
    """

    def __init__(self, entries: Iterable[IndexedInstrument]) -> None:
        super().__init__()
        ordered = sorted(
            entries, key=lambda e: (e.date.earliest, -e.date.latest.toordinal(), e.key)
        )
        self.keys = array("q", (entry.key for entry in ordered))
        self.earliest = array("i", (entry.date.earliest.toordinal() for entry in ordered))
        self.latest = array("i", (entry.date.latest.toordinal() for entry in ordered))
        members: dict[str, dict[str, list[int]]] = {
            group: defaultdict(list) for group in (*_OF_THE_TEXT, "party")
        }
        standing: dict[tuple[str, str], list[int]] = defaultdict(list)
        for position, entry in enumerate(ordered):
            for group, value in zip(_OF_THE_TEXT, entry.of_the_text(), strict=True):
                members[group][value].append(position)
            for code, status in entry.statuses.items():
                members["party"][code].append(position)
                standing[code, status].append(position)
                standing[_ANY_PARTY, status].append(position)
            for code in entry.waiting:
                standing[code, _WAITING].append(position)
                standing[_ANY_PARTY, _WAITING].append(position)
        size = len(ordered)
        self.everything = bits.below(size)
        self.sets = {
            group: {value: bits.from_members(rows, size) for value, rows in sorted(values.items())}
            for group, values in members.items()
        }
        self.standing = {key: bits.from_members(rows, size) for key, rows in standing.items()}
        sure = (position for position, entry in enumerate(ordered) if entry.date.sure)
        self.flags = {"sure": bits.from_members(sure, size)}

    def answer(self, question: InstrumentQuestion, narrowed: Narrowed) -> InstrumentAnswer:
        """Work out everything that the list of texts shows.

        Raise QuestionError for a cursor of another question.
        """
        conditions = dict(self._conditions(question, narrowed))
        matching = self._matching(conditions)
        others = self._matching(conditions, without="party")
        page = self.page(matching, question, narrowed.get("title", ()))
        with_status = {
            status: others & self._parties(replace(question, statuses=(status,)))
            for status in _STATUSES
        }
        with_party = {code: self._party(code, question) for code in self.sets["party"]}
        return InstrumentAnswer(
            total=matching.bit_count(),
            surely=self.surely(matching, question).bit_count(),
            keys=self.keys_of(page.positions),
            first=page.first,
            following=page.following,
            preceding=page.preceding,
            options={
                **{
                    group: count(self.sets[group], self._matching(conditions, without=group))
                    for group in _OF_THE_TEXT
                },
                "status": count(with_status, self.everything),
                # Each has to be a party as well as those already chosen.
                "party": count(with_party, matching),
            },
            waiting=(others & self._parties(replace(question, waiting=True))).bit_count(),
            years=self.years(
                self._matching(conditions, without="period"), certain=question.certain
            ),
        )

    def found_at(
        self, question: InstrumentQuestion, narrowed: Narrowed, date: EdtfDate
    ) -> Cursor | None:
        """Return the cursor of the page of the texts found that begins at a date."""
        matching = self._matching(dict(self._conditions(question, narrowed)))
        return self.page_at(matching, question, date)

    def matching(self, question: InstrumentQuestion, narrowed: Narrowed) -> list[int]:
        """Return the keys of all texts found, in order, from the first page on."""
        matching = self._matching(dict(self._conditions(question, narrowed)))
        positions = self.in_order(matching, question, narrowed.get("title", ()))
        return [self.keys[position] for position in positions]

    def total(self, question: InstrumentQuestion, narrowed: Narrowed) -> int:
        """Count the texts found."""
        return self._matching(dict(self._conditions(question, narrowed))).bit_count()

    def _conditions(
        self, question: InstrumentQuestion, narrowed: Narrowed
    ) -> Iterator[tuple[str, int]]:
        yield "party", self._parties(question)
        for group in _OF_THE_TEXT:
            if values := question.values(group):
                yield group, self._any_of(self.sets[group].get(value, 0) for value in values)
        if "q" in narrowed:
            yield "q", self.with_keys(narrowed["q"])
        if question.period:
            yield "period", self.in_period(question)

    def _parties(self, question: InstrumentQuestion) -> int:
        """Return the texts to which all chosen parties are parties with a matching status."""
        if not question.parties:
            return self._standing(_ANY_PARTY, question)
        return reduce(and_, (self._party(code, question) for code in question.parties))

    def _party(self, code: str, question: InstrumentQuestion) -> int:
        return self.sets["party"].get(code, 0) & self._standing(code, question)

    def _standing(self, code: str, question: InstrumentQuestion) -> int:
        """Return the texts with which a party has one of the statuses, and is waited for if asked.

        With neither asked, these are all texts.
        """
        found = self.everything
        if question.statuses:
            found &= self._any_of(self.standing.get((code, s), 0) for s in question.statuses)
        if question.waiting:
            found &= self.standing.get((code, _WAITING), 0)
        return found

    @staticmethod
    def _any_of(sets: Iterable[int]) -> int:
        return reduce(or_, sets)

    def _matching(self, conditions: Mapping[str, int], without: str = "") -> int:
        """Return the texts that satisfy all conditions, or all but one."""
        sets = (positions for name, positions in conditions.items() if name != without)
        return reduce(and_, sets, self.everything)
