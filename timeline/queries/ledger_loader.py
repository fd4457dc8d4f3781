"""Commitments read as the plain values that the ledger's index are made of."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from django.db.models import Q

from timeline.core import status, steps
from timeline.core.codes import CommitmentRole, CommitmentStatus, EventState
from timeline.core.dates import EdtfDate
from timeline.core.filters import COLUMNS, COUNTED
from timeline.core.intervals import Span
from timeline.index.commitment_entries import Entry, Parties
from timeline.models import (
    Citation,
    Commitment,
    CommitmentParty,
    CommitmentSector,
    EventStep,
    Framework,
    Membership,
    Party,
    Sector,
    Source,
    StatusUpdate,
)
from timeline.queries.as_of import AsOf, as_step, begun


def entries(when: AsOf, keys: Collection[int] | None = None) -> Iterator[Entry]:
    """The published commitments, all or those with some keys, read some at a time.

    Of keys, all that restate one another around one of them have to be given.
    """
    threads, parties, sectors, kinds = Threads(keys), _Parties(when), _sectors(), _Kinds()
    frameworks = dict(Framework.objects.published().values_list("pk", "slug"))
    published = Commitment.objects.published().order_by("pk")
    if keys is not None:
        published = published.filter(pk__in=keys)
    last = 0
    while rows := list(published.filter(pk__gt=last).values_list(*_COLUMNS)[:_AT_ONCE]):
        last = rows[-1][0]
        batch = _Batch((rows[0][0], last), keys)
        parts = _Parts(batch, {row[2] for row in rows}, when)
        cited = kinds.cited(batch, when)
        for key, due, event, date, *columns in rows:
            of_event = dict(zip(_OF_EVENT, columns, strict=True))
            said = now = steps.StateAndDate(EventState(of_event["state"]), date)
            if when.asked:
                said = steps.as_of(now, parts.steps.get(event, ()), when.day)
                if not was_made(said, now, when):
                    continue
            named = parts.parties.get(key, ())
            yield Entry(
                key=key,
                event=event,
                before=threads.before(key),
                made=said.date,
                of_event={
                    **of_event,
                    "state": said.state.value,
                    "framework": frameworks.get(of_event["framework"]),
                },
                due=due,
                updates=tuple(parts.updates.get(key, ())),
                obligors=parties.of(named, CommitmentRole.OBLIGOR, said.date),
                beneficiaries=parties.of(named, CommitmentRole.BENEFICIARY, said.date),
                sectors=tuple(
                    one for about in parts.sectors.get(key, ()) for one in sectors[about]
                ),
                source_kinds=tuple(sorted(cited.get(key, ()))),
            )


_OF_EVENT: Final = tuple(name for name in COLUMNS if name in COUNTED)
"""The filters that a column of the event decides."""

_COLUMNS: Final = (
    *("pk", "due", "event", "event__date"),
    *(f"event__{COLUMNS[name]}" for name in _OF_EVENT),
)

_STATUSES: Final = {code.value: code for code in CommitmentStatus}

_AT_ONCE: Final = 1000
"""Commitments whose parts are read together: all of many would fill the memory."""


class _Batch:
    """Commitments that are read together: all between two keys, or those of some keys."""

    def __init__(self, span: tuple[int, int], keys: Collection[int] | None) -> None:
        first, last = span
        self._span = span
        self._keys = None if keys is None else [key for key in keys if first <= key <= last]

    def holds(self, column: str) -> Q:
        """A condition on a column that names a commitment; a thousand keys cost more than two."""
        if self._keys is None:
            first, last = self._span
            return Q(**{f"{column}__gte": first, f"{column}__lte": last})
        return Q(**{f"{column}__in": self._keys})


class _Parts:
    """What is recorded of some commitments and of the events at which they were made, by key."""

    def __init__(self, batch: _Batch, events: Collection[int], when: AsOf) -> None:
        self.steps: dict[int, list[steps.Step]] = defaultdict(list)
        if when.asked:
            for row in EventStep.objects.filter(event__in=events):
                self.steps[row.event_id].append(as_step(row))
        self.parties: dict[int, list[tuple[int, str]]] = defaultdict(list)
        links = CommitmentParty.objects.order_by("pk").filter(batch.holds("commitment"))
        for key, party, role in links.values_list("commitment", "party", "role"):
            self.parties[key].append((party, role))
        self.sectors: dict[int, list[int]] = defaultdict(list)
        about = CommitmentSector.objects.order_by("pk").filter(batch.holds("commitment"))
        for key, sector in about.values_list("commitment", "sector"):
            self.sectors[key].append(sector)
        self.updates: dict[int, list[status.Update]] = defaultdict(list)
        told = StatusUpdate.objects.order_by().filter(batch.holds("commitment"))
        for key, pk, date, entry, state, corrects in told.filter(
            earliest__lte=when.day
        ).values_list("commitment", "pk", "date", "entry", "status", "corrects"):
            self.updates[key].append(status.Update(pk, date, entry, _STATUSES[state], corrects))


def was_made(said: steps.StateAndDate, now: steps.StateAndDate, when: AsOf) -> bool:
    """Whether a commitment had been made by a day, at a meeting of which this was said by then.

    A meeting still planned or put off by the day had made nobody promise anything yet.
    """
    return not when.asked or (
        said.date.earliest <= when.day and said.state in (EventState.HELD, now.state)
    )


class Threads:
    """The wordings that led to each."""

    def __init__(self, keys: Collection[int] | None = None) -> None:
        links = Commitment.objects.order_by().exclude(restates=None)
        if keys is not None:
            links = links.filter(pk__in=keys)
        self._earlier = dict(links.values_list("pk", "restates"))

    def before(self, key: int) -> tuple[int, ...]:
        """The keys of those that led to one, the first wording first; none if it is the first."""
        led = [key]
        while (earlier := self._earlier.get(led[-1])) is not None and earlier not in led:
            led.append(earlier)
        return tuple(led[:0:-1])

    def first(self, key: int) -> int:
        """The key of the first wording of its thread."""
        return (*self.before(key), key)[0]


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

    def of(self, named: Iterable[tuple[int, str]], role: CommitmentRole, date: EdtfDate) -> Parties:
        direct = [self._codes[party] for party, held in named if held == role]
        through = (code for bloc in direct for code in self._members_on(bloc, date))
        return Parties(
            tuple(direct), tuple(code for code in dict.fromkeys(through) if code not in direct)
        )


def _sectors() -> Mapping[int, tuple[str, ...]]:
    """Each sector's slug, and that of its parent after it."""
    return {
        key: (slug, parent) if parent else (slug,)
        for key, slug, parent in Sector.objects.order_by().values_list("pk", "slug", "parent__slug")
    }


class _Kinds:
    """Kinds of sources, each looked up once: joined, they would be read whole with each part."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def cited(self, batch: _Batch, when: AsOf) -> Mapping[int, set[str]]:
        """The kinds of the sources that support these commitments or a step of theirs, by key."""
        cited = Citation.objects.order_by()
        told = cited.filter(
            batch.holds("status_update__commitment"), status_update__earliest__lte=when.day
        )
        pairs = [
            *cited.filter(batch.holds("commitment")).values_list("commitment", "source"),
            *told.values_list("status_update__commitment", "source"),
        ]
        missing = {source for _key, source in pairs} - self._known.keys()
        rows = Source.objects.order_by().filter(pk__in=missing)
        self._known |= dict(rows.values_list("pk", "kind"))
        found: dict[int, set[str]] = defaultdict(set)
        for key, source in pairs:
            found[key].add(self._known[source])
        return found
