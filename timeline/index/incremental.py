"""The index that follows the record: a base in memory, and what has changed since.

Each process has its own. Before every answer it asks the database for the version of the record,
so that no answer is of an older state than the record was when the question came. Changed events
are read again; when there are many, they are merged with the base into a new one. While no base can
be had, plain SQL answers.
"""

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock, Thread
from typing import Final, TypeVar

from django.db import connection

from timeline.core.dates import EdtfDate
from timeline.core.folding import parse_query
from timeline.core.question import Cursor, Question
from timeline.database import version
from timeline.database.fulltext import SearchField
from timeline.database.version import Version
from timeline.index import fulltext_lookup, loader, storage
from timeline.index.base import Base, merge
from timeline.index.interface import Answer, Bins, Periods, PlaceCounts, Spread
from timeline.index.keymap import Keymap, KeysBySlug, look_up_keys
from timeline.index.sql import SqlIndex
from timeline.index.state import IndexState, LookedUp
from timeline.models import Event

_log = logging.getLogger(__name__)

SMALL_RECORD: Final = 50_000
"""Largest number of events of which a base is made while the question waits; more are read in the
background."""

MERGE_AFTER: Final = 500
"""Number of changed events after which they are merged into a new base."""

REREAD_AFTER: Final = 20_000
"""Number of changed events that take longer to read than all events."""

LOOKED_UP_AHEAD: Final = 200
"""Largest number of words of a large record that are looked up before anybody asks for them."""

_COMMON: Final = 100
"""A word is common if one in this many events holds it."""

T = TypeVar("T")


