"""The layout of the map: all inside the frame, circles in proportion and apart, exact counts."""

import re
from itertools import combinations
from math import hypot

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from timeline.core.display import Position
from timeline.pictures.map.land import state_shapes
from timeline.pictures.map.layout import (
    MIN_RADIUS,
    PHONE,
    REACH,
    STEPS,
    WIDE,
    MapPlace,
    MapSize,
    draw,
    fit,
    step_bounds,
    tone,
    tone_of,
    zoomed,
)
from timeline.pictures.map.projection import ATLANTIC, PACIFIC
from timeline.pictures.scales import text_width

SIZES = st.sampled_from([WIDE, PHONE])
SITES = st.lists(
    st.tuples(st.floats(-180, 180), st.floats(-90, 90), st.integers(1, 10_000)), max_size=60
).map(
    lambda rows: [
        MapPlace(f"p{number}", f"Place {number}", "", longitude, latitude, count)
        for number, (longitude, latitude, count) in enumerate(rows)
    ]
)
STATES = st.dictionaries(
    st.sampled_from([*state_shapes(), "s42-tim"]), st.integers(0, 5000), max_size=9
)


def site(
    slug: str, longitude: float, latitude: float, number: int = 1, state: str = ""
) -> MapPlace:
    return MapPlace(slug, slug.title(), state, longitude, latitude, number)


def pieces(path: str) -> list[list[float]]:
    """Return the numbers of each piece of an arc: where it begins, bends and ends."""
    return [[float(n) for n in re.findall(r"-?[\d.]+", one)] for one in path.split("M")[1:]]


@settings(max_examples=60)
@given(SITES, STATES, SIZES)
@example([site("south", 0, -86.375)], {}, WIDE)
def test_every_place_is_counted_once_inside_the_frame(
    sites: list[MapPlace], states: dict[str, int], size: MapSize
) -> None:
    scene = draw(sites, states, [], size)
    assert scene.width == size.width
    assert 0.35 * size.width < scene.height <= 0.87 * size.width
    assert sum(circle.number for circle in scene.circles) == sum(site.number for site in sites)
    slugs = sorted(site.slug for circle in scene.circles for site in circle.sites)
    assert slugs == sorted(site.slug for site in sites)
    assert len(scene.circles) <= size.circles
    for circle in scene.circles:
        assert circle.radius <= circle.x <= scene.width - circle.radius
        assert circle.radius <= circle.y <= scene.height - circle.radius
        assert circle.reach >= 12
    for first, second in combinations(scene.circles, 2):
        assert hypot(first.x - second.x, first.y - second.y) >= 2 * REACH - 0.2


@settings(max_examples=50)
@given(SITES.filter(bool), SIZES)
def test_area_is_in_proportion_to_the_number(sites: list[MapPlace], size: MapSize) -> None:
    circles = draw(sites, {}, [], size).circles
    most = circles[0]
    assert most.radius == size.max_radius
    for circle in circles:
        due = most.radius**2 * circle.number / most.number
        assert circle.radius == pytest.approx(max(due**0.5, MIN_RADIUS), abs=0.06)


@settings(max_examples=50)
@given(SITES, STATES, SIZES)
def test_names_touch_no_circle_and_no_other_name(
    sites: list[MapPlace], states: dict[str, int], size: MapSize
) -> None:
    scene = draw(sites, states, [], size)
    assert len(scene.names) <= size.names
    for first, second in combinations(scene.names, 2):
        assert (first.x, first.y) != (second.x, second.y)
    back = {"start": 0.0, "middle": 0.5, "end": 1.0}
    for name in scene.names:
        assert 10 <= name.y <= scene.height
        left = name.x - back[name.anchor] * text_width(name.text)
        assert 0 <= left <= left + text_width(name.text) <= scene.width


@settings(max_examples=50)
@given(SITES, st.sets(st.sampled_from([*state_shapes()]), min_size=2, max_size=6), SIZES)
def test_arcs_stay_on_the_map(sites: list[MapPlace], states: set[str], size: MapSize) -> None:
    codes = sorted(states)
    scene = draw(sites, dict.fromkeys(codes, 1), list(combinations(codes, 2)), size)
    assert len(scene.arcs) == len(codes) * (len(codes) - 1) // 2
    for arc in scene.arcs:
        curves = pieces(arc.path)
        numbers = curves[0] if len(curves) == 1 else [*curves[0][:2], *curves[1][4:]]
        assert all(0 <= x <= scene.width for x in numbers[::2])
        assert all(0 <= y <= scene.height for y in numbers[1::2])


