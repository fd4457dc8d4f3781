"""The years that a list has something in, each a link that narrows the list to it."""

import datetime as dt
from collections.abc import Mapping
from typing import Final, NamedTuple

from timeline.core.question import Question

_SOME_YEAR: Final = "1111"
_SPAN: Final = f"from={_SOME_YEAR}&to={_SOME_YEAR}"


class Year(NamedTuple):
    """The link to a year, with how many events it finds there."""

    year: int
    number: int
    address: str
    chosen: bool


def years(question: Question, counts: Mapping[int, int], address: str) -> list[Year]:
    """The links to the years of a list at an address; none where it has but one year."""
    if len(counts) < 2:
        return []
    # In the text of a value '=' and '&' are written otherwise, so the span stands there but once.
    within = address + question.within(_SOME_YEAR, _SOME_YEAR).query_string()
    before, after = within.split(_SPAN)
    chosen = _year(question)
    return [
        Year(year, count, f"{before}from={year:04d}&to={year:04d}{after}", year == chosen)
        for year, count in sorted(counts.items())
    ]


def _year(question: Question) -> int | None:
    """The year that is asked for, where the period is one."""
    if question.period is None:
        return None
    year = question.period[0].year
    whole = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return year if question.period == whole else None
