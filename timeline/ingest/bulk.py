"""Writing many rows at once: what slows a database down stands aside meanwhile.

All of it is one transaction. While it lasts, triggers, secondary indexes and (on PostgreSQL) keys
between tables are away from the tables that are written; all are made again at its end, or with
everything else when it fails. Other writers wait, and on PostgreSQL readers of these tables too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from django.apps import apps
from django.core.management.color import no_style
from django.db import OperationalError, connection, models, transaction

from timeline import constraints, fulltext, version

Row = tuple[Any, ...]

_SQLITE_LOADING: Final = (
    "synchronous = OFF",
    "foreign_keys = OFF",
    "cache_size = -262144",
)
_SQLITE_AGAIN: Final = (
    "synchronous = FULL",
    "foreign_keys = ON",
    "cache_size = -2000",
)

_POSTGRES_INDEXES: Final = """
SELECT format('DROP INDEX %%I', c.relname), pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relname = ANY(%s) AND t.relnamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
ORDER BY c.relname
"""
_POSTGRES_KEYS: Final = """
SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', t.relname, k.conname),
format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', t.relname, k.conname, pg_get_constraintdef(k.oid))
FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
WHERE k.contype = 'f' AND t.relname = ANY(%s)
AND t.relnamespace = current_schema()::regnamespace ORDER BY k.conname
"""
_SQLITE_INDEXES: Final = """
SELECT 'DROP INDEX "' || name || '"', sql FROM sqlite_master
WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s ORDER BY name
"""


@contextmanager
def loading(names: Sequence[str], say: Callable[[str], None]) -> Iterator[None]:
    """Let what slows down writing these models stand aside, in one transaction."""
    tables = [_model(name)._meta.db_table for name in names]
    with _unhurried_disk(), transaction.atomic():
        _check_now()
        version.lift(connection)
        constraints.lift(connection)
        fulltext.lift(connection)
        aside = _aside(tables)
        _run(away for away, _again in aside)
        yield
        _check_now()
        for away, again in reversed(aside):
            say(f"Making again: {away.split()[-1]}")
            _run([again])
        say("Making again: the full-text index")
        fulltext.ensure(connection)
        constraints.ensure(connection)
        version.ensure(connection)
        _settle_keys(names)


@contextmanager
def _unhurried_disk() -> Iterator[None]:
    """On SQLite, trust the system to write in the end: a power cut meanwhile may cost the file."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    # A rollback journal notes only the pages that were there before; a log would hold every page.
    _set_journal("TRUNCATE")
    _set(_SQLITE_LOADING)
    try:
        yield
    finally:
        _set(_SQLITE_AGAIN)
        _set_journal("WAL")


def _set_journal(mode: str) -> None:
    """Keep another journal, unless somebody else has the file open: SQLite then refuses.

    The load goes on with the journal there is, only slower. A file left with a rollback journal
    gets its log back from the next connection that is made.
    """
    with suppress(OperationalError):
        _set([f"journal_mode = {mode}"])


def _check_now() -> None:
    """Let PostgreSQL check the keys that it put off: it changes no table while any wait."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


def _set(pragmas: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")


def _aside(tables: Sequence[str]) -> list[tuple[str, str]]:
    """What takes each index, key and trigger away, and what brings it back."""
    found: list[tuple[str, str]] = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in tables:
                found += cursor.execute(_SQLITE_INDEXES, [table]).fetchall()
            return found
        for question in (_POSTGRES_INDEXES, _POSTGRES_KEYS):
            cursor.execute(question, [list(tables)])
            found += cursor.fetchall()
    triggers = ("ALTER TABLE {} DISABLE TRIGGER USER", "ALTER TABLE {} ENABLE TRIGGER USER")
    return [(triggers[0].format(table), triggers[1].format(table)) for table in tables] + found


def _run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _settle_keys(names: Iterable[str]) -> None:
    """Count on from the last key given; SQLite does so by itself."""
    of = [_model(name) for name in names]
    _run(connection.ops.sequence_reset_sql(no_style(), of))


def free_keys(names: Iterable[str]) -> dict[str, int]:
    """The first key of each model that no row has or ever had: histories may know those."""
    found = {}
    with connection.cursor() as cursor:
        for name in names:
            table = _model(name)._meta.db_table
            if connection.vendor == "sqlite":
                question = "SELECT COALESCE(MAX(seq), 0) + 1 FROM sqlite_sequence WHERE name = %s"
                cursor.execute(question, [table])
            else:
                cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
            found[name] = int(cursor.fetchone()[0])
    return found


class Writer:
    """Writes the rows of one model; columns that all rows share are given once."""

    def __init__(self, name: str, given: Sequence[str], shared: Mapping[str, Any]) -> None:
        model = _model(name)
        known = {str(field.column) for field in model._meta.concrete_fields}
        if known != {*given, *shared} or len(known) != len(given) + len(shared):
            odd = ", ".join(sorted(known ^ {*given, *shared}))
            raise LookupError(f"{name}: each column needs one value, but not so {odd}.")
        self._shared = tuple(shared.values())
        columns = ", ".join(map(connection.ops.quote_name, (*given, *shared)))
        self._into = f"{connection.ops.quote_name(model._meta.db_table)} ({columns})"
        self._marks = ", ".join("?" * len(known))

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows as they are: no default is filled in, and no rule of the model is asked."""
        connection.ensure_connection()
        whole = (row + self._shared for row in rows)
        if connection.vendor == "sqlite":
            statement = f"INSERT INTO {self._into} VALUES ({self._marks})"  # noqa: S608
            connection.connection.executemany(statement, whole)
            return
        with connection.cursor() as cursor, cursor.copy(f"COPY {self._into} FROM STDIN") as copy:
            for row in whole:
                copy.write_row(row)


def _model(name: str) -> type[models.Model]:
    return apps.get_model("timeline", name)


def count_anew() -> None:
    """Let the database learn how its rows are spread."""
    _run(["ANALYZE"])
