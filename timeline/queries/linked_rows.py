"""The rows that lead to a record, what their columns hold, and how both are said in a line.

Every foreign key to the nouns that can be merged is taken from the models themselves.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline.core import dates
from timeline.core.dates import EdtfDate
from timeline.fields import RECORD_LANGUAGES, FoldedField, reader_language
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Event,
    EventPlace,
    EventSector,
    EventStep,
    HostOrder,
    InstrumentParty,
    InstrumentStep,
    Involvement,
    Membership,
    MembershipRemark,
    Office,
    Participation,
    Party,
    Person,
    Place,
    Side,
    Source,
    Statement,
    StatusUpdate,
    Succession,
)

Model = type[Any]

NOUNS: Final[Mapping[str, Model]] = {
    "party": Party,
    "person": Person,
    "place": Place,
    "source": Source,
    "event": Event,
    "commitment": Commitment,
}
"""The nouns of which two records can be one thing, by the name of the model."""

DERIVED: Final = frozenset({Involvement})
"""Derived models, whose rows are recomputed and never moved."""

MOVED: Final[Mapping[str, Promise]] = {
    "attendance.event": _("people present"),
    "attendance.party": _("people present for it"),
    "attendance.person": _("presence at events"),
    "citation.commitment": _("sources"),
    "citation.event": _("sources"),
    "citation.party": _("sources"),
    "citation.place": _("sources"),
    "citation.source": _("facts that it supports"),
    "commitment.answers": _("commitments that answer it"),
    "commitment.event": _("commitments made there"),
    "commitment.restates": _("commitments that restate it"),
    "commitmentparty.commitment": _("parties"),
    "commitmentparty.party": _("commitments"),
    "commitmentsector.commitment": _("sectors"),
    "correction.commitment": _("published corrections"),
    "correction.event": _("published corrections"),
    "event.follows": _("events that follow it"),
    "event.turn_side": _("meetings at which it was its turn"),
    "eventplace.event": _("places"),
    "eventplace.place": _("events there"),
    "eventsector.event": _("sectors"),
    "eventstep.event": _("changes of date or state"),
    "framework.fixed_host": _("frameworks of which it is the fixed host"),
    "hostorder.party": _("places in the order of hosts"),
    "instrumentparty.party": _("texts to which it is a party"),
    "instrumentstep.event": _("steps of texts that name it"),
    "instrumentstep.party": _("its steps in the life of texts"),
    "membership.bloc": _("memberships of others in it"),
    "membership.end_event": _("memberships whose end was decided there"),
    "membership.party": _("its memberships"),
    "membership.start_event": _("memberships that were decided there"),
    "membershipremark.event": _("joining or leaving, announced or notified there"),
    "office.party": _("offices held for it"),
    "office.person": _("offices held"),
    "participation.event": _("parties that a source names"),
    "participation.party": _("events in which a source names it"),
    "party.part_of": _("its bodies"),
    "partyname.party": _("names"),
    "personname.person": _("spellings of the name"),
    "place.party": _("places"),
    "side.party": _("frameworks of which it is a side"),
    "source.speaks_for": _("sources that speak for it"),
    "statement.event": _("statements"),
    "statement.party": _("statements made for it"),
    "statement.person": _("statements"),
    "statusupdate.commitment": _("steps of its life"),
    "statusupdate.event": _("steps of commitments that name it"),
    "succession.party": _("parties that it succeeded"),
    "succession.predecessor": _("parties that succeeded it"),
}
"""Every foreign key to one of the nouns, with the words for what moves along it."""

IN_ORDER: Final = frozenset({"position", "entry"})
"""Columns that put children in an order: where two have the same place, the one moved is last."""

_NOT_CHOSEN: Final = frozenset(
    {"id", "slug", "code", "publication", "withdrawn_reason_fr", "withdrawn_reason_en"}
)
"""Columns of which the record that is kept always keeps its own value."""

LINK_ROWS: Final = frozenset(
    {
        *(Attendance, Citation, CommitmentParty, CommitmentSector, EventPlace, EventSector),
        *(HostOrder, InstrumentParty, Membership, MembershipRemark, Participation, Side),
        *(Succession, EventStep, InstrumentStep, Office, Statement, StatusUpdate),
    }
)
"""Rows that are named by the records which they link and by what they say of it."""


class ReverseRelation(NamedTuple):
    """A foreign key to a model."""

    model: Model
    column: "models.ForeignKey[Any, Any]"

    @property
    def name(self) -> str:
        """The key of the relation in :data:`MOVED`."""
        return f"{self.model._meta.model_name}.{self.column.name}"


def relations(model: Model) -> tuple[ReverseRelation, ...]:
    """Return every foreign key of the record to a model, hidden ones included, but no history."""
    return tuple(
        ReverseRelation(relation.related_model, relation.field)
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
        and relation.related_model not in DERIVED
        and not hasattr(relation.related_model, "history_object")
    )


# Columns


def values(row: models.Model) -> dict[str, Any]:
    """Return the values of a row's columns as JSON has them, without search texts."""
    return {
        column.attname: packed(getattr(row, column.attname))
        for column in row._meta.concrete_fields
        if not column.name.startswith("folded_") and not isinstance(column, FoldedField)
    }


def packed(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, EdtfDate):
        return value.text
    if isinstance(value, models.fields.files.FieldFile):
        return value.name or ""
    return value.isoformat() if hasattr(value, "isoformat") else value


def is_chosen(column: Any) -> bool:
    """Whether an editor chooses which value of a column is kept."""
    return (
        column.editable
        and column.name not in _NOT_CHOSEN
        and not isinstance(column, FoldedField)
        and not column.name.startswith("folded_")
    )


def value_text(row: Any, column: Any) -> str:
    """Return the value of a column in words."""
    if column.is_relation:
        related = getattr(row, column.name)
        return "" if related is None else str(related)
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    value = getattr(row, column.attname)
    if isinstance(value, EdtfDate):
        return dates.wording(value, reader_language())
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "" if value is None else str(value)


# In words


def wording(row: Any, *, without: Iterable[Any] = (), depth: int = 1) -> str:
    """Say in one line what a row links and what it says."""
    if type(row) not in LINK_ROWS:
        return Truncator(str(row)).chars(120)
    left_out = {(type(one), one.pk) for one in without}
    parts = []
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        if value in (None, "") or not column.editable or column.name in IN_ORDER:
            continue
        if column.primary_key or isinstance(column, FoldedField) or _is_said(row, column.name):
            continue
        if column.is_relation:
            if (column.related_model, value) in left_out:
                continue
            related = getattr(row, column.name)
            text = wording(related, without=without, depth=depth - 1) if depth else ""
            parts.append(text if text else Truncator(str(related)).chars(80))
        elif isinstance(value, bool):
            continue
        elif column.name == "field":
            parts.append(f"({value})")
        else:
            parts.append(Truncator(value_text(row, column)).chars(80))
    return " · ".join(parts) or str(row)


def _is_said(row: Any, name: str) -> bool:
    """Whether a column has a text that the row has in the editor's language, too."""
    stem, _underscore, language = name.rpartition("_")
    preferred = reader_language()
    return (
        language in RECORD_LANGUAGES
        and language != preferred
        and bool(getattr(row, f"{stem}_{preferred}", ""))
    )
