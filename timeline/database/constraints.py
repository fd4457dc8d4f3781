"""Rules that the database enforces by triggers and the like, reinstalled after every migrate.

Six rules cannot be expressed by Django's constraints on both databases, and two more are enforced
for new rows only; ``check_record`` lists older rows that break them:

* ``membership_no_overlap``: two memberships of the same pair never overlap on days surely held.
  PostgreSQL enforces it by an exclusion constraint over core range types
  (``int8range(x, x, '[]')`` stands for equality, so no extension is needed), SQLite by triggers.
* ``attendance_of_involved_party``: a person attends only for a party involved in the event.
* ``step_of_a_party_to_the_text``: the party of a step of a text is one of the text's, and stays one
  once the text was published.
* ``step_never_changed``: a status update, or a step of an event or a text, is added and never
  changed. SQLite runs no delete trigger for a row that ``INSERT OR REPLACE`` replaces, so there a
  trigger also refuses to insert a step in the place of another.
* ``step_of_published_stays``: a step is deleted only if its record was never published, or no
  longer exists.
* ``published_stays``: a record that was ever published is never deleted and keeps its
  ``published_at``.
* ``citation_field_of_its_record``: a source is cited for a field that the kind of record has
  (:mod:`timeline.core.citable`).
* ``citation_inferred_with_reason``: a citation that infers has a note that says how.

All but the first are enforced by triggers on both databases. While two records are being merged, in
the transaction of :mod:`timeline.actions.merging`, steps may go from one to the other, and a
published record may go whose address leads to the one kept.

SQLite drops a table's triggers whenever Django remakes the table, and refuses to remake a table
that the triggers of another one read. So :func:`uninstall` runs before every migrate with
changes and :func:`install`, which is idempotent, after every migrate.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline.core import citable

NO_OVERLAP: Final = "membership_no_overlap"
INVOLVED: Final = "attendance_of_involved_party"
OF_ITS_PARTIES: Final = "step_of_a_party_to_the_text"
UNCHANGED: Final = "step_never_changed"
STAYS: Final = "step_of_published_stays"
PUBLISHED: Final = "published_stays"
CITABLE: Final = "citation_field_of_its_record"
REASONED: Final = "citation_inferred_with_reason"

SENTENCES: Final[Mapping[str, Promise]] = {
    NO_OVERLAP: _(
        "This state already belongs to this bloc on some of these days; end that membership first."
    ),
    INVOLVED: _(
        "A person attends for a party that takes part in the event, directly or through a bloc; "
        "add the party to the event first, or take this attendance out."
    ),
    OF_ITS_PARTIES: _(
        "A step of a text is done by one of its parties: add the party to the text first, and keep "
        "a party whose steps are on record."
    ),
    UNCHANGED: _("A step is added and never changed; add a new one that says what is right."),
    STAYS: _(
        "A step of a record that was published is never taken out; "
        "add a new one that says what is right."
    ),
    PUBLISHED: _("What was published is never deleted; withdraw it."),
    CITABLE: _("A source is cited for a field that the record has, or for the record as a whole."),
    REASONED: _(
        "Say how this was inferred from the source, in French or in English, best in both."
    ),
}

_OWNERS: Final[Mapping[str, str]] = {
    "statusupdate": "commitment",
    "eventstep": "event",
    "instrumentstep": "instrument",
}
"""Append-only steps, with the record that each belongs to."""

_REPLACED: Final[Mapping[str, tuple[str, str]]] = {
    "statusupdate": (
        "status_update_entry_once",
        "s.commitment_id = NEW.commitment_id AND s.date = NEW.date AND s.entry = NEW.entry",
    ),
    "eventstep": ("event_step_entry_once", "s.event_id = NEW.event_id AND s.entry = NEW.entry"),
    "instrumentstep": (UNCHANGED, "0"),
}
"""The rule that a step breaks in the place of another with its key or in its unique columns, and
the condition that these are the same."""

_PUBLISHABLE: Final = ("event", "commitment", "framework", "instrument")

_MERGING: Final = "EXISTS (SELECT 1 FROM timeline_merge m WHERE m.moving)"
"""Whether two records are being merged in this transaction: no other one sees the row."""

_FAR: Final = "9999-12-32"
"""A text later than any day, as a membership without an end includes the last day of all."""

_OVERLAP_SQLITE: Final = f"""
CREATE TRIGGER {NO_OVERLAP}_{{verb}} BEFORE {{event}} ON timeline_membership
WHEN EXISTS (
  SELECT 1 FROM timeline_membership other
  WHERE other.party_id = NEW.party_id AND other.bloc_id = NEW.bloc_id AND other.id IS NOT NEW.id
    AND NEW.starts_latest < COALESCE(NEW.ends_earliest, '{_FAR}')
    AND other.starts_latest < COALESCE(other.ends_earliest, '{_FAR}')
    AND NEW.starts_latest < COALESCE(other.ends_earliest, '{_FAR}')
    AND other.starts_latest < COALESCE(NEW.ends_earliest, '{_FAR}'))
