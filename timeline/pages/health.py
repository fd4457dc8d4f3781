"""What a supervisor or a load balancer asks: alive, and ready."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.contrib.sessions.models import Session
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

PLAIN: Final = "text/plain; charset=utf-8"

PATIENCE: Final = 1_000
"""Milliseconds to wait for whoever else writes."""

WRITTEN: Final = 100_000
"""Bytes that are written to see whether there is room, more than SQLite holds back (see below)."""


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("alive\n", content_type=PLAIN)


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database is reached, every migration is applied, and changes are taken."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return _not_ready("the database is not reached")
    if waiting:
        return _not_ready("migrations are not applied")
    try:
        _write_and_take_back()
    except Error:
        return _not_ready("the database takes no changes")
    return HttpResponse("ready\n", content_type=PLAIN)


def _not_ready(reason: str) -> HttpResponse:
    return HttpResponse(f"{reason}\n", status=503, content_type=PLAIN)


def _write_and_take_back() -> None:
    """Write a session that nobody has, and roll it back; raises Error where that is refused."""
    with _impatient(), transaction.atomic():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE}")
                cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE}")
        size = WRITTEN if connection.vendor == "sqlite" else 1
        Session(
            session_key=secrets.token_hex(20), session_data="-" * size, expire_date=timezone.now()
        ).save(force_insert=True)
        transaction.set_rollback(True)


@contextmanager
def _impatient() -> Iterator[None]:
    """Have SQLite wait for a short time only, and write at once what it would hold back.

    It keeps the changed pages of a transaction in its cache, and so finds a full disk only when
    they are more than the cache holds, or are committed.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        wanted = {"busy_timeout": PATIENCE, "cache_size": 10}
        before = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
        try:
            for name, value in wanted.items():
                cursor.execute(f"PRAGMA {name} = {value}")
            yield
        finally:
            for name, value in before.items():
                cursor.execute(f"PRAGMA {name} = {value}")
