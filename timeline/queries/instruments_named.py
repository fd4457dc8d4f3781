"""Texts where the pages of other records name them: events and parties."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from django.db.models import Prefetch, QuerySet

from timeline.core.codes import InstrumentAct, PartyStatus
from timeline.core.instruments import Status
from timeline.core.searched import Clock
from timeline.models import (
    Event,
    Instrument,
    InstrumentParty,
    InstrumentStep,
    Party,
)
from timeline.queries import instruments, public, searched
from timeline.queries.as_of import AsOf

_ON_CARDS: Final = (
    InstrumentAct.SIGNED,
    InstrumentAct.RATIFIED,
    InstrumentAct.APPROVED_AT_HOME,
    InstrumentAct.ENTERED_INTO_FORCE,
)
"""The acts that the card of an event names; of others it only counts the texts."""


@dataclass(frozen=True, slots=True)
class DoneThere:
    """What was done with a text at an event: each act with the parties that did it.

    An act that concerns the whole text has no parties.
    """

    instrument: Instrument
    acts: tuple[tuple[InstrumentAct, tuple[Party, ...]], ...]


def steps_at_events() -> QuerySet[InstrumentStep]:
    """Return the steps of published texts that events are known for."""
    return (
        InstrumentStep.objects.filter(public.published("instrument"))
        .uncorrected()
        .exclude(act=InstrumentAct.RETRACTED)
    )


def done_at(event: Event, today: dt.date) -> tuple[DoneThere, ...]:
    """Return what was done at an event, by text; all texts are published."""
    # At most events nothing was, and to ask for no more takes a fraction of the time.
    if not InstrumentStep.objects.filter(event=event).exists():
        return ()
    rows = (
        steps_at_events()
        .filter(event=event, earliest__lte=today)
        .select_related("instrument", "party")
        .order_by("instrument__earliest", "instrument", "party__sort_fr", "pk")
    )
    return tuple(
        DoneThere(instrument, _by_act(steps))
        for instrument, steps in groupby(rows, lambda step: step.instrument)
    )


def _by_act(
    steps: Iterable[InstrumentStep],
) -> tuple[tuple[InstrumentAct, tuple[Party, ...]], ...]:
    parties: dict[str, list[Party]] = defaultdict(list)
    for step in steps:
        parties[step.act] += [step.party] if step.party else []
    return tuple((act, tuple(parties[act])) for act in InstrumentAct if act in parties)


def texts_by_act(steps: Iterable[InstrumentStep]) -> tuple[tuple[str, int], ...]:
    """Count the texts of the steps done at an event by the acts that a card names.

    If it names none of them, all texts are counted, with '' for the act.
    """
    texts: dict[str, set[int]] = defaultdict(set)
    for step in steps:
        texts[step.act].add(step.instrument_id)
    named = tuple((act.value, len(texts[act])) for act in _ON_CARDS if act in texts)
    if named or not texts:
        return named
    return (("", len(set().union(*texts.values()))),)


class PartyText(NamedTuple):
    """A text to which a party is a party, with its status."""

    instrument: Instrument
    status: Status


@dataclass(frozen=True, slots=True)
class PartyTexts:
    """The texts to which a party is a party, the newest first, and how many of each status.

    With ``waiting`` of them its ratification is waited for, by the ``clock``; with ``unsearched``
    it would be, had sources been searched since.
    """

    texts: tuple[PartyText, ...]
    counts: tuple[tuple[PartyStatus, int], ...]
    waiting: int
    unsearched: int
    clock: Clock


def texts_of(party: Party, when: AsOf) -> PartyTexts:
    """Return the published texts of a party on record by a day."""
    rows = (
        Instrument.objects.published()
        .filter(party_links__party=party)
        .prefetch_related(
            Prefetch("party_links", InstrumentParty.objects.select_related("party")), "steps"
        )
    )
    clock = searched.clock(when)
    views = (instruments.view(row, row.steps.all(), when, clock) for row in rows)
    texts = tuple(
        PartyText(view.instrument, view.statuses[party.pk]) for view in views if view.on_record
    )
    counts = Counter(text.status.status for text in texts)
    return PartyTexts(
        texts=texts,
        counts=tuple((status, counts[status]) for status in _LISTED if counts[status]),
        waiting=sum(text.status.waiting for text in texts),
        unsearched=sum(text.status.unsearched for text in texts),
        clock=clock,
    )


_LISTED: Final = (
    PartyStatus.BOUND,
    PartyStatus.CONSENTED,
    PartyStatus.SIGNED,
    PartyStatus.LEFT,
)
