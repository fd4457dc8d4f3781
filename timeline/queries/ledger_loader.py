"""Loading commitments from the database as the entries of the ledger's index."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from django.db.models import Q, QuerySet

from timeline.core import status, steps
from timeline.core.codes import (
    CommitmentNature,
    CommitmentRole,
    CommitmentStatus,
    EventState,
    MembershipStanding,
)
from timeline.core.dates import EdtfDate
from timeline.core.filters import COLUMNS, COUNTED
from timeline.index.commitment_entries import IndexedCommitment, Parties
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
from timeline.queries.as_of import AsOf, as_step, begun, happened
from timeline.queries.keys import Keys


def entries(when: AsOf, keys: Collection[int] | None = None) -> Iterator[IndexedCommitment]:
    """Yield the entries of published commitments, all or those with these keys, in batches.

    Keys have to contain all commitments of a thread if they contain one.
    """
    threads, parties, sectors, kinds = Threads(keys), _Parties(when), _sectors(), _SourceKinds()
    frameworks = dict(Framework.objects.published().values_list("pk", "slug"))
    published = Commitment.objects.published().order_by("pk")
    if keys is not None:
        published = published.filter(pk__in=Keys(keys))
    last = 0
    while rows := list(published.filter(pk__gt=last).values_list(*_COLUMNS)[:_BATCH_SIZE]):
        last = rows[-1][0]
        batch = _Batch((rows[0][0], last), keys)
        parts = _Parts(batch, {row[1] for row in rows}, when)
        cited = kinds.cited(batch, when)
        for key, event, date, made_on, due, mutual, nature, *columns in rows:
            of_event = dict(zip(_OF_EVENT, columns, strict=True))
            then = now = steps.StateAndDate(EventState(of_event["state"]), date)
            if when.is_past:
                then = steps.as_of(now, parts.steps.get(event, ()), when.day)
                if not was_made(made_on, then, now, when):
                    continue
            made = made_on or then.date
            links = parts.parties.get(key, ())
            yield IndexedCommitment(
                key=key,
                event=event,
                before=threads.before(key),
                made=made,
                of_event={
                    **of_event,
                    "state": then.state.value,
                    "framework": frameworks.get(of_event["framework"]),
                },
                due=due,
                updates=tuple(parts.updates.get(key, ())),
                obligors=parties.of(links, {CommitmentRole.OBLIGOR}, made),
                beneficiaries=parties.of(links, {CommitmentRole.BENEFICIARY}, made),
                sectors=tuple(
                    slug for sector in parts.sectors.get(key, ()) for slug in sectors[sector]
                ),
                source_kinds=tuple(sorted(cited.get(key, ()))),
                sides=parties.sides(links, made) if mutual else (),
                nature=CommitmentNature(nature),
                in_request=parties.of(links, _OF_REQUESTS, made),
            )


_OF_EVENT: Final = tuple(name for name in COLUMNS if name in COUNTED)
"""The filters that compare a column of the event."""

_COLUMNS: Final = (
    *("pk", "event", "event__date", "made_on", "due", "mutual", "nature"),
    *(f"event__{COLUMNS[name]}" for name in _OF_EVENT),
)

_STATUSES: Final = {code.value: code for code in CommitmentStatus}

_BATCH_SIZE: Final = 1000
"""Commitments whose parts are read together: those of all commitments may not fit into memory."""


class _Batch:
    """Commitments that are read together: those between two keys, all or only some keys."""

    def __init__(self, span: tuple[int, int], keys: Collection[int] | None) -> None:
        first, last = span
        self._span = span
        self._keys = None if keys is None else Keys(key for key in keys if first <= key <= last)

    def contains(self, column: str) -> Q:
        """Return the condition that the commitment in a column belongs to the batch."""
        # A range is cheaper than a thousand keys.
        if self._keys is None:
            first, last = self._span
            return Q(**{f"{column}__gte": first, f"{column}__lte": last})
        return Q(**{f"{column}__in": self._keys})


class _Parts:
    """The rows that belong to commitments, and the steps of the events where they were made."""

    def __init__(self, batch: _Batch, events: Collection[int], when: AsOf) -> None:
        self.steps: dict[int, list[steps.Step]] = defaultdict(list)
        if when.is_past:
            for row in EventStep.objects.filter(event__in=events):
                self.steps[row.event_id].append(as_step(row))
        self.parties: dict[int, list[tuple[int, str]]] = defaultdict(list)
        links = CommitmentParty.objects.order_by("pk").filter(batch.contains("commitment"))
        for key, party, role in links.values_list("commitment", "party", "role"):
            self.parties[key].append((party, role))
        self.sectors: dict[int, list[int]] = defaultdict(list)
        sectors = CommitmentSector.objects.order_by("pk").filter(batch.contains("commitment"))
        for key, sector in sectors.values_list("commitment", "sector"):
            self.sectors[key].append(sector)
        self.updates = updates(StatusUpdate.objects.filter(batch.contains("commitment")), when)


def updates(rows: QuerySet[StatusUpdate], when: AsOf) -> dict[int, list[status.Update]]:
    """Return those of the updates that are not dated after a day, by commitment."""
    found: dict[int, list[status.Update]] = defaultdict(list)
    columns = ("commitment", "pk", "date", "entry", "status", "corrects")
    known = rows.filter(earliest__lte=when.day).order_by()
    for key, pk, date, entry, state, corrects in known.values_list(*columns):
        found[key].append(status.Update(pk, date, entry, _STATUSES[state], corrects))
    return found


def was_made(
    made_on: EdtfDate | None, then: steps.StateAndDate, now: steps.StateAndDate, when: AsOf
) -> bool:
    """Whether a commitment had been made by a day.

    ``made_on`` is the day on which a source says that it was made, if one does: it decides alone.
    ``then`` and ``now`` are the state and date of its event on the day and now.
    """
    return happened(then, now, when) if made_on is None else when.knows(made_on)


class Threads:
    """The earlier wordings of commitments, for all or for those with these keys."""

    def __init__(self, keys: Collection[int] | None = None) -> None:
        links = Commitment.objects.order_by().exclude(restates=None)
        if keys is not None:
            links = links.filter(pk__in=Keys(keys))
        self._earlier = dict(links.values_list("pk", "restates"))

    def before(self, key: int) -> tuple[int, ...]:
        """Return the keys of the wordings that led to one, the first wording first."""
        chain = [key]
        while (earlier := self._earlier.get(chain[-1])) is not None and earlier not in chain:
            chain.append(earlier)
        return tuple(chain[:0:-1])

    def first(self, key: int) -> int:
        """Return the key of the first wording of a commitment's thread."""
        return (*self.before(key), key)[0]


