"""Triggers that renew the record's version with every change and note which events it touched.

On PostgreSQL they renew it once for each statement and before it touches a row: the version's own
row is then the first that any writer locks, so that writers take turns, as they do on SQLite, and
never wait for each other in a circle.

SQLite drops a table's triggers whenever Django remakes the table, so :func:`install` runs after
every migrate; it is idempotent.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from timeline.database.version import REVISIONS, VERSION

_NOT_OF_THE_RECORD: Final = frozenset({"recordversion", "eventrevision", "errorreport", "tally"})

_VERBS: Final = ("INSERT", "UPDATE", "DELETE")

_DRAWN: Final = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "md5(gen_random_uuid()::text)",
}

_VOCABULARY: Final = frozenset({"timeline_party", "timeline_sector", "timeline_framework"})
"""Tables of what filters offer."""

_WORDING: Final = _VOCABULARY | {
    *("timeline_place", "timeline_person", "timeline_office", "timeline_source")
}
"""Tables of what many events name: a changed row changes how they read."""

_EVENT_COLUMNS: Final[Mapping[str, str]] = {
    "timeline_event": "id",
    **dict.fromkeys(
        (
            *("timeline_attendance", "timeline_commitment", "timeline_eventsector"),
            *("timeline_eventstep", "timeline_involvement", "timeline_participation"),
            "timeline_statement",
        ),
        "event_id",
    ),
}
"""Tables whose rows are an event or a part of one, with the column that says which."""

_CITED_PARTS: Final = ("participation", "attendance", "statement", "event_step")

_COMMITMENT_PARTS: Final = frozenset(
    {"timeline_commitmentparty", "timeline_commitmentsector", "timeline_statusupdate"}
)
"""Tables whose rows are a part of a commitment, and so of the event at which it was made."""

_MADE: Final = "SELECT m.event_id AS event FROM timeline_commitment m WHERE m.id"
_TOLD: Final = "SELECT s.commitment_id FROM timeline_statusupdate s WHERE s.id"


def tables() -> list[str]:
    """The tables whose rows make up the record; histories and readers' reports are not of it."""
    return sorted(
        model._meta.db_table
        for model in apps.get_app_config("timeline").get_models()
        if model._meta.model_name not in _NOT_OF_THE_RECORD and not hasattr(model, "history_object")
    )


def _part_table(part: str) -> str:
    return f"timeline_{part.replace('_', '')}"


def _cited(row: str) -> str:
    """A question for the events that a citation supports, in a part of theirs or a commitment."""
    parts = (
        f"SELECT event_id FROM {_part_table(part)} WHERE id = {row}.{part}_id"  # noqa: S608
        for part in _CITED_PARTS
    )
    promised = f"{_MADE} = {row}.commitment_id"
    told = f"{_MADE} IN ({_TOLD} = {row}.status_update_id)"
    return " UNION ".join((f"SELECT {row}.event_id AS event", *parts, promised, told))


def _relying(row: str) -> str:
    """A question for the events that rely on a source."""
    citations = f"timeline_citation c WHERE c.source_id = {row}.id"
    parts = (
        f"SELECT p.event_id FROM {_part_table(part)} p "  # noqa: S608
        f"WHERE p.id IN (SELECT c.{part}_id FROM {citations})"
        for part in _CITED_PARTS
    )
    promised = f"{_MADE} IN (SELECT c.commitment_id FROM {citations})"  # noqa: S608
    told = f"{_MADE} IN ({_TOLD} IN (SELECT c.status_update_id FROM {citations}))"  # noqa: S608
    return " UNION ".join(
        (f"SELECT c.event_id AS event FROM {citations}", *parts, promised, told)  # noqa: S608
    )


def _touched(table: str, verb: str) -> list[str]:
    """Questions for the events that a change of a row touches."""
    rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[verb]
    if table in _EVENT_COLUMNS:
        return [f"SELECT {row}.{_EVENT_COLUMNS[table]} AS event" for row in rows]
    if table in _COMMITMENT_PARTS:
        return [f"{_MADE} = {row}.commitment_id" for row in rows]
    if table == "timeline_citation":
        return [_cited(row) for row in rows]
    if table == "timeline_source" and verb == "UPDATE":
        return [f"SELECT event FROM ({_relying('NEW')}) r WHERE OLD.kind <> NEW.kind"]  # noqa: S608
    if table == "timeline_sector" and verb == "UPDATE":
        return [
            "SELECT event_id AS event FROM timeline_eventsector WHERE sector_id = NEW.id "
            "AND COALESCE(OLD.parent_id, 0) <> COALESCE(NEW.parent_id, 0)"
        ]
    return []


