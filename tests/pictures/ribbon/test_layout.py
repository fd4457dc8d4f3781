"""The picture of hosts over time: everything once, in order, and without overlaps."""

import datetime as dt
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.pictures.ribbon.labels import MarkLabel
from timeline.pictures.ribbon.layout import (
    ExpectedWindow,
    MeetingKind,
    MeetingMark,
    MeetingSpan,
    Ribbon,
    draw,
)
from timeline.pictures.scales import DayScale, text_width

TODAY = dt.date(2026, 11, 23)
LANES = ("Russia", "AES", "outside")
WIDTHS = (348, 860)


@st.composite
def meetings(draw_: st.DrawFn) -> list[MeetingSpan]:
    days = st.one_of(
        st.dates(),
        st.dates(dt.date(2020, 1, 1), dt.date(2027, 12, 31)),
        st.sampled_from([dt.date.min, dt.date.max, TODAY]),
    )
    drawn = []
    for number in range(draw_(st.integers(0, 25))):
        first = draw_(days)
        length = draw_(st.sampled_from([0, 0, 0, 29, 364, 10**6]))
        last = dt.date.fromordinal(min(first.toordinal() + length, dt.date.max.toordinal()))
        kind = draw_(st.sampled_from(list(MeetingKind)))
        drawn.append(
            MeetingSpan(
                first,
                last,
                draw_(st.integers(0, 2)),
                kind,
                (draw_(st.sampled_from(["Moscow", "New York", "Ouagadougou"])), "3 Apr 2025"),
                f"Meeting {number}",
                f"/en/events/{number}/",
                draw_(st.sampled_from([0, 1])) if kind == MeetingKind.OUT_OF_TURN else None,
            )
        )
    return drawn


EXPECTED = st.one_of(
    st.none(),
    st.builds(
        lambda first, days, lane, said: ExpectedWindow(
            first,
            dt.date.fromordinal(min(first.toordinal() + days, dt.date.max.toordinal())),
            lane,
            ("expected", said),
        ),
        st.dates(),
        st.integers(0, 800),
        st.sampled_from([None, 0, 1]),
        st.sampled_from(["Apr 2026", "Feb–Jun 2026", "sept. 2026 – févr. 2027"]),
    ),
)


def two_lines(label: MarkLabel) -> tuple[float, float, float, float]:
    return label.left, label.right, label.y - 10, label.y + 16


@settings(max_examples=300)
@given(meetings(), EXPECTED, st.sampled_from(WIDTHS))
def test_everything_is_there_once_in_order_and_inside(
    rows: list[MeetingSpan], expected: ExpectedWindow | None, width: int
) -> None:
    ribbon = draw(LANES, rows, expected, TODAY, width)
    assert sorted(mark.address for mark in ribbon.marks) == sorted(row.address for row in rows)
    by_address = {mark.address: mark for mark in ribbon.marks}
    instants = sorted((row for row in rows if row.first == row.last), key=lambda row: row.first)
    places = [by_address[row.address].x for row in instants]
    assert places == sorted(places)
    for mark in ribbon.marks:
        assert all(math.isfinite(number) for number in (mark.x, mark.y))
        assert 12 <= mark.x <= width - 12
        assert 12 <= mark.y <= ribbon.height - 12
    if ribbon.expected is not None:
        box = ribbon.expected
        assert box.width >= 24
        assert box.x >= 0
        assert box.x + box.width <= width
    assert (ribbon.expected is None) == (expected is None)
    assert 0 <= ribbon.today <= width
    assert ribbon.height == draw(LANES, [], None, TODAY, width).height


@settings(max_examples=300)
@given(meetings(), EXPECTED, st.sampled_from(WIDTHS))
def test_texts_touch_neither_each_other_nor_marks_nor_the_edge(
    rows: list[MeetingSpan], expected: ExpectedWindow | None, width: int
) -> None:
    ribbon = draw(LANES, rows, expected, TODAY, width)
    labels = [two_lines(label) for label in ribbon.labels]
    for number, (left, right, top, bottom) in enumerate(labels):
        assert left >= 0
        assert right <= width
        assert top >= 0
        assert bottom <= ribbon.height - 17
        for other in labels[number + 1 :]:
            beside = right <= other[0] or other[1] <= left
            assert beside or bottom <= other[2] or other[3] <= top
        for mark in ribbon.marks:
            beside = right < mark.x - 9 or left > mark.x + 9
            assert beside or bottom < mark.y - 9 or top > mark.y + 9
        assert not left - 2 <= ribbon.today <= right + 2
        for x, y in (place for path in lines_of(ribbon) for place in along(path)):
            assert not (left <= x <= right and top <= y <= bottom)


def lines_of(ribbon: Ribbon) -> tuple[str, ...]:
    return (*ribbon.paths, *((ribbon.expected_path,) if ribbon.expected_path else ()))


def along(path: str) -> list[tuple[float, float]]:
    """Return many points on a Bézier curve of SVG: start, two handles, end."""
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
    corners = list(zip(numbers[::2], numbers[1::2], strict=True))
    places = []
    for step in range(401):
        t = step / 400
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        x, y = (
            sum(weight * corner[axis] for weight, corner in zip(weights, corners, strict=True))
            for axis in (0, 1)
        )
        places.append((x, y))
    return places


def meeting(
    first: str, lane: int, kind: MeetingKind = MeetingKind.TURN, due: int | None = None
) -> MeetingSpan:
    day = dt.date.fromisoformat(first)
    return MeetingSpan(day, day, lane, kind, ("Moscow", first), first, f"/{first}/", due)


