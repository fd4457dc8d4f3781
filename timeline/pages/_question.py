"""Read the question of a request, with its problems: one way for all pages and files."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Generic
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from timeline.core.dates import EdtfDate
from timeline.core.question import (
    AnyQuestion,
    Cursor,
    InstrumentQuestion,
    LedgerQuestion,
    ListQuestion,
    Problem,
    Question,
    QuestionError,
)
from timeline.core.reading import (
    read,
    read_at,
    read_display,
    read_instruments,
    read_ledger,
    read_opened,
)
from timeline.formats import options
from timeline.formats import problems as problem_texts
from timeline.formats.pagination import date_parameters
from timeline.middleware.site import site_of
from timeline.pages._respond import (
    HtmxRequest,
    fragment_response,
    htmx_target,
    page_or_fragment,
    query_lists,
)
from timeline.queries.vocabulary import Vocabulary
from timeline.queries.vocabulary import vocabulary as load_vocabulary

Lists = Mapping[str, Sequence[str]]

_READ_TOGETHER: Final = frozenset({"from", "to", "order", "after", "q"})
"""Parameters whose values may be invalid only in combination."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[AnyQuestion]):
    """The question of an address, and the problems of what cannot be read.

    ``question`` holds what could be read. ``vocabulary`` is what the address may name. ``data`` are
    its values as lists, with former slugs replaced by the current ones. ``opened`` are the facets
    to show with all their options. ``at`` is the date at which the page is to begin.
    """

    question: AnyQuestion
    vocabulary: Vocabulary
    data: dict[str, list[str]]
    opened: tuple[str, ...]
    problems: tuple[Problem, ...]
    at: EdtfDate | None = None

    @property
    def invalid(self) -> frozenset[str]:
        """The parameters that cannot be read."""
        return frozenset(problem.parameter for problem in self.problems)

    @property
    def problem_messages(self) -> list[dict[str, str]]:
        """The problems in words that tell a reader how to correct them."""
        return problem_texts.messages(self.problems)

    @property
    def typed(self) -> dict[str, str]:
        """The values of the form's fields: as typed, but dates as read if nothing is invalid."""
        question = None if self.problems else self.question
        return problem_texts.typed(self.data, (*self.question.SINGLE, "at"), question)

    @property
    def status(self) -> int:
        """The status of the response: 400 if something cannot be read."""
        return 400 if self.problems else 200


def read_question(request: HttpRequest, groups: Collection[str] = ()) -> Reading[Question]:
    """Read a question about events; ``groups`` are the facets that the page can expand."""
    reading = _read(request, groups, lambda data, vocabulary: read(data, vocabulary.choices))
    problems: list[Problem] = []
    display = read_display(reading.data, problems)
    return replace(
        reading,
        question=replace(reading.question, display=display),
        problems=(*reading.problems, *problems),
    )


def read_ledger_question(
    request: HttpRequest, day: dt.date, groups: Collection[str]
) -> Reading[LedgerQuestion]:
    """Read a question about commitments; ``day`` is today, and ``asof`` may name a past day."""
    return _read(
        request, groups, lambda data, vocabulary: read_ledger(data, vocabulary.choices, day)
    )


def read_instrument_question(
    request: HttpRequest, day: dt.date, groups: Collection[str]
) -> Reading[InstrumentQuestion]:
    """Read a question about texts; ``day`` is today, and ``asof`` may name a past day."""
    return _read(
        request, groups, lambda data, vocabulary: read_instruments(data, vocabulary.choices, day)
    )


def _read(
    request: HttpRequest,
    groups: Collection[str],
    read: Callable[[Lists, Vocabulary], AnyQuestion],
) -> Reading[AnyQuestion]:
    data = query_lists(request)
    vocabulary = load_vocabulary(data)
    data = vocabulary.up_to_date(data)
    problems: list[Problem] = []
    opened = read_opened(data, groups, problems) if groups else ()
    try:
        question = read(data, vocabulary)
    except QuestionError as error:
        question = _readable(data, vocabulary, read, error.problems)
        problems += error.problems
    at = read_at(data, problems) if groups else None
    if at is not None and not question.is_by_time:
        problems.append(Problem("at", "not_by_time", data["at"][0]))
    return Reading(question, vocabulary, data, opened, tuple(problems), at)