class LiveIndex:
    """Answers from memory, from the record as it is now; implements the Index protocol.

    ``folder`` is where a large base is saved. Inside a transaction, which may see what nobody else
    ever will, plain SQL answers.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._base: Base | None = None
        self._state: IndexState | None = None
        self._refreshing = Lock()
        self._worker: Thread | None = None

    def answer(self, question: Question, *, today: dt.date) -> Answer:
        """Work out everything that a list page shows.

        Raise QuestionError for a cursor of another question.
        """
        question.cursor()
        return self._from_memory(
            question,
            lambda state, keys, looked_up: state.answer(question, keys, looked_up, today=today),
            lambda: SqlIndex().answer(question, today=today),
        )

    def page_at(self, question: Question, date: EdtfDate, *, today: dt.date) -> Cursor | None:
        """Return the cursor of the page that begins at a date."""
        return self._from_memory(
            question,
            lambda state, keys, looked_up: state.page_at(
                question, keys, looked_up, date, today=today
            ),
            lambda: SqlIndex().page_at(question, date, today=today),
        )

    def matching(self, question: Question, *, today: dt.date) -> Sequence[int]:
        """Return the keys of all events found, in order."""
        return self._from_memory(
            question,
            lambda state, keys, looked_up: state.matching(question, keys, looked_up, today=today),
            lambda: SqlIndex().matching(question, today=today),
        )

    def spread(
        self,
        question: Question,
        bins: Bins,
    ) -> Mapping[str, Spread]:
        """Spread the events found over bins of time, separately for each value."""
        return self._from_memory(
            question,
            lambda state, keys, looked_up: state.spread(question, keys, looked_up, bins),
            lambda: SqlIndex().spread(question, bins),
        )

    def period_counts(self, question: Question, periods: Periods) -> Mapping[str, Sequence[int]]:
        """Count the events found with each of several periods in place of the question's own."""
        return self._from_memory(
            question,
            lambda state, keys, looked_up: state.period_counts(question, keys, looked_up, periods),
            lambda: SqlIndex().period_counts(question, periods),
        )

    def pair_counts(
        self,
        question: Question,
        rows: tuple[str, Sequence[str]],
        columns: tuple[str, Sequence[str]],
    ) -> Mapping[tuple[str, str], int]:
        """Count the events found that have both a value of one group and one of another."""
        return self._from_memory(
            question,
            lambda state, keys, looked_up: state.pair_counts(
                question, keys, looked_up, rows, columns
            ),
            lambda: SqlIndex().pair_counts(question, rows, columns),
        )

    def place_counts(self, question: Question) -> PlaceCounts:
        """Count the events found by the keys of all places at which each took place."""
        return self._from_memory(
            question,
            lambda state, keys, looked_up: state.place_counts(question, keys, looked_up),
            lambda: SqlIndex().place_counts(question),
        )

    def _from_memory(
        self,
        question: Question,
        ask: Callable[[IndexState, KeysBySlug, LookedUp], T],
        ask_database: Callable[[], T],
    ) -> T:
        """Answer from the version that the reader's request sees, from memory if possible."""
        with version.snapshot() as current:
            if current is None or (state := self._state_of(current)) is None:
                return ask_database()
            keys = look_up_keys(question)
            needed = [*state.keymap.conditions(question, keys).look_ups()]
            looked_up = {key: state.base.look_up(*key) for key in needed}
            # What was looked up in a later version reflects changes that this version does not see.
            if needed and state.base.looked_up_at > current.number:
                return ask_database()
            return ask(state, keys, looked_up)

    # Following the record

    def refreshed(self) -> IndexState | None:
        """Return the state of the record as it is now; None while no base can be had."""
        with version.snapshot() as current:
            return self._state_of(current) if current is not None else None

    def _state_of(self, current: Version) -> IndexState | None:
        """Return the state of the record in a version; None if it cannot be had from memory."""
        state = self._state
        if state is not None and state.version == current:
            return state
        with self._refreshing:
            base = self._base
            if base is not None and base.epoch == current.epoch and base.number > current.number:
                return None  # A request that began later has moved on; few are left behind.
            if base is None or not base.can_follow(current):
                base = self._base = self._first_base(current)
            if base is None or not base.can_follow(current):
                return None
            state = self._follow(base, current)
            if self._state is None or not _is_later(self._state.version, current):
                self._state = state
            return state

    def _follow(self, base: Base, current: Version) -> IndexState | None:
        """Read what has changed since the base was made; to be called inside a snapshot."""
        last = self._state
        touched = sorted(version.touched_since(base.number))
        if len(touched) > REREAD_AFTER:
            self._run_in_background(self._rebuild)
            return None
        same_names = last is not None and (last.version.epoch, last.version.vocabulary) == (
            current.epoch,
            current.vocabulary,
        )
        keymap = last.keymap if last is not None and same_names else Keymap.read()
        deleted = base.segment.with_keys(touched)
        state = IndexState(current, keymap, base, deleted, loader.read_some(touched))
        if len(touched) > MERGE_AFTER:
            self._merge(state)
        return state

    def _merge(self, state: IndexState) -> None:
        """Make a new base of a state: at once, or in the background if the base is large."""

        def work() -> None:
            segment = merge(state.base.segment, state.deleted, state.changed.segment)
            self._base = Base(segment, state.version.epoch, state.version.number)
            _look_up_ahead(self._base)

        if len(state.base.segment) <= SMALL_RECORD:
            work()
        else:
            self._run_in_background(work)

    # Bases

    def _first_base(self, current: Version) -> Base | None:
        """Load the base saved for the record's epoch, or read a new one if that is quick."""
        base = storage.load(self._folder, current.epoch)
        if base is not None and base.can_follow(current):
            self._run_in_background(lambda: _look_up_ahead(base))
            return base
        if Event.objects.published().count() <= SMALL_RECORD:
            return read_base()
        self._run_in_background(self._rebuild)
        return None

    def _rebuild(self) -> None:
        base = read_base()
        if base is not None:
            storage.save(base, self._folder)
        self._base = base
        if base is not None:
            _look_up_ahead(base)

    def _run_in_background(self, work: Callable[[], None]) -> None:
        """Run a task in a thread of its own, unless another one is running."""
        if self._worker is not None and self._worker.is_alive():
            return

        def run() -> None:
            try:
                work()
            except Exception:
                _log.exception("The index could not be made anew; plain SQL answers meanwhile.")
            finally:
                connection.close()

        self._worker = Thread(target=run, name="index", daemon=True)
        self._worker.start()


def _is_later(version: Version, other: Version) -> bool:
    return version.epoch == other.epoch and version.number > other.number


def _look_up_ahead(base: Base) -> None:
    """Look up the common words of a large record, which takes tens of milliseconds for each."""
    if len(base.segment) > SMALL_RECORD:
        least = len(base.segment) // _COMMON
        for word in fulltext_lookup.common_words(least)[:LOOKED_UP_AHEAD]:
            for term in parse_query(word):
                base.look_up(SearchField.TEXT, term)


def needs_base(folder: Path) -> bool:
    """Whether the record is large and no base from which it can be followed is saved."""
    current = version.current()
    if current is None or Event.objects.published().count() <= SMALL_RECORD:
        return False
    base = storage.load(folder, current.epoch)
    return base is None or not base.can_follow(current)


def read_base() -> Base | None:
    """Read all events in one state of the record; None in a database that keeps no version."""
    with version.snapshot() as current:
        return Base(loader.read(), current.epoch, current.number) if current is not None else None
