"""What readers may see of records without a publication state of their own.

A party, a person, a place, a sector or a source is public once a published record uses it: names
it, or involves it, in itself or in one of its children; an event names those whose membership it
began, ended or announced. A membership, a name or an office alone makes nobody public. Pages,
indexes, filters and counts all take their rows from here.
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
    EventPlace,
    EventSector,
    Framework,
    HostOrder,
    InstrumentParty,
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
from timeline.queries.keys import Keys


def published(path: str = "") -> Q:
    """Return the condition that the record at a path is published, or the row itself."""
    column = f"{path}__publication" if path else "publication"
    # Coalesce keeps the database from using an index of publication states: to check a few events
    # it might otherwise read all published ones.
    state = Coalesce(F(column), Value(""))
    return Q(Exact(state, Value(Publication.PUBLISHED.value)))


def published_commitment(path: str) -> Q:
    """Return the condition that the commitment at a path is published, and its event as well."""
    return published(path) & published(f"{path}__event")


def parties() -> QuerySet[Party]:
    """Return parties that a published event, framework, commitment or text names or involves.

    An event names the state of its place, too: its page says 'Geneva, Switzerland'. It also names
    both sides of a membership that it began, ended or announced.
    """
    return Party.objects.filter(pk__in=_party_keys())


# Parties are few and most pages need them, so their keys are read once for a version of the record.
# To build the condition into each query would take longer than to run it.
_cached_keys: Final[VersionedCache[list[int]]] = VersionedCache("public parties", alias=None)


def _party_keys() -> list[int]:
    return _cached_keys.get_or_load(
        "", None, lambda: [*_used_parties().order_by().values_list("pk", flat=True)]
    )


def _used_parties() -> QuerySet[Party]:
    key = OuterRef("pk")
    of_event, of_framework = published("event"), published("framework")
    return Party.objects.filter(
        # The first condition finds most parties; a database checks the others only for the rest.
        Exists(Involvement.objects.filter(of_event, party=key))
        | Exists(Participation.objects.filter(of_event, party=key))
        | Exists(CommitmentParty.objects.filter(published_commitment("commitment"), party=key))
        | Exists(InstrumentParty.objects.filter(published("instrument"), party=key))
        | Exists(Side.objects.filter(of_framework, party=key))
        | Exists(Framework.objects.published().filter(fixed_host=key))
        | Exists(HostOrder.objects.filter(published("side__framework"), party=key))
        | Exists(Statement.objects.filter(of_event, party=key))
        | Exists(places().filter(party=key))
        | Exists(_decided_memberships().filter(Q(bloc=key) | Q(party=key)))
    )


def _decided_memberships() -> QuerySet[Membership]:
    """Return memberships that a published event began, ended or announced: its page says so."""
    return Membership.objects.filter(
        published("start_event") | published("end_event") | published("remarks__event")
    )


def people() -> QuerySet[Person]:
    """Return people present or quoted at a published event."""
    of_event, key = published("event"), OuterRef("pk")
    return Person.objects.filter(
        Exists(Attendance.objects.filter(of_event, person=key))
        | Exists(Statement.objects.filter(of_event, person=key))
    )


def places() -> QuerySet[Place]:
    """Return places of published events."""
    links = EventPlace.objects.filter(published("event"), place=OuterRef("pk"))
    return Place.objects.filter(Exists(links))


def sectors() -> QuerySet[Sector]:
    """Return sectors of published events and commitments, and the parents of these sectors."""
    used = Q()
    of_event, of_commitment = published("event"), published_commitment("commitment")
    for path in ("sector", "sector__parent"):
        this_sector = {path: OuterRef("pk")}
        used |= Q(Exists(EventSector.objects.filter(of_event, **this_sector)))
        used |= Q(Exists(CommitmentSector.objects.filter(of_commitment, **this_sector)))
    return Sector.objects.filter(used)


def memberships() -> QuerySet[Membership]:
    """Return memberships of public parties in public blocs."""
    return _memberships(_party_keys())


def offices() -> QuerySet[Office]:
    """Return offices of public people, held for no party or for a public one."""
    return _offices(_party_keys())


def _memberships(party_keys: Collection[int] | Keys) -> QuerySet[Membership]:
    return Membership.objects.filter(party__in=party_keys, bloc__in=party_keys)


def _offices(party_keys: Collection[int] | Keys) -> QuerySet[Office]:
    return Office.objects.filter(
        Q(party=None) | Q(party__in=party_keys), Exists(people().filter(pk=OuterRef("person")))
    )


def citations() -> QuerySet[Citation]:
    """Return citations that support what readers may see.

    That is a published record, a part of one, or a fact about parties, people and places that are
    all public, such as a membership.
    """
    party_keys = Keys(_party_keys())
    return Citation.objects.filter(
        published("event")
        | published("participation__event")
        | published("attendance__event")
        | published("statement__event")
        | published("event_step__event")
        | published_commitment("commitment")
        | published_commitment("status_update__commitment")
        | published("framework")
        | published("instrument")
        | published("instrument_step__instrument")
        | Q(party__in=party_keys)
        | Q(party_name__party__in=party_keys, party_name__slip=False)
        | Q(Exists(_memberships(party_keys).filter(pk=OuterRef("membership"))))
        | Q(Exists(_memberships(party_keys).filter(remarks=OuterRef("membership_remark"))))
        | Q(Exists(places().filter(pk=OuterRef("place"))))
        | Q(Exists(_offices(party_keys).filter(pk=OuterRef("office"))))
    )


def sources() -> QuerySet[Source]:
    """Return sources of something that readers may see."""
    return Source.objects.filter(Exists(citations().filter(source=OuterRef("pk"))))


def corrections(today: dt.date) -> QuerySet[Correction]:
    """Return corrections of published records that were made by a day."""
    return Correction.objects.filter(
        published("event")
        | published_commitment("commitment")
        | published("framework")
        | published("instrument"),
        made_on__lte=today,
    )
