"""The events of a page as runs of cards under headings."""

from itertools import groupby
from typing import Final, NamedTuple

from django.utils.safestring import SafeString

from timeline.core import dates
from timeline.core.codes import Order
from timeline.core.marking import mark
from timeline.core.question import Question
from timeline.jinja2 import rendered
from timeline.pages import _cards
from timeline.pages._cards import CardMarkup
from timeline.pages._result import Result
from timeline.pages._via_labels import via_labels
from timeline.pictures.histogram.data import HistogramData
from timeline.pictures.histogram.figure import figure

_NO_HEADING: Final = dates.Heading(0, None)
"""The heading of events that are not sorted by date: none is shown."""


class Run(NamedTuple):
    """Consecutive cards under one heading: a month, a year alone, or 'upcoming'.

    ``number`` counts all events of the list under the heading, on this page and on others;
    ``planned`` and ``postponed`` count the upcoming ones. ``continued`` says that the previous page
    ended under the same heading. Events that are not sorted by date have no heading.
    """

    heading: dates.Heading | None
    upcoming: bool
    continued: bool
    number: int
    planned: int
    postponed: int
    cards: SafeString


def runs(result: Result) -> list[Run]:
    """Render the cards of a page under their headings, with what says why they were found.

    The heading None stands for upcoming events.
    """
    answered = result.answered
    question, answer, day = answered.question, answered.answer, answered.today
    cards, labels = _cards.cards(result.cards), via_labels(result.via)
    terms = question.terms
    by_date = question.order != Order.RELEVANCE

    def heading_of(item: tuple[int, CardMarkup]) -> dates.Heading | None:
        card = item[1]
        if not by_date:
            return _NO_HEADING
        return None if card.is_upcoming(day) else dates.Heading(card.year, card.month)

    def attended(key: int) -> str:
        capacities = result.attended.get(key)
        return rendered("parts/attended.html", {"capacities": capacities}) if capacities else ""

    query = question.without_page().query_string()
    narrowing = f"{answered.address}{query or '?'}{'&' if query else ''}sector="
    runs: list[Run] = []
    previous_heading = _previous_heading(question) if by_date else _NO_HEADING
    planned, postponed = answer.coming
    for heading, run in groupby(cards.items(), heading_of):
        markup = [card.html(day, narrowing, labels.get(pk, "") + attended(pk)) for pk, card in run]
        if terms:
            markup = [mark(html, terms) for html in markup]
        number = answer.headings.get(heading, len(markup)) if heading else 0
        runs.append(
            Run(
                heading=heading if heading and heading.year else None,
                upcoming=heading is None,
                continued=not runs and heading == previous_heading,
                number=number,
                planned=planned,
                postponed=postponed,
                cards=SafeString("".join(markup)),
            )
        )
    return runs


def _previous_heading(question: Question) -> dates.Heading | None:
    """Return the last heading of the previous page, ``_NO_HEADING`` on the first page."""
    cursor = question.cursor()
    if cursor is None:
        return _NO_HEADING
    upcoming_rank = 0 if question.order == Order.NEWEST else 1
    return None if cursor.rank == upcoming_rank else cursor.heading


def histogram(result: Result) -> SafeString:
    """Render the histogram above the results; empty where nothing has a date."""
    match result.histogram:
        case None:
            return SafeString()
        case HistogramData() as data:
            return figure(data)
        case cached:
            return cached