def drawn(*rows: MeetingSpan, expected: ExpectedWindow | None = None, width: int = 860) -> Ribbon:
    return draw(LANES, rows, expected, TODAY, width)


def test_turn_taken_out_of_turn_is_tied_to_the_line_that_was_due() -> None:
    ribbon = drawn(
        meeting("2024-01-01", 0),
        meeting("2025-01-01", 0, MeetingKind.OUT_OF_TURN, due=1),
    )
    first, second = ribbon.marks
    assert (first.kind, first.due_y) == (MeetingKind.TURN, None)
    assert (second.kind, second.y, second.due_y) == (
        MeetingKind.OUT_OF_TURN,
        ribbon.lanes[0].y,
        ribbon.lanes[1].y,
    )
    assert ribbon.kinds == (MeetingKind.TURN, MeetingKind.OUT_OF_TURN)


def test_only_turns_are_tied_to_each_other_and_the_last_to_what_is_expected() -> None:
    window = ExpectedWindow(dt.date(2026, 4, 1), dt.date(2026, 4, 30), 1, ("expected", "Apr 2026"))
    ribbon = drawn(
        meeting("2024-01-01", 0),
        meeting("2024-06-01", 2, MeetingKind.ASIDE),
        meeting("2025-01-01", 1),
        expected=window,
    )
    turns = [mark for mark in ribbon.marks if mark.kind == MeetingKind.TURN]
    assert len(ribbon.paths) == 1
    assert ribbon.paths[0].startswith(f"M{turns[0].x} {turns[0].y}")
    assert ribbon.expected_path.startswith(f"M{turns[1].x} {turns[1].y}")
    ends = re.findall(r"[\d.]+", ribbon.expected_path)
    assert ribbon.expected is not None
    assert float(ends[-1]) == ribbon.expected.y + ribbon.expected.height / 2


def test_window_of_a_rotation_that_is_not_stated_lies_on_every_line() -> None:
    window = ExpectedWindow(
        dt.date(2026, 12, 1), dt.date(2026, 12, 31), None, ("expected", "Dec 2026")
    )
    ribbon = drawn(meeting("2025-12-01", 0), expected=window)
    assert ribbon.expected is not None
    assert ribbon.expected.y < ribbon.lanes[0].y
    assert ribbon.expected.y + ribbon.expected.height > ribbon.lanes[-1].y
    assert ribbon.expected_path == ""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lane", [None, 0, 1])
@pytest.mark.parametrize("month", [10, 11, 12])
def test_window_close_to_today_is_named_beside_the_line_of_today(
    width: int, lane: int | None, month: int
) -> None:
    first = dt.date(2026, month, 1)
    window = ExpectedWindow(first, first.replace(day=30), lane, ("expected", "2026"))
    ribbon = drawn(meeting("2025-12-01", 0), expected=window, width=width)
    (label,) = (label for label in ribbon.labels if label.lines == window.label)
    assert not label.left <= ribbon.today <= label.right


def test_text_is_left_out_where_it_would_be_taken_for_that_of_another_mark() -> None:
    far = drawn(meeting("2020-01-01", 0), meeting("2026-07-07", 0, MeetingKind.ASIDE))
    assert len(far.labels) == 2
    close = [meeting(f"2026-0{month}-05", 0, MeetingKind.ASIDE) for month in (5, 6, 7)]
    ribbon = drawn(meeting("2020-01-01", 0), *close)
    for label in ribbon.labels:
        own = next(mark for mark in ribbon.marks if mark.title == label.lines[1])
        assert min(ribbon.marks, key=lambda mark: apart(label, mark)) == own
    assert len(ribbon.labels) < 4


def apart(label: MarkLabel, mark: MeetingMark) -> float:
    left, right, top, bottom = two_lines(label)
    return math.hypot(max(left - mark.x, 0, mark.x - right), max(top - mark.y, 0, mark.y - bottom))


def test_date_less_precise_than_can_be_seen_shows_its_reach() -> None:
    vague = MeetingSpan(
        dt.date(2025, 1, 1), dt.date(2025, 12, 31), 0, MeetingKind.TURN, ("", ""), "2025", "/2025/"
    )
    exact, wide = drawn(meeting("2020-01-01", 0), vague).marks
    assert exact.reach is None
    assert wide.reach is not None
    assert wide.reach[0] < wide.x < wide.reach[1]


def test_meetings_of_one_day_do_not_hide_each_other() -> None:
    same = [meeting("2025-01-01", 0), meeting("2025-01-01", 0, MeetingKind.ASIDE)]
    assert len({(mark.x, mark.y) for mark in drawn(*same).marks}) == 2


@pytest.mark.parametrize("width", WIDTHS)
def test_founding_session_alone_is_drawn_with_its_label(width: int) -> None:
    ribbon = drawn(meeting("2025-04-03", 0), width=width)
    assert [label.lines for label in ribbon.labels] == [("Moscow", "2025-04-03")]
    assert len(ribbon.ticks) <= 4


@given(st.dates(), st.dates(), st.integers(1, 12))
def test_years_are_round_few_and_in_order(a: dt.date, b: dt.date, at_most: int) -> None:
    first, last = sorted((a, b))
    ticks = DayScale(first, last, 0, 800).years(at_most)
    assert len(ticks) <= at_most
    assert [tick.x for tick in ticks] == sorted(tick.x for tick in ticks)
    assert all(0 <= tick.x <= 800 for tick in ticks)


def test_longer_text_takes_more_room() -> None:
    assert text_width("Ouagadougou") > text_width("Moscow") > text_width("") == 0
