"""The frozen question: read strictly from a query string, and back to it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.core.codes import Order
from timeline.core.dates import parse
from timeline.core.question import Cursor, Problem, Question, QuestionError, read

KNOWN = {
    "sector": frozenset({"energy", "trade"}),
    "party": frozenset({"ml", "ru"}),
    "framework": frozenset({"ru-aes"}),
    "person": frozenset({"lavrov"}),
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
    people=some("lavrov"),
    sources=some("1", "2"),
    source_kinds=some("official"),
    start=st.sampled_from([None, parse("2024"), parse("2024-05")]),
    end=st.sampled_from([None, parse("2025"), parse("2025-04-03")]),
    certain=st.booleans(),
    order=st.sampled_from([Order.NEWEST, Order.OLDEST]),
)


def lists(question: Question) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in question.to_pairs():
        found.setdefault(name, []).append(value)
    return found


@given(QUESTIONS)
def test_question_comes_back_from_its_query_string(question: Question) -> None:
    assert read(lists(question), KNOWN) == question


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
def test_toggling_twice_asks_the_same(question: Question, slug: str) -> None:
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
        ({"after": ["%%%"]}, Problem("after", "unreadable", "%%%")),
        ({"certain": ["2"]}, Problem("certain", "unknown", "2")),
        ({"party_match": ["some"]}, Problem("party_match", "unknown", "some")),
    ],
)
def test_unreadable_value_names_its_parameter(data: dict[str, list[str]], problem: Problem) -> None:
    with pytest.raises(QuestionError) as refused:
        read(data, KNOWN)
    assert refused.value.problems == (problem,)


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
    [{}, {"colour": ["red"]}, {"q": [" "], "from": [""], "sector": ["", " "]}, {"q": ["?!"]}],
)
def test_unknown_parameter_and_empty_value_ask_nothing(data: dict[str, list[str]]) -> None:
    assert read(data, KNOWN) == Question()


def test_period_includes_both_its_ends() -> None:
    question = read({"from": ["2025-04"], "to": ["2025-04"]}, KNOWN)
    assert question.period == (dt.date(2025, 4, 1), dt.date(2025, 4, 30))
