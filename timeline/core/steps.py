"""Dated changes of an event's state and date: what was on record by a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from timeline.core.codes import EventState
from timeline.core.dates import EdtfDate


class Said(NamedTuple):
    """An event's state and date as the record gives them."""

    state: EventState
    date: EdtfDate


@dataclass(frozen=True, slots=True)
class Step:
    """One dated change: what was said from then on, and what was on record when it was entered."""

    on: EdtfDate
    entry: int
    said: Said
    before: Said


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Steps by the first day that they may mean, then by entry, whatever order they came in."""
    return sorted(steps, key=lambda step: (step.on.earliest, step.entry))


def as_of(now: Said, steps: Iterable[Step], day: dt.date) -> Said:
    """What was said of an event by a day.

    A step counts from the first day that its date may mean. Before the first of them the event
    is what it was when its first step was entered; after the last, what it is now, unless that
    is a meeting held later.
    """
    told = in_order(steps)
    happened = [step for step in told if step.on.earliest <= day]
    if len(happened) == len(told) and not (told and _held_after(now, day)):
        return now
    if happened:
        return happened[-1].said
    return min(told, key=lambda step: step.entry).before


def after(now: Said, steps: Iterable[Step], new: Step) -> Said:
    """What an event is once a step is added to the others.

    A step dated before another, or a change of plans before a meeting that was held, tells of the
    past and changes nothing of the present.
    """
    if in_order([*steps, new])[-1] != new:
        return now
    still_a_plan = new.said.state != EventState.HELD
    return now if still_a_plan and _held_after(now, new.on.latest) else new.said


def _held_after(said: Said, day: dt.date) -> bool:
    return said.state == EventState.HELD and said.date.earliest > day


def on_record(said: Said, steps: Iterable[Step], day: dt.date) -> bool:
    """Whether an event had happened, or a change of its plans had, by a day.

    ``said`` is what was said of it by then. When a plan was made is not on record, so that one
    for a later day counts only once a step of it is dated.
    """
    return said.date.earliest <= day or any(step.on.earliest <= day for step in steps)
