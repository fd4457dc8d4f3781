"""Commitments read as the plain values that :mod:`timeline.core.ledger` counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from timeline.core import ledger, status, steps
from timeline.core.codes import CommitmentRole, CommitmentStatus, EventState
from timeline.core.dates import EdtfDate
from timeline.core.intervals import Span
from timeline.core.question import LedgerQuestion
from timeline.index.words import holding
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    CommitmentParty,
    CommitmentSector,
    EventStep,
    Framework,
    Membership,
    Party,
    Sector,
    Statement,
    StatusUpdate,
)
from timeline.queries.as_of import AsOf, as_step, begun
from timeline.version import Ready

_ready: Ready[ledger.Ledger] = Ready(most=3)
"""Ledgers kept ready in a process: today's, and those of past days lately asked for."""


def on(when: AsOf) -> ledger.Ledger:
    """The ledger as it stands on a day, of published commitments only."""
    return _ready.get(when, lambda: _read(when))


def _read(when: AsOf) -> ledger.Ledger:
    return ledger.Ledger(_entries(when), when.day)


def narrowed(question: LedgerQuestion, when: AsOf) -> ledger.Narrowed:
    """What the filters find that are asked of the database: words, places, people and sources."""
    found: dict[str, QuerySet[Commitment]] = {}
    rows = Commitment.objects.order_by()
    if question.q:
        found["q"] = rows.filter(holding("folded_text", question.terms))
        found["title"] = rows.filter(holding("folded_title", question.terms))
    if question.places:
        found["place"] = rows.filter(event__place__slug__in=question.places)
    if question.people:
        present = Attendance.objects.filter(
            event=OuterRef("event"), person__slug__in=question.people
        )
        spoke = Statement.objects.filter(event=OuterRef("event"), person__slug__in=question.people)
        found["person"] = rows.filter(Q(Exists(present)) | Q(Exists(spoke)))
    if question.sources:
        cited = Citation.objects.filter(source__in=[int(key) for key in question.sources])
        told = cited.filter(status_update__earliest__lte=when.day)
        later = told.filter(status_update__commitment=OuterRef("pk"))
        found["source"] = rows.filter(
            Q(Exists(cited.filter(commitment=OuterRef("pk")))) | Q(Exists(later))
        )
    return {name: frozenset(rows.values_list("pk", flat=True)) for name, rows in found.items()}


def _entries(when: AsOf) -> Iterable[ledger.Entry]:
    published = Commitment.objects.published().order_by()
    threads = _Threads()
    changes = _steps() if when.asked else {}
    frameworks = dict(Framework.objects.published().values_list("pk", "slug"))
    parties = _Parties(when)
    sectors = _sectors()
    updates = _updates(when)
    kinds = _source_kinds(when)
    rows = published.values_list(
        "pk", "due", "event", "event__date", "event__kind", "event__state", "event__framework"
    )
    for key, due, event, date, kind, state, framework in rows.iterator(chunk_size=5000):
        said = now = steps.Said(EventState(state), date)
        if when.asked:
            said = steps.as_of(now, changes.get(event, ()), when.day)
            if not _made(said, now, when):
                continue
        first, depth = threads.place(key)
        yield ledger.Entry(
            key=key,
            thread=first,
            depth=depth,
            made=said.date,
            kind=kind,
            state=said.state.value,
            framework=frameworks.get(framework),
            due=due,
            updates=tuple(updates.get(key, ())),
            obligors=parties.of(key, CommitmentRole.OBLIGOR, said.date),
            beneficiaries=parties.of(key, CommitmentRole.BENEFICIARY, said.date),
            sectors=sectors.get(key, ()),
            source_kinds=kinds.get(key, ()),
        )


def was_made(event_now: steps.Said, said: steps.Said, when: AsOf) -> bool:
    """Whether a commitment had been made by a day, at a meeting of which this was said by then."""
    return not when.asked or _made(said, event_now, when)


def _made(said: steps.Said, now: steps.Said, when: AsOf) -> bool:
    """A meeting still planned or put off by the day had made nobody promise anything yet."""
    return said.date.earliest <= when.day and said.state in (EventState.HELD, now.state)


