"""Full-text indexes over the search texts of events, remade after every migrate.

The words of a search text are already what is looked for, so both databases are told to take them
as they stand, each between blanks: no parser of theirs, no language and no locale is involved.

SQLite keeps an FTS5 table beside the events by triggers, which a bulk load takes away
(:func:`uninstall`); :func:`install` then reads the words of all events once. PostgreSQL keeps an
index for each search text over a function of ours.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from timeline.core.stemming import SIGN


class SearchField(StrEnum):
    """Which of an event's search texts is looked in."""

    TITLE = "title"
    QUOTATION = "quotation"
    TEXT = "text"

    @property
    def column(self) -> str:
        """The column that holds it."""
        return f"folded_{self}"


EVENTS: Final = "timeline_event"
TABLE: Final = "timeline_eventsearch"
WORDS: Final = "timeline_eventword"
"""SQLite's table of words, each with the number of events that hold it."""

FUNCTION: Final = "timeline_words"

_ROOM: Final = 1 << 20
"""Bytes of words that SQLite's index holds in memory before it writes them: its own default."""

_ROOM_FOR_ALL: Final = 64 << 20

_COLUMNS: Final = ", ".join(zone.column for zone in SearchField)
_OLD, _NEW = (", ".join(f"{row}.{zone.column}" for zone in SearchField) for row in ("OLD", "NEW"))
_DIFFERS: Final = " OR ".join(f"OLD.{zone.column} IS NOT NEW.{zone.column}" for zone in SearchField)
_FORGET: Final = (  # this and the next are made of names of this module only
    f"INSERT INTO {TABLE} ({TABLE}, rowid, {_COLUMNS}) VALUES ('delete', OLD.id, {_OLD})"  # noqa: S608
)
_LEARN: Final = f"INSERT INTO {TABLE} (rowid, {_COLUMNS}) VALUES (NEW.id, {_NEW})"  # noqa: S608

_TABLES_SQLITE: Final[dict[str, str]] = {
    TABLE: (
        f"CREATE VIRTUAL TABLE {TABLE} USING fts5({_COLUMNS}, content='{EVENTS}', "
        f"content_rowid='id', tokenize=\"ascii tokenchars '{SIGN}'\", prefix='2 3')"
    ),
    WORDS: f"CREATE VIRTUAL TABLE {WORDS} USING fts5vocab({TABLE}, row)",
}

_TRIGGERS_SQLITE: Final[Mapping[str, str]] = {
    f"{TABLE}_insert": (
        f"CREATE TRIGGER {TABLE}_insert AFTER INSERT ON {EVENTS} BEGIN {_LEARN}; END"
    ),
    f"{TABLE}_update": (
        f"CREATE TRIGGER {TABLE}_update AFTER UPDATE OF id, {_COLUMNS} ON {EVENTS} "
        f"WHEN OLD.id <> NEW.id OR {_DIFFERS} BEGIN {_FORGET}; {_LEARN}; END"
    ),
    f"{TABLE}_delete": (
        f"CREATE TRIGGER {TABLE}_delete AFTER DELETE ON {EVENTS} BEGIN {_FORGET}; END"
    ),
}

# Strict and dear, so that the planner neither unfolds the function nor prefers to call it for every
# row; words of a form are kept apart by single blanks, but a column may be written by hand.
_FUNCTION_POSTGRES: Final = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}(form text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
  AS $$ SELECT array_to_tsvector(array_remove(string_to_array(form, ' '), '')) $$
"""


# Asked through a function for its settings alone, which hold in any transaction: for a word that
# most events hold, the planner would read every event and work its words out again.
_HOLDING_POSTGRES: Final = """
CREATE OR REPLACE FUNCTION {name}(asked tsquery, said text) RETURNS bytea
  LANGUAGE sql STABLE SET enable_seqscan = off SET work_mem = '64MB'
  AS $$ SELECT string_agg(int8send(id), ''::bytea) FROM {events}
        WHERE {words}({column}) @@ asked AND (said IS NULL OR {column} LIKE said) $$
"""


def holding_function(zone: SearchField) -> str:
    """The name of PostgreSQL's function that gives the keys of the events that hold words."""
    return f"{EVENTS}s_with_{zone}"


def index_of(zone: SearchField) -> str:
    """The name of PostgreSQL's index over a search text."""
    return f"{EVENTS}_words_of_{zone}"


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the indexes exist and follow the events, in a database whose columns exist."""
    if connection.vendor == "postgresql":
        _install_postgres(connection)
    else:
        _install_sqlite(connection)


def _columns_exist(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        if EVENTS not in connection.introspection.table_names(cursor):
            return False
        found = connection.introspection.get_table_description(cursor, EVENTS)
    return {column.name for column in found} >= {zone.column for zone in SearchField}


def _install_postgres(connection: BaseDatabaseWrapper) -> None:
    if not _columns_exist(connection):
        return
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTION_POSTGRES)
        for zone in SearchField:
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {index_of(zone)} ON {EVENTS} "
                f"USING gin ({FUNCTION}({zone.column}))"
            )
            cursor.execute(
                _HOLDING_POSTGRES.format(
                    name=holding_function(zone), events=EVENTS, words=FUNCTION, column=zone.column
                )
            )


def _install_sqlite(connection: BaseDatabaseWrapper) -> None:
    """While all stands as it is made here, no event can have changed unseen."""
    wanted = {**_TABLES_SQLITE, **_TRIGGERS_SQLITE}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master")
        there = {name: sql for name, sql in cursor.fetchall() if name in wanted}
        if there == wanted:
            return
        uninstall(connection)
        for name, statement in reversed(_TABLES_SQLITE.items()):
            if there.get(name) not in (None, statement):
                cursor.execute(f"DROP TABLE {name}")
                del there[name]
        if not _columns_exist(connection):
            return
        for name, statement in _TABLES_SQLITE.items():
            if name not in there:
                cursor.execute(statement)
        _read_all(cursor)
        for statement in _TRIGGERS_SQLITE.values():
            cursor.execute(statement)


def _read_all(cursor: CursorWrapper) -> None:
    """Read the words of all events into SQLite's index.

    With room for more of them in memory it writes and merges fewer parts: half the time.
    """
    configure = f"INSERT INTO {TABLE} ({TABLE}, rank) VALUES ('hashsize', %s)"  # noqa: S608
    cursor.execute(configure, [_ROOM_FOR_ALL])
    cursor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('rebuild')")  # noqa: S608
    cursor.execute(configure, [_ROOM])


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Let events be written without their words until :func:`install` reads them anew."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for zone in SearchField:
                cursor.execute(f"DROP INDEX IF EXISTS {index_of(zone)}")
        else:
            for name in _TRIGGERS_SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
