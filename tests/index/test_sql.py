"""The reference index, compared with plain loops over the same rows."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import tries
from timeline.actions import events
from timeline.core import dates
from timeline.core.codes import EventKind, EventState, Order
from timeline.core.dates import parse
from timeline.core.folding import contains
from timeline.core.question import Problem, Question, QuestionError
from timeline.core.reading import MAX_WORDS
from timeline.index.interface import PAGE_SIZE, Answer
from timeline.index.sql import SqlIndex
from timeline.models import (
    Citation,
    Event,
    EventPlace,
    EventSector,
    Involvement,
    Participation,
    Statement,
)

TODAY = dt.date(2026, 6, 1)

DATES = st.sampled_from(
    [
        "2025-04-03",
        "2025-04",
        "2025",
        "2025-04~",
        "2025-04-03?",
        "2025-04-01/2025-05-02",
        "2026-06-01",
        "2027",
        "2025-04-03/..",
        "198X",
        *("2025-01-01", "2025-01", "2025-01-01/2025-12-31", "2025-21", "2025-24?", "2024/2026"),
        *("2025-03-15", "2025-22/..", "1980-05"),
    ]
)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "date": DATES,
            "state": st.sampled_from(list(EventState)),
            "kind": st.sampled_from([EventKind.SUMMIT, EventKind.VISIT]),
            "publication": st.sampled_from(["published", "published", "published", "draft"]),
            "parties": st.sets(st.sampled_from(["ru", "ml", "bf", "aes"])),
            "addressees": st.sets(st.sampled_from(["ru", "ml", "aes"]), max_size=1),
            "sectors": st.sets(st.sampled_from(["energy", "nuclear", "trade"])),
            "sources": st.sets(st.sampled_from(["official", "research"])),
            "places": st.sets(st.sampled_from(["dakar", "accra"])),
            "title": st.sampled_from(["Énergie", "Sommet de l’AES", "Visite"]),
            "said": st.sampled_from(["", "", "Un sommet de paix", "L’énergie d’abord"]),
            "summary": st.sampled_from(["", "Visites", "Sommet"]),
        }
    ),
    max_size=7,
)
QUESTIONS = st.builds(
    Question,
    q=st.sampled_from(["", "", "energies", "som", "visites aes", '"sommet de"', '"sommet" vis']),
    sectors=st.sets(st.sampled_from(["energy", "nuclear", "trade"]), max_size=2).map(
        lambda s: tuple(sorted(s))
    ),
    parties=st.sets(st.sampled_from(["ru", "ml", "aes"]), max_size=2).map(
        lambda s: tuple(sorted(s))
    ),
    any_party=st.booleans(),
    direct=st.booleans(),
    met=st.booleans(),
    kinds=st.sampled_from([(), ("summit",)]),
    states=st.sampled_from([(), ("held",), ("held", "planned")]),
    places=st.sampled_from([(), (), ("dakar",), ("dakar", "accra")]),
    source_kinds=st.sampled_from([(), ("official",)]),
    start=st.sampled_from([None, parse("2025-04"), parse("2025-04-03")]),
    end=st.sampled_from([None, parse("2025-04"), parse("2026")]),
    certain=st.booleans(),
    order=st.sampled_from(list(Order)),
).filter(lambda question: question.q or question.order != Order.RELEVANCE)

PARENT = {"nuclear": "energy"}


@pytest.fixture(scope="module")
def stage(swept: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """The parties, sectors and sources of the records."""
    from tests import factories as make

    with django_db_blocker.unblock(), transaction.atomic():
        parties = {code: make.a_state(code) for code in ("ru", "ml", "bf")}
        parties["aes"] = make.a_bloc("aes")
        for code in ("ml", "bf"):
            make.a_membership(parties[code], parties["aes"], "2023-09-16", "2026-01-01")
        energy = make.a_sector("energy")
        sectors = {
            "energy": energy,
            "nuclear": make.a_sector("nuclear", parent=energy),
            "trade": make.a_sector("trade"),
        }
        sources = {kind: make.a_source(kind=kind, title=kind) for kind in ("official", "research")}
        yield {
            "parties": parties,
            "sectors": sectors,
            "sources": sources,
            "places": {slug: make.a_place(slug) for slug in ("dakar", "accra")},
            "speaker": make.a_person(),
        }
        transaction.set_rollback(True)


def record(stage: dict[str, Any], rows: list[dict[str, Any]], first: int = 0) -> None:
    for number, row in enumerate(rows, first):
        event = Event.objects.create(
            slug=f"e{number}",
            date=row["date"],
            state=row["state"].value,
            kind=row["kind"].value,
            publication=row["publication"],
            title_fr=row["title"],
            summary_fr=row.get("summary", ""),
        )
        if quotation := row.get("said"):
            Statement.objects.create(
                event=event, person=stage["speaker"], language="fr", text=quotation
            )
        for code in sorted(row["parties"]):
            Participation.objects.create(event=event, party=stage["parties"][code])
        for code in sorted(row.get("addressees", ())):
            party = stage["parties"][code]
            Participation.objects.create(event=event, party=party, role="addressee")
        for slug in sorted(row["sectors"]):
            EventSector.objects.create(event=event, sector=stage["sectors"][slug])
        for slug in sorted(row.get("places", ())):
            EventPlace.objects.create(event=event, place=stage["places"][slug])
        for kind in sorted(row["sources"]):
            Citation.objects.create(event=event, source=stage["sources"][kind])
    events.refresh_derived()


class Loops:
    """Computes the same answers with loops over rows loaded once."""

    def __init__(self) -> None:
        self.rows = list(Event.objects.filter(publication="published"))
        self.ways: dict[int, set[tuple[str, bool, bool]]] = {row.pk: set() for row in self.rows}
        for way in Involvement.objects.select_related("party"):
            of_event = self.ways.get(way.event_id, set())
            of_event.add((way.party.code, way.via_id is None, way.addressee))
        self.sectors: dict[int, set[str]] = {row.pk: set() for row in self.rows}
        for link in EventSector.objects.select_related("sector"):
            slugs = self.sectors.get(link.event_id, set())
            slugs |= {link.sector.slug, PARENT.get(link.sector.slug, link.sector.slug)}
        self.places: dict[int, set[str]] = {row.pk: set() for row in self.rows}
        for stay in EventPlace.objects.select_related("place"):
            if stay.place is not None:
                self.places.get(stay.event_id, set()).add(stay.place.slug)
        self.kinds: dict[int, set[str]] = {row.pk: set() for row in self.rows}
        for citation in Citation.objects.select_related("source"):
            self.kinds.get(citation.event_id or 0, set()).add(citation.source.kind)

    def parties(self, event: Event, question: Question) -> set[str]:
        return {
            code
            for code, directly, addressee in self.ways[event.pk]
            if (directly or not question.direct) and not (addressee and question.met)
        }

    def tests(self, question: Question) -> dict[str, Callable[[Event], bool]]:
        parties = set(question.parties)
        match = any if question.any_party and parties else all
        by_group: dict[str, Callable[[Event], bool]] = {
            "sector": lambda e: (
                not question.sectors or bool(self.sectors[e.pk] & set(question.sectors))
            ),
            "party": lambda e: match(code in self.parties(e, question) for code in parties),
            "kind": lambda e: not question.kinds or e.kind in question.kinds,
            "state": lambda e: not question.states or e.state in question.states,
            "place": lambda e: (
                not question.places or bool(self.places[e.pk] & set(question.places))
            ),
            "source_kind": lambda e: (
                not question.source_kinds or bool(self.kinds[e.pk] & set(question.source_kinds))
            ),
            "q": lambda e: all(contains(e.folded_text, term) for term in question.terms),
            "period": lambda e: question.period is None or self.in_period(e, question),
        }
        return by_group

    def in_period(self, event: Event, question: Question) -> bool:
        assert question.period is not None
        if question.certain:
            return bool(event.date.surely_within(*question.period))
        return bool(event.date.touches(*question.period))

    def found(self, question: Question, *, without: str = "") -> list[Event]:
        tests = self.tests(question)
        return [
            row
            for row in self.rows
            if all(test(row) for group, test in tests.items() if group != without)
        ]

    def order(self, question: Question) -> list[int]:
        def relevance(event: Event) -> int:
            texts = event.folded_title, event.folded_quotation
            if all(contains(texts[0], term) for term in question.terms):
                return 0
            return 2 - all(any(contains(form, term) for form in texts) for term in question.terms)

        def later(event: Event) -> tuple[Any, ...]:
            heading = dates.heading(event.date).order
            days = event.earliest.toordinal(), -event.latest.toordinal()
            newest = tuple(-number for number in (heading, *days, event.pk))
            if question.order == Order.RELEVANCE:
                return (relevance(event), *newest)
            upcoming = event.state in ("planned", "postponed") and event.latest >= TODAY
            if upcoming:
                rank = 0 if question.order == Order.NEWEST else 1
                return (rank, event.earliest.toordinal(), event.latest.toordinal(), event.pk)
            return (1, *newest) if question.order == Order.NEWEST else (0, heading, *days, event.pk)

        return [event.pk for event in sorted(self.found(question), key=later)]

    def headings(self, question: Question) -> dict[dates.Heading, int]:
        if question.order == Order.RELEVANCE:
            return {}
        past = [e for e in self.found(question) if not e.is_upcoming(TODAY)]
        return dict(Counter(dates.heading(e.date) for e in past))

    def coming(self, question: Question) -> tuple[int, int]:
        if question.order == Order.RELEVANCE:
            return 0, 0
        states = Counter(e.state for e in self.found(question) if e.is_upcoming(TODAY))
        return states["planned"], states["postponed"]

    def options(self, question: Question) -> dict[str, dict[str, int]]:
        def counted(group: str, values: Callable[[Event], set[str]]) -> dict[str, int]:
            joint = group == "party" and not question.any_party
            rows = self.found(question, without="" if joint else group)
            return dict(Counter(value for row in rows for value in values(row)))

        return {
            "sector": counted("sector", lambda e: self.sectors[e.pk]),
            "party": counted("party", lambda e: self.parties(e, question)),
            "kind": counted("kind", lambda e: {e.kind}),
            "state": counted("state", lambda e: {e.state}),
            "place": counted("place", lambda e: self.places[e.pk]),
            "source_kind": counted("source_kind", lambda e: self.kinds[e.pk]),
            "framework": {},
        }


@settings(max_examples=tries(20, soak=150), suppress_health_check=list(HealthCheck))
@given(rows=RECORDS, questions=st.lists(QUESTIONS, min_size=1, max_size=4))
def test_index_agrees_with_loops(
    stage: dict[str, Any], db: None, rows: list[dict[str, Any]], questions: list[Question]
) -> None:
    with transaction.atomic():
        record(stage, rows)
        loops = Loops()
        for question in questions:
            answer: Answer = SqlIndex().answer(question, today=TODAY)
            expected = loops.found(question)
            assert answer.total == len(expected)
            assert list(answer.ids) == loops.order(question)
            assert {
                group: dict(counts) for group, counts in answer.options.items()
            } == loops.options(question)
            if question.period:
                assert answer.surely == sum(
                    e.date.surely_within(*question.period) for e in expected
                )
            whole = loops.found(question, without="period")
            assert answer.months == Counter((e.earliest.year, e.earliest.month) for e in whole)
            assert answer.years == {
                year: number
                for year in {e.earliest.year for e in whole}
                if (number := len(loops.found(question.within(f"{year:04d}", f"{year:04d}"))))
            }
            assert answer.headings == loops.headings(question)
            assert answer.coming == loops.coming(question)
            assert list(SqlIndex().matching(question, today=TODAY)) == list(answer.ids)
        transaction.set_rollback(True)


def many(stage: dict[str, Any], number: int) -> None:
    rows = [
        {
            "date": ["2025-04-03", "2025-04", "2025", "2027-01-01"][n % 4],
            "state": EventState.PLANNED if n % 5 == 0 else EventState.HELD,
            "kind": EventKind.SUMMIT,
            "publication": "published",
            "parties": {"aes"},
            "sectors": {"trade"},
            "sources": {"official"},
            "title": ["Énergie", "Visite"][n % 2],
        }
        for n in range(number)
    ]
    record(stage, rows)


@pytest.mark.parametrize(
    ("order", "q"), [(Order.NEWEST, ""), (Order.OLDEST, ""), (Order.RELEVANCE, "aes")]
)
def test_pages_cover_each_event_once_in_order(
    stage: dict[str, Any], db: None, order: Order, q: str
) -> None:
    many(stage, 2 * PAGE_SIZE + 7)
    question = Question(order=order, q=q)
    whole = list(SqlIndex().matching(question, today=TODAY))
    seen: list[int] = []
    firsts = []
    following: Any = ...
    while following is not None:
        answer = SqlIndex().answer(question, today=TODAY)
        seen += answer.ids
        firsts.append(answer.first)
        following = answer.following
        if following is not None:
            question = question.cursor_after(following)
    assert (len(whole), len(set(whole))) == (107, 107)
    assert seen == whole
    assert firsts == [1, 51, 101]


@pytest.mark.parametrize(
    ("order", "q"), [(Order.NEWEST, ""), (Order.OLDEST, ""), (Order.RELEVANCE, "aes")]
)
def test_page_before_the_next_is_the_page_itself(
    stage: dict[str, Any], db: None, order: Order, q: str
) -> None:
    many(stage, 3 * PAGE_SIZE + 7)
    first = Question(order=order, q=q)
    pages, question = [], first
    for _number in range(4):
        answer = SqlIndex().answer(question, today=TODAY)
        pages.append((answer.first, answer.ids))
        if answer.following is not None:
            question = question.cursor_after(answer.following)
    back = [pages[-1]]
    while answer.first > 1:
        question = first.cursor_after(answer.preceding) if answer.preceding else first
        answer = SqlIndex().answer(question, today=TODAY)
        back.append((answer.first, answer.ids))
    assert back == pages[::-1]


def at(question: Question, date: str) -> Answer:
    """The answer of the page that begins at a date."""
    cursor = SqlIndex().page_at(question, parse(date), today=TODAY)
    return SqlIndex().answer(question.cursor_after(cursor) if cursor else question, today=TODAY)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        # 5 upcoming, 21 of 2027, 27 of 3 April 2025, 27 of that month, 27 of that year.
        (
            Order.NEWEST,
            *({"2027": 1, "2026": 27, "2025-04": 27, "2025-04-02": 54, "2025-01": 81, "2024": 58},),
        ),
        (
            Order.OLDEST,
            {"2024": 1, "2025": 1, "2025-01": 28, "2025-04-02": 55, "2025-05": 82, "2030": 103},
        ),
    ],
)
def test_page_at_a_date_begins_with_what_is_first_on_it_or_beyond(
    stage: dict[str, Any], db: None, order: Order, expected: dict[str, int]
) -> None:
    many(stage, 2 * PAGE_SIZE + 7)
    question = Question(order=order)
    assert {date: at(question, date).first for date in expected} == expected


def test_cursor_of_an_event_that_is_gone_still_says_where_to_go_on(
    stage: dict[str, Any], db: None
) -> None:
    many(stage, PAGE_SIZE + 5)
    first = SqlIndex().answer(Question(), today=TODAY)
    assert first.following is not None
    Event.objects.filter(pk=first.ids[-1]).update(publication="draft")
    second = SqlIndex().answer(Question().cursor_after(first.following), today=TODAY)
    assert len(second.ids) == 5
    assert not set(second.ids) & set(first.ids)


def test_cursor_of_another_question_is_refused(stage: dict[str, Any], db: None) -> None:
    many(stage, PAGE_SIZE + 5)
    following = SqlIndex().answer(Question(), today=TODAY).following
    assert following is not None
    foreign = Question(kinds=("visit",), after=Question().cursor_after(following).after)
    with pytest.raises(QuestionError) as refused:
        SqlIndex().answer(foreign, today=TODAY)
    assert refused.value.problems == (Problem("after", "unreadable", foreign.after),)


def test_answer_has_a_constant_number_of_queries(
    stage: dict[str, Any], db: None, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for number in (1, 3):
        with transaction.atomic():
            many(stage, number)
            with django_assert_max_num_queries(20) as queries:
                SqlIndex().answer(Question(parties=("ml",)), today=TODAY)
            counts.append(len(queries))
            transaction.set_rollback(True)
    assert counts[0] == counts[1]


def test_relevance_is_the_title_then_the_quotations_then_the_rest(
    stage: dict[str, Any], db: None
) -> None:
    rows = {
        "summary": ("2025-05-01", "Visite", "", "Énergie et paix"),
        "title": ("2025-01-01", "Énergie, la paix", "", ""),
        "both": ("2025-02-01", "Énergies", "La paix", ""),
        "quotation": ("2025-03-01", "Visite", "La paix par l’énergie", ""),
        "part": ("2025-06-01", "Visite", "La paix", "Énergie"),
        "other": ("2025-07-01", "Énergie", "", ""),
    }
    for slug, (date, title, quotation, summary) in rows.items():
        event = Event.objects.create(
            slug=slug, date=date, kind="visit", title_fr=title, summary_fr=summary,
            publication="published",
        )  # fmt: skip
        if quotation:
            Statement.objects.create(
                event=event, person=stage["speaker"], language="fr", text=quotation
            )
    events.refresh_derived()
    keys = SqlIndex().matching(Question(q="énergie paix", order=Order.RELEVANCE), today=TODAY)
    slugs = dict(Event.objects.values_list("pk", "slug"))
    assert [slugs[key] for key in keys] == ["title", "quotation", "both", "part", "summary"]


def test_all_accepted_words_are_searched(stage: dict[str, Any], db: None) -> None:
    letters = [f"mot{n}" for n in range(MAX_WORDS)]
    make_one = {"date": "2025", "state": EventState.HELD, "kind": EventKind.VISIT}
    more = {"publication": "published", "parties": (), "sectors": (), "sources": ()}
    texts = {"title": "Visite", "summary": " ".join(letters)}
    record(stage, [{**make_one, **more, **texts}])
    question = Question(q=" ".join(letters), order=Order.RELEVANCE)
    assert SqlIndex().answer(question, today=TODAY).total == 1
    assert len(SqlIndex().matching(question, today=TODAY)) == 1
