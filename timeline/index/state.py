"""One committed state of the record in memory, which answers questions."""

import datetime as dt
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any

import numpy as np
from pyroaring import BitMap

from timeline.core.codes import EventState, Order
from timeline.core.dates import HEADINGS_A_YEAR, EdtfDate, Heading
from timeline.core.filters import COUNTED
from timeline.core.question import Cursor, Question
from timeline.database.version import Version
from timeline.index import pictures
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
from timeline.index.keymap import Keymap, KeysBySlug
from timeline.index.loader import ChangedEvents
from timeline.index.segment import FilterValue
from timeline.index.segment_query import Conditions, Hit, SegmentQuery

LookedUp = Mapping[tuple[str, Any], BitMap]
"""Events of the base that were looked up for a question, by search field and term or by group and
key: see :meth:`~timeline.index.segment_query.Conditions.look_ups`."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """A base, and what has changed since the version of the record that it was read from.

    ``deleted`` are the events of the base that changed; ``changed`` holds them as they are now.

    The methods take a question with the keys that its slugs stand for
    (:func:`~timeline.index.keymap.look_up_keys`) and what was looked up for it in the base.
    """

    version: Version
    keymap: Keymap
    base: Base
    deleted: BitMap
    changed: ChangedEvents

    def answer(
        self,
        question: Question,
        keys: KeysBySlug,
        looked_up: LookedUp,
        *,
        today: dt.date,
    ) -> Answer:
        """Work out everything that a list page shows of a question."""
        cursor = question.cursor()
        conditions = self.keymap.conditions(question, keys)
        queries = self._queries(conditions, looked_up)
        hits = list(islice(_in_order(queries, today, cursor), PAGE_SIZE + 1))
        seen = cursor.seen if cursor else 0
        has_next = len(hits) > PAGE_SIZE
        months = _sum(query.months() for query in queries)
        return Answer(
            total=sum(query.total() for query in queries),
            surely=sum(query.surely() for query in queries),
            ids=tuple(sort_key[-1] for _rank, _order, sort_key in hits[:PAGE_SIZE]),
            first=seen + 1,
            following=_cursor(hits[PAGE_SIZE - 1], seen + PAGE_SIZE) if has_next else None,
            preceding=(
                _cursor_at(_in_reverse(queries, today, cursor), PAGE_SIZE, seen - PAGE_SIZE)
                if seen > PAGE_SIZE
                else None
            ),
            options=self._options(queries, conditions),
            indirect=self._indirect(queries, conditions),
            months=months,
            years=_years(queries, months),
            headings=_headings(queries, conditions.order, hits[:PAGE_SIZE], today),
            coming=_coming(queries, conditions.order, today),
        )

    def page_at(
        self,
        question: Question,
        keys: KeysBySlug,
        looked_up: LookedUp,
        date: EdtfDate,
        *,
        today: dt.date,
    ) -> Cursor | None:
        """Return the cursor of the page that begins at a date."""
        queries = self._queries(self.keymap.conditions(question, keys), looked_up)
        # Behind what is upcoming where the newest come first.
        cursor = question.cursor_at(date)._replace(rank=int(question.order == Order.NEWEST))
        total = sum(query.total() for query in queries)
        seen = sum(query.number_up_to(today, cursor) for query in queries)
        if question.order == Order.NEWEST and date.earliest > today:
            return None
        if seen < total:
            return _cursor_at(_in_reverse(queries, today, cursor), 0, seen)
        return _cursor_at(_in_reverse(queries, today, None), PAGE_SIZE, total - PAGE_SIZE)

    def matching(
        self,
        question: Question,
        keys: KeysBySlug,
        looked_up: LookedUp,
        *,
        today: dt.date,
    ) -> Sequence[int]:
        """Return the keys of all events found, in order."""
        base, *changed = self._queries(self.keymap.conditions(question, keys), looked_up)
        found = base.keys(today)
        if changed:
            # Those that changed are few beside the others: each is put where it belongs.
            hits = [*_in_order(changed, today, None)]
            places = [base.number_up_to(today, _cursor(hit, 0)) for hit in hits]
            found = np.insert(found, places, [sort_key[-1] for _rank, _order, sort_key in hits])
        return array("q", found.tobytes())

    # What pictures ask

    def spread(
        self,
        question: Question,
        keys: KeysBySlug,
        looked_up: LookedUp,
        bins: Bins,
    ) -> dict[str, Spread]:
        """Spread the events found over bins of time, separately for each value."""
        queries = self._queries(self.keymap.conditions(question, keys), looked_up)
        values: Mapping[str, FilterValue | None] = (
            self.keymap.filter_values(question, bins.group, bins.values)
            if bins.group
            else {"": None}
        )
        return pictures.spread(queries, bins, values)

    def period_counts(
        self, question: Question, keys: KeysBySlug, looked_up: LookedUp, periods: Periods
    ) -> dict[str, list[int]]:
        """Count the events found with each of several periods in place of the question's own."""
        queries = self._queries(self.keymap.conditions(question, keys), looked_up)
        values: Mapping[str, FilterValue] = (
            self.keymap.filter_values(question, periods.group, periods.values)
            if periods.group
            else {}
        )
        return pictures.period_counts(queries, periods, values)

    def pair_counts(
        self,
        question: Question,
        keys: KeysBySlug,
        looked_up: LookedUp,
        rows: tuple[str, Sequence[str]],
        columns: tuple[str, Sequence[str]],
    ) -> dict[tuple[str, str], int]:
        """Count the events found that have both a value of one group and one of another."""
        queries = self._queries(self.keymap.conditions(question, keys), looked_up)
        sides = (self.keymap.filter_values(question, *side) for side in (rows, columns))
        return pictures.pair_counts(queries, *sides)

    def place_counts(
        self, question: Question, keys: KeysBySlug, looked_up: LookedUp
    ) -> dict[frozenset[int], int]:
        """Count the events found by the keys of all places at which each took place."""
        queries = self._queries(self.keymap.conditions(question, keys), looked_up)
        return _sum(query.combination_counts("place") for query in queries)

    def _queries(self, conditions: Conditions, looked_up: LookedUp) -> list[SegmentQuery]:
        queries = [
            SegmentQuery(self.base.segment, self.deleted, lambda *key: looked_up[key], conditions),
            SegmentQuery(self.changed.segment, BitMap(), self.changed.look_up, conditions),
        ]
        return queries if len(self.changed.segment) else queries[:1]

    def _options(self, queries: list[SegmentQuery], conditions: Conditions) -> dict[str, Counts]:
        options: dict[str, Counts] = {}
        for group in COUNTED:
            if group == "party":
                continue
            counts = _sum(query.counts(group, without=group) for query in queries)
            options[group] = self.keymap.by_slug(group, counts)
        counts = _party_counts(queries, conditions, conditions.parties)
        return {**options, "party": self.keymap.by_slug("party", counts)}

    def _indirect(self, queries: list[SegmentQuery], conditions: Conditions) -> Counts:
        """Count the events in which each party takes part only through blocs."""
        total = _party_counts(queries, conditions, conditions.parties)
        direct = _party_counts(queries, conditions, "party directly")
        through = {key: count - direct.get(key, 0) for key, count in total.items()}
        return self.keymap.by_slug("party", through)


