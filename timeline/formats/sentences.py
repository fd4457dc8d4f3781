"""A question in words: its filters as removable chips, and as one sentence."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline import enums
from timeline.core import dates
from timeline.core.characters import close_direction, without_forbidden
from timeline.core.codes import CommitmentNature
from timeline.core.numbers import Grouped
from timeline.core.question import InstrumentQuestion, LedgerQuestion, ListQuestion, Question
from timeline.jinja2 import language
from timeline.queries.related import Related
from timeline.queries.vocabulary import FilterOptions, Vocabulary

FilterNames = dict[str, dict[str, str]]
"""The name of each value, by parameter."""


class Also(NamedTuple):
    """A party offered beside a chosen one: its name with its years, its question and the number."""

    label: str
    query: str
    total: int


class Chip(NamedTuple):
    """One filter in words, with the question without it.

    ``parameter`` names the repeatable filter of which it is a value, if it is one. ``also`` are the
    predecessors and successors of a party.
    """

    label: str
    rest: ListQuestion
    parameter: str = ""
    also: tuple[Also, ...] = ()

    @property
    def without(self) -> str:
        """The query string of the question without the filter."""
        return self.rest.query_string()


RelatedParties = Mapping[str, Sequence[Related]]
"""The parties offered beside each chosen one."""


def names(vocabulary: Vocabulary) -> FilterNames:
    """Return the name, in the reader's language, of each value that a question may hold."""
    return {
        **_offered(vocabulary.offered, language()),
        "person": {person.slug: str(person.name) for person in vocabulary.people},
        "instrument": {text.slug: str(text.title) for text in vocabulary.instruments},
        "source": {str(source.pk): close_direction(source.title) for source in vocabulary.sources},
    }


def instrument_names(vocabulary: Vocabulary) -> FilterNames:
    """Return the names, as :func:`names` does, of the values of questions about texts."""
    return {
        "party": _offered(vocabulary.offered, language())["party"],
        **_labels(enums.OF_INSTRUMENT_FILTERS),
    }


def _labels(filters: Mapping[str, enums.Labels]) -> FilterNames:
    return {
        parameter: {str(code): str(label) for code, label in labels.items()}
        for parameter, labels in filters.items()
    }


@lru_cache(maxsize=8)
def _offered(offered: FilterOptions, _language: str) -> FilterNames:
    parties = {party.code: str(party.name) for party in offered.parties}
    return {
        "sector": {sector.slug: str(sector.name) for sector in offered.sectors},
        "party": parties,
        "obligor": parties,
        "beneficiary": parties,
        "framework": {framework.slug: str(framework.title) for framework in offered.frameworks},
        "place": {place.slug: str(place.name) for place in offered.places},
        **_labels(enums.OF_FILTERS),
    }


MAX_CHIPS: Final = 20
"""How many values of a filter get a chip each: the link of each chip repeats all the others."""


def chips(question: ListQuestion, names: FilterNames, related: RelatedParties) -> list[Chip]:
    """Return a removable chip for each value of a filter; those beyond ``MAX_CHIPS`` share one."""
    chips = [
        chip
        for parameter in question.REPEATABLE
        for chip in _filter_chips(question, parameter, names, related)
    ]
    whole = question.without_page()
    if question.q:
        # Without words nothing can be sorted by relevance.
        order = "newest" if question.order == "relevance" else question.order
        chips.insert(
            0,
            Chip(
                _("“%(words)s”") % {"words": close_direction(without_forbidden(question.q))},
                replace(whole, q="", order=type(question.order)(order)),
            ),
        )
    if question.period:
        chips.append(Chip(_period(question), question.within("", "")))
    if question.certain:
        chips.append(Chip(_("surely in the period"), replace(whole, certain=False)))
    if isinstance(whole, Question):
        chips += _event_chips(whole)
    if isinstance(whole, LedgerQuestion):
        chips += _ledger_chips(whole)
    if isinstance(whole, InstrumentQuestion) and whole.waiting:
        chips.append(Chip(_("waiting"), replace(whole, waiting=False)))
    if isinstance(whole, LedgerQuestion | InstrumentQuestion) and whole.asof:
        label = _("as of %(day)s") % {"day": _day(whole.asof)}
        chips.append(Chip(label, replace(whole, asof=None)))
    return chips


