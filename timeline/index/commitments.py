"""The ledger's index: commitments as columns and bit sets, and how it follows the record.

Each commitment has a position in the order of the days on which commitments were made, and each
value of a filter is a set of positions, so that a count is an intersection.
"""

import datetime as dt
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Final

from timeline.core import status
from timeline.core.codes import CommitmentStatus, LedgerSort
from timeline.core.dates import EdtfDate
from timeline.core.question import LedgerQuestion, ListQuestion
from timeline.core.searched import Clock
from timeline.core.threads import in_order
from timeline.index import bits
from timeline.index.commitment_entries import GROUPS, SIDE, IndexedCommitment, values_of
from timeline.index.dated import DatedColumns, DatedIndex

NEVER: Final = dt.date.max.toordinal()
"""The due day of a commitment without one, and the day of evidence where there is none."""

_COLUMNS: Final = ("keys", "events", "earliest", "latest", "due", "evidence")


class _Columns(DatedColumns):
    """Columns with a key or a day for each commitment. Days are ordinals."""

    def __init__(self) -> None:
        super().__init__()
        self.events = array("q")
        self.due, self.evidence = array("i"), array("i")


class CommitmentIndex(_Columns, DatedIndex):
    """All commitments on record on a day, by their positions in the order of time.

    The two clocks are read here and nowhere else: the state of each commitment on the day, and the
    age of its last evidence (quiet after 270 days) on ``clock_day``, which is that day or, if it is
    earlier, the one until which sources were searched.

    ``sets`` holds the positions of each value of each group. ``flags`` holds the positions of the
    commitments that are ``sure`` of their date, ``overdue``, ``quiet`` or ``mutual``, and under
    ``latest_wording`` those that no later wording of their thread replaces. ``threads`` maps the
    key of each commitment of a thread to the key of its first wording. ``due_first`` lists all
    positions in the order of :meth:`due_key`.
    """

    def __init__(
        self,
        entries: Iterable[IndexedCommitment],
        day: dt.date,
        searched_until: dt.date | None = None,
    ) -> None:
        super().__init__()
        self.day = day
        self.clock_day = Clock(day, searched_until).day
        unsorted = _UnsortedEntries(self.clock_day)
        # One after another: at a hundred thousand commitments the entries themselves are large.
        for entry in entries:
            unsorted.add(entry)
        order = sorted(range(len(unsorted.keys)), key=unsorted.sort_key)
        size = len(order)
        positions = array("i", bytes(4 * size))
        for position, row in enumerate(order):
            positions[row] = position

        def position_set(rows: Iterable[int]) -> int:
            return bits.from_members((positions[row] for row in rows), size)

        for name in _COLUMNS:
            column = getattr(unsorted, name)
            setattr(self, name, array(column.typecode, (column[row] for row in order)))
        self.sets = {
            group: {value: position_set(rows) for value, rows in sorted(values.items())}
            for group, values in unsorted.rows_by_value.items()
        }
        self.flags = {name: position_set(rows) for name, rows in unsorted.rows_by_flag.items()}
        self.threads, earlier = unsorted.threads()
        self.flags["latest_wording"] = bits.below(size) & ~position_set(earlier)
        self.due_first = array("i", sorted(range(size), key=self.due_key))

    @cached_property
    def side_count(self) -> int:
        """The number of sides of the mutual commitment that has most."""
        return max((int(value.partition(" ")[0]) + 1 for value in self.sets[SIDE]), default=0)

    def replace(
        self,
        removed: Collection[int],
        entries: Iterable[IndexedCommitment],
        day: dt.date | None = None,
        searched_until: dt.date | None = None,
    ) -> "CommitmentIndex":
        """Return the index with new entries in place of these keys and of the entries' own keys.

        All of a thread have to be given if one of them belongs to it before or after the change:
        see :meth:`with_threads`. For a later day, or another end of the search, all that
        :meth:`turning` gives for its clock have to be given, too.
        """
        if day is None:
            day, searched_until = self.day, self.clock_day
        changed = CommitmentIndex(entries, day, searched_until)
        keys = {*removed, *changed.keys}
        positions = [position for position, key in enumerate(self.keys) if key in keys]
        return self._merge(positions, changed)

    def _merge(self, removed: Sequence[int], changed: "CommitmentIndex") -> "CommitmentIndex":
        """Return this index without the removed positions and with all of another index."""
        result = CommitmentIndex((), changed.day, changed.clock_day)
        for name in _COLUMNS:
            column = getattr(self, name)[:]
            for position in reversed(removed):
                del column[position]
            setattr(result, name, column)
        inserted: list[int] = []
        for row in range(len(changed.keys)):
            rows = range(len(result.keys))
            inserted.append(bisect_left(rows, changed.sort_key(row), key=result.sort_key))
            for name in _COLUMNS:
                getattr(result, name).insert(inserted[-1], getattr(changed, name)[row])
        renumbering = _Renumbering(removed, inserted, len(self.keys))
        result.sets = {
            group: renumbering.merge_sets(values, changed.sets[group])
            for group, values in self.sets.items()
        }
        result.flags = renumbering.merge_sets(self.flags, changed.flags)
        result.due_first = renumbering.renumber(self.due_first)
        for position in inserted:
            result.due_first.insert(
                bisect_left(result.due_first, result.due_key(position), key=result.due_key),
                position,
            )
        removed_keys = {self.keys[position] for position in removed}
        result.threads = {
            **{key: first for key, first in self.threads.items() if key not in removed_keys},
            **changed.threads,
        }
        return result

    def made_at(self, events: Collection[int]) -> set[int]:
        """Return the keys of the commitments made at these events."""
        event_keys = frozenset(events)
        return {self.keys[n] for n, event in enumerate(self.events) if event in event_keys}

    def with_threads(self, keys: Collection[int]) -> set[int]:
        """Return these keys, and those of all other wordings in their threads."""
        firsts = {self.threads[key] for key in keys if key in self.threads}
        return {*keys, *(key for key, first in self.threads.items() if first in firsts)}

    def turning(self, clock_day: dt.date) -> set[int]:
        """Return the keys of those that may be overdue or quiet on one of two days alone.

        The days are that of this index's clock and another one, which may be earlier.
        """
        before, now = sorted((self.clock_day.toordinal(), clock_day.toordinal()))
        turning_quiet = range(before - status.QUIET_AFTER + 1, now - status.QUIET_AFTER + 1)
        turning_overdue = range(before, now)
        return {
            self.keys[position]
            for position, (due, evidence) in enumerate(zip(self.due, self.evidence, strict=True))
            if due in turning_overdue or evidence in turning_quiet
        }

    def _runs(
        self, matching: int, question: ListQuestion, titled: Collection[int]
    ) -> Iterable[tuple[int, int]]:
        """Divide the commitments found into runs of the same day or state, if sorted by it."""
        assert isinstance(question, LedgerQuestion)  # noqa: S101 — no other asks this index
        if question.sort == LedgerSort.NEWEST:
            return super()._runs(matching, question, titled)
        if question.sort == LedgerSort.STATE:
            states = self.sets["status"]
            return ((n, matching & states.get(code, 0)) for n, code in enumerate(CommitmentStatus))
        day = (self.due if question.sort == LedgerSort.DUE else self.evidence).__getitem__
        alike = groupby(sorted(bits.ascending(matching), key=day), key=day)
        return ((rank, bits.from_members(run, len(self.keys))) for rank, run in alike)

    def due_key(self, position: int) -> tuple[int, int, int]:
        """Return a sort key: the earliest due first, then the one without evidence for longest."""
        return self.due[position], self.evidence[position], position


