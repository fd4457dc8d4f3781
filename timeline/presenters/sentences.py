"""A question in words: the removable chips of its filters and the sentence that they make."""

from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from timeline import enums
from timeline.core import dates
from timeline.core.question import Question
from timeline.queries.vocabulary import Vocabulary


class Chip(NamedTuple):
    """One filter in words, with the query string of the question without it."""

    label: str
    without: str


def names(vocabulary: Vocabulary) -> dict[str, dict[str, str]]:
    """The name, in the reader's language, of each value that may stand in a question."""
    return {
        "sector": {sector.slug: str(sector.name) for sector in vocabulary.sectors},
        "party": {party.code: str(party.name) for party in vocabulary.parties},
        "framework": {framework.slug: str(framework.title) for framework in vocabulary.frameworks},
        "person": {person.slug: str(person.name) for person in vocabulary.people},
        "source": {str(source.pk): source.title for source in vocabulary.sources},
        "kind": {str(code): str(said) for code, said in enums.EVENT_KINDS.items()},
        "state": {str(code): str(said) for code, said in enums.EVENT_STATES.items()},
        "source_kind": {str(code): str(said) for code, said in enums.SOURCE_KINDS.items()},
    }


def chips(question: Question, known: dict[str, dict[str, str]]) -> list[Chip]:
    """Each filter of a question, removable."""
    found = [
        Chip(known[parameter][value], question.toggling(parameter, value).query_string())
        for parameter in known
        for value in question.values(parameter)
    ]
    whole = question.without_page()
    if question.q:
        plain = "newest" if question.order == "relevance" else question.order
        found.insert(
            0,
            Chip(
                _("“%(words)s”") % {"words": question.q},
                replace(whole, q="", order=type(question.order)(plain)).query_string(),
            ),
        )
    if question.period:
        found.append(Chip(period_wording(question), question.within("", "").query_string()))
    if question.certain:
        found.append(Chip(_("surely in the period"), replace(whole, certain=False).query_string()))
    if question.direct:
        found.append(Chip(_("taking part directly"), replace(whole, direct=False).query_string()))
    return found


def period_wording(question: Question) -> str:
    """Say the period asked for: 'from 2024', 'until April 2025', 'from 2024 to April 2025'."""
    language = (get_language() or "fr")[:2]
    start = dates.wording(question.start, language) if question.start else ""
    end = dates.wording(question.end, language) if question.end else ""
    if start and end:
        return (
            start if start == end else _("from %(start)s to %(end)s") % {"start": start, "end": end}
        )
    if start:
        return _("from %(start)s") % {"start": start}
    return _("until %(end)s") % {"end": end}


def sentence(question: Question, known: dict[str, dict[str, str]]) -> str:
    """Say in one sentence which events a question asks for."""

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
        parts.append(period_wording(question))
    if question.certain:
        parts.append(_("surely in the period"))
    if question.q:
        parts.append(_("that say “%(words)s”") % {"words": question.q})
    return (
        _("Events %(conditions)s.") % {"conditions": ", ".join(parts)}
        if parts
        else _("All events on record.")
    )
