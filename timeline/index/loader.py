"""Loading the published events of the record from the database as a segment of the index."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Final, NamedTuple

import numpy as np
from django.db.models import Exists, OuterRef
from pyroaring import BitMap

from timeline.core.batches import batched
from timeline.core.codes import EventState
from timeline.core.filters import COLUMNS
from timeline.core.folding import Term, contains
from timeline.database.fulltext import SearchField
from timeline.index.segment import (
    Array,
    Events,
    FilterValue,
    KeyLookup,
    Segment,
    inverse_permutation,
    to_bitmap,
)
from timeline.models import (
    Attendance,
    Citation,
    Event,
    EventPlace,
    EventSector,
    InstrumentStep,
    Involvement,
    Statement,
)
from timeline.models.sources import PARTS

_CHUNK: Final = 100_000
"""Rows read at a time."""

_BATCH: Final = 5000
"""Events read at a time by their keys: a database limits the number of values in one query."""

_COMING: Final = (EventState.PLANNED.value, EventState.POSTPONED.value)


class ChangedEvents(NamedTuple):
    """Some events with everything that a question may ask of them.

    ``texts`` holds the search texts by search field and key of the event, ``linked`` the keys of
    events by group and key of a person, text or source. So few events are searched one by one.
    """

    segment: Segment
    texts: Mapping[str, Mapping[int, str]]
    linked: Mapping[tuple[str, int], set[int]]

    def look_up(self, group: str, value: Term | int) -> BitMap:
        """Return the events that hold a term in a search field, or link to what has a key."""
        if isinstance(value, Term):
            keys = [key for key, text in self.texts[group].items() if contains(text, value)]
        else:
            keys = sorted(self.linked.get((group, value), ()))
        return self.segment.with_keys(keys)


def read() -> Segment:
    """Read all published events; best inside :func:`timeline.database.version.snapshot`."""
    return _read_segment(None)


def read_some(keys: Iterable[int]) -> ChangedEvents:
    """Read those of the events with these keys that are published."""
    sorted_keys = sorted(keys)
    texts: dict[str, dict[int, str]] = {field: {} for field in SearchField}
    linked: dict[tuple[str, int], set[int]] = defaultdict(set)
    for batch in batched(sorted_keys, _BATCH):
        rows = Event.objects.published().filter(pk__in=batch).order_by()
        for key, *columns in rows.values_list("pk", *(field.column for field in SearchField)):
            for field, text in zip(SearchField, columns, strict=True):
                texts[field][key] = text
        for group, links in _LOOKED_UP_LINKS.items():
            for key, value in chain.from_iterable(links(batch)):
                linked[group, value].add(key)
    return ChangedEvents(_read_segment(sorted_keys), texts, linked)


def _read_segment(keys: Sequence[int] | None) -> Segment:
    columns = _read_columns(keys)
    events = Events(
        np.array(columns.pop("pk"), dtype=np.int64),
        _ordinals(columns.pop("earliest")),
        _ordinals(columns.pop("latest")),
        ~np.array(columns.pop("date_sure"), dtype=bool),
        np.array([state in _COMING for state in columns["state"]], dtype=bool),
        np.array(columns.pop("vague"), dtype=bool),
    )
    order = events.argsort()
    events = events.take(order)
    positions = inverse_permutation(order)
    sets: dict[FilterValue, BitMap] = {}
    for group in COLUMNS:
        _add(sets, group, columns.pop(group), positions)
    find = KeyLookup(events.keys)
    for group, links in _LINKS.items():
        for batch in [None] if keys is None else batched(keys, _BATCH):
            for linked, values in _chunks(chain.from_iterable(links(batch))):
                numbers, exists = find(linked)
                _add(sets, group, values[exists], numbers[exists])
    return Segment(events, sets)


def _read_columns(keys: Sequence[int] | None) -> dict[str, list[Any]]:
    dated = ("earliest", "latest", "date_sure", "vague")
    names = ("pk", *dated, *COLUMNS)
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for batch in [None] if keys is None else batched(keys, _BATCH):
        published = Event.objects.published().with_vague().order_by()
        rows = published if batch is None else published.filter(pk__in=batch)
        for row in rows.values_list("pk", *dated, *COLUMNS.values()).iterator(chunk_size=_CHUNK):
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    return columns


def _ordinals(days: list[dt.date]) -> Array:
    return np.array([day.toordinal() for day in days], dtype=np.int32)


def _chunks(links: Iterable[tuple[int, Any]]) -> Iterator[tuple[Array, Array]]:
    """Yield links in chunks, each as a column of events' keys and a column of values."""
    remaining = iter(links)
    while chunk := list(islice(remaining, _CHUNK)):
        keys, values = zip(*chunk, strict=True)
        yield np.array(keys, dtype=np.int64), np.array(values)


