"""The frozen question: read strictly from a query string, and written back to it."""

import base64
import datetime as dt
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.questions import lists
from timeline.core.codes import Order
from timeline.core.dates import parse
from timeline.core.question import Cursor, Problem, Question, QuestionError
from timeline.core.reading import MAX_VALUES, accepted, read, read_asof

KNOWN = {
    "sector": frozenset({"energy", "trade"}),
    "party": frozenset({"ml", "ru"}),
    "framework": frozenset({"ru-aes"}),
    "place": frozenset({"bamako", "moscow"}),
    "person": frozenset({"lavrov"}),
    "instrument": frozenset({"charter"}),
    "source": frozenset({"1", "2"}),
}


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(values)).map(lambda chosen: tuple(sorted(chosen)))


QUESTIONS = st.builds(
    Question,
    q=st.sampled_from(["", "energie", '"a phrase" more']),
    sectors=some("energy", "trade"),
    parties=some("ml", "ru"),
    any_party=st.booleans(),
    direct=st.booleans(),
    kinds=some("summit", "visit"),
    states=some("held", "planned"),
    frameworks=some("ru-aes"),
    places=some("bamako", "moscow"),
    people=some("lavrov"),
    sources=some("1", "2"),
    source_kinds=some("official"),
    start=st.sampled_from([None, parse("2024"), parse("2024-05")]),
    end=st.sampled_from([None, parse("2025"), parse("2025-04-03")]),
    certain=st.booleans(),
    order=st.sampled_from([Order.NEWEST, Order.OLDEST]),
)


@given(QUESTIONS)
def test_question_comes_back_from_its_query_string(question: Question) -> None:
    assert read(lists(question), KNOWN) == question


def test_dates_are_surely_in_a_period_only_where_there_is_one() -> None:
    assert read({"certain": ["1"]}, KNOWN) == Question(certain=True) == Question()
    assert Question(start=parse("2025"), certain=True).within("", "") == Question()
    assert Question(end=parse("2025"), certain=True).certain


@given(QUESTIONS, st.dates(), st.integers(1, 2**40))
def test_cursor_comes_back_to_its_own_question_only(
    question: Question, day: dt.date, pk: int
) -> None:
    cursor = Cursor(1, day, day, pk, 50)
    paged = question.cursor_after(cursor)
    assert paged.cursor() == cursor
    other = paged.toggling("kind", "call")
    assert other.after == ""
    foreign = Question(kinds=("call",), after=paged.after)
    with pytest.raises(QuestionError):
        foreign.cursor()