def _steps() -> Mapping[int, list[steps.Step]]:
    found: dict[int, list[steps.Step]] = defaultdict(list)
    for row in EventStep.objects.filter(event__commitments__isnull=False).distinct():
        found[row.event_id].append(as_step(row))
    return found


def promises() -> int:
    """How many promises readers may see: one worded several times counts once, as it does here."""
    published = Commitment.objects.published().order_by()
    worded_again = Exists(Commitment.objects.filter(restates=OuterRef("pk")))
    alone = published.filter(~worded_again, restates=None)
    threads = _Threads()
    worded = published.filter(Q(restates__isnull=False) | worded_again)
    firsts = {threads.place(key)[0] for key in worded.values_list("pk", flat=True)}
    return alone.count() + len(firsts)


class _Threads:
    """The first wording of each thread, and how many wordings lie between it and another."""

    def __init__(self) -> None:
        links = Commitment.objects.order_by().exclude(restates=None)
        self._earlier = dict(links.values_list("pk", "restates"))

    def place(self, key: int) -> tuple[int, int]:
        seen = {key}
        while (earlier := self._earlier.get(key)) is not None and earlier not in seen:
            seen.add(earlier)
            key = earlier
        return key, len(seen) - 1


class _Parties:
    """Who owes and who is owed each commitment, themselves or through a bloc on the day."""

    def __init__(self, when: AsOf) -> None:
        codes = dict(Party.objects.order_by().values_list("pk", "code"))
        self._direct: dict[tuple[int, str], list[str]] = defaultdict(list)
        links = CommitmentParty.objects.order_by("pk")
        for key, party, role in links.values_list("commitment", "party", "role"):
            self._direct[key, role].append(codes[party])
        members: dict[str, list[tuple[str, Span]]] = defaultdict(list)
        for row in begun(Membership.objects.order_by("pk"), when):
            members[codes[row.bloc_id]].append((codes[row.party_id], row.span))

        @cache
        def members_on(bloc: str, date: EdtfDate) -> tuple[str, ...]:
            return tuple(code for code, span in members.get(bloc, ()) if span.may_touch(date))

        self._members_on = members_on

    def of(self, key: int, role: CommitmentRole, date: EdtfDate) -> ledger.Parties:
        direct = self._direct.get((key, role.value), [])
        through = (code for bloc in direct for code in self._members_on(bloc, date))
        return ledger.Parties(
            tuple(direct), tuple(code for code in dict.fromkeys(through) if code not in direct)
        )


def _sectors() -> Mapping[int, tuple[str, ...]]:
    slugs = {
        key: (slug, parent) if parent else (slug,)
        for key, slug, parent in Sector.objects.order_by().values_list("pk", "slug", "parent__slug")
    }
    found: dict[int, tuple[str, ...]] = {}
    for key, sector in CommitmentSector.objects.order_by("pk").values_list("commitment", "sector"):
        found[key] = (*found.get(key, ()), *slugs[sector])
    return found


def _updates(when: AsOf) -> Mapping[int, list[status.Update]]:
    rows = StatusUpdate.objects.order_by().filter(earliest__lte=when.day)
    found: dict[int, list[status.Update]] = defaultdict(list)
    for key, pk, date, entry, state, corrects in rows.values_list(
        "commitment", "pk", "date", "entry", "status", "corrects"
    ).iterator(chunk_size=5000):
        found[key].append(status.Update(pk, date, entry, CommitmentStatus(state), corrects))
    return found


def _source_kinds(when: AsOf) -> Mapping[int, tuple[str, ...]]:
    cited = Citation.objects.order_by()
    later = cited.filter(status_update__earliest__lte=when.day)
    found: dict[int, set[str]] = defaultdict(set)
    for rows in (
        cited.exclude(commitment=None).values_list("commitment", "source__kind"),
        later.values_list("status_update__commitment", "source__kind"),
    ):
        for key, kind in rows.iterator(chunk_size=5000):
            found[key].add(kind)
    return {key: tuple(sorted(kinds)) for key, kinds in found.items()}