BEGIN SELECT RAISE(ABORT, '{NO_OVERLAP}'); END
"""  # noqa: S608 — names of this module only

_ATTENDANCE_SQLITE: Final = f"""
CREATE TRIGGER {INVOLVED}_{{verb}} BEFORE {{event}} ON timeline_attendance
WHEN NOT EXISTS (
  SELECT 1 FROM timeline_involvement i
  WHERE i.event_id = NEW.event_id AND i.party_id = NEW.party_id)
BEGIN SELECT RAISE(ABORT, '{INVOLVED}'); END
"""  # noqa: S608 — names of this module only

_INVOLVEMENT_SQLITE: Final = f"""
CREATE TRIGGER {INVOLVED}_{{name}} AFTER {{event}} ON timeline_involvement
WHEN EXISTS (
  SELECT 1 FROM timeline_attendance a
  WHERE a.event_id = OLD.event_id AND a.party_id = OLD.party_id)
AND NOT EXISTS (
  SELECT 1 FROM timeline_involvement i
  WHERE i.event_id = OLD.event_id AND i.party_id = OLD.party_id)
BEGIN SELECT RAISE(ABORT, '{INVOLVED}'); END
"""  # noqa: S608 — names of this module only

_STEP_OF_TEXT_SQLITE: Final = f"""
CREATE TRIGGER {OF_ITS_PARTIES}_insert BEFORE INSERT ON timeline_instrumentstep
WHEN NEW.party_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM timeline_instrumentparty p
  WHERE p.instrument_id = NEW.instrument_id AND p.party_id = NEW.party_id)
BEGIN SELECT RAISE(ABORT, '{OF_ITS_PARTIES}'); END
"""  # noqa: S608 — names of this module only

_PARTY_OF_TEXT_SQLITE: Final = f"""
CREATE TRIGGER {OF_ITS_PARTIES}_{{name}} BEFORE {{event}} ON timeline_instrumentparty
WHEN EXISTS (
  SELECT 1 FROM timeline_instrumentstep s JOIN timeline_instrument i ON i.id = s.instrument_id
  WHERE s.instrument_id = OLD.instrument_id AND s.party_id = OLD.party_id
    AND i.published_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, '{OF_ITS_PARTIES}'); END
"""  # noqa: S608 — names of this module only

_UNCHANGED_SQLITE: Final = f"""
CREATE TRIGGER {UNCHANGED}_{{step}} BEFORE UPDATE ON timeline_{{step}}
WHEN NOT {_MERGING}
BEGIN SELECT RAISE(ABORT, '{UNCHANGED}'); END
"""

_REPLACED_SQLITE: Final = f"""
CREATE TRIGGER {UNCHANGED}_{{step}}_replaced BEFORE INSERT ON timeline_{{step}}
WHEN EXISTS (
  SELECT 1 FROM timeline_{{step}} s
  WHERE s.id = NEW.id OR ({{same}}))
BEGIN SELECT RAISE(ABORT, '{{rule}}'); END
"""  # noqa: S608 — names of this module only

_PUBLISHED_SQLITE: Final = f"""
CREATE TRIGGER {PUBLISHED}_{{record}}_{{verb}} BEFORE {{event}} ON timeline_{{record}}
WHEN OLD.published_at IS NOT NULL {{and_}}
BEGIN SELECT RAISE(ABORT, '{PUBLISHED}'); END
"""

_STAYS_SQLITE: Final = f"""
CREATE TRIGGER {STAYS}_{{step}} BEFORE DELETE ON timeline_{{step}}
WHEN EXISTS (
  SELECT 1 FROM timeline_{{owner}} o
  WHERE o.id = OLD.{{owner}}_id AND o.published_at IS NOT NULL) AND NOT {_MERGING}
