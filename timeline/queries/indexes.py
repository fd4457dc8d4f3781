"""The indexes of parties, people, places and sources: by words, by initial, a page at a time."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from timeline import cache
from timeline.core.folding import Term
from timeline.core.letters import fold
from timeline.core.question import NO_LETTER, IndexQuestion, Problem, QuestionError
from timeline.fields import reader_language
from timeline.index.fulltext_lookup import all_of, holding_one
from timeline.index.interface import PAGE_SIZE
from timeline.models import Party, PartyName, Person, PersonName, Place
from timeline.queries import public


def _named_person(term: Term) -> Q:
    spellings = PersonName.objects.filter(holding_one("folded_name", term), person=OuterRef("pk"))
    return holding_one("folded_names", term) | Q(Exists(spellings))


def _named_party(term: Term) -> Q:
    spellings = PartyName.objects.filter(holding_one("folded_name", term), party=OuterRef("pk"))
    return holding_one("folded_names", term) | Q(Exists(spellings)) | Q(code=term.text)


def _named_place(term: Term) -> Q:
    return holding_one("folded_names", term) | holding_one("party__folded_names", term)


class Noun(NamedTuple):
    """How the records of a noun are indexed.

    ``rows`` are those that readers may see, and ``holds`` is the condition that a record holds a
    term. They are sorted by a folded column, or where their names begin otherwise in another
    language, by the folded texts that ``sort`` returns in that of the reader.
    """

    rows: Callable[[], QuerySet[Any]]
    holds: Callable[[Term], Q]
    sort: str | Callable[[Any], tuple[str, ...]]


def _by_name(record: Party | Place) -> tuple[str, ...]:
    return (record.name,)


def _by_family_name(person: Person) -> tuple[str, ...]:
    return (person.family or person.name, person.name)


NOUNS: Final[Mapping[str, Noun]] = {
    "parties": Noun(public.parties, _named_party, _by_name),
    "people": Noun(public.people, _named_person, _by_family_name),
    "places": Noun(public.places, _named_place, _by_name),
    "sources": Noun(public.sources, lambda term: holding_one("folded_text", term), "sort_title"),
}


@dataclass(frozen=True, slots=True)
class IndexPage:
    """One page of an index.

    ``keys`` are those of its records in order, ``first`` is the position of the first of them among
    ``total``, counted from 1. ``following`` is the key after which the next page begins, None on
    the last, and ``preceding`` that of the page before, None where it is the first. ``initials``
    are those of all records that the words find, with their numbers.
    """

    keys: list[int]
    first: int
    total: int
    following: int | None
    preceding: int | None
    initials: Mapping[str, int]


_Order = tuple[tuple[int, str], ...]
_orders: Final[cache.VersionedCache[_Order]] = cache.VersionedCache("orders of nouns", alias=None)
"""The keys of the public records of a noun in the order of its index, each with its initial."""


def index_page(name: str, question: IndexQuestion) -> IndexPage:
    """Return the page that a question asks of the index of a noun, one of :data:`NOUNS`.

    Raise QuestionError if the record before the page is not in the list.
    """
    initials, listed = _found(name, question)
    start = 0
    if question.after is not None:
        if question.after not in listed:
            raise QuestionError([Problem("after", "unreadable", str(question.after))])
        start = listed.index(question.after) + 1
    keys_of_page = listed[start : start + PAGE_SIZE]
    return IndexPage(
        keys_of_page,
        start + 1,
        len(listed),
        keys_of_page[-1] if start + PAGE_SIZE < len(listed) else None,
        listed[start - PAGE_SIZE - 1] if start > PAGE_SIZE else None,
        dict(sorted(initials.items())),
    )


def matching(name: str, question: IndexQuestion) -> list[int]:
    """Return the keys of all records that a question finds in the index of a noun, in order."""
    return _found(name, question)[1]


def _found(name: str, question: IndexQuestion) -> tuple[Counter[str], list[int]]:
    """Return the initials of what the words of a question find, and the keys of those listed."""
    noun = NOUNS[name]
    order = _orders.get_or_load((name, reader_language()), None, lambda: _read(noun))
    if question.q:
        holding = noun.rows().model._default_manager.order_by()
        holding = holding.filter(all_of(noun.holds(term) for term in question.terms))
        keys = set(holding.values_list("pk", flat=True))
        order = tuple(entry for entry in order if entry[0] in keys)
    listed = [key for key, initial in order if question.initial in ("", initial)]
    return Counter(initial for _key, initial in order), listed


def _read(noun: Noun) -> _Order:
    sort = noun.sort
    if isinstance(sort, str):
        rows = noun.rows().order_by(sort, "pk").values_list("pk", sort)
        return tuple((key, _initial(text)) for key, text in rows.iterator())
    named = ((tuple(map(fold, sort(row))), row.pk) for row in noun.rows().order_by())
    return tuple((key, _initial(texts[0])) for texts, key in sorted(named))


def _initial(folded: str) -> str:
    first = folded[:1]
    return first if first.isalpha() else NO_LETTER
