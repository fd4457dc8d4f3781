"""Triggers that renew the record's version with every change and note which events it touched.

On PostgreSQL, they renew the version once per statement, before it changes a row. The version's row
is then the first that any writer locks, so that writers take turns, as on SQLite, and never
deadlock.

SQLite drops a table's triggers whenever Django remakes the table, so :func:`install`, which is
idempotent, runs after every migrate.
"""

import hashlib
from collections.abc import Mapping
from itertools import chain
from typing import Final

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from timeline.database.version import REVISIONS, VERSION

_NOT_OF_THE_RECORD: Final = frozenset(
    {"recordversion", "eventrevision", "errorreport", "merge", "tally"}
)

_VERBS: Final = ("INSERT", "UPDATE", "DELETE")

_RANDOM: Final = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "md5(gen_random_uuid()::text)",
}
"""A random value, as an SQL expression."""

_OPTIONS: Final = frozenset(
    {"timeline_party", "timeline_sector", "timeline_framework", "timeline_place"}
)
"""Tables of the options of filters."""

_VOCABULARY: Final = _OPTIONS | {"timeline_succession"}
"""The same, with the table that says which parties are offered beside a chosen one."""

_LABELS: Final = _OPTIONS | {*("timeline_person", "timeline_office", "timeline_source")}
"""Tables whose rows are named on many events, which read differently when a row changes."""

_FORMER_NAMES: Final = "timeline_partyname"
"""A table whose new rows also change how events read: parties are called by the name of the day."""

_EVENT_COLUMNS: Final[Mapping[str, str]] = {
    "timeline_event": "id",
    **dict.fromkeys(
        (
            *("timeline_attendance", "timeline_commitment", "timeline_eventplace"),
            *("timeline_eventsector", "timeline_eventstep", "timeline_instrumentstep"),
            *("timeline_involvement", "timeline_participation", "timeline_statement"),
        ),
        "event_id",
    ),
}
"""Tables whose rows are an event or part of one, with the column for the key of the event."""

_CITED_PARTS: Final = ("participation", "attendance", "statement", "event_step")

_INSTRUMENT_STEPS: Final = "timeline_instrumentstep"
_INSTRUMENTS: Final = "timeline_instrument"
"""A table whose rows are named on the events that their steps name."""

_INSTRUMENT_TABLES: Final = frozenset(
    {_INSTRUMENTS, "timeline_instrumentparty", "timeline_instrumentstep"}
)
"""Tables whose rows are a text or part of one."""

_COMMITMENT_PARTS: Final = frozenset(
    {"timeline_commitmentparty", "timeline_commitmentsector", "timeline_statusupdate"}
)
"""Tables whose rows are part of a commitment, and so of the event at which it was made."""

_EVENT_OF_COMMITMENT: Final = "SELECT m.event_id AS event FROM timeline_commitment m WHERE m.id"
_EVENT_OF_STEP: Final = f"SELECT event_id AS event FROM {_INSTRUMENT_STEPS} WHERE id"  # noqa: S608
_COMMITMENT_OF_UPDATE: Final = "SELECT s.commitment_id FROM timeline_statusupdate s WHERE s.id"
"""Queries that are completed with a comparison of the key."""


def tables() -> list[str]:
    """Return the tables of the record, without histories and readers' reports."""
    return sorted(
        model._meta.db_table
        for model in apps.get_app_config("timeline").get_models()
        if model._meta.model_name not in _NOT_OF_THE_RECORD and not hasattr(model, "history_object")
    )


def _part_table(part: str) -> str:
    return f"timeline_{part.replace('_', '')}"


def _event_cited(row: str) -> str:
    """Return a query for the event that a citation supports, be it in a part or a commitment."""
    parts = (
        f"SELECT event_id FROM {_part_table(part)} WHERE id = {row}.{part}_id"  # noqa: S608
        for part in _CITED_PARTS
    )
    commitments = f"{_EVENT_OF_COMMITMENT} = {row}.commitment_id"
    updates = f"{_EVENT_OF_COMMITMENT} IN ({_COMMITMENT_OF_UPDATE} = {row}.status_update_id)"
    return " UNION ".join((f"SELECT {row}.event_id AS event", *parts, commitments, updates))


