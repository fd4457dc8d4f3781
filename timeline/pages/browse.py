"""Parties, sectors, people, places, sources: the index of each, and pages with their timelines."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.codes import CommitmentStatus
from timeline.core.question import (
    IndexQuestion,
    LedgerQuestion,
    Problem,
    Question,
    QuestionError,
)
from timeline.core.reading import INDEX_PARAMETERS, read_index
from timeline.core.status import tally_of_counts
from timeline.formats import problems as problem_texts
from timeline.formats.pagination import index_pagination, initial_links
from timeline.index.current import current
from timeline.jinja2 import language
from timeline.models import Party, Source
from timeline.pages._asof import as_of_reading
from timeline.pages._described import record_response
from timeline.pages._respond import (
    public_or_raise,
    query_lists,
    raise_moved_or_missing,
    record_view,
)
from timeline.pages._revalidated import revalidated
from timeline.pages.feeds import follows_timeline
from timeline.queries import indexes, instruments_named, ledger, public, records, timeline
from timeline.queries import parties as parties_of_record
from timeline.queries import people as people_of_record
from timeline.queries import places as places_of_record
from timeline.queries.as_of import AsOf
from timeline.queries.footnotes import Footnotes
from timeline.queries.sources import resting_on


def own_timeline(question: Question) -> dict[str, Any]:
    """Return the context of a record's own timeline: its first page, and the query of the whole."""
    day = today()
    answer = current().answer(question, today=day)
    rows = timeline.rows(answer.ids, question, today=day)
    return {
        "groups": timeline.grouped(rows),
        "answer": answer,
        "timeline_query": question.query_string(),
        "until": None,
        "brings": follows_timeline(question, AsOf(day)),
    }


@require_safe
@revalidated
def parties(request: HttpRequest) -> HttpResponse:
    """The states, blocs and bodies on record."""
    return _index(request, "parties", lambda keys: records.parties_with_counts(keys, today()))


@require_safe
@record_view("timeline:party")
@revalidated
def party(request: HttpRequest, slug: str) -> HttpResponse:
    """One party: its names, its members or its blocs over time, its events."""
    reading = as_of_reading(request, today())
    try:
        page = parties_of_record.party_page(slug, reading.when)
    except Party.DoesNotExist:
        raise_moved_or_missing("party", slug)
    owed = LedgerQuestion(obligors=(slug,), direct=True)
    context = {
        "page": page,
        "party": page.party,
        "texts": instruments_named.texts_of(page.party, reading.when),
        **_party_timeline(page.party, reading.when),
        **_scored_commitments(owed, reading.when),
        **reading.context,
    }
    return record_response(request, "party", page.party, context, reading.status)


def _party_timeline(party: Party, when: AsOf) -> dict[str, Any]:
    question = Question(parties=(party.code,))
    if not when.is_past:
        context = own_timeline(question)
        met = context["answer"].options["party"].keys() - {party.code}
        return {**context, "others": in_name_order(public.parties().filter(code__in=met))}
    total, rows = parties_of_record.events_by(party, when)
    until = question.within("", when.day.isoformat())
    return {
        "groups": timeline.grouped(rows),
        "answer": {"total": total, "following": total > len(rows)},
        "timeline_query": until.query_string(),
        "until": current().answer(until, today=today()).total,
        "brings": follows_timeline(until, when),
        "others": (),
    }


def in_name_order(parties: Iterable[Party]) -> list[Party]:
    """Sort parties by their names in the reader's language."""
    return sorted(parties, key=lambda party: (getattr(party, f"sort_{language()}"), party.pk))


def _scored_commitments(question: LedgerQuestion, when: AsOf) -> dict[str, Any]:
    """Return the score of the commitments that a question finds, and their query in the ledger."""
    counts = ledger.on(when).statuses(question)
    question = replace(question, asof=when.day if when.is_past else None)
    return {
        "score": tally_of_counts({CommitmentStatus(code): n for code, n in counts.items()}),
        "ledger_query": question.query_string(),
    }


