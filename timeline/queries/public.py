"""What readers may see of records that carry no publication state of their own.

A party, a person, a place, a sector or a source is public once a published record uses it: names
it, or involves it, in itself or in one of its children. A membership, a name or an office alone
makes nobody public. Pages, indexes, filters and counts all take their rows from here.
"""

import datetime as dt
from collections.abc import Collection
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from timeline.cache import VersionedCache
from timeline.core.codes import Publication
from timeline.models import (
    Attendance,
    Citation,
    CommitmentParty,
    CommitmentSector,
    Correction,
    Event,
    EventSector,
    Framework,
    HostOrder,
    Involvement,
    Membership,
    Office,
    Participation,
    Party,
    Person,
    Place,
    Sector,
    Side,
    Source,
    Statement,
)


def published(path: str = "") -> Q:
    """Hold where the event or the framework that a column names is published, or the row itself.

    Written so that no index of publication states can serve it: asked whether one event of a few
    is published, a database might otherwise read all those that are.
    """
    column = f"{path}__publication" if path else "publication"
    state = Coalesce(F(column), Value(""))
    return Q(Exact(state, Value(Publication.PUBLISHED.value)))


def _promised(path: str) -> Q:
    """Hold where the commitment that a column names and the event at which it was made are."""
    return published(path) & published(f"{path}__event")


def parties() -> QuerySet[Party]:
    """Parties that a published event, framework or commitment names or involves.

    An event names the state of its place, too: its page says 'Geneva, Switzerland'.
    """
    return Party.objects.filter(pk__in=_party_keys())


# Parties are few, and most pages ask for them: their keys are read once for a version of the
# record. The condition, put into a question at each place, takes longer to write than to answer.


_kept: Final[VersionedCache[list[int]]] = VersionedCache("public parties", alias=None)


def _party_keys() -> list[int]:
    return _kept.get_or_load(
        "", None, lambda: [*_used_parties().order_by().values_list("pk", flat=True)]
    )


def _used_parties() -> QuerySet[Party]:
    key = OuterRef("pk")
    of_event, of_framework = published("event"), published("framework")
    return Party.objects.filter(
        # Most parties are found by the first of these; a database asks the others only of the rest.
        Exists(Involvement.objects.filter(of_event, party=key))
        | Exists(Participation.objects.filter(of_event, party=key))
        | Exists(CommitmentParty.objects.filter(_promised("commitment"), party=key))
        | Exists(Side.objects.filter(of_framework, party=key))
        | Exists(Framework.objects.published().filter(fixed_host=key))
        | Exists(HostOrder.objects.filter(published("side__framework"), party=key))
        | Exists(Statement.objects.filter(of_event, party=key))
        | Exists(places().filter(party=key))
    )


def people() -> QuerySet[Person]:
    """People present or quoted at a published event."""
    of_event, key = published("event"), OuterRef("pk")
    return Person.objects.filter(
        Exists(Attendance.objects.filter(of_event, person=key))
        | Exists(Statement.objects.filter(of_event, person=key))
    )


def places() -> QuerySet[Place]:
    """Places of published events."""
    return Place.objects.filter(Exists(Event.objects.filter(published(), place=OuterRef("pk"))))


def sectors() -> QuerySet[Sector]:
    """Sectors of published events and commitments, with the sectors that these are a part of."""
    used = Q()
    for path in ("sector", "sector__parent"):
        this = {path: OuterRef("pk")}
        used |= Q(Exists(EventSector.objects.filter(published("event"), **this)))
        used |= Q(Exists(CommitmentSector.objects.filter(_promised("commitment"), **this)))
    return Sector.objects.filter(used)


def memberships() -> QuerySet[Membership]:
    """Memberships of public parties in public blocs."""
    return _memberships(_party_keys())


def offices() -> QuerySet[Office]:
    """Offices of public people, for nobody in particular or for public parties."""
    return _offices(_party_keys())


def _memberships(known: Collection[int]) -> QuerySet[Membership]:
    return Membership.objects.filter(party__in=known, bloc__in=known)


def _offices(known: Collection[int]) -> QuerySet[Office]:
    return Office.objects.filter(
        Q(party=None) | Q(party__in=known), Exists(people().filter(pk=OuterRef("person")))
    )


def citations() -> QuerySet[Citation]:
    """Citations that support what readers see.

    That is a published record, a part of one, or a fact about parties, people and places that are
    all public, such as a membership.
    """
    known = _party_keys()
    return Citation.objects.filter(
        published("event")
        | published("participation__event")
        | published("attendance__event")
        | published("statement__event")
        | published("event_step__event")
        | _promised("commitment")
        | _promised("status_update__commitment")
        | published("framework")
        | Q(party__in=known)
        | Q(party_name__party__in=known)
        | Q(Exists(_memberships(known).filter(pk=OuterRef("membership"))))
        | Q(Exists(places().filter(pk=OuterRef("place"))))
        | Q(Exists(_offices(known).filter(pk=OuterRef("office"))))
    )


def sources() -> QuerySet[Source]:
    """Sources of something that readers see."""
    return Source.objects.filter(Exists(citations().filter(source=OuterRef("pk"))))


def corrections(today: dt.date) -> QuerySet[Correction]:
    """Corrections of published records, made by a day."""
    return Correction.objects.filter(
        published("event") | _promised("commitment") | published("framework"),
        made_on__lte=today,
    )
