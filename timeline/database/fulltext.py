"""Full-text indexes over the search texts of events, reinstalled after every migrate.

The words of a search text are already in the form that is looked up, so both databases take them as
they are, separated by spaces: no parser, language or locale of theirs is involved.

On SQLite, triggers keep an FTS5 table up to date with the events. A bulk load drops the triggers
(:func:`uninstall`), and :func:`install` then indexes all events at once. On PostgreSQL, each search
text has an expression index over a function of our own.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from timeline.core.stemming import SIGN


class SearchField(StrEnum):
    """The search texts of an event."""

    TITLE = "title"
    QUOTATION = "quotation"
    TEXT = "text"

    @property
    def column(self) -> str:
        """The column with the search text."""
        return f"folded_{self}"


EVENTS: Final = "timeline_event"
TABLE: Final = "timeline_eventsearch"
WORDS: Final = "timeline_eventword"
"""SQLite's table of words, each with the number of events that contain it."""

FUNCTION: Final = "timeline_words"

_HASH_SIZE: Final = 1 << 20
"""Bytes of words that FTS5 buffers in memory before it writes them: its own default."""

_HASH_SIZE_OF_REBUILD: Final = 64 << 20
"""Enough for a rebuild to write and merge fewer segments, which takes half the time."""

_COLUMNS: Final = ", ".join(field.column for field in SearchField)
_OLD, _NEW = (", ".join(f"{row}.{field.column}" for field in SearchField) for row in ("OLD", "NEW"))
_CHANGED: Final = " OR ".join(
    f"OLD.{field.column} IS NOT NEW.{field.column}" for field in SearchField
)
_DELETE_ROW: Final = (  # this and the next consist of names of this module only
    f"INSERT INTO {TABLE} ({TABLE}, rowid, {_COLUMNS}) VALUES ('delete', OLD.id, {_OLD})"  # noqa: S608
)
_INSERT_ROW: Final = f"INSERT INTO {TABLE} (rowid, {_COLUMNS}) VALUES (NEW.id, {_NEW})"  # noqa: S608

_TABLES_SQLITE: Final[dict[str, str]] = {
    TABLE: (
        f"CREATE VIRTUAL TABLE {TABLE} USING fts5({_COLUMNS}, content='{EVENTS}', "
        f"content_rowid='id', tokenize=\"ascii tokenchars '{SIGN}'\", prefix='2 3')"
    ),
    WORDS: f"CREATE VIRTUAL TABLE {WORDS} USING fts5vocab({TABLE}, row)",
}

_TRIGGERS_SQLITE: Final[Mapping[str, str]] = {
    f"{TABLE}_insert": (
        f"CREATE TRIGGER {TABLE}_insert AFTER INSERT ON {EVENTS} BEGIN {_INSERT_ROW}; END"
    ),
    f"{TABLE}_update": (
        f"CREATE TRIGGER {TABLE}_update AFTER UPDATE OF id, {_COLUMNS} ON {EVENTS} "
        f"WHEN OLD.id <> NEW.id OR {_CHANGED} BEGIN {_DELETE_ROW}; {_INSERT_ROW}; END"
    ),
    f"{TABLE}_delete": (
        f"CREATE TRIGGER {TABLE}_delete AFTER DELETE ON {EVENTS} BEGIN {_DELETE_ROW}; END"
    ),
}

# STRICT and a high COST keep the planner from inlining the function and from calling it for every
# row. The empty string is removed as somebody may have written the column by hand, not with single
# spaces. CREATE OR REPLACE cannot rename parameters, here and below.
_FUNCTION_POSTGRES: Final = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}(form text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
  AS $$ SELECT array_to_tsvector(array_remove(string_to_array(form, ' '), '')) $$
"""


# A function only for the sake of its settings, which apply in any transaction: for a word that most
# events contain, the planner would scan every event and compute its words again.
_HOLDING_POSTGRES: Final = """
CREATE OR REPLACE FUNCTION {name}(asked tsquery, said text) RETURNS bytea
  LANGUAGE sql STABLE SET enable_seqscan = off SET work_mem = '64MB'
  AS $$ SELECT string_agg(int8send(id), ''::bytea) FROM {events}
        WHERE {words}({column}) @@ asked AND (said IS NULL OR {column} LIKE said) $$
"""


def lookup_function(field: SearchField) -> str:
    """Return the name of PostgreSQL's function for the keys of events that contain words."""
    return f"{EVENTS}s_with_{field}"


def index_name(field: SearchField) -> str:
    """Return the name of PostgreSQL's index over a search text."""
    return f"{EVENTS}_words_of_{field}"


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the indexes, up to date, in a database whose columns exist."""
    if connection.vendor == "postgresql":
        _install_postgres(connection)
    else:
        _install_sqlite(connection)


def _columns_exist(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        if EVENTS not in connection.introspection.table_names(cursor):
            return False
        columns = connection.introspection.get_table_description(cursor, EVENTS)
    return {column.name for column in columns} >= {field.column for field in SearchField}


def _install_postgres(connection: BaseDatabaseWrapper) -> None:
    if not _columns_exist(connection):
        return
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTION_POSTGRES)
        for field in SearchField:
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {index_name(field)} ON {EVENTS} "
                f"USING gin ({FUNCTION}({field.column}))"
            )
            cursor.execute(
                _HOLDING_POSTGRES.format(
                    name=lookup_function(field), events=EVENTS, words=FUNCTION, column=field.column
                )
            )


def _install_sqlite(connection: BaseDatabaseWrapper) -> None:
    statements = {**_TABLES_SQLITE, **_TRIGGERS_SQLITE}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master")
        existing = {name: sql for name, sql in cursor.fetchall() if name in statements}
        if existing == statements:
            # As the triggers exist unchanged, the index is up to date.
            return
        uninstall(connection)
        for name, statement in reversed(_TABLES_SQLITE.items()):
            if existing.get(name) not in (None, statement):
                cursor.execute(f"DROP TABLE {name}")
                del existing[name]
        if not _columns_exist(connection):
            return
        for name, statement in _TABLES_SQLITE.items():
            if name not in existing:
                cursor.execute(statement)
        _rebuild(cursor)
        for statement in _TRIGGERS_SQLITE.values():
            cursor.execute(statement)


def _rebuild(cursor: CursorWrapper) -> None:
    """Index the words of all events on SQLite."""
    configure = f"INSERT INTO {TABLE} ({TABLE}, rank) VALUES ('hashsize', %s)"  # noqa: S608
    cursor.execute(configure, [_HASH_SIZE_OF_REBUILD])
    cursor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('rebuild')")  # noqa: S608
    cursor.execute(configure, [_HASH_SIZE])


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Stop indexing events that are written, until :func:`install` indexes all of them again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for field in SearchField:
                cursor.execute(f"DROP INDEX IF EXISTS {index_name(field)}")
        else:
            for name in _TRIGGERS_SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
