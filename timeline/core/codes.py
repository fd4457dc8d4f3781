"""The closed vocabularies of the record, as codes for the database and for URLs.

Codes never change once published. Labels for readers are in :mod:`timeline.enums`.
"""

from enum import StrEnum


class PartyKind(StrEnum):
    STATE = "state"
    BLOC = "bloc"
    BODY = "body"


class BodyKind(StrEnum):
    """What kind of body takes part in events in its own name."""

    COMPANY = "company"
    AGENCY = "agency"
    COMMISSION = "commission"
    BANK = "bank"
    ARMED_GROUP = "armed_group"


class NameKind(StrEnum):
    """How a party's name is used."""

    OFFICIAL = "official"
    SHORT = "short"
    ACRONYM = "acronym"


class MembershipStanding(StrEnum):
    """How a party belongs to a bloc for a spell; only a member takes part through it."""

    MEMBER = "member"
    SUSPENDED = "suspended"
    OBSERVER = "observer"
    ASSOCIATE = "associate"


class RemarkKind(StrEnum):
    """What is remarked of a spell of membership before it begins or ends."""

    JOINING_ANNOUNCED = "joining_announced"
    JOINING_NOTIFIED = "joining_notified"
    LEAVING_ANNOUNCED = "leaving_announced"
    LEAVING_NOTIFIED = "leaving_notified"

    @property
    def of_leaving(self) -> bool:
        """Whether it belongs to the end of the spell, not to its start."""
        return self in (RemarkKind.LEAVING_ANNOUNCED, RemarkKind.LEAVING_NOTIFIED)


class EventKind(StrEnum):
    MEETING = "meeting"
    SUMMIT = "summit"
    CONSULTATION = "consultation"
    VISIT = "visit"
    CALL = "call"
    SIGNING = "signing"
    STATEMENT = "statement"
    ANNOUNCEMENT = "announcement"
    DECISION = "decision"
    FOUNDING = "founding"
    ACCESSION = "accession"
    WITHDRAWAL = "withdrawal"
    RUPTURE = "rupture"
    CONFERENCE = "conference"
    MILITARY = "military"
    RATIFICATION = "ratification"
    NOTIFICATION = "notification"
    SANCTION = "sanction"
    LIFTING = "lifting"
    RECOGNITION = "recognition"
    OTHER = "other"


class EventState(StrEnum):
    """Whether an event took place."""

    PLANNED = "planned"
    HELD = "held"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class ParticipationRole(StrEnum):
    """The role of a party at an event.

    An addressee is whom a one-sided act is aimed at: it need not have been there.
    """

    HOST = "host"
    PARTICIPANT = "participant"
    SIGNATORY = "signatory"
    OBSERVER = "observer"
    MEDIATOR = "mediator"
    ADDRESSEE = "addressee"


class AttendanceRole(StrEnum):
    """The role of a person at an event."""

    HEAD = "head"
    SPOKESPERSON = "spokesperson"
    CHAIR = "chair"
    CO_CHAIR = "co_chair"
    SIGNATORY = "signatory"
    MEMBER = "member"


class CommitmentStatus(StrEnum):
    """The state of a commitment; :mod:`timeline.enums` defines each for readers."""

    ANNOUNCED = "announced"
    AGREED = "agreed"
    IN_PROGRESS = "in_progress"
    PARTLY_FULFILLED = "partly_fulfilled"
    FULFILLED = "fulfilled"
    STALLED = "stalled"
    BROKEN = "broken"
    SUPERSEDED = "superseded"


class CommitmentNature(StrEnum):
    """Whether parties undertook something, or one expects it of another who did not."""

    UNDERTAKING = "undertaking"
    REQUEST = "request"


class CommitmentRole(StrEnum):
    """The role of a party in an undertaking (obligor, beneficiary) or in a request."""

    OBLIGOR = "obligor"
    BENEFICIARY = "beneficiary"
    ASKER = "asker"
    ASKED = "asked"


class Restatement(StrEnum):
    """What a later wording does to the commitment that it restates."""

    WIDENED = "widened"
    SAME = "same"
    NARROWED = "narrowed"
    DROPPED = "dropped"
    SUPERSEDED = "superseded"


