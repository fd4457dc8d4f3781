"""The paths of land: only visible land, clipped to the frame, in closed pieces."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.pictures.map.land import earth, state_shapes
from timeline.pictures.map.outlines import FINE, MapExtent, clipped, outlines
from timeline.pictures.map.projection import ATLANTIC, Bounds, area

UNIT = Bounds(0, 0, 1, 1)
POINTS = st.lists(st.tuples(st.floats(-2, 3), st.floats(-2, 3)), min_size=3, max_size=12)


def dots(path: str) -> list[list[tuple[int, int]]]:
    """Return the points of each closed line of a path, relative to the corner of the map."""
    points = []
    for piece in re.findall(r"M([^z]*)z", path):
        numbers = [int(number) for number in re.findall(r"-?\d+", piece)]
        at, ring = (0, 0), []
        for x, y in zip(numbers[::2], numbers[1::2], strict=True):
            at = at[0] + x, at[1] + y
            ring.append(at)
        points.append(ring)
    return points


@given(POINTS)
def test_what_is_cut_lies_in_the_frame(points: list[tuple[float, float]]) -> None:
    for x, y in clipped(points, UNIT):
        assert -1e-9 <= x <= 1 + 1e-9
        assert -1e-9 <= y <= 1 + 1e-9


def test_what_lies_inside_stays_and_what_lies_outside_goes() -> None:
    inside = ((0.2, 0.2), (0.8, 0.2), (0.5, 0.8))
    assert set(clipped(inside, UNIT)) == set(inside)
    assert clipped(((2, 2), (3, 2), (2.5, 3)), UNIT) == ()
    assert area(clipped(((-1, -1), (2, -1), (2, 2), (-1, 2)), UNIT)) == pytest.approx(1)


@settings(max_examples=25)
@given(st.sampled_from(sorted(state_shapes())), st.sampled_from([300, 580]))
def test_paths_reach_no_farther_than_a_few_pixels_beyond_the_frame(code: str, width: int) -> None:
    box = state_shapes()[code].rings[0].bounds
    side = max(box.width, box.height)
    frame = Bounds(box.left, box.top, box.left + side, box.top + side)
    paths = outlines(MapExtent(ATLANTIC, frame), width)
    assert code in paths.states
    for path in (*paths.states.values(), *paths.disputed.values()):
        for ring in dots(path):
            assert len(ring) >= 3
            assert all(-7 * FINE <= x <= (width + 7) * FINE for x, _y in ring)
            assert all(-7 * FINE <= y <= (width + 7) * FINE for _x, y in ring)


def test_only_land_in_the_frame_is_drawn() -> None:
    box = state_shapes()["ml"].rings[0].bounds
    paths = outlines(MapExtent(ATLANTIC, box), 580)
    assert {"ml", "bf", "ne", "dz"} <= set(paths.states)
    assert not {"ru", "us", "au"} & set(paths.states)
    assert set(paths.disputed) == {"western-sahara"}


def test_all_land_is_light() -> None:
    paths = outlines(MapExtent(ATLANTIC, earth()), 580)
    assert sum(map(len, (*paths.states.values(), *paths.disputed.values()))) < 42_000
