"""Dated records as columns and bit sets: what the indexes of commitments and of texts share.

Each record has a position in the order of time, and each value of a filter is a set of positions,
so that a count is an intersection.
"""

import datetime as dt
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from timeline.core.codes import Order
from timeline.core.dates import EdtfDate
from timeline.core.question import Cursor, ListQuestion
from timeline.index import bits
from timeline.index.interface import PAGE_SIZE, Counts

SortKey = tuple[int, int, int]
"""What records are sorted by: first day, last day negated, key."""


Narrowed = Mapping[str, Collection[int]]
"""The keys that the database finds for each filter that only it can answer, by parameter.

Words have two: ``q`` for all texts, ``title`` for titles alone."""


class DatedColumns:
    """Columns with the key and the first and last day of each record. Days are ordinals."""

    def __init__(self) -> None:
        self.keys = array("q")
        self.earliest, self.latest = array("i"), array("i")

    def sort_key(self, index: int) -> SortKey:
        """Return what a row is sorted by; a less precise date comes before those within it."""
        return self.earliest[index], -self.latest[index], self.keys[index]


class Page(NamedTuple):
    """The positions of one page; the first is number ``first`` of the list, counted from 1.

    ``following`` is the cursor of the next page, None on the last one, and ``preceding`` that of
    the page before, None where it is the first.
    """

    positions: list[int]
    first: int
    following: Cursor | None
    preceding: Cursor | None