BEGIN SELECT RAISE(ABORT, '{STAYS}'); END
"""  # noqa: S608 — names of this module only

_UNCITABLE: Final = " OR ".join(
    f"NEW.{target}_id IS NOT NULL AND NEW.field NOT IN ({', '.join(map(repr, ('', *fields)))})"
    for target, fields in citable.FIELDS.items()
)
_UNREASONED: Final = "NEW.stance = 'inferred' AND NEW.note_fr = '' AND NEW.note_en = ''"


def _differ(columns: Iterable[str]) -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


_CITATION_RULES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    CITABLE: (_UNCITABLE, ("field",)),
    REASONED: (_UNREASONED, ("stance", "note_fr", "note_en")),
}
"""What breaks a rule of citations, and the columns of which a change is checked: a row from before
the rule can still be moved, and its excerpt mended."""

_CITATION_SQLITE: Final = """
CREATE TRIGGER {rule}_{verb} BEFORE {event} ON timeline_citation
WHEN ({broken}){and_}
BEGIN SELECT RAISE(ABORT, '{rule}'); END
"""

SQLITE_TRIGGERS: Final[Mapping[str, str]] = {
    f"{NO_OVERLAP}_insert": _OVERLAP_SQLITE.format(verb="insert", event="INSERT"),
    f"{NO_OVERLAP}_update": _OVERLAP_SQLITE.format(verb="update", event="UPDATE"),
    f"{INVOLVED}_insert": _ATTENDANCE_SQLITE.format(verb="insert", event="INSERT"),
    f"{INVOLVED}_update": _ATTENDANCE_SQLITE.format(
        verb="update", event="UPDATE OF event_id, party_id"
    ),
    f"{INVOLVED}_left": _INVOLVEMENT_SQLITE.format(name="left", event="DELETE"),
    f"{INVOLVED}_moved": _INVOLVEMENT_SQLITE.format(
        name="moved", event="UPDATE OF event_id, party_id"
    ),
    f"{OF_ITS_PARTIES}_insert": _STEP_OF_TEXT_SQLITE,
    f"{OF_ITS_PARTIES}_left": _PARTY_OF_TEXT_SQLITE.format(name="left", event="DELETE"),
    f"{OF_ITS_PARTIES}_moved": _PARTY_OF_TEXT_SQLITE.format(
        name="moved", event="UPDATE OF instrument_id, party_id"
    ),
    **{f"{UNCHANGED}_{step}": _UNCHANGED_SQLITE.format(step=step) for step in _OWNERS},
    **{
        f"{STAYS}_{step}": _STAYS_SQLITE.format(step=step, owner=owner)
        for step, owner in _OWNERS.items()
    },
    **{
        f"{UNCHANGED}_{step}_replaced": _REPLACED_SQLITE.format(step=step, rule=rule, same=same)
        for step, (rule, same) in _REPLACED.items()
    },
    **{
        f"{PUBLISHED}_{record}_{verb}": _PUBLISHED_SQLITE.format(
            record=record, verb=verb, event=event, and_=condition
        )
        for record in _PUBLISHABLE
        for verb, event, condition in (
            ("deleted", "DELETE", f"AND NOT {_MERGING}"),
            ("hidden", "UPDATE OF published_at", "AND NEW.published_at IS NULL"),
        )
    },
    **{
        f"{rule}_{verb}": _CITATION_SQLITE.format(
            rule=rule, verb=verb, event=event, broken=broken, and_=and_
        )
        for rule, (broken, columns) in _CITATION_RULES.items()
        for verb, event, and_ in (
            ("insert", "INSERT", ""),
            ("update", f"UPDATE OF {', '.join(columns)}", f" AND ({_differ(columns)})"),
        )
    },
}

_EXCLUSION_POSTGRES: Final = f"""
ALTER TABLE timeline_membership ADD CONSTRAINT {NO_OVERLAP} EXCLUDE USING gist (
  int8range(party_id, party_id, '[]') WITH &&,
  int8range(bloc_id, bloc_id, '[]') WITH &&,
  (CASE WHEN starts_latest < COALESCE(ends_earliest, 'infinity'::date)
        THEN daterange(starts_latest, ends_earliest, '[)') ELSE 'empty'::daterange END) WITH &&)
