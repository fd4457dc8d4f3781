"""The ledger's index: commitments as columns and sets of places, and how they follow the record.

Each commitment has a place in the order of the days on which commitments were made, and each value
of a filter is a set of places, so that a count is an intersection.
"""

import datetime as dt
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from timeline.core import status
from timeline.core.codes import CommitmentStatus
from timeline.core.dates import EdtfDate
from timeline.core.threads import in_order
from timeline.index import bits
from timeline.index.commitment_entries import GROUPS, Entry, values_of

Place = tuple[int, int, int]
"""Where a commitment stands in time: first day, last day counted down, key."""

NEVER: Final = dt.date.max.toordinal()
"""The day of what is not due, or has no evidence."""

_COLUMNS: Final = ("keys", "events", "earliest", "latest", "due", "evidence")


class _Columns:
    """Keys and days, one of each for every commitment. Days are ordinals."""

    def __init__(self) -> None:
        self.keys, self.events = array("q"), array("q")
        self.earliest, self.latest = array("i"), array("i")
        self.due, self.evidence = array("i"), array("i")

    def place(self, number: int) -> Place:
        """Where one stands in time; one known less precisely comes before those within it."""
        return self.earliest[number], -self.latest[number], self.keys[number]


class CommitmentIndex(_Columns):
    """All commitments on record on a day, by the places that they have in time.

    Two clocks are read here and nowhere else: each commitment's state on the day, and the age of
    its last evidence (quiet after 270 days). ``sets`` gives the places of each
    value of each group; ``marks`` those that are ``sure`` of their date, ``overdue``, ``quiet``,
    and those that are ``told``, each thread of wordings by its latest.
    """

    def __init__(self, entries: Iterable[Entry], day: dt.date) -> None:
        super().__init__()
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

        for name in _COLUMNS:
            column = getattr(read, name)
            setattr(self, name, array(column.typecode, (column[number] for number in order)))
        self.sets = {
            group: {value: held(numbers) for value, numbers in sorted(values.items())}
            for group, values in read.found.items()
        }
        self.marks = {name: held(numbers) for name, numbers in read.marked.items()}
        self.threads, earlier = read.threads()
        self.marks["told"] = bits.below(size) & ~held(earlier)
        self.due_first = array("i", sorted(range(size), key=self.waiting))

    @cached_property
    def reaching(self) -> list[tuple[int, int, int]]:
        """Place, first and last year of those whose date reaches over several years."""
        ends = enumerate(zip(self.earliest, self.latest, strict=True))
        spans = ((n, _year(first), _year(last)) for n, (first, last) in ends if first < last)
        return [span for span in spans if span[1] < span[2]]

    def changed(
        self, gone: Collection[int], entries: Iterable[Entry], day: dt.date | None = None
    ) -> "CommitmentIndex":
        """The index with other entries in place of these keys and of those of the entries.

        Where an entry belongs to a thread, before or after the change, all of the thread have to
        be among those given: see :meth:`together`. For a later day those that :meth:`turn` by
        then have to be given, too.
        """
        part = CommitmentIndex(entries, day or self.day)
        keys = {*gone, *part.keys}
        out = [place for place, key in enumerate(self.keys) if key in keys]
        return self._merged(out, part)

    def _merged(self, out: Sequence[int], part: "CommitmentIndex") -> "CommitmentIndex":
        made = CommitmentIndex((), part.day)
        for column in _COLUMNS:
            kept = getattr(self, column)[:]
            for place in reversed(out):
                del kept[place]
            setattr(made, column, kept)
        into: list[int] = []
        for number in range(len(part.keys)):
            into.append(bisect_left(range(len(made.keys)), part.place(number), key=made.place))
            for column in _COLUMNS:
                getattr(made, column).insert(into[-1], getattr(part, column)[number])
        fitted = _Fitting(out, into, len(self.keys))
        made.sets = {
            group: fitted.sets(values, part.sets[group]) for group, values in self.sets.items()
        }
        made.marks = fitted.sets(self.marks, part.marks)
        made.due_first = fitted.order(self.due_first)
        for place in into:
            made.due_first.insert(
                bisect_left(made.due_first, made.waiting(place), key=made.waiting), place
            )
        gone = {self.keys[place] for place in out}
        made.threads = {
            **{key: first for key, first in self.threads.items() if key not in gone},
            **part.threads,
        }
        return made

    def made_at(self, events: Collection[int]) -> set[int]:
        """The keys of those made at these events."""
        wanted = frozenset(events)
        return {self.keys[n] for n, event in enumerate(self.events) if event in wanted}

    def together(self, keys: Collection[int]) -> set[int]:
        """These keys, and those of all that are worded anew in the same threads."""
        firsts = {self.threads[key] for key in keys if key in self.threads}
        return {*keys, *(key for key, first in self.threads.items() if first in firsts)}

    def turn(self, day: dt.date) -> set[int]:
        """The keys of those that may become overdue or quiet from this day to a later one."""
        before, now = self.day.toordinal(), day.toordinal()
        silent = range(before - status.QUIET_AFTER + 1, now - status.QUIET_AFTER + 1)
        late = range(before, now)
        return {
            self.keys[number]
            for number, (due, evidence) in enumerate(zip(self.due, self.evidence, strict=True))
            if due in late or evidence in silent
        }

    def waiting(self, number: int) -> tuple[int, int, int]:
        """Where one stands among those that wait: due first, then silent for the longest."""
        return self.due[number], self.evidence[number], number


