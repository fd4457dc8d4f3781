"""What the words of a reader name, offered as filters with what these find."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final, NamedTuple

from timeline import enums
from timeline.core import dates
from timeline.core.question import InstrumentQuestion, LedgerQuestion, Question
from timeline.core.understanding import (
    Meaning,
    Understanding,
    understand,
    with_filters,
    with_filters_of_texts,
    with_meaning,
)
from timeline.formats.other_names import name_with_end
from timeline.formats.sentences import roles
from timeline.index.current import totals
from timeline.jinja2 import language, url
from timeline.models import PartyName, PersonName
from timeline.queries import instrument_list, ledger
from timeline.queries.as_of import AsOf
from timeline.queries.named import NamedRecords, named_records
from timeline.queries.vocabulary import FilterOptions, vocabulary

_WITH_PAGES: Final = frozenset({"party", "sector", "framework", "person", "place"})
"""The filters that name records with pages of their own."""


class FilterOffer(NamedTuple):
    """A filter that words name, with the address of what it finds alone and their number.

    ``understood_by`` is the name by which it is understood, if pages do not call it so. ``page`` is
    the address of the page of the record, and ``name`` what it is called there.
    """

    label: str
    understood_by: str
    address: str = ""
    total: int = 0
    page: str = ""
    name: str = ""


class Together(NamedTuple):
    """All filters that are clear: the address of what they find of a noun, and the number."""

    noun: str
    question: Question | InstrumentQuestion
    address: str
    total: int


@dataclass(frozen=True, slots=True)
class Understood:
    """What words name.

    ``offers`` are the filters that are clear. ``unclear`` are words that may name several. ``left``
    are the words that ``together`` does not ask for, as nothing is found with them.
    """

    offers: Sequence[FilterOffer]
    unclear: Sequence[tuple[str, Sequence[FilterOffer]]] = ()
    together: Sequence[Together] = ()
    left: str = ""

    @property
    def total(self) -> int:
        """The number of results of all filters together."""
        return sum(together.total for together in self.together)


class _Counts:
    """How many events and commitments questions find, with their addresses."""

    def __init__(self, when: AsOf) -> None:
        self.when = when

    def of(self, question: Question | InstrumentQuestion) -> Together:
        if isinstance(question, InstrumentQuestion):
            index, narrowed = instrument_list.on(self.when), instrument_list.narrowed(question)
            total = index.total(question, narrowed)
            return self._together("instruments", question, "instruments", total)
        if isinstance(question, LedgerQuestion):
            narrowed = ledger.narrowed(question, self.when)
            total = ledger.on(self.when).total(question, narrowed)
            return self._together("commitments", question, "commitments", total)
        return self._together("events", question, "home", totals(question)[""])

    @staticmethod
    def _together(
        noun: str, question: Question | InstrumentQuestion, page: str, total: int
    ) -> Together:
        return Together(noun, question, url(page) + question.query_string(), total)


def understood_alone(text: str, when: AsOf) -> Understood | None:
    """Return what words name, each with what it finds, and all of it together."""
    names = named_records(vocabulary({}).offered)
    found = understand(text, names.index)
    if not found:
        return None
    counts = _Counts(when)
    as_ledger = found.owed()
    shown, base = (as_ledger, LedgerQuestion()) if found.promised else (found, Question())
    together = _together(found, (LedgerQuestion(), Question()), counts)
    texts = with_filters_of_texts(found)
    listed = [counts.of(texts)] if texts else []
    left = ""
    if found.rest and not any(one.total for one in (*listed, *together)):
        left, found = found.rest, replace(found, rest="")
        together = _together(found, (LedgerQuestion(), Question()), counts)
    if not found.promised:
        together.reverse()
    together = [*listed, *together]
    offers = [_offer(one.meaning, base, names, counts) for one in shown.clear]
    unclear = [*_unclear(shown, base, names, counts)]
    offers += _offers_of_texts(texts, counts)
    offers = [*(one for one in offers if one.total), *_period_offer(found, base, counts)]
    if not (offers or unclear):
        return None
    return Understood(offers, unclear, [one for one in together if one.total], left)


def understood_beside(question: Question, offered: FilterOptions, when: AsOf) -> Understood | None:
    """Return what the words of a question about events name, if as filters they find something."""
    names = named_records(offered)
    found = understand(question.q, names.index)
    if not found.applies:
        return None
    bases: list[Question] = [question]
    if found.promised:
        bases.insert(0, _in_ledger(question))
    asked = _together(found, bases, _Counts(when))
    found_any = [one for one in asked if one.total and one.question != question]
    shown = found.owed() if found.promised else found
    offers = [
        *(_named(one.meaning, names) for one in shown.clear),
        *(FilterOffer(label, "") for label in _period(found)),
    ]
    return Understood(offers, together=found_any) if found_any else None


def _in_ledger(question: Question) -> LedgerQuestion:
    """Return the ledger's question with the filters of a question about events."""
    names = [field.name for field in fields(Question) if field.name != "display"]
    return LedgerQuestion(**{name: getattr(question, name) for name in names})


