"""Places of events, and the states that represent a party on the map."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final

from django.db.models import F, Prefetch

from timeline.core.codes import MembershipStanding
from timeline.models import EventPlace, Membership, Place

_MAX_KEYS: Final = 500
"""With more keys all places are read: a database limits the number of values in one query."""


def places(keys: Collection[int]) -> list[Place]:
    """Return these places, each with the code of its state as ``code``, or None if it has none."""
    rows = Place.objects.order_by("pk").annotate(code=F("party__code"))
    candidates = rows if len(keys) > _MAX_KEYS else rows.filter(pk__in=keys)
    return [place for place in candidates if place.pk in keys]


def with_places(*prefetched: "str | Prefetch[str, Any, Any]") -> "Prefetch[str, Any, Any]":
    """Prefetch the places of events, with their states, in order, and more of each link."""
    rows = EventPlace.objects.select_related("place__party").order_by("position", "pk")
    return Prefetch("place_links", rows.prefetch_related(*prefetched))


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
