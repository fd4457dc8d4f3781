"""The list of texts between parties, and the page of one text."""

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.question import InstrumentQuestion
from timeline.formats import options, problems, sentences
from timeline.formats.facets import INSTRUMENT_GROUPS, Facet, Option, facets
from timeline.formats.pagination import pagination
from timeline.formats.years import years
from timeline.index.instruments import InstrumentAnswer
from timeline.models import Instrument
from timeline.pages._asof import as_of, as_of_reading, asof_query
from timeline.pages._question import group_response, read_instrument_question
from timeline.pages._respond import (
    HtmxRequest,
    page_or_fragment,
    published_or_raise,
    record_view,
)
from timeline.pages._revalidated import revalidated
from timeline.queries import instrument_list, instruments
from timeline.queries.related import related
from timeline.queries.vocabulary import Vocabulary

_PAGE: Final = "pages/instruments.html"
_FRAGMENT: Final = "parts/instruments_answer.html"


@require_safe
@revalidated
def index(request: HttpRequest) -> HttpResponse:
    """The list of texts, or its fragment for a swap of its results or of one group of options."""
    day, htmx_request = today(), cast(HtmxRequest, request)
    reading = read_instrument_question(request, day, INSTRUMENT_GROUPS)
    question, opened = reading.question, reading.opened
    context = _context(question, reading.vocabulary, day, opened)
    context["typed"] = reading.typed
    group = group_response(htmx_request, context["facets"], context["carried"], reading.status)
    if group is not None:
        return group
    if reading.problems:
        messages = problems.messages(reading.problems, INSTRUMENT_GROUPS)
        context |= {"problems": messages, "invalid": reading.invalid}
        return page_or_fragment(htmx_request, _PAGE, _FRAGMENT, context, status=reading.status)
    address = options.with_opened(context["address"] + question.query_string(), opened)
    return page_or_fragment(htmx_request, _PAGE, _FRAGMENT, context, address=address)


def _context(
    question: InstrumentQuestion, vocabulary: Vocabulary, day: dt.date, opened: tuple[str, ...]
) -> dict[str, Any]:
    when = as_of(question.asof, day)
    index, narrowed = instrument_list.on(when), instrument_list.narrowed(question)
    answer = index.answer(question, narrowed)
    beside = related(question, vocabulary.offered, partial(index.total, narrowed=narrowed))
    names = sentences.instrument_names(vocabulary)
    groups = facets(
        question, answer.options, {}, vocabulary, names, groups=INSTRUMENT_GROUPS, opened=opened
    )
    home = reverse("timeline:instruments")
    return {
        "question": question,
        "answer": answer,
        "address": home,
        "asof": {"day": when.day if when.asked else None, "problems": ()},
        "asof_query": asof_query(when),
        "today_query": replace(question.without_page(), asof=None).query_string(),
        "rows": instruments.in_order(answer.keys, when),
        "chips": sentences.chips(question, names, beside),
        "cleared": "",
        "sentence": sentences.instruments_sentence(question, names),
        "facets": options.option_groups(
            [*groups, _waiting(question, answer)], home + question.query_string(), opened
        ),
        "opened": opened,
        "problems": (),
        "invalid": frozenset(),
        "years": years(question, answer.years, home),
        "pagination": pagination(question, answer, home, opened),
        "carried": [("options", parameter) for parameter in opened],
    }


def _waiting(question: InstrumentQuestion, answer: InstrumentAnswer) -> Facet:
    """Return the filter for ratifications that are waited for, as a facet of one option."""
    label = _("Signed more than a year ago, no source seen for a ratification")
    option = Option("1", label, answer.waiting, question.waiting, parameter="waiting")
    return Facet("waiting", _("Waiting"), (option,) if answer.waiting or question.waiting else ())


@require_safe
@record_view("timeline:instrument")
@revalidated
def instrument(request: HttpRequest, slug: str) -> HttpResponse:
    """One text, with what each of its parties did with it."""
    record = published_or_raise(Instrument.objects.all(), "instrument", slug)
    reading = as_of_reading(request, today())
    (view,) = instruments.views(Instrument.objects.filter(pk=record.pk), reading.when)
    context = {"view": view, **reading.context}
    return render(request, "pages/instrument.html", context, status=reading.status)