class _UnsortedEntries(_Columns):
    """Entries as columns, one row each in the order in which they are added."""

    def __init__(self, clock_day: dt.date) -> None:
        super().__init__()
        self._clock_day = clock_day
        self._before: dict[int, tuple[int, ...]] = {}
        self.rows_by_value: dict[str, dict[str, array[int]]] = {
            group: defaultdict(_empty_column) for group in GROUPS
        }
        self.rows_by_flag: dict[str, array[int]] = {
            name: array("i") for name in ("sure", "overdue", "quiet", "mutual")
        }

    def add(self, entry: IndexedCommitment) -> None:
        row, last = len(self.keys), status.current(entry.updates)
        self.keys.append(entry.key)
        self.events.append(entry.event)
        if entry.before:
            self._before[entry.key] = entry.before
        self.earliest.append(entry.made.earliest.toordinal())
        self.latest.append(entry.made.latest.toordinal())
        self.due.append(_last_day(entry.due))
        self.evidence.append(_last_day(last.date if last else None))
        state = last.status if last else CommitmentStatus.ANNOUNCED
        for group, values in values_of(entry, state):
            for value in dict.fromkeys(values):
                self.rows_by_value[group][value].append(row)
        for name, holds in (
            ("sure", entry.made.sure),
            (
                "overdue",
                not entry.is_request and status.is_overdue(last, entry.due, self._clock_day),
            ),
            ("quiet", not entry.is_request and status.is_quiet(last, self._clock_day)),
            ("mutual", bool(entry.sides)),
        ):
            if holds:
                self.rows_by_flag[name].append(row)

    def threads(self) -> tuple[dict[int, int], list[int]]:
        """Return the first wording of each commitment of a thread, by key, and the rows of all
        wordings but the latest ones."""
        threads: dict[int, dict[int, int]] = defaultdict(dict)
        first_wordings = {before[0] for before in self._before.values()}
        for row, key in enumerate(self.keys):
            first = self._before.get(key, (key,))[0]
            if first in first_wordings:
                threads[first][key] = row
        earlier: list[int] = []
        for rows in threads.values():
            made = {key: (self.earliest[row], self.latest[row]) for key, row in rows.items()}
            earlier += (rows[key] for key in in_order(made, self._before)[:-1])
        return {key: first for first, rows in threads.items() for key in rows}, earlier


