"""How much a database does for what is asked, told by SQLite."""

from collections.abc import Callable

from django.db import connection


def steps_taken(ask: Callable[[], object]) -> int:
    """How many steps the database's own machine takes for what is asked."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection.connection.set_progress_handler(count, 1)
    try:
        ask()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return taken