def _events_citing(row: str) -> str:
    """Return a query for the events that cite a source."""
    citations = f"timeline_citation c WHERE c.source_id = {row}.id"
    parts = (
        f"SELECT p.event_id FROM {_part_table(part)} p "  # noqa: S608
        f"WHERE p.id IN (SELECT c.{part}_id FROM {citations})"
        for part in _CITED_PARTS
    )
    cited_commitments = f"SELECT c.commitment_id FROM {citations}"  # noqa: S608
    cited_updates = f"SELECT c.status_update_id FROM {citations}"  # noqa: S608
    commitments = f"{_EVENT_OF_COMMITMENT} IN ({cited_commitments})"
    updates = f"{_EVENT_OF_COMMITMENT} IN ({_COMMITMENT_OF_UPDATE} IN ({cited_updates}))"
    return " UNION ".join(
        (f"SELECT c.event_id AS event FROM {citations}", *parts, commitments, updates)  # noqa: S608
    )


def _touched_events(table: str, verb: str) -> list[str]:
    """Return queries for the events that a change of a row touches."""
    rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[verb]
    if table in _EVENT_COLUMNS:
        touched = [f"SELECT {row}.{_EVENT_COLUMNS[table]} AS event" for row in rows]
        if table == _INSTRUMENT_STEPS:
            # The card of an event names no step that another one corrects, wherever that was done.
            touched += [f"{_EVENT_OF_STEP} = {row}.corrects_id" for row in rows]
        return touched
    if table == _INSTRUMENTS and verb == "UPDATE":
        return [
            "SELECT DISTINCT event_id AS event FROM timeline_instrumentstep "
            "WHERE instrument_id = NEW.id"
        ]
    if table in _COMMITMENT_PARTS:
        return [f"{_EVENT_OF_COMMITMENT} = {row}.commitment_id" for row in rows]
    if table == "timeline_citation":
        return [_event_cited(row) for row in rows]
    if table == "timeline_source" and verb == "UPDATE":
        citing = _events_citing("NEW")
        return [f"SELECT event FROM ({citing}) r WHERE OLD.kind <> NEW.kind"]  # noqa: S608
    if table == "timeline_sector" and verb == "UPDATE":
        return [
            "SELECT event_id AS event FROM timeline_eventsector WHERE sector_id = NEW.id "
            "AND COALESCE(OLD.parent_id, 0) <> COALESCE(NEW.parent_id, 0)"
        ]
    return []


def _touch(query: str) -> str:
    return (
        f"INSERT INTO {REVISIONS} (event, number) "  # noqa: S608 — names of this module only
        f"SELECT t.event, v.number FROM ({query}) t, {VERSION} v WHERE t.event IS NOT NULL "
        "ON CONFLICT (event) DO UPDATE SET number = excluded.number"
    )


