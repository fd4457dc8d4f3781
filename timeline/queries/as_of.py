"""The record as of a day: rows without what is dated later. The changed rows are never saved."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from timeline.core import steps
from timeline.core.codes import EventState
from timeline.core.dates import EdtfDate
from timeline.models import Event, EventStep, Membership, PartyName


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day as of which the record is shown.

    ``day`` is today unless the reader asked for a past day, which ``is_past`` says; only then is
    anything left out. Plans for later days are on record today; when they were made is not, so they
    do not count as of any earlier day.
    """

    day: dt.date
    is_past: bool = False

    def knows(self, date: EdtfDate | None) -> bool:
        """Whether something with this date had happened by the day; without a date it had."""
        return not self.is_past or date is None or date.earliest <= self.day


def replayed(events: Iterable[Event], when: AsOf) -> list[Event]:
    """Return those of the events that were on record by a day, with their state and date then."""
    rows = list(events)
    if not when.is_past:
        return rows
    changes = _steps(rows)
    on_record = []
    for event in rows:
        then = _as_of_day(event, changes[event.pk], when.day)
        if steps.on_record(then, changes[event.pk], when.day):
            set_state_and_date(event, then)
            on_record.append(event)
    return on_record


def rewind(events: Iterable[Event], when: AsOf) -> None:
    """Set the state and date of these events to those of a day, whether or not on record then."""
    rows = list(events)
    if not when.is_past:
        return
    changes = _steps(rows)
    for event in rows:
        set_state_and_date(event, _as_of_day(event, changes[event.pk], when.day))


def _as_of_day(event: Event, changes: Sequence[steps.Step], day: dt.date) -> steps.StateAndDate:
    return steps.as_of(steps.StateAndDate(EventState(event.state), event.date), changes, day)


def happened(then: steps.StateAndDate, now: steps.StateAndDate, when: AsOf) -> bool:
    """Whether an event had happened by a day, from its state and date on the day and now.

    One that was still planned or postponed on the day had not.
    """
    if not when.is_past:
        return True
    return when.knows(then.date) and then.state in (EventState.HELD, now.state)


def set_state_and_date(event: Event, values: steps.StateAndDate) -> None:
    """Set the state and the date of an event, and the columns that are derived from the date."""
    event.state, event.date = values.state.value, values.date
    event.earliest, event.latest = values.date.earliest, values.date.latest
    event.date_sure, event.ongoing = values.date.sure, values.date.ongoing


def _steps(events: Sequence[Event]) -> dict[int, list[steps.Step]]:
    by_event: dict[int, list[steps.Step]] = defaultdict(list)
    for row in EventStep.objects.filter(event__in=events):
        by_event[row.event_id].append(as_step(row))
    return by_event


def as_step(row: EventStep) -> steps.Step:
    """Convert a row to the plain value that the rules take."""
    return steps.Step(
        on=row.on,
        entry=row.entry,
        after=steps.StateAndDate(EventState(row.state), row.date),
        before=steps.StateAndDate(EventState(row.previous_state), row.previous_date),
    )


Lasting = TypeVar("Lasting", Membership, PartyName)


def begun(rows: Iterable[Lasting], when: AsOf) -> list[Lasting]:
    """Return the rows that had begun by a day; an end that is dated later is left open."""
    begun_rows: list[Lasting] = []
    for row in rows:
        if not when.knows(row.starts):
            continue
        if not when.knows(row.ends):
            row.ends = row.ends_earliest = row.ends_latest = None
        begun_rows.append(row)
    return begun_rows
