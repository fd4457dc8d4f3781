"""The ledger of commitments, and the life of one."""

import datetime as dt
from dataclasses import replace
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.codes import CommitmentStatus
from timeline.core.question import LedgerQuestion
from timeline.core.status import tally_of_counts
from timeline.formats import options, sentences
from timeline.formats.facets import LEDGER_GROUPS, facets
from timeline.formats.pagination import Pagination
from timeline.formats.years import years
from timeline.index.ledger import PAGE_SIZE, LedgerAnswer
from timeline.models import Commitment
from timeline.pages._asof import as_of, asof_query, look
from timeline.pages._question import one_group, read_ledger_question
from timeline.pages._respond import (
    HtmxRequest,
    page_or_fragment,
    published_or_raise,
    raise_unless_published,
    record_view,
)
from timeline.pages._revalidated import revalidated
from timeline.pages.timeline import carried
from timeline.pictures.ledger_bars.figure import bars, clocks, states
from timeline.queries import commitments, ledger
from timeline.queries.pages import commitment_page
from timeline.queries.vocabulary import Vocabulary

_PAGE, _SWAP = "pages/commitments.html", "parts/ledger_answer.html"


@require_safe
@revalidated
def index(request: HttpRequest) -> HttpResponse:
    """The ledger, or what a swap of its filters needs."""
    day, asked = today(), cast(HtmxRequest, request)
    reading = read_ledger_question(request, day, LEDGER_GROUPS)
    question, opened = reading.question, reading.opened
    context = _shared(question, reading.vocabulary, day, opened)
    context["typed"] = reading.typed
    if (
        group := one_group(asked, context["facets"], context["carried"], reading.status)
    ) is not None:
        return group
    if reading.problems:
        context |= {"rows": (), "problems": reading.explained, "wrong": reading.wrong}
        return page_or_fragment(asked, _PAGE, _SWAP, context, status=reading.status)
    address = options.with_opened(_address(question), opened)
    return page_or_fragment(asked, _PAGE, _SWAP, context, address=address)


def _address(question: LedgerQuestion) -> str:
    return reverse("timeline:commitments") + question.query_string()


def _shared(
    question: LedgerQuestion, words: Vocabulary, day: dt.date, opened: tuple[str, ...]
) -> dict[str, Any]:
    when = as_of(question.asof, day)
    answer = ledger.on(when).answer(question, ledger.narrowed(question, when))
    known = sentences.names(words)
    counted = answer.options, answer.indirect
    found = facets(question, *counted, words, known, groups=LEDGER_GROUPS, opened=opened)
    following = question.cursor_after(answer.following) if answer.following else None
    home = reverse("timeline:commitments")
    hidden = [*carried(question), *(("options", one) for one in opened)]
    return {
        "question": question,
        "answer": answer,
        "address": home,
        "asof": {"day": when.day if when.asked else None, "problems": ()},
        "asof_query": asof_query(when),
        "today_query": replace(question.without_page(), asof=None).query_string(),
        "rows": commitments.in_order(answer.keys, when),
        "chips": sentences.chips(question, known),
        "cleared": "",
        "sentence": sentences.ledger_sentence(question, known),
        "facets": options.groups([clocks(question, answer), *found], _address(question), opened),
        "opened": opened,
        "problems": (),
        "wrong": frozenset(),
        "years": years(question, answer.years, home),
        "bars": bars(question, answer, words.sectors),
        "states": states(answer),
        "score": _score(answer),
        "pagination": Pagination(
            home,
            first=answer.first,
            last=min(answer.first + PAGE_SIZE - 1, answer.total),
            total=answer.total,
            start_again=_page(question.without_page(), opened) if question.after else None,
            following=_page(following, opened) if following else "",
        ),
        "carried": hidden,
    }


def _page(question: LedgerQuestion, opened: tuple[str, ...]) -> str:
    """The query of a page of the list, with the groups of options that stand open."""
    return options.with_opened(question.query_string(), opened)


def _score(answer: LedgerAnswer) -> Any:
    return tally_of_counts(
        {CommitmentStatus(code): count for code, count in answer.statuses.items()}
    )


@require_safe
@record_view("timeline:commitment")
@revalidated
def commitment(request: HttpRequest, slug: str) -> HttpResponse:
    """One commitment: each step of its life, dated and sourced."""
    rows = Commitment.objects.select_related("event")
    record = published_or_raise(rows, "commitment", slug)
    raise_unless_published(record.event)
    looked = look(request, today())
    page = {**commitment_page(record, looked.when), **looked.context}
    return render(request, "pages/commitment.html", page, status=looked.status)
