"""Writes that concern an event: what is derived from it, and dated changes of its date or state."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from timeline.actions import involvement, search
from timeline.actions.citations import Evidence, cite
from timeline.core import steps
from timeline.core.codes import EventState
from timeline.core.dates import EdtfDate
from timeline.models import Event, EventStep, StatusUpdate
from timeline.queries.as_of import as_step


def refresh_derived(*, events: Iterable[int] | None = None) -> None:
    """Bring all that is derived from these events (all when None) up to date."""
    chosen = None if events is None else list(events)
    with transaction.atomic():
        involvement.resolve(events=chosen)
        search.refresh(events=chosen)


def delete_draft(*, event: Event) -> None:
    """Delete a draft that was never published, attendances first: the database keeps them tied."""
    if event.published_at is not None:
        raise ValidationError(_("What was published is never deleted; withdraw it."))
    with transaction.atomic():
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
    """Record that an event's date or state changed on a day, by a source, and change it.

    The step keeps what was on record before, so that earlier days can be asked for. One that tells
    of the past (see :func:`timeline.core.steps.after`) leaves the event as it is. Raises
    ValidationError when a date cannot be read.
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
        now = steps.StateAndDate(EventState(event.state), event.date)
        said = steps.after(now, others, as_step(step))
        event.state, event.date = said.state.value, said.date
        event.full_clean()
        event.save()
        refresh_derived(events=[event.pk])
    return step


def refuse_after_promises(*, event: Event, date: EdtfDate) -> None:
    """Raise ValidationError, naming them, when commitments would be dated before their event.

    Neither a due date nor a step that is not corrected may surely lie before the date.
    """
    wrong = StatusUpdate.objects.filter(commitment=OuterRef("pk"), latest__lt=date.earliest)
    standing = wrong.exclude(Exists(StatusUpdate.objects.filter(corrects=OuterRef("pk"))))
    made = event.commitments.filter(Q(due_latest__lt=date.earliest) | Exists(standing))
    if named := "; ".join(str(commitment) for commitment in made.order_by("pk")):
        raise ValidationError(
            _(
                "Steps or due dates of what was promised here would lie before the event: "
                "%(commitments)s. Correct those first."
            ),
            code="after_promises",
            params={"commitments": named},
        )
