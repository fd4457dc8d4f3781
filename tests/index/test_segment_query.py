"""The index in memory, compared with the reference on random records and questions."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories as make
from tests.examples import tries
from tests.index.test_sql import QUESTIONS, RECORDS, TODAY, many, record, stage
from timeline.core.codes import Order
from timeline.core.dates import EdtfDate, parse
from timeline.core.question import Cursor, Problem, Question, QuestionError
from timeline.database.version import Version
from timeline.index import loader
from timeline.index.base import Base, merge
from timeline.index.interface import (
    PAGE_SIZE,
    Answer,
    Bins,
    EventIndex,
    Period,
    Periods,
    PlaceCounts,
    Spread,
)
from timeline.index.keymap import Keymap, KeysBySlug, look_up_keys
from timeline.index.sql import SqlIndex
from timeline.index.state import IndexState, LookedUp
from timeline.models import (
    Attendance,
    Citation,
    Event,
    EventPlace,
    EventStep,
    Framework,
    InstrumentStep,
    Source,
    Statement,
)

__all__ = ["stage"]

MORE = st.fixed_dictionaries(
    {
        "framework": st.sampled_from(["", "talks", "draft"]),
        "people": st.sets(st.sampled_from(["wang", "diop"])),
        "spoke": st.booleans(),
        "step": st.sampled_from(["", "official", "research"]),
        "places": st.lists(st.sampled_from(["", "moscow", "bamako", "niamey"]), max_size=3),
        "texts": st.lists(st.sampled_from(["charter", "treaty", "draft-text"]), max_size=3),
    }
)
Some = tuple[str, ...]
EDGES = st.lists(
    st.sampled_from(["1980-01-01", "2024-01-01", "2025-04-01", "2025-04-03", "2025-05-01"])
    | st.sampled_from(["2026-01-01", "9999-12-31"]),
    min_size=2,
    max_size=5,
    unique=True,
).map(lambda days: sorted(dt.date.fromisoformat(day).toordinal() for day in days))


def backdrop() -> dict[str, dict[str, Any]]:
    """Frameworks and texts, one of each not public, and people and places."""
    return {
        "frameworks": {
            slug: make.a_framework(slug=slug, publication=state)
            for slug, state in (("talks", "published"), ("draft", "draft"))
        },
        "people": {slug: make.a_person(slug) for slug in ("wang", "diop")},
        "places": {slug: make.a_place(slug) for slug in ("moscow", "bamako", "niamey")},
        "texts": {
            slug: make.a_text(slug=slug, publication=state)
            for slug, state in (
                *(("charter", "published"), ("treaty", "published")),
                ("draft-text", "draft"),
            )
        },
    }


def more(
    stage: dict[str, Any],
    behind: dict[str, dict[str, Any]],
    drawn: dict[int, dict[str, Any]],
) -> None:
    """Add frameworks, people, texts and sources of parts to the events just made."""
    party = stage["parties"]["ru"]
    for number, extra in drawn.items():
        event = Event.objects.get(slug=f"e{number}")
        event.framework = behind["frameworks"].get(extra["framework"])
        event.save()
        for position, slug in enumerate(extra["places"]):
            EventPlace.objects.create(
                event=event, place=behind["places"].get(slug), venue_en=f"Hall {position}"
            )
        for slug in sorted(extra["people"]):
            person = behind["people"][slug]
            if extra["spoke"]:
                Statement.objects.create(
                    event=event, person=person, text="Yes.", language="en", position=1
                )
            elif event.involvements.filter(party=party).exists():
                Attendance.objects.create(event=event, person=person, party=party)
        for slug in extra["texts"]:
            InstrumentStep.objects.create(
                instrument=behind["texts"][slug], act="opened", done="2025", event=event
            )
        if extra["step"]:
            step = EventStep.objects.create(
                event=event,
                entry=1,
                on="2025",
                state=event.state,
                date=event.date,
                previous_state=event.state,
                previous_date=event.date,
            )
            Citation.objects.create(event_step=step, source=stage["sources"][extra["step"]])


class Fast:
    """An index in memory of what is on record, some of it known to have changed since.

    The base is read before the changes, as it is when the record moves on.
    """

    def __init__(self, changed: Collection[int] = (), base: Base | None = None) -> None:
        self.base = base or Base(loader.read(), "", 0)
        self.changed = loader.read_some(changed)
        deleted = self.base.segment.with_keys(list(changed))
        version = Version("", "", 0, 0, 0, 0)
        self.state = IndexState(version, Keymap.read(), self.base, deleted, self.changed)

    def answer(self, question: Question) -> Answer:
        return self.state.answer(question, *self._lookups(question), today=TODAY)

    def page_at(self, question: Question, date: EdtfDate) -> Cursor | None:
        return self.state.page_at(question, *self._lookups(question), date, today=TODAY)

    def matching(self, question: Question) -> Sequence[int]:
        return self.state.matching(question, *self._lookups(question), today=TODAY)

    def spread(self, question: Question, bins: Bins) -> Mapping[str, Spread]:
        return self.state.spread(question, *self._lookups(question), bins)

    def period_counts(self, question: Question, periods: Periods) -> Mapping[str, Sequence[int]]:
        return self.state.period_counts(question, *self._lookups(question), periods)

    def pair_counts(
        self, question: Question, *sides: tuple[str, Sequence[str]]
    ) -> Mapping[tuple[str, str], int]:
        return self.state.pair_counts(question, *self._lookups(question), *sides)

    def place_counts(self, question: Question) -> PlaceCounts:
        return self.state.place_counts(question, *self._lookups(question))

    def _lookups(self, question: Question) -> tuple[KeysBySlug, LookedUp]:
        keys = look_up_keys(question)
        needed = self.state.keymap.conditions(question, keys).look_ups()
        return keys, {key: self.base.look_up(*key) for key in needed}

    def merged(self) -> "Fast":
        segment = merge(self.base.segment, self.state.deleted, self.changed.segment)
        return Fast(base=Base(segment, "", 0))


PARTIES = ("party", ("ru", "ml", "aes", "nobody"))
SECTORS = ("sector", ("energy", "nuclear", "trade"))


def periods(edges: Sequence[int]) -> tuple[Period, ...]:
    """Return consecutive periods, and those from each of them to the last, which overlap."""
    begins = [dt.date.fromordinal(day) for day in edges[:-1]]
    ends = [dt.date.fromordinal(day - 1) for day in edges[1:]]
    return (*zip(begins, ends, strict=True), *((begin, ends[-1]) for begin in begins))


def pictures(index: EventIndex | Fast, question: Question, edges: Sequence[int]) -> list[Any]:
    """Return everything that pictures read from an index."""
    return [
        index.spread(question, Bins(edges)),
        index.spread(question, Bins(edges, most=2)),
        *(
            index.spread(question, Bins(edges, group, values, most=2))
            for group, values in (PARTIES, SECTORS)
        ),
        *(
            index.period_counts(question, Periods(periods(edges), side[0], side[1], apart))
            for side in (PARTIES, SECTORS)
            for apart in (False, True)
        ),
        index.pair_counts(question, PARTIES, SECTORS),
        index.pair_counts(question, PARTIES, PARTIES),
        index.place_counts(question),
    ]


@settings(max_examples=tries(8, soak=50), suppress_health_check=list(HealthCheck))
@given(
    rows=RECORDS,
    drawn=st.lists(MORE, min_size=7, max_size=7),
    questions=st.lists(
        st.tuples(
            QUESTIONS,
            st.sampled_from([(), ("talks",)]),
            st.sampled_from([(), ("wang",), ("diop", "wang")]),
            st.sampled_from([(), ("official",), ("research",)]),
            st.sampled_from([(), ("moscow",), ("bamako", "moscow")]),
            st.sampled_from([(), (), ("charter",), ("charter", "treaty"), ("draft-text",)]),
        ),
        min_size=1,
        max_size=3,
    ),
    later=st.integers(0, 3),
    gone=st.booleans(),
    edges=EDGES,
)
def test_memory_agrees_with_the_reference(
    stage: dict[str, Any],
    db: None,
    rows: list[dict[str, Any]],
    drawn: list[dict[str, Any]],
    questions: list[tuple[Question, Some, Some, Some, Some, Some]],
    later: int,
    gone: bool,
    edges: list[int],
) -> None:
    extras = dict(enumerate(drawn[: len(rows)]))
    with transaction.atomic():
        behind = backdrop()
        record(stage, rows[later:], first=later)
        more(stage, behind, {number: extras[number] for number in extras if number >= later})
        before = Base(loader.read(), "", 0)
        keys = set(Event.objects.values_list("pk", flat=True))
        record(stage, rows[:later])
        more(stage, behind, {number: extras[number] for number in extras if number < later})
        changed = set(Event.objects.values_list("pk", flat=True)) - keys
        if gone and keys:
            changed.add(min(keys))
            Event.objects.filter(pk=min(keys)).update(publication="draft", kind="other")
        followed = Fast(changed, before)
        indexes = [Fast(), followed, followed.merged()]
        for question, frameworks, people, kinds, places, texts in questions:
            sources = Source.objects.filter(kind__in=kinds).values_list("pk", flat=True)
            narrowed = question.with_values("framework", frameworks).with_values("person", people)
            narrowed = narrowed.with_values("source", [str(key) for key in sources])
            narrowed = narrowed.with_values("place", places).with_values("instrument", texts)
            for tried in (question, narrowed):
                expected = SqlIndex().answer(tried, today=TODAY)
                matching = SqlIndex().matching(tried, today=TODAY)
                for index in indexes:
                    assert index.answer(tried) == expected
                    assert index.matching(tried) == matching
        drawn_of = pictures(SqlIndex(), narrowed, edges)
        for index in indexes:
            assert pictures(index, narrowed, edges) == drawn_of
        transaction.set_rollback(True)
    assert Framework.objects.count() == 0


@pytest.mark.parametrize(
    ("order", "q"),
    [(Order.NEWEST, ""), (Order.OLDEST, ""), (Order.RELEVANCE, "energie"), (Order.NEWEST, "aes")],
)
def test_pages_agree_with_the_reference(
    stage: dict[str, Any], db: None, order: Order, q: str
) -> None:
    many(stage, 2 * PAGE_SIZE + 7)
    indexes = Fast(), Fast(changed=Event.objects.order_by("pk").values_list("pk", flat=True)[::3])
    question = Question(order=order, q=q)
    pages = 0
    while True:
        expected = SqlIndex().answer(question, today=TODAY)
        assert [index.answer(question) for index in indexes] == [expected] * 2
        if order != Order.RELEVANCE:
            for date in map(parse, ("2024", "2025", "2025-04-03", "2026-08", "2027-01", "9999")):
                page = SqlIndex().page_at(question, date, today=TODAY)
                assert [index.page_at(question, date) for index in indexes] == [page] * 2
        pages += 1
        if expected.following is None:
            break
        question = question.cursor_after(expected.following)
    assert pages >= 2


def test_page_goes_on_where_an_event_is_gone(stage: dict[str, Any], db: None) -> None:
    many(stage, PAGE_SIZE + 5)
    first = Fast().answer(Question())
    assert first.following is not None
    Event.objects.filter(pk=first.ids[-1]).update(publication="draft")
    second = Question().cursor_after(first.following)
    assert Fast().answer(second) == SqlIndex().answer(second, today=TODAY)


def test_cursor_of_another_question_is_refused(stage: dict[str, Any], db: None) -> None:
    foreign = Question(kinds=("visit",), after="abc")
    with pytest.raises(QuestionError) as refused:
        Fast().answer(foreign)
    assert refused.value.problems == (Problem("after", "unreadable", "abc"),)


def test_columns_are_read_in_as_many_questions_for_three_as_for_one(
    stage: dict[str, Any], db: None, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for number in (1, 3):
        with transaction.atomic():
            many(stage, number)
            with django_assert_max_num_queries(40) as queries:
                loader.read()
            counts.append(len(queries))
            transaction.set_rollback(True)
    assert counts[0] == counts[1]


def test_changed_event_is_counted_once_where_a_group_has_one_value(db: None) -> None:
    chad = make.a_state("td")
    talks = [make.an_event(parties=(chad,), publication="published") for _ in range(5)]
    before = Base(loader.read(), "", 0)
    moved, gone = talks[:2]
    Event.objects.filter(pk=moved.pk).update(title_en="Renamed")
    Event.objects.filter(pk=gone.pk).update(publication="draft")
    followed = Fast({moved.pk, gone.pk}, before)
    question = Question(parties=("td",))
    answer = followed.answer(question)
    assert answer.total == 4
    assert answer.months == {(2025, 4): 4}
    assert answer == SqlIndex().answer(question, today=TODAY)


@pytest.mark.parametrize("apart", [False, True])
def test_events_of_a_period_are_counted_by_party_and_by_sector(db: None, apart: bool) -> None:
    chad, sudan, fishing = make.a_state("td"), make.a_state("sd"), make.a_sector("fishing")
    both = make.an_event(parties=(chad, sudan), publication="published")
    both.sectors.add(fishing)
    make.an_event(parties=(sudan,), date="2024", publication="published")
    years = tuple((dt.date(year, 1, 1), dt.date(year, 12, 31)) for year in (2024, 2025))
    by_party = Periods(years, "party", ("td", "sd"), apart)
    by_sector = Periods(years, "sector", ("fishing", "none"), apart)
    question = Question(parties=("sd",))
    for index in (SqlIndex(), Fast()):
        assert {key: [*n] for key, n in index.period_counts(question, by_party).items()} == {
            "": [1, 1],
            "td": [0, 1],
            "sd": [1, 0] if apart else [1, 1],
        }
        assert {key: [*n] for key, n in index.period_counts(question, by_sector).items()} == {
            "": [1, 1],
            "fishing": [0, 1],
            "none": [0, 0],
        }