def _together(found: Understanding, bases: Sequence[Question], counts: _Counts) -> list[Together]:
    return [
        counts.of(with_filters(base, found.owed() if isinstance(base, LedgerQuestion) else found))
        for base in bases
        if found.applies
    ]


def _unclear(
    found: Understanding, base: Question, names: NamedRecords, counts: _Counts
) -> Iterator[tuple[str, list[FilterOffer]]]:
    for one in found.named:
        meanings = one.meanings[1:] if one.clear else one.meanings
        offers = [_offer(meaning, base, names, counts) for meaning in meanings]
        if found_any := [offer for offer in offers if offer.total]:
            yield one.words, found_any


def _offer(meaning: Meaning, base: Question, names: NamedRecords, counts: _Counts) -> FilterOffer:
    alone = counts.of(with_meaning(base, meaning))
    return _named(meaning, names)._replace(address=alone.address, total=alone.total)


def _offers_of_texts(question: InstrumentQuestion | None, counts: _Counts) -> list[FilterOffer]:
    """Return each kind of texts that a question asks for, with what it finds alone."""
    offers = []
    for kind in question.kinds if question else ():
        alone = counts.of(InstrumentQuestion(kinds=(kind,)))
        label = enums.label(enums.INSTRUMENT_KINDS, kind)
        offers.append(FilterOffer(label, "", alone.address, alone.total))
    return offers


def _period_offer(found: Understanding, base: Question, counts: _Counts) -> Iterator[FilterOffer]:
    for label in _period(found):
        alone = counts.of(replace(base, start=found.start, end=found.end))
        yield FilterOffer(label, "", alone.address, alone.total)


def _period(found: Understanding) -> Iterator[str]:
    if found.start or found.end:
        yield dates.period_wording(found.start, found.end, language())


def _named(meaning: Meaning, names: NamedRecords) -> FilterOffer:
    """Return a filter by the name of what it finds."""
    parameter, value = meaning.pair
    if parameter == "kind":
        return FilterOffer(enums.label(enums.EVENT_KINDS, value), "")
    role = roles().get(parameter, "%(name)s")
    noun = "party" if parameter in ("obligor", "beneficiary") else parameter
    name = str(names.records[noun, value])
    page = url(noun, value) if noun in _WITH_PAGES else ""
    return FilterOffer(role % {"name": name}, shown_name(meaning.other), page=page, name=name)


def shown_name(other: object) -> str:
    """Return the name by which a record is found, as pages say it; a slip is not said."""
    if isinstance(other, PartyName):
        return "" if other.slip else name_with_end(other)
    if isinstance(other, PersonName):
        return "" if other.slip else other.name
    return str(other or "")
