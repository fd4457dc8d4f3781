"""The entries of feeds: commitments and texts with their edits, and which of them are recent."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from timeline.core.batches import batched
from timeline.models import Commitment, Instrument, InstrumentStep, StatusUpdate
from timeline.queries import commitments, instruments
from timeline.queries.as_of import AsOf
from timeline.queries.calendars import BATCH
from timeline.queries.commitments import CommitmentView
from timeline.queries.edits import Edits, edits_of_commitments, edits_of_instruments
from timeline.queries.instruments import InstrumentView


@dataclass(frozen=True, slots=True)
class CommitmentEntry:
    """A commitment in a feed."""

    view: CommitmentView
    edits: Edits


@dataclass(frozen=True, slots=True)
class InstrumentEntry:
    """A text in a feed."""

    view: InstrumentView
    edits: Edits


def recent_commitments(since: dt.date) -> set[int]:
    """Return the commitments that may have been made, followed up or due since a day."""
    followed = StatusUpdate.objects.order_by().filter(latest__gte=since).values("commitment")
    recent = Commitment.objects.published().filter(
        Q(made_latest__gte=since)
        | Q(made_on=None, event__latest__gte=since)
        | Q(due_latest__gte=since)
        | Q(pk__in=followed)
    )
    return set(recent.order_by().values_list("pk", flat=True))


def recent_instruments(since: dt.date) -> set[int]:
    """Return the texts that may have been concluded, or have had a step, since a day."""
    steps = InstrumentStep.objects.order_by().filter(latest__gte=since).values("instrument")
    recent = Instrument.objects.published().filter(Q(latest__gte=since) | Q(pk__in=steps))
    return set(recent.order_by().values_list("pk", flat=True))


def commitment_entries(ids: Sequence[int], when: AsOf) -> Iterator[list[CommitmentEntry]]:
    """Yield commitments in the order of the keys, batch by batch, each by a few queries."""
    for keys in batched(ids, BATCH):
        edits = edits_of_commitments(keys)
        yield [
            CommitmentEntry(view, edits[view.commitment.pk])
            for view in commitments.in_order(keys, when)
            if view.commitment.is_public
        ]


def instrument_entries(ids: Sequence[int], when: AsOf) -> Iterator[list[InstrumentEntry]]:
    """Yield texts in the order of the keys, batch by batch, each by a few queries."""
    for keys in batched(ids, BATCH):
        edits = edits_of_instruments(keys)
        yield [
            InstrumentEntry(view, edits[view.instrument.pk])
            for view in instruments.in_order(keys, when)
            if view.instrument.is_public
        ]
