"""Writing many rows at once: what slows a database down stands aside meanwhile.

All of it is one transaction. While it lasts, triggers, secondary indexes and (on PostgreSQL) keys
between tables are away from the tables that are written; all are made again at its end, or with
everything else when it fails. Other writers wait, and on PostgreSQL readers of these tables too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from django.apps import apps
from django.db import OperationalError, connection, models, transaction

from timeline.database.install import install, uninstall

Row = tuple[Any, ...]

Named = str | type[models.Model]
"""A model of the application by its name, or any model itself."""

_SQLITE_LOADING: Final = ("foreign_keys = OFF", "cache_size = -262144")
_SQLITE_UNHURRIED: Final = ("synchronous = OFF", *_SQLITE_LOADING)
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
def loading(
    names: Sequence[Named], say: Callable[[str], None], *, durable: bool = False
) -> Iterator[None]:
    """Let what slows down writing these models stand aside, in one transaction.

    Unless ``durable``, a power cut meanwhile may cost a SQLite file.
    """
    tables = [_model(name)._meta.db_table for name in names]
    with _loading_sqlite(durable=durable), transaction.atomic():
        _check_now()
        uninstall(connection)
        aside = _aside(tables)
        _run(away for away, _again in aside)
        yield
        _check_now()
        for away, again in reversed(aside):
            say(f"Making again: {away.split()[-1]}")
            _run([again])
        say("Making again: the full-text index")
        install(connection)
        _settle_keys(names)


@contextmanager
def _loading_sqlite(*, durable: bool) -> Iterator[None]:
    """Let SQLite check no keys and, unless ``durable``, trust the system to write in the end."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    # A rollback journal notes only the pages that were there before; a log would hold every page.
    _set_journal("TRUNCATE")
    _set(_SQLITE_LOADING if durable else _SQLITE_UNHURRIED)
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


_SETTLE_POSTGRES: Final = """
SELECT setval(counter, last) FROM (
  SELECT counter, GREATEST({last}, pg_sequence_last_value(counter)) AS last
  FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS counter) s) t
WHERE last IS NOT NULL
"""


def _settle_keys(names: Iterable[Named]) -> None:
    """Count on from the last key given; SQLite does so by itself."""
    if connection.vendor == "sqlite":
        return
    for name in names:
        if key := _model(name)._meta.auto_field:
            quote = connection.ops.quote_name
            table = quote(_model(name)._meta.db_table)
            last = f"(SELECT MAX({quote(str(key.column))}) FROM {table})"  # noqa: S608
            with connection.cursor() as cursor:
                cursor.execute(_SETTLE_POSTGRES.format(last=last), [table, key.column])


def count_on_from(name: Named, last: int) -> None:
    """Give no key up to this one to a row any more: histories may know rows that are gone."""
    key = _model(name)._meta.auto_field
    if key is None:
        return
    table = _model(name)._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            quoted = connection.ops.quote_name(table)
            cursor.execute(_SETTLE_POSTGRES.format(last="%s"), [last, quoted, key.column])
            return
        cursor.execute(
            "UPDATE sqlite_sequence SET seq = MAX(seq, %s) WHERE name = %s", [last, table]
        )
        if cursor.rowcount == 0:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


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

    def __init__(self, name: Named, given: Sequence[str], shared: Mapping[str, Any]) -> None:
        model = _model(name)
        known = {
            str(field.column) for field in model._meta.local_concrete_fields if not field.generated
        }
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


def _model(name: Named) -> type[models.Model]:
    return apps.get_model("timeline", name) if isinstance(name, str) else name


def count_anew() -> None:
    """Let the database learn how its rows are spread."""
    _run(["ANALYZE"])
