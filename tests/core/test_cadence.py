"""Addition of months to days, and the windows of a cadence."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.core.cadence import (
    CadenceError,
    Window,
    add_months,
    days_overdue,
    expected_window,
    validate,
    window_wording,
)
from timeline.core.dates import parse

DAYS = st.dates(dt.date(1000, 1, 1), dt.date(8000, 12, 31))
FOUR_CENTURIES = dt.timedelta(days=146_097)


@pytest.mark.parametrize(
    ("day", "months", "moved"),
    [
        (dt.date(2025, 1, 31), 1, dt.date(2025, 2, 28)),
        (dt.date(2024, 1, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2024, 2, 29), 48, dt.date(2028, 2, 29)),
        (dt.date(2096, 2, 29), 48, dt.date(2100, 2, 28)),
        (dt.date(2025, 12, 15), 1, dt.date(2026, 1, 15)),
        (dt.date(2025, 3, 31), -1, dt.date(2025, 2, 28)),
        (dt.date(2025, 5, 31), 6, dt.date(2025, 11, 30)),
        (dt.date(9999, 12, 1), 1, dt.date(9999, 12, 31)),
        (dt.date(2025, 1, 1), 10**9, dt.date(9999, 12, 31)),
        (dt.date(1, 1, 31), -1, dt.date(1, 1, 1)),
    ],
)
def test_months_are_added_by_the_calendar(day: dt.date, months: int, moved: dt.date) -> None:
    assert add_months(day, months) == moved


@pytest.mark.parametrize(
    ("last", "cadence", "tolerance", "window"),
    [
        ("2025-04-03", 12, 0, ("2026-04-01", "2026-04-30")),
        ("2025-04-30", 12, 0, ("2026-04-01", "2026-04-30")),
        ("2025-01-31", 1, 0, ("2025-02-01", "2025-02-28")),
        ("2024-01-31", 1, 0, ("2024-02-01", "2024-02-29")),
        ("2024-02-29", 12, 0, ("2025-02-01", "2025-02-28")),
        ("2023-02-28", 12, 0, ("2024-02-01", "2024-02-29")),
        ("2025-04-03", 12, 1, ("2026-03-01", "2026-05-31")),
        ("2025-04-03", 6, 2, ("2025-08-01", "2025-12-31")),
        ("2025-04", 12, 0, ("2026-04-01", "2026-04-30")),
        ("2025-04~", 12, 0, ("2026-04-01", "2026-04-30")),
        ("2025", 12, 0, ("2026-01-01", "2026-12-31")),
        ("2025", 6, 1, ("2025-06-01", "2026-07-31")),
        ("2025-03-30/2025-04-02", 12, 0, ("2026-03-01", "2026-04-30")),
        ("2025-04-03/..", 12, 0, ("2026-04-01", "9999-12-31")),
        ("9999-06-15", 12, 0, ("9999-12-31", "9999-12-31")),
    ],
)
def test_window_is_the_month_after_the_cadence_widened_by_the_tolerance(
    last: str, cadence: int, tolerance: int, window: tuple[str, str]
) -> None:
    result = expected_window(parse(last), cadence, tolerance)
    assert (result.first.isoformat(), result.last.isoformat()) == window


@pytest.mark.parametrize(
    ("cadence", "tolerance", "code"),
    [(0, 0, "cadence"), (-3, 0, "cadence"), (12, -1, "tolerance")],
)
def test_impossible_cadence_is_refused(cadence: int, tolerance: int, code: str) -> None:
    with pytest.raises(CadenceError) as direct:
        validate(cadence, tolerance)
    with pytest.raises(CadenceError) as by_window:
        expected_window(parse("2025-04-03"), cadence, tolerance)
    assert (direct.value.code, by_window.value.code) == (code, code)


def test_smallest_cadence_and_tolerance_are_accepted() -> None:
    validate(1, 0)
    window = Window(dt.date(2025, 5, 1), dt.date(2025, 5, 31))
    assert expected_window(parse("2025-04-03"), 1, 0) == window


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (dt.date(2025, 12, 31), 0),
        (dt.date(2026, 4, 30), 0),
        (dt.date(2026, 5, 1), 1),
        (dt.date(2026, 11, 23), 207),
    ],
)
def test_days_overdue_count_from_the_end_of_the_window(today: dt.date, days: int) -> None:
    assert days_overdue(Window(dt.date(2026, 4, 1), dt.date(2026, 4, 30)), today) == days


@settings(max_examples=500)
@given(DAYS, st.integers(1, 240), st.integers(0, 24))
def test_window_holds_whole_months(day: dt.date, cadence: int, tolerance: int) -> None:
    window = expected_window(parse(day.isoformat()), cadence, tolerance)
    months = (window.last.year - window.first.year) * 12 + window.last.month - window.first.month
    after = window.last + dt.timedelta(days=1)
    assert (window.first.day, after.day, months) == (1, 1, 2 * tolerance)


@settings(max_examples=500)
@given(DAYS, st.integers(1, 240), st.integers(0, 24))
def test_window_moves_with_the_calendar_of_400_years(
    day: dt.date, cadence: int, tolerance: int
) -> None:
    window = expected_window(parse(day.isoformat()), cadence, tolerance)
    later = expected_window(parse((day + FOUR_CENTURIES).isoformat()), cadence, tolerance)
    assert later == Window(window.first + FOUR_CENTURIES, window.last + FOUR_CENTURIES)


@pytest.mark.parametrize(
    ("last", "french", "english"),
    [
        (dt.date(2026, 4, 30), "avril 2026", "April 2026"),
        (dt.date(2027, 4, 30), "avril 2026 – avril 2027", "April 2026 – April 2027"),
    ],
)
def test_window_is_worded_by_its_months(last: dt.date, french: str, english: str) -> None:
    window = Window(dt.date(2026, 4, 1), last)
    assert (window_wording(window, "fr"), window_wording(window, "en")) == (french, english)
