"""The layout of lanes: each event counts once, targets do not overlap, the size is bounded."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.pictures.lanes.layout import (
    DEPTH,
    PHONE,
    ROW,
    WIDE,
    CommitmentSpan,
    EventSpan,
    Lane,
    LaneRow,
    LanesScene,
    draw,
    framework_lane,
)
from timeline.pictures.lanes.windows import SLOTS, TimeSpan, full_span, slot_edges, visible_span

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


def laned(events: Sequence[EventSpan], seen: TimeSpan, depth: int = DEPTH) -> Lane:
    cut = slot_edges(seen)
    slots: dict[int, list[EventSpan]] = {}
    for event in events:
        if event.first <= seen.last and event.last >= seen.first:
            number = max(bisect_right(cut, event.first.toordinal()) - 1, 0)
            slots.setdefault(number, []).append(event)
    counts = [len(slots.get(number, ())) for number in range(SLOTS)]
    singles = {number: held for number, held in slots.items() if len(held) <= depth}
    return Lane("ml", f"Mali {len(events)}", counts, singles)


def drawn(lanes: Sequence[Lane], seen: TimeSpan, width: int) -> LanesScene:
    return draw(seen, lanes, (), (), TODAY, width)


def targets(row: LaneRow, slot: float) -> list[tuple[float, float, float, float]]:
    marks = [
        (mark.left, mark.y - ROW / 2, mark.left + slot, mark.y + ROW / 2) for mark in row.marks
    ]
    return marks + [
        (group.x, group.y, group.x + slot - 2, group.y + group.height) for group in row.groups
    ]


@st.composite
def happenings(draw: st.DrawFn) -> list[EventSpan]:
    first = draw(st.dates())
    room = (dt.date.max - first).days
    days = draw(st.lists(st.integers(0, min(4000, room)), min_size=1, max_size=40))
    events = []
    for key, after in enumerate(days):
        begin = first + after * DAY
        more = draw(st.sampled_from([0, 0, 1, 30, 365]))
        last = begin + min(more, (dt.date.max - begin).days) * DAY
        events.append(EventSpan(key, begin, last, draw(st.booleans())))
    return events


@given(happenings(), st.integers(0, 6), st.sampled_from([WIDE, PHONE]), st.integers(0, DEPTH))
def test_each_event_is_marked_or_counted_once_and_no_target_lies_on_another(
    events: list[EventSpan], zoom: int, width: int, depth: int
) -> None:
    every = full_span(
        min(event.first for event in events), max(event.first for event in events), TODAY
    )
    seen = visible_span(every, zoom, None)
    visible = [event for event in events if event.first <= seen.last and event.last >= seen.first]
    scene = drawn([laned(events, seen, depth)], seen, width)
    (row,) = scene.rows
    assert len(row.marks) + sum(group.number for group in row.groups) == len(visible)
    assert len({mark.key for mark in row.marks}) == len(row.marks)
    for target, other in combinations(targets(row, scene.slot), 2):
        apart = target[2] <= other[0] + 0.11 or other[2] <= target[0] + 0.11
        assert apart or target[3] <= other[1] or other[3] <= target[1]
    for left, top, right, foot in targets(row, scene.slot):
        assert 0 <= left <= right <= scene.width
        assert 0 <= top <= foot <= row.foot <= scene.height
    for mark in row.marks:
        assert mark.left <= mark.x - 7 <= mark.x + 7 <= mark.left + scene.slot + 0.11
    for mark in row.marks:
        if mark.title is None:
            continue
        left, right = mark.title[0], sum(mark.title)
        assert mark.extent[1] < left < right <= scene.width
        level = [other.extent for other in row.marks if other.y == mark.y]
        level += [
            (group.x, group.x + scene.slot - 2) for group in row.groups if group.y < mark.y + 7
        ]
        assert [box for box in level if box[1] > left and box[0] < right] == []
    for group in row.groups:
        held = [event for event in visible if group.span.first <= event.first <= group.span.last]
        assert len(held) <= group.number


@pytest.mark.parametrize("number", [10_000, 1_000_000])
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_size_depends_on_slots_and_not_on_events(number: int, width: int) -> None:
    seen = full_span(dt.date(2025, 4, 1), dt.date(2025, 4, 30), TODAY)
    counts = [number // SLOTS] * SLOTS
    scene = drawn([Lane("ml", "Mali", counts, {})], seen, width)
    (row,) = scene.rows
    assert len(row.groups) == (SLOTS if width == WIDE else SLOTS // 2)
    assert sum(group.number for group in row.groups) == number // SLOTS * SLOTS
    assert scene.height < 150


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("year", [1, 1066, 1899, 1950, 2150, 9999])
def test_one_event_stands_in_the_middle_whenever_it_was(year: int, width: int) -> None:
    day = dt.date(year, 6, 15)
    seen = full_span(day, day, TODAY)
    scene = drawn([laned([EventSpan(1, day, day)], seen)], seen, width)
    (mark,) = scene.rows[0].marks
    assert abs(mark.x - width / 2) < 20
    assert (mark.reach, mark.fades, mark.arrow) == (None, "", "")


def test_no_lane_and_an_empty_lane_are_drawn() -> None:
    seen = full_span(TODAY, TODAY, TODAY)
    assert drawn([], seen, WIDE).rows == ()
    (row,) = drawn([laned([], seen)], seen, WIDE).rows
    assert (row.marks, row.groups) == ((), ())


def test_all_on_one_day_are_stacked_then_grouped() -> None:
    seen = full_span(TODAY, TODAY, TODAY)
    for number, marks, groups in ((3, 3, 0), (4, 0, 1)):
        events = [EventSpan(key, TODAY, TODAY) for key in range(number)]
        (row,) = drawn([laned(events, seen)], seen, WIDE).rows
        assert (len(row.marks), len(row.groups)) == (marks, groups)
    three = [EventSpan(key, TODAY, TODAY) for key in range(3)]
    (row,) = drawn([laned(three, seen)], seen, WIDE).rows
    assert len({mark.y for mark in row.marks}) == 3


def test_one_per_century_stands_each_by_itself() -> None:
    days = [dt.date(year, 1, 1) for year in range(1, 2000, 100)]
    seen = full_span(days[0], days[-1], TODAY)
    (row,) = drawn(
        [laned([EventSpan(n, day, day) for n, day in enumerate(days)], seen)], seen, WIDE
    ).rows
    assert len(row.marks) == 20
    assert {mark.y for mark in row.marks} == {row.foot - ROW / 2}


YEAR = TimeSpan(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def mark_of(event: EventSpan) -> tuple[tuple[float, float] | None, str, str]:
    (mark,) = drawn([laned([event], YEAR)], YEAR, WIDE).rows[0].marks
    return mark.reach, mark.fades, mark.arrow


def test_width_tells_how_much_of_a_date_is_known() -> None:
    month = EventSpan(1, dt.date(2026, 4, 1), dt.date(2026, 4, 30))
    reach, fades, arrow = mark_of(month)
    assert reach is not None
    assert reach[1] - reach[0] == pytest.approx(576 * 30 / 365, abs=0.2)
    assert (fades, arrow) == ("", "")
    _reach, fades, _arrow = mark_of(EventSpan(1, month.first, month.last, sure=False))
    assert fades
    before, _fades, _arrow = mark_of(EventSpan(1, dt.date(2025, 4, 1), dt.date(2026, 4, 1)))
    assert before is not None
    assert before[0] == 0
    beyond, _fades, _arrow = mark_of(EventSpan(1, dt.date(2026, 4, 1), dt.date(2027, 4, 1)))
    assert beyond is not None
    assert beyond[1] == WIDE


def test_what_goes_on_reaches_today_with_an_arrow() -> None:
    reach, _fades, arrow = mark_of(EventSpan(1, dt.date(2026, 4, 1), dt.date.max, ongoing=True))
    assert reach is not None
    assert reach[1] == pytest.approx(6 + 576 * 327 / 365, abs=0.2)
    assert arrow.startswith(f"M{reach[1]:g}")
    later, _fades, arrow = mark_of(EventSpan(1, dt.date(2026, 12, 30), dt.date.max, ongoing=True))
    assert later is not None
    assert later[1] > reach[1]
    past = TimeSpan(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    old = EventSpan(1, dt.date(2024, 4, 1), dt.date.max, ongoing=True)
    (mark,) = drawn([laned([old], past)], past, WIDE).rows[0].marks
    assert mark.reach is not None
    assert (mark.reach[1], mark.arrow) == (WIDE, "")


def test_name_of_a_lane_stands_beside_its_marks_or_above_them() -> None:
    late, early = (EventSpan(n, day, day) for n, day in enumerate((YEAR.last, YEAR.first)))
    (beside,) = drawn([laned([late], YEAR)], YEAR, WIDE).rows
    (above,) = drawn([laned([early], YEAR)], YEAR, WIDE).rows
    assert beside.marks[0].y - 12 < beside.name_y
    assert above.marks[0].y - 12 > above.name_y


def test_columns_are_as_high_as_their_share() -> None:
    counts = [4, 100, 25, *([0] * 21)]
    (row,) = drawn([Lane("ml", "Mali", counts, {})], YEAR, WIDE).rows
    small, large, middle = row.groups
    assert small.height < middle.height < large.height
    assert {group.y + group.height for group in row.groups} == {row.foot - 2}
    assert [group.shade for group in row.groups] == [1, 5, 3]


def test_title_stands_where_there_is_room_for_it() -> None:
    days = [YEAR.first + n * DAY for n in (60, 80, 240)]
    (row,) = drawn(
        [laned([EventSpan(n, day, day) for n, day in enumerate(days)], YEAR)], YEAR, WIDE
    ).rows
    first, second, third = row.marks
    assert first.title is None
    assert second.title is not None
    assert second.title[1] > 100
    assert sum(second.title) < third.x
    assert third.title is not None


def test_commitment_runs_from_made_to_due_and_then_is_late() -> None:
    day = dt.date
    commitments = [
        CommitmentSpan(1, day(2026, 1, 1), day(2026, 6, 30)),
        CommitmentSpan(2, day(2025, 1, 1), day(2027, 6, 30)),
        CommitmentSpan(3, day(2026, 6, 1), None),
    ]
    scene = draw(YEAR, (), commitments, (), TODAY, WIDE)
    late, whole_year, undated = scene.bars
    assert (late.x, late.width) == pytest.approx((6, 576 * 181 / 365), abs=0.2)
    assert late.late == pytest.approx((late.end, 576 * 146 / 365), abs=0.2)
    assert (whole_year.x, whole_year.width, whole_year.late) == (0, WIDE, None)
    assert undated.open
    assert undated.late is None
    assert undated.end == pytest.approx(6 + 576 * 327 / 365, abs=0.2)
    assert not any(bar.open for bar in (late, whole_year))
    assert [bar.y for bar in scene.bars] == sorted({bar.y for bar in scene.bars})
    narrow = draw(YEAR, (), commitments, (), TODAY, PHONE)
    assert narrow.commitment_height > scene.commitment_height


def test_framework_is_a_line_of_single_beads_and_groups_with_its_window() -> None:
    days = [dt.date(2026, 3, 1), dt.date(2026, 9, 1), dt.date(2026, 9, 2), dt.date(2020, 1, 1)]
    awaited = TimeSpan(dt.date(2026, 12, 1), dt.date(2027, 1, 31))
    events = [EventSpan(n, day, day) for n, day in enumerate(days)]
    lane = framework_lane("ru-aes", "Russia–AES", events, YEAR, awaited)
    assert sum(lane.counts) == 3
    (row,) = draw(YEAR, (), (), (lane,), TODAY, WIDE).frameworks
    assert [mark.key for mark in row.marks] == [0]
    assert [group.number for group in row.groups] == [2]
    assert row.line_y == row.marks[0].y
    assert row.awaited is not None
    assert row.awaited.x + row.awaited.width <= WIDE
    far = TimeSpan(dt.date(2027, 5, 1), dt.date(2027, 5, 31))
    assert framework_lane("ru-aes", "", (), YEAR, far).awaited is None


def test_today_is_labelled_only_where_it_is_visible() -> None:
    assert drawn([], YEAR, WIDE).today is not None
    past = TimeSpan(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert drawn([], past, WIDE).today is None
