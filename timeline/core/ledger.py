"""The ledger of commitments as plain values: who owes what, where it stands, exact counts.

A thread of restated commitments is one promise and counts once, as its latest wording. Each
commitment has a place in the order of the days on which commitments were made, and each value of
a filter is a set of places, so that a count is an intersection.
"""

import datetime as dt
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from heapq import nsmallest
from itertools import islice
from operator import or_
from typing import Final, NamedTuple

from timeline.core import bits, status
from timeline.core.codes import CommitmentStatus, Order
from timeline.core.dates import EdtfDate
from timeline.core.question import Cursor, LedgerQuestion

PAGE_SIZE: Final = 50
"""Commitments on a page."""

OPTION_GROUPS: Final = (
    "status",
    "sector",
    "obligor",
    "beneficiary",
    "party",
    "framework",
    "kind",
    "state",
    "source_kind",
)
"""The groups of options that carry a count for each of their values."""

_THROUGH_BLOCS: Final = frozenset({"party", "obligor", "beneficiary"})
"""Groups in which a state is also found through a bloc that it belonged to on the day."""


class Parties(NamedTuple):
    """Codes of parties with one role: named themselves, and members of a bloc that is named."""

    direct: tuple[str, ...] = ()
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A commitment as the ledger counts it.

    ``event`` is the key of that at which it was made, and ``made``, ``kind`` and ``state`` are its.
    ``thread`` is the key of the first wording of its thread, its own where it restates nothing,
    and ``depth`` how many wordings come before it. ``sectors`` hold the parents of its sectors,
    too.
    """

    key: int
    event: int
    thread: int
    depth: int
    made: EdtfDate
    kind: str
    state: str
    framework: str | None
    due: EdtfDate | None
    updates: tuple[status.Update, ...]
    obligors: Parties
    beneficiaries: Parties
    sectors: tuple[str, ...]
    source_kinds: tuple[str, ...]


Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that the ledger says of a question, in numbers and keys.

    ``keys`` are those of one page in order, of which the first stands at ``first`` (from 1);
    ``following`` is the place that the next page begins after, None on the last. ``options``
    gives for each group the count of each value, and ``indirect``, for the groups of parties, how
    many of them only through a bloc. ``overdue`` and ``quiet`` are how many would be
    found with that filter set. ``statuses`` counts those found by state, and ``by_sector`` by
    sector and state.
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
    years: Mapping[int, int]


Narrowed = Mapping[str, Collection[int]]
"""For filters that the ledger cannot decide itself, by parameter: the keys of what they find."""


class Ledger:
    """All commitments on record on a day, ready to be asked.

    Two clocks are read here and nowhere else: each commitment's state on the day, and the age of
    its last evidence (quiet after 270 days).
    """

    def __init__(self, entries: Iterable[Entry], day: dt.date) -> None:
        self.day = day
        read = _Read(day)
        # One after another: at a hundred thousand commitments the entries themselves are large.
        for entry in entries:
            read.add(entry)
        order = sorted(range(len(read.keys)), key=read.place)
        size = len(order)
        places = array("i", bytes(4 * size))
        for place, number in enumerate(order):
            places[number] = place

        def held(numbers: Iterable[int]) -> int:
            return bits.of((places[number] for number in numbers), size)

        self._keys = array("q", (read.keys[number] for number in order))
        self._events = array("q", (read.events[number] for number in order))
        self._earliest = array("i", (read.earliest[number] for number in order))
        self._latest = array("i", (read.latest[number] for number in order))
        self._due = array("i", (read.due[number] for number in order))
        self._evidence = array("i", (read.evidence[number] for number in order))
        self._sets = {
            group: {value: held(numbers) for value, numbers in sorted(values.items())}
            for group, values in read.found.items()
        }
        self._marks = {name: held(numbers) for name, numbers in read.marked.items()}
        self._threads, earlier = read.threads()
        self._marks["told"] = bits.below(size) & ~held(earlier)
        self._due_first = array("i", sorted(range(size), key=self._waiting))

    def changed(self, gone: Collection[int], entries: Iterable[Entry]) -> "Ledger":
        """The ledger with other entries in place of these keys and of those of the entries.

        Where an entry belongs to a thread, before or after the change, all of the thread have to
        be among those given: see :meth:`together`.
        """
        part = Ledger(entries, self.day)
        keys = {*gone, *part._keys}
        out = [place for place, key in enumerate(self._keys) if key in keys]
        return self._merged(out, part)

    def _merged(self, out: Sequence[int], part: "Ledger") -> "Ledger":
        made = Ledger((), self.day)
        for column in _COLUMNS:
            kept = getattr(self, column)[:]
            for place in reversed(out):
                del kept[place]
            setattr(made, column, kept)
        into: list[int] = []
        for number in range(len(part._keys)):
            into.append(
                bisect_left(range(len(made._keys)), part._place_of(number), key=made._place_of)
            )
            for column in _COLUMNS:
                getattr(made, column).insert(into[-1], getattr(part, column)[number])
        fitted = _Fitting(out, into, len(self._keys))
        made._sets = {
            group: fitted.sets(values, part._sets[group]) for group, values in self._sets.items()
        }
        made._marks = fitted.sets(self._marks, part._marks)
        made._due_first = fitted.order(self._due_first)
        for place in into:
            made._due_first.insert(
                bisect_left(made._due_first, made._waiting(place), key=made._waiting), place
            )
        gone = {self._keys[place] for place in out}
        made._threads = {
            **{key: first for key, first in self._threads.items() if key not in gone},
            **part._threads,
        }
        return made

    def made_at(self, events: Collection[int]) -> set[int]:
        """The keys of those made at these events."""
        wanted = frozenset(events)
        return {self._keys[n] for n, event in enumerate(self._events) if event in wanted}

    def together(self, keys: Collection[int]) -> set[int]:
        """These keys, and those of all that are worded anew in the same threads."""
        firsts = {self._threads[key] for key in keys if key in self._threads}
        return {*keys, *(key for key, first in self._threads.items() if first in firsts)}

    def answer(self, question: LedgerQuestion, narrowed: Narrowed) -> Answer:
        """Work out total, page and counts; raise QuestionError for a cursor of another question.

        ``narrowed`` gives what the filters ``q``, ``person`` and ``source`` find, each where it is
        asked, and what the words find in titles alone as ``title``.
        """
        cursor = question.cursor()
        conditions = dict(self._conditions(question, narrowed))
        found = self._all_but(conditions)
        page, following = self._page(found, question, cursor, narrowed)
        seen = cursor.seen if cursor else 0
        return Answer(
            total=found.bit_count(),
            surely=self._surely(found, question).bit_count(),
            keys=tuple(self._keys[number] for number in page),
            first=seen + 1,
            following=following,
            options={group: self._counts(conditions, question, group) for group in OPTION_GROUPS},
            indirect={
                group: self._indirect(conditions, question, group) for group in _THROUGH_BLOCS
            },
            overdue=(self._all_but(conditions, "overdue") & self._marks["overdue"]).bit_count(),
            quiet=(self._all_but(conditions, "quiet") & self._marks["quiet"]).bit_count(),
            statuses=_counted(self._sets["status"], found),
            by_sector={
                sector: _counted(self._sets["status"], found & held)
                for sector, held in self._sets["sector"].items()
                if found & held
            },
            years=self._years(self._all_but(conditions, "period")),
        )

    def keys(self, question: LedgerQuestion, narrowed: Narrowed) -> Iterator[int]:
        """The keys of all that a question finds, in order and from its first page on."""
        found = self._all_but(dict(self._conditions(question, narrowed)))
        for _rank, number in self._in_order(found, question, narrowed):
            yield self._keys[number]

    def statuses(self, question: LedgerQuestion) -> Counts:
        """How many of those that a question without words finds stand in each state."""
        return _counted(self._sets["status"], self._all_but(dict(self._conditions(question, {}))))

    def late(self, question: LedgerQuestion, limit: int) -> tuple[int, list[int]]:
        """How many a question finds, and the keys of those that are late or silent the longest."""
        found = self._all_but(dict(self._conditions(question, {})))
        since = self._due if question.overdue else self._evidence
        first = nsmallest(limit, bits.rising(found), key=lambda number: (since[number], number))
        return found.bit_count(), [self._keys[number] for number in first]

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
        made = found & bits.below(bisect_right(self._earliest, last))
        there = (number for number in self._in_wait(made) if self._end(number) >= first)
        chosen = islice(there, most)
        return found.bit_count(), [(self._keys[n], self._status(n)) for n in chosen]

    def _end(self, number: int) -> int:
        due = self._due[number]
        return self.day.toordinal() if due == _NEVER else due

    def _waiting(self, number: int) -> tuple[int, int, int]:
        return self._due[number], self._evidence[number], number

    def _in_wait(self, found: int) -> Iterator[int]:
        """The places found, those due first before the others, then the longest silent."""
        if found.bit_count() * _FEW < len(self._keys):
            yield from sorted(bits.rising(found), key=self._waiting)
            return
        held = found.to_bytes((len(self._keys) + 7) // 8, "little")
        yield from (n for n in self._due_first if held[n >> 3] >> (n & 7) & 1)

    def _status(self, number: int) -> str:
        return next(code for code, held in self._sets["status"].items() if held >> number & 1)

    # Conditions

    def _conditions(
        self, question: LedgerQuestion, narrowed: Narrowed
    ) -> Iterator[tuple[str, int]]:
        for group in OPTION_GROUPS:
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
            yield "overdue", self._marks["overdue"]
        if question.quiet:
            yield "quiet", self._marks["quiet"]

    def _set(self, group: str, value: str, question: LedgerQuestion) -> int:
        sets = self._sets[_direct(group) if question.direct else group]
        return sets.get(value, 0)

    def _of_keys(self, keys: Iterable[int]) -> int:
        wanted = frozenset(keys)
        known = (number for number, key in enumerate(self._keys) if key in wanted)
        return bits.of(known, len(self._keys))

    def _within(self, first: dt.date, last: dt.date) -> int:
        """Those whose day may lie in a period: they stand together up to its last day."""
        end, least = bisect_right(self._earliest, last.toordinal()), first.toordinal()
        touching = (n for n, latest in enumerate(self._latest[:end]) if latest >= least)
        return bits.of(touching, len(self._keys))

    def _surely_within(self, first: dt.date, last: dt.date) -> int:
        start = bisect_left(self._earliest, first.toordinal())
        end, most = bisect_right(self._earliest, last.toordinal()), last.toordinal()
        inside = (n for n in range(start, end) if self._latest[n] <= most)
        return bits.of(inside, len(self._keys)) & self._marks["sure"]

    def _surely(self, found: int, question: LedgerQuestion) -> int:
        if question.period is None or question.certain:
            return found
        return found & self._surely_within(*question.period)

    def _all_but(self, conditions: Mapping[str, int], left_out: str = "") -> int:
        found = self._marks["told"]
        for name, condition in conditions.items():
            if name != left_out:
                found &= condition
        return found

    # Counts

    def _counts(
        self, conditions: Mapping[str, int], question: LedgerQuestion, group: str
    ) -> Counts:
        sets = self._sets[_direct(group) if question.direct else group]
        return _counted(sets, self._offered(conditions, question, group))

    def _indirect(
        self, conditions: Mapping[str, int], question: LedgerQuestion, group: str
    ) -> Counts:
        if question.direct:
            return {}
        direct = self._sets[_direct(group)]
        through = {value: held & ~direct.get(value, 0) for value, held in self._sets[group].items()}
        return _counted(through, self._offered(conditions, question, group))

    def _offered(self, conditions: Mapping[str, int], question: LedgerQuestion, group: str) -> int:
        """Those that the options of a group are counted among."""
        every = group == "party" and not question.any_party
        return self._all_but(conditions, "" if every else group)

    def _years(self, found: int) -> Mapping[int, int]:
        counted: dict[int, int] = {}
        first = 0
        while first < len(self._keys) and found >> first:
            year = dt.date.fromordinal(self._earliest[first]).year
            end = bisect_right(self._earliest, dt.date(year, 12, 31).toordinal())
            if count := ((found >> first) & bits.below(end - first)).bit_count():
                counted[year] = count
            first = end
        return counted

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
            dt.date.fromordinal(self._earliest[last]),
            dt.date.fromordinal(self._latest[last]),
            self._keys[last],
            (cursor.seen if cursor else 0) + PAGE_SIZE,
        )
        return [number for _rank, number in page], following

    def _in_order(
        self,
        found: int,
        question: LedgerQuestion,
        narrowed: Narrowed,
        after: "tuple[int, _Place] | None" = None,
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

    def _run(self, run: int, order: Order, after: "_Place | None") -> Iterator[int]:
        step: Callable[[int], Iterator[int]]
        if order == Order.OLDEST:
            begin = self._after(after) if after else 0
            step, run = bits.rising, run >> begin << begin
        else:
            end = self._before(after) if after else len(self._keys)
            step, run = bits.falling, run & bits.below(end)
        return step(run)

    def _after(self, place: "_Place") -> int:
        return bisect_right(range(len(self._keys)), place, key=self._place_of)

    def _before(self, place: "_Place") -> int:
        return bisect_left(range(len(self._keys)), place, key=self._place_of)

    def _place_of(self, number: int) -> "_Place":
        return self._earliest[number], -self._latest[number], self._keys[number]


_GROUPS: Final = (*OPTION_GROUPS, *(f"{group} directly" for group in sorted(_THROUGH_BLOCS)))

_COLUMNS: Final = ("_keys", "_events", "_earliest", "_latest", "_due", "_evidence")

_NEVER: Final = dt.date.max.toordinal()

_FEW: Final = 16
"""Where fewer than one in so many is found, they are sorted rather than looked for in order."""

_Place = tuple[int, int, int]


class _Read:
    """Entries as columns, in the order in which they come."""

    def __init__(self, day: dt.date) -> None:
        self._day = day
        self.keys, self.events = array("q"), array("q")
        self._thread, self._depth = array("q"), array("i")
        self.earliest, self.latest = array("i"), array("i")
        self.due, self.evidence = array("i"), array("i")
        self.found: dict[str, dict[str, array[int]]] = {
            group: defaultdict(_numbers) for group in _GROUPS
        }
        self.marked: dict[str, array[int]] = {
            name: array("i") for name in ("sure", "overdue", "quiet")
        }

    def add(self, entry: Entry) -> None:
        number, last = len(self.keys), status.current(entry.updates)
        self.keys.append(entry.key)
        self.events.append(entry.event)
        self._thread.append(entry.thread)
        self._depth.append(entry.depth)
        self.earliest.append(entry.made.earliest.toordinal())
        self.latest.append(entry.made.latest.toordinal())
        self.due.append(_last_day(entry.due))
        self.evidence.append(_last_day(last.date if last else None))
        standing = last.status if last else CommitmentStatus.ANNOUNCED
        for group, values in _values(entry, standing):
            for value in dict.fromkeys(values):
                self.found[group][value].append(number)
        for name, holds in (
            ("sure", entry.made.sure),
            ("overdue", status.is_overdue(last, entry.due, self._day)),
            ("quiet", status.is_quiet(last, self._day)),
        ):
            if holds:
                self.marked[name].append(number)

    def place(self, number: int) -> _Place:
        """Where one stands in time; one known less precisely comes before those within it."""
        return self.earliest[number], -self.latest[number], self.keys[number]

    def threads(self) -> tuple[dict[int, int], list[int]]:
        """The threads of those that are worded several times, by key, and the earlier wordings."""
        held: dict[int, list[int]] = defaultdict(list)
        several = {self._thread[n] for n, depth in enumerate(self._depth) if depth}
        for number, thread in enumerate(self._thread):
            if thread in several:
                held[thread].append(number)
        earlier: list[int] = []
        for numbers in held.values():
            latest = max(numbers, key=self._wording)
            earlier += (number for number in numbers if number != latest)
        return {self.keys[n]: thread for thread, many in held.items() for n in many}, earlier

    def _wording(self, number: int) -> tuple[int, int, int, int]:
        """Where a wording stands in its thread."""
        when = self.earliest[number], self.latest[number]
        return (*when, self._depth[number], self.keys[number])


def _numbers() -> "array[int]":
    return array("i")


class _Fitting:
    """What places become when some are taken out and others, as they will be, put in."""

    def __init__(self, out: Sequence[int], into: Sequence[int], size: int) -> None:
        self._out, self._into = out, into
        # Most changes leave everything in its place.
        self._moved = list(out) != list(into)
        self._kept = bits.below(size) & ~bits.of(out, size)

    def sets(self, base: Mapping[str, int], part: Mapping[str, int]) -> dict[str, int]:
        """The sets of two ledgers as those of one."""
        found = {}
        for value in sorted({*base, *part}):
            held = base.get(value, 0) & self._kept
            if self._moved:
                held = bits.opened(bits.without(held, self._out), self._into)
            for number in bits.rising(part.get(value, 0)):
                held |= 1 << self._into[number]
            found[value] = held
        return found

    def order(self, places: Iterable[int]) -> "array[int]":
        """An order of places, without those taken out."""
        out = frozenset(self._out)
        kept = (place for place in places if place not in out)
        if not self._moved:
            return array("i", kept)
        before = [place - number for number, place in enumerate(self._into)]
        left = (place - bisect_left(self._out, place) for place in kept)
        return array("i", (place + bisect_right(before, place) for place in left))


def _direct(group: str) -> str:
    return f"{group} directly" if group in _THROUGH_BLOCS else group


def _last_day(date: EdtfDate | None) -> int:
    return date.latest.toordinal() if date else _NEVER


def _values(entry: Entry, standing: CommitmentStatus) -> Iterator[tuple[str, tuple[str, ...]]]:
    owed, owing = entry.beneficiaries, entry.obligors
    yield "status", (standing.value,)
    yield "sector", entry.sectors
    yield "obligor", (*owing.direct, *owing.through)
    yield "beneficiary", (*owed.direct, *owed.through)
    yield "party", (*owing.direct, *owing.through, *owed.direct, *owed.through)
    yield "framework", (entry.framework,) if entry.framework else ()
    yield "kind", (entry.kind,)
    yield "state", (entry.state,)
    yield "source_kind", entry.source_kinds
    yield "obligor directly", owing.direct
    yield "beneficiary directly", owed.direct
    yield "party directly", (*owing.direct, *owed.direct)


def _counted(sets: Mapping[str, int], found: int) -> Counts:
    return {value: count for value, held in sets.items() if (count := (found & held).bit_count())}
