"""The status table of a text: what each party did with it, by kind of step."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from timeline.core.codes import InstrumentAct
from timeline.core.instruments import Status
from timeline.models import Event, Instrument, InstrumentStep, Party
from timeline.queries.as_of import AsOf, replayed
from timeline.queries.flags import Flag, flags
from timeline.queries.footnotes import Footnotes, Mark
from timeline.queries.instruments import InstrumentView

_BESIDE_OTHERS: Final = (InstrumentAct.WITHDRAWN, InstrumentAct.RETRACTED)
"""Acts that are shown beside the step that they withdraw or correct, and have no column."""


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as the table shows it, with the numbers of the sources that support it.

    ``event`` is where it was done and ``later_text`` the text that amends or replaces this one, if
    readers may see them. ``regards`` is the reservation that it objects to. ``corrected_by`` are
    the steps that stand in its place, ``withdrawn_by`` those that take it back. ``flags`` are what
    sources say otherwise.
    """

    step: InstrumentStep
    marks: list[Mark]
    flags: tuple[Flag, ...] = ()
    event: Event | None = None
    later_text: Instrument | None = None
    regards: InstrumentStep | None = None
    corrected_by: tuple["ShownStep", ...] = ()
    withdrawn_by: tuple["ShownStep", ...] = ()


@dataclass(frozen=True, slots=True)
class PartyRow:
    """The row of a party: its status, and its steps in a cell for each act of the table."""

    party: Party
    status: Status
    cells: tuple[tuple[ShownStep, ...], ...]


@dataclass(frozen=True, slots=True)
class StatusTable:
    """Parties by acts; only acts that occur are columns. ``whole`` are the steps of the text."""

    acts: tuple[InstrumentAct, ...]
    rows: tuple[PartyRow, ...]
    whole: tuple[ShownStep, ...]


def status_table(view: InstrumentView, when: AsOf, footnotes: Footnotes) -> StatusTable:
    """Return the status table of a text, and number its sources in the order of the cells."""
    entries = _Entries(view, when, footnotes)
    shown = [step for step in view.steps if step.act not in _BESIDE_OTHERS]
    cells: dict[tuple[int | None, str], list[InstrumentStep]] = defaultdict(list)
    for step in shown:
        cells[step.party_id, step.act].append(step)
    of_parties = {step.act for step in shown if step.party_id is not None}
    acts = tuple(act for act in InstrumentAct if act in of_parties)
    rows = tuple(
        PartyRow(
            party,
            view.statuses[party.pk],
            tuple(entries.of(cells[party.pk, act]) for act in acts),
        )
        for party in view.parties
    )
    whole = entries.of(step for step in shown if step.party_id is None)
    return StatusTable(acts, rows, whole)


class _Entries:
    """Makes the entries of the steps of one text."""

    def __init__(self, view: InstrumentView, when: AsOf, footnotes: Footnotes) -> None:
        self._footnotes = footnotes
        self._when = when
        self._steps = {step.pk: step for step in view.steps}
        self._events = {event.pk: event for event in events(view, when)}
        self._corrections: dict[int | None, list[InstrumentStep]] = defaultdict(list)
        self._withdrawals: dict[int | None, list[InstrumentStep]] = defaultdict(list)
        for step in view.steps:
            self._corrections[step.corrects_id].append(step)
            if step.act == InstrumentAct.WITHDRAWN:
                self._withdrawals[step.regards_id].append(step)

    def of(self, steps: Iterable[InstrumentStep]) -> tuple[ShownStep, ...]:
        """Return the entries of these steps."""
        return tuple(map(self._entry, steps))

    def _entry(self, step: InstrumentStep) -> ShownStep:
        citations = step.citations.all()
        subject = step.party.name if step.party else step.done
        return ShownStep(
            step=step,
            marks=self._footnotes.mark(citations, f"step{step.pk}", subject),
            flags=flags(step, citations),
            event=self._events.get(step.event_id or 0),
            later_text=_if_public(step.later_instrument, self._when),
            regards=self._steps.get(step.regards_id or 0),
            corrected_by=self.of(self._corrections[step.pk]),
            withdrawn_by=self.of(self._withdrawals[step.pk]),
        )


def events(view: InstrumentView, when: AsOf) -> list[Event]:
    """Return the public events that the steps of a text name, in order, as on record by a day."""
    named = {step.event_id: step.event for step in view.steps if step.event is not None}
    public = [event for event in named.values() if event.is_public]
    return sorted(
        replayed(public, when), key=lambda event: (event.earliest, event.latest, event.pk)
    )


def _if_public(text: Instrument | None, when: AsOf) -> Instrument | None:
    return text if text is not None and text.is_public and when.knows(text.date) else None
