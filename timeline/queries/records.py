"""Parties, people, sectors and sources that a published record uses, as readers browse them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from timeline.core.codes import Publication
from timeline.models import Commitment, Event, EventSector, Framework, Party, Person, Sector, Source
from timeline.queries import public


def parties_with_counts() -> QuerySet[Party]:
    """Public parties with how many published events each is involved in."""
    published = Q(involvements__event__publication=Publication.PUBLISHED)
    return public.parties().annotate(
        event_count=Count("involvements__event", filter=published, distinct=True)
    )


def sectors_with_counts() -> list[Sector]:
    """Public sectors with how many published events each has, its parts included."""
    rows = list(public.sectors().select_related("parent"))
    events: dict[int, set[int]] = {row.pk: set() for row in rows}
    links = EventSector.objects.filter(event__publication=Publication.PUBLISHED).order_by()
    for event, sector, parent in links.values_list("event", "sector", "sector__parent"):
        events[sector].add(event)
        if parent:
            events[parent].add(event)
    for row in rows:
        row.event_count = len(events[row.pk])  # type: ignore[attr-defined]
    return rows


def sectors_with_parts() -> QuerySet[Sector]:
    """Public sectors, each with the sector that it is a part of and its own public parts."""
    parts = Prefetch("children", public.sectors())
    return public.sectors().select_related("parent").prefetch_related(parts)


def people_with_offices() -> QuerySet[Person]:
    """Public people with the offices that readers may see, and the spellings of their names."""
    held = public.offices().select_related("party").order_by("starts_earliest", "pk")
    return public.people().prefetch_related(Prefetch("offices", held), "names")


def sources_with_counts() -> QuerySet[Source]:
    """Public sources with how many citations that readers may see each has."""
    shown = public.citations().filter(source=OuterRef("pk")).order_by().values("source")
    counted = shown.annotate(number=Count("pk")).values("number")
    return public.sources().annotate(citation_count=Coalesce(Subquery(counted), 0))


def speaker(source: Source) -> Party | None:
    """The party that a source speaks for, where readers may see it."""
    key = source.speaks_for_id
    return None if key is None else public.parties().filter(pk=key).first()


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