class DatedIndex(DatedColumns):
    """Records by their positions in the order of time.

    ``sets`` holds the positions of each value of each group, ``flags`` those of the records that
    have a property; ``flags["sure"]`` are those that are sure of their date.
    """

    sets: dict[str, dict[str, int]]
    flags: dict[str, int]

    def keys_of(self, positions: Iterable[int]) -> tuple[int, ...]:
        """Return the keys of the records at these positions, in the same order."""
        return tuple(self.keys[position] for position in positions)

    def with_keys(self, keys: Iterable[int]) -> int:
        """Return the positions of the records with these keys."""
        key_set = frozenset(keys)
        positions = (position for position, key in enumerate(self.keys) if key in key_set)
        return bits.from_members(positions, len(self.keys))

    def octets(self, positions: int) -> bytes:
        """Return a set as bytes, in which single positions are tested faster than in an int."""
        return positions.to_bytes((len(self.keys) + 7) // 8, "little")

    # Periods

    def in_period(self, question: ListQuestion) -> int:
        """Return the records in a question's period, surely if it asks so; it has to have one."""
        assert question.period is not None  # noqa: S101 — the caller checks it first
        within = self._surely_within if question.certain else self._within
        return within(*question.period)

    def surely(self, matching: int, question: ListQuestion) -> int:
        """Return those of the records found that are surely in the question's period."""
        if question.period is None or question.certain:
            return matching
        return matching & self._surely_within(*question.period)

    def _within(self, first: dt.date, last: dt.date) -> int:
        """Return the records whose date touches a period."""
        # In the order of time, all of them come before the end of the period.
        end, least = bisect_right(self.earliest, last.toordinal()), first.toordinal()
        touching = (n for n, latest in enumerate(self.latest[:end]) if latest >= least)
        return bits.from_members(touching, len(self.keys))

    def _surely_within(self, first: dt.date, last: dt.date) -> int:
        start = bisect_left(self.earliest, first.toordinal())
        end, most = bisect_right(self.earliest, last.toordinal()), last.toordinal()
        inside = (n for n in range(start, end) if self.latest[n] <= most)
        return bits.from_members(inside, len(self.keys)) & self.flags["sure"]

    # Counts by year

    @cached_property
    def _multi_year(self) -> list[tuple[int, int, int]]:
        """Position, first and last year of each record whose date spans several years."""
        ends = enumerate(zip(self.earliest, self.latest, strict=True))
        spans = ((n, _year(first), _year(last)) for n, (first, last) in ends if first < last)
        return [span for span in spans if span[1] < span[2]]

    def years(self, matching: int, *, certain: bool) -> Mapping[int, int]:
        """Return the years in which these records may begin, each with how many are in it."""
        if certain:
            matching &= self.flags["sure"]
        counts: dict[int, int] = {}
        first = 0
        while first < len(self.keys) and matching >> first:
            year = _year(self.earliest[first])
            end = bisect_right(self.earliest, dt.date(year, 12, 31).toordinal())
            if count := ((matching >> first) & bits.below(end - first)).bit_count():
                counts[year] = count
            first = end
        self._count_multi_year(counts, matching, certain=certain)
        return {year: count for year, count in counts.items() if count}

    def _count_multi_year(self, counts: dict[int, int], matching: int, *, certain: bool) -> None:
        """Correct the counts for dates that span several years, counted so far in the first only.

        They count in every year, but in none where only what is certain counts.
        """
        years = list(counts)
        octets = self.octets(matching)
        for position, first, last in self._multi_year:
            if not octets[position >> 3] >> (position & 7) & 1:
                continue
            if certain:
                counts[first] -= 1
                continue
            for year in years[bisect_right(years, first) : bisect_right(years, last)]:
                counts[year] += 1

    # Pages

    def page(self, matching: int, question: ListQuestion, titled: Collection[int]) -> Page:
        """Return one page of the records found; ``titled`` are the keys of those whose titles hold
        the words.

        Raise QuestionError for a cursor of another question.
        """
        cursor = question.cursor()
        seen = cursor.seen if cursor else 0
        after = _place(cursor) if cursor else None
        rows = list(islice(self._in_order(matching, question, titled, after), PAGE_SIZE + 1))
        page = [position for _rank, position in rows[:PAGE_SIZE]]
        following = preceding = None
        if len(rows) > PAGE_SIZE:
            following = self._cursor(rows[PAGE_SIZE - 1], seen + PAGE_SIZE)
        if seen > PAGE_SIZE:
            back = self._in_reverse(matching, question, titled, after)
            preceding = self._cursor_at(back, PAGE_SIZE, seen - PAGE_SIZE)
        return Page(page, seen + 1, following, preceding)

    def page_at(self, matching: int, question: ListQuestion, date: EdtfDate) -> Cursor | None:
        """Return the cursor of the page that begins with the first record on a date or beyond it.

        Beyond is before it where the newest come first, else after it. It is the last page where
        nothing is, and None for the first. The question has to be in the order of time.
        """
        place = _place(question.cursor_at(date))
        before, _after = self._halves(matching, question.order, place[1])
        total, seen = matching.bit_count(), before.bit_count()
        if seen < total:
            return self._cursor_at(self._in_reverse(matching, question, (), place), 0, seen)
        back = self._in_reverse(matching, question, (), None)
        return self._cursor_at(back, PAGE_SIZE, total - PAGE_SIZE)

    def _cursor(self, row: tuple[int, int], seen: int) -> Cursor:
        rank, position = row
        return Cursor(
            rank,
            dt.date.fromordinal(self.earliest[position]),
            dt.date.fromordinal(self.latest[position]),
            self.keys[position],
            seen,
        )

    def _cursor_at(self, rows: Iterator[tuple[int, int]], number: int, seen: int) -> Cursor | None:
        row = next(islice(rows, number, None), None)
        return self._cursor(row, seen) if row else None

    def in_order(
        self, matching: int, question: ListQuestion, titled: Collection[int]
    ) -> Iterator[int]:
        """Yield the positions of all records found in the order of a question."""
        return (position for _rank, position in self._in_order(matching, question, titled))

    def _in_order(
        self,
        matching: int,
        question: ListQuestion,
        titled: Collection[int],
        after: tuple[int, SortKey] | None = None,
    ) -> Iterator[tuple[int, int]]:
        """Yield each position with the rank of its run.

        ``after`` is the rank and the sort key of the last record of the page before.
        """
        for rank, run in self._runs(matching, question, titled):
            if after is not None and rank < after[0]:
                continue
            sort_key = after[1] if after is not None and rank == after[0] else None
            yield from ((rank, position) for position in self._run(run, question.order, sort_key))

    def _in_reverse(
        self,
        matching: int,
        question: ListQuestion,
        titled: Collection[int],
        until: tuple[int, SortKey] | None,
    ) -> Iterator[tuple[int, int]]:
        """Yield what :meth:`_in_order` leaves out, from the last to the first; without ``until``,
        everything."""
        for rank, run in reversed(list(self._runs(matching, question, titled))):
            if until is not None and rank > until[0]:
                continue
            sort_key = until[1] if until is not None and rank == until[0] else None
            for position in self._run_reversed(run, question.order, sort_key):
                yield rank, position

    def _runs(
        self, matching: int, question: ListQuestion, titled: Collection[int]
    ) -> Iterable[tuple[int, int]]:
        """Divide the records found into runs, each with its rank, by which they ascend.

        By relevance, records whose titles hold the words form the first run.
        """
        first_run = self.with_keys(titled) if question.order == Order.RELEVANCE else matching
        return enumerate((matching & first_run, matching & ~first_run))

    def _run(self, run: int, order: Order, after: SortKey | None) -> Iterator[int]:
        if after is not None:
            run = self._halves(run, order, after)[1]
        return bits.ascending(run) if order == Order.OLDEST else bits.descending(run)

    def _run_reversed(self, run: int, order: Order, until: SortKey | None) -> Iterator[int]:
        if until is not None:
            run = self._halves(run, order, until)[0]
        return bits.descending(run) if order == Order.OLDEST else bits.ascending(run)

    def _halves(self, run: int, order: Order, key: SortKey) -> tuple[int, int]:
        """Return what of a run comes up to a sort key in an order, and what comes after it."""
        positions = range(len(self.keys))
        if order == Order.OLDEST:
            below = bits.below(bisect_right(positions, key, key=self.sort_key))
            return run & below, run & ~below
        below = bits.below(bisect_left(positions, key, key=self.sort_key))
        return run & ~below, run & below


def _place(cursor: Cursor) -> tuple[int, SortKey]:
    """Return the rank and the sort key of a cursor."""
    days = cursor.earliest.toordinal(), -cursor.latest.toordinal()
    return cursor.rank, (*days, cursor.pk)


def count(sets: Mapping[str, int], matching: int) -> Counts:
    """Count, for each value, those of the records found that have it; values without any go."""
    return {
        value: number
        for value, positions in sets.items()
        if (number := (matching & positions).bit_count())
    }


def _year(day: int) -> int:
    return dt.date.fromordinal(day).year