def _event_chips(question: Question) -> list[Chip]:
    chips = []
    if question.direct:
        chips.append(Chip(_("taking part directly"), replace(question, direct=False)))
    if question.met:
        chips.append(Chip(_("not only addressed"), replace(question, met=False)))
    return chips


def _filter_chips(
    question: ListQuestion, parameter: str, names: FilterNames, related: RelatedParties
) -> Iterator[Chip]:
    chosen = question.values(parameter)
    form = roles().get(parameter, "%(name)s")
    for value in chosen[:MAX_CHIPS]:
        rest = question.toggling(parameter, value)
        beside = related.get(value, ()) if parameter == "party" else ()
        also = tuple(Also(_with_years(row), row.query, row.total) for row in beside)
        yield Chip(form % {"name": names[parameter][value]}, rest, parameter, also)
    if (more := len(chosen) - MAX_CHIPS) > 0:
        label = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}
        rest = question.with_values(parameter, chosen[:MAX_CHIPS])
        yield Chip(form % {"name": label}, rest, parameter)


def _with_years(related: Related) -> str:
    """Return the name of a party with the year in which it ended or, of a successor, began."""
    party = related.party
    date = party.dissolved if related.is_predecessor else party.founded
    if date is None or not date.sure or date.earliest.year != date.latest.year:
        return str(party.name)
    form = (
        _("%(party)s (until %(year)s)")
        if related.is_predecessor
        else _("%(party)s (since %(year)s)")
    )
    return form % {"party": party.name, "year": date.earliest.year}


def roles() -> dict[str, str]:
    return {
        "obligor": _("owed by %(name)s"),
        "beneficiary": _("owed to %(name)s"),
        "instrument": _("text: %(name)s"),
    }


def _ledger_chips(question: LedgerQuestion) -> list[Chip]:
    chips = []
    if question.overdue:
        chips.append(Chip(_("overdue"), replace(question, overdue=False)))
    if question.quiet:
        chips.append(Chip(_("quiet"), replace(question, quiet=False)))
    if question.nature != CommitmentNature.UNDERTAKING:
        label = _("requests") if question.nature else _("undertakings and requests")
        undertakings = replace(question, nature=CommitmentNature.UNDERTAKING)
        chips.append(Chip(label, undertakings))
    return chips


def _day(day: dt.date) -> str:
    return dates.day_wording(day, language())


def _period(question: ListQuestion) -> str:
    return dates.period_wording(question.start, question.end, language())


def number(total: int) -> str:
    """Return a number of events in words: '1 event', '38 events'."""
    form = ngettext("%(n)s event", "%(n)s events", total)
    return form % {"n": Grouped(total, language())}


def sentence(question: Question, names: FilterNames) -> str:
    """Describe in one sentence the events that a question asks for."""
    parts = _conditions(question, names)
    return (
        _("Events %(conditions)s.") % {"conditions": ", ".join(parts)}
        if parts
        else _("All events on record.")
    )


def ledger_sentence(question: LedgerQuestion, names: FilterNames) -> str:
    """Describe in one sentence the commitments that a question asks for."""

    def either(parameter: str) -> str:
        return _(" or ").join(names[parameter][value] for value in question.values(parameter))

    parts = []
    if question.statuses:
        parts.append(_("that stand at %(states)s") % {"states": either("status")})
    if question.obligors:
        parts.append(_("owed by %(name)s") % {"name": either("obligor")})
    if question.beneficiaries:
        parts.append(_("owed to %(name)s") % {"name": either("beneficiary")})
    if question.overdue:
        parts.append(_("past their due date"))
    if question.quiet:
        parts.append(_("without evidence for 270 days"))
    parts += _conditions(question, names)
    if question.nature is None:
        parts.append(_("including requests"))
    if question.asof:
        parts.append(_("as of %(day)s") % {"day": _day(question.asof)})
    if question.nature == CommitmentNature.REQUEST:
        return (
            _("Requests %(conditions)s.") % {"conditions": ", ".join(parts)}
            if parts
            else _("All requests on record.")
        )
    return (
        _("Commitments %(conditions)s.") % {"conditions": ", ".join(parts)}
        if parts
        else _("All commitments on record.")
    )


