"""Tests for the day on which the clocks stand."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.core.searched import Clock, is_neglected

DAY = dt.date(2026, 11, 23)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)

days = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
ends = st.none() | days


@pytest.mark.parametrize(
    ("searched_until", "day", "stopped"),
    [(None, DAY, None), (BEFORE, BEFORE, BEFORE), (DAY, DAY, None), (AFTER, DAY, None)],
)
def test_clock_stands_at_the_end_of_the_search_if_that_is_past(
    searched_until: dt.date | None, day: dt.date, stopped: dt.date | None
) -> None:
    clock = Clock(DAY, searched_until)
    assert (clock.day, clock.stopped) == (day, stopped)


@given(days, ends, ends)
def test_clock_of_what_was_searched_for_apart_is_its_own(
    asked: dt.date, of_record: dt.date | None, own: dt.date | None
) -> None:
    clock = Clock(asked, of_record).searched_apart(own)
    assert clock.day == Clock(asked, own or of_record).day


@given(days, ends, days)
def test_clock_of_a_past_day_is_the_earliest_of_three(
    today: dt.date, searched_until: dt.date | None, past: dt.date
) -> None:
    asked = min(past, today)
    assert Clock(asked, searched_until).day == min(asked, Clock(today, searched_until).day)


@pytest.mark.parametrize(("ago", "neglected"), [(89, False), (90, True)])
def test_search_is_asked_for_after_90_days(ago: int, neglected: bool) -> None:
    assert is_neglected(DAY - dt.timedelta(days=ago), DAY) is neglected


def test_search_until_today_is_never_asked_for() -> None:
    assert not is_neglected(None, DAY)