"""

_FUNCTIONS_POSTGRES: Final = f"""
CREATE OR REPLACE FUNCTION {INVOLVED}_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Locked, so that who took part cannot go in another transaction before this one ends.
  PERFORM 1 FROM timeline_involvement i
    WHERE i.event_id = NEW.event_id AND i.party_id = NEW.party_id FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION '{INVOLVED}' USING ERRCODE = 'check_violation', CONSTRAINT = '{INVOLVED}';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION {INVOLVED}_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM timeline_attendance a
             WHERE a.event_id = OLD.event_id AND a.party_id = OLD.party_id)
     AND NOT EXISTS (SELECT 1 FROM timeline_involvement i
                     WHERE i.event_id = OLD.event_id AND i.party_id = OLD.party_id) THEN
    RAISE EXCEPTION '{INVOLVED}' USING ERRCODE = 'check_violation', CONSTRAINT = '{INVOLVED}';
  END IF;
  RETURN OLD;
END $$;
DROP TRIGGER IF EXISTS {INVOLVED}_came ON timeline_attendance;
CREATE TRIGGER {INVOLVED}_came BEFORE INSERT OR UPDATE OF event_id, party_id ON timeline_attendance
  FOR EACH ROW EXECUTE FUNCTION {INVOLVED}_came();
DROP TRIGGER IF EXISTS {INVOLVED}_left ON timeline_involvement;
CREATE TRIGGER {INVOLVED}_left
  AFTER DELETE OR UPDATE OF event_id, party_id ON timeline_involvement
  FOR EACH ROW EXECUTE FUNCTION {INVOLVED}_left();
CREATE OR REPLACE FUNCTION {OF_ITS_PARTIES}_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.party_id IS NOT NULL THEN
    -- Locked, so that the party cannot go in another transaction before this one ends.
    PERFORM 1 FROM timeline_instrumentparty p
      WHERE p.instrument_id = NEW.instrument_id AND p.party_id = NEW.party_id FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION '{OF_ITS_PARTIES}'
        USING ERRCODE = 'check_violation', CONSTRAINT = '{OF_ITS_PARTIES}';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION {OF_ITS_PARTIES}_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM timeline_instrumentstep s
             JOIN timeline_instrument i ON i.id = s.instrument_id
             WHERE s.instrument_id = OLD.instrument_id AND s.party_id = OLD.party_id
               AND i.published_at IS NOT NULL) THEN
    RAISE EXCEPTION '{OF_ITS_PARTIES}'
      USING ERRCODE = 'check_violation', CONSTRAINT = '{OF_ITS_PARTIES}';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS {OF_ITS_PARTIES}_came ON timeline_instrumentstep;
CREATE TRIGGER {OF_ITS_PARTIES}_came BEFORE INSERT ON timeline_instrumentstep
  FOR EACH ROW EXECUTE FUNCTION {OF_ITS_PARTIES}_came();
DROP TRIGGER IF EXISTS {OF_ITS_PARTIES}_left ON timeline_instrumentparty;
CREATE TRIGGER {OF_ITS_PARTIES}_left
  BEFORE DELETE OR UPDATE OF instrument_id, party_id ON timeline_instrumentparty
  FOR EACH ROW EXECUTE FUNCTION {OF_ITS_PARTIES}_left();
"""  # noqa: S608 — names of this module only

_UNCHANGED_POSTGRES: Final = f"""
CREATE OR REPLACE FUNCTION {UNCHANGED}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {_MERGING} THEN RETURN NEW; END IF;
  RAISE EXCEPTION '{UNCHANGED}' USING ERRCODE = 'check_violation', CONSTRAINT = '{UNCHANGED}';
END $$;
"""

_STEPS_POSTGRES: Final = f"""
DROP TRIGGER IF EXISTS {UNCHANGED}_{{step}} ON timeline_{{step}};
CREATE TRIGGER {UNCHANGED}_{{step}} BEFORE UPDATE ON timeline_{{step}}
  FOR EACH ROW EXECUTE FUNCTION {UNCHANGED}();
