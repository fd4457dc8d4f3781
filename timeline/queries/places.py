"""Places of events, their pages, and the states that represent a party on the map."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.db.models import F, Prefetch, QuerySet

from timeline.core.codes import MembershipStanding
from timeline.fields import RECORD_LANGUAGES, LocalText, local_text
from timeline.models import EventPlace, Membership, Place
from timeline.queries import public
from timeline.queries.citations import citations_prefetch
from timeline.queries.flags import Flag, flags_by_fact
from timeline.queries.footnotes import Footnotes, Mark, by_fact

_MAX_KEYS: Final = 500
"""With more keys all places are read: a database limits the number of values in one query."""


def places(keys: Collection[int]) -> list[Place]:
    """Return these places, each with the code of its state as ``code``, or None if it has none."""
    rows = Place.objects.order_by("pk").annotate(code=F("party__code"))
    candidates = rows if len(keys) > _MAX_KEYS else rows.filter(pk__in=keys)
    return [place for place in candidates if place.pk in keys]


def places_in_order() -> QuerySet[EventPlace]:
    """Return where events took place, with the states of the places, in order."""
    return EventPlace.objects.select_related("place__party").order_by("position", "pk")


def with_places() -> "Prefetch[str, Any, Any]":
    """Prefetch the places of events, with their states, in order."""
    return Prefetch("place_links", places_in_order())


class PlacePage(NamedTuple):
    """A place with the marks of its sources and their flags, by the fact that they support.

    ``also`` are its names in other languages.
    """

    place: Place
    also: tuple[LocalText, ...]
    marks: dict[str, list[Mark]]
    flags: Mapping[str, tuple[Flag, ...]]
    footnotes: Footnotes


def with_sources() -> QuerySet[Place]:
    """Return public places with their states and their citations."""
    return public.places().select_related("party").prefetch_related(citations_prefetch())


def place_page(place: Place) -> PlacePage:
    """Mark the facts of a place as :func:`with_sources` loaded it."""
    shown = {"name": "name", "location": "location" if place.latitude is not None else "name"}
    citations = by_fact(place.citations.all(), shown, "name")
    footnotes = Footnotes()
    names = (local_text(place, "name", language) for language in RECORD_LANGUAGES)
    return PlacePage(
        place,
        tuple(name for name in dict.fromkeys(names) if name != place.name),
        {fact: footnotes.mark(citations[fact], fact) for fact in shown},
        flags_by_fact(place, citations),
        footnotes,
    )


def standing_for(codes: Sequence[str], day: dt.date) -> list[list[str]]:
    """Return for each party the codes of its members on a day, or its own if it has none."""
    members: dict[str, list[str]] = {code: [] for code in codes}
    memberships = Membership.objects.filter(
        bloc__code__in=codes, standing=MembershipStanding.MEMBER
    )
    for membership in memberships.select_related("party", "bloc").order_by("pk"):
        if membership.span.surely_has(day):
            members[membership.bloc.code].append(membership.party.code)
    return [members[code] or [code] for code in codes]
