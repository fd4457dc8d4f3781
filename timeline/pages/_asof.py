"""The day that a page is looked at on: today, or the one that its address asks for."""

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
class Display:
    """The day that a page is looked at on, what it says of it, and the status of its answer."""

    when: AsOf
    context: dict[str, Any]
    status: int


def look(request: HttpRequest, today: dt.date) -> Display:
    """Read ``asof``; where it cannot be read the page is today's, says why, and answers 400."""
    data = query_lists(request)
    typed = problems.typed(data, ["asof"])["asof"]
    try:
        asked = read_asof(data, today)
    except QuestionError as error:
        shown: dict[str, Any] = {
            "typed": typed,
            "problems": problems.explained(error.problems),
            "day": None,
        }
        return Display(AsOf(today), {"asof": shown, "asof_query": ""}, 400)
    when = as_of(asked, today)
    shown = {
        "typed": asked.isoformat() if asked else "",
        "problems": [],
        "day": when.day if when.asked else None,
    }
    return Display(when, {"asof": shown, "asof_query": asof_query(when)}, 200)


def asof_query(when: AsOf) -> str:
    """What keeps the day in a link to another page that can be looked at on it."""
    return f"?asof={when.day.isoformat()}" if when.asked else ""


def as_of(asked: dt.date | None, today: dt.date) -> AsOf:
    """The day asked for; today's record is today's record, asked for or not."""
    return AsOf(asked, asked=True) if asked is not None and asked != today else AsOf(today)
