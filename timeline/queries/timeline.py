"""The rows of the timeline: cards of events, grouped as readers see them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

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
    Participation,
    Party,
    Sector,
    Statement,
)
from timeline.queries.flags import Flag, flags


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
    reasons: tuple[Reason, ...]
    flags: tuple[Flag, ...]
    commitments: int
    sources: int
    upcoming: bool
    unconfirmed: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Cards under one heading: a month, a year alone, or what is to come (heading None)."""

    heading: dates.Heading | None
    cards: tuple[Card, ...]


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
                "involvements",
                Involvement.objects.select_related("party", "via", "membership").order_by("pk"),
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


def cards(ids: Sequence[int], question: Question, *, today: dt.date) -> list[Card]:
    """The cards of these events in the order given."""
    rows = {event.pk: event for event in with_cards(Event.objects.filter(pk__in=ids).order_by())}
    cited: dict[int, list[Citation]] = {pk: [] for pk in ids}
    about = Citation.objects.of_events(list(ids)).with_event().select_related("source")
    for citation in about.order_by("pk"):
        cited[citation.about_event].append(citation)
    return [_card(rows[pk], cited[pk], question, today) for pk in ids if pk in rows]


def _card(event: Event, citations: list[Citation], question: Question, today: dt.date) -> Card:
    statements = list(event.statements.all())
    return Card(
        event=event,
        participations=hosts_first(event.participations.all()),
        sectors=tuple(link.sector for link in event.sector_links.all()),
        statement=statements[0] if statements else None,
        reasons=_reasons(event, question),
        flags=flags([c for c in citations if c.event_id], event.date),
        commitments=event.commitment_count,  # type: ignore[attr-defined]
        sources=len({citation.source_id for citation in citations}),
        upcoming=event.is_upcoming(today),
        unconfirmed=event.is_unconfirmed(today),
    )


def hosts_first(rows: Iterable[Participation]) -> tuple[Participation, ...]:
    """Participations with the hosts before the others."""
    return tuple(sorted(rows, key=lambda row: row.role != ParticipationRole.HOST))


def _reasons(event: Event, question: Question) -> tuple[Reason, ...]:
    found: list[Reason] = []
    for code in question.parties:
        ways = [way for way in event.involvements.all() if way.party.code == code]
        if ways and all(way.via_id is not None for way in ways):
            ordered = sorted(
                ways, key=lambda way: str(way.via.short or way.via.name) if way.via else ""
            )
            found.append(Reason(ways[0].party, tuple(ordered)))
    return tuple(found)


def grouped(found: Iterable[Card], *, by_date: bool = True) -> tuple[Group, ...]:
    """Put cards under their headings, in the order in which they come."""

    def key(card: Card) -> dates.Heading | None:
        return None if card.upcoming else dates.heading(card.event.date)

    if not by_date:
        everything = tuple(found)
        return (Group(dates.Heading(0, None), everything),) if everything else ()
    return tuple(Group(heading, tuple(run)) for heading, run in groupby(found, key))


def totals() -> tuple[int, int, int]:
    """How many events, commitments and frameworks readers may see."""
    return (
        Event.objects.published().count(),
        Commitment.objects.published().count(),
        Framework.objects.published().count(),
    )
