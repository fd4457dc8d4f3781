"""Flush the database without the rules that would prevent it."""

from typing import Any

from django.core.management.commands.flush import Command as Flush
from django.db import connections

from timeline.database import constraints


class Command(Flush):
    """Django's own command, which on SQLite empties tables one by one in any order."""

    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        constraints.uninstall(connection)
        try:
            super().handle(**options)
        finally:
            constraints.install(connection)
