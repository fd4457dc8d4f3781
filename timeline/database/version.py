"""The version of the record: one row that the database itself renews with every change.

Values are cached for one version, so that they are never older than the record, whoever changed it
and by whatever means. :mod:`timeline.database.triggers` renews the version and notes which events
a change touched (:class:`~timeline.models.EventRevision`), so that the index can be updated
without loading the whole record again.
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
    """The row of the version; see :class:`~timeline.models.RecordVersion`."""

    etag: str
    epoch: str
    number: int
    vocabulary: int
    labels_revision: int
    instruments: int


def wait_for_turn() -> None:
    """Wait, inside a transaction, until no other transaction is changing the record."""
    # SQLite's immediate transactions take turns anyway.
    if default.vendor == "postgresql":
        with default.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {VERSION} FOR UPDATE")  # noqa: S608


class _Scope:
    """The version that everything inside a block sees, None until it is first needed."""

    version: Version | None = None
    begun = False


_scope: ContextVar[_Scope | None] = ContextVar("version_of_the_record", default=None)


def current() -> Version | None:
    """Return the version that the current block sees, or outside a block the latest version.

    None inside a transaction, which may see changes that are never committed, and in a database
    without a version.
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
        cursor.execute(f"SELECT {', '.join(Version._fields)} FROM {VERSION}")  # noqa: S608
        row = cursor.fetchone()
    return Version(*row) if row else None


_BEGIN: Final = {
    "sqlite": "BEGIN",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


def _execute(statement: str) -> None:
    """Send a statement to the driver itself, so that it is not counted as a query."""
    default.ensure_connection()
    with default.wrap_database_errors:
        default.connection.execute(statement)


@contextmanager
def one_version() -> Iterator[None]:
    """Let all reads inside the block see one committed version of the record.

    A read-only transaction begins when the version is first needed, and ends with the block: later
    commits are not visible in it, and nobody waits. A nested block sees the version of the outer
    one.
    """
    if _scope.get() is not None:
        yield
        return
    scope = _Scope()
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)
        if scope.begun:
            _end()


def _end() -> None:
    try:
        _execute("ROLLBACK")
    except Error:
        # The next request cannot use a connection with an open transaction.
        default.close()


@contextmanager
def snapshot() -> Iterator[Version | None]:
    """Let all reads inside the block see one version, which it returns; None in a transaction."""
    with one_version():
        yield current()


def touched_since(number: int) -> dict[int, int]:
    """Map the events that changed after a version of this epoch to the number of the change."""
    with default.cursor() as cursor:
        cursor.execute(f"SELECT event, number FROM {REVISIONS} WHERE number > %s", [number])  # noqa: S608
        return dict(cursor.fetchall())


def revisions(events: Collection[int]) -> dict[int, int]:
    """Map those of some events that changed in this epoch to the number of their last change."""
    if not events:
        return {}
    placeholders = ", ".join(["%s"] * len(events))
    with default.cursor() as cursor:
        cursor.execute(
            f"SELECT event, number FROM {REVISIONS} WHERE event IN ({placeholders})",  # noqa: S608
            [*events],
        )
        return dict(cursor.fetchall())
