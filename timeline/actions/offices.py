"""Checks of the offices with which people are recorded at events, against the dates on record."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline.core import dates
from timeline.core.dates import EdtfDate
from timeline.core.offices import MembershipSpan, Objection, objection
from timeline.fields import reader_language
from timeline.models import Attendance, Event, Membership, Office, Person, Statement

OfficeRow = Attendance | Statement
"""A person at an event, with the office held that day."""

SENTENCES: Final[dict[Objection, Promise]] = {
    Objection.NOT_HELD: _(
        "%(office)s was not held on any day of the event (%(date)s). Choose the office of that "
        "day, correct its dates on the person's page, leave it empty, or write why the record "
        "keeps it."
    ),
    Objection.OTHER_PARTY: _(
        "%(office)s is an office of %(of)s, which on %(date)s was neither the party attended for, "
        "%(party)s, nor a bloc or a member of it. Choose another office or party, or write why "
        "the record keeps it."
    ),
}


def belongings(parties: Iterable[int]) -> list[MembershipSpan]:
    """Return the memberships of these parties and the memberships in them."""
    keys = set(parties)
    memberships = Membership.objects.filter(Q(party__in=keys) | Q(bloc__in=keys)).order_by("pk")
    return [MembershipSpan(row.party_id, row.bloc_id, row.span) for row in memberships]


def objections(rows: Sequence[OfficeRow], date: EdtfDate) -> list[ValidationError | None]:
    """Return the objection to the office of each row at an event on a date, in the rows' order.

    It is None for a row without an office, or with a reason to keep it.
    """
    differing = {
        party
        for row in rows
        if row.office is not None and not row.office_reason
        if row.party_id != row.office.party_id
        for party in (row.party_id, row.office.party_id)
        if party is not None
    }
    memberships = belongings(differing) if differing else []
    return [_objection(row, date, memberships) for row in rows]


def _objection(
    row: OfficeRow, date: EdtfDate, memberships: Sequence[MembershipSpan]
) -> ValidationError | None:
    office = row.office
    if office is None or row.office_reason:
        return None
    reason = objection(
        date, held=office.span, of=office.party_id, attends_for=row.party_id, belongings=memberships
    )
    if reason is None:
        return None
    language = reader_language()
    of = office.party  # fetched before the label is made, which names only a fetched party
    return ValidationError(
        str(SENTENCES[reason]),
        code=reason.value,
        params={
            "office": office.label,
            "of": of,
            "party": row.party,
            "date": dates.wording(date, language),
        },
    )


def fitting(
    offices: Iterable[Office],
    *,
    party: int | None,
    date: EdtfDate,
    memberships: Sequence[MembershipSpan],
) -> list[Office]:
    """Return the offices with which a person may have attended for a party on a date."""
    return [
        office
        for office in offices
        if objection(
            date, held=office.span, of=office.party_id, attends_for=party, belongings=memberships
        )
        is None
    ]


def refuse_at_event(*, event: Event) -> None:
    """Raise ValidationError when an office at an event does not fit its date; name each."""
    rows: list[OfficeRow] = [
        row
        for model in (Attendance, Statement)
        for row in model._default_manager.filter(event=event).select_related(
            "party", "office__person", "office__party"
        )
    ]
    if errors := [error for error in objections(rows, event.date) if error is not None]:
        raise ValidationError(errors)


def refuse_of_person(*, person: Person) -> None:
    """Raise ValidationError, naming the events, when a person's offices no longer fit there.

    Draft events are named too, because nothing else would report them.
    """
    events: dict[str, None] = {}
    for model in (Attendance, Statement):
        rows: Iterable[OfficeRow] = (
            model._default_manager.filter(office__person=person)
            .select_related("event", "party", "office__person", "office__party")
            .order_by("event__earliest", "pk")
        )
        for row in rows:
            (error,) = objections([row], row.event.date)
            if error is not None:
                events[str(row.event)] = None
    if events:
        raise ValidationError(
            _(
                "With these offices, what the record says of who was there would not hold: "
                "%(events)s. Change the office there first, or write there why it is kept."
            ),
            code="offices",
            params={"events": "; ".join(events)},
        )
