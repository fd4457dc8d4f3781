"""The index that follows the record: a base in memory, and what has changed since.

Each process keeps its own. Before every answer it asks the database for the record's version, so
that no answer is of an older state than the record was when the question came. What has changed is
read anew, event by event; when much has, a new base is made of both. While no base can be had,
plain SQL answers.
"""

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock, Thread
from typing import Final, TypeVar

from django.db import connection

from timeline.core.folding import parse_query
from timeline.core.question import Question
from timeline.database import version
from timeline.database.fulltext import SearchField
from timeline.database.version import Version
from timeline.index import fulltext_lookup, loader, storage
from timeline.index.base import Base, merged
from timeline.index.interface import Answer, Bins, Periods, Spread
from timeline.index.keymap import Keymap, Keys, looked_up
from timeline.index.sql import SqlIndex
from timeline.index.state import LookedUp, State
from timeline.models import Event

_log = logging.getLogger(__name__)

SMALL: Final = 50_000
"""Up to so many events a base is made while the question waits; more, in the background."""

MUCH: Final = 500
"""So many changed events are merged into a new base."""

TOO_MUCH: Final = 20_000
"""So many changed events take longer to read than all events."""

AHEAD: Final = 200
"""Words of a large record, at the most, that are looked up before anybody asks for them."""

_COMMON: Final = 100
"""A word is common that one of so many events holds."""

T = TypeVar("T")


