"""The reference answer: plain SQL over the record's own tables, the same on every database."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.db.models import Count, Q
from django.db.models.functions import ExtractMonth, ExtractYear

from timeline.core.codes import EventState, Order, Publication
from timeline.core.dates import Heading
from timeline.core.filters import CODED_COLUMNS
from timeline.core.question import Cursor, Question
from timeline.index import sql_pictures
from timeline.index.fulltext_lookup import all_of, holding, holding_one
from timeline.index.interface import (
    PAGE_SIZE,
    Answer,
    Bins,
    Counts,
    Periods,
    Spread,
    whole_year,
)
from timeline.index.sql_filter import filtered
from timeline.models import Citation, EventSector, Involvement
from timeline.models.events import EventQuerySet

_UPCOMING_ORDER: Final = ("earliest", "latest", "pk")
_NEWEST_ORDER: Final = ("-heading", "-earliest", "latest", "-pk")
_OLDEST_ORDER: Final = ("heading", "earliest", "-latest", "pk")


class SqlIndex:
    """Answers each question by asking the database; implements the Index protocol."""

    def answer(self, question: Question, *, today: dt.date) -> Answer:
        """Work out total, page, counts and months of a question."""
        cursor = question.cursor()
        found = filtered(question)
        total = found.count()
        seen = cursor.seen if cursor else 0
        rows = _page(found, question, cursor, today, PAGE_SIZE + 1)
        page = rows[:PAGE_SIZE]
        following = (
            page[-1]._replace(seen=seen + len(page)) if len(rows) > PAGE_SIZE and page else None
        )
        parties, indirect = _party_counts(question)
        months = _months(question)
        return Answer(
            total=total,
            surely=_surely(found, question, total),
            ids=tuple(row.pk for row in page),
            first=seen + 1,
            following=following,
            options={
                "sector": _sector_counts(question),
                "party": parties,
                "source_kind": _source_kind_counts(question),
                "framework": _column_counts(question, "framework", "framework__slug"),
                **{
                    name: _column_counts(question, name, column)
                    for name, column in CODED_COLUMNS.items()
                },
            },
            indirect=indirect,
            months=months,
            years=_years(question, months),
            headings=_headings(found, question, page, today),
            coming=_coming(found, question, today),
        )

    def spread(
        self,
        question: Question,
        bins: Bins,
    ) -> Mapping[str, Spread]:
        """Spread the events found over bins of time, under each of the values."""
        return sql_pictures.spread(question, bins)

    def held(self, question: Question, periods: Periods) -> Mapping[str, Sequence[int]]:
        """How many events the question finds with each of some periods as its own."""
        return sql_pictures.held(question, periods)

    def crossed(
        self,
        question: Question,
        rows: tuple[str, Sequence[str]],
        columns: tuple[str, Sequence[str]],
    ) -> Mapping[tuple[str, str], int]:
        """How many of the events found bear both a value of one group and one of another."""
        return sql_pictures.crossed(question, rows, columns)

    def places(self, question: Question) -> Mapping[int, int]:
        """How many of the events found met at each place, by its key."""
        return sql_pictures.places(question)

    def matching(self, question: Question, *, today: dt.date) -> tuple[int, ...]:
        """The keys of all events found, in order."""
        found = filtered(question)
        return tuple(row.pk for row in _page(found, question, None, today, None))


def _in_title(question: Question) -> Q:
    return holding("folded_title", question.terms)


def _in_title_or_quotation(question: Question) -> Q:
    return all_of(
        holding_one("folded_title", term) | holding_one("folded_quotation", term)
        for term in question.terms
    )


def _surely(found: EventQuerySet, question: Question, total: int) -> int:
    if question.period is None or question.certain:
        return total
    return found.surely_in(*question.period).count()


def _buckets(question: Question, today: dt.date) -> list[tuple[Q, tuple[str, ...]]]:
    """The list as consecutive runs, each with its own order; a run's number is its rank."""
    upcoming = _upcoming(today)
    match question.order:
        case Order.NEWEST:
            return [(upcoming, _UPCOMING_ORDER), (~upcoming, _NEWEST_ORDER)]
        case Order.OLDEST:
            return [(~upcoming, _OLDEST_ORDER), (upcoming, _UPCOMING_ORDER)]
        case Order.RELEVANCE:
            named, said = _in_title(question), _in_title_or_quotation(question)
            runs = (named, said & ~named, ~said)
            return [(run, _NEWEST_ORDER) for run in runs]


def _upcoming(today: dt.date) -> Q:
    return Q(state__in=(EventState.PLANNED, EventState.POSTPONED), latest__gte=today)


def _later_in_run(cursor: Cursor, order: tuple[str, ...]) -> Q:
    """What comes after a place in a run, column by column of its order."""
    days = {"earliest": cursor.earliest, "latest": cursor.latest}
    at = {"heading": cursor.heading.order, **days, "pk": cursor.pk}
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
) -> list[Cursor]:
    """Up to ``limit`` events after a cursor, each as the place that it has; all when None."""
    rows: list[Cursor] = []
    found = found.with_headings()
    for rank, (condition, order) in enumerate(_buckets(question, today)):
        if cursor is not None and rank < cursor.rank:
            continue
        run = found.filter(condition).order_by(*order)
        if cursor is not None and rank == cursor.rank:
            run = run.filter(_later_in_run(cursor, order))
        keys = run.values_list("earliest", "latest", "pk", "vague")  # type: ignore[misc]
        wanted = keys if limit is None else keys[: limit - len(rows)]
        rows += [
            Cursor(rank, earliest, latest, pk, 0, vague) for earliest, latest, pk, vague in wanted
        ]
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


def _months(question: Question) -> Mapping[tuple[int, int], int]:
    """Events by the month in which they may begin, the period left out so that time stays whole."""
    found = filtered(replace(question, certain=False), leaving_out=["period"])
    months = found.order_by().annotate(year=ExtractYear("earliest"), month=ExtractMonth("earliest"))
    counted: Counter[tuple[int, int]] = Counter()
    for year, month, n in months.values_list("year", "month").annotate(n=Count("pk")):
        counted[year, month] += n
    return counted


def _years(question: Question, months: Mapping[tuple[int, int], int]) -> Mapping[int, int]:
    """How many events each year finds, of the years in which some may begin."""
    years = sorted({year for year, _month in months})
    counts = sql_pictures.held(question, Periods(tuple(whole_year(year) for year in years)))[""]
    return {year: n for year, n in zip(years, counts, strict=True) if n}


def _headings(
    found: EventQuerySet, question: Question, page: Sequence[Cursor], today: dt.date
) -> Mapping[Heading, int]:
    """How many of all events found stand under each heading of a page."""
    if question.order == Order.RELEVANCE:
        return {}
    listed = 1 if question.order == Order.NEWEST else 0
    headings = {row.heading.order: row.heading for row in page if row.rank == listed}
    rows = found.with_headings().filter(~_upcoming(today))
    under = rows.filter(heading__in=list(headings)).order_by()  # type: ignore[misc]
    counted = under.values_list("heading").annotate(n=Count("pk"))  # type: ignore[misc]
    return {headings[order]: n for order, n in counted}


def _coming(found: EventQuerySet, question: Question, today: dt.date) -> tuple[int, int]:
    """How many of what is to come are planned, and how many postponed."""
    if question.order == Order.RELEVANCE:
        return 0, 0
    counted = found.filter(_upcoming(today)).order_by().values_list("state").annotate(n=Count("pk"))
    by_state = dict(counted)
    return by_state.get(EventState.PLANNED, 0), by_state.get(EventState.POSTPONED, 0)