def _conditions(question: Question, names: FilterNames) -> list[str]:
    def either(parameter: str) -> str:
        return _(" or ").join(names[parameter][value] for value in question.values(parameter))

    parts: list[str] = []
    if question.kinds:
        parts.append(_("of kind %(kinds)s") % {"kinds": either("kind")})
    if question.sectors:
        parts.append(_("about %(sectors)s") % {"sectors": either("sector")})
    if question.parties:
        conjunction = _(" or ") if question.any_party else _(" and ")
        parties = conjunction.join(names["party"][code] for code in question.parties)
        form = (
            _("with %(parties)s taking part directly") if question.direct else _("with %(parties)s")
        )
        parts.append(form % {"parties": parties})
    if question.places:
        parts.append(_("held at %(places)s") % {"places": either("place")})
    if question.people:
        parts.append(_("with %(people)s present or quoted") % {"people": either("person")})
    if question.instruments:
        parts.append(_("concerning the text %(texts)s") % {"texts": either("instrument")})
    if question.frameworks:
        parts.append(_("in the framework %(frameworks)s") % {"frameworks": either("framework")})
    if question.states:
        parts.append(_("whose state is %(states)s") % {"states": either("state")})
    if question.source_kinds:
        parts.append(_("with a source of kind %(kinds)s") % {"kinds": either("source_kind")})
    if question.sources:
        parts.append(_("that rely on %(sources)s") % {"sources": either("source")})
    return [*parts, *_dates_and_words(question)]


def _dates_and_words(question: ListQuestion) -> Iterator[str]:
    if question.period:
        yield _period(question)
    if question.certain:
        yield _("surely in the period")
    if question.q:
        words = close_direction(without_forbidden(question.q))
        yield _("that say “%(words)s”") % {"words": words}


def instruments_sentence(question: InstrumentQuestion, names: FilterNames) -> str:
    """Describe in one sentence the texts that a question asks for."""

    def either(parameter: str) -> str:
        return _(" or ").join(names[parameter][value] for value in question.values(parameter))

    parts = []
    if question.kinds:
        parts.append(_("of kind %(kinds)s") % {"kinds": either("kind")})
    if question.parties:
        parties = _(" and ").join(names["party"][code] for code in question.parties)
        parts.append(_("with %(parties)s") % {"parties": parties})
    if question.statuses:
        parts.append(_status_of(len(question.parties)) % {"statuses": either("status")})
    if question.waiting:
        parts.append(_waiting_of(len(question.parties)))
    if question.states:
        parts.append(_("whose state is %(states)s") % {"states": either("state")})
    if question.bindings:
        parts.append(_("of which is said: %(ways)s") % {"ways": either("binds")})
    parts += _dates_and_words(question)
    if question.asof:
        parts.append(_("as of %(day)s") % {"day": _day(question.asof)})
    return (
        _("Texts %(conditions)s.") % {"conditions": ", ".join(parts)}
        if parts
        else _("All texts on record.")
    )


def _status_of(parties: int) -> str:
    if not parties:
        return _("with a party whose status is %(statuses)s")
    return ngettext("its status: %(statuses)s", "the status of each: %(statuses)s", parties)


def _waiting_of(parties: int) -> str:
    """Return what is waited for, of whom, in words: of any party where none is chosen."""
    if not parties:
        return _("waiting for the ratification of a party")
    return ngettext("waiting for its ratification", "waiting for the ratification of each", parties)
