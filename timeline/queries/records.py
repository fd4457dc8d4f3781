"""Parties, people, sectors and sources that a published record uses, as readers browse them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet

from timeline.core.codes import Publication
from timeline.core.question import Question
from timeline.index.current import current
from timeline.models import Commitment, Event, Framework, Party, Person, Sector, Source
from timeline.queries import public


def parties_with_counts(today: dt.date) -> list[tuple[Party, int]]:
    """Public parties, each with how many published events it is involved in."""
    counts = current().answer(Question(), today=today).options["party"]
    return [(party, counts.get(party.code, 0)) for party in public.parties()]


def sectors_with_counts(today: dt.date) -> list[tuple[Sector, int]]:
    """Public sectors, each with how many published events it has, its parts included."""
    counts = current().answer(Question(), today=today).options["sector"]
    rows = public.sectors().select_related("parent")
    return [(sector, counts.get(sector.slug, 0)) for sector in rows]


def sectors_with_parts() -> QuerySet[Sector]:
    """Public sectors, each with the sector that it is a part of and its own public parts."""
    parts = Prefetch("children", public.sectors())
    return public.sectors().select_related("parent").prefetch_related(parts)


def people_with_offices() -> QuerySet[Person]:
    """Public people with the offices that readers may see, and the spellings of their names."""
    held = public.offices().select_related("party").order_by("starts_earliest", "pk")
    return public.people().prefetch_related(Prefetch("offices", held), "names")


def sources_with_counts() -> list[tuple[Source, int]]:
    """Public sources, each with how many citations that readers may see it has."""
    shown = public.citations().order_by().values_list("source")
    counts = dict(shown.annotate(number=Count("pk")))
    return [(source, counts.get(source.pk, 0)) for source in public.sources()]


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
