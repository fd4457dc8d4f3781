"""Bulk loads, without the indexes and triggers that would slow them down.

A load is one transaction. It drops the triggers, secondary indexes and, on PostgreSQL, foreign keys
of the tables that are written, and creates them again at the end; if it fails, all is rolled back.
Other writers wait, and on PostgreSQL readers of these tables too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from django.apps import apps
from django.db import OperationalError, connection, models, transaction

from timeline.database.install import install, uninstall

ModelOrName = str | type[models.Model]
"""A model, or the name of a model of the application."""

_SQLITE_LOADING: Final = ("foreign_keys = OFF", "cache_size = -262144")
_SQLITE_LOADING_NOT_DURABLE: Final = ("synchronous = OFF", *_SQLITE_LOADING)
_SQLITE_RESET: Final = (
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
    names: Sequence[ModelOrName], say: Callable[[str], None], *, durable: bool = False
) -> Iterator[None]:
    """Load rows of these models inside the block, in one transaction.

    Unless ``durable``, a power failure during the load may corrupt a SQLite file.
    """
    tables = [_model(name)._meta.db_table for name in names]
    with _loading_sqlite(durable=durable), transaction.atomic():
        _check_deferred_constraints()
        uninstall(connection)
        statements = _drop_and_create_statements(tables)
        _run(drop for drop, _create in statements)
        yield
        _check_deferred_constraints()
        for drop, create in reversed(statements):
            say(f"Making again: {drop.split()[-1]}")
            _run([create])
        say("Making again: the full-text index")
        install(connection)
        _advance_sequences(names)


@contextmanager
def _loading_sqlite(*, durable: bool) -> Iterator[None]:
    """Set SQLite's pragmas for a load: no checks of foreign keys, and no sync unless durable."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    # A rollback journal contains only pages that existed before, the log would contain every page.
    _set_journal("TRUNCATE")
    _set_pragmas(_SQLITE_LOADING if durable else _SQLITE_LOADING_NOT_DURABLE)
    try:
        yield
    finally:
        _set_pragmas(_SQLITE_RESET)
        _set_journal("WAL")


def _set_journal(mode: str) -> None:
    # SQLite refuses while another process has the file open. The load then goes on with the current
    # journal, only slower. The next connection sets a file left with a rollback journal to WAL.
    with suppress(OperationalError):
        _set_pragmas([f"journal_mode = {mode}"])


def _check_deferred_constraints() -> None:
    # PostgreSQL alters no table with checks pending.
    if connection.vendor == "postgresql":
        connection.check_constraints()


def _set_pragmas(pragmas: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")


def _drop_and_create_statements(tables: Sequence[str]) -> list[tuple[str, str]]:
    """Return pairs of statements that drop and create each index, foreign key and trigger."""
    statements: list[tuple[str, str]] = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in tables:
                statements += cursor.execute(_SQLITE_INDEXES, [table]).fetchall()
            return statements
        for query in (_POSTGRES_INDEXES, _POSTGRES_KEYS):
            cursor.execute(query, [list(tables)])
            statements += cursor.fetchall()
    disable, enable = "ALTER TABLE {} DISABLE TRIGGER USER", "ALTER TABLE {} ENABLE TRIGGER USER"
    triggers = [(disable.format(table), enable.format(table)) for table in tables]
    return triggers + statements


def _run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


_ADVANCE_POSTGRES: Final = """
SELECT setval(counter, last) FROM (
  SELECT counter, GREATEST({last}, pg_sequence_last_value(counter)) AS last
  FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS counter) s) t
WHERE last IS NOT NULL
"""


def _advance_sequences(names: Iterable[ModelOrName]) -> None:
    """Advance the sequences to the highest keys written."""
    if connection.vendor == "sqlite":
        # SQLite does so by itself.
        return
    for name in names:
        if key := _model(name)._meta.auto_field:
            quote = connection.ops.quote_name
            table = quote(_model(name)._meta.db_table)
            last = f"(SELECT MAX({quote(str(key.column))}) FROM {table})"  # noqa: S608
            with connection.cursor() as cursor:
                cursor.execute(_ADVANCE_POSTGRES.format(last=last), [table, key.column])


def reserve_keys(name: ModelOrName, last: int) -> None:
    """Assign no key up to a last one again, as histories may refer to deleted rows."""
    key = _model(name)._meta.auto_field
    if key is None:
        return
    table = _model(name)._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            quoted = connection.ops.quote_name(table)
            cursor.execute(_ADVANCE_POSTGRES.format(last="%s"), [last, quoted, key.column])
            return
        cursor.execute(
            "UPDATE sqlite_sequence SET seq = MAX(seq, %s) WHERE name = %s", [last, table]
        )
        if cursor.rowcount == 0:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def free_keys(names: Iterable[str]) -> dict[str, int]:
    """Return the first key of each model that no row has or ever had.

    Keys of deleted rows are not free, as histories may refer to them.
    """
    keys = {}
    with connection.cursor() as cursor:
        for name in names:
            table = _model(name)._meta.db_table
            if connection.vendor == "sqlite":
                query = "SELECT COALESCE(MAX(seq), 0) + 1 FROM sqlite_sequence WHERE name = %s"
                cursor.execute(query, [table])
            else:
                cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
            keys[name] = int(cursor.fetchone()[0])
    return keys


class BulkWriter:
    """Writes rows of a model.

    Rows contain the values of ``columns``; ``shared`` are the values of columns in which all rows
    are alike. Raises LookupError unless each column of the model has exactly one of the two.
    """

    def __init__(
        self, name: ModelOrName, columns: Sequence[str], shared: Mapping[str, Any]
    ) -> None:
        model = _model(name)
        expected = {
            str(field.column) for field in model._meta.local_concrete_fields if not field.generated
        }
        if expected != {*columns, *shared} or len(expected) != len(columns) + len(shared):
            differing = ", ".join(sorted(expected ^ {*columns, *shared}))
            raise LookupError(f"{name}: each column needs one value, but not so {differing}.")
        self._shared = tuple(shared.values())
        quoted = ", ".join(map(connection.ops.quote_name, (*columns, *shared)))
        self._into = f"{connection.ops.quote_name(model._meta.db_table)} ({quoted})"
        self._placeholders = ", ".join("?" * len(expected))

    def write(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Insert rows as they are, without defaults and without validation by the model."""
        connection.ensure_connection()
        full_rows = (row + self._shared for row in rows)
        if connection.vendor == "sqlite":
            statement = f"INSERT INTO {self._into} VALUES ({self._placeholders})"  # noqa: S608
            connection.connection.executemany(statement, full_rows)
            return
        with connection.cursor() as cursor, cursor.copy(f"COPY {self._into} FROM STDIN") as copy:
            for row in full_rows:
                copy.write_row(row)


def _model(name: ModelOrName) -> type[models.Model]:
    return apps.get_model("timeline", name) if isinstance(name, str) else name


def analyze() -> None:
    """Update the statistics of the query planner."""
    _run(["ANALYZE"])
