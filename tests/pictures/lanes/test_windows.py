"""The windows of lanes: within the calendar, halved with each zoom step, divided into slots."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.core.display import MAX_ZOOM
from timeline.pictures.lanes.windows import (
    SLOTS,
    TimeSpan,
    full_span,
    max_zoom,
    slot_edges,
    visible_span,
)

SPANS = st.tuples(st.dates(), st.dates()).map(sorted)


@given(SPANS, st.dates())
def test_all_of_the_time_has_the_events_in_it_and_a_day_for_each_slot(
    span: list[dt.date], today: dt.date
) -> None:
    first, last = span
    every = full_span(first, last, today)
    assert every.first <= first <= last <= every.last
    assert every.days >= SLOTS
    assert max_zoom(every) <= MAX_ZOOM


@given(SPANS, st.dates(), st.integers(0, MAX_ZOOM), st.none() | st.dates())
def test_window_stays_inside_and_its_slots_cover_it(
    span: list[dt.date], today: dt.date, zoom: int, centre: dt.date | None
) -> None:
    every = full_span(span[0], span[1], today)
    seen = visible_span(every, zoom, centre)
    assert every.first <= seen.first <= seen.last <= every.last
    cut = slot_edges(seen)
    assert (len(cut), cut[0]) == (SLOTS + 1, seen.first.toordinal())
    assert cut[-1] == seen.last.toordinal() + 1
    assert all(earlier < later for earlier, later in pairwise(cut))
    if zoom == 0:
        assert seen == every
    if zoom >= max_zoom(every):
        assert SLOTS <= seen.days < 2 * SLOTS or every.days < 2 * SLOTS


@given(SPANS, st.integers(1, MAX_ZOOM), st.dates())
def test_a_step_closer_around_the_middle_lies_within_what_was_seen(
    span: list[dt.date], zoom: int, centre: dt.date
) -> None:
    every = full_span(span[0], span[1], span[1])
    wider = visible_span(every, zoom - 1, centre)
    closer = visible_span(every, zoom, wider.middle)
    assert wider.first <= closer.first <= closer.last <= wider.last
    assert visible_span(every, zoom, closer.middle) == closer


@pytest.mark.parametrize(
    ("today", "there"), [("2026-03-01", True), ("2030-01-01", False), ("1990-01-01", False)]
)
def test_today_is_seen_where_it_is_not_far(today: str, there: bool) -> None:
    day = dt.date.fromisoformat
    every = full_span(day("2022-01-01"), day("2025-12-31"), day(today))
    assert (every.first <= day(today) <= every.last) == there


def test_one_day_at_either_end_of_the_calendar_is_seen() -> None:
    for day in (dt.date.min, dt.date.max):
        every = full_span(day, day, dt.date(2026, 11, 23))
        assert every.days == SLOTS
        assert day in every
    assert full_span(dt.date.min, dt.date.max, dt.date.max) == TimeSpan(dt.date.min, dt.date.max)
