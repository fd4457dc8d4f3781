"""Commitments with their state and clocks on a day, and the threads that they belong to."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from timeline.core import status, threads
from timeline.core.codes import CommitmentRole, CommitmentStatus, EventState, Publication
from timeline.core.steps import StateAndDate
from timeline.models import (
    Citation,
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Party,
    Sector,
    StatusUpdate,
)
from timeline.queries import names
from timeline.queries.as_of import AsOf, rewind
from timeline.queries.ledger_loader import Threads, was_made


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """A commitment with its parties, and its two clocks on a day; a request has no clock.

    ``age`` is the number of days since the last evidence; None if there is no update. ``made`` is
    False as of a day before it was made. ``corrected`` holds the keys of corrected updates.
    """

    commitment: Commitment
    obligors: tuple[Party, ...]
    beneficiaries: tuple[Party, ...]
    askers: tuple[Party, ...]
    asked: tuple[Party, ...]
    sectors: tuple[Sector, ...]
    updates: tuple[StatusUpdate, ...]
    last: StatusUpdate | None
    corrected: frozenset[int]
    age: int | None
    quiet: bool
    overdue: bool
    made: bool

    @property
    def status(self) -> str:
        """The state in its latest uncorrected update; announced until there is one."""
        return self.last.status if self.last else CommitmentStatus.ANNOUNCED.value


def with_life(rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """Prefetch everything that the views of commitments show, in a fixed number of queries."""
    citations = Prefetch("citations", Citation.objects.select_related("source"))
    updates = StatusUpdate.objects.select_related("event", "corrects").prefetch_related(citations)
    return rows.select_related("event", "restates").prefetch_related(
        Prefetch("party_links", CommitmentParty.objects.select_related("party").order_by("pk")),
        Prefetch(
            "sector_links", CommitmentSector.objects.select_related("sector__parent").order_by("pk")
        ),
        Prefetch("updates", updates.order_by("latest", "earliest", "entry")),
        citations,
    )


def views(rows: QuerySet[Commitment], when: AsOf) -> list[CommitmentView]:
    """Work out where commitments stand on a day, in a fixed number of queries."""
    commitments = list(with_life(rows))
    # Their events as they are now, before these are put back to the day.
    now = [StateAndDate(EventState(row.event.state), row.event.date) for row in commitments]
    rewind([row.event for row in commitments], when)
    names.set_names_then(
        (link.party, row.event.date) for row in commitments for link in row.party_links.all()
    )
    return [
        _view(commitment, event_now, when)
        for commitment, event_now in zip(commitments, now, strict=True)
    ]


def _view(commitment: Commitment, event_now: StateAndDate, when: AsOf) -> CommitmentView:
    rows = {row.pk: row for row in commitment.updates.all()}
    steps: Sequence[status.Update] = [
        status.Update(row.pk, row.date, row.entry, CommitmentStatus(row.status), row.corrects_id)
        for row in rows.values()
    ]
    steps = status.as_of(steps, when.day)
    latest = status.current(steps)
    by_role: dict[str, list[Party]] = defaultdict(list)
    for link in commitment.party_links.all():
        by_role[link.role].append(link.party)
    event_then = StateAndDate(EventState(commitment.event.state), commitment.event.date)
    return CommitmentView(
        commitment=commitment,
        obligors=tuple(by_role[CommitmentRole.OBLIGOR]),
        beneficiaries=tuple(by_role[CommitmentRole.BENEFICIARY]),
        askers=tuple(by_role[CommitmentRole.ASKER]),
        asked=tuple(by_role[CommitmentRole.ASKED]),
        sectors=tuple(link.sector for link in commitment.sector_links.all()),
        updates=tuple(rows[step.key] for step in steps),
        last=rows[latest.key] if latest else None,
        corrected=frozenset(step.key for step in steps)
        - {step.key for step in status.uncorrected(steps)},
        age=status.evidence_age(latest, when.day) if latest else None,
        quiet=not commitment.is_request and status.is_quiet(latest, when.day),
        overdue=not commitment.is_request and status.is_overdue(latest, commitment.due, when.day),
        made=was_made(event_then, event_now, when),
    )


def in_order(keys: Sequence[int], when: AsOf) -> list[CommitmentView]:
    """Return the commitments with these keys, in the order of the keys."""
    rows = Commitment.objects.filter(pk__in=keys)
    by_key = {view.commitment.pk: view for view in views(rows, when)}
    return [by_key[key] for key in keys if key in by_key]


_LATEST_FIRST: Final = ("-latest", "-earliest", "-entry", "-pk")

_LATEST: Final = 400
"""Updates, the latest of all, that are searched first."""


def lately_evidenced(limit: int, today: dt.date) -> list[CommitmentView]:
    """Return published commitments by their latest evidence, of each thread the last wording."""
    corrections = StatusUpdate.objects.filter(corrects=OuterRef("pk"))
    restated = Commitment.objects.published().exclude(restates=None).order_by().values("restates")
    updates = (
        StatusUpdate.objects.filter(
            commitment__publication=Publication.PUBLISHED,
            commitment__event__publication=Publication.PUBLISHED,
            earliest__lte=today,
        )
        .exclude(Exists(corrections))
        .exclude(commitment__in=restated)
        .order_by(*_LATEST_FIRST)
    )
    # Of many updates a database would check all conditions before it looks for the latest ones.
    newest = StatusUpdate.objects.filter(earliest__lte=today).order_by(*_LATEST_FIRST)
    latest = updates.filter(pk__in=list(newest.values_list("pk", flat=True)[:_LATEST]))
    keys = dict.fromkeys(latest.values_list("commitment", flat=True))
    if len(keys) < limit:
        keys = dict.fromkeys(updates.values_list("commitment", flat=True)[: limit * 10])
    return in_order(_last_wordings(keys)[:limit], AsOf(today))


class Wording(NamedTuple):
    """A commitment in its thread, and the one that it is compared with; None for the first.

    That is the last commitment shown that led to it; if none is shown, the one before it.
    """

    commitment: Commitment
    earlier: Commitment | None


def thread(commitment: Commitment, when: AsOf) -> list[Wording]:
    """Return the wordings of the thread of a commitment, the first wording first.

    Those that readers may not see are left out, except for this one, and so are those made after
    the day. Empty if only one is left.
    """
    before = _before({commitment.pk})
    if len(before) == 1:
        return []
    shown = {
        view.commitment.pk: view.commitment
        for view in views(Commitment.objects.filter(pk__in=before), when)
        if view.made and (view.commitment.is_public or view.commitment.pk == commitment.pk)
    }
    made = {key: (row.event.earliest, row.event.latest) for key, row in shown.items()}
    order = threads.in_order(made, before)
    wordings = []
    for i, key in enumerate(order):
        earlier = [wording for wording in before[key] if wording in shown] or order[:i]
        wordings.append(Wording(shown[key], shown[earlier[-1]] if earlier else None))
    return wordings if len(wordings) > 1 else []


def _last_wordings(keys: Collection[int]) -> list[int]:
    """Return those of these published commitments that are the last wordings of their threads."""
    before = _before(keys)
    rows = Commitment.objects.published().order_by().filter(pk__in=before)
    days: dict[int, dict[int, tuple[dt.date, dt.date]]] = defaultdict(dict)
    for key, earliest, latest in rows.values_list("pk", "event__earliest", "event__latest"):
        first = (*before[key], key)[0]
        days[first][key] = (earliest, latest)
    last = {threads.in_order(made, before)[-1] for made in days.values()}
    return [key for key in keys if key in last]


def _before(keys: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return the commitments of the threads of these keys, each with the keys that led to it."""
    rows = Commitment.objects.order_by()
    connected: set[int] = set()
    frontier = set(keys)
    while frontier:
        connected |= frontier
        later = rows.filter(restates__in=frontier).values_list("pk", flat=True)
        links = rows.filter(pk__in=frontier).values_list("restates", flat=True)
        frontier = {key for key in (*later, *links) if key is not None} - connected
    restatements = Threads(connected)
    return {key: restatements.before(key) for key in connected}
