"""Records that look like one another, and may be one thing entered twice."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import models
from django.db.models import Q

from timeline.core.codes import ParticipationRole
from timeline.core.folding import fold, search_text
from timeline.models import (
    Commitment,
    Event,
    Participation,
    Party,
    PartyName,
    Person,
    PersonName,
    Source,
)

_MOST: Final = 5
"""Records that are named."""


def of(record: Any) -> list[Any]:
    """Return the records of the same kind that look like this one, the oldest first."""
    if isinstance(record, Event):
        return _events(record)
    if isinstance(record, Source):
        return _sources(record)
    if isinstance(record, Commitment):
        return _commitments(record)
    return _named(record)


def _named(record: Any) -> list[Any]:
    """Return parties, people or places with the same name in some language or spelling."""
    texts = [name for name in (record.name_fr, record.name_en) if name]
    names = {fold(text) for text in texts} - {""}
    alike: models.Q = Q(pk__in=_spelled(record, texts))
    for name in names:
        alike |= Q(folded_names__contains=f" {name} ")
    model = type(record)
    rows = model._default_manager.filter(alike).exclude(pk=record.pk).order_by("pk")
    spelled = set(_spelled(record, texts))
    found = [
        row
        for row in rows[: 20 * _MOST]
        if row.pk in spelled or names & {fold(row.name_fr), fold(row.name_en)}
    ]
    return found[:_MOST]


def _spelled(record: Any, texts: Iterable[str]) -> list[int]:
    """Return the keys of parties or people of whom another spelling or name is one of these."""
    forms = [search_text(names=[text]) for text in texts]
    if isinstance(record, Party):
        rows = PartyName.objects.filter(folded_name__in=forms, party__kind=record.kind)
        return list(rows.values_list("party", flat=True))
    if isinstance(record, Person):
        rows_of_people = PersonName.objects.filter(folded_name__in=forms)
        return list(rows_of_people.values_list("person", flat=True))
    return []


def _sources(record: Source) -> list[Any]:
    """Return sources at the same address, or of the same title and publisher."""
    address = record.url.partition("://")[2].rstrip("/")
    same = Q(sort_title=fold(record.title), publisher=record.publisher)
    if address:
        addresses = (
            f"{scheme}://{address}{end}" for scheme in ("http", "https") for end in ("", "/")
        )
        same |= Q(url__in=list(addresses))
    return list(Source.objects.filter(same).exclude(pk=record.pk).order_by("pk")[:_MOST])


def _commitments(record: Commitment) -> list[Any]:
    """Return commitments of the same event and nature, with the same title in some language."""
    titles = {fold(text) for text in (record.title_fr, record.title_en)} - {""}
    rows = Commitment.objects.filter(event=record.event_id, nature=record.nature)
    alike = [
        row
        for row in rows.exclude(pk=record.pk).order_by("pk")
        if titles & {fold(row.title_fr), fold(row.title_en)}
    ]
    return alike[:_MOST]


def _events(record: Event) -> list[Any]:
    """Return events of the same date, kind and parties."""
    rows = Event.objects.filter(date=record.date, kind=record.kind).exclude(pk=record.pk)
    named = Participation.objects.exclude(role=ParticipationRole.ADDRESSEE)
    parties: dict[int, set[int]] = {}
    of_them = named.filter(event__in=[*rows.values_list("pk", flat=True)[:200], record.pk])
    for event, party in of_them.values_list("event", "party"):
        parties.setdefault(event, set()).add(party)
    own = parties.pop(record.pk, None)
    if not own:
        return []
    alike = [key for key, theirs in parties.items() if theirs == own]
    return list(rows.filter(pk__in=alike).order_by("pk")[:_MOST])