CREATE OR REPLACE FUNCTION {STAYS}_{{step}}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM timeline_{{owner}} o
             WHERE o.id = OLD.{{owner}}_id AND o.published_at IS NOT NULL)
     AND NOT {_MERGING} THEN
    RAISE EXCEPTION '{STAYS}' USING ERRCODE = 'check_violation', CONSTRAINT = '{STAYS}';
  END IF;
  RETURN OLD;
END $$;
DROP TRIGGER IF EXISTS {STAYS}_{{step}} ON timeline_{{step}};
CREATE TRIGGER {STAYS}_{{step}} BEFORE DELETE ON timeline_{{step}}
  FOR EACH ROW EXECUTE FUNCTION {STAYS}_{{step}}();
"""  # noqa: S608 — names of this module only

_PUBLISHED_POSTGRES: Final = f"""
CREATE OR REPLACE FUNCTION {PUBLISHED}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NOT NULL THEN
    IF TG_OP = 'DELETE' THEN
      IF {_MERGING} THEN RETURN OLD; END IF;
      RAISE EXCEPTION '{PUBLISHED}' USING ERRCODE = 'check_violation', CONSTRAINT = '{PUBLISHED}';
    ELSIF NEW.published_at IS NULL THEN
      RAISE EXCEPTION '{PUBLISHED}' USING ERRCODE = 'check_violation', CONSTRAINT = '{PUBLISHED}';
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
"""

_RECORD_POSTGRES: Final = f"""
DROP TRIGGER IF EXISTS {PUBLISHED}_{{record}} ON timeline_{{record}};
CREATE TRIGGER {PUBLISHED}_{{record}} BEFORE DELETE OR UPDATE OF published_at
  ON timeline_{{record}} FOR EACH ROW EXECUTE FUNCTION {PUBLISHED}();
"""

_CITATION_POSTGRES: Final = """
CREATE OR REPLACE FUNCTION {rule}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ({broken}) THEN
    IF TG_OP = 'INSERT' THEN
      RAISE EXCEPTION '{rule}' USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';
    ELSIF {differ} THEN
      RAISE EXCEPTION '{rule}' USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';
    END IF;
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS {rule} ON timeline_citation;
CREATE TRIGGER {rule} BEFORE INSERT OR UPDATE OF {columns} ON timeline_citation
  FOR EACH ROW EXECUTE FUNCTION {rule}();
"""

_TABLES: Final = frozenset(
    f"timeline_{name}"
    for name in (
        *("membership", "attendance", "involvement", "instrumentparty", "citation", "merge"),
        *_OWNERS,
        *_PUBLISHABLE,
    )
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Install the rules in a database whose tables exist."""
    if not set(connection.introspection.table_names()) >= _TABLES:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, statement in SQLITE_TRIGGERS.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(statement)
        else:
            cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [NO_OVERLAP])
            if cursor.fetchone() is None:
                cursor.execute(_EXCLUSION_POSTGRES)
            cursor.execute(_FUNCTIONS_POSTGRES)
            cursor.execute(_UNCHANGED_POSTGRES)
            for step, owner in _OWNERS.items():
                cursor.execute(_STEPS_POSTGRES.format(step=step, owner=owner))
            cursor.execute(_PUBLISHED_POSTGRES)
            for record in _PUBLISHABLE:
                cursor.execute(_RECORD_POSTGRES.format(record=record))
            for rule, (broken, columns) in _CITATION_RULES.items():
                cursor.execute(
                    _CITATION_POSTGRES.format(
                        rule=rule,
                        broken=broken,
                        columns=", ".join(columns),
                        differ=_differ(columns),
                    )
                )


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers that would be in the way, until :func:`install` creates them again.

    A flush of SQLite deletes table by table, in any order, and would violate the rules. PostgreSQL
    truncates all tables at once without these triggers, and they do not prevent it from altering a
    table. An archive may hold citations from before their rules, on both.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in SQLITE_TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        elif "timeline_citation" in connection.introspection.table_names():
            for rule in _CITATION_RULES:
                cursor.execute(f"DROP TRIGGER IF EXISTS {rule} ON timeline_citation")


def validation_error(error: IntegrityError) -> ValidationError | None:
    """Convert a violation of one of these rules to an error for editors; None for any other."""
    text = str(error)
    for name, message in SENTENCES.items():
        if name in text:
            return ValidationError(str(message), code=name)
    return None
