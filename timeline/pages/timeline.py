"""The timeline: the page that answers a reader's question."""

from typing import Any, Final, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.display import View
from timeline.core.following import calendar
from timeline.core.question import Question
from timeline.core.reading import DISPLAY_PARAMETERS
from timeline.formats import options, pagination, sentences
from timeline.formats.facets import GROUP_NAMES, facets
from timeline.formats.sharing import Sharing
from timeline.formats.years import years
from timeline.index.interface import PAGE_SIZE
from timeline.jinja2 import url
from timeline.pages._question import Reading, one_group, read_question
from timeline.pages._respond import HtmxRequest, htmx_target, page_or_fragment
from timeline.pages._result import Result, answer, page_result
from timeline.pages._revalidated import revalidated
from timeline.pages._runs import histogram, runs
from timeline.pages._sidebar import expected, sidebar
from timeline.pictures.interface import AnsweredQuestion

UNSEEN: Final = ("place", "person", "source", "party_match", "direct", *DISPLAY_PARAMETERS)
"""Parameters that the filter form has no box for."""


@require_safe
@revalidated
def home(request: HttpRequest) -> HttpResponse:
    """The timeline page, or what a swap of its filters or of one group of options needs."""
    asked = cast(HtmxRequest, request)
    reading = read_question(request, GROUP_NAMES)
    answered = answer(reading, today())
    context = _filters(answered, reading)
    if (
        group := one_group(asked, context["facets"], context["carried"], reading.status)
    ) is not None:
        return group
    is_page = htmx_target(asked) is None
    result = page_result(answered, is_readable=not reading.problems, with_sidebar=is_page)
    if not reading.problems:
        context |= _results(asked, result)
    if result.sidebar is not None:
        context |= sidebar(result.sidebar)._asdict()
        context["sharing"] = _sharing(asked, context["sentence"], answered)
    return page_or_fragment(
        asked,
        "pages/timeline.html",
        "parts/timeline_answer.html",
        context,
        status=reading.status,
        address="" if reading.problems else context["canonical"],
    )


def _filters(answered: AnsweredQuestion, reading: Reading[Question]) -> dict[str, Any]:
    """The question and what the form of filters says of its answer."""
    question, found, opened = answered.question, answered.answer, reading.opened
    through = {"party": found.indirect}
    groups = facets(
        question, found.options, through, answered.vocabulary, answered.names, opened=opened
    )
    address = answered.address + question.query_string()
    return {
        "question": question,
        "answer": found,
        "address": answered.address,
        "canonical": options.with_opened(address, opened),
        "chips": sentences.chips(question, answered.names),
        "cleared": Question(display=question.display).query_string(),
        "sentence": sentences.sentence(question, answered.names),
        "facets": options.groups(groups, address, opened),
        "carried": [*carried(question), *(("options", one) for one in opened)],
        "opened": bool(opened),
        "typed": reading.typed,
        "problems": reading.explained,
        "wrong": reading.wrong,
    }


def _results(request: HtmxRequest, result: Result) -> dict[str, Any]:
    """What the results show: the picture that is asked for, or the events of a page."""
    answered, picture = result.answered, result.picture
    question, address = answered.question, answered.address
    query = question.without_page().query_string()
    is_list = question.display.view == View.LIST
    return {
        "query": query,
        "views": pagination.views(question, address),
        "histogram": histogram(result),
        "years": years(question, answered.answer.years, address),
        "expected": expected(result.expected, answered.today),
        "figure": picture.figure() if picture else "",
        "runs": () if picture else runs(result),
        "pagination": _pagination(answered) if is_list else None,
        "feed": calendar(url("events_calendar") + query, request.get_host()),
    }


def _pagination(answered: AnsweredQuestion) -> pagination.Pagination:
    question, found = answered.question, answered.answer
    following = question.cursor_after(found.following).query_string() if found.following else ""
    return pagination.Pagination(
        answered.address,
        first=found.first,
        last=min(found.first + PAGE_SIZE - 1, found.total),
        total=found.total,
        start_again=question.without_page().query_string() if question.after else None,
        following=following,
    )


def _sharing(request: HttpRequest, sentence: str, answered: AnsweredQuestion) -> Sharing:
    """What the page tells of itself to those who share it."""
    query = answered.question.without_page().query_string()
    site = request.build_absolute_uri("/").removesuffix("/")
    address = f"{site}{url('home')}{query}"
    number = sentences.number(answered.answer.total)
    promise = _("Every date and every claim names its source.")
    about = urlencode({"url": address, "format": "json"})
    return Sharing(
        title=f"Cadre — {sentence}",
        description=f"{number}. {promise}",
        address=address,
        image=f"{site}{url('card')}{query}",
        oembed=f"{site}{reverse('oembed')}?{about}",
    )


def carried(question: Question) -> list[tuple[str, str]]:
    """What the filter form carries along unseen: chosen values that it has no box for."""
    return [pair for pair in question.to_pairs() if pair[0] in UNSEEN]
