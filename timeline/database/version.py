"""The version of the record: one row that the database itself renews with every change.

Whatever is cached is cached for one version, so that it is never older than the record, whoever
changed it and by whatever means. :mod:`timeline.database.triggers` renews the version, and notes
which events a change touched (:class:`~timeline.models.EventRevision`), so that the index can
follow the record without reading it again.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from django.db import connection as default

VERSION: Final = "timeline_recordversion"
REVISIONS: Final = "timeline_eventrevision"


class Version(NamedTuple):
    """What the version's row says; see :class:`~timeline.models.RecordVersion`."""

    token: str
    era: str
    number: int
    vocabulary: int
    wording: int


def wait_for_turn() -> None:
    """Wait, in a transaction, until no other transaction is changing the record.

    SQLite's immediate transactions take turns anyway.
    """
    if default.vendor == "postgresql":
        with default.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {VERSION} FOR UPDATE")  # noqa: S608


def current() -> Version | None:
    """The record's version as everybody sees it.

    None inside a transaction, which may see what nobody else ever will, and in a database that
    keeps no version.
    """
    return None if default.in_atomic_block else _read()


def _read() -> Version | None:
    with default.cursor() as cursor:
        cursor.execute(f"SELECT token, era, number, vocabulary, wording FROM {VERSION}")  # noqa: S608
        row = cursor.fetchone()
    return Version(*row) if row else None


@contextmanager
def snapshot() -> Iterator[Version | None]:
    """Read one committed state of the record, and say which; only outside a transaction.

    Whatever others commit meanwhile stays unseen. Nobody waits for it, and it writes nothing.
    """
    begin = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
    with default.cursor() as cursor:
        cursor.execute(begin[default.vendor])
        try:
            yield _read()
        finally:
            cursor.execute("ROLLBACK")


def touched_since(number: int) -> dict[int, int]:
    """The events that changed after a version of this era, each with the number it changed in."""
    with default.cursor() as cursor:
        cursor.execute(f"SELECT event, number FROM {REVISIONS} WHERE number > %s", [number])  # noqa: S608
        return dict(cursor.fetchall())


def revisions(events: Collection[int]) -> dict[int, int]:
    """The number in which each of these events last changed in this era; none where it did not."""
    if not events:
        return {}
    places = ", ".join(["%s"] * len(events))
    with default.cursor() as cursor:
        cursor.execute(
            f"SELECT event, number FROM {REVISIONS} WHERE event IN ({places})",  # noqa: S608
            [*events],
        )
        return dict(cursor.fetchall())