@given(st.integers(1, 10**6), st.data())
def test_scale_has_five_steps_at_most_and_a_place_for_each_number(
    most: int, data: st.DataObject
) -> None:
    bounds = step_bounds(most)
    assert len(bounds) == min(STEPS, most)
    assert bounds == sorted(set(bounds))
    assert bounds[-1] == most
    numbers = sorted(data.draw(st.lists(st.integers(1, most), min_size=2, max_size=5)))
    tones = [tone_of(number, bounds) for number in numbers]
    assert tones == sorted(tones)
    assert all(0 <= step < STEPS for step in tones)


def test_steps_of_few_numbers_are_spread_over_the_tones() -> None:
    assert step_bounds(0) == []
    assert step_bounds(3) == [1, 2, 3]
    assert step_bounds(22) == [2, 4, 7, 12, 22]
    assert [tone(place, 3) for place in range(3)] == [0, 2, 4]
    assert tone(0, 1) == 2


def test_nothing_found_shows_the_world() -> None:
    scene = draw([], {}, [], WIDE)
    assert (scene.circles, scene.states, scene.names, scene.arcs) == ((), (), (), ())
    assert "M" in scene.land


def test_one_place_is_shown_with_land_around() -> None:
    scene = draw([site("bamako", -8, 12.64)], {}, [], WIDE)
    (circle,) = scene.circles
    assert circle.x == pytest.approx(scene.width / 2, abs=1)
    assert scene.land.count("M") > 3
    frame = fit([site("bamako", -8, 12.64)], [])
    middle = frame.bounds.left + frame.bounds.width / 2
    assert ATLANTIC.project(-8, 12.64)[0] == pytest.approx(middle, abs=0.01)


def test_places_side_by_side_share_a_circle_where_the_map_is_small() -> None:
    near = [site("a", 2, 48, 5), site("b", 2.1, 48, 3), site("c", 140, 35, 1)]
    first, second = draw(near, {}, [], WIDE).circles
    assert ([site.slug for site in first.sites], first.number) == (["a", "b"], 8)
    assert [site.slug for site in second.sites] == ["c"]


def test_ten_thousand_events_at_eight_hundred_places_stay_few_circles() -> None:
    sites = [
        site(f"p{n}", (n * 137.508) % 360 - 180, (n * 61.8) % 150 - 70, 1 + n % 25)
        for n in range(800)
    ]
    for size in (WIDE, PHONE):
        scene = draw(sites, {}, [], size)
        assert len(scene.circles) <= size.circles
        assert sum(circle.number for circle in scene.circles) == sum(site.number for site in sites)


def test_states_are_shaded_and_no_longer_among_the_other_land() -> None:
    before = draw([], {"ml": 0, "ne": 9}, [], WIDE)
    after = draw([], {"ml": 4, "ne": 9}, [], WIDE)
    assert [(state.code, state.number) for state in before.states] == [("ne", 9)]
    assert [(state.code, state.tone) for state in after.states] == [("ml", 2), ("ne", 4)]
    assert after.states[0].path not in after.land


def test_arc_joins_two_states_where_they_met_most() -> None:
    where = [site("moscow", 37.6, 55.8, 3, "ru"), site("sochi", 39.7, 43.6, 1, "ru")]
    scene = draw(where, {"ru": 4, "ml": 4}, [("ru", "ml"), ("ru", "s42-tim")], WIDE)
    moscow = scene.circles[0]
    (arc,) = scene.arcs
    assert (arc.start, arc.end) == ("ru", "ml")
    assert arc.path.endswith(f" {moscow.x} {moscow.y}")


@given(st.integers(0, 5), st.floats(-90, 90), st.floats(-180, 180))
def test_zoomed_frame_is_a_part_of_the_whole(zoom: int, latitude: float, longitude: float) -> None:
    fitted = fit([site("bamako", -8, 12.64), site("moscow", 37.6, 55.75)], [])
    projection, frame = zoomed(fitted, zoom, Position(latitude, longitude))
    whole = fitted.bounds
    assert projection == fitted.projection
    assert frame.width == pytest.approx(whole.width / 2**zoom)
    assert frame.height == pytest.approx(whole.height / 2**zoom)
    assert frame.left >= whole.left - 1e-9
    assert frame.top >= whole.top - 1e-9
    assert frame.right <= whole.right + 1e-9
    assert frame.bottom <= whole.bottom + 1e-9


