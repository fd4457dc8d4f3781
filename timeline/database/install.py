"""One installation of all that the database keeps by itself: rules, the version, full text.

Django's migrations know nothing of it, so it is installed after each of them, and what stands in
the way of a changed table is uninstalled before.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from timeline.database import constraints, fulltext, triggers


def install(connection: BaseDatabaseWrapper) -> None:
    """Install what is missing, in a database whose tables exist; idempotent.

    The version comes last: whoever sees its triggers stand may trust all the others.
    """
    fulltext.install(connection)
    constraints.install(connection)
    triggers.install(connection)


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Uninstall what slows down a bulk load, until :func:`install` brings it back."""
    triggers.uninstall(connection)
    constraints.uninstall(connection)
    fulltext.uninstall(connection)


def uninstall_before_migrate(*, using: str, plan: Sequence[object] = (), **_unused: Any) -> None:
    """Receive ``pre_migrate``: SQLite loses the triggers of a table that Django makes again.

    PostgreSQL changes a table beside its triggers and indexes, so that only the version's own
    stand aside: a migration may write many rows.
    """
    if plan:
        connection = connections[using]
        triggers.uninstall(connection)
        if connection.vendor == "sqlite":
            constraints.uninstall(connection)
            fulltext.uninstall(connection)
