"""The version of the record: one row that the database itself renews with every change.

Whoever keeps something ready in memory keeps it for one version, so that it never is older than the
record, whoever changed it and by whatever means. Triggers renew the version, on PostgreSQL once
for each statement and before it touches a row: the version's own row is then the first that any
writer locks, so that writers take turns, as they do on SQLite, and never wait for each other in a
circle.

The same triggers note which events a change touched (:class:`~timeline.models.EventRevision`), so
that what is kept ready can follow the record without reading it anew.

SQLite drops a table's triggers whenever Django remakes the table, so :func:`ensure` runs after
every migrate; it is idempotent.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final, Generic, NamedTuple, TypeVar

from django.apps import apps
from django.db import connection as default
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_TABLE: Final = "timeline_recordversion"
_REVISIONS: Final = "timeline_eventrevision"
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


class Version(NamedTuple):
    """What the version's row says; see :class:`~timeline.models.RecordVersion`."""

    token: str
    era: str
    number: int
    vocabulary: int
    wording: int


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
        f"INSERT INTO {_REVISIONS} (event, number) "  # noqa: S608 — names of this module only
        f"SELECT t.event, v.number FROM ({question}) t, {_TABLE} v WHERE t.event IS NOT NULL "
        "ON CONFLICT (event) DO UPDATE SET number = excluded.number"
    )


def _renewal(vendor: str, table: str, verb: str) -> str:
    columns = ["number = number + 1", f"token = {_DRAWN[vendor]}"]
    if table in _VOCABULARY:
        columns.append("vocabulary = number + 1")
    if table in _WORDING and verb != "INSERT":
        columns.append("wording = number + 1")
    if verb == "TRUNCATE":
        columns.append(f"era = {_DRAWN[vendor]}")
    return f"UPDATE {_TABLE} SET {', '.join(columns)}"  # noqa: S608 — names of this module only


def ensure(connection: BaseDatabaseWrapper) -> None:
    """Make every change of the record renew its version, in a database whose tables exist.

    While all triggers stand as they are made here no change can have gone untold, and nothing is
    done; otherwise a new era begins.
    """
    there = set(connection.introspection.table_names())
    if not there >= {_TABLE, _REVISIONS}:
        return
    made = {table: _triggers(connection.vendor, table) for table in there.intersection(tables())}
    digest = hashlib.blake2s(repr(sorted(made.items())).encode(), digest_size=16).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT triggers FROM {_TABLE}")  # noqa: S608
        row = cursor.fetchone()
        wanted = {name for table in made for name in _names(connection.vendor, table)}
        if row == (digest,) and _standing(connection) >= wanted:
            return
        if row is None:
            cursor.execute(
                f"INSERT INTO {_TABLE} (number, token, era, vocabulary, wording, triggers) "  # noqa: S608
                "VALUES (0, '', '', 0, 0, '')"
            )
        # Rows may have changed while no trigger stood: what was told until now tells too little.
        cursor.execute(f"DELETE FROM {_REVISIONS}")  # noqa: S608
        drawn = _DRAWN[connection.vendor]
        cursor.execute(
            f"UPDATE {_TABLE} SET number = number + 1, token = {drawn}, era = {drawn}, "  # noqa: S608
            "vocabulary = number + 1, wording = number + 1, triggers = %s",
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


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away until :func:`ensure` makes them again.

    SQLite refuses to remake a table that the triggers of others name, and a bulk load need not
    renew the version with every row.
    """
    on = "" if connection.vendor == "sqlite" else " ON {table}"
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names()).intersection(tables()):
            for name in _names(connection.vendor, table):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on.format(table=table)}")


def lift_before_migrate(*, using: str, plan: Sequence[object] = (), **_unused: Any) -> None:
    """Receive Django's ``pre_migrate``."""
    if plan:
        lift(connections[using])


def ensure_after_migrate(*, using: str, **_unused: Any) -> None:
    """Receive Django's ``post_migrate``."""
    ensure(connections[using])


def wait_for_turn() -> None:
    """Wait, in a transaction, until no other transaction is changing the record.

    SQLite's immediate transactions take turns anyway.
    """
    if default.vendor == "postgresql":
        with default.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {_TABLE} FOR UPDATE")  # noqa: S608


def current() -> Version | None:
    """The record's version as everybody sees it.

    None inside a transaction, which may see what nobody else ever will, and in a database that
    keeps no version.
    """
    return None if default.in_atomic_block else _read()


def _read() -> Version | None:
    with default.cursor() as cursor:
        cursor.execute(f"SELECT token, era, number, vocabulary, wording FROM {_TABLE}")  # noqa: S608
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
        cursor.execute(f"SELECT event, number FROM {_REVISIONS} WHERE number > %s", [number])  # noqa: S608
        return dict(cursor.fetchall())


def revisions(events: Collection[int]) -> dict[int, int]:
    """The number in which each of these events last changed in this era; none where it did not."""
    if not events:
        return {}
    places = ", ".join(["%s"] * len(events))
    with default.cursor() as cursor:
        cursor.execute(
            f"SELECT event, number FROM {_REVISIONS} WHERE event IN ({places})",  # noqa: S608
            [*events],
        )
        return dict(cursor.fetchall())


Kept = TypeVar("Kept")

_READERS: Final = 16
"""Keys that are read at the same time, at the most."""


class Ready(Generic[Kept]):
    """What is kept ready in this process, each for one version of the record.

    ``most`` is how many are kept, the least lately asked for going first. ``per`` tells what of a
    version they hang on: all of it, unless only a part of the record is read.
    """

    def __init__(
        self, most: int, per: Callable[[Version], Hashable] = lambda seen: seen.token
    ) -> None:
        self._most, self._per = most, per
        self._kept: OrderedDict[tuple[Hashable, Hashable], Kept] = OrderedDict()
        self._keeping = Lock()
        self._reading = [Lock() for _ in range(_READERS)]

    def get(self, key: Hashable, read: Callable[[], Kept]) -> Kept:
        """What is kept under a key for the record as it stands, else read from one state of it.

        Inside a transaction it is read each time and kept for nobody. Whoever asks for what
        somebody is reading waits for it; what is kept under other keys is had meanwhile.
        """
        return self.of(current(), key, read)

    def of(self, version: Version | None, key: Hashable, read: Callable[[], Kept]) -> Kept:
        """What is kept under a key for a version that was asked for before; None keeps nothing."""
        if version is None:
            return read()
        place = (self._per(version), key)
        if found := self._had(place):
            return found[0]
        with self._reading[hash(key) % _READERS]:
            if found := self._had(place):
                return found[0]
            with snapshot() as seen:
                fresh = read()
            if seen is not None:
                self._keep((self._per(seen), key), fresh)
            return fresh

    def made(self, version: Version | None, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What is kept under a key for a version, else made of what was read for it before.

        Nothing more of the record may be read for it than was when the version was asked for, or
        later: who then sees it sees no older state.
        """
        if version is None:
            return make()
        place = (self._per(version), key)
        if found := self._had(place):
            return found[0]
        fresh = make()
        self._keep(place, fresh)
        return fresh

    def _had(self, place: tuple[Hashable, Hashable]) -> tuple[Kept] | None:
        with self._keeping:
            if place not in self._kept:
                return None
            self._kept.move_to_end(place)
            return (self._kept[place],)

    def _keep(self, place: tuple[Hashable, Hashable], fresh: Kept) -> None:
        with self._keeping:
            self._kept[place] = fresh
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
