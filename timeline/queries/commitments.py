"""Commitments with their state and clocks on a day, and the threads that they belong to."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.db.models import Prefetch, QuerySet

from timeline.core import status, threads
from timeline.core.codes import (
    CommitmentNature,
    CommitmentRole,
    CommitmentStatus,
    EventState,
    MembershipStanding,
    Publication,
)
from timeline.core.dates import EdtfDate
from timeline.core.intervals import surely_cover
from timeline.core.searched import Clock
from timeline.core.steps import StateAndDate
from timeline.models import (
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Event,
    Instrument,
    Membership,
    Party,
    Sector,
    StatusUpdate,
)
from timeline.queries import names, public, searched
from timeline.queries.as_of import AsOf, begun, happened, rewind
from timeline.queries.citations import citations_prefetch
from timeline.queries.ledger_loader import BINDING, Threads, was_made


class Bound(NamedTuple):
    """A party that owes a commitment through a bloc.

    ``possibly`` says that it possibly belonged to the bloc when that was made. ``suspended`` is the
    spell for which it is suspended on the day of the page, None if it is not;
    ``possibly_suspended`` that the day may lie outside that spell.
    """

    party: Party
    bloc: Party
    possibly: bool
    suspended: Membership | None
    possibly_suspended: bool


class AsWorded(NamedTuple):
    """A date in the words of a source, and their language."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """A commitment with its parties, and its two clocks on a day; a request has no clock.

    ``age`` is the number of days since the last evidence; None if there is no update. Whether it is
    overdue or quiet is that of the ``clock``, and for how many days it is ``silent``, without
    evidence; it is ``overdue_unsearched`` or ``quiet_unsearched`` if it would be by the day, but
    sources were not searched for as long. ``made`` is
    False as of a day before it was made, and ``event`` None as of one by which the event at which
    it is recorded had not happened. ``text`` is the one in which it stands, if readers may see it.
    ``corrected`` holds the keys of corrected updates. ``due_words`` are those in which sources say
    when it is due, with or without a date. ``bound`` are the parties that owe it through a bloc:
    those that belonged to it when it was made.
    """

    commitment: Commitment
    event: Event | None
    obligors: tuple[Party, ...]
    beneficiaries: tuple[Party, ...]
    text: Instrument | None
    askers: tuple[Party, ...]
    asked: tuple[Party, ...]
    sectors: tuple[Sector, ...]
    due_words: tuple[AsWorded, ...]
    bound: tuple[Bound, ...]
    updates: tuple[StatusUpdate, ...]
    last: StatusUpdate | None
    corrected: frozenset[int]
    age: int | None
    silent: int | None
    quiet: bool
    overdue: bool
    quiet_unsearched: bool
    overdue_unsearched: bool
    clock: Clock
    made: bool

    @property
    def status(self) -> str:
        """The state in its latest uncorrected update; announced until there is one."""
        return self.last.status if self.last else CommitmentStatus.ANNOUNCED.value

    @property
    def bound_though_suspended(self) -> tuple[Bound, ...]:
        """The parties that owe it through a bloc in which they are suspended."""
        return tuple(bound for bound in self.bound if bound.suspended)


def with_life(rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """Prefetch everything that the views of commitments show, in a fixed number of queries."""
    citations = citations_prefetch()
    updates = StatusUpdate.objects.select_related("event", "corrects").prefetch_related(citations)
    return rows.select_related("event", "restates", "instrument").prefetch_related(
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
    by_then = _by_then(commitments, when)
    bound = _bound(commitments, when)
    parties = ((link.party, row.date_made) for row in commitments for link in row.party_links.all())
    names.set_names_then(parties, when.day)
    clock = searched.clock(when)
    return [
        _view(commitment, bound.get(commitment.pk, ()), by_then[commitment.pk], when, clock)
        for commitment in commitments
    ]


def made_by(rows: QuerySet[Commitment], when: AsOf) -> list[Commitment]:
    """Load those of the commitments that had been made by a day, with their events as of it."""
    commitments = list(rows.select_related("event"))
    by_then = _by_then(commitments, when)
    return [commitment for commitment in commitments if by_then[commitment.pk].made]


class _ByThen(NamedTuple):
    """Whether a commitment had been made by a day, and whether its event had happened."""

    made: bool
    event_happened: bool


def _by_then(commitments: Sequence[Commitment], when: AsOf) -> dict[int, _ByThen]:
    """Put the events of commitments back to a day; return what had happened by then, by key."""
    # Their events as they are now, before these are put back.
    now = [_state_and_date(commitment) for commitment in commitments]
    rewind([commitment.event for commitment in commitments], when)
    by_then = {}
    for commitment, event_now in zip(commitments, now, strict=True):
        then = _state_and_date(commitment)
        by_then[commitment.pk] = _ByThen(
            made=was_made(commitment.made_on, then, event_now, when),
            event_happened=happened(then, event_now, when),
        )
    return by_then


def _state_and_date(commitment: Commitment) -> StateAndDate:
    return StateAndDate(EventState(commitment.event.state), commitment.event.date)


def _bound(commitments: Sequence[Commitment], when: AsOf) -> dict[int, tuple[Bound, ...]]:
    """Return who owes these commitments through a bloc, by the key of the commitment."""
    obligors = {
        commitment.pk: [
            link.party
            for link in commitment.party_links.all()
            if link.role == CommitmentRole.OBLIGOR
        ]
        for commitment in commitments
    }
    blocs = {party.pk for parties in obligors.values() for party in parties if party.is_bloc}
    if not blocs:
        return {}
    are_public = all(commitment.is_public for commitment in commitments)
    rows = public.memberships() if are_public else Membership.objects.all()
    spells: dict[int, dict[int, list[Membership]]] = defaultdict(lambda: defaultdict(list))
    of_blocs = rows.filter(bloc__in=blocs, standing__in=BINDING).select_related("party", "bloc")
    in_name_order = of_blocs.order_by("party__sort_fr", "party", "starts_earliest", "pk")
    for row in begun(in_name_order, when):
        spells[row.bloc_id][row.party_id].append(row)
    return {
        commitment.pk: tuple(
            _bound_through(pair, commitment.date_made, when.day)
            for bloc in obligors[commitment.pk]
            for pair in spells[bloc.pk].values()
            if pair[0].party not in obligors[commitment.pk]
            and any(spell.may_hold_on(commitment.date_made) for spell in pair)
        )
        for commitment in commitments
    }


def _bound_through(spells: Sequence[Membership], made: EdtfDate, day: dt.date) -> Bound:
    """Say how a party is bound by what its bloc undertook, from its spells in the bloc."""
    suspensions = (
        spell
        for spell in spells
        if spell.standing == MembershipStanding.SUSPENDED
        and spell.starts.earliest <= day <= spell.last_day
    )
    suspended = next(suspensions, None)
    return Bound(
        party=spells[0].party,
        bloc=spells[0].bloc,
        possibly=not surely_cover((spell.span for spell in spells), made.earliest, made.latest),
        suspended=suspended,
        possibly_suspended=suspended is not None and not suspended.span.surely_has(day),
    )


def _view(
    commitment: Commitment, bound: tuple[Bound, ...], by_then: _ByThen, when: AsOf, clock: Clock
) -> CommitmentView:
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
    text = commitment.instrument
    has_clocks = not commitment.is_request
    quiet = has_clocks and status.is_quiet(latest, clock.day)
    overdue = has_clocks and status.is_overdue(latest, commitment.due, clock.day)
    return CommitmentView(
        commitment=commitment,
        event=commitment.event if by_then.event_happened else None,
        obligors=tuple(by_role[CommitmentRole.OBLIGOR]),
        beneficiaries=tuple(by_role[CommitmentRole.BENEFICIARY]),
        text=text if text is not None and text.is_public and when.knows(text.date) else None,
        askers=tuple(by_role[CommitmentRole.ASKER]),
        asked=tuple(by_role[CommitmentRole.ASKED]),
        sectors=tuple(link.sector for link in commitment.sector_links.all()),
        due_words=_due_words(commitment),
        bound=bound,
        updates=tuple(rows[step.key] for step in steps),
        last=rows[latest.key] if latest else None,
        corrected=frozenset(step.key for step in steps)
        - {step.key for step in status.uncorrected(steps)},
        age=status.evidence_age(latest, when.day) if latest else None,
        silent=status.evidence_age(latest, clock.day) if latest else None,
        quiet=quiet,
        overdue=overdue,
        quiet_unsearched=has_clocks and not quiet and status.is_quiet(latest, when.day),
        overdue_unsearched=(
            has_clocks and not overdue and status.is_overdue(latest, commitment.due, when.day)
        ),
        clock=clock,
        made=by_then.made,
    )


def _due_words(commitment: Commitment) -> tuple[AsWorded, ...]:
    """Return the words of the sources that support when it is due, each once."""
    words = (
        AsWorded(citation.date_as_worded, citation.excerpt_language or citation.source.language)
        for citation in commitment.citations.all()
        if citation.field == "due" and citation.date_as_worded and not citation.value_given
    )
    return tuple(dict.fromkeys(words))


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
    restated = Commitment.objects.published().exclude(restates=None).order_by().values("restates")
    updates = (
        StatusUpdate.objects.filter(
            commitment__publication=Publication.PUBLISHED,
            commitment__nature=CommitmentNature.UNDERTAKING,
            commitment__event__publication=Publication.PUBLISHED,
            earliest__lte=today,
        )
        .uncorrected()
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
    citations = citations_prefetch()
    rows = Commitment.objects.filter(pk__in=before).prefetch_related(citations)
    shown = {row.pk: row for row in made_by(rows, when) if row.is_public or row.pk == commitment.pk}
    made = {key: (row.date_made.earliest, row.date_made.latest) for key, row in shown.items()}
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
    made = rows.with_days_made().values_list("pk", "first_made", "last_made")  # type: ignore[misc]
    for key, earliest, latest in made:
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
