"""The documents that answers rely on."""

from typing import Final

from timeline.core.question import Question
from timeline.index.sql_filter import filtered
from timeline.models import Citation

COUNTED: Final = 50_000
"""Events up to which their sources are counted where a reader waits."""


def relied_on(question: Question, total: int) -> int | None:
    """How many documents the events found rely on; None where they are too many to look through."""
    if total > COUNTED:
        return None
    found = filtered(question).order_by().values("pk")
    cited = Citation.objects.order_by().of_events(found)
    return cited.values("source").distinct().count()
