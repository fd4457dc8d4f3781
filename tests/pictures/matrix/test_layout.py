"""The layout of the matrix: its content, its scale, its sorting and its positions."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.pictures.matrix.layout import (
    HEIGHT,
    MAX_ENTRIES,
    MIN_WIDTH,
    STEPS,
    AxisEntry,
    Pairs,
    ScaleStep,
    draw,
    largest,
    place,
    scale,
    similarity_order,
    step_of,
)

COUNTS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 99))
RANGES = st.tuples(st.integers(1, 10**7), st.integers(1, 10**7)).map(sorted)
ROWS = st.integers(0, 5).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 50), min_size=width, max_size=width), max_size=9)
)


@given(COUNTS, st.sets(st.text("abcxyz", min_size=1, max_size=3), max_size=5), st.integers(0, 30))
def test_largest_are_shown_and_those_chosen_before_them(
    counts: dict[str, int], chosen: set[str], most: int
) -> None:
    shown = largest(counts, chosen, most)
    assert len(shown) == len(set(shown)) == min(most, len({*counts, *chosen}))
    if most >= len(chosen):
        assert chosen <= set(shown)
        left_out = [counts[value] for value in counts if value not in shown]
        free = [counts[value] for value in shown if value not in chosen]
        assert not left_out or not free or max(left_out) <= min(free)


def test_no_more_is_shown_than_there_is_room_for() -> None:
    counts = {f"p{number:02}": number for number in range(40)}
    assert largest(counts, ["p00"]) == [
        "p00",
        *(f"p{39 - number}" for number in range(MAX_ENTRIES - 1)),
    ]
    assert largest({}, []) == []


@given(RANGES)
def test_scale_covers_its_range_without_a_gap(ends: list[int]) -> None:
    least, most = ends
    steps = scale(least, most)
    assert (steps[0].first, steps[-1].last) == (least, most)
    assert len(steps) == min(STEPS, most - least + 1)
    assert all(step.last + 1 == following.first for step, following in pairwise(steps))
    assert all(step.first <= step.last for step in steps)


@given(RANGES, st.data())
def test_more_is_never_on_a_lower_step(ends: list[int], data: st.DataObject) -> None:
    least, most = ends
    numbers = sorted(data.draw(st.lists(st.integers(least, most), min_size=2, max_size=9)))
    steps = scale(least, most)
    placed = [step_of(number, steps) for number in numbers]
    assert placed == sorted(placed)
    assert all(
        steps[step - 1].first <= number <= steps[step - 1].last
        for step, number in zip(placed, numbers, strict=True)
    )


def test_steps_are_even_in_ratio_and_few_numbers_have_their_own() -> None:
    assert [step.first for step in scale(1, 128)] == [1, 2, 4, 8, 16, 32, 64]
    assert scale(1, 3) == (ScaleStep(1, 1), ScaleStep(2, 2), ScaleStep(3, 3))
    assert scale(7, 7) == (ScaleStep(7, 7),)
    assert step_of(0, scale(1, 3)) == step_of(9, ()) == 0


@given(ROWS)
def test_likeness_leaves_no_row_out_and_is_the_same_each_time(rows: list[list[int]]) -> None:
    order = similarity_order(rows)
    assert sorted(order) == list(range(len(rows)))
    assert similarity_order([list(row) for row in rows]) == order
    assert not order or order[0] <= order[-1]


@given(ROWS.filter(lambda rows: len(rows) > 2), st.integers(1, 9))
def test_likeness_does_not_hang_on_size(rows: list[list[int]], times: int) -> None:
    grown = [[number * times for number in row] for row in rows]
    assert similarity_order(grown) == similarity_order(rows)


def test_like_rows_stand_side_by_side() -> None:
    rows = [[9, 0, 1], [0, 9, 0], [18, 0, 2], [0, 3, 1], [8, 1, 1]]
    order = similarity_order(rows)
    beside = {frozenset(pair) for pair in pairwise(order)}
    assert {frozenset((0, 2)), frozenset((1, 3))} <= beside
    assert order == [0, 2, 4, 3, 1]
    assert similarity_order([[0, 0], [0, 0], [0, 0]]) == [0, 1, 2]


LINES = (AxisEntry("ru", 20), AxisEntry("ml", 9), AxisEntry("ne", 4))
MUTUAL: Pairs = {
    **{(line.value, line.value): line.total for line in LINES},
    **{("ru", "ml"): 3, ("ml", "ru"): 3, ("ml", "ne"): 1, ("ne", "ml"): 1},
}


def test_a_value_meeting_itself_is_a_total_outside_the_scale() -> None:
    scene = draw(LINES, LINES, MUTUAL, mutual=True, by_similarity=False)
    assert scene.steps == scale(1, 3)
    assert [[(cell.number, cell.step, cell.own) for cell in row] for row in scene.cells] == [
        [(20, 0, True), (3, 3, False), (0, 0, False)],
        [(3, 3, False), (9, 0, True), (1, 1, False)],
        [(0, 0, False), (1, 1, False), (4, 0, True)],
    ]


def test_values_of_two_groups_may_be_written_the_same() -> None:
    scene = draw(
        [AxisEntry("un", 5)],
        [AxisEntry("un", 5)],
        {("un", "un"): 5},
        mutual=False,
        by_similarity=False,
    )
    assert (scene.cells[0][0].own, scene.cells[0][0].step) == (False, 1)


def test_both_sides_of_a_mutual_matrix_have_one_order() -> None:
    lines = [AxisEntry(f"p{number}", 9 - number) for number in range(6)]
    pairs = {
        (a.value, b.value): (3 if int(a.value[1]) % 2 == int(b.value[1]) % 2 else 1)
        for a in lines
        for b in lines
    }
    scene = draw(lines, lines, pairs, mutual=True, by_similarity=True)
    assert scene.rows == scene.columns != tuple(lines)
    parity = [int(line.value[1]) % 2 for line in scene.rows]
    assert parity in ([0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0])


@pytest.mark.parametrize(("down", "across"), [(0, 0), (1, 1), (0, 3), (24, 24), (2, 24)])
@pytest.mark.parametrize("number", [1, 10_000])
def test_places_lie_within_the_drawing_and_apart(down: int, across: int, number: int) -> None:
    rows = [AxisEntry(f"r{n}", number) for n in range(down)]
    columns = [AxisEntry(f"c{n}", number) for n in range(across)]
    pairs = {(row.value, column.value): number for row in rows for column in columns}
    names = {line.value: f"A name of some length, {line.value}" for line in (*rows, *columns)}
    drawn = place(draw(rows, columns, pairs, mutual=False, by_similarity=False), names, names)
    boxes = [square.box for square in drawn.squares]
    assert len(boxes) == down * across
    for box in [*boxes, *(swatch.box for swatch in drawn.swatches)]:
        assert min(box.x, box.y) >= 0
        assert box.x + box.width <= drawn.width
        assert box.y + box.height <= drawn.height
    corners = {(box.x, box.y) for box in boxes}
    assert len(corners) == len(boxes)
    assert all(
        abs(corner[0] - other[0]) >= MIN_WIDTH or abs(corner[1] - other[1]) >= HEIGHT
        for corner, other in combinations(sorted(corners), 2)
    )
    assert all(len(head.name) <= 32 for head in (*drawn.rows, *drawn.columns))
