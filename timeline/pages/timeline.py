"""The timeline: the page that answers a reader's question."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.following import calendar
from timeline.core.look import View
from timeline.core.question import Question
from timeline.core.reading import LOOKS
from timeline.formats import sentences
from timeline.formats.facets import GROUP_NAMES, facets
from timeline.index.current import current
from timeline.index.interface import PAGE_SIZE, Answer
from timeline.jinja2 import url
from timeline.pages._question import one_group, read_question
from timeline.pages._respond import HtmxRequest, page_or_fragment, swapped
from timeline.pages._revalidated import revalidated
from timeline.queries.frameworks import FrameworkView
from timeline.queries.vocabulary import Vocabulary
from timeline.rendering import frame, lists, options
from timeline.rendering.gallery import looked_at_as
from timeline.rendering.pictures import Asked
from timeline.rendering.sharing import Sharing
from timeline.rendering.strip import strip
from timeline.rendering.timeline import runs
from timeline.rendering.years import years

UNSEEN: Final = ("place", "person", "source", "party_match", "direct", *LOOKS)
"""Parameters that the filter form has no box for."""


@require_safe
@revalidated
def home(request: HttpRequest) -> HttpResponse:
    """The timeline page, or what a swap of its filters or of one group of options needs."""
    asked, day = cast(HtmxRequest, request), today()
    reading = read_question(request, GROUP_NAMES)
    question, words, status = reading.question, reading.words, reading.status
    answer = current().answer(question, today=day)
    address = options.with_opened(url("home") + question.query_string(), reading.opened)
    context = _asked(question, answer, words, reading.opened) | {
        "typed": reading.typed,
        "problems": reading.explained,
        "wrong": reading.wrong,
    }
    if (group := one_group(asked, context["facets"], context["carried"], status)) is not None:
        return group
    views = frame.standings(day)
    if not reading.problems:
        context |= _results(asked, question, answer, words, views, day)
    if swapped(asked) is None:
        context |= _around(asked, context["sentence"], question, answer, views, day)
    return page_or_fragment(
        asked,
        "pages/timeline.html",
        "parts/timeline_answer.html",
        context,
        status=status,
        address="" if reading.problems else address,
    )


def _asked(
    question: Question, answer: Answer, words: Vocabulary, opened: tuple[str, ...]
) -> dict[str, Any]:
    """The question and what the form of filters says of its answer."""
    known, address = sentences.names(words), url("home")
    through = {"party": answer.indirect}
    found = facets(question, answer.options, through, words, known, opened=opened)
    return {
        "question": question,
        "answer": answer,
        "address": address,
        "chips": sentences.chips(question, known),
        "cleared": Question(look=question.look).query_string(),
        "sentence": sentences.sentence(question, known),
        "facets": options.groups(found, address + question.query_string(), opened),
        "carried": [*carried(question), *(("options", one) for one in opened)],
        "opened": bool(opened),
    }


def _results(
    request: HtmxRequest,
    question: Question,
    answer: Answer,
    words: Vocabulary,
    views: Sequence[FrameworkView],
    day: dt.date,
) -> dict[str, Any]:
    """What the results show: the picture that is asked for, or the events of a page."""
    known, address = sentences.names(words), url("home")
    query = question.without_page().query_string()
    shown: dict[str, Any] = {
        "query": query,
        "views": lists.views(question, address),
        "strip": strip(question, answer, words, known, address),
        "years": years(question, answer.years, address),
        "expected": "",
        "figure": "",
        "runs": (),
        "stand": _stand(question, answer, address) if question.look.view == View.LIST else None,
        "feed": calendar(url("events_calendar") + query, request.get_host()),
    }
    if (found := looked_at_as(question, answer)) is not None:
        what = Asked(question, answer, words, known, address, day)
        return shown | {"figure": found.figure(what)}
    parties = [party for party in words.offered.parties if party.code in question.parties]
    if not question.after:
        shown["expected"] = frame.expected(question, views, day)
    return shown | {"runs": runs(question, answer, parties, day)}


def _stand(question: Question, answer: Answer, address: str) -> lists.Pagination:
    return lists.Pagination(
        address,
        first=answer.first,
        last=min(answer.first + PAGE_SIZE - 1, answer.total),
        total=answer.total,
        start_again=question.without_page().query_string() if question.after else None,
        following=question.cursor_after(answer.following).query_string()
        if answer.following
        else "",
    )


def _around(
    request: HtmxRequest,
    sentence: str,
    question: Question,
    answer: Answer,
    views: Sequence[FrameworkView],
    day: dt.date,
) -> dict[str, Any]:
    """What the whole page shows around the results."""
    framed = frame.frame(views, day)
    return {
        "hero": framed.hero,
        "aside": framed.aside,
        "sharing": _sharing(request, sentence, question, answer),
    }


def _sharing(request: HttpRequest, sentence: str, question: Question, answer: Answer) -> Sharing:
    """What the page tells of itself to those who share it."""
    query = question.without_page().query_string()
    site = request.build_absolute_uri("/").removesuffix("/")
    address = f"{site}{url('home')}{query}"
    number = sentences.number(answer.total)
    promise = _("Every date and every claim names its source.")
    told = urlencode({"url": address, "format": "json"})
    return Sharing(
        title=f"Cadre — {sentence}",
        description=f"{number}. {promise}",
        address=address,
        image=f"{site}{url('card')}{query}",
        oembed=f"{site}{reverse('oembed')}?{told}",
    )


def carried(question: Question) -> list[tuple[str, str]]:
    """What the filter form carries along unseen: chosen values that it has no box for."""
    return [pair for pair in question.to_pairs() if pair[0] in UNSEEN]
