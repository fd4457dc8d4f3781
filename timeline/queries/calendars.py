"""The entries of calendars: events and expected sessions, with their numbers of edits."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from timeline.core.batches import batched
from timeline.core.cadence import Window
from timeline.core.searched import Clock
from timeline.models import (
    Event,
    EventPlace,
    EventSector,
    Participation,
    Party,
    Place,
    Sector,
)
from timeline.models._shared import Recorded
from timeline.queries import searched
from timeline.queries.as_of import AsOf
from timeline.queries.edits import Edits, edits_of_events, edits_of_frameworks
from timeline.queries.frameworks import FrameworkView
from timeline.queries.timeline import hosts_first

BATCH: Final = 1000
"""Events fetched at a time: the memory that a calendar takes depends on it, not on its length."""

YEARS: Final = 2
"""Years in the past that a calendar to subscribe to contains."""


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
    for keys in batched(ids, BATCH):
        yield _batch(keys, clock, related)


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
    edits = edits_of_events(ids)
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
    edits = edits_of_frameworks([view.framework.pk for view, _ in expected])
    return [SessionEntry(view, window, edits[view.framework.pk]) for view, window in expected]
