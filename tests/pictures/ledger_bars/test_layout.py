"""Bars with parts: no part with a count is invisible, and none lies outside the picture."""

from hypothesis import given
from hypothesis import strategies as st

from timeline.pictures.ledger_bars.layout import BarSegment, stack

ROWS = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c", "d", "e", "f", "g", "h"]), st.integers(0, 10**6)),
        max_size=8,
        unique_by=lambda part: part[0],
    ),
    max_size=12,
)


def test_largest_row_takes_the_width_and_the_others_their_share() -> None:
    assert stack([[("a", 6), ("b", 2)], [("a", 4)]]) == [
        (BarSegment("a", 6, 0.0, 75.0, 37.5, True), BarSegment("b", 2, 75.0, 25.0, 87.5, True)),
        (BarSegment("a", 4, 0.0, 50.0, 25.0, True),),
    ]


def test_nothing_gives_nothing() -> None:
    assert stack([]) == []
    assert stack([[], [("a", 0)]]) == [(), ()]


def test_part_too_small_to_be_seen_is_widened_at_the_others_cost() -> None:
    ((large, small),) = stack([[("a", 9999), ("b", 1)]])
    assert (small.width, small.has_room) == (1.5, False)
    assert large.width == 98.5


@given(ROWS)
def test_parts_lie_end_to_end_inside_the_picture(rows: list[list[tuple[str, int]]]) -> None:
    for row, parts in zip(rows, stack(rows), strict=True):
        assert [(part.code, part.number) for part in parts] == [pair for pair in row if pair[1]]
        x = 0.0
        for part in parts:
            assert abs(part.x - x) < 0.01
            assert part.width >= 1.499
            x = part.x + part.width
        assert x <= 100.01


@given(ROWS)
def test_longer_bar_stands_for_no_less(rows: list[list[tuple[str, int]]]) -> None:
    widths = [
        (sum(part.number for part in parts), sum(part.width for part in parts))
        for parts in stack(rows)
        if parts
    ]
    for number, width in widths:
        for other, wide in widths:
            assert number < other or width >= wide - 0.1 or width <= 1.5 * 8 + 0.1
