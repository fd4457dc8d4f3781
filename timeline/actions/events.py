"""Writes that concern an event: what is derived from it, and dated changes of its date or state."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from timeline.actions import involvement, search
from timeline.core.codes import EventState
from timeline.models import Event, EventStep, Membership


def settle(*, events: Iterable[int] | None = None) -> None:
    """Bring all that is derived from these events (all when None) up to date."""
    chosen = None if events is None else list(events)
    with transaction.atomic():
        involvement.resolve(events=chosen)
        search.refresh(events=chosen)


def settle_membership(*, bloc: int, without: int | None = None) -> None:
    """Bring up to date what a membership of a bloc, added, changed or ended, has changed.

    ``without`` leaves out a membership that is about to go. Raises ValidationError, naming the
    events, when somebody attended for a party that would no longer take part.
    """
    with transaction.atomic():
        involvement.take_turns()
        events = involvement.events_of_bloc(bloc)
        _refuse_stranding(events, without)
        involvement.resolve(events=events, without=without)
        search.refresh(events=events)


def _refuse_stranding(events: list[int], without: int | None) -> None:
    stranded = involvement.stranded(events=events, without=without)
    if stranded:
        named = "; ".join(str(event) for event in Event.objects.filter(pk__in=stranded))
        raise ValidationError(
            _(
                "Somebody attends for this state at events where it would no longer take part: "
                "%(events)s. Change who attended there first."
            ),
            code="stranded",
            params={"events": named},
        )


def remove_membership(*, membership: Membership) -> None:
    """Take a membership out of the record with what was derived from it.

    Raises ValidationError, naming the events, as :func:`settle_membership` does.
    """
    with transaction.atomic():
        settle_membership(bloc=membership.bloc_id, without=membership.pk)
        membership.delete()


def discard(*, event: Event) -> None:
    """Delete a draft that was never published, attendances first: the database keeps them tied."""
    if event.published_at is not None:
        raise ValidationError(_("What was published is never deleted; withdraw it."))
    with transaction.atomic():
        for attendance in event.attendances.all():
            attendance.delete()
        event.delete()


def change(
    *, event: Event, on: str, state: EventState, date: str, note_fr: str = "", note_en: str = ""
) -> EventStep:
    """Record that an event's date or state changed on a day, and change it.

    The step keeps what was on record before, so that earlier days can be asked for. Raises
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
        step.save()
        event.state, event.date = state.value, step.date
        event.full_clean()
        event.save()
        settle(events=[event.pk])
    return step
