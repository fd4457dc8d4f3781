"""The ledgers of today and of recently requested past days, each following the record."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from timeline.core.codes import Publication
from timeline.core.question import LedgerQuestion
from timeline.database.version import Version, snapshot, touched_since
from timeline.index.commitments import CommitmentIndex
from timeline.index.dated import Narrowed
from timeline.index.fulltext_lookup import holding
from timeline.index.ledger import Ledger
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Event,
    EventPlace,
    Instrument,
    Membership,
    Statement,
    StatusUpdate,
)
from timeline.queries import ledger_loader, searched
from timeline.queries.as_of import AsOf

_MAX_DAYS: Final = 3
"""Largest number of indexes cached in a process."""

_MAX_CHANGED: Final = 500
"""Largest number of changes that are read into an index; with more, all of it is read again."""


@dataclass(frozen=True, slots=True)
class _CachedIndex:
    """The index as of one version of the record.

    ``basis`` is what all of its entries depend on: if it changes, all of the index is read again.
    """

    version: Version
    basis: Hashable
    index: CommitmentIndex


class _IndexCache:
    """The indexes last read in this process: today's, whichever day that is, and of past days."""

    def __init__(self) -> None:
        self._indexes: OrderedDict[AsOf | None, _CachedIndex] = OrderedDict()
        self._lock = Lock()

    def get(self, when: AsOf) -> _CachedIndex | None:
        """Return the index of a day as last read; that of today may be of a day before."""
        return self._indexes.get(self._key(when))

    def set(self, when: AsOf, cached: _CachedIndex) -> None:
        """Cache an index, and drop the one that was read longest ago if there are too many."""
        with self._lock:
            self._indexes[self._key(when)] = cached
            self._indexes.move_to_end(self._key(when))
            while len(self._indexes) > _MAX_DAYS:
                self._indexes.popitem(last=False)

    @staticmethod
    def _key(when: AsOf) -> AsOf | None:
        return when if when.is_past else None


_cache: Final = _IndexCache()

_reading: Final = Lock()
"""Held while an index is read, which takes seconds for a large record: others wait for it."""


def on(when: AsOf) -> Ledger:
    """Return the ledger of published commitments as it stands on a day."""
    with snapshot() as version:
        if version is None:
            return Ledger(_read_all(when))
        if (index := _cached(when, version)) is not None:
            return Ledger(index)
        with _reading:
            if (index := _cached(when, version)) is None:
                index = _read(when, version)
            return Ledger(index)


def _cached(when: AsOf, version: Version) -> CommitmentIndex | None:
    """Return the index of a day if it was read for this version."""
    last = _cache.get(when)
    if last is None or (last.version, last.index.day) != (version, when.day):
        return None
    return last.index


def _read(when: AsOf, version: Version) -> CommitmentIndex:
    """Read the index of a day; if it was read before, only what has changed since."""
    last = _cache.get(when)
    basis = (version.epoch, version.vocabulary, tuple(_memberships()))
    index = _follow(last, basis, version, when)
    # A request that sees an older version than the cached one leaves the cache as it is.
    if last is None or last.version.epoch != version.epoch or last.version.number <= version.number:
        _cache.set(when, _CachedIndex(version, basis, index))
    return index


def _follow(
    last: _CachedIndex | None, basis: Hashable, version: Version, when: AsOf
) -> CommitmentIndex:
    """Return the last index with what has changed since, or a new one if that is not possible."""
    if last is None or last.basis != basis or last.version.number > version.number:
        return _read_all(when)
    if last.index.day > when.day:
        return _read_all(when)
    events = sorted(touched_since(last.version.number))
    if len(events) > _MAX_CHANGED:
        return _read_all(when)
    made_there = Commitment.objects.order_by().filter(event__in=events)
    changed = {
        *made_there.values_list("pk", flat=True),
        *last.index.made_at(events),
        *_turned(last.index, when),
    }
    keys = _with_threads(changed, last.index)
    if len(keys) > _MAX_CHANGED:
        return _read_all(when)
    clock = searched.clock(when)
    if not keys and (last.index.day, last.index.clock_day) == (when.day, clock.day):
        return last.index
    return last.index.replace(keys, ledger_loader.entries(when, keys), *clock)


