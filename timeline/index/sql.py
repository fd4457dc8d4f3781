"""The reference index: plain SQL over the record's own tables, the same on every database."""

import datetime as dt
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.db.models import Count, Q
from django.db.models.functions import ExtractMonth, ExtractYear

from timeline.core.codes import EventState, Order, Publication
from timeline.core.dates import EdtfDate, Heading
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
    PlaceCounts,
    Spread,
    whole_year,
)
from timeline.index.sql_filter import filtered, ways_counted
from timeline.models import Citation, EventPlace, EventSector
from timeline.models.events import EventQuerySet

_UPCOMING_ORDER: Final = ("earliest", "latest", "pk")
_NEWEST_ORDER: Final = ("-heading", "-earliest", "latest", "-pk")
_OLDEST_ORDER: Final = ("heading", "earliest", "-latest", "pk")


class SqlIndex:
    """Answers each question by querying the database; implements the Index protocol."""

    def answer(self, question: Question, *, today: dt.date) -> Answer:
        """Work out everything that a list page shows.

        Raise QuestionError for a cursor of another question.
        """
        cursor = question.cursor()
        events = filtered(question)
        total = events.count()
        seen = cursor.seen if cursor else 0
        rows = _page(events, question, cursor, today, PAGE_SIZE + 1)
        page = rows[:PAGE_SIZE]
        following = (
            page[-1]._replace(seen=seen + len(page)) if len(rows) > PAGE_SIZE and page else None
        )
        parties, indirect = _party_counts(question)
        months = _months(question)
        return Answer(
            total=total,
            surely=_surely(events, question, total),
            ids=tuple(row.pk for row in page),
            first=seen + 1,
            following=following,
            preceding=(
                _cursor_at(events, question, cursor, today, PAGE_SIZE, seen - PAGE_SIZE)
                if seen > PAGE_SIZE
                else None
            ),
            options={
                "sector": _sector_counts(question),
                "party": parties,
                "source_kind": _source_kind_counts(question),
                "framework": _column_counts(question, "framework", "framework__slug"),
                "place": _place_counts(question),
                **{
                    name: _column_counts(question, name, column)
                    for name, column in CODED_COLUMNS.items()
                },
            },
            indirect=indirect,
            months=months,
            years=_years(question, months),
            headings=_headings(events, question, page, today),
            coming=_coming(events, question, today),
        )

    def page_at(self, question: Question, date: EdtfDate, *, today: dt.date) -> Cursor | None:
        """Return the cursor of the page that begins at a date."""
        if question.order == Order.NEWEST and date.earliest > today:
            return None
        events = filtered(question)
        # Behind what is upcoming where the newest come first.
        cursor = question.cursor_at(date)._replace(rank=int(question.order == Order.NEWEST))
        total = events.count()
        seen = total - len(_page(events, question, cursor, today, None))
        if seen < total:
            return _cursor_at(events, question, cursor, today, 0, seen)
        return _cursor_at(events, question, None, today, PAGE_SIZE, total - PAGE_SIZE)

    def spread(
        self,
        question: Question,
        bins: Bins,
    ) -> Mapping[str, Spread]:
        """Spread the events found over bins of time, separately for each value."""
        return sql_pictures.spread(question, bins)

    def period_counts(self, question: Question, periods: Periods) -> Mapping[str, Sequence[int]]:
        """Count the events found with each of several periods in place of the question's own."""
        return sql_pictures.period_counts(question, periods)

    def pair_counts(
        self,
        question: Question,
        rows: tuple[str, Sequence[str]],
        columns: tuple[str, Sequence[str]],
    ) -> Mapping[tuple[str, str], int]:
        """Count the events found that have both a value of one group and one of another."""
        return sql_pictures.pair_counts(question, rows, columns)

    def place_counts(self, question: Question) -> PlaceCounts:
        """Count the events found by the keys of all places at which each took place."""
        return sql_pictures.place_counts(question)

    def matching(self, question: Question, *, today: dt.date) -> Sequence[int]:
        """Return the keys of all events found, in order."""
        rows = _page(filtered(question), question, None, today, None)
        return array("q", (row.pk for row in rows))


