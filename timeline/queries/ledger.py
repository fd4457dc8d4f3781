"""The ledger, of today and of past days lately asked for, each following the record."""

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
from timeline.index.fulltext_lookup import holding
from timeline.index.ledger import Ledger, Narrowed
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Event,
    Membership,
    Statement,
    StatusUpdate,
)
from timeline.queries import ledger_loader
from timeline.queries.as_of import AsOf

_MOST_DAYS: Final = 3
"""Ledgers kept in a process: today's, and those of past days lately asked for."""

_MOST_CHANGED: Final = 500
"""Changes up to which a ledger is brought up to date rather than read anew."""


@dataclass(frozen=True, slots=True)
class _Followed:
    """The index as of one version; a change of what it rests on changes all of it."""

    version: Version
    ground: Hashable
    index: CommitmentIndex


class _Lately:
    """The indexes last read in this process: today's, whichever day that is, and of past days."""

    def __init__(self) -> None:
        self._held: OrderedDict[AsOf | None, _Followed] = OrderedDict()
        self._one_at_a_time = Lock()

    def get(self, when: AsOf) -> _Followed | None:
        """The index of a day as it was last read; that of today may be of a day before."""
        return self._held.get(self._name(when))

    def keep(self, when: AsOf, followed: _Followed) -> None:
        """Keep what was read, and let go of what was read longest ago."""
        with self._one_at_a_time:
            self._held[self._name(when)] = followed
            self._held.move_to_end(self._name(when))
            while len(self._held) > _MOST_DAYS:
                self._held.popitem(last=False)

    @staticmethod
    def _name(when: AsOf) -> AsOf | None:
        return when if when.asked else None


_lately: Final = _Lately()

_reading: Final = Lock()
"""Held while a ledger is read, which of a large record takes seconds: others wait for it."""


def on(when: AsOf) -> Ledger:
    """The ledger as it stands on a day, of published commitments only."""
    with snapshot() as seen:
        if seen is None:
            return _whole(when)
        if (index := _kept(when, seen)) is not None:
            return Ledger(index)
        with _reading:
            if (index := _kept(when, seen)) is None:
                index = _read(when, seen)
            return Ledger(index)


def _kept(when: AsOf, seen: Version) -> CommitmentIndex | None:
    """The index of a day as a version has it, where it was read before."""
    last = _lately.get(when)
    if last is None or (last.version, last.index.day) != (seen, when.day):
        return None
    return last.index


def _read(when: AsOf, seen: Version) -> CommitmentIndex:
    """Read the index; of a day that was read before only what has changed since."""
    last = _lately.get(when)
    ground = (seen.epoch, seen.vocabulary, tuple(_memberships()))
    index = _followed(last, ground, seen, when)
    # Of a version that others have left behind nothing is kept in the place of theirs.
    if last is None or last.version.epoch != seen.epoch or last.version.number <= seen.number:
        _lately.keep(when, _Followed(seen, ground, index))
    return index


def _followed(
    last: _Followed | None, ground: Hashable, seen: Version, when: AsOf
) -> CommitmentIndex:
    if last is None or last.ground != ground or last.version.number > seen.number:
        return _index(when)
    if last.index.day > when.day:
        return _index(when)
    events = sorted(touched_since(last.version.number))
    if len(events) > _MOST_CHANGED:
        return _index(when)
    held = Commitment.objects.order_by().filter(event__in=events).values_list("pk", flat=True)
    changed = {*held, *last.index.made_at(events), *_turned(last.index, when)}
    keys = _with_threads(changed, last.index)
    if len(keys) > _MOST_CHANGED:
        return _index(when)
    if not keys and last.index.day == when.day:
        return last.index
    return last.index.replace(keys, ledger_loader.entries(when, keys), when.day)


def _turned(index: CommitmentIndex, when: AsOf) -> set[int]:
    """The keys of those that stand otherwise on a later day, though nobody changed them."""
    if index.day == when.day:
        return set()
    since = StatusUpdate.objects.filter(earliest__gt=index.day, earliest__lte=when.day)
    return {*index.turning_by(when.day), *since.order_by().values_list("commitment", flat=True)}


def _whole(when: AsOf) -> Ledger:
    return Ledger(_index(when))


def _index(when: AsOf) -> CommitmentIndex:
    return CommitmentIndex(ledger_loader.entries(when), when.day)


def _with_threads(keys: set[int], known: CommitmentIndex) -> set[int]:
    """These commitments with all that restate one another around them, now or when last read."""
    rows = Commitment.objects.order_by()
    found: set[int] = set()
    frontier = known.with_threads(keys)
    while frontier and len(found) <= _MOST_CHANGED:
        found |= frontier
        later = set(rows.filter(restates__in=frontier).values_list("pk", flat=True))
        links = rows.filter(pk__in=frontier).values_list("restates", flat=True)
        earlier = {key for key in links if key is not None}
        frontier = known.with_threads(later | earlier) - found
    return found


def _memberships() -> Iterator[Hashable]:
    """All that says who belongs to a bloc when."""
    yield from Membership.objects.order_by("pk").values_list(
        "pk", "party", "bloc", "standing", "starts", "ends"
    )


def narrowed(question: LedgerQuestion, when: AsOf) -> Narrowed:
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
    threads = ledger_loader.Threads()
    return total - len(worded) + len({threads.first(key) for key in worded})