def _turned(index: CommitmentIndex, when: AsOf) -> set[int]:
    """Return the keys of those that are different although nobody changed them.

    The day may be a later one, and sources searched until another day.
    """
    turning = index.turning(searched.clock(when).day)
    if index.day == when.day:
        return turning
    since = StatusUpdate.objects.filter(earliest__gt=index.day, earliest__lte=when.day)
    return {*turning, *since.order_by().values_list("commitment", flat=True)}


def _read_all(when: AsOf) -> CommitmentIndex:
    return CommitmentIndex(ledger_loader.entries(when), *searched.clock(when))


def _with_threads(keys: set[int], last: CommitmentIndex) -> set[int]:
    """Return these commitments with all others in their threads, now or in the last index."""
    rows = Commitment.objects.order_by()
    connected: set[int] = set()
    frontier = last.with_threads(keys)
    while frontier and len(connected) <= _MAX_CHANGED:
        connected |= frontier
        later = set(rows.filter(restates__in=frontier).values_list("pk", flat=True))
        links = rows.filter(pk__in=frontier).values_list("restates", flat=True)
        earlier = {key for key in links if key is not None}
        frontier = last.with_threads(later | earlier) - connected
    return connected


def _memberships() -> Iterator[Hashable]:
    """Yield everything that determines which parties belong to which blocs, and when."""
    yield from Membership.objects.order_by("pk").values_list(
        "pk", "party", "bloc", "standing", "starts", "ends"
    )


def narrowed(question: LedgerQuestion, when: AsOf) -> Narrowed:
    """Return what is found by the filters that need the database: ``q``, ``place`` and so on."""
    matching: dict[str, QuerySet[Commitment]] = {}
    rows = Commitment.objects.order_by()
    if question.q:
        matching["q"] = rows.filter(holding("folded_text", question.terms))
        matching["title"] = rows.filter(holding("folded_title", question.terms))
    if question.places:
        links = EventPlace.objects.filter(event=OuterRef("event"))
        matching["place"] = rows.filter(Exists(links.filter(place__slug__in=question.places)))
    if question.people:
        present = Attendance.objects.filter(
            event=OuterRef("event"), person__slug__in=question.people
        )
        spoke = Statement.objects.filter(event=OuterRef("event"), person__slug__in=question.people)
        matching["person"] = rows.filter(Q(Exists(present)) | Q(Exists(spoke)))
    if question.instruments:
        texts = Instrument.objects.published().filter(slug__in=question.instruments)
        matching["instrument"] = rows.filter(instrument__in=texts)
    if question.sources:
        cited = Citation.objects.filter(source__in=[int(key) for key in question.sources])
        of_commitment = cited.filter(commitment=OuterRef("pk"))
        of_update = cited.filter(
            status_update__earliest__lte=when.day, status_update__commitment=OuterRef("pk")
        )
        matching["source"] = rows.filter(Q(Exists(of_commitment)) | Q(Exists(of_update)))
    return {name: frozenset(rows.values_list("pk", flat=True)) for name, rows in matching.items()}


def total() -> int:
    """Count the commitments that readers may see; a thread counts once, as it does in the ledger.

    Only commitments of threads, or at hidden events, are read row by row.
    """
    rows = Commitment.objects.undertakings().order_by()
    published = rows.filter(publication=Publication.PUBLISHED)
    # Named one by one: no index serves a condition that excludes the published ones.
    unpublished = [code for code in Publication if code != Publication.PUBLISHED]
    hidden_events = Event.objects.order_by().filter(publication__in=unpublished).values("pk")
    hidden = rows.filter(event__in=hidden_events).values_list("publication", flat=True)
    visible = published.count() - list(hidden).count(Publication.PUBLISHED)
    links = rows.exclude(restates=None)
    wordings = {
        key
        for side in (Q(pk__in=links.values("pk")), Q(pk__in=links.values("restates")))
        for key in rows.published().filter(side).values_list("pk", flat=True)
    }
    threads = ledger_loader.Threads()
    return visible - len(wordings) + len({threads.first(key) for key in wordings})