def _in_title(question: Question) -> Q:
    return holding("folded_title", question.terms)


def _in_title_or_quotation(question: Question) -> Q:
    return all_of(
        holding_one("folded_title", term) | holding_one("folded_quotation", term)
        for term in question.terms
    )


def _surely(events: EventQuerySet, question: Question, total: int) -> int:
    if question.period is None or question.certain:
        return total
    return events.surely_in(*question.period).count()


def _runs(question: Question, today: dt.date) -> list[tuple[Q, tuple[str, ...]]]:
    """Divide the list into consecutive runs, each with its order; a run's number is its rank."""
    upcoming = _upcoming(today)
    match question.order:
        case Order.NEWEST:
            return [(upcoming, _UPCOMING_ORDER), (~upcoming, _NEWEST_ORDER)]
        case Order.OLDEST:
            return [(~upcoming, _OLDEST_ORDER), (upcoming, _UPCOMING_ORDER)]
        case Order.RELEVANCE:
            titled, quoted = _in_title(question), _in_title_or_quotation(question)
            runs = (titled, quoted & ~titled, ~quoted)
            return [(run, _NEWEST_ORDER) for run in runs]


def _upcoming(today: dt.date) -> Q:
    return Q(state__in=(EventState.PLANNED, EventState.POSTPONED), latest__gte=today)


def _after(cursor: Cursor, order: tuple[str, ...]) -> Q:
    """Return the condition that an event comes after a cursor in its run."""
    days = {"earliest": cursor.earliest, "latest": cursor.latest}
    values = {"heading": cursor.heading.order, **days, "pk": cursor.pk}
    condition, equal = Q(), Q()
    for column in order:
        name = column.lstrip("-")
        beyond = "lt" if column.startswith("-") else "gt"
        condition |= equal & Q(**{f"{name}__{beyond}": values[name]})
        equal &= Q(**{name: values[name]})
    return condition


def _page(
    events: EventQuerySet,
    question: Question,
    cursor: Cursor | None,
    today: dt.date,
    limit: int | None,
) -> list[Cursor]:
    """Return up to ``limit`` events after a cursor, or all if None, each as its own cursor."""
    cursors: list[Cursor] = []
    events = events.with_headings()
    for rank, (condition, order) in enumerate(_runs(question, today)):
        if cursor is not None and rank < cursor.rank:
            continue
        run = events.filter(condition).order_by(*order)
        if cursor is not None and rank == cursor.rank:
            run = run.filter(_after(cursor, order))
        columns = run.values_list("earliest", "latest", "pk", "vague")  # type: ignore[misc]
        rows = columns if limit is None else columns[: limit - len(cursors)]
        cursors += [
            Cursor(rank, earliest, latest, pk, 0, vague) for earliest, latest, pk, vague in rows
        ]
        if limit is not None and len(cursors) >= limit:
            break
    return cursors


def _reversed_page(
    events: EventQuerySet, question: Question, cursor: Cursor | None, today: dt.date, limit: int
) -> list[Cursor]:
    """Return up to ``limit`` events from a cursor, or from the last, back to the first."""
    cursors: list[Cursor] = []
    events = events.with_headings()
    for rank, (condition, order) in reversed([*enumerate(_runs(question, today))]):
        if cursor is not None and rank > cursor.rank:
            continue
        run = events.filter(condition).order_by(*order).reverse()
        if cursor is not None and rank == cursor.rank:
            run = run.exclude(_after(cursor, order))
        columns = run.values_list("earliest", "latest", "pk", "vague")  # type: ignore[misc]
        cursors += [
            Cursor(rank, earliest, latest, pk, 0, vague)
            for earliest, latest, pk, vague in columns[: limit - len(cursors)]
        ]
        if len(cursors) >= limit:
            break
    return cursors


def _cursor_at(
    events: EventQuerySet,
    question: Question,
    cursor: Cursor | None,
    today: dt.date,
    number: int,
    seen: int,
) -> Cursor | None:
    """Return the event at a number back from a cursor, or from the last; None if there is none."""
    rows = _reversed_page(events, question, cursor, today, number + 1)
    return rows[number]._replace(seen=seen) if len(rows) > number else None


