"""Writes that concern an event: what is derived from it, and dated changes of its date or state."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from timeline.actions import involvement, search
from timeline.core.codes import EventState
from timeline.models import Event, EventStep


def settle(*, events: Iterable[int] | None = None) -> None:
    """Bring all that is derived from these events (all when None) up to date."""
    chosen = None if events is None else list(events)
    with transaction.atomic():
        involvement.resolve(events=chosen)
        search.refresh(events=chosen)


def settle_membership(*, bloc: int) -> None:
    """Bring up to date what a membership of a bloc, added, changed or ended, has changed."""
    settle(events=involvement.events_of_bloc(bloc))


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
