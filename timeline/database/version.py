"""The version of the record: one row that the database itself renews with every change.

Whatever is cached is cached for one version, so that it is never older than the record, whoever
changed it and by whatever means. :mod:`timeline.database.triggers` renews the version, and notes
which events a change touched (:class:`~timeline.models.EventRevision`), so that the index can
follow the record without reading it again.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple

from django.db import Error
from django.db import connection as default

VERSION: Final = "timeline_recordversion"
REVISIONS: Final = "timeline_eventrevision"


class Version(NamedTuple):
    """What the version's row says; see :class:`~timeline.models.RecordVersion`."""

    etag: str
    epoch: str
    number: int
    vocabulary: int
    labels_revision: int


def wait_for_turn() -> None:
    """Wait, in a transaction, until no other transaction is changing the record.

    SQLite's immediate transactions take turns anyway.
    """
    if default.vendor == "postgresql":
        with default.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {VERSION} FOR UPDATE")  # noqa: S608


class _Scope:
    """The version that everything inside one block sees; None until it is first asked for."""

    version: Version | None = None
    begun = False


_scope: ContextVar[_Scope | None] = ContextVar("version_of_the_record", default=None)


def current() -> Version | None:
    """The record's version: the one that the block sees, else the one that stands now.

    None inside a transaction, which may see what nobody else ever will, and in a database that
    keeps no version.
    """
    if default.in_atomic_block:
        return None
    scope = _scope.get()
    if scope is None:
        return _read()
    if not scope.begun:
        _execute(_BEGIN[default.vendor])
        scope.begun = True
        scope.version = _read()
    return scope.version


def _read() -> Version | None:
    with default.cursor() as cursor:
        cursor.execute(f"SELECT etag, epoch, number, vocabulary, labels_revision FROM {VERSION}")  # noqa: S608
        row = cursor.fetchone()
    return Version(*row) if row else None


_BEGIN: Final = {
    "sqlite": "BEGIN",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


def _execute(statement: str) -> None:
    """Send the driver a statement that is no question, and so is not counted as one."""
    default.ensure_connection()
    with default.wrap_database_errors:
        default.connection.execute(statement)


@contextmanager
def one_version() -> Iterator[None]:
    """Let everything that is read in the block see one committed version of the record.

    A transaction that only reads begins when the version is first asked for, and ends with the
    block: what others commit meanwhile stays unseen, and nobody waits. A block inside another sees
    what the outer one does.
    """
    if _scope.get() is not None:
        yield
        return
    scope = _Scope()
    entered = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(entered)
        if scope.begun:
            _end()


def _end() -> None:
    """End the transaction; a connection that cannot is of no use to the next reader."""
    try:
        _execute("ROLLBACK")
    except Error:
        default.close()


@contextmanager
def snapshot() -> Iterator[Version | None]:
    """Read one committed version of the record, and say which; None inside a transaction."""
    with one_version():
        yield current()


def touched_since(number: int) -> dict[int, int]:
    """The events that changed after a version of this epoch, each with the number it changed in."""
    with default.cursor() as cursor:
        cursor.execute(f"SELECT event, number FROM {REVISIONS} WHERE number > %s", [number])  # noqa: S608
        return dict(cursor.fetchall())


def revisions(events: Collection[int]) -> dict[int, int]:
    """The number in which each of these events last changed in this epoch, if it did."""
    if not events:
        return {}
    places = ", ".join(["%s"] * len(events))
    with default.cursor() as cursor:
        cursor.execute(
            f"SELECT event, number FROM {REVISIONS} WHERE event IN ({places})",  # noqa: S608
            [*events],
        )
        return dict(cursor.fetchall())
