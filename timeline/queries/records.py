"""Parties, people, sectors and sources that a published record uses, as readers browse them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from timeline.core.codes import Publication
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    CommitmentParty,
    Event,
    EventSector,
    Framework,
    Involvement,
    Membership,
    Office,
    Party,
    Person,
    Sector,
    Side,
    Source,
    Statement,
)

_PUBLISHED = {"event__publication": Publication.PUBLISHED}


def _promised(commitment: str) -> Q:
    """Readers may see a commitment named by a column, and the event at which it was made."""
    own, at = f"{commitment}__publication", f"{commitment}__event__publication"
    return Q(**{own: Publication.PUBLISHED, at: Publication.PUBLISHED})


def public_parties() -> QuerySet[Party]:
    """Parties that a published event, framework or commitment, or a membership, names."""
    involved = Involvement.objects.filter(party=OuterRef("pk"), **_PUBLISHED)
    side = Side.objects.filter(party=OuterRef("pk"), framework__publication=Publication.PUBLISHED)
    owes = CommitmentParty.objects.filter(_promised("commitment"), party=OuterRef("pk"))
    member = Membership.objects.filter(Q(party=OuterRef("pk")) | Q(bloc=OuterRef("pk")))
    return Party.objects.filter(Exists(involved) | Exists(side) | Exists(owes) | Exists(member))


def parties_with_counts() -> QuerySet[Party]:
    """Public parties with how many published events each is involved in."""
    published = Q(involvements__event__publication=Publication.PUBLISHED)
    return public_parties().annotate(
        event_count=Count("involvements__event", filter=published, distinct=True)
    )


def sectors_with_counts() -> list[Sector]:
    """The taxonomy with how many published events each sector has, its parts included."""
    rows = list(Sector.objects.select_related("parent"))
    events: dict[int, set[int]] = {row.pk: set() for row in rows}
    links = EventSector.objects.filter(**_PUBLISHED).order_by()
    for event, sector, parent in links.values_list("event", "sector", "sector__parent"):
        events[sector].add(event)
        if parent:
            events[parent].add(event)
    for row in rows:
        row.event_count = len(events[row.pk])  # type: ignore[attr-defined]
    return rows


def public_people() -> QuerySet[Person]:
    """People present or quoted at a published event, with how many such events."""
    present = Attendance.objects.filter(person=OuterRef("pk"), **_PUBLISHED)
    quoted = Statement.objects.filter(person=OuterRef("pk"), **_PUBLISHED)
    held = Prefetch(
        "offices", Office.objects.select_related("party").order_by("starts_earliest", "pk")
    )
    return Person.objects.filter(Exists(present) | Exists(quoted)).prefetch_related(held, "names")


def public_sources() -> QuerySet[Source]:
    """Sources that a published record or a fact beside one relies on, with how many citations."""
    beside = Q(
        event=None,
        commitment=None,
        framework=None,
        statement=None,
        attendance=None,
        participation=None,
        event_step=None,
        status_update=None,
    )
    shown = Citation.objects.filter(source=OuterRef("pk")).filter(
        beside
        | Q(event__publication=Publication.PUBLISHED)
        | Q(statement__event__publication=Publication.PUBLISHED)
        | Q(attendance__event__publication=Publication.PUBLISHED)
        | Q(participation__event__publication=Publication.PUBLISHED)
        | Q(event_step__event__publication=Publication.PUBLISHED)
        | _promised("commitment")
        | _promised("status_update__commitment")
        | Q(framework__publication=Publication.PUBLISHED)
    )
    return (
        Source.objects.filter(Exists(shown))
        .select_related("speaks_for")
        .annotate(citation_count=Count("citations"))
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One publicly visible change of a record."""

    when: dt.datetime
    kind: str
    verb: str
    record: object


def recent_changes(limit: int = 60) -> list[Change]:
    """The latest additions and edits of published events, commitments and frameworks."""
    found: list[Change] = []
    for kind, rows in (
        ("event", Event.objects.published()),
        ("commitment", Commitment.objects.published().select_related("event")),
        ("framework", Framework.objects.published()),
    ):
        model = rows.model
        history = model.history.filter(publication=Publication.PUBLISHED).order_by(
            "-history_date", "-history_id"
        )
        latest = list(history.values_list("id", "history_date", "history_type")[: limit * 2])
        known = {row.pk: row for row in rows.filter(pk__in={pk for pk, _day, _type in latest})}
        found += [
            Change(moment, kind, "added" if sign == "+" else "changed", known[pk])
            for pk, moment, sign in latest
            if pk in known
        ]
    return sorted(found, key=lambda change: change.when, reverse=True)[:limit]
