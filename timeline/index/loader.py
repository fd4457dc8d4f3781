"""The record's published events read from the database as a segment of the index."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final, NamedTuple

import numpy as np
from pyroaring import BitMap

from timeline.core.codes import EventState
from timeline.core.filters import COLUMNS
from timeline.core.folding import Term, contains
from timeline.database.fulltext import SearchField
from timeline.index.segment import Events, Finder, Numbers, Segment, Value, bitmap, ranks
from timeline.models import (
    Attendance,
    Citation,
    Event,
    EventSector,
    Involvement,
    Statement,
)
from timeline.models.sources import PARTS

_CHUNK: Final = 100_000
"""Rows read at a time."""

_BATCH: Final = 5000
"""Events asked for at a time: a database takes only so many values in one question."""

_COMING: Final = (EventState.PLANNED.value, EventState.POSTPONED.value)


class Changed(NamedTuple):
    """Some events with all that a question may ask of them.

    ``texts`` gives by zone and key what is searched, ``named`` by group and key of a person or a
    source the events that it has a part in: few events are looked through one by one.
    """

    segment: Segment
    texts: Mapping[str, Mapping[int, str]]
    named: Mapping[tuple[str, int], set[int]]

    def looked_up(self, group: str, value: Term | int) -> BitMap:
        """The events that hold a term in a zone, or in which a person or source has a part."""
        if isinstance(value, Term):
            keys = [key for key, text in self.texts[group].items() if contains(text, value)]
        else:
            keys = sorted(self.named.get((group, value), ()))
        return self.segment.places(keys)


def read() -> Segment:
    """Read all published events; best inside :func:`timeline.database.version.snapshot`."""
    return _segment(None)


def read_some(keys: Iterable[int]) -> Changed:
    """Read those of some events that are published."""
    wanted = sorted(keys)
    texts: dict[str, dict[int, str]] = {zone: {} for zone in SearchField}
    named: dict[tuple[str, int], set[int]] = defaultdict(set)
    for batch in _batches(wanted):
        rows = Event.objects.published().filter(pk__in=batch).order_by()
        for key, *told in rows.values_list("pk", *(zone.column for zone in SearchField)):
            for zone, text in zip(SearchField, told, strict=True):
                texts[zone][key] = text
        for group, links in _NAMED.items():
            for key, value in chain.from_iterable(links(batch)):
                named[group, value].add(key)
    return Changed(_segment(wanted), texts, named)


def _segment(keys: list[int] | None) -> Segment:
    columns = _columns(keys)
    events = Events(
        np.array(columns.pop("pk"), dtype=np.int64),
        _ordinals(columns.pop("earliest")),
        _ordinals(columns.pop("latest")),
        ~np.array(columns.pop("date_sure"), dtype=bool),
        np.array([state in _COMING for state in columns["state"]], dtype=bool),
        np.array(columns.pop("vague"), dtype=bool),
    )
    order = events.in_order()
    events = events.taken(order)
    place = ranks(order)
    sets: dict[Value, BitMap] = {}
    for group in COLUMNS:
        _add(sets, group, columns.pop(group), place)
    find = Finder(events.keys)
    for group, links in _LINKS.items():
        for batch in [None] if keys is None else _batches(keys):
            for found, values in _chunks(chain.from_iterable(links(batch))):
                numbers, known = find(found)
                _add(sets, group, values[known], numbers[known])
    return Segment(events, sets)


def _columns(keys: list[int] | None) -> dict[str, list[Any]]:
    dated = ("earliest", "latest", "date_sure", "vague")
    names = ("pk", *dated, *COLUMNS)
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for batch in [None] if keys is None else _batches(keys):
        rows = Event.objects.published().with_vague().order_by()
        chosen = rows if batch is None else rows.filter(pk__in=batch)
        for row in chosen.values_list("pk", *dated, *COLUMNS.values()).iterator(chunk_size=_CHUNK):
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    return columns


def _ordinals(days: list[dt.date]) -> Numbers:
    return np.array([day.toordinal() for day in days], dtype=np.int32)


def _batches(keys: list[int]) -> Iterator[list[int]]:
    for first in range(0, len(keys), _BATCH):
        yield keys[first : first + _BATCH]


def _chunks(rows: Iterable[tuple[int, Any]]) -> Iterator[tuple[Numbers, Numbers]]:
    """Pairs of an event's key and a value, many at a time, as two columns."""
    stream = iter(rows)
    while chunk := list(islice(stream, _CHUNK)):
        keys, values = zip(*chunk, strict=True)
        yield np.array(keys, dtype=np.int64), np.array(values)


