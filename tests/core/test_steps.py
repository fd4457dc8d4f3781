"""Dated changes of an event, replayed as of a day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.core.codes import EventState
from timeline.core.dates import parse
from timeline.core.steps import StateAndDate, Step, after, as_of, in_order, on_record

PLANNED, POSTPONED, HELD = EventState.PLANNED, EventState.POSTPONED, EventState.HELD


def state_and_date(state: EventState, date: str) -> StateAndDate:
    return StateAndDate(state, parse(date))


def step(on: str, entry: int, after: StateAndDate, before: StateAndDate) -> Step:
    return Step(parse(on), entry, after, before)


FIRST = state_and_date(PLANNED, "2025-07")
MOVED = state_and_date(POSTPONED, "2025-12")
DONE = state_and_date(HELD, "2025-12-22/2025-12-23")
STEPS = [step("2025-07-04", 1, MOVED, FIRST), step("2025-12-23", 2, DONE, MOVED)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-07-03", FIRST),
        ("2025-07-04", MOVED),
        ("2025-12-22", MOVED),
        ("2025-12-23", DONE),
        ("2026-01-01", DONE),
    ],
)
def test_event_is_what_its_last_step_by_the_day_made_it(day: str, expected: StateAndDate) -> None:
    assert as_of(DONE, STEPS, dt.date.fromisoformat(day)) == expected


def test_event_without_steps_was_always_what_it_is() -> None:
    assert as_of(DONE, [], dt.date(1999, 1, 1)) == DONE


def test_edit_after_the_last_step_counts_from_that_step() -> None:
    put_right = state_and_date(HELD, "2025-12-22")
    assert as_of(put_right, STEPS, dt.date(2025, 12, 23)) == put_right


def test_step_counts_from_the_first_day_that_its_date_may_mean() -> None:
    vague = [step("2025-07", 1, MOVED, FIRST)]
    assert as_of(MOVED, vague, dt.date(2025, 6, 30)) == FIRST
    assert as_of(MOVED, vague, dt.date(2025, 7, 1)) == MOVED


def test_before_all_steps_stands_what_the_first_entered_one_found() -> None:
    entered_later = step("2025-03-01", 3, state_and_date(PLANNED, "2025-08"), DONE)
    assert as_of(DONE, [*STEPS, entered_later], dt.date(2025, 2, 1)) == FIRST


@given(st.permutations(STEPS), st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 31)))
def test_order_of_entry_in_the_list_does_not_matter(steps: list[Step], day: dt.date) -> None:
    assert as_of(DONE, steps, day) == as_of(DONE, STEPS, day)
    assert in_order(steps) == STEPS


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2025-06-30", False), ("2025-07-01", True), ("2025-07-04", True), ("2025-11-01", True)],
)
def test_plan_is_on_record_once_its_day_or_a_step_has_come(day: str, expected: bool) -> None:
    when = dt.date.fromisoformat(day)
    assert on_record(as_of(DONE, STEPS, when), STEPS, when) is expected


@pytest.mark.parametrize(
    ("now", "others", "on", "expected"),
    [
        (FIRST, [], "2025-07-04", MOVED),
        (MOVED, STEPS[:1], "2025-07-05", MOVED),
        (DONE, STEPS, "2025-09-01", DONE),
        (DONE, [], "2025-09-01", DONE),
        (DONE, [], "2025-12-24", MOVED),
        (DONE, STEPS, "2026-01-02", MOVED),
    ],
)
def test_step_that_tells_of_the_past_changes_nothing_of_the_present(
    now: StateAndDate, others: list[Step], on: str, expected: StateAndDate
) -> None:
    assert after(now, others, step(on, 9, MOVED, now)) == expected


def test_meeting_held_later_was_by_then_what_its_last_step_says() -> None:
    entered_since = [step("2025-07-04", 1, MOVED, DONE)]
    assert as_of(DONE, entered_since, dt.date(2025, 8, 1)) == MOVED
    assert as_of(DONE, entered_since, dt.date(2025, 12, 22)) == DONE
