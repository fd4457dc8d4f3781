"""The work of a query, counted by SQLite."""

from collections.abc import Callable

from django.db import connection

from timeline.models import Event


def steps_taken(run: Callable[[], object]) -> int:
    """Return how many instructions SQLite's virtual machine executes for some queries."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.connection.set_progress_handler(count, 1)
    try:
        run()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return steps


def steps_beside_more(count: int, run: Callable[[], object], *, analysed: bool) -> int:
    """Return the steps of some queries after adding events, with or without new statistics.

    The events are published, on the day of the first event, without a framework, and follow no
    other event.
    """
    day = Event.objects.first().date  # type: ignore[union-attr]
    start = Event.objects.count()
    Event.objects.bulk_create(
        Event(slug=f"e-{start + n}", title_en="Met", date=day, publication="published")
        for n in range(count)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if analysed else "SELECT 1")
    return steps_taken(run)