def _column_counts(question: Question, group: str, column: str) -> Counts:
    events = filtered(question, leaving_out=[group]).filter(**{f"{column}__isnull": False})
    if group == "framework":
        events = events.filter(framework__publication=Publication.PUBLISHED)
    return dict(events.order_by().values_list(column).annotate(n=Count("pk")))


def _sector_counts(question: Question) -> Counts:
    """Count events by sector; an event in two children of a sector counts once for the parent."""
    events = filtered(question, leaving_out=["sector"])
    links = EventSector.objects.order_by().filter(event__in=events.order_by().values("pk"))
    by_sector: dict[str, set[int]] = {}
    for event, slug, parent in links.values_list("event", "sector__slug", "sector__parent__slug"):
        by_sector.setdefault(slug, set()).add(event)
        if parent:
            by_sector.setdefault(parent, set()).add(event)
    return {slug: len(keys) for slug, keys in by_sector.items()}


def _party_counts(question: Question) -> tuple[Counts, Counts]:
    """Count events by party: all of them, and those in which it takes part only through blocs."""
    skipped = ["party"] if question.any_party else []
    events = filtered(question, leaving_out=skipped)
    ways = ways_counted(question).filter(event__in=events.order_by().values("pk"))
    rows = list(
        ways.values("party__code").annotate(
            n=Count("event", distinct=True), directly=Count("event", filter=Q(via=None))
        )
    )
    total = {row["party__code"]: row["n"] for row in rows}
    indirect = {row["party__code"]: row["n"] - row["directly"] for row in rows}
    return total, indirect


def _source_kind_counts(question: Question) -> Counts:
    events = filtered(question, leaving_out=["source_kind"]).order_by().values("pk")
    cited = Citation.objects.order_by().of_events(events).with_event()
    return dict(cited.values_list("source__kind").annotate(n=Count("about_event", distinct=True)))


def _place_counts(question: Question) -> Counts:
    events = filtered(question, leaving_out=["place"]).order_by().values("pk")
    links = EventPlace.objects.order_by().filter(event__in=events).exclude(place=None)
    return dict(links.values_list("place__slug").annotate(n=Count("event", distinct=True)))


def _months(question: Question) -> Mapping[tuple[int, int], int]:
    """Count events by the month in which they may begin, whatever the question's period."""
    events = filtered(replace(question, certain=False), leaving_out=["period"])
    rows = events.order_by().annotate(year=ExtractYear("earliest"), month=ExtractMonth("earliest"))
    counts: Counter[tuple[int, int]] = Counter()
    for year, month, n in rows.values_list("year", "month").annotate(n=Count("pk")):
        counts[year, month] += n
    return counts


def _years(question: Question, months: Mapping[tuple[int, int], int]) -> Mapping[int, int]:
    """Count the events found with each year as the period, of the years in which some may begin."""
    years = sorted({year for year, _month in months})
    periods = Periods(tuple(whole_year(year) for year in years))
    counts = sql_pictures.period_counts(question, periods)[""]
    return {year: n for year, n in zip(years, counts, strict=True) if n}


def _headings(
    events: EventQuerySet, question: Question, page: Sequence[Cursor], today: dt.date
) -> Mapping[Heading, int]:
    """Count all events found under each heading of a page."""
    if question.order == Order.RELEVANCE:
        return {}
    rank = 1 if question.order == Order.NEWEST else 0
    headings = {row.heading.order: row.heading for row in page if row.rank == rank}
    past = events.with_headings().filter(~_upcoming(today))
    listed = past.filter(heading__in=list(headings)).order_by()  # type: ignore[misc]
    counts = listed.values_list("heading").annotate(n=Count("pk"))  # type: ignore[misc]
    return {headings[order]: n for order, n in counts}


def _coming(events: EventQuerySet, question: Question, today: dt.date) -> tuple[int, int]:
    """Count the upcoming events that are planned, and those that are postponed."""
    if question.order == Order.RELEVANCE:
        return 0, 0
    upcoming = events.filter(_upcoming(today)).order_by()
    by_state = dict(upcoming.values_list("state").annotate(n=Count("pk")))
    return by_state.get(EventState.PLANNED, 0), by_state.get(EventState.POSTPONED, 0)
