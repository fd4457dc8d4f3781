"""The years in which a list has entries, and months, each a link that narrows the list to it."""

import datetime as dt
from collections.abc import Mapping
from typing import Final, NamedTuple

from timeline.core.dates import month_wording
from timeline.core.question import ListQuestion
from timeline.jinja2 import language

_PLACEHOLDER: Final = "1111"
_PERIOD: Final = f"from={_PLACEHOLDER}&to={_PLACEHOLDER}"


class Year(NamedTuple):
    """The link to a year, with the number of its events."""

    year: int
    number: int
    address: str
    chosen: bool


class Months(NamedTuple):
    """The links to the months of a year."""

    year: int
    months: list["Month"]


class Month(NamedTuple):
    """The link to a month, by its short name."""

    name: str
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


def months(
    question: ListQuestion, counts: Mapping[tuple[int, int], int], address: str
) -> Months | None:
    """Return the links to the months in which entries begin, of the year that the period lies in.

    There are none without a period, or if it reaches over several years. Bars lead to months as
    well, but are narrow on a phone.
    """
    if question.period is None or question.period[0].year != question.period[1].year:
        return None
    year = question.period[0].year
    links = []
    for month in sorted(month for of, month in counts if of == year):
        text = f"{year:04d}-{month:02d}"
        asked = question.within(text, text)
        name = month_wording(year, month, language(), short=True).rpartition(" ")[0]
        link = address + asked.query_string()
        links.append(Month(name, link, asked.period == question.period))
    return Months(year, links) if links else None


def _chosen_year(question: ListQuestion) -> int | None:
    """Return the year that the question's period consists of, if it is a single year."""
    if question.period is None:
        return None
    year = question.period[0].year
    whole = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return year if question.period == whole else None
