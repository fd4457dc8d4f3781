"""The entries of calendars: events and expected sessions, with their numbers of edits."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from timeline.core.batches import batched
from timeline.core.cadence import Window
from timeline.core.codes import Publication
from timeline.core.dates import EdtfDate
from timeline.core.searched import Clock, is_unconfirmed, is_unsearched
from timeline.fields import Forms, form_columns
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
from timeline.queries.keys import Keys, in_order

BATCH: Final = 1000
"""Events fetched at a time: the memory that a calendar takes depends on it, not on its length."""

YEARS: Final = 2
"""Years in the past that a calendar to subscribe to contains."""


class PlaceEntry(NamedTuple):
    """A place of an event, with the state in which it lies and its coordinates, where known."""

    name: Forms
    state: Forms | None = None
    latitude: float | None = None
    longitude: float | None = None


class EventEntry(NamedTuple):
    """An event in a calendar or a feed.

    ``parties`` are their roles with their names. It is ``unconfirmed`` if its day is past and no
    source says that it was held, ``unsearched`` if sources were not searched since; then
    ``searched_until`` is the end of the search if that is past.
    """

    key: int
    slug: str
    state: str
    date: EdtfDate
    published_at: dt.datetime | None
    title: Forms
    summary: Forms
    places: tuple[PlaceEntry, ...]
    parties: Sequence[tuple[str, Forms]]
    sectors: tuple[Forms, ...]
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
    names, clock = CalendarNames(), searched.clock(AsOf(today))
    for keys in batched(ids, BATCH):
        yield _batch(keys, clock, names)


class CalendarNames:
    """What parties, sectors and places are called, each read once: they are few."""

    def __init__(self) -> None:
        self._parties: dict[int, Forms] = {}
        self._sectors: dict[int, Forms] = {}
        self._places: dict[int, PlaceEntry] = {}

    def parties(self, keys: Iterable[int]) -> Mapping[int, Forms]:
        """Return the names of all parties read so far, after reading these."""
        return self._read(self._parties, Party, keys)

    def sectors(self, keys: Iterable[int]) -> Mapping[int, Forms]:
        """Return the names of all sectors read so far, after reading these."""
        return self._read(self._sectors, Sector, keys)

    def places(self, keys: Iterable[int]) -> Mapping[int, PlaceEntry]:
        """Return all places read so far, after reading these."""
        if missing := {*keys} - self._places.keys():
            rows = Place.objects.filter(pk__in=Keys(missing)).order_by()
            columns = ("party", "party__name_fr", "party__name_en", "latitude", "longitude")
            for key, french, english, state, *of_state, latitude, longitude in rows.values_list(
                "pk", *form_columns("name"), *columns
            ):
                self._places[key] = PlaceEntry(
                    (french, english), (*of_state,) if state else None, latitude, longitude
                )
        return self._places

    def _read(
        self, names: dict[int, Forms], model: type[Recorded], keys: Iterable[int]
    ) -> Mapping[int, Forms]:
        if missing := {*keys} - names.keys():
            rows = model._default_manager.filter(pk__in=Keys(missing)).order_by()
            names |= {
                key: tuple(name) for key, *name in rows.values_list("pk", *form_columns("name"))
            }
        return names


_COLUMNS: Final = (
    *("pk", "slug", "state", "date", "published_at"),
    *("framework__publication", "framework__searched_until"),
    *(*form_columns("title"), *form_columns("summary")),
)


def _batch(ids: Sequence[int], clock: Clock, names: CalendarNames) -> list[EventEntry]:
    these = Keys(ids)
    rows = Event.objects.published().filter(pk__in=these).order_by()
    events = {row[0]: row for row in rows.values_list(*_COLUMNS)}
    party_links = parts(Participation, "event", these, "role", "party")
    sector_links = parts(EventSector, "event", these, "sector")
    place_links = parts(EventPlace, "event", these, "place", order=("position", "pk"))
    parties = names.parties(key for links in party_links.values() for _role, key in links)
    sectors = names.sectors(key for links in sector_links.values() for (key,) in links)
    places = names.places(key for links in place_links.values() for (key,) in links if key)
    edits = edits_of_events(ids)
    entries = []
    for key, row in in_order(events, ids):
        _key, slug, state, date, published_at, publication, until, *texts = row
        of_event = clock.searched_apart(until if publication == Publication.PUBLISHED else None)
        entries.append(
            EventEntry(
                key,
                slug,
                state,
                date,
                published_at,
                title=tuple(texts[:2]),
                summary=tuple(texts[2:]),
                # Each once, in order; a venue whose city is not known has none.
                places=tuple(
                    [places[at] for at in dict.fromkeys(at for (at,) in place_links[key]) if at]
                ),
                parties=[(role, parties[party]) for role, party in party_links[key]],
                sectors=tuple([sectors[sector] for (sector,) in sector_links[key]]),
                edits=edits[key],
                unconfirmed=is_unconfirmed(state, date.latest, of_event),
                unsearched=is_unsearched(state, date.latest, of_event),
                searched_until=of_event.stopped,
            )
        )
    return entries


def parts(
    model: type[Recorded], owner: str, these: Keys, *columns: str, order: Sequence[str] = ("pk",)
) -> dict[int, list[Any]]:
    """Return columns of the rows of a part, by its owner; by default in the order of entry."""
    by_owner: dict[int, list[Any]] = defaultdict(list)
    manager: QuerySet[Any] = model._default_manager.all()
    rows = manager.filter(**{f"{owner}__in": these}).order_by(*order)
    for key, *values in rows.values_list(owner, *columns):
        by_owner[key].append(values)
    return by_owner


def session_entries(views: Iterable[FrameworkView]) -> list[SessionEntry]:
    """Return the sessions that these frameworks expect in a window; others have no days to show."""
    expected = [
        (view, view.host_turn.window)
        for view in views
        if view.expects_a_session and view.host_turn.window is not None
    ]
    edits = edits_of_frameworks([view.framework.pk for view, _ in expected])
    return [SessionEntry(view, window, edits[view.framework.pk]) for view, window in expected]
