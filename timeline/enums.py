"""Labels for the codes of :mod:`timeline.core.codes`, in the reader's language."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from timeline.core import codes

Label = str | Promise
Labels = Mapping[StrEnum, Label]

PARTY_KINDS: Labels = {
    codes.PartyKind.STATE: _("State"),
    codes.PartyKind.BLOC: _("Bloc"),
    codes.PartyKind.BODY: _("Body"),
}

BODY_KINDS: Labels = {
    codes.BodyKind.COMPANY: _("Company"),
    codes.BodyKind.AGENCY: _("Agency"),
    codes.BodyKind.COMMISSION: _("Commission"),
    codes.BodyKind.BANK: _("Bank"),
    codes.BodyKind.ARMED_GROUP: _("Armed group"),
}

NAME_KINDS: Labels = {
    codes.NameKind.OFFICIAL: _("Official name"),
    codes.NameKind.SHORT: _("Short name"),
    codes.NameKind.ACRONYM: _("Acronym"),
}

MEMBERSHIP_STANDINGS: Labels = {
    codes.MembershipStanding.MEMBER: pgettext_lazy("membership", "Member"),
    codes.MembershipStanding.SUSPENDED: pgettext_lazy("membership", "Suspended"),
    codes.MembershipStanding.OBSERVER: pgettext_lazy("membership", "Observer"),
    codes.MembershipStanding.ASSOCIATE: pgettext_lazy("membership", "Associate"),
}

REMARK_KINDS: Labels = {
    codes.RemarkKind.JOINING_ANNOUNCED: _("Joining announced"),
    codes.RemarkKind.JOINING_NOTIFIED: _("Joining notified"),
    codes.RemarkKind.LEAVING_ANNOUNCED: _("Withdrawal announced"),
    codes.RemarkKind.LEAVING_NOTIFIED: _("Withdrawal notified"),
}

EVENT_KINDS: Labels = {
    codes.EventKind.MEETING: _("Meeting"),
    codes.EventKind.SUMMIT: _("Summit"),
    codes.EventKind.CONSULTATION: _("Consultation"),
    codes.EventKind.VISIT: _("Visit"),
    codes.EventKind.CALL: _("Call"),
    codes.EventKind.SIGNING: _("Signing"),
    codes.EventKind.STATEMENT: _("Statement"),
    codes.EventKind.ANNOUNCEMENT: _("Announcement"),
    codes.EventKind.DECISION: _("Decision"),
    codes.EventKind.FOUNDING: _("Founding"),
    codes.EventKind.ACCESSION: _("Accession"),
    codes.EventKind.WITHDRAWAL: _("Withdrawal"),
    codes.EventKind.RUPTURE: _("Rupture"),
    codes.EventKind.CONFERENCE: _("Conference"),
    codes.EventKind.MILITARY: _("Military event"),
    codes.EventKind.RATIFICATION: _("Ratification"),
    codes.EventKind.NOTIFICATION: _("Notification"),
    codes.EventKind.SANCTION: pgettext_lazy("event kind", "Sanction"),
    codes.EventKind.LIFTING: _("Lifting of a sanction"),
    codes.EventKind.RECOGNITION: _("Recognition"),
    codes.EventKind.OTHER: pgettext_lazy("event kind", "Other"),
}

EVENT_STATES: Labels = {
    codes.EventState.PLANNED: pgettext_lazy("event state", "Planned"),
    codes.EventState.HELD: pgettext_lazy("event state", "Held"),
    codes.EventState.POSTPONED: pgettext_lazy("event state", "Postponed"),
    codes.EventState.CANCELLED: pgettext_lazy("event state", "Cancelled"),
}

_FEMININE_EVENT_STATES: Labels = {
    codes.EventState.PLANNED: pgettext_lazy("event state, of a feminine noun", "Planned"),
    codes.EventState.HELD: pgettext_lazy("event state, of a feminine noun", "Held"),
    codes.EventState.POSTPONED: pgettext_lazy("event state, of a feminine noun", "Postponed"),
    codes.EventState.CANCELLED: pgettext_lazy("event state, of a feminine noun", "Cancelled"),
}

_MASCULINE_EVENT_KINDS: Final = frozenset(
    {
        *(codes.EventKind.SUMMIT, codes.EventKind.CALL, codes.EventKind.WITHDRAWAL),
        *(codes.EventKind.MILITARY, codes.EventKind.OTHER),
    }
)
"""The kinds of events that are masculine in French, with which the word for a state agrees."""


def event_state(state: str, kind: str) -> str:
    """Return the label of the state of an event beside its kind, which it agrees with in French."""
    masculine = kind in _MASCULINE_EVENT_KINDS
    return label(EVENT_STATES if masculine else _FEMININE_EVENT_STATES, state)


PARTICIPATION_ROLES: Labels = {
    codes.ParticipationRole.HOST: pgettext_lazy("party role", "Host"),
    codes.ParticipationRole.PARTICIPANT: pgettext_lazy("party role", "Participant"),
    codes.ParticipationRole.SIGNATORY: pgettext_lazy("party role", "Signatory"),
    codes.ParticipationRole.OBSERVER: pgettext_lazy("party role", "Observer"),
    codes.ParticipationRole.MEDIATOR: pgettext_lazy("party role", "Mediator"),
    codes.ParticipationRole.ADDRESSEE: pgettext_lazy("party role", "Addressee"),
}

ATTENDANCE_ROLES: Labels = {
    codes.AttendanceRole.HEAD: _("Head of delegation"),
    codes.AttendanceRole.SPOKESPERSON: _("Spokesperson"),
    codes.AttendanceRole.CHAIR: _("Chair"),
    codes.AttendanceRole.CO_CHAIR: _("Co-chair"),
    codes.AttendanceRole.SIGNATORY: pgettext_lazy("person role", "Signatory"),
    codes.AttendanceRole.MEMBER: _("Member of the delegation"),
}

COMMITMENT_STATUSES: Labels = {
    codes.CommitmentStatus.ANNOUNCED: pgettext_lazy("commitment", "Announced"),
    codes.CommitmentStatus.AGREED: pgettext_lazy("commitment", "Agreed"),
    codes.CommitmentStatus.IN_PROGRESS: pgettext_lazy("commitment", "In progress"),
    codes.CommitmentStatus.PARTLY_FULFILLED: pgettext_lazy("commitment", "Partly fulfilled"),
    codes.CommitmentStatus.FULFILLED: pgettext_lazy("commitment", "Fulfilled"),
    codes.CommitmentStatus.STALLED: pgettext_lazy("commitment", "Stalled"),
    codes.CommitmentStatus.BROKEN: pgettext_lazy("commitment", "Broken"),
    codes.CommitmentStatus.SUPERSEDED: pgettext_lazy("commitment", "Superseded"),
}

COMMITMENT_STATUS_DEFINITIONS: Labels = {
    codes.CommitmentStatus.ANNOUNCED: _(
        "One party, or a report of the meeting, says that it will be done."
    ),
    codes.CommitmentStatus.AGREED: _("The parties concerned have undertaken it together."),
    codes.CommitmentStatus.IN_PROGRESS: _(
        "A source describes work on it that has begun and is not finished."
    ),
    codes.CommitmentStatus.PARTLY_FULFILLED: _(
        "A source shows that a part of what was promised exists."
    ),
    codes.CommitmentStatus.FULFILLED: _("A source shows that what was promised exists."),
    codes.CommitmentStatus.STALLED: _("A source says that work on it has stopped."),
    codes.CommitmentStatus.BROKEN: _(
        "A source shows that the opposite was done, or that a party has given it up."
    ),
    codes.CommitmentStatus.SUPERSEDED: _("A later commitment has taken its place."),
}

COMMITMENT_ROLES: Labels = {
    codes.CommitmentRole.OBLIGOR: _("Obligor (undertakes it)"),
    codes.CommitmentRole.BENEFICIARY: _("Beneficiary (is owed it)"),
    codes.CommitmentRole.ASKER: _("Asks for it (of a request)"),
    codes.CommitmentRole.ASKED: _("Is asked for it (of a request)"),
}

ROLES_IN_COMMITMENTS: Labels = {
    codes.CommitmentRole.OBLIGOR: _("owes it"),
    codes.CommitmentRole.BENEFICIARY: _("is owed it"),
    codes.CommitmentRole.ASKER: _("asks for it"),
    codes.CommitmentRole.ASKED: _("is asked for it"),
}
"""What a party is to a commitment, in brackets after its name."""

COMMITMENT_NATURES: Labels = {
    codes.CommitmentNature.UNDERTAKING: _("Undertaking"),
    codes.CommitmentNature.REQUEST: _("Request"),
}

RESTATEMENTS: Labels = {
    codes.Restatement.WIDENED: pgettext_lazy("restatement", "Widened"),
    codes.Restatement.SAME: pgettext_lazy("restatement", "Same"),
    codes.Restatement.NARROWED: pgettext_lazy("restatement", "Narrowed"),
    codes.Restatement.DROPPED: pgettext_lazy("restatement", "Dropped"),
    codes.Restatement.SUPERSEDED: pgettext_lazy("restatement", "Superseded"),
}

INSTRUMENT_KINDS: Labels = {
    codes.InstrumentKind.TREATY: _("Treaty"),
    codes.InstrumentKind.AGREEMENT: pgettext_lazy("text", "Agreement"),
    codes.InstrumentKind.PROTOCOL: _("Protocol"),
    codes.InstrumentKind.MEMORANDUM: _("Memorandum"),
    codes.InstrumentKind.JOINT_STATEMENT: _("Joint statement"),
    codes.InstrumentKind.CHARTER: _("Charter"),
    codes.InstrumentKind.DECLARATION: pgettext_lazy("text", "Declaration"),
}

BINDINGS: Labels = {
    codes.Binding.BY_SIGNATURE: _("Binds by signature"),
    codes.Binding.BY_RATIFICATION: _("Binds by ratification"),
    codes.Binding.NOT_LEGALLY: _("Does not bind legally"),
    codes.Binding.NOT_STATED: _("How it binds is not stated"),
}

INSTRUMENT_ACTS: Labels = {
    codes.InstrumentAct.ADOPTED: pgettext_lazy("text", "Adopted"),
    codes.InstrumentAct.INITIALLED: pgettext_lazy("text", "Initialled"),
    codes.InstrumentAct.SIGNED: pgettext_lazy("text", "Signed"),
    codes.InstrumentAct.APPROVED_AT_HOME: pgettext_lazy("text", "Approved at home"),
    codes.InstrumentAct.RATIFIED: pgettext_lazy("text", "Ratified"),
    codes.InstrumentAct.ACCEPTED: pgettext_lazy("text", "Accepted"),
    codes.InstrumentAct.APPROVED: pgettext_lazy("text", "Approved internationally"),
    codes.InstrumentAct.ACCEDED: pgettext_lazy("text", "Acceded"),
    codes.InstrumentAct.SUCCEEDED: pgettext_lazy("text", "Succeeded"),
    codes.InstrumentAct.DEPOSITED: pgettext_lazy("text", "Deposited its instrument"),
    codes.InstrumentAct.PROVISIONALLY_APPLIED: pgettext_lazy("text", "Provisionally applied"),
    codes.InstrumentAct.RESERVATION: pgettext_lazy("text", "Made a reservation"),
    codes.InstrumentAct.OBJECTION: pgettext_lazy("text", "Objected to a reservation"),
    codes.InstrumentAct.IN_FORCE_FOR: pgettext_lazy("text", "In force for it"),
    codes.InstrumentAct.SUSPENDED: pgettext_lazy("text", "Suspended its application"),
    codes.InstrumentAct.RESUMED: pgettext_lazy("text", "Resumed its application"),
    codes.InstrumentAct.DENOUNCED: pgettext_lazy("text", "Denounced"),
    codes.InstrumentAct.WITHDRAWN: pgettext_lazy("text", "Withdrew an earlier step"),
    codes.InstrumentAct.OPENED: pgettext_lazy("text", "Opened for signature"),
    codes.InstrumentAct.ENTERED_INTO_FORCE: pgettext_lazy("text", "Entered into force"),
    codes.InstrumentAct.AMENDED: pgettext_lazy("text", "Amended"),
    codes.InstrumentAct.REPLACED: pgettext_lazy("text", "Replaced"),
    codes.InstrumentAct.TERMINATED: pgettext_lazy("text", "Terminated"),
    codes.InstrumentAct.RETRACTED: pgettext_lazy("text", "Nothing of the kind (a correction)"),
}

PARTY_STATUSES: Labels = {
    codes.PartyStatus.SIGNED: pgettext_lazy("party to a text", "Signed"),
    codes.PartyStatus.CONSENTED: pgettext_lazy("party to a text", "Consented"),
    codes.PartyStatus.BOUND: pgettext_lazy("party to a text", "Bound"),
    codes.PartyStatus.LEFT: pgettext_lazy("party to a text", "Left"),
    codes.PartyStatus.NOTHING_KNOWN: pgettext_lazy("party to a text", "Nothing known"),
}

PARTY_STATUS_DEFINITIONS: Labels = {
    codes.PartyStatus.SIGNED: _("It signed; no source seen for its consent to be bound."),
    codes.PartyStatus.CONSENTED: _(
        "It ratified, accepted, approved, acceded or succeeded, or signed a text that binds by "
        "signature; no source seen that the text is in force for it."
    ),
    codes.PartyStatus.BOUND: _("It consented, and the text is in force for it."),
    codes.PartyStatus.LEFT: _("It denounced the text, and the denunciation has taken effect."),
    codes.PartyStatus.NOTHING_KNOWN: _("No source seen that it signed or consented."),
}

INSTRUMENT_STATES: Labels = {
    codes.InstrumentState.OPEN: pgettext_lazy("state of a text", "Not in force"),
    codes.InstrumentState.IN_FORCE: pgettext_lazy("state of a text", "In force"),
    codes.InstrumentState.ENDED: pgettext_lazy("state of a text", "Ended"),
    codes.InstrumentState.NOT_BINDING: pgettext_lazy("state of a text", "Not legally binding"),
    codes.InstrumentState.NOT_STATED: pgettext_lazy("state of a text", "Not stated"),
}

ROTATIONS: Labels = {
    codes.Rotation.ALTERNATING: _("Alternating between the sides"),
    codes.Rotation.FIXED_HOST: _("Always the same host"),
    codes.Rotation.NOT_STATED: pgettext_lazy("rotation", "Not stated"),
}

MEMBER_ORDERS: Labels = {
    codes.MemberOrder.OPEN: pgettext_lazy("member order", "Open"),
    codes.MemberOrder.FIXED: pgettext_lazy("member order", "Fixed"),
}

FRAMEWORK_STATES: Labels = {
    codes.FrameworkState.NEVER_MET: _("Never met"),
    codes.FrameworkState.PLANNED: _("Next session planned"),
    codes.FrameworkState.ON_SCHEDULE: _("On schedule"),
    codes.FrameworkState.DUE: _("Due now"),
    codes.FrameworkState.OVERDUE: pgettext_lazy("framework", "Overdue"),
    codes.FrameworkState.NOT_STATED: _("Cadence not stated"),
    codes.FrameworkState.ENDED: pgettext_lazy("framework", "Ended"),
}

SOURCE_KINDS: Labels = {
    codes.SourceKind.OFFICIAL: pgettext_lazy("source kind", "Official"),
    codes.SourceKind.JOINT: pgettext_lazy("source kind", "Joint text"),
    codes.SourceKind.STATE_MEDIA: pgettext_lazy("source kind", "State media"),
    codes.SourceKind.INDEPENDENT: pgettext_lazy("source kind", "Independent press"),
    codes.SourceKind.RESEARCH: pgettext_lazy("source kind", "Research"),
    codes.SourceKind.INDUSTRY: pgettext_lazy("source kind", "Industry"),
    codes.SourceKind.SOCIAL: pgettext_lazy("source kind", "Social post"),
}

STANCES: Labels = {
    codes.Stance.STATED: pgettext_lazy("citation", "Stated"),
    codes.Stance.INFERRED: pgettext_lazy("citation", "Inferred"),
}

STANCE_DEFINITIONS: Labels = {
    codes.Stance.STATED: _("Stated: the source says it itself."),
    codes.Stance.INFERRED: _(
        "Inferred: the source does not say it; editors concluded it from what it says, for the "
        "reason given."
    ),
}

CONFIDENCES: Labels = {
    codes.Confidence.HIGH: pgettext_lazy("confidence", "High"),
    codes.Confidence.MEDIUM: pgettext_lazy("confidence", "Medium"),
    codes.Confidence.LOW: pgettext_lazy("confidence", "Low"),
}

CONFIDENCE_DEFINITIONS: Labels = {
    codes.Confidence.HIGH: _("High confidence: the source is plain, and close to what it tells."),
    codes.Confidence.MEDIUM: _(
        "Medium confidence: the source is vague, or tells it at second hand."
    ),
    codes.Confidence.LOW: _("Low confidence: the source is weak, or better ones contradict it."),
}

PUBLICATIONS: Labels = {
    codes.Publication.DRAFT: pgettext_lazy("publication", "Draft"),
    codes.Publication.IN_REVIEW: pgettext_lazy("publication", "In review"),
    codes.Publication.PUBLISHED: pgettext_lazy("publication", "Published"),
    codes.Publication.WITHDRAWN: pgettext_lazy("publication", "Withdrawn"),
}


CITED_FIELDS: Mapping[str, Label] = {
    "": _("the record as a whole"),
    "title": _("title"),
    "name": _("name"),
    "summary": _("summary"),
    "kind": _("kind"),
    "date": _("date"),
    "state": _("state"),
    "status": _("state"),
    "duration": _("duration"),
    "place": _("place"),
    "venue": _("venue"),
    "parties": _("parties"),
    "people": _("people present"),
    "sectors": _("sectors"),
    "framework": _("framework"),
    "takes_turn": _("takes a turn"),
    "follows": _("follows"),
    "role": _("role"),
    "office": _("office"),
    "text": _("words"),
    "wording": _("wording"),
    "condition": _("condition"),
    "made_on": _("day made"),
    "due": _("due date"),
    "restates": _("restates"),
    "sides": _("sides"),
    "rotation": _("rotation"),
    "cadence_months": _("cadence"),
    "starts": _("start"),
    "ends": _("end"),
    "ended": _("end"),
    "founded": _("founded"),
    "standing": _("standing"),
    "dissolved": _("dissolved"),
    "part_of": _("body of"),
    "successions": _("parties that it succeeded"),
    "location": _("location"),
    "note": _("note"),
    "binds": _("how it binds"),
    "act": _("what was done"),
    "party": _("party"),
    "done": _("day done"),
    "effect": _("day of effect"),
    "instrument": _("text"),
}
"""The fields that a citation may support, over all records."""


RECORD_FIELDS: Mapping[str, Label] = {
    **CITED_FIELDS,
    "short": _("short name"),
    "description": _("description"),
    "body_kind": _("kind of body"),
    "latitude": _("latitude"),
    "longitude": _("longitude"),
    "parent": _("part of"),
    "dac_code": _("DAC code"),
    "publisher": _("publisher"),
    "carried_by": _("carried by"),
    "speaks_for": _("speaks for"),
    "url": _("address"),
    "published": _("published"),
    "consulted": _("consulted"),
    "archive_url": _("address of the archived copy"),
    "party_name": _("other names"),
    "spellings": _("other spellings"),
    "membership": _("memberships"),
    "members": _("members"),
    "host_order": _("order of hosts"),
    "event_step": _("changes of date or state"),
    "status_update": _("steps"),
    "instrument_step": _("steps"),
    "sources": _("sources"),
}
"""The fields of a record and its parts, as pages of versions and of changes name them."""


CITED_ROWS: Mapping[str, Label] = {
    "participation": _("participation"),
    "attendance": _("presence"),
    "statement": _("words"),
    "event_step": _("change of date or state"),
    "commitment": _("promised"),
    "status_update": _("state"),
    "instrument_step": _("what was done"),
    "party_name": _("name"),
    "membership": _("membership"),
    "membership_remark": _("announced or notified"),
    "office": _("office"),
    "place": _("place"),
}
"""What a citation that names no field supports of a part of a record, by its foreign key."""

NOUNS: Mapping[str, Label] = {
    "event": _("Events"),
    "commitment": _("Commitments"),
    "instrument": _("Texts"),
    "framework": _("Frameworks"),
    "party": _("Parties"),
    "person": _("People"),
    "place": _("Places"),
}
"""The records with pages that show facts with their sources, in the order of lists of several."""


NOUNS_ALONE: Mapping[str, Label] = {
    "event": _("Event"),
    "commitment": _("Commitment"),
    "instrument": _("Text"),
    "framework": _("Framework"),
}
"""One record with a publication state, by its noun."""


CHANGE_VERBS: Labels = {
    codes.ChangeVerb.ADDED: _("added"),
    codes.ChangeVerb.CHANGED: _("changed"),
    codes.ChangeVerb.STATE: _("state changed"),
    codes.ChangeVerb.FOLLOWED: _("new evidence"),
    codes.ChangeVerb.CORRECTED: _("corrected"),
    codes.ChangeVerb.WITHDRAWN: _("withdrawn"),
    codes.ChangeVerb.PUBLISHED_AGAIN: _("published again"),
}


def choices(labels: Labels) -> list[tuple[str, Label]]:
    """Return labels as the ``choices`` of a model field."""
    return [(str(code), label) for code, label in labels.items()]


def label(labels: Labels | Mapping[str, Label], code: str) -> str:
    """Return the label of a code in the reader's language, or an unknown code itself."""
    return next((str(text) for key, text in labels.items() if key == code), code)


def cadence(months: int) -> str:
    """Describe how often sessions are held, in years if the months are whole years."""
    if months % 12:
        return ngettext("every month", "every %(n)s months", months) % {"n": months}
    return ngettext("every year", "every %(n)s years", months // 12) % {"n": months // 12}


OF_FILTERS: Mapping[str, Labels] = {
    "kind": EVENT_KINDS,
    "state": EVENT_STATES,
    "source_kind": SOURCE_KINDS,
    "status": COMMITMENT_STATUSES,
}
"""The labels of the values of filters."""

OF_INSTRUMENT_FILTERS: Mapping[str, Labels] = {
    "kind": INSTRUMENT_KINDS,
    "state": INSTRUMENT_STATES,
    "status": PARTY_STATUSES,
    "binds": BINDINGS,
}
"""The labels of the values of filters of texts."""
