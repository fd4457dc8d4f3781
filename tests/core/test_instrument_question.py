"""The question of the list of texts: filters of its own, read as strictly as the timeline's."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.questions import lists
from timeline.core.codes import Order
from timeline.core.dates import parse
from timeline.core.question import Cursor, InstrumentQuestion, Problem, QuestionError
from timeline.core.reading import read_instruments

TODAY = dt.date(2026, 11, 23)
KNOWN = {"party": frozenset({"ml", "ru"})}


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(values)).map(lambda chosen: tuple(sorted(chosen)))


QUESTIONS = st.builds(
    InstrumentQuestion,
    q=st.sampled_from(["", "charte"]),
    parties=some("ml", "ru"),
    kinds=some("treaty", "charter"),
    states=some("open", "in_force", "ended", "not_binding", "not_stated"),
    statuses=some("signed", "consented", "bound", "left"),
    bindings=some("by_signature", "by_ratification", "not_legally", "not_stated"),
    waiting=st.booleans(),
    asof=st.one_of(st.none(), st.dates(dt.date(1000, 1, 1), TODAY)),
    start=st.sampled_from([None, parse("2024")]),
    end=st.sampled_from([None, parse("2025-04")]),
    certain=st.booleans(),
    order=st.sampled_from([Order.NEWEST, Order.OLDEST]),
)


@given(QUESTIONS)
def test_question_comes_back_from_its_query_string(question: InstrumentQuestion) -> None:
    assert read_instruments(lists(question), KNOWN, TODAY) == question


@given(QUESTIONS)
def test_changed_question_is_still_of_texts(question: InstrumentQuestion) -> None:
    changed = question.toggling("status", "nothing_known")
    assert isinstance(changed, InstrumentQuestion)
    assert changed.toggling("status", "nothing_known") == question
    paged = question.cursor_after(Cursor(0, TODAY, TODAY, 7, 50))
    assert paged.cursor() == Cursor(0, TODAY, TODAY, 7, 50)
    assert paged.without_page() == question


def test_query_string_is_canonical() -> None:
    data = {
        "colour": ["red"],
        "sector": ["nope"],
        "direct": ["x"],
        "asof": ["31 décembre 2025"],
        "from": ["04/2025"],
        "waiting": ["1"],
        "party": ["ru", " ml ", "", "ru"],
        "status": ["signed"],
        "q": [" charte "],
    }
    assert read_instruments(data, KNOWN, TODAY).query_string() == (
        "?q=charte&party=ml&party=ru&status=signed&waiting=1&from=2025-04&asof=2025-12-31"
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"party": ["zz"]}, Problem("party", "unknown", "zz")),
        ({"kind": ["summit"]}, Problem("kind", "unknown", "summit")),
        ({"state": ["held"]}, Problem("state", "unknown", "held")),
        ({"status": ["agreed"]}, Problem("status", "unknown", "agreed")),
        ({"status": ["nothing_known"]}, Problem("status", "unknown", "nothing_known")),
        ({"binds": ["never"]}, Problem("binds", "unknown", "never")),
        ({"waiting": ["2"]}, Problem("waiting", "unknown", "2")),
        ({"waiting": ["1", "1"]}, Problem("waiting", "twice", "1")),
        ({"asof": ["2026-11-24"]}, Problem("asof", "in_the_future", "2026-11-24")),
        ({"from": ["soon"]}, Problem("from", "unreadable", "soon")),
        ({"from": ["2026"], "to": ["2025"]}, Problem("from", "after_to", "2026")),
        ({"order": ["relevance"]}, Problem("order", "relevance_without_words", "relevance")),
        ({"after": ["%%%"]}, Problem("after", "unreadable", "%%%")),
    ],
)
def test_unreadable_value_is_a_problem_that_names_its_parameter(
    data: dict[str, list[str]], problem: Problem
) -> None:
    with pytest.raises(QuestionError) as refused:
        read_instruments(data, KNOWN, TODAY)
    assert refused.value.problems == (problem,)
