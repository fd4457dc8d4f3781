"""The rows of the timeline: events as cards and in short lists, grouped under headings."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, Protocol, TypeVar

from django.db import connection
from django.db.models import Count, Prefetch, Q, QuerySet

from timeline.core import dates
from timeline.core.codes import CommitmentNature, ParticipationRole, Publication
from timeline.core.question import Question
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Event,
    EventPlace,
    EventSector,
    Framework,
    InstrumentStep,
    Involvement,
    Membership,
    Participation,
    Party,
    PartyName,
    Place,
    Sector,
    Statement,
)
from timeline.models.events import places_of
from timeline.queries import ledger, names
from timeline.queries.flags import Flag, flags
from timeline.queries.instruments_named import steps_at_events, texts_by_act
from timeline.queries.places import places_in_order

Part = TypeVar("Part", EventPlace, Participation, EventSector, Statement, InstrumentStep)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an event was found for a party without a role of its own.

    It is the ``addressee``, or takes part through blocs: ``ways`` are those, sorted by name.
    """

    party: Party
    addressee: bool
    ways: tuple[Involvement, ...]

    @property
    def possibly(self) -> bool:
        """Whether no way is certain."""
        return bool(self.ways) and all(way.possibly for way in self.ways)


@dataclass(frozen=True, slots=True)
class Capacity:
    """The roles in which a person attended an event for a party, with one office or none.

    ``row`` is the first of these attendances, with its person, party and office.
    """

    row: Attendance
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventCard:
    """An event as the timeline shows it; ``texts`` counts texts by what was done with them."""

    event: Event
    places: tuple[Place, ...]
    participations: tuple[Participation, ...]
    sectors: tuple[Sector, ...]
    statement: Statement | None
    flags: tuple[Flag, ...]
    commitments: int
    texts: tuple[tuple[str, int], ...]
    sources: int


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as a short list shows it.

    ``reasons`` say why it was found for the parties asked for, and ``capacities`` in which ones the
    people asked for attended.
    """

    event: Event
    reasons: tuple[Reason, ...]
    capacities: tuple[Capacity, ...]
    upcoming: bool


@dataclass(frozen=True, slots=True)
class EventGroup:
    """Events under one heading: a month, a year alone, or None for upcoming events."""

    heading: dates.Heading | None
    cards: tuple[EventRow, ...]


class PartyWay(NamedTuple):
    """One way in which a party took part in an event; ``membership`` is None if directly.

    ``names`` are the former names that the bloc bore on that day.
    """

    membership: int | None
    possibly: bool
    addressee: bool
    names: tuple[PartyName, ...] = ()

    @property
    def has_own_role(self) -> bool:
        """Whether the party has a role of its own, so that no label says why it was found."""
        return self.membership is None and not self.addressee


def cards(ids: Sequence[int]) -> list[EventCard]:
    """Return the cards of these events, in the order of the keys; they depend on no question.

    What belongs to them is grouped here: for each relation of each event ``prefetch_related`` makes
    a queryset, which takes longer than its rows.
    """
    shown_there = Q(
        commitments__publication=Publication.PUBLISHED,
        commitments__nature=CommitmentNature.UNDERTAKING,
    )
    events = (
        Event.objects.filter(pk__in=ids)
        .select_related("framework")
        .annotate(commitment_count=Count("commitments", filter=shown_there, distinct=True))
        .order_by()
    )
    by_key = {event.pk: event for event in events}
    places = {pk: places_of(links) for pk, links in _by_event(places_in_order(), ids).items()}
    participations = _by_event(Participation.objects.select_related("party").order_by("pk"), ids)
    sectors = _by_event(EventSector.objects.select_related("sector__parent").order_by("pk"), ids)
    words = Statement.objects.select_related("person", "office", "party")
    statements = _by_event(words.order_by("position", "pk"), ids)
    steps = _by_event(steps_at_events(), ids)
    names.set_names_then(
        (party, by_key[pk].date)
        for pk in by_key
        for party in (
            *(place.party for place in places[pk]),
            *(row.party for row in participations[pk]),
        )
    )
    by_event: dict[int, list[Citation]] = {pk: [] for pk in ids}
    # The page of an event lists the sources of the commitments made there, too.
    made = Commitment.objects.published().filter(event__in=list(ids)).order_by().values("pk")
    citations = Citation.objects.of_events(list(ids)) | Citation.objects.filter(commitment__in=made)
    for citation in citations.with_event().select_related("source", "commitment").order_by("pk"):
        event = citation.commitment.event_id if citation.commitment else citation.about_event
        by_event[event].append(citation)
    return [
        EventCard(
            event=by_key[pk],
            places=places[pk],
            participations=hosts_first(participations[pk]),
            sectors=tuple(link.sector for link in sectors[pk]),
            statement=next(iter(statements[pk]), None),
            flags=flags(by_key[pk], [c for c in by_event[pk] if c.event_id]),
            commitments=by_key[pk].commitment_count,
            texts=texts_by_act(steps[pk]),
            sources=len({citation.source_id for citation in by_event[pk]}),
        )
        for pk in ids
        if pk in by_key
    ]


def _by_event(rows: QuerySet[Part], events: Sequence[int]) -> Mapping[int | None, list[Part]]:
    """Load the rows of events by the key of the event, in their order; empty for one without."""
    found: dict[int | None, list[Part]] = {event: [] for event in events}
    for row in rows.filter(event__in=events):
        found[row.event_id].append(row)
    return found


def rows(ids: Sequence[int], question: Question, *, today: dt.date) -> list[EventRow]:
    """Return these events as a short list shows them, in the order of the keys."""
    ways = Involvement.objects.filter(party__code__in=question.parties)
    events = Event.objects.filter(pk__in=ids).prefetch_related(
        Prefetch("involvements", ways.select_related("party", "via", "membership").order_by("pk"))
    )
    by_key = {event.pk: event for event in events.order_by()}
    names.set_names_then(
        (way.via, event.date) for event in by_key.values() for way in event.involvements.all()
    )
    attended = capacities(ids, question.people)
    return [
        EventRow(
            by_key[pk],
            _reasons(by_key[pk], question),
            attended.get(pk, ()),
            by_key[pk].is_upcoming(today),
        )
        for pk in ids
        if pk in by_key
    ]


def capacities(ids: Sequence[int], people: Collection[str]) -> dict[int, tuple[Capacity, ...]]:
    """Return in which capacities people attended these events, by the key of the event."""
    if not (ids and people):
        return {}
    rows = Attendance.objects.filter(event__in=ids, person__slug__in=people)
    attendances = list(rows.select_related("event", "person", "party", "office").order_by("pk"))
    names.set_names_then((row.party, row.event.date) for row in attendances)
    by_office: dict[int, dict[tuple[object, ...], list[Attendance]]] = defaultdict(dict)
    for row in attendances:
        key = (row.person_id, row.party_id, *office_shown(row))
        by_office[row.event_id].setdefault(key, []).append(row)
    return {
        event: tuple(Capacity(rows[0], tuple(row.role for row in rows)) for rows in found.values())
        for event, found in by_office.items()
    }


def office_shown(row: Attendance) -> tuple[object, ...]:
    """Return what a page says of the office of an attendance, which several may share."""
    return row.office_id, row.office_reason_fr, row.office_reason_en


def ways(ids: Sequence[int], parties: Collection[int]) -> dict[tuple[int, int], list[PartyWay]]:
    """Return the ways in which these parties took part in these events, by event and party."""
    by_pair: dict[tuple[int, int], list[PartyWay]] = {}
    if not (ids and parties):
        return by_pair
    former = names.former_names()
    # In SQL, because every page with a party asks it and the ORM builds a query more slowly than
    # the database runs it.
    in_events, in_parties = (", ".join(["%s"] * len(keys)) for keys in (ids, parties))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.event_id, i.party_id, i.membership_id, i.possibly, i.addressee, "  # noqa: S608
            "i.via_id, e.date "
            "FROM timeline_involvement i JOIN timeline_event e ON e.id = i.event_id "
            f"WHERE i.event_id IN ({in_events}) AND i.party_id IN ({in_parties}) ORDER BY i.id",
            [*ids, *parties],
        )
        for event, party, membership, possibly, addressee, via, date in cursor.fetchall():
            then = names.names_then(former, via, dates.parse(date)) if via in former else ()
            way = PartyWay(membership, bool(possibly), bool(addressee), then)
            by_pair.setdefault((event, party), []).append(way)
    return by_pair


def memberships(party: int) -> list[Membership]:
    """Return the memberships of a party, sorted as reasons name the blocs."""
    rows = Membership.objects.filter(party=party).select_related("bloc").order_by("pk")
    return sorted(rows, key=lambda row: str(row.bloc.short or row.bloc.name))


class _WithRole(Protocol):
    @property
    def role(self) -> str: ...


Participating = TypeVar("Participating", bound=_WithRole)


def hosts_first(rows: Iterable[Participating]) -> tuple[Participating, ...]:
    """Return participations with the hosts before the others."""
    return tuple(sorted(rows, key=lambda row: row.role != ParticipationRole.HOST))


def _reasons(event: Event, question: Question) -> tuple[Reason, ...]:
    reasons = (
        reason([way for way in event.involvements.all() if way.party.code == code])
        for code in question.parties
    )
    return tuple(found for found in reasons if found is not None)


def reason(ways: Sequence[Involvement]) -> Reason | None:
    """Return why an event was found for a party; None where it has a role of its own there."""
    if not ways or any(way.via_id is None and not way.addressee for way in ways):
        return None
    through = (way for way in ways if way.via is not None)
    ordered = sorted(through, key=lambda way: str(way.via.short or way.via.name) if way.via else "")
    return Reason(ways[0].party, any(way.addressee for way in ways), tuple(ordered))


def grouped(rows: Iterable[EventRow]) -> tuple[EventGroup, ...]:
    """Group consecutive events under their headings."""

    def key(row: EventRow) -> dates.Heading | None:
        return None if row.upcoming else dates.heading(row.event.date)

    return tuple(EventGroup(heading, tuple(run)) for heading, run in groupby(rows, key))


def totals() -> tuple[int, int, int]:
    """Count the events, commitments (each thread once) and frameworks that readers may see."""
    return (
        Event.objects.published().count(),
        ledger.total(),
        Framework.objects.published().count(),
    )
