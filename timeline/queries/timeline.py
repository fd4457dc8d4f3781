"""The rows of the timeline: cards of events, grouped as readers see them."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, Protocol, TypeVar

from django.db import connection
from django.db.models import Count, Prefetch, Q, QuerySet

from timeline.core import dates
from timeline.core.codes import ParticipationRole, Publication
from timeline.core.question import Question
from timeline.models import (
    Citation,
    Commitment,
    Event,
    EventSector,
    Framework,
    Involvement,
    Membership,
    Participation,
    Party,
    Sector,
    Statement,
)
from timeline.queries.flags import Flag, flags
from timeline.queries.ledger import promises


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an event was found for a party that takes part only through blocs."""

    party: Party
    ways: tuple[Involvement, ...]

    @property
    def possibly(self) -> bool:
        """Whether no way is sure."""
        return all(way.possibly for way in self.ways)


@dataclass(frozen=True, slots=True)
class Card:
    """An event as a list shows it."""

    event: Event
    participations: tuple[Participation, ...]
    sectors: tuple[Sector, ...]
    statement: Statement | None
    flags: tuple[Flag, ...]
    commitments: int
    sources: int


@dataclass(frozen=True, slots=True)
class Row:
    """An event as a short list shows it."""

    event: Event
    reasons: tuple[Reason, ...]
    upcoming: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Events under one heading: a month, a year alone, or what is to come (heading None)."""

    heading: dates.Heading | None
    cards: tuple[Row, ...]


class Way(NamedTuple):
    """One way in which a party took part in an event; ``membership`` is None where directly."""

    membership: int | None
    possibly: bool


def with_cards(rows: QuerySet[Event]) -> QuerySet[Event]:
    """Fetch with events all that their cards show, in a fixed number of queries."""
    published = Q(commitments__publication=Publication.PUBLISHED)
    return (
        rows.select_related("place__party", "framework")
        .annotate(commitment_count=Count("commitments", filter=published, distinct=True))
        .prefetch_related(
            Prefetch(
                "participations", Participation.objects.select_related("party").order_by("pk")
            ),
            Prefetch(
                "sector_links", EventSector.objects.select_related("sector__parent").order_by("pk")
            ),
            Prefetch(
                "statements",
                Statement.objects.select_related("person", "office", "party").order_by(
                    "position", "pk"
                ),
            ),
        )
    )


def cards(ids: Sequence[int]) -> list[Card]:
    """The cards of these events in the order given: what they show whatever is asked."""
    rows = {event.pk: event for event in with_cards(Event.objects.filter(pk__in=ids).order_by())}
    cited: dict[int, list[Citation]] = {pk: [] for pk in ids}
    # The page of an event lists the sources of what was promised there, too.
    promised = Commitment.objects.published().filter(event__in=list(ids)).order_by().values("pk")
    about = Citation.objects.of_events(list(ids)) | Citation.objects.filter(commitment__in=promised)
    for citation in about.with_event().select_related("source", "commitment").order_by("pk"):
        made_at = citation.commitment.event_id if citation.commitment else citation.about_event
        cited[made_at].append(citation)
    return [_card(rows[pk], cited[pk]) for pk in ids if pk in rows]


def _card(event: Event, citations: list[Citation]) -> Card:
    statements = list(event.statements.all())
    return Card(
        event=event,
        participations=hosts_first(event.participations.all()),
        sectors=tuple(link.sector for link in event.sector_links.all()),
        statement=statements[0] if statements else None,
        flags=flags([c for c in citations if c.event_id], event.date),
        commitments=event.commitment_count,  # type: ignore[attr-defined]
        sources=len({citation.source_id for citation in citations}),
    )


def rows(ids: Sequence[int], question: Question, *, today: dt.date) -> list[Row]:
    """These events as a short list shows them, in the order given."""
    ways = Involvement.objects.filter(party__code__in=question.parties)
    found = Event.objects.filter(pk__in=ids).prefetch_related(
        Prefetch("involvements", ways.select_related("party", "via", "membership").order_by("pk"))
    )
    by_key = {event.pk: event for event in found.order_by()}
    return [
        Row(by_key[pk], _reasons(by_key[pk], question), by_key[pk].is_upcoming(today))
        for pk in ids
        if pk in by_key
    ]


def ways(ids: Sequence[int], parties: Collection[int]) -> dict[tuple[int, int], list[Way]]:
    """How each of these parties took part in each of these events, by event and party."""
    found: dict[tuple[int, int], list[Way]] = {}
    if not (ids and parties):
        return found
    # Asked of every page with a party: the database answers sooner than a query is put together.
    keys, codes = (", ".join(["%s"] * len(many)) for many in (ids, parties))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_id, party_id, membership_id, possibly FROM timeline_involvement "  # noqa: S608
            f"WHERE event_id IN ({keys}) AND party_id IN ({codes}) ORDER BY id",
            [*ids, *parties],
        )
        for event, party, membership, possibly in cursor.fetchall():
            found.setdefault((event, party), []).append(Way(membership, bool(possibly)))
    return found


def memberships(party: int) -> list[Membership]:
    """The memberships of a party, the blocs in the order in which reasons name them."""
    held = Membership.objects.filter(party=party).select_related("bloc").order_by("pk")
    return sorted(held, key=lambda one: str(one.bloc.short or one.bloc.name))


class _WithRole(Protocol):
    @property
    def role(self) -> str: ...


Taking = TypeVar("Taking", bound=_WithRole)


def hosts_first(rows: Iterable[Taking]) -> tuple[Taking, ...]:
    """Participations with the hosts before the others."""
    return tuple(sorted(rows, key=lambda row: row.role != ParticipationRole.HOST))


def _reasons(event: Event, question: Question) -> tuple[Reason, ...]:
    found: list[Reason] = []
    for code in question.parties:
        ways = [way for way in event.involvements.all() if way.party.code == code]
        if ways and all(way.via_id is not None for way in ways):
            found.append(reason(ways))
    return tuple(found)


def reason(ways: Sequence[Involvement]) -> Reason:
    """Why an event was found, from a party's ways through blocs; blocs stand in name order."""
    ordered = sorted(ways, key=lambda way: str(way.via.short or way.via.name) if way.via else "")
    return Reason(ways[0].party, tuple(ordered))


def grouped(found: Iterable[Row]) -> tuple[Group, ...]:
    """Put events under their headings, in the order in which they come."""

    def key(row: Row) -> dates.Heading | None:
        return None if row.upcoming else dates.heading(row.event.date)

    return tuple(Group(heading, tuple(run)) for heading, run in groupby(found, key))


def totals() -> tuple[int, int, int]:
    """How many events, commitments (each thread once) and frameworks readers may see."""
    return (
        Event.objects.published().count(),
        promises(),
        Framework.objects.published().count(),
    )
