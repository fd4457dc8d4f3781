"""The ledger kept ready: of today and of past days lately asked for, each following the record."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from threading import Lock
from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from timeline.core.books import Books
from timeline.core.codes import Publication
from timeline.core.ledger import Ledger, Narrowed
from timeline.core.question import LedgerQuestion
from timeline.database.version import Version, snapshot, touched_since
from timeline.index.words import holding
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Event,
    Membership,
    Statement,
    StatusUpdate,
)
from timeline.queries import ledger_entries
from timeline.queries.as_of import AsOf

_MOST_DAYS: Final = 3
"""Ledgers kept in a process: today's, and those of past days lately asked for."""

_MOST_CHANGED: Final = 500
"""Changes up to which a ledger is brought up to date rather than read anew."""


class _Followed(NamedTuple):
    """Books as of one version; a change of what they stand on changes all of them."""

    version: Version
    ground: Hashable
    books: Books


class _Lately:
    """The books last read in this process: today's, whichever day that is, and of past days."""

    def __init__(self) -> None:
        self._held: OrderedDict[AsOf | None, _Followed] = OrderedDict()
        self._one_at_a_time = Lock()

    def get(self, when: AsOf) -> _Followed | None:
        """The books of a day as they were last read; those of today may be of a day before."""
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
        if (books := _kept(when, seen)) is not None:
            return Ledger(books)
        with _reading:
            if (books := _kept(when, seen)) is None:
                books = _read(when, seen)
            return Ledger(books)


def _kept(when: AsOf, seen: Version) -> Books | None:
    """The books of a day as a version has them, where they were read before."""
    last = _lately.get(when)
    if last is None or (last.version, last.books.day) != (seen, when.day):
        return None
    return last.books


def _read(when: AsOf, seen: Version) -> Books:
    """Read the books, of a day that was read before only what has changed since."""
    last = _lately.get(when)
    ground = (seen.era, seen.vocabulary, tuple(_memberships()))
    books = _followed(last, ground, seen, when)
    # Of a version that others have left behind nothing is kept in the place of theirs.
    if last is None or last.version.era != seen.era or last.version.number <= seen.number:
        _lately.keep(when, _Followed(seen, ground, books))
    return books


def _followed(last: _Followed | None, ground: Hashable, seen: Version, when: AsOf) -> Books:
    if last is None or last.ground != ground or last.version.number > seen.number:
        return _books(when)
    if last.books.day > when.day:
        return _books(when)
    events = sorted(touched_since(last.version.number))
    if len(events) > _MOST_CHANGED:
        return _books(when)
    held = Commitment.objects.order_by().filter(event__in=events).values_list("pk", flat=True)
    changed = {*held, *last.books.made_at(events), *_turned(last.books, when)}
    keys = _with_threads(changed, last.books)
    if len(keys) > _MOST_CHANGED:
        return _books(when)
    if not keys and last.books.day == when.day:
        return last.books
    return last.books.changed(keys, ledger_entries.entries(when, keys), when.day)


def _turned(books: Books, when: AsOf) -> set[int]:
    """The keys of those that stand otherwise on a later day, though nobody changed them."""
    if books.day == when.day:
        return set()
    since = StatusUpdate.objects.filter(earliest__gt=books.day, earliest__lte=when.day)
    return {*books.turn(when.day), *since.order_by().values_list("commitment", flat=True)}


def _whole(when: AsOf) -> Ledger:
    return Ledger(_books(when))


def _books(when: AsOf) -> Books:
    return Books(ledger_entries.entries(when), when.day)


def _with_threads(keys: set[int], known: Books) -> set[int]:
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


def _memberships() -> Iterator[Hashable]:
    """All that says who belongs to a bloc when."""
    yield from Membership.objects.order_by("pk").values_list(
        "pk", "party", "bloc", "starts", "ends"
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
    threads = ledger_entries.Threads()
    return total - len(worded) + len({threads.first(key) for key in worded})
