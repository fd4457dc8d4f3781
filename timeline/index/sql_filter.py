"""Which events a question finds, as conditions of plain SQL."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, Q

from timeline.core.codes import Publication
from timeline.core.filters import CODED_COLUMNS
from timeline.core.question import Question
from timeline.index.fulltext_lookup import holding
from timeline.models import Attendance, Citation, Event, EventSector, Involvement, Statement
from timeline.models.events import EventQuerySet
from timeline.models.sources import PARTS


def filtered(question: Question, *, leaving_out: Iterable[str] = ()) -> EventQuerySet:
    """The published events that a question finds, some of its groups left out."""
    found = Event.objects.published()
    skipped = frozenset(leaving_out)
    for group, condition in _conditions(question):
        if group not in skipped:
            found = found.filter(condition)
    return found


def _conditions(question: Question) -> Iterable[tuple[str, Q | Exists]]:
    if question.sectors:
        yield "sector", _about_a_sector(question.sectors)
    for condition in _party_conditions(question):
        yield "party", condition
    for name, column in CODED_COLUMNS.items():
        if chosen := question.values(name):
            yield name, Q(**{f"{column}__in": chosen})
    if question.frameworks:
        yield (
            "framework",
            Q(
                framework__slug__in=question.frameworks,
                framework__publication=Publication.PUBLISHED,
            ),
        )
    if question.places:
        yield "place", Q(place__slug__in=question.places)
    if question.people:
        yield "person", _with_a_person(question.people)
    if question.sources:
        yield "source", _cited_from(source__in=[int(key) for key in question.sources])
    if question.source_kinds:
        yield "source_kind", _cited_from(source__kind__in=question.source_kinds)
    if question.period:
        yield "period", in_period(question)
    if question.q:
        yield "q", holding("folded_text", question.terms)


def _about_a_sector(slugs: tuple[str, ...]) -> Exists:
    links = EventSector.objects.filter(event=OuterRef("pk"))
    return Exists(links.filter(Q(sector__slug__in=slugs) | Q(sector__parent__slug__in=slugs)))


def _party_conditions(question: Question) -> Iterable[Exists]:
    ways = Involvement.objects.filter(event=OuterRef("pk"))
    if question.direct:
        ways = ways.filter(via=None)
    if question.any_party and question.parties:
        yield Exists(ways.filter(party__code__in=question.parties))
    else:
        for code in question.parties:
            yield Exists(ways.filter(party__code=code))


def bears(question: Question, group: str, value: str) -> Exists:
    """What bears a value of a group, 'party' or 'sector', as a question understands it."""
    if group == "sector":
        return _about_a_sector((value,))
    (condition,) = _party_conditions(replace(question, parties=(value,)))
    return condition


def _with_a_person(slugs: tuple[str, ...]) -> Q:
    present = Attendance.objects.filter(event=OuterRef("pk"), person__slug__in=slugs)
    spoke = Statement.objects.filter(event=OuterRef("pk"), person__slug__in=slugs)
    return Q(Exists(present)) | Q(Exists(spoke))


def _cited_from(**source: Any) -> Q:
    cited = Citation.objects.order_by().filter(**source)
    condition = Q(pk__in=cited.exclude(event=None).values("event"))
    for part in PARTS:
        condition |= Q(pk__in=cited.filter(**{f"{part}__isnull": False}).values(f"{part}__event"))
    return condition


def in_period(question: Question) -> Q:
    """What lies, or for what is certain surely lies, in the period that a question asks for."""
    assert question.period is not None  # noqa: S101 — the caller asked first
    first, last = question.period
    if question.certain:
        return Q(earliest__gte=first, latest__lte=last, date_sure=True)
    return Q(earliest__lte=last, latest__gte=first)
