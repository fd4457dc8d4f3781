"""The events of a page as cards under their headings."""

from itertools import groupby
from typing import Final, NamedTuple

from django.utils.safestring import SafeString

from timeline.core import dates
from timeline.core.codes import Order
from timeline.core.marking import mark
from timeline.core.question import Question
from timeline.pages._cards import Card, cards
from timeline.pages._result import Result
from timeline.pages._via_labels import via_labels
from timeline.pictures.histogram.data import HistogramData
from timeline.pictures.histogram.figure import figure

_NO_MONTH: Final = dates.Heading(0, None)
"""The heading of events that stand in no order of time: none."""


class Run(NamedTuple):
    """Cards that follow one another under a heading: a month, a year alone, or what is to come.

    ``number`` counts all that the list has under the heading, on this page and on others, as
    ``planned`` and ``postponed`` do of what is to come. ``continued`` says that the page before
    ended under the same heading. Events in no order of time stand under none.
    """

    heading: dates.Heading | None
    upcoming: bool
    continued: bool
    number: int
    planned: int
    postponed: int
    cards: SafeString


def runs(result: Result) -> list[Run]:
    """The cards of a page under their headings, with why each was found for the parties chosen."""
    question, answer, day = (
        result.answered.question,
        result.answered.answer,
        result.answered.today,
    )
    found, via = cards(result.cards), via_labels(result.via)
    terms = question.terms
    by_date = question.order != Order.RELEVANCE

    def heading(item: tuple[int, Card]) -> dates.Heading | None:
        card = item[1]
        if not by_date:
            return _NO_MONTH
        return None if card.is_upcoming(day) else dates.Heading(card.year, card.month)

    made: list[Run] = []
    above = _above(question) if by_date else _NO_MONTH
    planned, postponed = answer.coming
    for under, run in groupby(found.items(), heading):
        listed = [card.html(day, via.get(pk, "")) for pk, card in run]
        if terms:
            listed = [mark(html, terms) for html in listed]
        number = answer.headings.get(under, len(listed)) if under else 0
        made.append(
            Run(
                heading=under if under and under.year else None,
                upcoming=under is None,
                continued=not made and under == above,
                number=number,
                planned=planned,
                postponed=postponed,
                cards=SafeString("".join(listed)),
            )
        )
    return made


def _above(question: Question) -> dates.Heading | None:
    """The heading that the page before ended under, ``_NO_MONTH`` on the first page."""
    cursor = question.cursor()
    if cursor is None:
        return _NO_MONTH
    coming = 0 if question.order == Order.NEWEST else 1
    return None if cursor.rank == coming else cursor.heading


def histogram(result: Result) -> SafeString:
    """The histogram above the results; nothing where nothing has a date."""
    match result.histogram:
        case None:
            return SafeString()
        case HistogramData() as data:
            return figure(data)
        case kept:
            return kept
