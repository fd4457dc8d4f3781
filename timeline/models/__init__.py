"""The models, in one file for each noun of the domain."""

from timeline.models.commitments import (
    Commitment,
    CommitmentParty,
    CommitmentSector,
    StatusUpdate,
)
from timeline.models.editorial import (
    Correction,
    ErrorReport,
    EventRevision,
    FormerSlug,
    RecordVersion,
)
from timeline.models.events import (
    Event,
    EventPlace,
    EventSector,
    EventStep,
    Involvement,
    Participation,
)
from timeline.models.frameworks import Framework, HostOrder, Side
from timeline.models.identity import Identity
from timeline.models.instruments import Instrument, InstrumentParty, InstrumentStep
from timeline.models.limits import Limit, Tally, TooMany
from timeline.models.merges import Merge
from timeline.models.parties import Membership, MembershipRemark, Party, PartyName, Succession
from timeline.models.people import Attendance, Office, Person, PersonName
from timeline.models.places import Place
from timeline.models.sectors import Sector
from timeline.models.sources import Citation, Source
from timeline.models.statements import Statement

__all__ = [
    "Attendance",
    "Citation",
    "Commitment",
    "CommitmentParty",
    "CommitmentSector",
    "Correction",
    "ErrorReport",
    "Event",
    "EventPlace",
    "EventRevision",
    "EventSector",
    "EventStep",
    "FormerSlug",
    "Framework",
    "HostOrder",
    "Identity",
    "Instrument",
    "InstrumentParty",
    "InstrumentStep",
    "Involvement",
    "Limit",
    "Membership",
    "MembershipRemark",
    "Merge",
    "Office",
    "Participation",
    "Party",
    "PartyName",
    "Person",
    "PersonName",
    "Place",
    "RecordVersion",
    "Sector",
    "Side",
    "Source",
    "Statement",
    "StatusUpdate",
    "Succession",
    "Tally",
    "TooMany",
]