class LiveIndex:
    """Answers from memory, from the record as it stands; implements the Index protocol.

    ``folder`` is where a large base is kept over a restart. Inside a transaction, which may see
    what nobody else ever will, plain SQL answers.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._base: Base | None = None
        self._state: State | None = None
        self._refreshing = Lock()
        self._working: Thread | None = None

    def answer(self, question: Question, *, today: dt.date) -> Answer:
        """Work out total, page, counts and months; raise QuestionError for a foreign cursor."""
        question.cursor()
        return self._asked(
            question,
            lambda state, named, found: state.answer(question, named, found, today=today),
            lambda: SqlIndex().answer(question, today=today),
        )

    def matching(self, question: Question, *, today: dt.date) -> tuple[int, ...]:
        """The keys of all events found, in order."""
        return self._asked(
            question,
            lambda state, named, found: state.matching(question, named, found, today=today),
            lambda: SqlIndex().matching(question, today=today),
        )

    def spread(
        self,
        question: Question,
        bins: Bins,
    ) -> Mapping[str, Spread]:
        """Spread the events found over bins of time, under each of the values."""
        return self._asked(
            question,
            lambda state, named, found: state.spread(question, named, found, bins),
            lambda: SqlIndex().spread(question, bins),
        )

    def held(self, question: Question, periods: Periods) -> Mapping[str, Sequence[int]]:
        """How many events the question finds with each of some periods as its own."""
        return self._asked(
            question,
            lambda state, named, found: state.held(question, named, found, periods),
            lambda: SqlIndex().held(question, periods),
        )

    def crossed(
        self,
        question: Question,
        rows: tuple[str, Sequence[str]],
        columns: tuple[str, Sequence[str]],
    ) -> Mapping[tuple[str, str], int]:
        """How many of the events found bear both a value of one group and one of another."""
        return self._asked(
            question,
            lambda state, named, found: state.crossed(question, named, found, rows, columns),
            lambda: SqlIndex().crossed(question, rows, columns),
        )

    def places(self, question: Question) -> Mapping[int, int]:
        """How many of the events found met at each place, by its key."""
        return self._asked(
            question,
            lambda state, named, found: state.places(question, named, found),
            lambda: SqlIndex().places(question),
        )

    def _asked(
        self,
        question: Question,
        ask: Callable[[State, Keys, LookedUp], T],
        ask_database: Callable[[], T],
    ) -> T:
        """Answer from the version that the reader sees, from memory where it can be."""
        with version.snapshot() as seen:
            if seen is None or (state := self._state_of(seen)) is None:
                return ask_database()
            named = looked_up(question)
            needed = [*state.keymap.conditions(question, named).look_ups()]
            found = {what: state.base.looked_up(*what) for what in needed}
            # What others looked up in a later version knows of changes that this one does not.
            if needed and state.base.looked_up_at > seen.number:
                return ask_database()
            return ask(state, named, found)

    # Following the record

    def refreshed(self) -> State | None:
        """The record as it stands; None while no base can be had."""
        with version.snapshot() as seen:
            return self._state_of(seen) if seen is not None else None

    def _state_of(self, seen: Version) -> State | None:
        """The record as a version has it; None where it cannot be had from memory."""
        state = self._state
        if state is not None and state.version == seen:
            return state
        with self._refreshing:
            base = self._base
            if base is not None and base.epoch == seen.epoch and base.number > seen.number:
                return None  # Somebody who began later has moved on; few are left behind.
            if base is None or not base.fits(seen):
                base = self._base = self._had(seen)
            if base is None or not base.fits(seen):
                return None
            found = self._followed(base, seen)
            if self._state is None or not _is_later(self._state.version, seen):
                self._state = found
            return found

    def _followed(self, base: Base, now: Version) -> State | None:
        """Read what has changed since the base was made; inside a snapshot."""
        state = self._state
        touched = sorted(version.touched_since(base.number))
        if len(touched) > TOO_MUCH:
            self._in_background(self._make)
            return None
        same = state is not None and (state.version.epoch, state.version.vocabulary) == (
            now.epoch,
            now.vocabulary,
        )
        names = state.keymap if state is not None and same else Keymap.read()
        deleted = base.segment.places(touched)
        found = State(now, names, base, deleted, loader.read_some(touched))
        if len(touched) > MUCH:
            self._renew(found)
        return found

    def _renew(self, state: State) -> None:
        def work() -> None:
            segment = merged(state.base.segment, state.deleted, state.changed.segment)
            self._base = Base(segment, state.version.epoch, state.version.number)
            _look_up_ahead(self._base)

        if len(state.base.segment) <= SMALL:
            work()
        else:
            self._in_background(work)

    # Bases

    def _had(self, seen: Version) -> Base | None:
        """The base that is kept for the record's era, or a new one where that is quickly made."""
        found = storage.load(self._folder, seen.epoch)
        if found is not None and found.fits(seen):
            self._in_background(lambda: _look_up_ahead(found))
            return found
        if Event.objects.published().count() <= SMALL:
            return read_base()
        self._in_background(self._make)
        return None

    def _make(self) -> None:
        base = read_base()
        if base is not None:
            storage.save(base, self._folder)
        self._base = base
        if base is not None:
            _look_up_ahead(base)

    def _in_background(self, work: Callable[[], None]) -> None:
        """Do a piece of work in a thread of its own, unless one is being done already."""
        if self._working is not None and self._working.is_alive():
            return

        def run() -> None:
            try:
                work()
            except Exception:
                _log.exception("The index could not be made anew; plain SQL answers meanwhile.")
            finally:
                connection.close()

        self._working = Thread(target=run, name="index", daemon=True)
        self._working.start()


def _is_later(one: Version, other: Version) -> bool:
    return one.epoch == other.epoch and one.number > other.number


def _look_up_ahead(base: Base) -> None:
    """Display up the common words of a large record, which takes tens of milliseconds for each."""
    if len(base.segment) > SMALL:
        for word in fulltext_lookup.common_words(len(base.segment) // _COMMON)[:AHEAD]:
            for term in parse_query(word):
                base.looked_up(SearchField.TEXT, term)


def wants_a_base(folder: Path) -> bool:
    """Whether the record is large and no base that can be followed is kept of it."""
    seen = version.current()
    if seen is None or Event.objects.published().count() <= SMALL:
        return False
    found = storage.load(folder, seen.epoch)
    return found is None or not found.fits(seen)


def read_base() -> Base | None:
    """Read all events in one state of the record; None in a database that keeps no version."""
    with version.snapshot() as seen:
        return Base(loader.read(), seen.epoch, seen.number) if seen is not None else None
