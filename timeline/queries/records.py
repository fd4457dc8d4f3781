"""Lists of the records that readers may see where others use them."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Count, Prefetch, QuerySet

from timeline.core.question import Question
from timeline.index.current import current
from timeline.models import (
    Party,
    Person,
    Place,
    Sector,
    Source,
)
from timeline.queries import public


def parties_with_counts(keys: Sequence[int], today: dt.date) -> list[tuple[Party, int]]:
    """Return parties by their keys, in the same order, each with the number of its events."""
    counts = current().answer(Question(), today=today).options["party"]
    parties = Party.objects.in_bulk(keys)
    return [(parties[key], counts.get(parties[key].code, 0)) for key in keys]


def sectors_with_counts(today: dt.date) -> list[tuple[Sector, int]]:
    """Return public sectors, each with the number of its published events, children included."""
    counts = current().answer(Question(), today=today).options["sector"]
    rows = public.sectors().select_related("parent")
    return [(sector, counts.get(sector.slug, 0)) for sector in rows]


def sectors_with_parts() -> QuerySet[Sector]:
    """Return public sectors with their parents and public children."""
    children = Prefetch("children", public.sectors())
    return public.sectors().select_related("parent").prefetch_related(children)


def places_with_counts(keys: Sequence[int], today: dt.date) -> list[tuple[Place, int]]:
    """Return places by their keys, in the same order, each with the number of its events."""
    counts = current().answer(Question(), today=today).options["place"]
    places = Place.objects.select_related("party").in_bulk(keys)
    return [(places[key], counts.get(places[key].slug, 0)) for key in keys]


def people_with_offices(keys: Sequence[int]) -> list[Person]:
    """Return people by their keys, in the same order, with their public offices."""
    offices = public.offices().select_related("party").order_by("starts_earliest", "pk")
    people = Person.objects.prefetch_related(Prefetch("offices", offices)).in_bulk(keys)
    return [people[key] for key in keys]


def sources_with_counts(keys: Sequence[int]) -> list[tuple[Source, int]]:
    """Return sources by their keys, in the same order, each with the number of public citations."""
    citations = public.citations().filter(source__in=keys).order_by().values_list("source")
    counts = dict(citations.annotate(number=Count("pk")))
    sources = Source.objects.in_bulk(keys)
    return [(sources[key], counts.get(key, 0)) for key in keys]


def speaker(source: Source) -> Party | None:
    """Return the party that a source speaks for, if readers may see it."""
    key = source.speaks_for_id
    return None if key is None else public.parties().filter(pk=key).first()
