"""The sources on which an answer is based."""

from typing import Final

from timeline.core.question import Question
from timeline.index.sql_filter import filtered
from timeline.models import Citation

COUNTED: Final = 50_000
"""Largest number of events whose sources are counted while a reader waits."""


def relied_on(question: Question, total: int) -> int | None:
    """Count the sources of the events found; None if there are too many events."""
    if total > COUNTED:
        return None
    events = filtered(question).order_by().values("pk")
    citations = Citation.objects.order_by().of_events(events)
    return citations.values("source").distinct().count()
