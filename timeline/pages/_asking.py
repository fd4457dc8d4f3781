"""What a query string asks, for all that is made of it beside the page."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from timeline.core.question import Problem, Question, QuestionError
from timeline.core.reading import read, read_look
from timeline.formats import sentences
from timeline.index.current import current
from timeline.jinja2 import language
from timeline.pages._respond import HtmxRequest, answered, lists, swapped
from timeline.queries.sources import relied_on
from timeline.queries.vocabulary import Vocabulary, vocabulary
from timeline.rendering import options
from timeline.rendering.addresses import home as address_in
from timeline.rendering.files import Origin
from timeline.rendering.pictures import Asked

AnyQuestion = TypeVar("AnyQuestion", bound=Question)


def asked(request: HttpRequest, day: dt.date) -> Asked:
    """Read what is asked and answer it; raises QuestionError where it cannot be read."""
    question, words = _question(request)
    answer = current().answer(question, today=day)
    return Asked(question, answer, words, sentences.names(words), address_in(language()), day)


def _question(request: HttpRequest) -> tuple[Question, Vocabulary]:
    data = lists(request)
    words = vocabulary(data)
    data = words.up_to_date(data)
    wrong: list[Problem] = []
    look = read_look(data, wrong)
    try:
        question = replace(read(data, words.known), look=look)
    except QuestionError as error:
        raise QuestionError([*error.problems, *wrong]) from error
    if wrong:
        raise QuestionError(wrong)
    return question, words


def written(request: HttpRequest) -> str | None:
    """The query string that asks the same from the first page on; None if it cannot be read."""
    try:
        question, _words = _question(request)
    except QuestionError:
        return None
    return question.without_page().query_string()


def written_with_page(request: HttpRequest) -> str | None:
    """The query string that asks the same, page included; None if it cannot be read."""
    try:
        question, _words = _question(request)
    except QuestionError:
        return None
    return question.query_string()


def read_or_told(
    data: Mapping[str, Sequence[str]],
    read: Callable[[Mapping[str, Sequence[str]]], AnyQuestion],
    wrong: list[Problem],
) -> AnyQuestion:
    """The question asked. What cannot be read in it is told in ``wrong`` and left out.

    So the page can show the form as it was typed beside what is wrong with it. ``read`` raises
    QuestionError.
    """
    try:
        question = read(data)
    except QuestionError as error:
        wrong += error.problems
    if not wrong:
        return question
    bad = {problem.parameter for problem in wrong} | {"from", "to", "order", "after", "q"}
    try:
        return read({name: values for name, values in data.items() if name not in bad})
    except QuestionError:
        return read({})


def one_group(
    request: HtmxRequest,
    groups: Iterable[options.Group],
    carried: Sequence[tuple[str, str]],
    wrong: Collection[Problem],
) -> HttpResponse | None:
    """The group of options that is opened or closed in its place, if that is all that is asked."""
    target = swapped(request)
    for group in groups:
        if target == f"options-{group.parameter}":
            context = {"group": group, "carried": carried}
            content = render_to_string("parts/options_alone.html", context)
            return answered(request, content, status=400 if wrong else 200)
    return None


def page_of(request: HttpRequest, what: Asked) -> str:
    """The whole address of the page that shows what is asked, from its first events on."""
    query = what.question.without_page().query_string()
    return request.build_absolute_uri(what.address + query)


def origin(request: HttpRequest, what: Asked) -> Origin:
    """Where a picture of what is asked is from."""
    counted = relied_on(what.question, what.answer.total)
    return Origin(page_of(request, what), what.today, counted)