def _empty_column() -> "array[int]":
    return array("i")


class _Renumbering:
    """How positions change when some are removed and others inserted.

    ``inserted`` are positions in the result, in ascending order.
    """

    def __init__(self, removed: Sequence[int], inserted: Sequence[int], size: int) -> None:
        self._removed, self._inserted = removed, inserted
        # Most changes leave everything in its position.
        self._moves = list(removed) != list(inserted)
        self._kept = bits.below(size) & ~bits.from_members(removed, size)

    def merge_sets(self, base: Mapping[str, int], changed: Mapping[str, int]) -> dict[str, int]:
        """Merge the sets of two indexes, value by value."""
        merged = {}
        for value in sorted({*base, *changed}):
            positions = base.get(value, 0) & self._kept
            if self._moves:
                positions = bits.delete_positions(positions, self._removed)
                positions = bits.insert_positions(positions, self._inserted)
            for row in bits.ascending(changed.get(value, 0)):
                positions |= 1 << self._inserted[row]
            merged[value] = positions
        return merged

    def renumber(self, positions: Iterable[int]) -> "array[int]":
        """Return the new numbers of these positions, in the same order, without removed ones."""
        removed = frozenset(self._removed)
        kept = (position for position in positions if position not in removed)
        if not self._moves:
            return array("i", kept)
        before = [position - index for index, position in enumerate(self._inserted)]
        closed_up = (position - bisect_left(self._removed, position) for position in kept)
        return array("i", (position + bisect_right(before, position) for position in closed_up))


def _last_day(date: EdtfDate | None) -> int:
    return date.latest.toordinal() if date else NEVER
