"""The filters of a question as conditions of plain SQL."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from timeline.core.codes import Publication
from timeline.core.filters import CODED_COLUMNS
from timeline.core.question import Question
from timeline.index.fulltext_lookup import holding
from timeline.models import (
    Attendance,
    Citation,
    Event,
    EventPlace,
    EventSector,
    InstrumentStep,
    Involvement,
    Statement,
)
from timeline.models.events import EventQuerySet
from timeline.models.sources import PARTS


def filtered(question: Question, *, leaving_out: Iterable[str] = ()) -> EventQuerySet:
    """Return the published events that a question finds, without the conditions of some groups."""
    events = Event.objects.published()
    skipped = frozenset(leaving_out)
    for group, condition in _conditions(question):
        if group not in skipped:
            events = events.filter(condition)
    return events


def _conditions(question: Question) -> Iterable[tuple[str, Q | Exists]]:
    if question.sectors:
        yield "sector", _in_sectors(question.sectors)
    for condition in _party_conditions(question):
        yield "party", condition
    for name, column in CODED_COLUMNS.items():
        if values := question.values(name):
            yield name, Q(**{f"{column}__in": values})
    if question.frameworks:
        yield (
            "framework",
            Q(
                framework__slug__in=question.frameworks,
                framework__publication=Publication.PUBLISHED,
            ),
        )
    if question.places:
        links = EventPlace.objects.filter(event=OuterRef("pk"))
        yield "place", Exists(links.filter(place__slug__in=question.places))
    if question.people:
        yield "person", _with_people(question.people)
    if question.instruments:
        yield "instrument", _of_texts(question.instruments)
    if question.sources:
        yield "source", _citing(source__in=[int(key) for key in question.sources])
    if question.source_kinds:
        yield "source_kind", _citing(source__kind__in=question.source_kinds)
    if question.period:
        yield "period", in_period(question)
    if question.q:
        yield "q", holding("folded_text", question.terms)


def _in_sectors(slugs: tuple[str, ...]) -> Exists:
    links = EventSector.objects.filter(event=OuterRef("pk"))
    return Exists(links.filter(Q(sector__slug__in=slugs) | Q(sector__parent__slug__in=slugs)))


def ways_counted(question: Question) -> QuerySet[Involvement]:
    """Return the ways of taking part that count for a question, in no order."""
    ways = Involvement.objects.order_by()
    if question.direct:
        ways = ways.filter(via=None)
    return ways.filter(addressee=False) if question.met else ways


def _party_conditions(question: Question) -> Iterable[Exists]:
    ways = ways_counted(question).filter(event=OuterRef("pk"))
    if question.any_party and question.parties:
        yield Exists(ways.filter(party__code__in=question.parties))
    else:
        for code in question.parties:
            yield Exists(ways.filter(party__code=code))


def has_value(question: Question, group: str, value: str) -> Exists:
    """Return the condition that an event has a value of a group, 'party' or 'sector'.

    A party takes part as the question asks: directly, or through a bloc as well.
    """
    if group == "sector":
        return _in_sectors((value,))
    (condition,) = _party_conditions(replace(question, parties=(value,)))
    return condition


def _with_people(slugs: tuple[str, ...]) -> Q:
    present = Attendance.objects.filter(event=OuterRef("pk"), person__slug__in=slugs)
    spoke = Statement.objects.filter(event=OuterRef("pk"), person__slug__in=slugs)
    return Q(Exists(present)) | Q(Exists(spoke))


def _of_texts(slugs: tuple[str, ...]) -> Exists:
    """Return the condition that a step of one of these published texts names an event."""
    steps = InstrumentStep.objects.filter(event=OuterRef("pk"), instrument__slug__in=slugs)
    return Exists(steps.filter(instrument__publication=Publication.PUBLISHED))


def _citing(**source: Any) -> Q:
    cited = Citation.objects.order_by().filter(**source)
    condition = Q(pk__in=cited.exclude(event=None).values("event"))
    for part in PARTS:
        condition |= Q(pk__in=cited.filter(**{f"{part}__isnull": False}).values(f"{part}__event"))
    return condition


def in_period(question: Question) -> Q:
    """Return the condition that an event lies in the question's period, surely if it asks so."""
    assert question.period is not None  # noqa: S101 — the caller checks it first
    first, last = question.period
    if question.certain:
        return Q(earliest__gte=first, latest__lte=last, date_sure=True)
    return Q(earliest__lte=last, latest__gte=first)
