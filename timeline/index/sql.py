"""The reference answer: plain SQL over the record's own tables, the same on every database."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import ExtractMonth, ExtractYear

from timeline.core.codes import EventState, Order, Publication
from timeline.core.question import Cursor, Question
from timeline.index.interface import PAGE_SIZE, Answer, Bin, Counts
from timeline.models import (
    Attendance,
    Citation,
    Event,
    EventSector,
    Involvement,
    Statement,
)
from timeline.models.events import EventQuerySet
from timeline.models.sources import PARTS

_UPCOMING_ORDER: Final = ("earliest", "latest", "pk")
_NEWEST_ORDER: Final = ("-earliest", "latest", "-pk")
_OLDEST_ORDER: Final = ("earliest", "-latest", "pk")


class SqlIndex:
    """Answers each question by asking the database; implements the Index protocol."""

    def answer(self, question: Question, *, today: dt.date) -> Answer:
        """Work out total, page, counts and histogram of a question."""
        cursor = question.cursor()
        found = filtered(question)
        total = found.count()
        seen = cursor.seen if cursor else 0
        rows = _page(found, question, cursor, today, PAGE_SIZE + 1)
        page = rows[:PAGE_SIZE]
        following = (
            Cursor(*page[-1], seen=seen + len(page)) if len(rows) > PAGE_SIZE and page else None
        )
        parties, indirect = _party_counts(question)
        return Answer(
            total=total,
            surely=_surely(found, question, total),
            ids=tuple(row[3] for row in page),
            first=seen + 1,
            following=following,
            options={
                "sector": _sector_counts(question),
                "party": parties,
                "kind": _column_counts(question, "kind", "kind"),
                "state": _column_counts(question, "state", "state"),
                "source_kind": _source_kind_counts(question),
                "framework": _column_counts(question, "framework", "framework__slug"),
            },
            indirect=indirect,
            histogram=_histogram(question),
        )

    def matching(self, question: Question, *, today: dt.date) -> tuple[int, ...]:
        """The keys of all events found, in order."""
        found = filtered(question)
        return tuple(row[3] for row in _page(found, question, None, today, None))


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
    if question.kinds:
        yield "kind", Q(kind__in=question.kinds)
    if question.states:
        yield "state", Q(state__in=question.states)
    if question.frameworks:
        yield (
            "framework",
            Q(
                framework__slug__in=question.frameworks,
                framework__publication=Publication.PUBLISHED,
            ),
        )
    if question.people:
        yield "person", _with_a_person(question.people)
    if question.sources:
        yield "source", _cited_from(source__in=[int(key) for key in question.sources])
    if question.source_kinds:
        yield "source_kind", _cited_from(source__kind__in=question.source_kinds)
    if question.period:
        yield "period", _in_period(question)
    if question.q:
        yield "q", _with_words(question)


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


def _in_period(question: Question) -> Q:
    assert question.period is not None  # noqa: S101 — the caller asked first
    first, last = question.period
    if question.certain:
        return Q(earliest__gte=first, latest__lte=last, date_sure=True)
    return Q(earliest__lte=last, latest__gte=first)


def _with_words(question: Question) -> Q:
    condition = Q()
    for word in question.terms.words:
        condition &= Q(folded_text__contains=f" {word}")
    for phrase in question.terms.phrases:
        condition &= Q(folded_text__contains=f" {phrase} ")
    return condition


def _in_title(question: Question) -> Q:
    condition = Q()
    for word in (*question.terms.words, *question.terms.phrases):
        condition &= Q(folded_title__contains=f" {word}")
    return condition


def _surely(found: EventQuerySet, question: Question, total: int) -> int:
    if question.period is None or question.certain:
        return total
    return found.surely_in(*question.period).count()


def _buckets(question: Question, today: dt.date) -> list[tuple[Q, tuple[str, ...]]]:
    """The list as consecutive runs, each with its own order; a run's number is its rank."""
    upcoming = Q(state__in=(EventState.PLANNED, EventState.POSTPONED), latest__gte=today)
    match question.order:
        case Order.NEWEST:
            return [(upcoming, _UPCOMING_ORDER), (~upcoming, _NEWEST_ORDER)]
        case Order.OLDEST:
            return [(~upcoming, _OLDEST_ORDER), (upcoming, _UPCOMING_ORDER)]
        case Order.RELEVANCE:
            named = _in_title(question)
            return [(named, _NEWEST_ORDER), (~named, _NEWEST_ORDER)]


