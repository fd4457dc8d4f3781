"""From an address to a question and what is wrong with it: one way for all pages and files."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from timeline.core.question import LedgerQuestion, Problem, Question, QuestionError
from timeline.core.reading import read, read_display, read_ledger, read_opened
from timeline.formats import options
from timeline.formats import problems as sentences_of_problems
from timeline.pages._respond import HtmxRequest, fragment_response, htmx_target, query_lists
from timeline.queries.vocabulary import Vocabulary, vocabulary

AnyQuestion = TypeVar("AnyQuestion", bound=Question)

Lists = Mapping[str, Sequence[str]]

_READ_TOGETHER: Final = frozenset({"from", "to", "order", "after", "q"})
"""Parameters whose values are wrong only beside one another."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[AnyQuestion]):
    """What an address asks, and what in it cannot be read.

    ``question`` holds what could be read. ``vocabulary`` is what the address may name; ``data`` its
    values as lists, with former slugs replaced by those of today. ``opened`` are the groups of
    options to hold whole.
    """

    question: AnyQuestion
    vocabulary: Vocabulary
    data: dict[str, list[str]]
    opened: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def wrong(self) -> frozenset[str]:
        """The parameters that cannot be read."""
        return frozenset(problem.parameter for problem in self.problems)

    @property
    def explained(self) -> list[dict[str, str]]:
        """What cannot be read, said so that a reader can put it right."""
        return sentences_of_problems.explained(self.problems)

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the boxes of the form: as typed, or as it was read."""
        read = None if self.problems else self.question
        return sentences_of_problems.typed(self.data, self.question.SINGLE, read)

    @property
    def status(self) -> int:
        """The status of the answer: 400 where something cannot be read."""
        return 400 if self.problems else 200


def read_question(request: HttpRequest, groups: Collection[str] = ()) -> Reading[Question]:
    """Read a question about events; ``groups`` are those of options that a page can open."""
    reading = _read(request, groups, lambda data, words: read(data, words.known))
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
    """Read a question about commitments, which may ask for the ledger as of a past day."""
    return _read(request, groups, lambda data, words: read_ledger(data, words.known, day))


def _read(
    request: HttpRequest,
    groups: Collection[str],
    read: Callable[[Lists, Vocabulary], AnyQuestion],
) -> Reading[AnyQuestion]:
    data = query_lists(request)
    words = vocabulary(data)
    data = words.up_to_date(data)
    problems: list[Problem] = []
    opened = read_opened(data, groups, problems) if groups else ()
    try:
        question = read(data, words)
    except QuestionError as error:
        question = _readable(data, words, read, error.problems)
        problems += error.problems
    return Reading(question, words, data, opened, tuple(problems))


def _readable(
    data: Lists,
    words: Vocabulary,
    read: Callable[[Lists, Vocabulary], AnyQuestion],
    problems: Iterable[Problem],
) -> AnyQuestion:
    """What can be read of a question, so that its page shows the form with what was chosen."""
    bad = {problem.parameter for problem in problems} | _READ_TOGETHER
    try:
        return read({name: values for name, values in data.items() if name not in bad}, words)
    except QuestionError:
        return read({}, words)


def canonical(request: HttpRequest) -> str | None:
    """The query string that asks the same from the first page on; None if it cannot be read."""
    reading = read_question(request)
    return None if reading.problems else reading.question.without_page().query_string()


def canonical_with_page(request: HttpRequest) -> str | None:
    """The query string that asks the same, page included; None if it cannot be read."""
    reading = read_question(request)
    return None if reading.problems else reading.question.query_string()


def one_group(
    request: HtmxRequest,
    groups: Iterable[options.Group],
    carried: Sequence[tuple[str, str]],
    status: int,
) -> HttpResponse | None:
    """The group of options that is opened or closed in its place, if that is all that is asked."""
    target = htmx_target(request)
    for group in groups:
        if target == f"options-{group.parameter}":
            context = {"group": group, "carried": carried}
            content = render_to_string("parts/options_alone.html", context)
            return fragment_response(request, content, status=status)
    return None
