"""Commitments read as the plain values that :mod:`timeline.core.ledger` counts."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from timeline.core import ledger, status, steps
from timeline.core.codes import CommitmentRole, CommitmentStatus, EventState, Publication
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
    Event,
    EventStep,
    Framework,
    Membership,
    Party,
    Sector,
    Source,
    Statement,
    StatusUpdate,
)
from timeline.queries.as_of import AsOf, as_step, begun
from timeline.version import Ready, Version, current, touched_since

_ready: Ready[ledger.Ledger] = Ready(most=3)
"""Ledgers kept ready in a process: today's, and those of past days lately asked for."""

_MOST_CHANGED: Final = 500
"""Changes up to which today's ledger is brought up to date rather than read anew."""


class _Followed(NamedTuple):
    """A ledger as of one version; a change of what it stands on changes all of it."""

    ground: Hashable
    number: int
    ledger: ledger.Ledger


class _Last:
    """Today's ledger as it was last read in this process."""

    def __init__(self) -> None:
        self.followed: _Followed | None = None


_last: Final = _Last()


def on(when: AsOf) -> ledger.Ledger:
    """The ledger as it stands on a day, of published commitments only."""
    return _ready.get(when, lambda: _read(when))


def _read(when: AsOf) -> ledger.Ledger:
    """Read the ledger, of today only what has changed since it was last read."""
    seen = current()
    if when.asked or seen is None:
        return _whole(when)
    memberships = tuple(_memberships())
    ground = (seen.era, seen.vocabulary, when.day, memberships)
    found = _followed(_last.followed, ground, seen, when)
    _last.followed = _Followed(ground, seen.number, found)
    return found


def _followed(last: _Followed | None, ground: Hashable, seen: Version, when: AsOf) -> ledger.Ledger:
    if last is None or last.ground != ground or last.number > seen.number:
        return _whole(when)
    events = sorted(touched_since(last.number))
    if len(events) > _MOST_CHANGED:
        return _whole(when)
    held = Commitment.objects.order_by().filter(event__in=events).values_list("pk", flat=True)
    keys = _with_threads({*held, *last.ledger.made_at(events)}, last.ledger)
    if len(keys) > _MOST_CHANGED:
        return _whole(when)
    return last.ledger.changed(keys, _entries(when, keys)) if keys else last.ledger


def _whole(when: AsOf) -> ledger.Ledger:
    return ledger.Ledger(_entries(when), when.day)


def _with_threads(keys: set[int], known: ledger.Ledger) -> set[int]:
    """These commitments with all that restate one another around them, now or when last read."""
    rows = Commitment.objects.order_by()
    found: set[int] = set()
    frontier = known.together(keys)
    while frontier and len(found) <= _MOST_CHANGED:
        found |= frontier
        later = set(rows.filter(restates__in=frontier).values_list("pk", flat=True))
        links = rows.filter(pk__in=frontier).values_list("restates", flat=True)
        earlier = {key for key in links if key is not None}
        frontier = known.together(later | earlier) - found
    return found


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


def _entries(when: AsOf, keys: Collection[int] | None = None) -> Iterator[ledger.Entry]:
    """The published commitments, all or those with some keys, read some at a time.

    Of keys, all that restate one another around one of them have to be given.
    """
    threads, parties, sectors, kinds = _Threads(keys), _Parties(when), _sectors(), _Kinds()
    frameworks = dict(Framework.objects.published().values_list("pk", "slug"))
    published = Commitment.objects.published().order_by("pk")
    if keys is not None:
        published = published.filter(pk__in=keys)
    last = 0
    while rows := list(published.filter(pk__gt=last).values_list(*_COLUMNS)[:_AT_ONCE]):
        last = rows[-1][0]
        parts = _Parts([row[0] for row in rows], [row[2] for row in rows], when)
        cited = kinds.cited([row[0] for row in rows], parts.updates)
        for key, due, event, date, kind, state, framework in rows:
            said = now = steps.Said(EventState(state), date)
            if when.asked:
                said = steps.as_of(now, parts.steps.get(event, ()), when.day)
                if not _made(said, now, when):
                    continue
            first, depth = threads.place(key)
            named = parts.parties.get(key, ())
            yield ledger.Entry(
                key=key,
                event=event,
                thread=first,
                depth=depth,
                made=said.date,
                kind=kind,
                state=said.state.value,
                framework=frameworks.get(framework),
                due=due,
                updates=tuple(parts.updates.get(key, ())),
                obligors=parties.of(named, CommitmentRole.OBLIGOR, said.date),
                beneficiaries=parties.of(named, CommitmentRole.BENEFICIARY, said.date),
                sectors=tuple(
                    one for about in parts.sectors.get(key, ()) for one in sectors[about]
                ),
                source_kinds=tuple(sorted(cited.get(key, ()))),
            )


_COLUMNS: Final = (
    *("pk", "due", "event", "event__date", "event__kind", "event__state", "event__framework"),
)

_AT_ONCE: Final = 1000
"""Commitments whose parts are read together: all of many would fill the memory."""


class _Parts:
    """What is recorded of some commitments and of the events at which they were made, by key."""

    def __init__(self, keys: Collection[int], events: Collection[int], when: AsOf) -> None:
        self.steps: dict[int, list[steps.Step]] = defaultdict(list)
        if when.asked:
            for row in EventStep.objects.filter(event__in=events):
                self.steps[row.event_id].append(as_step(row))
        self.parties: dict[int, list[tuple[int, str]]] = defaultdict(list)
        links = CommitmentParty.objects.order_by("pk").filter(commitment__in=keys)
        for key, party, role in links.values_list("commitment", "party", "role"):
            self.parties[key].append((party, role))
        self.sectors: dict[int, list[int]] = defaultdict(list)
        about = CommitmentSector.objects.order_by("pk").filter(commitment__in=keys)
        for key, sector in about.values_list("commitment", "sector"):
            self.sectors[key].append(sector)
        self.updates = _updates(keys, when)


