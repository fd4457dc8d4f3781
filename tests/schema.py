"""The schema of the database, to compare it before and after parts of it were removed."""

from typing import Any

from django.db import connection

_SCHEMA = {
    "sqlite": "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    "postgresql": """
        SELECT 'index', tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL
        SELECT 'constraint', conrelid::regclass::text, conname || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace UNION ALL
        SELECT 'trigger', tgrelid::regclass::text, tgenabled::text || pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal
    """,
}


def schema() -> list[tuple[Any, ...]]:
    """Return every index, constraint and trigger with its definition, and SQLite's tables."""
    with connection.cursor() as cursor:
        cursor.execute(_SCHEMA[connection.vendor])
        return sorted(cursor.fetchall(), key=repr)
