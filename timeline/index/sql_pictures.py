"""The reference for pictures: rows of the record's own tables, counted one by one."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.db.models import Count

from timeline.core.dates import parse
from timeline.core.question import Question
from timeline.index.interface import Bins, Period, Periods, Spread
from timeline.index.sql_filter import bears, filtered, in_period
from timeline.models import EventSector, Involvement
from timeline.models.events import EventQuerySet

_COLUMNS: Final = 100
"""Periods counted at a time: a database takes only so many columns in one answer."""


def spread(
    question: Question,
    bins: Bins,
) -> Mapping[str, Spread]:
    """Spread the events found over bins of time, under each of the values."""
    edges = bins.edges
    first, last = (dt.date.fromordinal(day) for day in (edges[0], edges[-1] - 1))
    rows = filtered(question).filter(earliest__lte=last, latest__gte=first)
    told = list(rows.order_by("earliest", "-latest", "pk").values_list("pk", "earliest"))
    bearing = _bearing(question, bins.group) if bins.group else {"": {key for key, _day in told}}
    found = {}
    for value in bins.values:
        held: dict[int, list[int]] = {}
        bearers = bearing.get(value, set())
        for key, day in told:
            if key in bearers:
                number = max(bisect_right(edges, day.toordinal()) - 1, 0)
                held.setdefault(number, []).append(key)
        found[value] = Spread(
            [len(held.get(number, ())) for number in range(len(edges) - 1)],
            {number: tuple(keys) for number, keys in held.items() if len(keys) <= bins.most},
        )
    return found


def held(question: Question, periods: Periods) -> Mapping[str, Sequence[int]]:
    """How many events each period finds, and how many of them bear each value."""
    rows = filtered(question, leaving_out=["period"])
    found = {"": _in_periods(question, rows, periods.periods)}
    for value in periods.values:
        bearing = bears(question, periods.group, value)
        found[value] = _in_periods(question, rows.filter(bearing), periods.periods)
        if periods.apart:
            rows = rows.filter(~bearing)
    return found


def _in_periods(
    question: Question, rows: EventQuerySet, periods: Sequence[Period]
) -> Sequence[int]:
    counts: list[int] = []
    for first in range(0, len(periods), _COLUMNS):
        asked = (_asking_for(question, one) for one in periods[first : first + _COLUMNS])
        columns = {f"n{n}": Count("pk", filter=in_period(one)) for n, one in enumerate(asked)}
        counts += rows.order_by().aggregate(**columns).values()
    return counts


def _asking_for(question: Question, period: Period) -> Question:
    start, end = (parse(day.isoformat()) for day in period)
    return replace(question, start=start, end=end)


def crossed(
    question: Question, rows: tuple[str, Sequence[str]], columns: tuple[str, Sequence[str]]
) -> Mapping[tuple[str, str], int]:
    """How many of the events found bear both a value of one side and one of the other."""
    keys = set(filtered(question).order_by().values_list("pk", flat=True))
    one, other = (_bearing(question, group) for group, _values in (rows, columns))
    pairs = {
        (row, column): len(one.get(row, set()) & other.get(column, set()) & keys)
        for row in rows[1]
        for column in columns[1]
    }
    return {pair: count for pair, count in pairs.items() if count}


def places(question: Question) -> Mapping[int, int]:
    """How many of the events found met at each place."""
    there = filtered(question).exclude(place=None).order_by()
    return dict(there.values_list("place").annotate(n=Count("pk")))


def _bearing(question: Question, group: str) -> dict[str, set[int]]:
    """The keys of the events that bear each value of a group."""
    found: dict[str, set[int]] = {}
    if group == "party":
        ways = Involvement.objects.order_by()
        chosen = ways.filter(via=None) if question.direct else ways
        for event, code in chosen.values_list("event", "party__code"):
            found.setdefault(code, set()).add(event)
        return found
    links = EventSector.objects.order_by()
    for event, slug, parent in links.values_list("event", "sector__slug", "sector__parent__slug"):
        for value in filter(None, (slug, parent)):
            found.setdefault(value, set()).add(event)
    return found
