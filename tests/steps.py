"""How much a database does for what is asked, told by SQLite."""

from collections.abc import Callable

from django.db import connection

from timeline.models import Event


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


def steps_beside_more(count: int, ask: Callable[[], object], *, known: bool) -> int:
    """The steps that a question takes once so many events more are there, counted or not.

    They are published, of the first event's day, and of no framework; they follow no other.
    """
    day = Event.objects.first().date  # type: ignore[union-attr]
    start = Event.objects.count()
    Event.objects.bulk_create(
        Event(slug=f"e-{start + n}", title_en="Met", date=day, publication="published")
        for n in range(count)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if known else "SELECT 1")
    return steps_taken(ask)
