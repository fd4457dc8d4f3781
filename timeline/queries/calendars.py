"""The entries of calendars: events and expected sessions, with their numbers of edits."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import Count, Max, Min, QuerySet

from timeline.core.cadence import Window
from timeline.core.searched import Clock
from timeline.models import (
    Event,
    EventPlace,
    EventSector,
    Framework,
    HostOrder,
    Membership,
    Participation,
    Party,
    Place,
    Sector,
    Side,
)
from timeline.models._shared import Recorded
from timeline.queries import searched
from timeline.queries.as_of import AsOf
from timeline.queries.frameworks import FrameworkView
from timeline.queries.timeline import hosts_first

BATCH: Final = 1000
"""Events fetched at a time: the memory that a calendar takes depends on it, not on its length."""

YEARS: Final = 2
"""Years in the past that a calendar to subscribe to contains."""

Owners = dict[int, set[int]]
"""The keys of the records that a row is part of, by the key of the row."""


@dataclass(frozen=True, slots=True)
class Edits:
    """The number of edits of all that a record shows, when it was made and when last edited.

    A row written in bulk has no history: its count is 0 and both times are None.
    """

    count: int
    first: dt.datetime | None
    last: dt.datetime | None


class PartyInRole(NamedTuple):
    """A party at an event, with its role."""

    role: str
    party: Party


@dataclass(frozen=True, slots=True)
class EventEntry:
    """An event in a calendar.

    It is ``unconfirmed`` if its day is past and no source says that it was held, ``unsearched`` if
    sources were not searched since. ``searched_until`` is the end of the search if that is past.
    """

    event: Event
    places: tuple[Place, ...]
    participations: tuple[PartyInRole, ...]
    sectors: tuple[Sector, ...]
    edits: Edits
    unconfirmed: bool = False
    unsearched: bool = False
    searched_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """A session that a framework expects in a window: computed, never an event."""

    view: FrameworkView
    window: Window
    edits: Edits


def followed_since(today: dt.date) -> dt.date:
    """Return the first day that a calendar to subscribe to contains: two years before today."""
    return today.replace(
        year=today.year - YEARS, day=min(today.day, 28 if today.month == 2 else 31)
    )


def event_entries(ids: Sequence[int], today: dt.date) -> Iterator[list[EventEntry]]:
    """Yield the published ones of these events, in the order of the keys, batch by batch.

    Each batch is a fixed number of queries whose results are read completely, so that no cursor
    stays open in the database while a slow client receives the calendar. An event that is no longer
    published when its batch is fetched is left out.
    """
    related, clock = _RelatedRows(), searched.clock(AsOf(today))
    for start in range(0, len(ids), BATCH):
        yield _batch(ids[start : start + BATCH], clock, related)


class _RelatedRows:
    """A cache of the parties, sectors and places of events, which are few."""

    def __init__(self) -> None:
        self._rows: dict[type[Recorded], dict[int, Any]] = {Party: {}, Sector: {}, Place: {}}

    def by_key(self, model: type[Recorded], keys: Iterable[int]) -> dict[int, Any]:
        """Return all cached rows of a model by key, after fetching those of these keys."""
        cached = self._rows[model]
        if missing := set(keys) - cached.keys():
            rows: QuerySet[Any] = model._default_manager.order_by()
            if model is Place:
                rows = rows.select_related("party")
            cached |= rows.in_bulk(missing)
        return cached


_EVENT_FIELDS: Final = (
    *("slug", "state", "title_fr", "title_en", "summary_fr", "summary_en", "date", "earliest"),
    *("latest", "ongoing", "published_at", "framework__publication", "framework__searched_until"),
)


def _batch(ids: Sequence[int], clock: Clock, related: _RelatedRows) -> list[EventEntry]:
    rows = Event.objects.published().filter(pk__in=ids).select_related("framework").order_by()
    events = {event.pk: event for event in rows.only(*_EVENT_FIELDS)}
    participations = _parts(Participation, ids, "role", "party")
    sector_links = _parts(EventSector, ids, "sector")
    parties = related.by_key(Party, (key for rows in participations.values() for _, key in rows))
    sectors = related.by_key(Sector, (key for rows in sector_links.values() for (key,) in rows))
    place_links = _parts(EventPlace, ids, "place", order=("position", "pk"))
    # Each once, in order; a venue whose city is not known has none.
    place_keys = {
        pk: [*dict.fromkeys(key for (key,) in rows if key)] for pk, rows in place_links.items()
    }
    places = related.by_key(Place, (key for keys in place_keys.values() for key in keys))
    edits = _edits_of_events(ids)
    entries = []
    for pk in ids:
        if (event := events.get(pk)) is None:
            continue
        of_event = clock.searched_apart(event.searched_until)
        entries.append(
            EventEntry(
                event=event,
                places=tuple([places[key] for key in place_keys.get(pk, ())]),
                participations=hosts_first(
                    PartyInRole(role, parties[key]) for role, key in participations[pk]
                ),
                sectors=tuple([sectors[key] for (key,) in sector_links[pk]]),
                edits=edits[pk],
                unconfirmed=event.is_unconfirmed(of_event),
                unsearched=event.is_unsearched(of_event),
                searched_until=of_event.stopped,
            )
        )
    return entries


def _parts(
    model: type[Recorded], ids: Sequence[int], *columns: str, order: Sequence[str] = ("pk",)
) -> dict[int, list[Any]]:
    """Return columns of the rows of a part, by event; in the order of entry unless told."""
    by_event: dict[int, list[Any]] = defaultdict(list)
    manager: QuerySet[Any] = model._default_manager.all()
    rows = manager.filter(event__in=ids).order_by(*order)
    for event, *values in rows.values_list("event", *columns):
        by_event[event].append(values)
    return by_event


def session_entries(views: Iterable[FrameworkView]) -> list[SessionEntry]:
    """Return the sessions that these frameworks expect in a window; others have no days to show."""
    expected = [
        (view, view.host_turn.window)
        for view in views
        if view.expects_a_session and view.host_turn.window is not None
    ]
    edits = _edits_of_frameworks([view.framework.pk for view, _ in expected])
    return [SessionEntry(view, window, edits[view.framework.pk]) for view, window in expected]


def _edits_of_events(ids: Iterable[int]) -> dict[int, Edits]:
    histories = _Histories(Event, ids)
    histories.add_children(Participation, "event_id", Event)
    histories.add_children(EventSector, "event_id", Event)
    histories.add_children(EventPlace, "event_id", Event)
    histories.add_targets(EventPlace, "place_id", Place)
    histories.add_targets(Place, "party_id", Party)
    histories.add_targets(Participation, "party_id", Party)
    histories.add_targets(EventSector, "sector_id", Sector)
    return histories.edits()


def _edits_of_frameworks(ids: Iterable[int]) -> dict[int, Edits]:
    histories = _Histories(Framework, ids)
    histories.add_children(Event, "framework_id", Framework)
    histories.add_children(Participation, "event_id", Event)
    histories.add_children(Side, "framework_id", Framework)
    histories.add_children(HostOrder, "side_id", Side)
    histories.add_targets(Side, "party_id", Party)
    histories.add_targets(Framework, "fixed_host_id", Party)
    histories.add_children(Membership, "bloc_id", Party)
    return histories.edits()


class _Histories:
    """The rows that were ever part of what some records show, found in their histories.

    A row that was removed, moved or deleted stays a part, so that the number of edits never
    decreases. ``parts`` holds, by model, the records that each of these rows is part of.
    """

    def __init__(self, model: type[Recorded], keys: Iterable[int]) -> None:
        self.model = model
        self.keys = tuple(keys)
        self.parts: dict[type[Recorded], Owners] = defaultdict(lambda: defaultdict(set))
        for key in self.keys:
            self.parts[model][key].add(key)

    def add_children(self, model: type[Recorded], column: str, parent: type[Recorded]) -> None:
        """Add the rows of a model whose column ever named a part."""
        history = model.history.filter(**{f"{column}__in": list(self.parts[parent])})
        pairs = history.order_by().values_list("id", column).distinct()
        self._add(model, pairs, self.parts[parent])

    def add_targets(self, model: type[Recorded], column: str, target: type[Recorded]) -> None:
        """Add the rows that the column of a part ever named."""
        history = model.history.filter(id__in=list(self.parts[model])).exclude(**{column: None})
        pairs = history.order_by().values_list(column, "id").distinct()
        self._add(target, pairs, self.parts[model])

    def _add(self, model: type[Recorded], pairs: Iterable[tuple[int, int]], owners: Owners) -> None:
        for key, part in pairs:
            self.parts[model][key] |= owners[part]

    def edits(self) -> dict[int, Edits]:
        """Count the edits of all parts of each record."""
        counts: dict[int, int] = dict.fromkeys(self.keys, 0)
        first: dict[int, dt.datetime] = {}
        last: dict[int, dt.datetime] = {}
        for model, owners in self.parts.items():
            history = model.history.filter(id__in=list(owners)).order_by().values_list("id")
            rows = history.annotate(Count("pk"), Min("history_date"), Max("history_date"))
            for key, number, earliest, latest in rows:
                if model is self.model:
                    first[key] = earliest
                for owner in owners[key]:
                    counts[owner] += number
                    last[owner] = max(last.get(owner, latest), latest)
        return {key: Edits(counts[key], first.get(key), last.get(key)) for key in self.keys}
