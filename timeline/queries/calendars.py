"""What calendars show: events and expected sessions, with how often each of them was edited."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import Count, Max, Min, QuerySet

from timeline.core.cadence import Window
from timeline.models import (
    Event,
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
from timeline.queries.frameworks import FrameworkView
from timeline.queries.timeline import hosts_first

BATCH: Final = 1000
"""Events fetched at a time: what a calendar takes in memory hangs on it, not on its length."""

YEARS: Final = 2
"""How many years back a calendar goes that is for following."""

Owners = dict[int, set[int]]
"""For each row, by key, the records that it has a part in."""


@dataclass(frozen=True, slots=True)
class Edits:
    """How often what a record shows was edited; when it was made, and when edited last.

    A row written in bulk has no history: its count is 0 and its days are unknown.
    """

    count: int
    first: dt.datetime | None
    last: dt.datetime | None


class Taking(NamedTuple):
    """A party at an event, with its role."""

    role: str
    party: Party


@dataclass(frozen=True, slots=True)
class EventEntry:
    """An event as a calendar shows it; ``unconfirmed`` if its day passed and nothing was seen."""

    event: Event
    participations: tuple[Taking, ...]
    sectors: tuple[Sector, ...]
    edits: Edits
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """A session that a framework expects in a window: computed, never an event."""

    view: FrameworkView
    window: Window
    edits: Edits


def followed_since(today: dt.date) -> dt.date:
    """The first day of what a calendar holds to be followed: two years before today."""
    return today.replace(
        year=today.year - YEARS, day=min(today.day, 28 if today.month == 2 else 31)
    )


def event_entries(ids: Sequence[int], today: dt.date) -> Iterator[list[EventEntry]]:
    """Fetch published events in the order given, batch by batch.

    Each batch is a fixed number of queries, read to their ends, so that nothing stays open in the
    database while a slow reader takes what was made of it. Whoever is no longer published when the
    batch is fetched is left out.
    """
    named = _Named()
    for start in range(0, len(ids), BATCH):
        yield _batch(ids[start : start + BATCH], today, named)


class _Named:
    """Parties, sectors and places that events name: few, so that each is fetched once."""

    def __init__(self) -> None:
        self._held: dict[type[Recorded], dict[int, Any]] = {Party: {}, Sector: {}, Place: {}}

    def by_key(self, model: type[Recorded], keys: Iterable[int]) -> dict[int, Any]:
        """Rows of a model by key, those of these keys among them."""
        held = self._held[model]
        if missing := set(keys) - held.keys():
            rows: QuerySet[Any] = model._default_manager.order_by()
            if model is Place:
                rows = rows.select_related("party")
            held |= rows.in_bulk(missing)
        return held


_SHOWN: Final = (
    *("slug", "state", "title_fr", "title_en", "summary_fr", "summary_en", "date", "earliest"),
    *("latest", "ongoing", "place", "published_at"),
)


def _batch(ids: Sequence[int], today: dt.date, named: _Named) -> list[EventEntry]:
    found = Event.objects.published().filter(pk__in=ids).order_by().only(*_SHOWN)
    events = {event.pk: event for event in found}
    took_part, about = (
        _parts(Participation, ids, "role", "party"),
        _parts(EventSector, ids, "sector"),
    )
    parties = named.by_key(Party, (key for rows in took_part.values() for _, key in rows))
    sectors = named.by_key(Sector, (key for rows in about.values() for (key,) in rows))
    met_at = (event.place_id for event in events.values())
    places = named.by_key(Place, (key for key in met_at if key is not None))
    edits = _edits_of_events(ids)
    entries = []
    for pk in ids:
        if (event := events.get(pk)) is None:
            continue
        if event.place_id is not None:
            event.place = places[event.place_id]
        entries.append(
            EventEntry(
                event=event,
                participations=hosts_first(
                    Taking(role, parties[key]) for role, key in took_part[pk]
                ),
                sectors=tuple([sectors[key] for (key,) in about[pk]]),
                edits=edits[pk],
                unconfirmed=event.is_unconfirmed(today),
            )
        )
    return entries


def _parts(model: type[Recorded], ids: Sequence[int], *columns: str) -> dict[int, list[Any]]:
    """For each of these events the rows of a part, as they were entered, in some columns."""
    found: dict[int, list[Any]] = defaultdict(list)
    every: QuerySet[Any] = model._default_manager.all()
    rows = every.filter(event__in=ids).order_by("pk")
    for event, *values in rows.values_list("event", *columns):
        found[event].append(values)
    return found


def session_entries(views: Iterable[FrameworkView]) -> list[SessionEntry]:
    """The sessions that these frameworks expect in a window; the others have no days to show."""
    expected = [
        (view, view.standing.window)
        for view in views
        if view.expects_a_session and view.standing.window is not None
    ]
    edits = _edits_of_frameworks([view.framework.pk for view, _ in expected])
    return [SessionEntry(view, window, edits[view.framework.pk]) for view, window in expected]


def _edits_of_events(ids: Iterable[int]) -> dict[int, Edits]:
    trail = _Trail(Event, ids)
    trail.follow(Participation, "event_id", Event)
    trail.follow(EventSector, "event_id", Event)
    trail.name(Event, "place_id", Place)
    trail.name(Place, "party_id", Party)
    trail.name(Participation, "party_id", Party)
    trail.name(EventSector, "sector_id", Sector)
    return trail.edits()


def _edits_of_frameworks(ids: Iterable[int]) -> dict[int, Edits]:
    trail = _Trail(Framework, ids)
    trail.follow(Event, "framework_id", Framework)
    trail.follow(Participation, "event_id", Event)
    trail.follow(Side, "framework_id", Framework)
    trail.follow(HostOrder, "side_id", Side)
    trail.name(Side, "party_id", Party)
    trail.name(Framework, "fixed_host_id", Party)
    trail.follow(Membership, "bloc_id", Party)
    return trail.edits()


class _Trail:
    """The rows that ever had a part in what some records show, found in their histories.

    A row that was taken out, moved elsewhere or deleted stays a part, so that the number of edits
    never shrinks.
    """

    def __init__(self, model: type[Recorded], keys: Iterable[int]) -> None:
        self.model = model
        self.keys = tuple(keys)
        self.parts: dict[type[Recorded], Owners] = defaultdict(lambda: defaultdict(set))
        for key in self.keys:
            self.parts[model][key].add(key)

    def follow(self, model: type[Recorded], column: str, parent: type[Recorded]) -> None:
        """Add the rows of a model that ever belonged to a part."""
        past = model.history.filter(**{f"{column}__in": list(self.parts[parent])})
        pairs = past.order_by().values_list("id", column).distinct()
        self._add(model, pairs, self.parts[parent])

    def name(self, model: type[Recorded], column: str, target: type[Recorded]) -> None:
        """Add the rows that a part ever named."""
        past = model.history.filter(id__in=list(self.parts[model])).exclude(**{column: None})
        pairs = past.order_by().values_list(column, "id").distinct()
        self._add(target, pairs, self.parts[model])

    def _add(self, model: type[Recorded], pairs: Iterable[tuple[int, int]], known: Owners) -> None:
        for key, part in pairs:
            self.parts[model][key] |= known[part]

    def edits(self) -> dict[int, Edits]:
        """Count the edits of all parts of each record."""
        counts: dict[int, int] = dict.fromkeys(self.keys, 0)
        first: dict[int, dt.datetime] = {}
        last: dict[int, dt.datetime] = {}
        for model, owners in self.parts.items():
            past = model.history.filter(id__in=list(owners)).order_by().values_list("id")
            told = past.annotate(Count("pk"), Min("history_date"), Max("history_date"))
            for key, number, begun, ended in told:
                if model is self.model:
                    first[key] = begun
                for owner in owners[key]:
                    counts[owner] += number
                    last[owner] = max(last.get(owner, ended), ended)
        return {key: Edits(counts[key], first.get(key), last.get(key)) for key in self.keys}
