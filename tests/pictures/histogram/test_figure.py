"""The histogram is made once for all pages of a list, and again after every change."""

import datetime as dt
from contextlib import nullcontext
from dataclasses import replace

import pytest
from django.db import transaction
from django.utils.translation import override

from tests import factories as make
from tests.parsed_page import TODAY
from timeline.core.codes import Order
from timeline.core.display import Display
from timeline.core.question import Cursor, Question
from timeline.formats import sentences
from timeline.index.current import current
from timeline.pages._result import embed_result
from timeline.pages._runs import histogram
from timeline.pictures.histogram import figure
from timeline.pictures.histogram.data import time_range
from timeline.pictures.interface import AnsweredQuestion
from timeline.queries.vocabulary import vocabulary

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = Question().cursor_after(Cursor(1, dt.date(9000, 1, 1), dt.date(9000, 1, 1), 1, 50))


def drawn(question: Question = Question(), *, keep: bool = True) -> str:  # noqa: B008
    words = vocabulary({})
    answer = current().answer(question, today=TODAY)
    answered = AnsweredQuestion(question, answer, words, sentences.names(words), "/en/", TODAY)
    with nullcontext() if keep else transaction.atomic():
        return histogram(embed_result(answered))


def test_pages_of_a_list_share_its_strip(monkeypatch: pytest.MonkeyPatch) -> None:
    make.an_event(date="2024-05-01", publication="published")
    first = drawn()
    assert drawn(PAGE, keep=False) == first
    monkeypatch.setattr(figure, "_figure", lambda _data: "drawn again")
    assert drawn(PAGE) == first
    assert drawn(PAGE, keep=False) == "drawn again"


def test_histogram_is_made_again_for_what_it_depends_on() -> None:
    event = make.an_event(date="2024-05-01", publication="published")
    first = drawn()
    others = [
        drawn(replace(Question(), order=Order.OLDEST)),
        drawn(Question().within("2024", "2024")),
        drawn(replace(Question(), display=Display(stacked=True))),
    ]
    with override("en"):
        others.append(drawn())
    event.date = "2023-05-01"
    event.save()
    others.append(drawn())
    assert len({first, *others}) == 6


def test_strip_reaches_over_the_months_in_which_something_began() -> None:
    for date in ("2021-11-30", "2022-01-31", "2024-02-03"):
        make.an_event(date=date, publication="published")
    answer = current().answer(Question(), today=TODAY)
    assert time_range(answer) == (dt.date(2021, 11, 1), dt.date(2024, 2, 29))