def _later_in_run(cursor: Cursor, order: tuple[str, ...]) -> Q:
    """What comes after a place in a run, column by column of its order."""
    at = {"earliest": cursor.earliest, "latest": cursor.latest, "pk": cursor.pk}
    condition, equal = Q(), Q()
    for column in order:
        name = column.lstrip("-")
        beyond = "lt" if column.startswith("-") else "gt"
        condition |= equal & Q(**{f"{name}__{beyond}": at[name]})
        equal &= Q(**{name: at[name]})
    return condition


def _page(
    found: EventQuerySet,
    question: Question,
    cursor: Cursor | None,
    today: dt.date,
    limit: int | None,
) -> list[tuple[int, dt.date, dt.date, int]]:
    """Up to ``limit`` rows (rank, earliest, latest, key) after a cursor; all when None."""
    rows: list[tuple[int, dt.date, dt.date, int]] = []
    for rank, (condition, order) in enumerate(_buckets(question, today)):
        if cursor is not None and rank < cursor.rank:
            continue
        run = found.filter(condition).order_by(*order)
        if cursor is not None and rank == cursor.rank:
            run = run.filter(_later_in_run(cursor, order))
        keys = run.values_list("earliest", "latest", "pk")
        wanted = keys if limit is None else keys[: limit - len(rows)]
        rows += [(rank, *key) for key in wanted]
        if limit is not None and len(rows) >= limit:
            break
    return rows


def _column_counts(question: Question, group: str, column: str) -> Counts:
    found = filtered(question, leaving_out=[group]).filter(**{f"{column}__isnull": False})
    if group == "framework":
        found = found.filter(framework__publication=Publication.PUBLISHED)
    counted = found.order_by().values_list(column).annotate(n=Count("pk"))
    return dict(counted)


def _sector_counts(question: Question) -> Counts:
    """Events per sector; an event of two parts of a sector counts once for the whole."""
    found = filtered(question, leaving_out=["sector"])
    links = EventSector.objects.order_by().filter(event__in=found.order_by().values("pk"))
    seen: dict[str, set[int]] = {}
    for event, slug, parent in links.values_list("event", "sector__slug", "sector__parent__slug"):
        seen.setdefault(slug, set()).add(event)
        if parent:
            seen.setdefault(parent, set()).add(event)
    return {slug: len(events) for slug, events in seen.items()}


def _party_counts(question: Question) -> tuple[Counts, Counts]:
    skipped = ["party"] if question.any_party else []
    found = filtered(question, leaving_out=skipped)
    ways = Involvement.objects.order_by().filter(event__in=found.order_by().values("pk"))
    if question.direct:
        ways = ways.filter(via=None)
    counted = ways.values("party__code").annotate(
        n=Count("event", distinct=True), directly=Count("event", filter=Q(via=None))
    )
    rows = list(counted)
    total = {row["party__code"]: row["n"] for row in rows}
    indirect = {row["party__code"]: row["n"] - row["directly"] for row in rows}
    return total, indirect


def _source_kind_counts(question: Question) -> Counts:
    found = filtered(question, leaving_out=["source_kind"]).order_by().values("pk")
    cited = Citation.objects.order_by().of_events(found).with_event()
    counted = cited.values_list("source__kind").annotate(n=Count("about_event", distinct=True))
    return dict(counted)


def _histogram(question: Question) -> tuple[Bin, ...]:
    """Events by the month in which they may begin, the period left out so that time stays whole."""
    found = filtered(replace(question, certain=False), leaving_out=["period"])
    months = found.order_by().annotate(year=ExtractYear("earliest"), month=ExtractMonth("earliest"))
    counted: Counter[tuple[int, int]] = Counter()
    for year, month, n in months.values_list("year", "month").annotate(n=Count("pk")):
        counted[year, month] += n
    return tuple(Bin(year, month, n) for (year, month), n in sorted(counted.items()))
