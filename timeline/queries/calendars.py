"""What calendars show: events and expected sessions, with how often each of them was edited."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Max, Min, Prefetch

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

BATCH: Final = 250
"""Events fetched at a time: what a calendar takes in memory hangs on it, not on its length."""

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


@dataclass(frozen=True, slots=True)
class EventEntry:
    """An event as a calendar shows it; ``unconfirmed`` if its day passed and nothing was seen."""

    event: Event
    participations: tuple[Participation, ...]
    sectors: tuple[Sector, ...]
    edits: Edits
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """A session that a framework expects in a window: computed, never an event."""

    view: FrameworkView
    window: Window
    edits: Edits


def event_entries(ids: Sequence[int], today: dt.date) -> Iterator[list[EventEntry]]:
    """Fetch published events in the order given, batch by batch.

    Each batch is a fixed number of queries. Whoever is no longer published when the batch is
    fetched is left out.
    """
    for start in range(0, len(ids), BATCH):
        yield _batch(ids[start : start + BATCH], today)


def _batch(ids: Sequence[int], today: dt.date) -> list[EventEntry]:
    found = Event.objects.published().filter(pk__in=ids).order_by()
    rows = found.select_related("place__party").prefetch_related(
        Prefetch("participations", Participation.objects.select_related("party").order_by("pk")),
        Prefetch("sector_links", EventSector.objects.select_related("sector").order_by("pk")),
    )
    events = {event.pk: event for event in rows}
    edits = _edits_of_events(ids)
    return [
        EventEntry(
            event=events[pk],
            participations=hosts_first(events[pk].participations.all()),
            sectors=tuple(link.sector for link in events[pk].sector_links.all()),
            edits=edits[pk],
            unconfirmed=events[pk].is_unconfirmed(today),
        )
        for pk in ids
        if pk in events
    ]


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
