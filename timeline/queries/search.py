"""Everything that the words of a reader find, by noun."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from timeline.core.codes import Order
from timeline.core.folding import SearchTerms, Term, contains, parse_query, search_text, words
from timeline.core.question import IndexQuestion, InstrumentQuestion, LedgerQuestion, Question
from timeline.index.current import current
from timeline.index.fulltext_lookup import all_of, holding_one
from timeline.models import Framework, Party, PartyName, Person, PersonName
from timeline.queries import (
    commitments,
    indexes,
    instrument_list,
    instruments,
    ledger,
    public,
    records,
    timeline,
)
from timeline.queries.as_of import AsOf
from timeline.queries.named import NamedRecords, named_records
from timeline.queries.names import names_to_find
from timeline.queries.vocabulary import vocabulary

SHOWN: Final = 5
"""Records of a noun that a search shows; the others are behind a link or folded."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What words find of one noun: how many, and the best of them.

    ``exact`` says that one of them is called just so. ``question`` finds all of them, where a list
    answers it. ``other`` are names by which records were found, by their keys.
    """

    noun: str
    total: int
    rows: list[Any]
    exact: bool = False
    question: Question | InstrumentQuestion | IndexQuestion | None = None
    other: Mapping[int, object] = field(default_factory=dict)


def totals(text: str, today: dt.date) -> int:
    """Count all that words find."""
    return sum(found.total for found in _lists(text, today, rows=False)) + sum(
        len(_matching(noun, parse_query(text))) for noun in _NAMED
    )


def find(text: str, today: dt.date) -> list[Matches]:
    """Return what words find of each noun that has any: first where a name is just these words."""
    names = named_records(vocabulary({}).offered)
    named = [_found_by_name(noun, text, names) for noun in _NAMED]
    by_noun = {found.noun: found for found in (*_lists(text, today, rows=True), *named)}
    found = [by_noun[noun] for noun in NOUNS if by_noun[noun].total]
    return sorted(found, key=lambda found: not found.exact)


NOUNS: Final = (
    *("events", "commitments", "instruments", "parties", "people", "places", "frameworks"),
    *("sectors", "sources"),
)
"""The nouns in the order in which a search shows them."""


# Nouns with a list of their own


def _lists(text: str, today: dt.date, *, rows: bool) -> list[Matches]:
    when = AsOf(today)
    events = Question(q=text, order=Order.RELEVANCE)
    answer = current().answer(events, today=today)
    promises = LedgerQuestion(q=text, order=Order.RELEVANCE, nature=None)
    promised = ledger.on(when).answer(promises, ledger.narrowed(promises, when))
    texts = InstrumentQuestion(q=text, order=Order.RELEVANCE)
    listed = instrument_list.on(when).answer(texts, instrument_list.narrowed(texts))
    cited = IndexQuestion(text)
    sources = indexes.index_page("sources", cited)
    most = SHOWN if rows else 0
    return [
        Matches(
            "events",
            answer.total,
            timeline.rows(answer.ids[:most], events, today=today),
            question=events,
        ),
        Matches(
            "commitments",
            promised.total,
            commitments.in_order(promised.keys[:most], when),
            question=promises,
        ),
        Matches(
            "instruments",
            listed.total,
            instruments.in_order(listed.keys[:most], when),
            question=texts,
        ),
        Matches(
            "sources",
            sources.total,
            records.sources_with_counts(sources.keys[:most]),
            question=cited,
        ),
    ]


# Nouns that are found by their names


@dataclass(frozen=True, slots=True)
class _NamedNoun:
    """A noun that is found by its names: its rows, their order, and what holds a term."""

    parameter: str
    rows: Callable[[], QuerySet[Any]]
    slug: str
    holds: Callable[[Term], Q]


def _named_party(term: Term) -> Q:
    names = PartyName.objects.filter(holding_one("folded_name", term), party=OuterRef("pk"))
    return holding_one("folded_names", term) | Q(Exists(names))


def _in_names(term: Term) -> Q:
    return holding_one("folded_names", term)


_NAMED: Final[Mapping[str, _NamedNoun]] = {
    "parties": _NamedNoun("party", public.parties, "code", _named_party),
    "people": _NamedNoun("person", public.people, "slug", indexes.NOUNS["people"].holds),
    "places": _NamedNoun("place", public.places, "slug", indexes.NOUNS["places"].holds),
    "sectors": _NamedNoun("sector", public.sectors, "slug", _in_names),
    "frameworks": _NamedNoun(
        "framework",
        Framework.objects.published,
        "slug",
        lambda term: holding_one("folded_title", term),
    ),
}


def _matching(noun: str, terms: SearchTerms) -> list[str]:
    """Return the slugs of the public records of a noun whose names hold all terms, in order."""
    spec = _NAMED[noun]
    rows = spec.rows().filter(all_of(spec.holds(term) for term in terms))
    return list(rows.values_list(spec.slug, flat=True))


def _found_by_name(noun: str, text: str, names: NamedRecords) -> Matches:
    terms, parameter = parse_query(text), _NAMED[noun].parameter
    exact = {names.index.names[number].meaning.pair for number in names.index.whole(words(text))}
    pairs = [(parameter, slug) for slug in _matching(noun, terms)]
    pairs.sort(key=lambda pair: pair not in exact)
    rows = [names.records[pair] for pair in pairs if pair in names.records]
    has_index = noun in indexes.NOUNS
    shown = rows[:SHOWN] if has_index else rows
    return Matches(
        noun,
        len(rows),
        shown,
        exact=bool(exact & {*pairs}),
        question=IndexQuestion(text) if has_index else None,
        other=_other_names(noun, shown, terms),
    )


def _other_names(noun: str, rows: list[Any], terms: SearchTerms) -> dict[int, object]:
    """Return the names by which records were found, by key, where pages call them otherwise.

    Slips are never shown.
    """
    others: Mapping[int, Any] = {}
    if noun == "parties":
        others = names_to_find()
    elif noun == "people":
        others = _spellings([row.pk for row in rows])
    found: dict[int, object] = {}
    for row in rows:
        if _holds(str(row), terms):
            continue
        own = {text for field in ("name", "short") for text in _in_both(row, field)}
        candidates = [*sorted(own), *(o for o in others.get(row.pk, ()) if not o.slip)]
        by = next((name for name in candidates if _holds(_text_of(name), terms)), None)
        if by is not None:
            found[row.pk] = by
    return found


def _in_both(row: Party | Person, field: str) -> list[str]:
    return [text for language in ("fr", "en") if (text := getattr(row, f"{field}_{language}", ""))]


def _text_of(name: object) -> str:
    return name.name if isinstance(name, PartyName | PersonName) else str(name)


def _holds(name: str, terms: SearchTerms) -> bool:
    text = search_text(names=[name])
    return all(contains(text, term) for term in terms)


def _spellings(keys: list[int]) -> dict[int, list[PersonName]]:
    by_person: dict[int, list[PersonName]] = {}
    for name in PersonName.objects.filter(person__in=keys).order_by("pk"):
        by_person.setdefault(name.person_id, []).append(name)
    return by_person
