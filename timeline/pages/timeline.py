"""The timeline: the page with the results of a reader's question."""

from collections.abc import Container
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.display import View
from timeline.core.following import calendar
from timeline.core.question import ListQuestion, Question
from timeline.core.reading import DISPLAY_PARAMETERS
from timeline.formats import options, pagination, sentences
from timeline.formats.facets import GROUP_NAMES, facets
from timeline.formats.sharing import Sharing
from timeline.formats.years import months, years
from timeline.index.current import current
from timeline.jinja2 import url
from timeline.middleware.site import site_of
from timeline.pages._question import (
    Reading,
    document,
    group_response,
    read_question,
    redirect_to_date,
)
from timeline.pages._respond import HtmxRequest, htmx_target, page_or_fragment
from timeline.pages._result import Result, answer, page_result, related_parties
from timeline.pages._revalidated import revalidated
from timeline.pages._runs import histogram, runs
from timeline.pages._sharing import oembed_of
from timeline.pages._sidebar import expected, sidebar
from timeline.pictures.interface import AnsweredQuestion

HIDDEN: Final = (
    *("place", "person", "instrument", "source", "party_match", "direct", "met"),
    *DISPLAY_PARAMETERS,
)
"""Parameters for which filter forms have no visible field, unless as one of their groups."""


@require_safe
@revalidated
def home(request: HttpRequest) -> HttpResponse:
    """The timeline page, or its fragment for a swap of its results or of one group of options."""
    htmx_request = cast(HtmxRequest, request)
    reading = read_question(request, GROUP_NAMES)
    day = today()
    to_date = redirect_to_date(
        reading, url("home"), lambda at: current().page_at(reading.question, at, today=day)
    )
    if to_date is not None:
        return to_date
    answered = answer(reading, day)
    context = _filters(answered, reading)
    facets, carried = context["facets"], context["carried"]
    group = group_response(htmx_request, facets, carried, reading.status)
    if group is not None:
        return group
    is_page = htmx_target(htmx_request) is None
    result = page_result(answered, is_readable=not reading.problems, with_sidebar=is_page)
    if not reading.problems:
        context |= _results(htmx_request, result)
    if result.sidebar is not None:
        context |= sidebar(result.sidebar)._asdict()
    site = site_of(request).name
    context["sharing"] = _sharing(htmx_request, context["sentence"], answered)
    context |= document(reading, context, [site, _("diplomatic events and commitments")])
    return page_or_fragment(
        htmx_request,
        "pages/timeline.html",
        "parts/timeline_answer.html",
        context,
        status=reading.status,
        address=context["address"] + (context["own_query"] or "") if not reading.problems else "",
    )


def _filters(answered: AnsweredQuestion, reading: Reading[Question]) -> dict[str, Any]:
    """Return the context of the filter form, with the question and its answer."""
    question, counts, opened = answered.question, answered.answer, reading.opened
    indirect = {"party": counts.indirect}
    groups = facets(
        question, counts.options, indirect, answered.vocabulary, answered.names, opened=opened
    )
    address = answered.address + question.query_string()
    return {
        "question": question,
        "answer": counts,
        "address": answered.address,
        "chips": sentences.chips(question, answered.names, related_parties(answered)),
        "cleared": Question(display=question.display).query_string(),
        "sentence": sentences.sentence(question, answered.names),
        "facets": options.option_groups(groups, address, opened),
        "carried": [
            *carried(question, GROUP_NAMES),
            *(("options", parameter) for parameter in opened),
        ],
        "typed": reading.typed,
        "asked": pagination.date_parameters(question, opened),
        "problems": reading.problem_messages,
        "invalid": reading.invalid,
    }


def _results(request: HtmxRequest, result: Result) -> dict[str, Any]:
    """Return the context of the results: the picture of the view, or the events of a page."""
    answered, picture = result.answered, result.picture
    question, address = answered.question, answered.address
    query = question.without_page().query_string()
    is_list = question.display.view == View.LIST
    return {
        "query": query,
        "views": pagination.views(question, address),
        "histogram": histogram(result),
        "years": years(question, answered.answer.years, address),
        "months": months(question, answered.answer.months, address),
        "expected": expected(result.expected, answered.today),
        "figure": picture.figure() if picture else "",
        "runs": () if picture else runs(result),
        "nothing": result.nothing,
        "understood": result.understood,
        "pagination": pagination.pagination(question, answered.answer, address)
        if is_list
        else None,
        "feed": calendar(url("events_calendar") + query, request.get_host()),
    }


def _sharing(request: HttpRequest, sentence: str, answered: AnsweredQuestion) -> Sharing:
    """Return the metadata for sites where the page is shared."""
    query = answered.question.without_page().query_string()
    root, name = request.build_absolute_uri("/").removesuffix("/"), site_of(request).name
    address = f"{root}{url('home')}{query}"
    number = sentences.number(answered.answer.total)
    claim = _("Every date and every claim names its source.")
    return Sharing(
        site=name,
        title=f"{name} — {sentence}",
        description=f"{number}. {claim}",
        address=address,
        image=f"{root}{url('card')}{query}",
        oembed=oembed_of(request, address),
    )


def carried(question: ListQuestion, groups: Container[str]) -> list[tuple[str, str]]:
    """Return the values that a filter form with these groups carries along in hidden fields."""
    return [
        (name, value)
        for name, value in question.to_pairs()
        if name in HIDDEN and name not in groups
    ]