class _Read(_Columns):
    """Entries as columns, in the order in which they come."""

    def __init__(self, day: dt.date) -> None:
        super().__init__()
        self._day = day
        self._before: dict[int, tuple[int, ...]] = {}
        self.found: dict[str, dict[str, array[int]]] = {
            group: defaultdict(_numbers) for group in GROUPS
        }
        self.marked: dict[str, array[int]] = {
            name: array("i") for name in ("sure", "overdue", "quiet")
        }

    def add(self, entry: Entry) -> None:
        number, last = len(self.keys), status.current(entry.updates)
        self.keys.append(entry.key)
        self.events.append(entry.event)
        if entry.before:
            self._before[entry.key] = entry.before
        self.earliest.append(entry.made.earliest.toordinal())
        self.latest.append(entry.made.latest.toordinal())
        self.due.append(_last_day(entry.due))
        self.evidence.append(_last_day(last.date if last else None))
        standing = last.status if last else CommitmentStatus.ANNOUNCED
        for group, values in values_of(entry, standing):
            for value in dict.fromkeys(values):
                self.found[group][value].append(number)
        for name, holds in (
            ("sure", entry.made.sure),
            ("overdue", status.is_overdue(last, entry.due, self._day)),
            ("quiet", status.is_quiet(last, self._day)),
        ):
            if holds:
                self.marked[name].append(number)

    def threads(self) -> tuple[dict[int, int], list[int]]:
        """The threads of those that are worded several times, by key, and the earlier wordings."""
        held: dict[int, dict[int, int]] = defaultdict(dict)
        several = {led[0] for led in self._before.values()}
        for number, key in enumerate(self.keys):
            first = self._before.get(key, (key,))[0]
            if first in several:
                held[first][key] = number
        earlier: list[int] = []
        for numbers in held.values():
            made = {key: (self.earliest[n], self.latest[n]) for key, n in numbers.items()}
            earlier += (numbers[key] for key in in_order(made, self._before)[:-1])
        return {key: first for first, many in held.items() for key in many}, earlier


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
        """The sets of two indexes as those of one."""
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


def _year(day: int) -> int:
    return dt.date.fromordinal(day).year


def _last_day(date: EdtfDate | None) -> int:
    return date.latest.toordinal() if date else NEVER