def was_made(event_now: steps.Said, said: steps.Said, when: AsOf) -> bool:
    """Whether a commitment had been made by a day, at a meeting of which this was said by then."""
    return not when.asked or _made(said, event_now, when)


def _made(said: steps.Said, now: steps.Said, when: AsOf) -> bool:
    """A meeting still planned or put off by the day had made nobody promise anything yet."""
    return said.date.earliest <= when.day and said.state in (EventState.HELD, now.state)


def promises() -> int:
    """How many promises readers may see: one worded several times counts once, as it does here.

    What is read row by row is only what is worded several times, or stands at a hidden event.
    """
    rows = Commitment.objects.order_by()
    own = rows.filter(publication=Publication.PUBLISHED)
    # Named one by one, since no index finds what is not published.
    others = [code for code in Publication if code != Publication.PUBLISHED]
    hidden = Event.objects.order_by().filter(publication__in=others).values("pk")
    unseen = rows.filter(event__in=hidden).values_list("publication", flat=True)
    total = own.count() - list(unseen).count(Publication.PUBLISHED)
    links = rows.exclude(restates=None)
    worded = {
        key
        for either in (Q(pk__in=links.values("pk")), Q(pk__in=links.values("restates")))
        for key in rows.published().filter(either).values_list("pk", flat=True)
    }
    threads = _Threads()
    return total - len(worded) + len({threads.place(key)[0] for key in worded})


class _Threads:
    """The first wording of each thread, and how many wordings lie between it and another."""

    def __init__(self, keys: Collection[int] | None = None) -> None:
        links = Commitment.objects.order_by().exclude(restates=None)
        if keys is not None:
            links = links.filter(pk__in=keys)
        self._earlier = dict(links.values_list("pk", "restates"))

    def place(self, key: int) -> tuple[int, int]:
        seen = {key}
        while (earlier := self._earlier.get(key)) is not None and earlier not in seen:
            seen.add(earlier)
            key = earlier
        return key, len(seen) - 1


class _Parties:
    """Who owes and who is owed a commitment, themselves or through a bloc on the day."""

    def __init__(self, when: AsOf) -> None:
        self._codes = codes = dict(Party.objects.order_by().values_list("pk", "code"))
        members: dict[str, list[tuple[str, Span]]] = defaultdict(list)
        for row in begun(Membership.objects.order_by("pk"), when):
            members[codes[row.bloc_id]].append((codes[row.party_id], row.span))

        @cache
        def members_on(bloc: str, date: EdtfDate) -> tuple[str, ...]:
            return tuple(code for code, span in members.get(bloc, ()) if span.may_touch(date))

        self._members_on = members_on

    def of(
        self, named: Iterable[tuple[int, str]], role: CommitmentRole, date: EdtfDate
    ) -> ledger.Parties:
        direct = [self._codes[party] for party, held in named if held == role]
        through = (code for bloc in direct for code in self._members_on(bloc, date))
        return ledger.Parties(
            tuple(direct), tuple(code for code in dict.fromkeys(through) if code not in direct)
        )


def _memberships() -> Iterator[Hashable]:
    """All that says who belongs to a bloc when."""
    yield from Membership.objects.order_by("pk").values_list(
        "pk", "party", "bloc", "starts", "ends"
    )


def _sectors() -> Mapping[int, tuple[str, ...]]:
    """Each sector's slug, and that of its parent after it."""
    return {
        key: (slug, parent) if parent else (slug,)
        for key, slug, parent in Sector.objects.order_by().values_list("pk", "slug", "parent__slug")
    }


def _updates(keys: Collection[int], when: AsOf) -> Mapping[int, list[status.Update]]:
    rows = StatusUpdate.objects.order_by().filter(commitment__in=keys, earliest__lte=when.day)
    found: dict[int, list[status.Update]] = defaultdict(list)
    for key, pk, date, entry, state, corrects in rows.values_list(
        "commitment", "pk", "date", "entry", "status", "corrects"
    ):
        found[key].append(status.Update(pk, date, entry, CommitmentStatus(state), corrects))
    return found


class _Kinds:
    """Kinds of sources, each looked up once: joined, they would be read whole with each part."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def cited(
        self, keys: Collection[int], updates: Mapping[int, Sequence[status.Update]]
    ) -> Mapping[int, set[str]]:
        """The kinds of the sources that support these commitments or a step of theirs, by key."""
        made_by = {one.key: key for key, steps in updates.items() for one in steps}
        cited = Citation.objects.order_by()
        pairs = [
            *cited.filter(commitment__in=keys).values_list("commitment", "source"),
            *(
                (made_by[step], source)
                for step, source in cited.filter(status_update__in=made_by).values_list(
                    "status_update", "source"
                )
            ),
        ]
        missing = {source for _key, source in pairs} - self._known.keys()
        rows = Source.objects.order_by().filter(pk__in=missing)
        self._known |= dict(rows.values_list("pk", "kind"))
        found: dict[int, set[str]] = defaultdict(set)
        for key, source in pairs:
            found[key].add(self._known[source])
        return found
