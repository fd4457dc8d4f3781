"""Meeting places by key, and the states that stand for a party on the map."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

from django.db.models import F

from timeline.core.codes import MembershipStanding
from timeline.models import Membership, Place

_MANY: Final = 500
"""From so many keys on all places are read: a database takes only so many values at once."""


def places(keys: Collection[int]) -> list[Place]:
    """These places, each with the code of its state as ``code``, None where it has none."""
    rows = Place.objects.order_by("pk").annotate(code=F("party__code"))
    chosen = rows if len(keys) > _MANY else rows.filter(pk__in=keys)
    return [place for place in chosen if place.pk in keys]


def standing_for(codes: Sequence[str], day: dt.date) -> list[list[str]]:
    """For each party the states that it consists of on a day: its members, or itself."""
    members: dict[str, list[str]] = {code: [] for code in codes}
    members_of = Membership.objects.filter(bloc__code__in=codes, standing=MembershipStanding.MEMBER)
    for membership in members_of.select_related("party", "bloc").order_by("pk"):
        if membership.span.surely_has(day):
            members[membership.bloc.code].append(membership.party.code)
    return [members[code] or [code] for code in codes]
