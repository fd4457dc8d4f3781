"""The years that a list has something in, each a link that narrows the list to it."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString

from timeline.core.question import Question
from timeline.rendering.moulds import Mould, language, once, poured, slot

_SOME_YEAR: Final = "1111"
_SPAN: Final = f"from={_SOME_YEAR}&to={_SOME_YEAR}"

_UNFOLDED: Final = 24
"""Up to so many years stand above a list as they are; more would push it off the screen."""


def years(question: Question, counts: Mapping[int, int], address: str) -> SafeString:
    """The links to the years of a list at an address; nothing where it has but one."""
    if len(counts) < 2:
        return SafeString()
    # In the text of a value '=' and '&' are written otherwise, so the span stands there but once.
    within = address + question.within(_SOME_YEAR, _SOME_YEAR).query_string()
    before, after = (escape(part) for part in within.split(_SPAN))
    rows = [
        {"number": f"{year:04d}", "year": SafeString(year), "count": count}
        for year, count in sorted(counts.items())
    ]
    link, chosen = _link(chosen=False).partly(before=before, after=after), _year(question)
    if chosen is None or chosen not in counts:
        return _row_of(counts, link.each(rows))
    at = sorted(counts).index(chosen)
    marked = _link(chosen=True).partly(before=before, after=after)
    parts = link.each(rows[:at]), marked.each([rows[at]]), link.each(rows[at + 1 :])
    return _row_of(counts, SafeString("".join(parts)))


def _row_of(counts: Mapping[int, int], links: SafeString) -> SafeString:
    """The links in a row, folded away behind a word where they are many."""
    if len(counts) <= _UNFOLDED:
        return _row(language()).fill(years=links)
    first, last = SafeString(min(counts)), SafeString(max(counts))
    return _folded(language()).fill(years=links, first=first, last=last)


def _year(question: Question) -> int | None:
    """The year that is asked for, where the period is one."""
    if question.period is None:
        return None
    year = question.period[0].year
    whole = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return year if question.period == whole else None


@once(most=8)
def _row(_language: str) -> Mould:
    return poured("timeline/_years.html", "years")


@once(most=8)
def _folded(_language: str) -> Mould:
    return poured("timeline/_years.html", "years", "first", "last", folded=True)


@once(most=2)
def _link(*, chosen: bool) -> Mould:
    span = f"{slot('before')}from={slot('number')}&amp;to={slot('number')}{slot('after')}"
    return poured("timeline/_year.html", "year", "count", address=SafeString(span), chosen=chosen)
