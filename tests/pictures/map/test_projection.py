"""The projection: areas stay equal, known places are where they should be, land is complete."""

from itertools import pairwise
from math import pi, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.pictures.map.land import disputed_shapes, earth, state_shapes
from timeline.pictures.map.projection import (
    ATLANTIC,
    PACIFIC,
    Projection,
    area,
    once_around,
)

LONGITUDES = st.floats(-180, 180)
LATITUDES = st.floats(-85, 85)
PROJECTIONS = st.sampled_from([ATLANTIC, PACIFIC])
CENTRAL_MERIDIAN = ATLANTIC.meridian


def patch(west: float, south: float, wide: float, tall: float) -> tuple[tuple[float, float], ...]:
    """Return the outline of a patch between two meridians and two parallels, in small steps."""
    ways = [step / 200 for step in range(201)]
    east, north = west + wide, south + tall
    return ATLANTIC.outline(
        [
            *((west + wide * way, south) for way in ways),
            *((east, south + tall * way) for way in ways[1:]),
            *((east - wide * way, north) for way in ways[1:]),
            *((west, north - tall * way) for way in ways[1:-1]),
        ]
    )


@given(LONGITUDES, LATITUDES, st.floats(1, 40), st.floats(1, 40))
def test_areas_are_those_of_the_globe(west: float, south: float, wide: float, tall: float) -> None:
    tall = min(tall, 90 - south)
    globe = radians(wide) * (sin(radians(south + tall)) - sin(radians(south)))
    assert area(patch(west, south, wide, tall)) == pytest.approx(globe, rel=1e-3)


def test_whole_globe_has_the_area_of_a_sphere() -> None:
    ways = [step / 500 for step in range(501)]
    edge = [
        *(ATLANTIC.project(CENTRAL_MERIDIAN - 179.999999, 90 - 180 * way) for way in ways),
        *(ATLANTIC.project(CENTRAL_MERIDIAN + 179.999999, -90 + 180 * way) for way in ways),
    ]
    assert area(tuple(edge)) == pytest.approx(4 * pi, rel=1e-4)


@pytest.mark.parametrize(
    ("longitude", "latitude", "x", "y"),
    [
        (CENTRAL_MERIDIAN, 0, 0, 0),
        (CENTRAL_MERIDIAN, 90, 0, -1.3173627591574),
        (CENTRAL_MERIDIAN, -90, 0, 1.3173627591574),
        (CENTRAL_MERIDIAN + 179.9999999, 0, 2.7066297, 0),
        (CENTRAL_MERIDIAN - 90, 0, -1.3533148, 0),
        (CENTRAL_MERIDIAN + 180 - 360, 0, -2.7066297, 0),
    ],
)
def test_known_places(longitude: float, latitude: float, x: float, y: float) -> None:
    assert ATLANTIC.project(longitude, latitude) == pytest.approx((x, y), abs=1e-5)


@given(LONGITUDES, st.floats(-90, 90))
def test_every_place_is_on_the_map_north_above_south(longitude: float, latitude: float) -> None:
    x, y = ATLANTIC.project(longitude, latitude)
    assert abs(x) <= 2.7067
    assert abs(y) <= 1.3174
    assert ATLANTIC.project(longitude, -latitude) == pytest.approx((x, -y))
    assert (y < 0) is (latitude > 1e-12) or abs(latitude) < 1e-9


def test_no_land_is_torn_by_the_cut() -> None:
    for shape in (*state_shapes().values(), *disputed_shapes().values()):
        for ring in shape.rings:
            ends = pairwise((*ring.points, ring.points[0]))
            assert max(abs(to[0] - x[0]) for x, to in ends) < 0.35, shape.code


def test_both_halves_of_a_land_beyond_the_antimeridian_stand_together() -> None:
    for code in ("ru", "fj"):
        easts = [
            x for ring in state_shapes()[code].rings for point in ring.points for x in point[:1]
        ]
        assert min(easts) > 0
    assert state_shapes()["us"].rings[0].bounds.right < 0


def test_states_are_known_by_their_codes_and_the_largest_piece_is_first() -> None:
    outlines = state_shapes()
    assert {"fr", "no", "ml", "bf", "ne", "ru"} <= set(outlines)
    assert all(len(code) == 2 for code in outlines)
    middle = outlines["fr"].middle
    assert middle == pytest.approx(ATLANTIC.project(2.5, 46.6), abs=0.02)
    assert outlines["fr"].rings[0].bounds.meets(earth())


@given(PROJECTIONS, LATITUDES, st.floats(-179.9, 179.9))
def test_position_of_a_point_is_the_one_that_was_projected(
    projection: Projection, latitude: float, offset: float
) -> None:
    longitude = projection.meridian + offset
    found = projection.position(projection.project(longitude, latitude))
    assert found == pytest.approx((latitude, longitude), abs=1e-6)


@given(PROJECTIONS, LATITUDES, st.floats(-179.9, 179.9), st.integers(-2, 2))
def test_a_turn_of_the_globe_leads_to_the_same_place(
    projection: Projection, latitude: float, offset: float, turns: int
) -> None:
    longitude = projection.meridian + offset
    point = once_around(projection.project(longitude, latitude), turns)
    found = projection.position(point)
    assert found == pytest.approx((latitude, longitude + 360 * turns), abs=1e-6)
