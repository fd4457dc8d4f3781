"""Install and uninstall the rules, the version's triggers and the full-text indexes together.

They are not part of Django's migrations, so they are installed after every migrate, and whatever
would prevent a table from being altered is uninstalled before.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from timeline.database import constraints, fulltext, triggers


def install(connection: BaseDatabaseWrapper) -> None:
    """Install what is missing in a database whose tables exist; idempotent."""
    fulltext.install(connection)
    constraints.install(connection)
    # Last: code that finds the version's triggers may rely on everything else.
    triggers.install(connection)


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Uninstall what slows down a bulk load, until the next :func:`install`."""
    triggers.uninstall(connection)
    constraints.uninstall(connection)
    fulltext.uninstall(connection)


def uninstall_before_migrate(*, using: str, plan: Sequence[object] = (), **_unused: Any) -> None:
    """Receive ``pre_migrate``."""
    if plan:
        connection = connections[using]
        # A migration may write many rows, which need not all renew the version.
        triggers.uninstall(connection)
        if connection.vendor == "sqlite":
            # SQLite renames no table while the triggers of another name it, as it would remake one;
            # PostgreSQL alters a table with its triggers in place. The triggers of the full-text
            # index name only their own table and stay. Where that is remade they go with the old
            # one, and :func:`install` indexes all events again, which takes long with many of them.
            constraints.uninstall(connection)
