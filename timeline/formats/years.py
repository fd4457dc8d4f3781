"""The years in which a list has entries, each a link that narrows the list to that year."""

import datetime as dt
from collections.abc import Mapping
from typing import Final, NamedTuple

from timeline.core.question import ListQuestion

_PLACEHOLDER: Final = "1111"
_PERIOD: Final = f"from={_PLACEHOLDER}&to={_PLACEHOLDER}"


class Year(NamedTuple):
    """The link to a year, with the number of its events."""

    year: int
    number: int
    address: str
    chosen: bool


def years(question: ListQuestion, counts: Mapping[int, int], address: str) -> list[Year]:
    """Return the links to the years of the list at an address, or none if it has only one year."""
    if len(counts) < 2:
        return []
    # Values are percent-encoded, so that '=' and '&' cannot make the placeholder occur twice.
    with_period = address + question.within(_PLACEHOLDER, _PLACEHOLDER).query_string()
    before, after = with_period.split(_PERIOD)
    chosen = _chosen_year(question)
    return [
        Year(year, count, f"{before}from={year:04d}&to={year:04d}{after}", year == chosen)
        for year, count in sorted(counts.items())
    ]


def _chosen_year(question: ListQuestion) -> int | None:
    """Return the year that the question's period consists of, if it is a single year."""
    if question.period is None:
        return None
    year = question.period[0].year
    whole = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return year if question.period == whole else None