def _add(sets: dict[Value, BitMap], group: str, values: Any, numbers: Numbers) -> None:
    """Let these numbers bear these values, place by place; None is no value."""
    told = np.asarray(values)
    if told.dtype == object:
        there = np.array([value is not None for value in told], dtype=bool)
        told, numbers = np.array(told[there].tolist()), numbers[there]
    if not len(told):
        return
    order = np.argsort(told, kind="stable")
    told, numbers = told[order], numbers[order]
    begins = np.flatnonzero(np.r_[True, told[1:] != told[:-1]])
    for value, run in zip(told[begins].tolist(), np.split(numbers, begins[1:]), strict=True):
        held = sets.setdefault((group, value), BitMap())
        held |= bitmap(run)


# Links: rows of an event's key and a value

_Rows = Iterable[tuple[int, Any]]


def _of(rows: Any, batch: list[int] | None, *columns: str) -> Any:
    chosen = rows if batch is None else rows.filter(**{f"{columns[0]}__in": batch})
    return chosen.order_by().values_list(*columns).iterator(chunk_size=_CHUNK)


def _parties(batch: list[int] | None) -> Iterator[_Rows]:
    yield _of(Involvement.objects.all(), batch, "event", "party")


def _parties_directly(batch: list[int] | None) -> Iterator[_Rows]:
    yield _of(Involvement.objects.filter(via=None), batch, "event", "party")


def _sectors(batch: list[int] | None) -> Iterator[_Rows]:
    """The sectors of events, and the sectors that those are parts of."""
    yield _of(EventSector.objects.all(), batch, "event", "sector")
    parts = EventSector.objects.exclude(sector__parent=None)
    yield _of(parts, batch, "event", "sector__parent")


def _cited(batch: list[int] | None, of_source: str) -> Iterator[_Rows]:
    """What an event's sources are, its own and those of its parts."""
    yield _of(Citation.objects.exclude(event=None), batch, "event", of_source)
    for part in PARTS:
        rows = Citation.objects.exclude(**{part: None})
        yield _of(rows, batch, f"{part}__event", of_source)


def _source_kinds(batch: list[int] | None) -> Iterator[_Rows]:
    return _cited(batch, "source__kind")


def _sources(batch: list[int] | None) -> Iterator[_Rows]:
    return _cited(batch, "source")


def _people(batch: list[int] | None) -> Iterator[_Rows]:
    yield _of(Attendance.objects.all(), batch, "event", "person")
    yield _of(Statement.objects.all(), batch, "event", "person")


_LINKS: Final = {
    "party": _parties,
    "party directly": _parties_directly,
    "sector": _sectors,
    "source_kind": _source_kinds,
}
"""Groups whose bitmaps are kept."""

_NAMED: Final = {"person": _people, "source": _sources}
"""Groups that are looked up where they are asked for."""


def bearing(key: int, group: str) -> set[int]:
    """The keys of all events, published or not, that a person or a source has a part in."""
    if group == "person":
        rows = (part.objects.filter(person=key) for part in (Attendance, Statement))
        return {event for part in rows for event in part.values_list("event", flat=True)}
    cited = Citation.objects.order_by().filter(source=key).with_event()
    return {event for event in cited.values_list("about_event", flat=True) if event is not None}
