"""The round days of an axis: few enough to be labelled, at even distances, inside its range."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.pictures.scales import DayScale


@given(st.tuples(st.dates(), st.dates()).map(sorted), st.integers(2, 10))
def test_round_days_are_few_and_lie_on_the_line(span: list[dt.date], most: int) -> None:
    first, last = span
    rounds = DayScale(first, last, 0, 100).round_days(most)
    assert len(rounds.days) <= most
    assert all(first <= day <= last for day in rounds.days)
    if rounds.step:
        months = [day.year * 12 + day.month - 1 for day in rounds.days]
        assert all(day.day == 1 for day in rounds.days)
        assert months == list(range(months[0], months[-1] + 1, rounds.step)) if months else True


@pytest.mark.parametrize(
    ("first", "last", "step", "begin", "number"),
    [
        ("2025-04-01", "2025-04-05", 0, "2025-04-01", 5),
        ("2025-04-01", "2025-04-30", 0, "2025-04-07", 4),
        ("2025-01-15", "2025-07-15", 1, "2025-02-01", 6),
        ("2022-03-01", "2026-12-31", 12, "2023-01-01", 4),
        ("1938-01-01", "2027-12-31", 240, "1940-01-01", 5),
        ("0001-01-01", "9999-12-31", 24000, "2000-01-01", 4),
    ],
)
def test_step_follows_the_time_to_name(
    first: str, last: str, step: int, begin: str, number: int
) -> None:
    day = dt.date.fromisoformat
    rounds = DayScale(day(first), day(last), 0, 100).round_days(7)
    assert (rounds.step, rounds.days[0], len(rounds.days)) == (step, day(begin), number)
