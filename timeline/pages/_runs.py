"""The events of a page as cards under their headings."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Final, NamedTuple

from django.utils.safestring import SafeString

from timeline.core import dates
from timeline.core.codes import Order
from timeline.core.marking import mark
from timeline.core.question import Question
from timeline.index.interface import Answer
from timeline.models import Party
from timeline.rendering.cards import Card, cards
from timeline.rendering.reasons import reasons

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


def runs(
    question: Question,
    answer: Answer,
    parties: Sequence[Party],
    day: dt.date,
) -> list[Run]:
    """The cards of a page under their headings, with why each was found for the parties chosen."""
    found = cards(answer.ids)
    why = reasons(answer.ids, parties)
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
        listed = [card.html(day, why.get(pk, "")) for pk, card in run]
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