@require_safe
@revalidated
def sectors(request: HttpRequest) -> HttpResponse:
    """The sectors on record, each followed by its parts."""
    return render(request, "pages/sectors.html", {"sectors": records.sectors_with_counts(today())})


@require_safe
@record_view("timeline:sector")
@revalidated
def sector(request: HttpRequest, slug: str) -> HttpResponse:
    """One sector and its events."""
    record = public_or_raise(records.sectors_with_parts(), "sector", slug)
    context = {
        "sector": record,
        **own_timeline(Question(sectors=(slug,))),
        **_scored_commitments(LedgerQuestion(sectors=(slug,)), AsOf(today())),
    }
    return record_response(request, "sector", record, context)


def _index(
    request: HttpRequest, name: str, rows: Callable[[list[int]], Sequence[Any]]
) -> HttpResponse:
    """Return a page of an index; ``rows`` returns its records by their keys, in the same order.

    ``name`` is that of its address, of its template and in :data:`timeline.queries.indexes.NOUNS`.
    """
    data = query_lists(request)
    problems: tuple[Problem, ...] = ()
    try:
        question = read_index(data)
        page = indexes.index_page(name, question)
    except QuestionError as error:
        question, problems = IndexQuestion(), error.problems
        page = indexes.index_page(name, question)
    home = reverse(f"timeline:{name}")
    context = {
        "rows": () if problems else rows(page.keys),
        "address": home,
        "data": reverse(f"timeline:{name}_data") + replace(question, after=None).query_string(),
        "typed": problem_texts.typed(data, INDEX_PARAMETERS),
        "question": question,
        "initials": initial_links(question, page.initials, home),
        "pagination": index_pagination(question, page, home),
        "problems": problem_texts.messages(problems),
        "invalid": frozenset(problem.parameter for problem in problems),
    }
    status = 400 if problems else 200
    return render(request, f"pages/{name}.html", context, status=status)


@require_safe
@revalidated
def people(request: HttpRequest) -> HttpResponse:
    """The officials on record."""
    return _index(request, "people", records.people_with_offices)


@require_safe
@record_view("timeline:person")
@revalidated
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """One official with the offices held and the events attended."""
    record = public_or_raise(people_of_record.with_sources(), "person", slug)
    footnotes = Footnotes()
    context = {
        "person": record,
        "offices": people_of_record.offices_held(record, footnotes),
        "footnotes": footnotes,
        **own_timeline(Question(people=(slug,))),
    }
    return record_response(request, "person", record, context)


@require_safe
@revalidated
def places(request: HttpRequest) -> HttpResponse:
    """The places of events on record."""
    return _index(request, "places", lambda keys: records.places_with_counts(keys, today()))


@require_safe
@record_view("timeline:place")
@revalidated
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """One place and the events that took place there."""
    record = public_or_raise(places_of_record.with_sources(), "place", slug)
    context = {
        "page": places_of_record.place_page(record),
        "place": record,
        **own_timeline(Question(places=(slug,))),
    }
    return record_response(request, "place", record, context)


@require_safe
@revalidated
def sources(request: HttpRequest) -> HttpResponse:
    """The sources on record."""
    return _index(request, "sources", records.sources_with_counts)


@require_safe
@record_view("timeline:source")
@revalidated
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """One source, by its key, with all facts that rest on it, and its timeline."""
    record = public_or_raise(Source.objects.all(), "source", str(slug))
    total, unlisted, resting = resting_on(record)
    if not total:
        # A source is public if a public fact rests on it, so that one question answers both.
        raise_moved_or_missing("source", str(slug))
    context = {
        "source": record,
        "speaks_for": records.speaker(record),
        "facts": total,
        "unlisted": unlisted,
        "resting": resting,
        **own_timeline(Question(sources=(str(record.pk),))),
    }
    return record_response(request, "source", record, context)
