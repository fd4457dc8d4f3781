"""The day as of which a page shows the record: today, or a past day from its address."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from timeline.core.question import QuestionError
from timeline.core.reading import read_asof
from timeline.formats import problems
from timeline.pages._respond import query_lists
from timeline.queries.as_of import AsOf


@dataclass(frozen=True, slots=True)
class AsOfReading:
    """The day of a page, the template context about it, and the status of the response."""

    when: AsOf
    context: dict[str, Any]
    status: int


def as_of_reading(request: HttpRequest, today: dt.date) -> AsOfReading:
    """Read ``asof``; if it cannot be read, the page shows today, says why, and has status 400."""
    data = query_lists(request)
    try:
        day = read_asof(data, today)
    except QuestionError as error:
        context: dict[str, Any] = {
            "typed": problems.typed(data, ["asof"])["asof"],
            "problems": problems.messages(error.problems),
            "day": None,
        }
        return AsOfReading(AsOf(today), {"asof": context, "asof_query": ""}, 400)
    when = as_of(day, today)
    context = {
        "typed": day.isoformat() if day else "",
        "problems": [],
        "day": when.day if when.is_past else None,
    }
    return AsOfReading(when, {"asof": context, "asof_query": asof_query(when)}, 200)


def asof_query(when: AsOf) -> str:
    """Return the query string that keeps the day in links to other pages that can show it."""
    return f"?asof={when.day.isoformat()}" if when.is_past else ""


def as_of(day: dt.date | None, today: dt.date) -> AsOf:
    """Return the day of ``asof`` for queries; today is the same as no day."""
    return AsOf(day, is_past=True) if day is not None and day != today else AsOf(today)
