"""A synthetic ledger of any number of commitments, which resemble those of the demo."""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from timeline.core.codes import CommitmentStatus
from timeline.models import (
    Citation,
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Event,
    Party,
    Sector,
    Source,
    StatusUpdate,
)

BATCH: Final = 5000
FIRST: Final = dt.date(2000, 1, 1)
WORDS: Final = [
    "energy",
    "grain",
    "rail",
    "training",
    "satellite",
    "uranium",
    "port",
    "road",
    "visa",
    "hospital",
    "vaccine",
    "customs",
    "debt",
    "pipeline",
    "fertiliser",
    "cadets",
    "scholarships",
    "airline",
    "border",
    "force",
    "bank",
    "statute",
    "fibre",
    "drones",
    "solar",
]


def in_batches(model: Any, rows: Iterator[Any]) -> None:
    """Insert rows in batches."""
    while batch := list(islice(rows, BATCH)):
        model.objects.bulk_create(batch)


def make_ledger(count: int, *, seed: int, today: dt.date, say: Callable[[str], None]) -> None:
    """Add so many published commitments with their updates, ten at each of the added events."""
    draw = random.Random(seed)  # noqa: S311 — a corpus, not a secret
    parties = list(Party.objects.order_by("pk").values_list("pk", flat=True))
    sectors = list(Sector.objects.order_by("pk").values_list("pk", flat=True))
    sources = list(Source.objects.order_by("pk").values_list("pk", flat=True))
    days = [FIRST + dt.timedelta(draw.randrange((today - FIRST).days)) for _ in range(count // 10)]
    in_batches(Event, (_event(number, day) for number, day in enumerate(days)))
    events = list(Event.objects.filter(slug__startswith="bench-").order_by("pk"))
    say(f"{len(events)} events")
    in_batches(
        Commitment,
        (_commitment(draw, number, events[number // 10], today) for number in range(count)),
    )
    commitments = list(Commitment.objects.filter(slug__startswith="bench-").order_by("pk"))
    say(f"{len(commitments)} commitments")
    in_batches(
        CommitmentParty,
        (row for commitment in commitments for row in _parties(draw, commitment, parties)),
    )
    in_batches(
        CommitmentSector,
        (row for commitment in commitments for row in _sectors(draw, commitment, sectors)),
    )
    days_of = {event.pk: event.earliest for event in events}
    days_made = {row.pk: row.made_earliest or days_of[row.event_id] for row in commitments}
    in_batches(
        StatusUpdate,
        (
            row
            for commitment in commitments
            for row in _life(draw, commitment, days_made[commitment.pk], today)
        ),
    )
    say(f"{StatusUpdate.objects.count()} updates")
    cited = (
        Citation(source_id=draw.choice(sources), commitment=commitment)
        for commitment in commitments
    )
    in_batches(Citation, cited)
    updates = StatusUpdate.objects.filter(commitment__slug__startswith="bench-").order_by("pk")
    beside = (
        Citation(source_id=draw.choice(sources), status_update_id=key)
        for key in updates.values_list("pk", flat=True).iterator()
    )
    in_batches(Citation, beside)
    say(f"{Citation.objects.count()} citations")


def _event(number: int, day: dt.date) -> Event:
    return Event(
        slug=f"bench-{number}",
        kind="summit",
        date=day.isoformat(),
        title_en=f"Summit {number}",
        publication="published",
    )


def _commitment(draw: random.Random, number: int, event: Event, today: dt.date) -> Commitment:
    words = " ".join(draw.sample(WORDS, 4))
    due = event.earliest + dt.timedelta(days=draw.randrange(200, 3000))
    made = min(event.earliest + dt.timedelta(days=draw.randrange(-30, 60)), today)
    condition = f"if there is agreement on the {draw.choice(WORDS)}"
    return Commitment(
        slug=f"bench-{number}",
        event=event,
        title_en=f"Promise {number} on {words}",
        wording_en=f"The parties undertake {words} by common accord.",
        condition_en=condition if draw.random() < 0.1 else "",
        made_on=made.isoformat() if draw.random() < 0.1 else None,
        due=due.isoformat() if draw.random() < 0.3 else None,
        publication="published",
    )


def _parties(
    draw: random.Random, commitment: Commitment, parties: Sequence[int]
) -> Iterator[CommitmentParty]:
    chosen = draw.sample(parties, 3)
    for party, role in zip(chosen, ("obligor", "obligor", "beneficiary"), strict=True):
        yield CommitmentParty(commitment=commitment, party_id=party, role=role)


def _sectors(
    draw: random.Random, commitment: Commitment, sectors: Sequence[int]
) -> Iterator[CommitmentSector]:
    for sector in draw.sample(sectors, draw.choice((1, 1, 2))):
        yield CommitmentSector(commitment=commitment, sector_id=sector)


def _life(
    draw: random.Random, commitment: Commitment, day: dt.date, today: dt.date
) -> Iterator[StatusUpdate]:
    yield StatusUpdate(commitment=commitment, date=day.isoformat(), entry=1, status="announced")
    for entry in range(2, draw.choice((2, 2, 3, 4))):
        day = min(day + dt.timedelta(days=draw.randrange(30, 700)), today)
        state = draw.choice(list(CommitmentStatus))
        yield StatusUpdate(
            commitment=commitment, date=day.isoformat(), entry=entry, status=state.value
        )
