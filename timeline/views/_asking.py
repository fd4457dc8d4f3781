"""What a query string asks, for all that is made of it beside the page."""

import datetime as dt
from dataclasses import replace

from django.http import HttpRequest

from timeline import version
from timeline.core.question import Problem, Question, QuestionError
from timeline.core.reading import read, read_look
from timeline.index.current import current
from timeline.presenters import sentences
from timeline.queries.sources import relied_on
from timeline.queries.vocabulary import Vocabulary, vocabulary
from timeline.rendering.addresses import home as address_in
from timeline.rendering.files import Origin
from timeline.rendering.moulds import language
from timeline.rendering.pictures import Asked
from timeline.version import Version
from timeline.views._respond import lists


def asked(request: HttpRequest, day: dt.date, seen: Version | None = None) -> Asked:
    """Read what is asked and answer it; raises QuestionError where it cannot be read."""
    question, words = _question(request, seen)
    answer = current().answer(question, today=day)
    return Asked(question, answer, words, sentences.names(words), address_in(language()), day)


def _question(request: HttpRequest, seen: Version | None) -> tuple[Question, Vocabulary]:
    data = lists(request)
    words = vocabulary(data, seen)
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
        question, _words = _question(request, version.current())
    except QuestionError:
        return None
    return question.without_page().query_string()


def written_with_page(request: HttpRequest) -> str | None:
    """The query string that asks the same, page included; None if it cannot be read."""
    try:
        question, _words = _question(request, version.current())
    except QuestionError:
        return None
    return question.query_string()


def page_of(request: HttpRequest, what: Asked) -> str:
    """The whole address of the page that shows what is asked, from its first events on."""
    query = what.question.without_page().query_string()
    return request.build_absolute_uri(what.address + query)


def origin(request: HttpRequest, what: Asked) -> Origin:
    """Where a picture of what is asked is from."""
    counted = relied_on(what.question, what.answer.total)
    return Origin(page_of(request, what), what.today, counted)
