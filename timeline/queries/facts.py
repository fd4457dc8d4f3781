"""The kinds of facts of the published record, and which citations support each of them."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django.db.models import OuterRef, Q, QuerySet

from timeline.core.codes import Binding, EventState, Rotation
from timeline.models import (
    Attendance,
    Commitment,
    Event,
    EventStep,
    Framework,
    Instrument,
    InstrumentStep,
    MembershipRemark,
    Participation,
    PartyName,
    Statement,
    StatusUpdate,
)
from timeline.queries import public


class FactKind(NamedTuple):
    """A kind of fact: which rows have it, and which citations support it.

    ``target`` is the foreign key of citations of the row, ``fields`` those that support the fact.
    ``of_owner`` are fields of the record at ``owner`` that support it as well. ``names`` are the
    paths to what names the record and its part, in an address.
    """

    target: str
    field: str
    noun: str
    names: tuple[str, ...]
    rows: Callable[[], QuerySet[Any]]
    fields: tuple[str, ...]
    owner: str = ""
    of_owner: tuple[str, ...] = ()
    required: bool = True


_WHOLE: Final = ""
_ANY: Final[tuple[str, ...]] = ()
"""Any field of the row supports the fact."""


def _events(**having: Any) -> Callable[[], QuerySet[Any]]:
    return lambda: Event.objects.published().filter(**having)


def _commitments(condition: Q) -> Callable[[], QuerySet[Any]]:
    return lambda: Commitment.objects.published().filter(condition)


def _of_event(model: Any) -> Callable[[], QuerySet[Any]]:
    return lambda: model.objects.filter(public.published("event"))


def _event(
    field: str, rows: Callable[[], QuerySet[Any]], *also: str, required: bool = True
) -> FactKind:
    fields = (field, *also, _WHOLE)
    return FactKind("event", field, "event", ("slug",), rows, fields, required=required)


def _promise(field: str, condition: Q, *also: str, required: bool = True) -> FactKind:
    rows, fields = _commitments(condition), (field, *also, _WHOLE)
    return FactKind("commitment", field, "commitment", ("slug",), rows, fields, required=required)


def _text(field: str, condition: Q, *also: str) -> FactKind:
    return FactKind(
        *("instrument", field, "instrument", ("slug",)),
        lambda: Instrument.objects.published().filter(condition),
        (field, *also, _WHOLE),
    )


def _rule(field: str, condition: Q) -> FactKind:
    return FactKind(
        *("framework", field, "framework", ("slug",)),
        lambda: Framework.objects.published().filter(condition),
        (field, _WHOLE),
    )


def _party(field: str, condition: Q, *, required: bool) -> FactKind:
    return FactKind(
        *("party", field, "party", ("code",)),
        lambda: public.parties().filter(condition).distinct(),
        (field, _WHOLE),
        required=required,
    )


def _spell(field: str, condition: Q, *also: str) -> FactKind:
    return FactKind(
        *("membership", field, "party", ("party__code", "bloc__code", "starts")),
        lambda: public.memberships().filter(condition),
        (field, *also, _WHOLE),
    )


def _office(field: str, condition: Q, fields: tuple[str, ...]) -> FactKind:
    return FactKind(
        *("office", field, "person", ("person__slug", "title_fr", "title_en")),
        lambda: public.offices().filter(condition),
        fields,
    )


def _name(condition: Q, *, required: bool) -> FactKind:
    return FactKind(
        *("party_name", "name", "party", ("party__code", "name")),
        lambda: PartyName.objects.filter(condition, party__in=public.parties()),
        _ANY,
        required=required,
    )


def _given(name: str) -> Q:
    """The condition that a text is given in some language."""
    return ~Q(**{f"{name}_fr": ""}) | ~Q(**{f"{name}_en": ""})


_ALWAYS: Final = Q()
_DATED_NAME: Final = Q(starts__isnull=False) | Q(ends__isnull=False)

KINDS: Final[tuple[FactKind, ...]] = (
    _event("title", _events(), "summary", "kind"),
    _event("date", _events()),
    _event("place", lambda: Event.objects.published().exclude(place_links=None), "venue"),
    _event("duration", lambda: Event.objects.published().filter(_given("duration"))),
    _event(
        "state",
        lambda: Event.objects.published().exclude(state=EventState.HELD),
        *("title", "summary"),
    ),
    _event("framework", _events(framework__isnull=False), "takes_turn", "title", "summary"),
    _event("sectors", lambda: Event.objects.published().exclude(sector_links=None), required=False),
    _event("follows", _events(follows__isnull=False), required=False),
    FactKind(
        *("participation", "role", "event", ("event__slug", "party__code")),
        _of_event(Participation),
        _ANY,
        *("event_id", ("parties", "title", "summary", _WHOLE)),
    ),
    FactKind(
        *("attendance", "role", "event", ("event__slug", "person__slug")),
        _of_event(Attendance),
        _ANY,
        *("event_id", ("people",)),
    ),
    FactKind(
        *("statement", "text", "event", ("event__slug", "person__slug")),
        _of_event(Statement),
        _ANY,
    ),
    FactKind(
        *("event_step", "date", "event", ("event__slug", "on")),
        _of_event(EventStep),
        _ANY,
    ),
    _promise("title", _ALWAYS, "wording"),
    _promise("parties", _ALWAYS, "title", "wording"),
    _promise("condition", _given("condition"), "wording"),
    _promise("made_on", Q(made_on__isnull=False)),
    _promise("due", Q(due__isnull=False)),
    _promise("instrument", Q(instrument__isnull=False)),
    _promise("restates", Q(restates__isnull=False), required=False),
    FactKind(
        *("status_update", "status", "commitment", ("commitment__slug", "date", "status")),
        lambda: StatusUpdate.objects.filter(
            public.published("commitment"), public.published("commitment__event")
        ),
        _ANY,
    ),
    _text("title", _ALWAYS, "summary", "kind"),
    _text("kind", _ALWAYS),
    _text("date", _ALWAYS),
    _text("binds", ~Q(binds=Binding.NOT_STATED)),
    _text("parties", _ALWAYS),
    FactKind(
        *("instrument_step", "act", "instrument"),
        ("instrument__slug", "act", "done", "party__code"),
        lambda: InstrumentStep.objects.filter(public.published("instrument")),
        _ANY,
    ),
    _rule("title", _ALWAYS),
    _rule("sides", _ALWAYS),
    _rule("rotation", ~Q(rotation=Rotation.NOT_STATED)),
    _rule("cadence_months", Q(cadence_months__isnull=False)),
    _rule("starts", Q(starts__isnull=False)),
    _rule("ended", Q(ended__isnull=False)),
    _party("founded", Q(founded__isnull=False), required=True),
    _party("dissolved", Q(dissolved__isnull=False), required=True),
    _party("successions", Q(successions__isnull=False), required=False),
    _party("part_of", Q(part_of__isnull=False), required=False),
    _name(_DATED_NAME, required=True),
    _name(~_DATED_NAME, required=False),
    _spell("starts", _ALWAYS, "standing"),
    _spell("ends", Q(ends__isnull=False)),
    FactKind(
        *("membership_remark", "date", "party"),
        ("membership__party__code", "membership__bloc__code", "kind", "date"),
        lambda: MembershipRemark.objects.filter(membership__in=public.memberships()),
        _ANY,
    ),
    _office("title", _ALWAYS, _ANY),
    _office("starts", Q(starts__isnull=False), ("starts", _WHOLE)),
    _office("ends", Q(ends__isnull=False), ("ends", _WHOLE)),
)
"""The facts of the published record that sources support. Those that are ``required`` are claims;
the others are the editors' own arrangement, such as the sectors of an event."""


def of_fact(kind: FactKind) -> Q:
    """Return the condition that a citation is of this fact of the row in an outer query."""
    own = Q(**{kind.target: OuterRef("pk")})
    if kind.fields:
        own &= Q(field__in=kind.fields)
    if kind.owner:
        own |= Q(event=OuterRef(kind.owner), field__in=kind.of_owner)
    return own
