"""Commitments with where they stand on a day."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from timeline.core import status
from timeline.core.codes import CommitmentRole, CommitmentStatus
from timeline.models import (
    Citation,
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Party,
    Sector,
    StatusUpdate,
)


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """A commitment, who owes it to whom, and its two clocks on a day.

    ``age`` is in days since the last evidence; None when there is no update.
    """

    commitment: Commitment
    obligors: tuple[Party, ...]
    beneficiaries: tuple[Party, ...]
    sectors: tuple[Sector, ...]
    updates: tuple[StatusUpdate, ...]
    last: StatusUpdate | None
    corrected: frozenset[int]
    age: int | None
    quiet: bool
    overdue: bool

    @property
    def status(self) -> str:
        """The state of its latest uncorrected update; announced until there is one."""
        return self.last.status if self.last else CommitmentStatus.ANNOUNCED.value


def with_life(rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """Fetch with commitments all that their views show, in a fixed number of queries."""
    citations = Prefetch("citations", Citation.objects.select_related("source"))
    updates = StatusUpdate.objects.select_related("event").prefetch_related(citations)
    return rows.select_related("event", "restates").prefetch_related(
        Prefetch("party_links", CommitmentParty.objects.select_related("party").order_by("pk")),
        Prefetch(
            "sector_links", CommitmentSector.objects.select_related("sector__parent").order_by("pk")
        ),
        Prefetch("updates", updates.order_by("latest", "earliest", "entry")),
        citations,
    )


def view(commitment: Commitment, today: dt.date) -> CommitmentView:
    """Work out where a commitment fetched by :func:`with_life` stands on a day."""
    rows = {update.pk: update for update in commitment.updates.all()}
    steps = [
        status.Update(row.pk, row.date, row.entry, CommitmentStatus(row.status), row.corrects_id)
        for row in rows.values()
    ]
    latest = status.current(steps)
    kept = {step.key for step in status.uncorrected(steps)}
    links = list(commitment.party_links.all())
    return CommitmentView(
        commitment=commitment,
        obligors=tuple(link.party for link in links if link.role == CommitmentRole.OBLIGOR),
        beneficiaries=tuple(
            link.party for link in links if link.role == CommitmentRole.BENEFICIARY
        ),
        sectors=tuple(link.sector for link in commitment.sector_links.all()),
        updates=tuple(rows.values()),
        last=rows[latest.key] if latest else None,
        corrected=frozenset(rows) - kept,
        age=status.evidence_age(latest, today) if latest else None,
        quiet=status.is_quiet(latest, today),
        overdue=status.is_overdue(latest, commitment.due, today),
    )


def views(rows: QuerySet[Commitment], *, today: dt.date) -> list[CommitmentView]:
    """Work out where commitments stand on a day."""
    return [view(commitment, today) for commitment in with_life(rows)]


def ledger(*, today: dt.date) -> list[CommitmentView]:
    """Every published commitment, those with the latest evidence first."""
    found = views(Commitment.objects.published().order_by("-event__earliest", "pk"), today=today)
    return sorted(found, key=lambda one: one.last.latest if one.last else dt.date.min, reverse=True)


def count_by_status(found: Iterable[CommitmentView]) -> list[tuple[str, int]]:
    """How many commitments stand in each state, in the order of a commitment's life."""
    counted = Counter(one.status for one in found)
    return [(code.value, counted[code.value]) for code in CommitmentStatus if counted[code.value]]


def thread(commitment: Commitment) -> list[Commitment]:
    """The published commitments that restate one another around this one, the first wording first.

    Empty when it stands alone.
    """
    first = commitment
    seen = {first.pk}
    while first.restates is not None and first.restates.pk not in seen:
        first = first.restates
        seen.add(first.pk)
    found, frontier = [first.pk], [first.pk]
    while frontier:
        frontier = list(
            Commitment.objects.filter(restates__in=frontier)
            .exclude(pk__in=found)
            .values_list("pk", flat=True)
        )
        found += frontier
    rows = Commitment.objects.published().filter(pk__in=found).select_related("event")
    told = list(rows.order_by("event__earliest", "event__latest", "pk"))
    return told if len(told) > 1 else []
