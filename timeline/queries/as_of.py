"""The record as of a day: rows read without what is dated later; nothing here is ever saved."""

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
    """The day that a reader looks at the record on.

    ``day`` is today unless another is ``asked``; only then is anything left out. Plans for later
    days are on record today, but not when they were made, so that they do not count on any day
    before.
    """

    day: dt.date
    asked: bool = False

    def knows(self, date: EdtfDate | None) -> bool:
        """Whether something with this date had happened by then; what is undated always had."""
        return not self.asked or date is None or date.earliest <= self.day


def replayed(events: Iterable[Event], when: AsOf) -> list[Event]:
    """These events with the state and date that they had by a day, those on record by then."""
    rows = list(events)
    if not when.asked:
        return rows
    changes = _steps(rows)
    kept = []
    for event in rows:
        said = steps.as_of(
            steps.StateAndDate(EventState(event.state), event.date), changes[event.pk], when.day
        )
        if steps.on_record(said, changes[event.pk], when.day):
            retell(event, said)
            kept.append(event)
    return kept


def told(events: Iterable[Event], when: AsOf) -> None:
    """Give these events the state and date that they had by a day, on record or not."""
    rows = list(events)
    if not when.asked:
        return
    changes = _steps(rows)
    for event in rows:
        now = steps.StateAndDate(EventState(event.state), event.date)
        retell(event, steps.as_of(now, changes[event.pk], when.day))


def retell(event: Event, said: steps.StateAndDate) -> None:
    """Give an event another state and date, with the days that the date may mean."""
    event.state, event.date = said.state.value, said.date
    event.earliest, event.latest = said.date.earliest, said.date.latest
    event.date_sure, event.ongoing = said.date.sure, said.date.ongoing


def _steps(events: Sequence[Event]) -> dict[int, list[steps.Step]]:
    found: dict[int, list[steps.Step]] = defaultdict(list)
    for row in EventStep.objects.filter(event__in=events):
        found[row.event_id].append(as_step(row))
    return found


def as_step(row: EventStep) -> steps.Step:
    """A step as the plain value that the rules read."""
    return steps.Step(
        on=row.on,
        entry=row.entry,
        after=steps.StateAndDate(EventState(row.state), row.date),
        before=steps.StateAndDate(EventState(row.previous_state), row.previous_date),
    )


Lasting = TypeVar("Lasting", Membership, PartyName)


def begun(rows: Iterable[Lasting], when: AsOf) -> list[Lasting]:
    """Those of these rows that had begun by a day; an end that is dated later is left open."""
    kept: list[Lasting] = []
    for row in rows:
        if not when.knows(row.starts):
            continue
        if not when.knows(row.ends):
            row.ends = row.ends_earliest = row.ends_latest = None
        kept.append(row)
    return kept
