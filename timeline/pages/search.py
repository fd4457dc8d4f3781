"""The search of everything: what words name, and what they find of each noun."""

import datetime as dt
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.characters import close_direction, without_forbidden
from timeline.core.question import InstrumentQuestion, LedgerQuestion, Problem, QuestionError
from timeline.core.reading import read_words
from timeline.formats import problems as problem_texts
from timeline.index.current import current
from timeline.jinja2 import url
from timeline.pages._addressed import redirect_unknown
from timeline.pages._nothing import Suggestion, spelled_otherwise
from timeline.pages._respond import query_lists
from timeline.pages._revalidated import revalidated
from timeline.pages._understood import Together, Understood, shown_name, understood_alone
from timeline.queries import commitments, instrument_list, instruments, ledger, timeline
from timeline.queries import search as everything
from timeline.queries.as_of import AsOf
from timeline.queries.search import Matches

_BEST: Final = 3
"""Records that are shown of what all filters find together."""


@require_safe
@redirect_unknown()
@revalidated
def opensearch(request: HttpRequest) -> HttpResponse:
    """How browsers search the record from their address bar (OpenSearch 1.1)."""
    kind = "application/opensearchdescription+xml; charset=utf-8"
    return render(request, "pages/opensearch.xml", content_type=kind)


@require_safe
@revalidated
def search(request: HttpRequest) -> HttpResponse:
    """The search: what words name and find; only the form without words."""
    data, day = query_lists(request), today()
    problems: tuple[Problem, ...] = ()
    words = ""
    try:
        words = read_words(data)
    except QuestionError as error:
        problems = error.problems
    context: dict[str, Any] = {
        "typed": problem_texts.typed(data, ("q",)),
        "words": close_direction(without_forbidden(words)),
        "problems": problem_texts.messages(problems),
        "invalid": frozenset(problem.parameter for problem in problems),
        **(_results(words, day) if words else _NO_WORDS),
    }
    return render(request, "pages/search.html", context, status=400 if problems else 200)


_NO_WORDS: Final[dict[str, Any]] = {
    "understood": None,
    "best": (),
    "found": (),
    "meant": None,
}


class Listed(NamedTuple):
    """What words find of a noun, as a page lists it: the address of all, and names that it says."""

    matches: Matches
    address: str
    other_names: dict[int, str]


def _results(words: str, day: dt.date) -> dict[str, Any]:
    understood = understood_alone(words, AsOf(day))
    found = everything.find(words, day)
    is_answered = found or (understood and understood.together and not understood.left)
    return {
        "understood": understood,
        "best": _best(understood.together[0], day) if understood and understood.together else (),
        "found": [_listed(one) for one in found],
        "meant": None if is_answered else _meant(words, day),
    }


def _best(together: Together, day: dt.date) -> list[Any]:
    """Return the first records of what all filters find."""
    question = together.question
    if isinstance(question, LedgerQuestion):
        when = AsOf(day)
        answer = ledger.on(when).answer(question, ledger.narrowed(question, when))
        return commitments.in_order(answer.keys[:_BEST], when)
    if isinstance(question, InstrumentQuestion):
        when = AsOf(day)
        listed = instrument_list.on(when).answer(question, instrument_list.narrowed(question))
        return instruments.in_order(listed.keys[:_BEST], when)
    ids = current().answer(question, today=day).ids[:_BEST]
    return timeline.rows(ids, question, today=day)


_PAGES: Final = {"events": "home"}


def _listed(found: Matches) -> Listed:
    address = ""
    if found.question is not None:
        address = url(_PAGES.get(found.noun, found.noun)) + found.question.query_string()
    names = {key: text for key, other in found.other.items() if (text := shown_name(other))}
    return Listed(found, address, names)


def _meant(words: str, day: dt.date) -> Suggestion | None:
    """Return the words of the record that are most like those not found, if they find something."""

    def count(text: str) -> int:
        return everything.totals(text, day) or _named(understood_alone(text, AsOf(day)))

    for spelled in spelled_otherwise(words, count):
        if total := count(spelled):
            return Suggestion(close_direction(spelled), f"?{urlencode({'q': spelled})}", total)
    return None


def _named(understood: Understood | None) -> int:
    return understood.total if understood and not understood.left else 0
