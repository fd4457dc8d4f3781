"""Writes that concern an event: what is derived from it, and dated changes of its date or state."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from timeline.actions import involvement, search
from timeline.actions.citations import Evidence, cite
from timeline.core import steps
from timeline.core.codes import EventState, ParticipationRole
from timeline.core.dates import EdtfDate
from timeline.models import (
    Event,
    EventPlace,
    EventStep,
    Participation,
    Party,
    Place,
    StatusUpdate,
)
from timeline.queries.as_of import as_step


def refresh_derived(*, events: Iterable[int] | None = None) -> None:
    """Update everything that is derived from these events (all when None)."""
    keys = None if events is None else list(events)
    with transaction.atomic():
        involvement.resolve(events=keys)
        search.refresh(events=keys)


def add(
    *,
    event: Event,
    parties: Iterable[Party] = (),
    role: ParticipationRole = ParticipationRole.PARTICIPANT,
    place: Place | None = None,
    evidence: Evidence | None = None,
) -> Event:
    """Save a new event with the parties that took part in a role, its place and its source.

    Raises ValidationError when the event is not valid.
    """
    with transaction.atomic():
        event.full_clean()
        event.save()
        if place is not None:
            EventPlace.objects.create(event=event, place=place)
        for party in parties:
            Participation.objects.create(event=event, party=party, role=role.value)
        refresh_derived(events=[event.pk])
        if evidence is not None:
            cite(record=event, evidence=evidence)
    return event


def delete_draft(*, event: Event) -> None:
    """Delete a draft; raise ValidationError when it was ever published."""
    if event.published_at is not None:
        raise ValidationError(_("What was published is never deleted; withdraw it."))
    with transaction.atomic():
        # First the attendances: the database refuses one whose party is no longer involved.
        for attendance in event.attendances.all():
            attendance.delete()
        event.delete()


def change(
    *,
    event: Event,
    on: str,
    state: EventState,
    date: str,
    note_fr: str = "",
    note_en: str = "",
    evidence: Evidence | None = None,
) -> EventStep:
    """Add a dated, sourced change of an event's date or state, and apply it to the event.

    The step stores the former date and state, so that the event can be shown as of an earlier day.
    A step that belongs to the past (see :func:`timeline.core.steps.after`) does not change the
    event. Raises ValidationError when a date cannot be read.
    """
    with transaction.atomic():
        last = event.steps.aggregate(last=Max("entry"))["last"] or 0
        step = EventStep(
            event=event,
            entry=last + 1,
            on=on,
            state=state.value,
            date=date,
            previous_state=event.state,
            previous_date=event.date,
            note_fr=note_fr,
            note_en=note_en,
        )
        step.full_clean()
        others = [as_step(row) for row in event.steps.all()]
        step.save()
        if evidence is not None:
            cite(record=step, evidence=evidence)
        before = steps.StateAndDate(EventState(event.state), event.date)
        after = steps.after(before, others, as_step(step))
        event.state, event.date = after.state.value, after.date
        event.full_clean()
        event.save()
        refresh_derived(events=[event.pk])
    return step


def refuse_after_promises(*, event: Event, date: EdtfDate) -> None:
    """Raise ValidationError when commitments would be dated before their event, and name them.

    Neither a due date nor an uncorrected step may surely lie before ``date``. Commitments that were
    made on a day of their own do not move with the event.
    """
    earlier = StatusUpdate.objects.filter(commitment=OuterRef("pk"), latest__lt=date.earliest)
    commitments = event.commitments.filter(
        Q(due_latest__lt=date.earliest) | Exists(earlier.uncorrected()), made_on=None
    )
    if titles := "; ".join(str(commitment) for commitment in commitments.order_by("pk")):
        raise ValidationError(
            _(
                "Steps or due dates of what was promised here would lie before the event: "
                "%(commitments)s. Correct those first."
            ),
            code="after_promises",
            params={"commitments": titles},
        )