def _renewal(vendor: str, table: str, verb: str) -> str:
    columns = ["number = number + 1", f"etag = {_RANDOM[vendor]}"]
    if table in _VOCABULARY:
        columns.append("vocabulary = number + 1")
    if table == _FORMER_NAMES or (table in _LABELS and verb != "INSERT"):
        columns.append("labels_revision = number + 1")
    if table in _INSTRUMENT_TABLES:
        columns.append("instruments = number + 1")
    if verb == "TRUNCATE":
        columns.append(f"epoch = {_RANDOM[vendor]}")
    return f"UPDATE {VERSION} SET {', '.join(columns)}"  # noqa: S608 — names of this module only


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers in a database whose tables exist, and begin a new epoch.

    Nothing is done if all triggers exist unchanged, as no change can then have gone unnoticed.
    """
    existing = set(connection.introspection.table_names())
    if not existing >= {VERSION, REVISIONS}:
        return
    statements = {
        table: _triggers(connection.vendor, table) for table in existing.intersection(tables())
    }
    digest = hashlib.blake2s(repr(sorted(statements.items())).encode(), digest_size=16).hexdigest()
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, VERSION)
        if "instruments" not in {column.name for column in columns}:
            # Migrated back to an older release, whose own code creates its triggers.
            return
        cursor.execute(f"SELECT triggers FROM {VERSION}")  # noqa: S608
        row = cursor.fetchone()
        names = {name for table in statements for name in _names(connection.vendor, table)}
        if row == (digest,) and _existing_triggers(connection) >= names:
            return
        if row is None:
            cursor.execute(
                f"INSERT INTO {VERSION} "  # noqa: S608
                "(number, etag, epoch, vocabulary, labels_revision, instruments, triggers) "
                "VALUES (0, '', '', 0, 0, 0, '')"
            )
        # Rows may have changed while there were no triggers, so the revisions are incomplete.
        cursor.execute(f"DELETE FROM {REVISIONS}")  # noqa: S608
        random = _RANDOM[connection.vendor]
        cursor.execute(
            f"UPDATE {VERSION} SET number = number + 1, etag = {random}, epoch = {random}, "  # noqa: S608
            "vocabulary = number + 1, labels_revision = number + 1, instruments = number + 1, "
            "triggers = %s",
            [digest],
        )
        for statement in chain.from_iterable(statements.values()):
            cursor.execute(statement)


def _existing_triggers(connection: BaseDatabaseWrapper) -> set[str]:
    queries = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(queries[connection.vendor])
        return {str(name) for (name,) in cursor.fetchall()}


def _names(vendor: str, table: str) -> list[str]:
    """Return the names of the triggers of a table."""
    if vendor == "sqlite":
        return [f"{table}_renews_version_{verb.lower()}" for verb in _VERBS]
    touches = any(_touched_events(table, verb) for verb in _VERBS)
    return [f"{table}_renews_version", *([f"{table}_touches_events"] if touches else [])]


def _triggers(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return _triggers_postgres(table)
    statements: list[str] = []
    for verb in _VERBS:
        name = f"{table}_renews_version_{verb.lower()}"
        body = [_renewal(vendor, table, verb), *map(_touch, _touched_events(table, verb))]
        statements += [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} AFTER {verb} ON {table} BEGIN {'; '.join(body)}; END",
        ]
    return statements


def _triggers_postgres(table: str) -> list[str]:
    renews, touches = f"{table}_renews_version", f"{table}_touches_events"
    renewals = " ".join(
        f"IF TG_OP = '{verb}' THEN {_renewal('postgresql', table, verb)}; END IF;"
        for verb in (*_VERBS, "TRUNCATE")
    )
    touched = " ".join(
        f"IF TG_OP = '{verb}' THEN {'; '.join(map(_touch, queries))}; END IF;"
        for verb in _VERBS
        if (queries := _touched_events(table, verb))
    )
    statements = [
        f"CREATE OR REPLACE FUNCTION {renews}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {renewals} RETURN NULL; END $$",
        f"DROP TRIGGER IF EXISTS {renews} ON {table}",
        f"CREATE TRIGGER {renews} BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {renews}()",
    ]
    if touched:
        statements += [
            f"CREATE OR REPLACE FUNCTION {touches}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {touched} RETURN NULL; END $$",
            f"DROP TRIGGER IF EXISTS {touches} ON {table}",
            f"CREATE TRIGGER {touches} AFTER INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {touches}()",
        ]
    return statements


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers until :func:`install` creates them again.

    SQLite refuses to remake a table that the triggers of other tables name, and a bulk load need
    not renew the version with every row.
    """
    on = "" if connection.vendor == "sqlite" else " ON {table}"
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names()).intersection(tables()):
            for name in _names(connection.vendor, table):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on.format(table=table)}")