_OF_REQUESTS: Final = frozenset({CommitmentRole.ASKER, CommitmentRole.ASKED})

BINDING: Final = (MembershipStanding.MEMBER, MembershipStanding.SUSPENDED)
"""The standings in which a party owes, and is owed, what its bloc is."""


class _Parties:
    """Codes of the parties of commitments, with the members of blocs on the day made."""

    def __init__(self, when: AsOf) -> None:
        self._codes = codes = dict(Party.objects.order_by().values_list("pk", "code"))
        members: dict[str, list[Membership]] = defaultdict(list)
        # What a bloc undertook goes on to bind a member that is suspended.
        rows = Membership.objects.filter(standing__in=BINDING).select_related("party")
        for row in begun(rows.order_by("pk"), when):
            members[codes[row.bloc_id]].append(row)

        @cache
        def members_on(bloc: str, date: EdtfDate) -> tuple[str, ...]:
            spells = members.get(bloc, ())
            return tuple(spell.party.code for spell in spells if spell.may_hold_on(date))

        self._members_on = members_on

    def sides(self, links: Iterable[tuple[int, str]], date: EdtfDate) -> tuple[Parties, ...]:
        """The sides of a mutual commitment: none where only one undertook it."""
        sides = tuple(
            self.of([link], {CommitmentRole.OBLIGOR}, date)
            for link in links
            if link[1] == CommitmentRole.OBLIGOR
        )
        return sides if len(sides) > 1 else ()

    def of(
        self, links: Iterable[tuple[int, str]], roles: Collection[str], date: EdtfDate
    ) -> Parties:
        direct = [self._codes[party] for party, role in links if role in roles]
        through = (code for bloc in direct for code in self._members_on(bloc, date))
        return Parties(
            tuple(direct), tuple(code for code in dict.fromkeys(through) if code not in direct)
        )


def _sectors() -> Mapping[int, tuple[str, ...]]:
    """Return the slug of each sector, followed by that of its parent, by key."""
    return {
        key: (slug, parent) if parent else (slug,)
        for key, slug, parent in Sector.objects.order_by().values_list("pk", "slug", "parent__slug")
    }


class _SourceKinds:
    """A cache of the kinds of sources: a join would read the whole table for each batch."""

    def __init__(self) -> None:
        self._kinds: dict[int, str] = {}

    def cited(self, batch: _Batch, when: AsOf) -> Mapping[int, set[str]]:
        """Return the kinds of the sources of each commitment and of its updates, by key."""
        citations = Citation.objects.order_by()
        of_updates = citations.filter(
            batch.contains("status_update__commitment"), status_update__earliest__lte=when.day
        )
        pairs = [
            *citations.filter(batch.contains("commitment")).values_list("commitment", "source"),
            *of_updates.values_list("status_update__commitment", "source"),
        ]
        missing = {source for _key, source in pairs} - self._kinds.keys()
        rows = Source.objects.order_by().filter(pk__in=missing)
        self._kinds |= dict(rows.values_list("pk", "kind"))
        kinds: dict[int, set[str]] = defaultdict(set)
        for key, source in pairs:
            kinds[key].add(self._kinds[source])
        return kinds