def _add(sets: dict[FilterValue, BitMap], group: str, values: Any, numbers: Array) -> None:
    """Add each of these events to the set of the value at its index; None is no value."""
    column = np.asarray(values)
    if column.dtype == object:
        present = np.array([value is not None for value in column], dtype=bool)
        column, numbers = np.array(column[present].tolist()), numbers[present]
    if not len(column):
        return
    order = np.argsort(column, kind="stable")
    column, numbers = column[order], numbers[order]
    begins = np.flatnonzero(np.r_[True, column[1:] != column[:-1]])
    for value, run in zip(column[begins].tolist(), np.split(numbers, begins[1:]), strict=True):
        bitmap = sets.setdefault((group, value), BitMap())
        bitmap |= to_bitmap(run)


# Links: pairs of an event's key and a value

_Links = Iterable[tuple[int, Any]]


def _select(rows: Any, batch: Sequence[int] | None, *columns: str) -> Any:
    """Select columns of links; the first names the event, which is one of a batch or any."""
    in_batch = rows if batch is None else rows.filter(**{f"{columns[0]}__in": batch})
    return in_batch.order_by().values_list(*columns).iterator(chunk_size=_CHUNK)


def _parties(batch: Sequence[int] | None) -> Iterator[_Links]:
    yield _select(Involvement.objects.all(), batch, "event", "party")


def _parties_directly(batch: Sequence[int] | None) -> Iterator[_Links]:
    yield _select(Involvement.objects.filter(via=None), batch, "event", "party")


def _addressees(batch: Sequence[int] | None) -> Iterator[_Links]:
    """Yield the parties that are only addressees and do not take part through a bloc either."""
    through = Involvement.objects.filter(event=OuterRef("event"), party=OuterRef("party"))
    rows = Involvement.objects.filter(addressee=True)
    only = rows.exclude(Exists(through.exclude(via=None)))
    yield _select(only, batch, "event", "party")


def _addressees_directly(batch: Sequence[int] | None) -> Iterator[_Links]:
    yield _select(Involvement.objects.filter(addressee=True), batch, "event", "party")


def _sectors(batch: Sequence[int] | None) -> Iterator[_Links]:
    """Yield the sectors of events, and the parents of those sectors."""
    yield _select(EventSector.objects.all(), batch, "event", "sector")
    children = EventSector.objects.exclude(sector__parent=None)
    yield _select(children, batch, "event", "sector__parent")


def _places(batch: Sequence[int] | None) -> Iterator[_Links]:
    yield _select(EventPlace.objects.exclude(place=None), batch, "event", "place")


def _cited(batch: Sequence[int] | None, source_column: str) -> Iterator[_Links]:
    """Yield a column of the sources of events and of their parts."""
    yield _select(Citation.objects.exclude(event=None), batch, "event", source_column)
    for part in PARTS:
        rows = Citation.objects.exclude(**{part: None})
        yield _select(rows, batch, f"{part}__event", source_column)


def _source_kinds(batch: Sequence[int] | None) -> Iterator[_Links]:
    return _cited(batch, "source__kind")


def _sources(batch: Sequence[int] | None) -> Iterator[_Links]:
    return _cited(batch, "source")


def _people(batch: Sequence[int] | None) -> Iterator[_Links]:
    yield _select(Attendance.objects.all(), batch, "event", "person")
    yield _select(Statement.objects.all(), batch, "event", "person")


def _instruments(batch: Sequence[int] | None) -> Iterator[_Links]:
    yield _select(InstrumentStep.objects.exclude(event=None), batch, "event", "instrument")


_LINKS: Final = {
    "party": _parties,
    "party directly": _parties_directly,
    "party addressed": _addressees,
    "party addressed directly": _addressees_directly,
    "sector": _sectors,
    "place": _places,
    "source_kind": _source_kinds,
}
"""Groups whose values have bitmaps in a segment."""

_LOOKED_UP_LINKS: Final = {"person": _people, "instrument": _instruments, "source": _sources}
"""Groups without bitmaps: their events are looked up when a question names a value."""


def linked_events(key: int, group: str) -> set[int]:
    """Return the keys of all events, published or not, that link to a person, text or source."""
    if group == "instrument":
        steps = InstrumentStep.objects.order_by().filter(instrument=key).exclude(event=None)
        return set(steps.values_list("event", flat=True))
    if group == "person":
        rows = (part.objects.filter(person=key) for part in (Attendance, Statement))
        return {event for part in rows for event in part.values_list("event", flat=True)}
    cited = Citation.objects.order_by().filter(source=key).with_event()
    return {event for event in cited.values_list("about_event", flat=True) if event is not None}
