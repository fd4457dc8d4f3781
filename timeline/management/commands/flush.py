"""Empty the database: every rule over several rows gives way until all tables are empty."""

from typing import Any

from django.core.management.commands.flush import Command as Flush
from django.db import connections

from timeline.database import constraints


class Command(Flush):
    """Django's own command, which on SQLite empties table after table in whatever order."""

    def handle(self, **options: Any) -> None:
        """Empty all tables, with the rules back in place whatever happens."""
        connection = connections[options["database"]]
        constraints.uninstall(connection)
        try:
            super().handle(**options)
        finally:
            constraints.install(connection)
