"""The ledger of commitments, and the page of one commitment."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.codes import CommitmentNature, CommitmentStatus, LedgerSort
from timeline.core.dates import EdtfDate
from timeline.core.question import Cursor, LedgerQuestion
from timeline.core.status import tally_of_counts
from timeline.formats import sentences
from timeline.formats.facets import LEDGER_GROUPS, facets
from timeline.formats.sentences import Chip
from timeline.index.dated import Narrowed
from timeline.index.ledger import Ledger, LedgerAnswer
from timeline.pages._asof import as_of, as_of_reading
from timeline.pages._described import record_response
from timeline.pages._list_as_of import list_context
from timeline.pages._nothing import NothingFound, nothing_found, still_narrowed
from timeline.pages._question import list_response, read_ledger_question, redirect_to_date
from timeline.pages._respond import (
    HtmxRequest,
    record_or_raise,
    record_view,
)
from timeline.pages._revalidated import revalidated
from timeline.pages.feeds import follows
from timeline.pages.timeline import carried
from timeline.pictures.ledger_bars.figure import bars, clocks, states
from timeline.queries import commitments, ledger
from timeline.queries.as_of import AsOf
from timeline.queries.pages import commitment_page
from timeline.queries.related import related
from timeline.queries.vocabulary import Vocabulary

_TEMPLATES = ("pages/commitments.html", "parts/ledger_answer.html")


@require_safe
@revalidated
def index(request: HttpRequest) -> HttpResponse:
    """The ledger, or its fragment for a swap of its results or of one group of options."""
    day = today()
    reading = read_ledger_question(request, day, LEDGER_GROUPS)
    to_date = redirect_to_date(
        reading, reverse("timeline:commitments"), lambda at: _page_at(reading.question, at, day)
    )
    if to_date is not None:
        return to_date
    context = _context(reading.question, reading.vocabulary, day, reading.opened)
    return list_response(
        cast(HtmxRequest, request),
        reading,
        context,
        reading.problem_messages,
        _TEMPLATES,
        _("Commitments"),
    )


def _page_at(question: LedgerQuestion, date: EdtfDate, day: dt.date) -> Cursor | None:
    when = as_of(question.asof, day)
    return ledger.on(when).page_at(question, ledger.narrowed(question, when), date)


def _context(
    question: LedgerQuestion, vocabulary: Vocabulary, day: dt.date, opened: tuple[str, ...]
) -> dict[str, Any]:
    when = as_of(question.asof, day)
    index, narrowed = ledger.on(when), ledger.narrowed(question, when)
    answer = index.answer(question, narrowed)
    beside = related(question, vocabulary.offered, partial(index.total, narrowed=narrowed))
    names = sentences.names(vocabulary)
    chips = sentences.chips(question, names, beside)
    filter_facets = facets(
        question,
        answer.options,
        answer.indirect,
        vocabulary,
        names,
        groups=LEDGER_GROUPS,
        opened=opened,
    )
    home = reverse("timeline:commitments")
    shared = list_context(
        *(question, answer, when, home),
        chips=chips,
        nothing=None if answer.total else _nothing(question, chips, index, narrowed, when),
        groups=[clocks(question, answer), *filter_facets],
        opened=opened,
    )
    return {
        **shared,
        "rows": commitments.in_order(answer.keys, when),
        "natures": _natures(question, home),
        "sorts": _sorts(question, home),
        "sentence": sentences.ledger_sentence(question, names),
        "bars": bars(question, answer, vocabulary.sectors),
        "states": states(answer),
        "score": _score(answer),
        "carried": [*carried(question, LEDGER_GROUPS), *shared["carried"]],
    }


def _nothing(
    question: LedgerQuestion, chips: list[Chip], index: Ledger, narrowed: Narrowed, when: AsOf
) -> NothingFound:
    def count(other: LedgerQuestion) -> int:
        return index.total(other, still_narrowed(narrowed, other))

    def count_words(other: LedgerQuestion) -> int:
        return index.total(other, ledger.narrowed(other, when))

    return nothing_found(question, chips, count, count_words)


def _sorts(question: LedgerQuestion, address: str) -> list[tuple[str, str, bool]]:
    """Return the address and the name of each way to sort, and whether it is the present one."""
    names = {
        LedgerSort.NEWEST: _("date"),
        LedgerSort.DUE: _("due date"),
        LedgerSort.EVIDENCE: _("last evidence"),
        LedgerSort.STATE: _("state"),
    }
    return _links(question, address, "sort", names)


def _natures(question: LedgerQuestion, address: str) -> list[tuple[str, str, bool]]:
    """Return the address and the name of each nature, and whether it is the one that is shown."""
    names = {
        CommitmentNature.UNDERTAKING: _("Undertakings"),
        CommitmentNature.REQUEST: _("Requests"),
        None: _("Both"),
    }
    return _links(question, address, "nature", names)


def _links(
    question: LedgerQuestion, address: str, attribute: str, names: Mapping[Any, str]
) -> list[tuple[str, str, bool]]:
    whole, chosen = question.without_page(), getattr(question, attribute)
    return [
        (address + replace(whole, **{attribute: value}).query_string(), name, value == chosen)
        for value, name in names.items()
    ]


def _score(answer: LedgerAnswer) -> Any:
    return tally_of_counts(
        {CommitmentStatus(code): count for code, count in answer.statuses.items()}
    )


@require_safe
@record_view("timeline:commitment")
@revalidated
def commitment(request: HttpRequest, slug: str) -> HttpResponse:
    """One commitment with the steps of its life."""
    record = record_or_raise("commitment", slug)
    reading = as_of_reading(request, today())
    context = {**commitment_page(record, reading.when), **reading.context}
    said = follows("commitment", record.pk, reading.when)
    return record_response(request, "commitment", record, context, reading.status, follows=said)
