"""Health checks for supervisors and load balancers: liveness and readiness."""

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

PLAIN_TEXT: Final = "text/plain; charset=utf-8"

TIMEOUT_MS: Final = 1_000
"""How long to wait for other writers, in milliseconds."""

TEST_BYTES: Final = 100_000
"""How much is written to see whether there is room: more than SQLite keeps in its cache."""


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("alive\n", content_type=PLAIN_TEXT)


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database can be reached, every migration is applied, and changes are accepted."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return _not_ready("the database is not reached")
    if plan:
        return _not_ready("migrations are not applied")
    try:
        _check_writing()
    except Error:
        return _not_ready("the database takes no changes")
    return HttpResponse("ready\n", content_type=PLAIN_TEXT)


def _not_ready(reason: str) -> HttpResponse:
    return HttpResponse(f"{reason}\n", status=503, content_type=PLAIN_TEXT)


def _check_writing() -> None:
    """Write a session that nobody has, and roll it back; raise Error if that is refused."""
    with _sqlite_settings(), transaction.atomic():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"SET LOCAL lock_timeout = {TIMEOUT_MS}")
                cursor.execute(f"SET LOCAL statement_timeout = {TIMEOUT_MS}")
        size = TEST_BYTES if connection.vendor == "sqlite" else 1
        Session(
            session_key=secrets.token_hex(20), session_data="-" * size, expire_date=timezone.now()
        ).save(force_insert=True)
        transaction.set_rollback(True)


@contextmanager
def _sqlite_settings() -> Iterator[None]:
    """Make SQLite wait only briefly, and write changed pages to disk instead of caching them.

    SQLite keeps the changed pages of a transaction in its cache, so that it notices a full disk
    only when they exceed the cache or are committed.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        pragmas = {"busy_timeout": TIMEOUT_MS, "cache_size": 10}
        before = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas}
        try:
            for name, value in pragmas.items():
                cursor.execute(f"PRAGMA {name} = {value}")
            yield
        finally:
            for name, value in before.items():
                cursor.execute(f"PRAGMA {name} = {value}")
