"""The rows of the record, read from the database and written back as they were.

Loading the demo timeline validates every row. Writing its rows back checks only the rules of the
database, and takes a small part of the time.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

Rows = dict[str, Any]
"""The rows of each model by its table: values on SQLite, lines of text on PostgreSQL."""

_BY_TRIGGERS: Final = frozenset({"recordversion", "eventrevision"})
"""Models whose rows are written by triggers when the others are inserted."""

_LAST: Final = "timeline_attendance"
"""The table whose rows are accepted only for parties that took part."""


def read() -> Rows:
    """Read every row of the record and of its history."""
    return {model._meta.db_table: _read(model) for model in _models()}


def put_back(rows: Rows) -> None:
    """Write rows that were read before into an empty database, with the same keys."""
    for model in sorted(_models(), key=lambda model: model._meta.db_table == _LAST):
        _write(model, rows[model._meta.db_table])
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


def _models() -> Sequence[type[models.Model]]:
    all_models = apps.get_app_config("timeline").get_models(include_auto_created=True)
    return [model for model in all_models if model._meta.model_name not in _BY_TRIGGERS]


def _columns(model: type[models.Model]) -> str:
    fields = (field for field in model._meta.local_concrete_fields if not field.generated)
    return ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)


def _read(model: type[models.Model]) -> Any:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({_columns(model)}) TO STDOUT") as copy:
                return b"".join(copy)
        return cursor.execute(f"SELECT {_columns(model)} FROM {table} ORDER BY id").fetchall()  # noqa: S608


def _write(model: type[models.Model], rows: Any) -> None:
    if not rows:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({_columns(model)}) FROM STDIN") as copy:
                copy.write(rows)
            return
        marks = ", ".join(["%s"] * len(rows[0]))
        cursor.executemany(f"INSERT INTO {table} ({_columns(model)}) VALUES ({marks})", rows)  # noqa: S608
