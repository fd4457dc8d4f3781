"""The reference for pictures: plain SQL over the record's own tables."""

import datetime as dt
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q

from timeline.core.batches import batched
from timeline.core.dates import parse
from timeline.core.question import Question
from timeline.index.interface import Bins, Period, Periods, PlaceCounts, Spread
from timeline.index.sql_filter import filtered, has_value, in_period, ways_counted
from timeline.models import EventPlace, EventSector
from timeline.models.events import EventQuerySet

_COLUMNS: Final = 100
"""Periods counted at a time: a database limits the number of columns in one result."""


def spread(
    question: Question,
    bins: Bins,
) -> Mapping[str, Spread]:
    """Spread the events found over bins of time, separately for each value."""
    edges = bins.edges
    first, last = (dt.date.fromordinal(day) for day in (edges[0], edges[-1] - 1))
    rows = filtered(question).filter(earliest__lte=last, latest__gte=first)
    events = list(rows.order_by("earliest", "-latest", "pk").values_list("pk", "earliest"))
    by_value = (
        _keys_by_value(question, bins.group) if bins.group else {"": {key for key, _day in events}}
    )
    spreads = {}
    for value in bins.values:
        by_bin: dict[int, list[int]] = {}
        with_value = by_value.get(value, set())
        for key, day in events:
            if key in with_value:
                number = max(bisect_right(edges, day.toordinal()) - 1, 0)
                by_bin.setdefault(number, []).append(key)
        spreads[value] = Spread(
            [len(by_bin.get(number, ())) for number in range(len(edges) - 1)],
            {number: tuple(keys) for number, keys in by_bin.items() if len(keys) <= bins.most},
        )
    return spreads


def period_counts(question: Question, periods: Periods) -> Mapping[str, Sequence[int]]:
    """Count the events of each period: all under '', and those that have a value under it."""
    rows = filtered(question, leaving_out=["period"])
    counts = {"": _in_periods(question, rows, periods.periods)}
    for value in periods.values:
        condition = has_value(question, periods.group, value)
        counts[value] = _in_periods(question, rows.filter(condition), periods.periods)
        if periods.apart:
            rows = rows.filter(~condition)
    return counts


def _in_periods(
    question: Question, rows: EventQuerySet, periods: Sequence[Period]
) -> Sequence[int]:
    counts: list[int] = []
    for batch in batched(periods, _COLUMNS):
        conditions = (in_period(_with_period(question, period)) for period in batch)
        columns = {f"n{n}": Count("pk", filter=condition) for n, condition in enumerate(conditions)}
        counts += rows.order_by().aggregate(**columns).values()
    return counts


def _with_period(question: Question, period: Period) -> Question:
    start, end = (parse(day.isoformat()) for day in period)
    return replace(question, start=start, end=end)


def pair_counts(
    question: Question, rows: tuple[str, Sequence[str]], columns: tuple[str, Sequence[str]]
) -> Mapping[tuple[str, str], int]:
    """Count the events found that have both a value of the rows and one of the columns."""
    keys = set(filtered(question).order_by().values_list("pk", flat=True))
    by_row, by_column = (_keys_by_value(question, group) for group, _values in (rows, columns))
    counts = {
        (row, column): len(by_row.get(row, set()) & by_column.get(column, set()) & keys)
        for row in rows[1]
        for column in columns[1]
    }
    return {pair: count for pair, count in counts.items() if count}


def place_counts(question: Question) -> PlaceCounts:
    """Count the events found by the keys of all places at which each took place."""
    links = EventPlace.objects.order_by().exclude(place=None)
    found = links.filter(event__in=filtered(question).order_by().values("pk"))
    elsewhere = Exists(links.filter(~Q(place=OuterRef("place")), event=OuterRef("event")))
    counts = Counter[frozenset[int]]()
    for place, n in (
        found.exclude(elsewhere).values_list("place").annotate(n=Count("event", distinct=True))
    ):
        counts[frozenset([place])] = n
    several: dict[int, set[int]] = defaultdict(set)
    for event, place in found.filter(elsewhere).values_list("event", "place"):
        several[event].add(place)
    counts.update(map(frozenset, several.values()))
    return counts


def _keys_by_value(question: Question, group: str) -> dict[str, set[int]]:
    """Return the keys of the events that have each value of a group, 'party' or 'sector'."""
    keys: dict[str, set[int]] = {}
    if group == "party":
        for event, code in ways_counted(question).values_list("event", "party__code"):
            keys.setdefault(code, set()).add(event)
        return keys
    links = EventSector.objects.order_by()
    for event, slug, parent in links.values_list("event", "sector__slug", "sector__parent__slug"):
        for value in filter(None, (slug, parent)):
            keys.setdefault(value, set()).add(event)
    return keys
