"""The question of the ledger: the timeline's filters and its own, read just as strictly."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.questions import lists
from timeline.core.codes import Order
from timeline.core.dates import parse
from timeline.core.question import Cursor, LedgerQuestion, Problem, Question, QuestionError
from timeline.core.reading import read, read_asof, read_ledger

TODAY = dt.date(2026, 11, 23)
KNOWN = {
    "sector": frozenset({"energy", "trade"}),
    "party": frozenset({"ml", "ru"}),
    "framework": frozenset({"ru-aes"}),
    "place": frozenset({"bamako"}),
    "person": frozenset({"lavrov"}),
    "instrument": frozenset({"charter"}),
    "source": frozenset({"1", "2"}),
}


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(values)).map(lambda chosen: tuple(sorted(chosen)))


QUESTIONS = st.builds(
    LedgerQuestion,
    q=st.sampled_from(["", "energie"]),
    sectors=some("energy", "trade"),
    parties=some("ml", "ru"),
    statuses=some("agreed", "broken"),
    obligors=some("ml", "ru"),
    beneficiaries=some("ru"),
    overdue=st.booleans(),
    quiet=st.booleans(),
    asof=st.one_of(st.none(), st.dates(dt.date(1000, 1, 1), TODAY)),
    start=st.sampled_from([None, parse("2024")]),
    order=st.sampled_from([Order.NEWEST, Order.OLDEST]),
)


@given(QUESTIONS)
def test_question_comes_back_from_its_query_string(question: LedgerQuestion) -> None:
    assert read_ledger(lists(question), KNOWN, TODAY) == question


@given(QUESTIONS)
def test_changed_question_is_still_of_the_ledger(question: LedgerQuestion) -> None:
    changed = question.toggling("status", "stalled")
    assert isinstance(changed, LedgerQuestion)
    assert changed.toggling("status", "stalled") == question
    paged = question.cursor_after(Cursor(0, TODAY, TODAY, 7, 50))
    assert paged.cursor() == Cursor(0, TODAY, TODAY, 7, 50)
    assert paged.without_page() == question


def test_cursor_of_another_day_is_refused() -> None:
    paged = LedgerQuestion(asof=TODAY).cursor_after(Cursor(0, TODAY, TODAY, 7, 50))
    with pytest.raises(QuestionError):
        LedgerQuestion(after=paged.after).cursor()


def test_timeline_ignores_what_only_the_ledger_asks() -> None:
    data = {"status": ["nope"], "overdue": ["x"], "asof": ["soon"], "obligor": ["zz"]}
    assert read(data, KNOWN) == Question()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"asof": ["soon"]}, Problem("asof", "not_a_day", "soon")),
        ({"asof": ["2025"]}, Problem("asof", "not_a_day", "2025")),
        ({"asof": ["2025-02-30"]}, Problem("asof", "not_a_day", "2025-02-30")),
        ({"asof": ["202502033"]}, Problem("asof", "not_a_day", "202502033")),
        ({"asof": ["2026-11-24"]}, Problem("asof", "in_the_future", "2026-11-24")),
        ({"asof": ["2025-01-01", "2025-01-02"]}, Problem("asof", "twice", "2025-01-02")),
        ({"status": ["done"]}, Problem("status", "unknown", "done")),
        ({"obligor": ["zz"]}, Problem("obligor", "unknown", "zz")),
        ({"beneficiary": ["zz"]}, Problem("beneficiary", "unknown", "zz")),
        ({"overdue": ["yes"]}, Problem("overdue", "unknown", "yes")),
        ({"quiet": ["1", "1"]}, Problem("quiet", "twice", "1")),
        ({"sector": ["nope"]}, Problem("sector", "unknown", "nope")),
    ],
)
def test_what_cannot_be_read_names_its_parameter(
    data: dict[str, list[str]], problem: Problem
) -> None:
    with pytest.raises(QuestionError) as refused:
        read_ledger(data, KNOWN, TODAY)
    assert refused.value.problems == (problem,)


def test_every_problem_is_named_at_once() -> None:
    data = {"asof": ["soon"], "status": ["done"], "from": ["x"], "overdue": ["2"]}
    with pytest.raises(QuestionError) as refused:
        read_ledger(data, KNOWN, TODAY)
    assert {problem.parameter for problem in refused.value.problems} == set(data)


@pytest.mark.parametrize(
    ("values", "day"),
    [
        ([], None),
        ([""], None),
        ([" 2025-12-31 "], dt.date(2025, 12, 31)),
        (["2026-11-23"], TODAY),
        (["0001-01-01"], dt.date(1, 1, 1)),
    ],
)
def test_requested_day_is_read(values: list[str], day: dt.date | None) -> None:
    assert read_asof({"asof": values}, TODAY) == day