@given(QUESTIONS, st.sampled_from(["energy", "trade"]))
def test_toggling_twice_gives_the_same_question(question: Question, slug: str) -> None:
    twice = question.toggling("sector", slug).toggling("sector", slug)
    assert sorted(twice.sectors) == sorted(question.sectors)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"from": ["soon"]}, Problem("from", "unreadable", "soon")),
        ({"from": ["2025-04~"]}, Problem("from", "unreadable", "2025-04~")),
        ({"to": ["2025-02-30"]}, Problem("to", "unreadable", "2025-02-30")),
        ({"from": ["2026"], "to": ["2025"]}, Problem("from", "after_to", "2026")),
        ({"sector": ["energy", "nope"]}, Problem("sector", "unknown", "nope")),
        ({"kind": ["nope"]}, Problem("kind", "unknown", "nope")),
        ({"order": ["relevance"]}, Problem("order", "relevance_without_words", "relevance")),
        ({"q": ["a", "b"]}, Problem("q", "twice", "b")),
        ({"q": ["x" * 1001]}, Problem("q", "too_long", "x" * 1001)),
        ({"q": ["a " * 64 + "b"]}, Problem("q", "too_long", "a " * 64 + "b")),
        ({"q": ['"' + "a " * 65 + '"']}, Problem("q", "too_long", '"' + "a " * 65 + '"')),
        ({"q": ["中" * 65]}, Problem("q", "too_long", "中" * 65)),
        ({"q": ["\ufdfa" * 22]}, Problem("q", "too_long", "\ufdfa" * 22)),
        ({"after": ["%%%"]}, Problem("after", "unreadable", "%%%")),
        ({"certain": ["2"]}, Problem("certain", "unknown", "2")),
        ({"party_match": ["some"]}, Problem("party_match", "unknown", "some")),
        ({"direct": ["yes"]}, Problem("direct", "unknown", "yes")),
        ({"state": ["past"]}, Problem("state", "unknown", "past")),
        ({"source_kind": ["blog"]}, Problem("source_kind", "unknown", "blog")),
        ({"framework": ["nope"]}, Problem("framework", "unknown", "nope")),
        ({"person": ["nope"]}, Problem("person", "unknown", "nope")),
        ({"place": ["nope"]}, Problem("place", "unknown", "nope")),
        ({"instrument": ["nope"]}, Problem("instrument", "unknown", "nope")),
        ({"source": ["99"]}, Problem("source", "unknown", "99")),
        ({"from": ["2025-13"]}, Problem("from", "unreadable", "2025-13")),
        ({"from": ["2025-21"]}, Problem("from", "unreadable", "2025-21")),
        ({"from": ["03/04/2025"]}, Problem("from", "ambiguous", "03/04/2025")),
        ({"from": ["31/02/2025"]}, Problem("from", "unreadable", "31/02/2025")),
        ({"from": ["2025-04-03 ?"]}, Problem("from", "unreadable", "2025-04-03 ?")),
        ({"from": ["2025-04/2025-05"]}, Problem("from", "unreadable", "2025-04/2025-05")),
        ({"from": ["0000"]}, Problem("from", "unreadable", "0000")),
        ({"to": ["-1"]}, Problem("to", "unreadable", "-1")),
        ({"to": ["9999-99"]}, Problem("to", "unreadable", "9999-99")),
        (
            {"to": ["\u0662\u0660\u0662\u0665"]},
            Problem("to", "unreadable", "\u0662\u0660\u0662\u0665"),
        ),
        ({"sector": ["a\x00b"]}, Problem("sector", "unknown", "a\x00b")),
        ({"kind": ["\ud800"]}, Problem("kind", "unknown", "?")),
        ({"q": ["?!"]}, Problem("q", "no_words", "?!")),
        ({"order": ["relevance"], "q": ["—"]}, Problem("q", "no_words", "—")),
    ],
)
def test_unreadable_value_names_its_parameter(data: dict[str, list[str]], problem: Problem) -> None:
    with pytest.raises(QuestionError) as refused:
        read(data, KNOWN)
    assert refused.value.problems == (problem,)


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("2025-4", "2025-04"),
        ("avril 2025", "2025-04"),
        ("April 2025", "2025-04"),
        ("04/2025", "2025-04"),
        ("3 avril 2025", "2025-04-03"),
        ("25/04/2025", "2025-04-25"),
        ("03/03/2025", "2025-03-03"),
        ("2025\u201104\u201103", "2025-04-03"),
        ("20250403", "2025-04-03"),
    ],
)
def test_date_typed_loosely_is_read_and_written_as_edtf(typed: str, read_as: str) -> None:
    question = read({"from": [typed], "to": [typed]}, KNOWN)
    assert question == read({"from": [read_as], "to": [read_as]}, KNOWN)
    assert question.query_string() == f"?from={read_as}&to={read_as}"


def test_day_typed_loosely_is_read() -> None:
    today = dt.date(2026, 1, 1)
    assert read_asof({"asof": ["3 avril 2025"]}, today) == dt.date(2025, 4, 3)
    for text, code in (("03/04/2025", "ambiguous"), ("avril 2025", "not_a_day")):
        with pytest.raises(QuestionError) as refused:
            read_asof({"asof": [text]}, today)
        assert refused.value.problems == (Problem("asof", code, text),)


def test_every_bad_parameter_is_named_at_once() -> None:
    with pytest.raises(QuestionError) as refused:
        read({"from": ["soon"], "party": ["zz"], "order": ["best"]}, KNOWN)
    assert sorted(problem.parameter for problem in refused.value.problems) == [
        "from",
        "order",
        "party",
    ]


@pytest.mark.parametrize(
    "data",
    [{}, {"colour": ["red"]}, {"q": [" "], "from": [""], "sector": ["", " "]}],
)
def test_unknown_parameter_and_empty_value_ask_nothing(data: dict[str, list[str]]) -> None:
    assert read(data, KNOWN) == Question()


