"""Read the list in the address of a file, in one way for all nouns and formats."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from timeline.core.codes import LedgerSort
from timeline.core.columns import INDEX_NOUNS
from timeline.core.display import AS_LIST
from timeline.core.question import (
    AnyQuestion,
    IndexQuestion,
    InstrumentQuestion,
    LedgerQuestion,
    Problem,
    Question,
    QuestionError,
)
from timeline.core.reading import INDEX_PARAMETERS, QUESTION_PARAMETERS, read_asof, read_index
from timeline.formats import sentences
from timeline.formats.description import WHOLE
from timeline.formats.facets import INSTRUMENT_GROUPS
from timeline.formats.pagination import Pagination, index_pagination, pagination
from timeline.index.current import current
from timeline.index.interface import Counts
from timeline.pages._asof import as_of, asof_query
from timeline.pages._question import (
    Reading,
    read_instrument_question,
    read_ledger_question,
    read_question,
)
from timeline.pages._respond import query_lists
from timeline.queries import frameworks, indexes, instrument_list, ledger, public
from timeline.queries.as_of import AsOf

PARAMETERS: Final[Mapping[str, frozenset[str]]] = {
    "events": QUESTION_PARAMETERS,
    "commitments": frozenset((*LedgerQuestion.REPEATABLE, *LedgerQuestion.SINGLE)),
    "instruments": frozenset((*InstrumentQuestion.REPEATABLE, *InstrumentQuestion.SINGLE)),
    **dict.fromkeys(INDEX_NOUNS, frozenset(INDEX_PARAMETERS)),
    "sectors": frozenset(),
    "frameworks": frozenset({"asof"}),
}
"""The parameters of the files of each noun."""


class Refused(Exception):
    """The address has parameters that cannot be read.

    ``choices`` are the accepted values of those that depend on the record or on the noun;
    ``groups`` are the names of parameters that the noun calls otherwise.
    """

    def __init__(
        self,
        problems: Sequence[Problem],
        choices: Mapping[str, Collection[str]],
        groups: Mapping[str, Promise] | None = None,
    ) -> None:
        super().__init__()
        self.problems, self.choices, self.groups = problems, choices, groups


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list: the keys of its records in order, and where it stands.

    ``facets`` hold what each value of each filter would find.
    """

    keys: Sequence[int]
    pagination: Pagination
    facets: Mapping[str, Counts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A list of the records of a noun, as of a day.

    ``query`` is the canonical query string of the whole, with its '?' unless it is empty. ``title``
    says the filter in words; ``keys`` finds the records, in order, and ``page`` those of the page
    that the address names, with its counts.
    """

    noun: str
    query: str
    when: AsOf
    title: Callable[[], str]
    keys: Callable[[], Sequence[int]]
    page: Callable[[], ListPage]


def read_list_request(noun: str, request: HttpRequest, day: dt.date) -> ListRequest:
    """Read the list that a request names; raise Refused if its address cannot be read."""
    return _READERS.get(noun, _index)(noun, request, day)


def _events(noun: str, request: HttpRequest, day: dt.date) -> ListRequest:
    reading = _readable(read_question(request))
    page = replace(reading.question, display=AS_LIST)
    question, vocabulary = page.without_page(), reading.vocabulary
    return ListRequest(
        noun,
        question.query_string(),
        AsOf(day),
        lambda: sentences.sentence(question, sentences.names(vocabulary)),
        lambda: current().matching(question, today=day),
        lambda: _events_page(page, day),
    )


def _events_page(question: Question, day: dt.date) -> ListPage:
    answer = current().answer(question, today=day)
    return ListPage(answer.ids, pagination(question, answer, ""), answer.options)


def _commitments(noun: str, request: HttpRequest, day: dt.date) -> ListRequest:
    reading = _readable(read_ledger_question(request, day, ()))
    page, vocabulary = reading.question, reading.vocabulary
    question, when = page.without_page(), as_of(page.asof, day)
    return ListRequest(
        noun,
        question.query_string(),
        when,
        lambda: sentences.ledger_sentence(question, sentences.names(vocabulary)),
        lambda: [*ledger.on(when).keys(question, ledger.narrowed(question, when))],
        lambda: _ledger_page(page, when),
    )


def _ledger_page(question: LedgerQuestion, when: AsOf) -> ListPage:
    answer = ledger.on(when).answer(question, ledger.narrowed(question, when))
    switches = {"overdue": {"1": answer.overdue}, "quiet": {"1": answer.quiet}}
    facets = {**answer.options, **switches}
    return ListPage(answer.keys, pagination(question, answer, ""), facets)


def _instruments(noun: str, request: HttpRequest, day: dt.date) -> ListRequest:
    reading = _readable(read_instrument_question(request, day, ()), INSTRUMENT_GROUPS)
    page, vocabulary = reading.question, reading.vocabulary
    question, when = page.without_page(), as_of(page.asof, day)
    return ListRequest(
        noun,
        question.query_string(),
        when,
        lambda: sentences.instruments_sentence(question, sentences.instrument_names(vocabulary)),
        lambda: instrument_list.on(when).matching(question, instrument_list.narrowed(question)),
        lambda: _instruments_page(page, when),
    )


def _instruments_page(question: InstrumentQuestion, when: AsOf) -> ListPage:
    answer = instrument_list.on(when).answer(question, instrument_list.narrowed(question))
    facets = {**answer.options, "waiting": {"1": answer.waiting}}
    return ListPage(answer.keys, pagination(question, answer, ""), facets)


def _readable(
    reading: Reading[AnyQuestion], groups: Mapping[str, Promise] | None = None
) -> Reading[AnyQuestion]:
    if reading.problems:
        raise Refused(reading.problems, _choices(reading), groups)
    return reading


def _choices(reading: Reading[AnyQuestion]) -> Mapping[str, Collection[str]]:
    """Return the values that parameters accept in this list."""
    codes = {
        name: frozenset(one.codes) for name, one in reading.question.FILTERS.items() if one.codes
    }
    sorts = {"sort": tuple(LedgerSort)} if isinstance(reading.question, LedgerQuestion) else {}
    return {**reading.vocabulary.choices, **codes, **sorts}


def _index(noun: str, request: HttpRequest, day: dt.date) -> ListRequest:
    try:
        page = read_index(query_lists(request))
    except QuestionError as error:
        raise Refused(error.problems, {}) from error
    question = replace(page, after=None)
    return ListRequest(
        noun,
        question.query_string(),
        AsOf(day),
        lambda: _index_title(noun, question),
        lambda: indexes.matching(noun, question),
        lambda: _index_page(noun, page),
    )


def _index_page(noun: str, question: IndexQuestion) -> ListPage:
    try:
        page = indexes.index_page(noun, question)
    except QuestionError as error:
        raise Refused(error.problems, {}) from error
    return ListPage(page.keys, index_pagination(question, page, ""))


def _index_title(noun: str, question: IndexQuestion) -> str:
    filters = [
        *([_("“%(words)s”") % {"words": question.q}] if question.q else ()),
        *([question.initial.upper()] if question.initial else ()),
    ]
    if not filters:
        return str(WHOLE[noun])
    return _("%(noun)s: %(asked)s.") % {
        "noun": str(WHOLE[noun]).rstrip("."),
        "asked": ", ".join(filters),
    }


def _sectors(noun: str, _request: HttpRequest, day: dt.date) -> ListRequest:
    return ListRequest(
        noun,
        "",
        AsOf(day),
        lambda: str(WHOLE[noun]),
        _sector_keys,
        lambda: _whole(_sector_keys()),
    )


def _sector_keys() -> list[int]:
    return [*public.sectors().values_list("pk", flat=True)]


def _whole(keys: Sequence[int]) -> ListPage:
    """Return a list that has one page."""
    return ListPage(keys, Pagination("", 1, len(keys), None, None, ""))


def _frameworks(noun: str, request: HttpRequest, day: dt.date) -> ListRequest:
    try:
        when = as_of(read_asof(query_lists(request), day), day)
    except QuestionError as error:
        raise Refused(error.problems, {}) from error
    return ListRequest(
        noun,
        asof_query(when),
        when,
        lambda: str(WHOLE[noun]),
        lambda: _framework_keys(when),
        lambda: _whole(_framework_keys(when)),
    )


def _framework_keys(when: AsOf) -> list[int]:
    return [view.framework.pk for view in frameworks.all_views(when)]


_READERS: Final = {
    "events": _events,
    "commitments": _commitments,
    "instruments": _instruments,
    "sectors": _sectors,
    "frameworks": _frameworks,
}