def _touch(question: str) -> str:
    return (
        f"INSERT INTO {REVISIONS} (event, number) "  # noqa: S608 — names of this module only
        f"SELECT t.event, v.number FROM ({question}) t, {VERSION} v WHERE t.event IS NOT NULL "
        "ON CONFLICT (event) DO UPDATE SET number = excluded.number"
    )


def _renewal(vendor: str, table: str, verb: str) -> str:
    columns = ["number = number + 1", f"etag = {_DRAWN[vendor]}"]
    if table in _VOCABULARY:
        columns.append("vocabulary = number + 1")
    if table in _WORDING and verb != "INSERT":
        columns.append("labels_revision = number + 1")
    if verb == "TRUNCATE":
        columns.append(f"epoch = {_DRAWN[vendor]}")
    return f"UPDATE {VERSION} SET {', '.join(columns)}"  # noqa: S608 — names of this module only


def install(connection: BaseDatabaseWrapper) -> None:
    """Make every change of the record renew its version, in a database whose tables exist.

    While all triggers stand as they are made here no change can have gone untold, and nothing is
    done; otherwise a new epoch begins.
    """
    there = set(connection.introspection.table_names())
    if not there >= {VERSION, REVISIONS}:
        return
    made = {table: _triggers(connection.vendor, table) for table in there.intersection(tables())}
    digest = hashlib.blake2s(repr(sorted(made.items())).encode(), digest_size=16).hexdigest()
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, VERSION)
        if "etag" not in {column.name for column in columns}:
            # Migrated back to an older release, whose own code makes its triggers.
            return
        cursor.execute(f"SELECT triggers FROM {VERSION}")  # noqa: S608
        row = cursor.fetchone()
        wanted = {name for table in made for name in _names(connection.vendor, table)}
        if row == (digest,) and _standing(connection) >= wanted:
            return
        if row is None:
            cursor.execute(
                f"INSERT INTO {VERSION} "  # noqa: S608
                "(number, etag, epoch, vocabulary, labels_revision, triggers) "
                "VALUES (0, '', '', 0, 0, '')"
            )
        # Rows may have changed while no trigger stood: what was told until now tells too little.
        cursor.execute(f"DELETE FROM {REVISIONS}")  # noqa: S608
        drawn = _DRAWN[connection.vendor]
        cursor.execute(
            f"UPDATE {VERSION} SET number = number + 1, etag = {drawn}, epoch = {drawn}, "  # noqa: S608
            "vocabulary = number + 1, labels_revision = number + 1, triggers = %s",
            [digest],
        )
        for statements in made.values():
            for statement in statements:
                cursor.execute(statement)


def _standing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of all triggers in a database."""
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return {str(name) for (name,) in cursor.fetchall()}


def _names(vendor: str, table: str) -> list[str]:
    """The names of the triggers of a table."""
    if vendor == "sqlite":
        return [f"{table}_renews_version_{verb.lower()}" for verb in _VERBS]
    touches = any(_touched(table, verb) for verb in _VERBS)
    return [f"{table}_renews_version", *([f"{table}_touches_events"] if touches else [])]


def _triggers(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return _triggers_postgres(table)
    found: list[str] = []
    for verb in _VERBS:
        name = f"{table}_renews_version_{verb.lower()}"
        said = [_renewal(vendor, table, verb), *map(_touch, _touched(table, verb))]
        found += [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} AFTER {verb} ON {table} BEGIN {'; '.join(said)}; END",
        ]
    return found


def _triggers_postgres(table: str) -> list[str]:
    renews, touches = f"{table}_renews_version", f"{table}_touches_events"
    renewals = " ".join(
        f"IF TG_OP = '{verb}' THEN {_renewal('postgresql', table, verb)}; END IF;"
        for verb in (*_VERBS, "TRUNCATE")
    )
    touched = " ".join(
        f"IF TG_OP = '{verb}' THEN {'; '.join(map(_touch, questions))}; END IF;"
        for verb in _VERBS
        if (questions := _touched(table, verb))
    )
    found = [
        f"CREATE OR REPLACE FUNCTION {renews}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {renewals} RETURN NULL; END $$",
        f"DROP TRIGGER IF EXISTS {renews} ON {table}",
        f"CREATE TRIGGER {renews} BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {renews}()",
    ]
    if touched:
        found += [
            f"CREATE OR REPLACE FUNCTION {touches}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {touched} RETURN NULL; END $$",
            f"DROP TRIGGER IF EXISTS {touches} ON {table}",
            f"CREATE TRIGGER {touches} AFTER INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {touches}()",
        ]
    return found


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away until :func:`install` makes them again.

    SQLite refuses to remake a table that the triggers of others name, and a bulk load need not
    renew the version with every row.
    """
    on = "" if connection.vendor == "sqlite" else " ON {table}"
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names()).intersection(tables()):
            for name in _names(connection.vendor, table):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on.format(table=table)}")
