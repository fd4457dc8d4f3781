"""Offices that people had at events: refused where on record they cannot have had them."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from timeline.core import dates
from timeline.core.dates import EdtfDate
from timeline.core.offices import Belonging, Objection, objection
from timeline.models import Attendance, Event, Membership, Office, Person, Statement

Row = Attendance | Statement

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


def belongings(parties: Iterable[int]) -> list[Belonging]:
    """The memberships of these parties, and in them."""
    keys = set(parties)
    found = Membership.objects.filter(Q(party__in=keys) | Q(bloc__in=keys)).order_by("pk")
    return [Belonging(one.party_id, one.bloc_id, one.span) for one in found]


def objections(rows: Sequence[Row], date: EdtfDate) -> list[ValidationError | None]:
    """What speaks against the office of each row at an event on a date, in the rows' order.

    A row without an office, or with a reason to keep it, meets no objection.
    """
    asked = [row for row in rows if row.office is not None and not row.office_reason]
    offices = [row.office for row in asked if row.office is not None]
    differing = {
        party
        for row, office in zip(asked, offices, strict=True)
        if row.party_id != office.party_id
        for party in (row.party_id, office.party_id)
        if party is not None
    }
    known = belongings(differing) if differing else []
    return [_objection(row, date, known) for row in rows]


def _objection(row: Row, date: EdtfDate, known: Sequence[Belonging]) -> ValidationError | None:
    office = row.office
    if office is None or row.office_reason:
        return None
    found = objection(
        date, held=office.span, of=office.party_id, attends_for=row.party_id, belongings=known
    )
    if found is None:
        return None
    language = (get_language() or "fr")[:2]
    of = office.party  # asked for first: the label names what is fetched
    return ValidationError(
        str(SENTENCES[found]),
        code=found.value,
        params={
            "office": office.label,
            "of": of,
            "party": row.party,
            "date": dates.wording(date, language),
        },
    )


def fitting(
    offices: Iterable[Office], *, party: int | None, date: EdtfDate, known: Sequence[Belonging]
) -> list[Office]:
    """Those of some offices that may be had for a party on a date."""
    return [
        office
        for office in offices
        if objection(
            date, held=office.span, of=office.party_id, attends_for=party, belongings=known
        )
        is None
    ]


def refuse_at_event(*, event: Event) -> None:
    """Raise ValidationError, naming each, when an office at an event cannot stand on its date."""
    rows: list[Row] = [
        row
        for model in (Attendance, Statement)
        for row in model._default_manager.filter(event=event).select_related(
            "party", "office__person", "office__party"
        )
    ]
    if found := [error for error in objections(rows, event.date) if error is not None]:
        raise ValidationError(found)


def refuse_of_person(*, person: Person) -> None:
    """Raise ValidationError, naming the events, when an office named there no longer fits them.

    Drafts are named, too: nobody would be told of them otherwise.
    """
    found: dict[str, None] = {}
    for model in (Attendance, Statement):
        rows: Iterable[Row] = (
            model._default_manager.filter(office__person=person)
            .select_related("event", "party", "office__person", "office__party")
            .order_by("event__earliest", "pk")
        )
        for row in rows:
            (error,) = objections([row], row.event.date)
            if error is not None:
                found[str(row.event)] = None
    if found:
        raise ValidationError(
            _(
                "With these offices, what the record says of who was there would not hold: "
                "%(events)s. Change the office there first, or write there why it is kept."
            ),
            code="offices",
            params={"events": "; ".join(found)},
        )