def _readable(
    data: Lists,
    vocabulary: Vocabulary,
    read: Callable[[Lists, Vocabulary], AnyQuestion],
    problems: Iterable[Problem],
) -> AnyQuestion:
    """Read the valid part of a question, so that its page shows the form with what was chosen."""
    invalid = {problem.parameter for problem in problems} | _READ_TOGETHER
    valid = {name: values for name, values in data.items() if name not in invalid}
    try:
        return read(valid, vocabulary)
    except QuestionError:
        return read({}, vocabulary)


def canonical(request: HttpRequest) -> str | None:
    """Return the canonical query string for the first page; None if the query cannot be read."""
    reading = read_question(request)
    return None if reading.problems else reading.question.without_page().query_string()


def canonical_with_page(request: HttpRequest) -> str | None:
    """Return the canonical query string, page included; None if the query cannot be read."""
    reading = read_question(request)
    return None if reading.problems else reading.question.query_string()


def redirect_to_date(
    reading: Reading[AnyQuestion], address: str, page_at: Callable[[EdtfDate], Cursor | None]
) -> HttpResponse | None:
    """Redirect to the page of a list that begins at the date asked for; None if none is."""
    if reading.at is None or reading.problems:
        return None
    question, cursor = reading.question.without_page(), page_at(reading.at)
    page = question.cursor_after(cursor) if cursor else question
    return redirect(address + options.with_opened(page.query_string(), reading.opened))


def group_response(
    request: HtmxRequest,
    groups: Iterable[options.OptionGroup],
    carried: Sequence[tuple[str, str]],
    status: int,
) -> HttpResponse | None:
    """Return the group of options that htmx expands or collapses, if it asks for nothing else."""
    target = htmx_target(request)
    for group in groups:
        if target == f"options-{group.parameter}":
            context = {"group": group, "carried": carried}
            content = render_to_string("parts/options_alone.html", context)
            return fragment_response(request, content, status=status)
    return None


def list_response(
    request: HtmxRequest,
    reading: Reading[AnyQuestion],
    context: dict[str, Any],
    messages: Sequence[Mapping[str, str]],
    templates: tuple[str, str],
    name: str,
) -> HttpResponse:
    """Respond with a list, its fragment, one group of its options, or why it cannot be read.

    ``context`` has at least the ``address`` of the list, its ``facets``, what its forms have
    ``carried``, and its question as ``chips`` and ``sentence``; ``messages`` are the problems in
    words, ``templates`` the page and its fragment, ``name`` is what the list is called.
    """
    context["typed"] = reading.typed
    context["asked"] = date_parameters(reading.question, reading.opened)
    context |= document(reading, context, [name, site_of(request).name])
    group = group_response(request, context["facets"], context["carried"], reading.status)
    if group is not None:
        return group
    if reading.problems:
        context |= {"rows": (), "problems": messages, "invalid": reading.invalid}
        return page_or_fragment(request, *templates, context, status=reading.status)
    shown = context["address"] + (context["own_query"] or "")
    return page_or_fragment(request, *templates, context, address=shown)


_NOUNS: Final = {
    Question: ("events", "event"),
    LedgerQuestion: ("commitments", "commitment"),
    InstrumentQuestion: ("instruments", "instrument"),
}
"""What each question asks for, as feeds and as citations name it."""


def _elsewhere(question: ListQuestion) -> dict[str, str]:
    """Return the addresses of the feed and of the citation of what a question finds."""
    folder, noun = _NOUNS[type(question)]
    pairs = question.without_page().pairs_without_display()
    query = f"?{urlencode(pairs)}" if pairs else ""
    return {
        "atom": reverse(f"timeline:{folder}_atom") + query,
        "cite": reverse("timeline:cite_list", args=[noun]) + query,
    }


def document(
    reading: Reading[AnyQuestion], context: Mapping[str, Any], names: Sequence[str]
) -> dict[str, Any]:
    """Return the title and the addresses of a document, for a whole page and for a fragment.

    ``names`` follow the question in the title of the document. ``own_query`` is the query string of
    the page in each language, None for an address that cannot be read.
    """
    question = reading.question.query_string()
    if reading.problems:
        names = [_("This filter cannot be read"), *names]
    elif context["chips"]:
        names = [context["sentence"].rstrip("."), *names]
    return {
        "title": " — ".join(names),
        "canonical": context["address"] + question,
        **_elsewhere(reading.question),
        "own_query": None if reading.problems else options.with_opened(question, reading.opened),
    }