class InstrumentKind(StrEnum):
    """What kind of text parties concluded."""

    TREATY = "treaty"
    AGREEMENT = "agreement"
    PROTOCOL = "protocol"
    MEMORANDUM = "memorandum"
    JOINT_STATEMENT = "joint_statement"
    CHARTER = "charter"
    DECLARATION = "declaration"


class Binding(StrEnum):
    """How a text binds its parties, as a source says."""

    BY_SIGNATURE = "by_signature"
    BY_RATIFICATION = "by_ratification"
    NOT_LEGALLY = "not_legally"
    NOT_STATED = "not_stated"


class InstrumentAct(StrEnum):
    """What was done with a text, by one of its parties or to the whole text.

    ``approved_at_home`` is a vote of a parliament or a decision of a government, ``approved`` the
    consent that a treaty calls approval (Vienna Convention on the Law of Treaties, art. 14).
    ``withdrawn`` takes back an earlier step from its day on; ``retracted`` corrects a step that
    nothing of the kind stands behind.
    """

    ADOPTED = "adopted"
    INITIALLED = "initialled"
    SIGNED = "signed"
    APPROVED_AT_HOME = "approved_at_home"
    RATIFIED = "ratified"
    ACCEPTED = "accepted"
    APPROVED = "approved"
    ACCEDED = "acceded"
    SUCCEEDED = "succeeded"
    DEPOSITED = "deposited"
    PROVISIONALLY_APPLIED = "provisionally_applied"
    RESERVATION = "reservation"
    OBJECTION = "objection"
    IN_FORCE_FOR = "in_force_for"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    DENOUNCED = "denounced"
    WITHDRAWN = "withdrawn"
    OPENED = "opened"
    ENTERED_INTO_FORCE = "entered_into_force"
    AMENDED = "amended"
    REPLACED = "replaced"
    TERMINATED = "terminated"
    RETRACTED = "retracted"


class PartyStatus(StrEnum):
    """The status of a party to a text on a day."""

    SIGNED = "signed"
    CONSENTED = "consented"
    BOUND = "bound"
    LEFT = "left"
    NOTHING_KNOWN = "nothing_known"


class InstrumentState(StrEnum):
    """The state of a whole text on a day; ``open`` is not (yet) in force."""

    OPEN = "open"
    IN_FORCE = "in_force"
    ENDED = "ended"
    NOT_BINDING = "not_binding"
    NOT_STATED = "not_stated"


class Rotation(StrEnum):
    """How the role of host rotates in a framework."""

    ALTERNATING = "alternating"
    FIXED_HOST = "fixed_host"
    NOT_STATED = "not_stated"


class MemberOrder(StrEnum):
    """How a bloc that is a side of a framework chooses the member that hosts."""

    OPEN = "open"
    FIXED = "fixed"


class FrameworkState(StrEnum):
    """The state of a framework on a day."""

    NEVER_MET = "never_met"
    PLANNED = "planned"
    ON_SCHEDULE = "on_schedule"
    DUE = "due"
    OVERDUE = "overdue"
    NOT_STATED = "not_stated"
    ENDED = "ended"


class SourceKind(StrEnum):
    """What kind of author a source has, whoever carries it."""

    OFFICIAL = "official"
    JOINT = "joint"
    STATE_MEDIA = "state_media"
    INDEPENDENT = "independent"
    RESEARCH = "research"
    INDUSTRY = "industry"
    SOCIAL = "social"


class Stance(StrEnum):
    """Whether a source states a fact or an editor inferred it from the source."""

    STATED = "stated"
    INFERRED = "inferred"


class Confidence(StrEnum):
    """How strongly a citation supports its record."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ChangeVerb(StrEnum):
    """What a change did to a published record.

    A state is that of an event or a commitment; what was followed up has new evidence.
    """

    ADDED = "added"
    CHANGED = "changed"
    STATE = "state"
    FOLLOWED = "followed"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    PUBLISHED_AGAIN = "published_again"


class Publication(StrEnum):
    """The publication state of a record."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Order(StrEnum):
    """How a list of events is ordered."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RELEVANCE = "relevance"


class LedgerSort(StrEnum):
    """What the ledger is sorted by, before the order of time.

    By due date the earliest due stands first, by evidence what is longest without, by state the
    order of :class:`CommitmentStatus`.
    """

    NEWEST = "newest"
    DUE = "due"
    EVIDENCE = "evidence"
    STATE = "state"