def test_places_that_share_a_circle_have_their_own_closer_by() -> None:
    sites = [site("bamako", -8, 12.64), site("kati", -8.07, 12.75), site("moscow", 37.6, 55.75)]
    whole = fit(sites, [])
    slugs = []
    for zoom in (0, 5):
        frame = zoomed(whole, zoom, Position(12.64, -8))
        circles = draw(sites, {}, [], WIDE, frame=frame).circles
        slugs.append(sorted("+".join(one.slug for one in circle.sites) for circle in circles))
    assert slugs[0] == ["bamako+kati", "moscow"]
    assert "moscow" not in slugs[1]


def test_arc_over_the_edge_of_the_map_leaves_it_and_comes_back_in() -> None:
    where = [
        site("tokyo", 139.7, 35.7, 2, "jp"),
        site("los-angeles", -118.2, 34.1, 2, "us"),
        site("paris", 2.35, 48.86, 1, "fr"),
    ]
    scene = draw(where, {"jp": 2, "us": 2, "fr": 1}, [("jp", "us"), ("us", "fr")], WIDE)
    first, second = (pieces(arc.path) for arc in scene.arcs)
    assert len(second) == 1
    eastern, western = first
    places = {circle.sites[0].slug: [circle.x, circle.y] for circle in scene.circles}
    assert eastern[:2] == pytest.approx(places["tokyo"], abs=0.1)
    assert western[4:] == pytest.approx(places["los-angeles"], abs=0.1)
    # It leaves to the east and comes back from the west, at the same height.
    assert places["tokyo"][0] < eastern[2] < eastern[4]
    assert western[0] < western[2] < places["los-angeles"][0]
    assert eastern[5] == western[1]


CITIES = st.tuples(st.floats(-180, 180), st.floats(-65, 75))


@given(CITIES, CITIES, SIZES)
@example((37.6, 55.8), (-70.7, -33.4), WIDE)
@example((131.9, 43.1), (-149.9, 61.2), WIDE)
@example((139.7, 35.7), (-118.2, 34.1), PHONE)
def test_arcs_go_the_short_way(
    one: tuple[float, float], other: tuple[float, float], size: MapSize
) -> None:
    apart = abs((one[0] - other[0] + 180) % 360 - 180)
    # Places of other states make the map one of the whole world.
    wide = [site(f"p{n}", longitude, 0) for n, longitude in enumerate((-150, -60, 30, 120))]
    ends = [site("one", *one, 9, "ml"), site("other", *other, 9, "ru")]
    frame = fit([*wide, *ends], [])
    (arc,) = draw([*wide, *ends], {}, [("ml", "ru")], size, frame=frame).arcs
    scale = size.width / frame.bounds.width
    reached = 0.0
    for x, y, _bend, _south, to_x, to_y in pieces(arc.path):
        start, end = (
            frame.projection.position(
                (east / scale + frame.bounds.left, south / scale + frame.bounds.top)
            )
            for east, south in ((x, y), (to_x, to_y))
        )
        reached += abs(end.longitude - start.longitude)
    # Pixels are rounded, and meridians are close together in the north.
    assert reached == pytest.approx(apart, abs=3)


def test_what_lies_on_both_sides_of_the_edge_is_shown_side_by_side() -> None:
    vladivostok, anchorage = site("vladivostok", 131.9, 43.1), site("anchorage", -149.9, 61.2)
    assert fit([vladivostok, anchorage], []).projection == PACIFIC
    assert fit([vladivostok, anchorage, site("bamako", -8, 12.64)], []).projection == ATLANTIC
    assert fit([], []).projection == ATLANTIC
    scene = draw([vladivostok, anchorage], {}, [], WIDE)
    west, east = sorted(scene.circles, key=lambda circle: circle.x)
    assert [west.sites[0].slug, east.sites[0].slug] == ["vladivostok", "anchorage"]


AROUND_THE_PACIFIC = st.tuples(st.floats(102, 280), st.floats(-60, 60))


@given(AROUND_THE_PACIFIC, AROUND_THE_PACIFIC)
@example((179.5, 0), (181, 0))
def test_places_around_the_pacific_are_as_near_on_the_map_as_on_the_globe(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    projection = fit([site("one", *one), site("other", *other)], []).projection
    offsets = [projection.offset(longitude) for longitude, _latitude in (one, other)]
    assert abs(offsets[0] - offsets[1]) == pytest.approx(abs(one[0] - other[0]))
