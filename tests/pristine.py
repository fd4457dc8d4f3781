"""The database as the migrations made it, put back after each test that commits.

Django would empty every table and install once more what the application keeps in a database, which
takes seconds. Here what was read at the beginning is written over what the test left.
"""

import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from timeline.database.version import VERSION

_rows: dict[str, bytes] = {}
"""What each table of PostgreSQL holds that holds anything, as lines of text."""


def remember() -> None:
    """Read what :func:`put_back` shall write."""
    if connection.vendor == "sqlite":
        _file().unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(_file())])
        return
    with connection.cursor() as cursor:
        for table in _filled():
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                _rows[table] = b"".join(copy)


def put_back() -> None:
    """Write what was read, as a version of the record that no process has seen before."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(_file())) as source:
            source.backup(connection.connection)
    else:
        _put_back_rows()
    with connection.cursor() as cursor:
        etag, epoch = uuid.uuid4().hex, uuid.uuid4().hex
        cursor.execute(f"UPDATE {VERSION} SET etag = %s, epoch = %s", [etag, epoch])  # noqa: S608
    ContentType.objects.clear_cache()


def _file() -> Path:
    return Path(f"{connection.settings_dict['NAME']}.pristine")


def _put_back_rows() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # Triggers and keys between tables stand aside: all rows that they knew are written again.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _filled():
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
        for table, rows in _rows.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(rows)


def _filled() -> list[str]:
    """The tables that hold any row."""
    with connection.cursor() as cursor:
        names = sorted(connection.introspection.table_names(cursor))
        asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names)  # noqa: S608
        cursor.execute(" UNION ALL ".join(asked))
        return [name for (name,) in cursor.fetchall()]
