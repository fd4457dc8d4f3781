"""Commitments with where they stand on a day."""

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
from timeline.queries.as_of import AsOf, told
from timeline.queries.ledger_loader import Threads, was_made


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """A commitment, who owes it to whom, and its two clocks on a day.

    ``age`` is in days since the last evidence; None when there is no update. ``made`` is False
    when it is looked at as of a day before it was made.
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
    made: bool

    @property
    def status(self) -> str:
        """The state of its latest uncorrected update; announced until there is one."""
        return self.last.status if self.last else CommitmentStatus.ANNOUNCED.value


def with_life(rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """Fetch with commitments all that their views show, in a fixed number of queries."""
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
    found = list(with_life(rows))
    now = [StateAndDate(EventState(row.event.state), row.event.date) for row in found]
    told([row.event for row in found], when)
    return [_view(row, said, when) for row, said in zip(found, now, strict=True)]


def _view(commitment: Commitment, event_now: StateAndDate, when: AsOf) -> CommitmentView:
    rows = {row.pk: row for row in commitment.updates.all()}
    steps: Sequence[status.Update] = [
        status.Update(row.pk, row.date, row.entry, CommitmentStatus(row.status), row.corrects_id)
        for row in rows.values()
    ]
    steps = status.as_of(steps, when.day)
    latest = status.current(steps)
    links = list(commitment.party_links.all())
    said = StateAndDate(EventState(commitment.event.state), commitment.event.date)
    return CommitmentView(
        commitment=commitment,
        obligors=tuple(link.party for link in links if link.role == CommitmentRole.OBLIGOR),
        beneficiaries=tuple(
            link.party for link in links if link.role == CommitmentRole.BENEFICIARY
        ),
        sectors=tuple(link.sector for link in commitment.sector_links.all()),
        updates=tuple(rows[step.key] for step in steps),
        last=rows[latest.key] if latest else None,
        corrected=frozenset(step.key for step in steps)
        - {step.key for step in status.uncorrected(steps)},
        age=status.evidence_age(latest, when.day) if latest else None,
        quiet=status.is_quiet(latest, when.day),
        overdue=status.is_overdue(latest, commitment.due, when.day),
        made=was_made(said, event_now, when),
    )


def in_order(keys: Sequence[int], when: AsOf) -> list[CommitmentView]:
    """The commitments with these keys, in the order of the keys."""
    found = {one.commitment.pk: one for one in views(Commitment.objects.filter(pk__in=keys), when)}
    return [found[key] for key in keys if key in found]


_LATEST_FIRST: Final = ("-latest", "-earliest", "-entry", "-pk")

_LATEST: Final = 400
"""Steps among which those wanted are looked for first."""


def lately_evidenced(limit: int, today: dt.date) -> list[CommitmentView]:
    """The published commitments of which a source spoke last, each thread by its last wording."""
    corrections = StatusUpdate.objects.filter(corrects=OuterRef("pk"))
    restated = Commitment.objects.published().exclude(restates=None).order_by().values("restates")
    steps = (
        StatusUpdate.objects.filter(
            commitment__publication=Publication.PUBLISHED,
            commitment__event__publication=Publication.PUBLISHED,
            earliest__lte=today,
        )
        .exclude(Exists(corrections))
        .exclude(commitment__in=restated)
        .order_by(*_LATEST_FIRST)
    )
    # Among many a database would ask all that of each before it looks for the latest.
    newest = StatusUpdate.objects.filter(earliest__lte=today).order_by(*_LATEST_FIRST)
    latest = steps.filter(pk__in=list(newest.values_list("pk", flat=True)[:_LATEST]))
    keys = dict.fromkeys(latest.values_list("commitment", flat=True))
    if len(keys) < limit:
        keys = dict.fromkeys(steps.values_list("commitment", flat=True)[: limit * 10])
    return in_order(_last_wordings(keys)[:limit], AsOf(today))


class Wording(NamedTuple):
    """A commitment in its thread, and the one there that it is compared with: None of the first.

    That is the last of those shown that led to it; where none is shown, the one before it.
    """

    commitment: Commitment
    earlier: Commitment | None


def thread(commitment: Commitment, when: AsOf) -> list[Wording]:
    """The commitments that restate one another around this one, the first wording first.

    Those that readers may not see are left out, but for this one, and so are those made after the
    day. Empty when it stands alone.
    """
    before = _before({commitment.pk})
    if len(before) == 1:
        return []
    shown = {
        one.commitment.pk: one.commitment
        for one in views(Commitment.objects.filter(pk__in=before), when)
        if one.made and (one.commitment.is_public or one.commitment.pk == commitment.pk)
    }
    made = {key: (one.event.earliest, one.event.latest) for key, one in shown.items()}
    order = threads.in_order(made, before)
    found = []
    for place, key in enumerate(order):
        led = [one for one in before[key] if one in shown] or order[:place]
        found.append(Wording(shown[key], shown[led[-1]] if led else None))
    return found if len(found) > 1 else []


def _last_wordings(keys: Collection[int]) -> list[int]:
    """Those of these published commitments that are the last wordings of their threads."""
    before = _before(keys)
    rows = Commitment.objects.published().order_by().filter(pk__in=before)
    found: dict[int, dict[int, tuple[dt.date, dt.date]]] = defaultdict(dict)
    for key, *made in rows.values_list("pk", "event__earliest", "event__latest"):
        found[(*before[key], key)[0]][key] = (made[0], made[1])
    last = {threads.in_order(made, before)[-1] for made in found.values()}
    return [key for key in keys if key in last]


def _before(keys: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """These commitments and all in their threads, each with the keys of those that led to it."""
    rows = Commitment.objects.order_by()
    found: set[int] = set()
    frontier = set(keys)
    while frontier:
        found |= frontier
        later = rows.filter(restates__in=frontier).values_list("pk", flat=True)
        links = rows.filter(pk__in=frontier).values_list("restates", flat=True)
        frontier = {key for key in (*later, *links) if key is not None} - found
    led = Threads(found)
    return {key: led.before(key) for key in found}
