"""The timeline: the page that answers a reader's question."""

import datetime as dt
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.codes import Order
from timeline.core.question import SINGLE, Problem, Question, QuestionError, read
from timeline.index.current import current
from timeline.index.interface import PAGE_SIZE, Answer
from timeline.presenters import sentences
from timeline.presenters.facets import facets
from timeline.queries import commitments, frameworks, timeline
from timeline.queries.vocabulary import Vocabulary, vocabulary
from timeline.views._respond import HtmxRequest, lists, page_or_fragment


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The timeline page, or what a swap of its filters needs."""
    day, data = today(), lists(request)
    words = vocabulary(data)
    try:
        question = read(data, words.known)
        answer = current().answer(question, today=day)
    except QuestionError as error:
        context = _refused(data, words, error, day)
        return page_or_fragment(
            cast(HtmxRequest, request),
            "timeline/timeline.html",
            "timeline/_answer.html",
            context,
            status=400,
        )
    context = {**_shared(question, answer, words, day), "typed": typed(data), "problems": ()}
    address = reverse("timeline:home") + question.query_string()
    return page_or_fragment(
        cast(HtmxRequest, request),
        "timeline/timeline.html",
        "timeline/_answer.html",
        context,
        address=address,
    )


def typed(data: dict[str, list[str]]) -> dict[str, str]:
    """What stands in the boxes of the form, as typed."""
    return {name: next(iter(data.get(name, ())), "") for name in SINGLE}


def _shared(question: Question, answer: Answer, words: Vocabulary, day: dt.date) -> dict[str, Any]:
    known = sentences.names(words)
    cards = timeline.cards(answer.ids, question, today=day)
    views = frameworks.all_views(today=day)
    first_page = not question.after
    following = question.cursor_after(answer.following).query_string() if answer.following else ""
    return {
        "question": question,
        "answer": answer,
        "today": day,
        "groups": timeline.grouped(cards, by_date=question.order != Order.RELEVANCE),
        "expected": _expected(question, views) if first_page else (),
        "frameworks": views,
        "chips": sentences.chips(question, known),
        "sentence": sentences.sentence(question, known),
        "facets": facets(question, answer, words, known),
        "years": _years(question, answer),
        "last": min(answer.first + PAGE_SIZE - 1, answer.total),
        "following": following,
        "start_again": question.without_page().query_string() if question.after else "",
        "carried": _carried(question),
        "totals": timeline.totals(),
        "ledger": commitments.ledger(today=day)[:4] if first_page else (),
    }


def _expected(
    question: Question, views: list[frameworks.FrameworkView]
) -> tuple[frameworks.FrameworkView, ...]:
    """The sessions that are expected, where the question lets them be told apart from events."""
    narrowed = (
        question.q or question.sectors or question.kinds or question.states or question.people
    )
    if (
        narrowed
        or question.sources
        or question.source_kinds
        or question.period
        or question.order == Order.OLDEST
    ):
        return ()
    return tuple(
        view
        for view in views
        if view.expects_a_session
        and (not question.frameworks or view.framework.slug in question.frameworks)
        and all(code in view.parties for code in question.parties)
    )


def _years(question: Question, answer: Answer) -> list[dict[str, Any]]:
    counts: dict[int, int] = {}
    for one in answer.histogram:
        counts[one.year] = counts.get(one.year, 0) + one.events
    return [
        {
            "year": year,
            "count": count,
            "address": question.within(f"{year:04d}", f"{year:04d}").query_string(),
            "chosen": question.period == (dt.date(year, 1, 1), dt.date(year, 12, 31)),
        }
        for year, count in sorted(counts.items())
    ]


def _carried(question: Question) -> list[tuple[str, str]]:
    """What the filter form carries along unseen: chosen values that it has no box for."""
    unseen = ("person", "source", "party_match", "direct")
    return [pair for pair in question.to_pairs() if pair[0] in unseen]


_SENTENCES = {
    "unknown": lambda: _("is not a value that the record knows; choose one of the options."),
    "unreadable": lambda: _(
        "cannot be read; write a year (2025), a month (2025-04) or a day (2025-04-03)."
    ),
    "after_to": lambda: _("is later than the end of the period; swap the two."),
    "twice": lambda: _("is given twice; give it once."),
    "too_long": lambda: _("is too long; use fewer words."),
    "too_many": lambda: _("has too many values; choose fewer."),
    "relevance_without_words": lambda: _(
        "by relevance needs words to find; type some, or choose another order."
    ),
}


def _names_of_parameters() -> dict[str, str]:
    return {
        "q": _("Words"),
        "sector": _("Sector"),
        "party": _("Country or bloc"),
        "kind": _("Kind"),
        "state": _("State"),
        "framework": _("Framework"),
        "person": _("Person"),
        "source": _("Source"),
        "source_kind": _("Kind of source"),
        "from": _("From"),
        "to": _("To"),
        "order": _("Order"),
        "after": _("Page"),
        "certain": _("Surely in the period"),
        "direct": _("Directly"),
        "party_match": _("All or any of the parties"),
    }


def explained(problem: Problem) -> dict[str, str]:
    """A problem of the question as the page says it."""
    said = _SENTENCES[problem.code]()
    if problem.parameter == "after":
        said = _("does not belong to this list any more; start again from its first page.")
    return {
        "parameter": problem.parameter,
        "name": _names_of_parameters()[problem.parameter],
        "value": problem.value[:80],
        "said": said,
    }


def _refused(
    data: dict[str, list[str]], words: Vocabulary, error: QuestionError, day: dt.date
) -> dict[str, Any]:
    """The page for a question that cannot be read: its form as typed, and no results."""
    bad = {problem.parameter for problem in error.problems}
    kept = {
        name: values
        for name, values in data.items()
        if name not in bad | {"from", "to", "order", "after", "q"}
    }
    try:
        question = read(kept, words.known)
    except QuestionError:
        question = Question()
    answer = current().answer(question, today=day)
    return {
        **_shared(question, answer, words, day),
        "groups": (),
        "expected": (),
        "typed": typed(data),
        "problems": [explained(problem) for problem in error.problems],
        "wrong": frozenset(problem.parameter for problem in error.problems),
    }
