"""The timeline: the page that answers a reader's question."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.question import Problem, Question
from timeline.core.reading import LOOKS, read, read_look, read_opened
from timeline.database.version import Version
from timeline.formats import problems, sentences
from timeline.formats.facets import GROUP_NAMES, facets
from timeline.index.current import current
from timeline.index.interface import Answer
from timeline.pages._asking import one_group, read_or_told
from timeline.pages._respond import HtmxRequest, answered, lists, swapped
from timeline.pages._revalidated import revalidated
from timeline.queries.frameworks import FrameworkView
from timeline.queries.vocabulary import Vocabulary, vocabulary
from timeline.rendering import addresses, frame, options
from timeline.rendering import timeline as rendering
from timeline.rendering.addresses import home as address_in
from timeline.rendering.gallery import looked_at_as
from timeline.rendering.moulds import language
from timeline.rendering.pictures import Asked, downloads
from timeline.rendering.sharing import shared
from timeline.rendering.strip import strip
from timeline.rendering.timeline import Shown

UNSEEN: Final = ("place", "person", "source", "party_match", "direct", *LOOKS)
"""Parameters that the filter form has no box for."""

Data = dict[str, list[str]]


@require_safe
@revalidated
def home(request: HttpRequest) -> HttpResponse:
    """The timeline page, or what a swap of its filters or of one group of options needs."""
    asked = cast(HtmxRequest, request)
    day, data = today(), lists(request)
    words = vocabulary(data, asked.version)
    data = words.up_to_date(data)
    wrong: list[Problem] = []
    opened = read_opened(data, GROUP_NAMES, wrong)
    look = read_look(data, wrong)
    question = read_or_told(data, lambda given: read(given, words.known), wrong)
    question = replace(question, look=look)
    answer = current().answer(question, today=day)
    shown = _shown(question, answer, words, opened, data, wrong, request.get_host())
    address = options.with_opened(address_in(language()) + question.query_string(), opened)
    if (group := one_group(asked, shown.groups, shown.carried, wrong)) is not None:
        return group
    content = _whole_or_part(asked, shown, words, day)
    if wrong:
        return answered(asked, content, status=400)
    return answered(asked, content, address=address)


def _shown(
    question: Question,
    answer: Answer,
    words: Vocabulary,
    opened: tuple[str, ...],
    data: Data,
    wrong: list[Problem],
    host: str,
) -> Shown:
    known = sentences.names(words)
    through = {"party": answer.indirect}
    groups = facets(question, answer.options, through, words, known, opened=opened)
    address = address_in(language()) + question.query_string()
    return Shown(
        question=question,
        answer=answer,
        chips=sentences.chips(question, known),
        sentence=sentences.sentence(question, known),
        groups=options.groups(groups, address, opened),
        typed=problems.typed(data, Question.SINGLE, None if wrong else question),
        carried=options.hidden([*carried(question), *(("options", one) for one in opened)]),
        opened=bool(opened),
        problems=problems.explained(wrong),
        wrong=frozenset(problem.parameter for problem in wrong),
        host=host,
    )


def _whole_or_part(request: HtmxRequest, shown: Shown, words: Vocabulary, day: dt.date) -> str:
    """The page, or its results with the options."""
    views = frame.standings(day, request.version)
    results = _results(shown, words, views, day, request.version)
    if swapped(request) is not None:
        return rendering.fragment(shown, results)
    framed = frame.frame(views, day, request.version)
    return rendering.page(shown, results, framed, _addresses(request), _shared(request, shown))


def _results(
    shown: Shown,
    words: Vocabulary,
    views: Sequence[FrameworkView],
    day: dt.date,
    seen: Version | None,
) -> SafeString:
    if shown.problems:
        return rendering.unreadable(shown.problems)
    question, known, address = shown.question, sentences.names(words), address_in(language())
    bars = strip(question, shown.answer, words, known, address, seen)
    if (found := looked_at_as(question, shown.answer)) is not None:
        asked = Asked(question, shown.answer, words, known, address, day, seen)
        drawn = SafeString(found.figure(asked) + downloads(question))
        return rendering.results(shown, bars, SafeString(), drawn)
    parties = [party for party in words.offered.parties if party.code in question.parties]
    expected = SafeString() if question.after else frame.expected(question, views, day, seen)
    events = rendering.events(question, shown.answer, parties, day, seen)
    return rendering.results(shown, bars, expected, events)


def _shared(request: HttpRequest, shown: Shown) -> SafeString:
    """What the page tells of itself to those who share it."""
    query = shown.question.without_page().query_string()
    site, reader = request.build_absolute_uri("/").removesuffix("/"), language()
    address = f"{site}{address_in(reader)}{query}"
    number = sentences.number(shown.answer.total)
    promise = _("Every date and every claim names its source.")
    told = urlencode({"url": address, "format": "json"})
    return shared(
        title=f"Cadre — {shown.sentence}",
        description=f"{number}. {promise}",
        address=address,
        image=f"{site}{addresses.card(reader)}{query}",
        oembed=f"{site}{addresses.oembed()}?{told}",
    )


def _addresses(request: HttpRequest) -> dict[str, str]:
    """The page's own address in each language of the interface."""
    asked = request.META.get("QUERY_STRING", "")
    query = f"?{asked}" if asked else ""
    return {
        code: request.build_absolute_uri(address_in(code) + query)
        for code, _name in settings.LANGUAGES
    }


def carried(question: Question) -> list[tuple[str, str]]:
    """What the filter form carries along unseen: chosen values that it has no box for."""
    return [pair for pair in question.to_pairs() if pair[0] in UNSEEN]