def _party_counts(
    queries: list[SegmentQuery], conditions: Conditions, group: str
) -> dict[int | str, int]:
    without = "party" if conditions.any_party else ""
    return _sum(query.counts(group, without=without) for query in queries)


def _in_order(queries: list[SegmentQuery], today: dt.date, cursor: Cursor | None) -> Iterator[Hit]:
    hits = [query.hits(today, cursor) for query in queries]
    return hits[0] if len(hits) == 1 else merge(*hits)


def _in_reverse(
    queries: list[SegmentQuery], today: dt.date, cursor: Cursor | None
) -> Iterator[Hit]:
    """Yield the hits from the last to the first, or from a cursor back to the first."""
    hits = [query.hits_reversed(today, cursor) for query in queries]
    return hits[0] if len(hits) == 1 else merge(*hits, reverse=True)


def _cursor_at(hits: Iterator[Hit], number: int, seen: int) -> Cursor | None:
    hit = next(islice(hits, number, None), None)
    return _cursor(hit, seen) if hit else None


def _cursor(hit: Hit, seen: int) -> Cursor:
    rank, _order, (heading, earliest, latest, key) = hit
    day = dt.date.fromordinal
    return Cursor(rank, day(earliest), day(-latest), key, seen, not heading % HEADINGS_A_YEAR)


def _years(queries: list[SegmentQuery], months: Mapping[tuple[int, int], int]) -> dict[int, int]:
    """Count the events found with each year as the period, of the years in which some may begin."""
    years = sorted({year for year, _month in months})
    if not years:
        return {}
    periods = tuple(whole_year(year) for year in years)
    counts = np.sum([query.period_counts(periods) for query in queries], axis=0).tolist()
    return {year: n for year, n in zip(years, counts, strict=True) if n}


def _headings(
    queries: list[SegmentQuery], order: Order, hits: Sequence[Hit], today: dt.date
) -> dict[Heading, int]:
    """Count all events found under each heading of a page."""
    if order == Order.RELEVANCE:
        return {}
    listed = 1 if order == Order.NEWEST else 0
    orders = list(dict.fromkeys(sort_key[0] for rank, _order, sort_key in hits if rank == listed))
    by_query = zip(*(query.heading_counts(orders, today) for query in queries), strict=True)
    headings = {}
    for number, counts in zip(orders, by_query, strict=True):
        year, month = divmod(number, HEADINGS_A_YEAR)
        headings[Heading(year, month or None)] = sum(counts)
    return headings


def _coming(queries: list[SegmentQuery], order: Order, today: dt.date) -> tuple[int, int]:
    """Count the upcoming events that are planned, and those that are postponed."""
    if order == Order.RELEVANCE:
        return 0, 0
    planned, postponed = (
        sum(query.upcoming_count(state.value, today) for query in queries)
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
