"""Dated changes of an event's state and date, replayed as of a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from timeline.core.codes import EventState
from timeline.core.dates import EdtfDate


class StateAndDate(NamedTuple):
    """The state and date of an event at some point in its life."""

    state: EventState
    date: EdtfDate


@dataclass(frozen=True, slots=True)
class Step:
    """A dated change: the state and date from then on, and those recorded when it was entered."""

    on: EdtfDate
    entry: int
    after: StateAndDate
    before: StateAndDate


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Sort steps by their earliest possible day, then by entry."""
    return sorted(steps, key=lambda step: (step.on.earliest, step.entry))


def as_of(now: StateAndDate, steps: Iterable[Step], day: dt.date) -> StateAndDate:
    """Return the state and date of an event as of a day.

    A step counts from its earliest possible day. Before all steps, the event is as it was when
    its first step was entered. After all of them it is as it is now, unless that is a meeting held
    later than the day.
    """
    ordered = in_order(steps)
    past = [step for step in ordered if step.on.earliest <= day]
    if len(past) == len(ordered) and not (ordered and _held_after(now, day)):
        return now
    if past:
        return past[-1].after
    return min(ordered, key=lambda step: step.entry).before


def after(now: StateAndDate, steps: Iterable[Step], new: Step) -> StateAndDate:
    """Return the state and date of an event once a new step is added to the others.

    A step dated before another, or a change of plans before a meeting that was held, belongs to
    the past and does not change the present.
    """
    if in_order([*steps, new])[-1] != new:
        return now
    still_a_plan = new.after.state != EventState.HELD
    return now if still_a_plan and _held_after(now, new.on.latest) else new.after


def _held_after(event: StateAndDate, day: dt.date) -> bool:
    return event.state == EventState.HELD and event.date.earliest > day


def on_record(event: StateAndDate, steps: Iterable[Step], day: dt.date) -> bool:
    """Whether an event, or a change of its plans, had happened by a day.

    ``event`` is its state and date as of that day. The record does not say when a plan was made,
    so an event planned for a later day counts only from its first dated step on.
    """
    return event.date.earliest <= day or any(step.on.earliest <= day for step in steps)
