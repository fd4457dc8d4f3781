"""A question in words: the removable chips of its filters and the sentence that they make."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline import enums
from timeline.core import dates
from timeline.core.characters import close_direction, without_forbidden
from timeline.core.numbers import Grouped
from timeline.core.question import LedgerQuestion, Question
from timeline.jinja2 import language
from timeline.queries.vocabulary import FilterOptions, Vocabulary

Names = dict[str, dict[str, str]]
"""By parameter, the name of each value."""


class Chip(NamedTuple):
    """One filter in words, with the query string of the question without it."""

    label: str
    without: str


def names(vocabulary: Vocabulary) -> Names:
    """The name, in the reader's language, of each value that may stand in a question."""
    return {
        **_offered(vocabulary.offered, language()),
        "place": {place.slug: str(place.name) for place in vocabulary.places},
        "person": {person.slug: str(person.name) for person in vocabulary.people},
        "source": {str(source.pk): close_direction(source.title) for source in vocabulary.sources},
    }


@lru_cache(maxsize=8)
def _offered(offered: FilterOptions, _language: str) -> Names:
    parties = {party.code: str(party.name) for party in offered.parties}
    return {
        "sector": {sector.slug: str(sector.name) for sector in offered.sectors},
        "party": parties,
        "obligor": parties,
        "beneficiary": parties,
        "framework": {framework.slug: str(framework.title) for framework in offered.frameworks},
        **{
            name: {str(code): str(said) for code, said in labels.items()}
            for name, labels in enums.OF_FILTERS.items()
        },
    }


MOST_CHIPS: Final = 20
"""Values of a filter that have a chip each: each of them carries the address of all the others."""


def chips(question: Question, known: Names) -> list[Chip]:
    """Each filter of a question, removable; of many values of one filter the last ones together."""
    found = [chip for name in question.REPEATABLE for chip in _of_one(question, name, known)]
    whole = question.without_page()
    if question.q:
        plain = "newest" if question.order == "relevance" else question.order
        found.insert(
            0,
            Chip(
                _("“%(words)s”") % {"words": close_direction(without_forbidden(question.q))},
                replace(whole, q="", order=type(question.order)(plain)).query_string(),
            ),
        )
    if question.period:
        found.append(Chip(_period(question), question.within("", "").query_string()))
    if question.certain:
        found.append(Chip(_("surely in the period"), replace(whole, certain=False).query_string()))
    if question.direct:
        found.append(Chip(_("taking part directly"), replace(whole, direct=False).query_string()))
    if question.met:
        found.append(Chip(_("not only addressed"), replace(whole, met=False).query_string()))
    if isinstance(whole, LedgerQuestion):
        found += _clock_chips(whole)
    return found


def _of_one(question: Question, parameter: str, known: Names) -> Iterator[Chip]:
    """The chips of one filter."""
    chosen = question.values(parameter)
    form = _roles().get(parameter, "%(name)s")
    for value in chosen[:MOST_CHIPS]:
        without = question.toggling(parameter, value).query_string()
        yield Chip(form % {"name": known[parameter][value]}, without)
    if (more := len(chosen) - MOST_CHIPS) > 0:
        said = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}
        without = question.with_values(parameter, chosen[:MOST_CHIPS]).query_string()
        yield Chip(form % {"name": said}, without)


def _roles() -> dict[str, str]:
    return {"obligor": _("owed by %(name)s"), "beneficiary": _("owed to %(name)s")}


def _clock_chips(question: LedgerQuestion) -> list[Chip]:
    found = []
    if question.overdue:
        found.append(Chip(_("overdue"), replace(question, overdue=False).query_string()))
    if question.quiet:
        found.append(Chip(_("quiet"), replace(question, quiet=False).query_string()))
    if question.asof:
        said = _("as of %(day)s") % {"day": _day(question.asof)}
        found.append(Chip(said, replace(question, asof=None).query_string()))
    return found


def _day(day: dt.date) -> str:
    return dates.day_wording(day, language())


def _period(question: Question) -> str:
    return dates.period_wording(question.start, question.end, language())


def number(total: int) -> str:
    """Say how many events: '1 event', '38 events'."""
    form = ngettext("%(n)s event", "%(n)s events", total)
    return form % {"n": Grouped(total, language())}


def sentence(question: Question, known: Names) -> str:
    """Say in one sentence which events a question asks for."""
    parts = _conditions(question, known)
    return (
        _("Events %(conditions)s.") % {"conditions": ", ".join(parts)}
        if parts
        else _("All events on record.")
    )


def ledger_sentence(question: LedgerQuestion, known: Names) -> str:
    """Say in one sentence which commitments a question asks for."""
    either = _(" or ")

    def named(parameter: str) -> str:
        return either.join(known[parameter][value] for value in question.values(parameter))

    parts = []
    if question.statuses:
        parts.append(_("that stand at %(states)s") % {"states": named("status")})
    if question.obligors:
        parts.append(_("owed by %(name)s") % {"name": named("obligor")})
    if question.beneficiaries:
        parts.append(_("owed to %(name)s") % {"name": named("beneficiary")})
    if question.overdue:
        parts.append(_("past their due date"))
    if question.quiet:
        parts.append(_("without evidence for 270 days"))
    parts += _conditions(question, known)
    if question.asof:
        parts.append(_("as of %(day)s") % {"day": _day(question.asof)})
    return (
        _("Commitments %(conditions)s.") % {"conditions": ", ".join(parts)}
        if parts
        else _("All commitments on record.")
    )


def _conditions(question: Question, known: Names) -> list[str]:
    def either(parameter: str) -> str:
        return _(" or ").join(known[parameter][value] for value in question.values(parameter))

    parts: list[str] = []
    if question.kinds:
        parts.append(_("of kind %(kinds)s") % {"kinds": either("kind")})
    if question.sectors:
        parts.append(_("about %(sectors)s") % {"sectors": either("sector")})
    if question.parties:
        joint = _(" or ") if question.any_party else _(" and ")
        said = joint.join(known["party"][code] for code in question.parties)
        template = (
            _("with %(parties)s taking part directly") if question.direct else _("with %(parties)s")
        )
        parts.append(template % {"parties": said})
    if question.places:
        parts.append(_("held at %(places)s") % {"places": either("place")})
    if question.people:
        parts.append(_("with %(people)s present or quoted") % {"people": either("person")})
    if question.frameworks:
        parts.append(_("in the framework %(frameworks)s") % {"frameworks": either("framework")})
    if question.states:
        parts.append(_("whose state is %(states)s") % {"states": either("state")})
    if question.source_kinds:
        parts.append(_("with a source of kind %(kinds)s") % {"kinds": either("source_kind")})
    if question.sources:
        parts.append(_("that rely on %(sources)s") % {"sources": either("source")})
    if question.period:
        parts.append(_period(question))
    if question.certain:
        parts.append(_("surely in the period"))
    if question.q:
        parts.append(
            _("that say “%(words)s”") % {"words": close_direction(without_forbidden(question.q))}
        )
    return parts
