"""The life of a text: what each party did with it, and the statuses that it had."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from timeline.core import instruments
from timeline.core.codes import Binding, InstrumentAct, PartyStatus
from timeline.core.dates import EdtfDate
from timeline.jinja2 import short
from timeline.models import Event, InstrumentStep
from timeline.queries.instruments import InstrumentView


@dataclass(frozen=True, slots=True)
class Done:
    """A step; ``event`` is the slug of the event at which it was done, empty if none is shown."""

    act: InstrumentAct
    date: EdtfDate
    event: str = ""


@dataclass(frozen=True, slots=True)
class PartyLife:
    """What a party did, and its statuses, each with the day on which it began."""

    name: str
    done: tuple[Done, ...]
    statuses: tuple[tuple[dt.date, PartyStatus], ...]


@dataclass(frozen=True, slots=True)
class TextLife:
    """The life of a text until a day; ``whole`` are the steps of the text itself."""

    title: str
    first: dt.date
    day: dt.date
    parties: tuple[PartyLife, ...]
    whole: tuple[Done, ...]


def read(view: InstrumentView, events: Iterable[Event], day: dt.date) -> TextLife | None:
    """Return the life of a text, None if nothing was done with it by the day.

    ``events`` are those that readers may see.
    """
    slugs = {event.pk: event.slug for event in events}
    corrected = {step.corrects_id for step in view.steps}
    steps = [
        step
        for step in view.steps
        if step.pk not in corrected and step.act != InstrumentAct.RETRACTED
    ]
    if not (view.on_record and steps):
        return None
    values = [step.as_value() for step in view.steps]
    binding = Binding(view.instrument.binds)

    def done(party: int | None) -> tuple[Done, ...]:
        return tuple(_done(step, slugs) for step in steps if step.party_id == party)

    parties = (
        PartyLife(
            short(party),
            done(party.pk),
            tuple(instruments.history(binding, party.pk, values, day)),
        )
        for party in view.parties
    )
    return TextLife(
        title=str(view.instrument.title),
        first=min(view.instrument.earliest, *(step.earliest for step in steps)),
        day=day,
        parties=tuple(parties),
        whole=done(None),
    )


def _done(step: InstrumentStep, slugs: dict[int, str]) -> Done:
    return Done(InstrumentAct(step.act), step.done, slugs.get(step.event_id or 0, ""))