def test_period_includes_both_its_ends() -> None:
    question = read({"from": ["2025-04"], "to": ["2025-04"]}, KNOWN)
    assert question.period == (dt.date(2025, 4, 1), dt.date(2025, 4, 30))


@pytest.mark.parametrize("name", Question.SINGLE)
def test_parameter_that_stands_once_is_refused_twice(name: str) -> None:
    with pytest.raises(QuestionError) as refused:
        read({name: ["2025", "2025"]}, KNOWN)
    assert Problem(name, "twice", "2025") in refused.value.problems


def test_same_value_twice_of_a_repeatable_parameter_is_one() -> None:
    assert read({"sector": ["trade", "energy", "trade"]}, KNOWN).sectors == ("energy", "trade")


def test_too_many_values_are_refused() -> None:
    with pytest.raises(QuestionError) as refused:
        read({"sector": [str(n) for n in range(MAX_VALUES + 1)]}, KNOWN)
    assert refused.value.problems == (Problem("sector", "too_many", str(MAX_VALUES)),)


def test_relevance_without_words_is_named_beside_other_problems() -> None:
    with pytest.raises(QuestionError) as refused:
        read({"from": ["soon"], "order": ["relevance"]}, KNOWN)
    assert [problem.parameter for problem in refused.value.problems] == ["from", "order"]


def test_refused_words_are_not_reported_as_missing() -> None:
    with pytest.raises(QuestionError) as refused:
        read({"q": ["a", "b"], "order": ["relevance"]}, KNOWN)
    assert [problem.parameter for problem in refused.value.problems] == ["q"]


def _forged(rank: object, earliest: object, latest: object, pk: object, seen: object) -> Question:
    text = "|".join(map(str, (Question().fingerprint, rank, earliest, latest, pk, seen, 0)))
    return Question(after=base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))


@pytest.mark.parametrize(
    "place",
    [
        (2, "2025-04-03", "2025-04-03", 1, 50),
        (-1, "2025-04-03", "2025-04-03", 1, 50),
        (1, "soon", "2025-04-03", 1, 50),
        (1, "2025-04-03", "2025-04-03", 2**63, 50),
        (1, "2025-04-03", "2025-04-03", -1, 50),
        (1, "2025-04-03", "2025-04-03", 1, -1),
        (1, "2025-04-03", "2025-04-03", 1, "9" * 5000),
    ],
)
def test_cursor_that_no_page_gave_is_refused(place: tuple[object, ...]) -> None:
    with pytest.raises(QuestionError) as refused:
        _forged(*place).cursor()
    assert [problem.code for problem in refused.value.problems] == ["unreadable"]


ODD_TEXT = st.one_of(
    st.text(st.characters(), max_size=40),
    st.sampled_from(["\x00", "\ud800", "a\udfffb", "\u202e", "x" * 8192, "2025", "relevance", "1"]),
)


@settings(max_examples=500)
@given(
    st.dictionaries(
        st.sampled_from([*Question.SINGLE, *Question.REPEATABLE, "colour"]),
        st.lists(ODD_TEXT, max_size=3),
        max_size=5,
    )
)
def test_any_text_is_read_or_refused_and_comes_back(data: dict[str, list[str]]) -> None:
    refused: set[str] = set()
    question = Question()
    try:
        question = read(data, KNOWN)
    except QuestionError as error:
        refused = {problem.parameter for problem in error.problems}
    assert refused <= set(data)
    assert read(parse_qs(question.query_string()[1:]), KNOWN) == question


@pytest.mark.parametrize(
    ("parameter", "values"),
    [
        ("sector", ("energy", "trade")),
        ("state", ("cancelled", "held", "planned", "postponed")),
        ("order", ("newest", "oldest", "relevance")),
        ("direct", ("0", "1")),
        ("person", ()),
        ("place", ()),
        ("instrument", ()),
        ("q", ()),
        ("from", ()),
    ],
)
def test_values_that_a_parameter_takes_can_be_told(parameter: str, values: tuple[str, ...]) -> None:
    assert accepted(parameter, KNOWN) == values
