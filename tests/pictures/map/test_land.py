"""The land of the world: places lie in their own states, and disputed areas in none."""

import datetime as dt
from collections.abc import Collection
from math import cos, hypot, radians

import pytest

from timeline.models import Place
from timeline.pictures.map.land import (
    LandShape,
    disputed_areas,
    disputed_shapes,
    earth,
    state_shapes,
)
from timeline.pictures.map.projection import ATLANTIC, PACIFIC, Point, sides

CAPITALS = """
ae 24.45 54.38  af 34.53 69.17  al 41.33 19.82  am 40.18 44.51  ao -8.84 13.23  ar -34.60 -58.38
at 48.21 16.37  au -35.28 149.13  az 40.41 49.87  ba 43.86 18.41  bd 23.81 90.41  be 50.85 4.35
bf 12.37 -1.52  bg 42.70 23.32  bi -3.43 29.92  bj 6.50 2.60  bn 4.89 114.94  bo -19.03 -65.26
br -15.79 -47.88  bs 25.05 -77.35  bt 27.47 89.64  bw -24.63 25.92  by 53.90 27.57
bz 17.25 -88.77  ca 45.42 -75.70  cd -4.44 15.27  cf 4.39 18.56  cg -4.26 15.24  ch 46.95 7.45
ci 6.83 -5.29  cl -33.45 -70.67  cm 3.85 11.50  cn 39.90 116.41  co 4.71 -74.07  cr 9.93 -84.09
cu 23.11 -82.37  cy 35.17 33.37  cz 50.08 14.44  de 52.52 13.40  dj 11.59 43.15  dk 55.68 12.57
do 18.49 -69.93  dz 36.75 3.06  ec -0.18 -78.47  ee 59.44 24.75  eg 30.04 31.24  er 15.32 38.93
es 40.42 -3.70  et 9.03 38.74  fi 60.17 24.94  fj -18.14 178.44  fr 48.86 2.35  ga 0.39 9.45
gb 51.51 -0.13  ge 41.72 44.78  gh 5.60 -0.19  gl 64.18 -51.74  gm 13.45 -16.58  gn 9.64 -13.58
gq 3.75 8.78  gr 37.98 23.73  gt 14.63 -90.51  gw 11.86 -15.60  gy 6.80 -58.16  hn 14.07 -87.19
hr 45.81 15.98  ht 18.54 -72.34  hu 47.50 19.04  id -6.21 106.85  ie 53.35 -6.26  il 32.07 34.79
in 28.61 77.21  iq 33.31 44.36  ir 35.69 51.39  is 64.15 -21.94  it 41.90 12.50  jm 18.02 -76.80
jo 31.95 35.93  jp 35.68 139.69  ke -1.29 36.82  kg 42.87 74.59  kh 11.56 104.93
kp 39.02 125.75  kr 37.57 126.98  kw 29.38 47.98  kz 51.17 71.43  la 17.97 102.63
lb 33.89 35.50  lk 6.93 79.86  lr 6.30 -10.80  ls -29.31 27.48  lt 54.69 25.28  lu 49.61 6.13
lv 56.95 24.11  ly 32.89 13.19  ma 34.02 -6.84  md 47.01 28.86  me 42.44 19.26  mg -18.88 47.51
mk 42.00 21.43  ml 12.64 -8.00  mm 19.75 96.10  mn 47.89 106.91  mr 18.08 -15.98
mw -13.96 33.77  mx 19.43 -99.13  my 3.14 101.69  mz -25.97 32.57  na -22.56 17.08
nc -22.27 166.44  ne 13.51 2.13  ng 9.08 7.40  ni 12.11 -86.24  nl 52.37 4.90  no 59.91 10.75
np 27.72 85.32  nz -41.29 174.78  om 23.59 58.41  pa 8.98 -79.52  pe -12.05 -77.04
pg -9.44 147.18  ph 14.60 120.98  pk 33.68 73.05  pl 52.23 21.01  pr 18.47 -66.11
pt 38.72 -9.14  py -25.26 -57.58  qa 25.29 51.53  ro 44.43 26.10  rs 44.79 20.45  ru 55.76 37.62
rw -1.94 30.06  sa 24.71 46.68  sb -9.43 159.95  sd 15.50 32.56  se 59.33 18.07  si 46.06 14.51
sk 48.15 17.11  sl 8.48 -13.23  sn 14.69 -17.45  so 2.05 45.32  sr 5.85 -55.20  ss 4.85 31.58
sv 13.69 -89.22  sy 33.51 36.28  sz -26.31 31.13  td 12.13 15.06  tf -49.35 70.22  tg 6.13 1.22
th 13.76 100.50  tj 38.56 68.77  tl -8.56 125.56  tm 37.96 58.33  tn 36.81 10.18  tr 39.93 32.86
tt 10.65 -61.52  tz -6.16 35.75  ua 50.45 30.52  ug 0.35 32.58  us 38.91 -77.04
uy -34.90 -56.16  uz 41.30 69.24  ve 10.48 -66.90  vn 21.03 105.85  vu -17.73 168.32
ye 15.35 44.21  za -25.75 28.19  zm -15.39 28.32  zw -17.83 31.05
"""
"""The capitals of the states that the map shows, in degrees north and east."""

DISPUTED = {
    "western-sahara": [(27.15, -13.2), (23.7, -15.9), (26.74, -11.68)],
    "crimea": [(44.6, 33.53), (45.36, 36.47)],
    "donetsk-luhansk-kherson-zaporizhzhia": [
        *((48.0, 37.8), (48.57, 39.3), (46.64, 32.62), (47.84, 35.14)),
    ],
    "transnistria": [(46.84, 29.63), (47.77, 29.0)],
    "abkhazia": [(43.0, 41.02)],
    "south-ossetia": [(42.23, 43.97)],
    "northern-cyprus": [(35.34, 33.32), (35.29, 33.89)],
    "golan": [(33.13, 35.78)],
    "west-bank-gaza": [(31.9, 35.2), (31.53, 35.1), (31.5, 34.45)],
    "kosovo": [(42.66, 21.17), (42.21, 20.74)],
    "kashmir": [(34.08, 74.8), (34.37, 73.47), (35.92, 74.31), (34.15, 77.58), (35.2, 79.2)],
    "arunachal-pradesh": [(27.26, 92.42), (28.07, 95.33)],
    "abyei": [(9.59, 28.43)],
    "halaib-bir-tawil": [(22.22, 36.64), (21.87, 33.74)],
    "somaliland": [(9.56, 44.07), (10.43, 45.01)],
    "essequibo": [(3.38, -59.8), (8.2, -59.78)],
    "southern-belize": [(16.1, -88.8), (16.97, -88.23)],
    "falkland-islands": [(-51.69, -57.86)],
    "taiwan": [(25.03, 121.56), (22.63, 120.3)],
}
"""Places in each of the disputed areas, in degrees north and east."""


def kilometres(latitude: float, longitude: float, shapes: Collection[LandShape]) -> float:
    """Return how far a place lies from some land: 0 within it."""
    place = ATLANTIC.project(longitude, latitude)
    rings = [ring.points for shape in shapes for ring in shape.rings]
    if any(is_within(place, points) for points in rings):
        return 0
    here = (longitude, latitude)
    corners = [[ATLANTIC.position(point) for point in points] for points in rings]
    lines = [[(corner.longitude, corner.latitude) for corner in ring] for ring in corners]
    return min(to_line(here, *side) for line in lines for side in sides(tuple(line)))


def is_within(point: Point, outline: tuple[Point, ...]) -> bool:
    x, y = point
    crossed = [
        (one, other)
        for one, other in sides(outline)
        if (one[1] > y) != (other[1] > y)
        and x < one[0] + (other[0] - one[0]) * (y - one[1]) / (other[1] - one[1])
    ]
    return len(crossed) % 2 == 1


def to_line(place: Point, start: Point, end: Point) -> float:
    """Return the kilometres from a place to a line, on the plane that touches the globe there."""
    narrow = cos(radians(place[1]))
    x, y = ((start[0] - place[0] + 180) % 360 - 180) * narrow, start[1] - place[1]
    wide, tall = (end[0] - start[0]) * narrow, end[1] - start[1]
    way = min(max(-(x * wide + y * tall) / (wide**2 + tall**2), 0), 1)
    return hypot(x + way * wide, y + way * tall) * 111.2


def test_capitals_stand_within_fifty_kilometres_of_their_states() -> None:
    capitals = [line.split() for line in CAPITALS.replace("  ", "\n").strip().splitlines()]
    shapes = state_shapes()
    assert [code for code, _north, _east in capitals] == sorted(shapes)
    far = {
        code: round(distance)
        for code, north, east in capitals
        if (distance := kilometres(float(north), float(east), [shapes[code]])) > 50
    }
    assert far == {}


@pytest.mark.usefixtures("demo")
def test_places_of_the_demo_stand_within_fifty_kilometres_of_their_states() -> None:
    places = Place.objects.select_related("party").exclude(latitude=None)
    assert len(places) == 13
    shapes = state_shapes()
    far = {
        place.slug: round(distance)
        for place in places
        if place.party
        and (
            distance := kilometres(
                *(place.latitude or 0, place.longitude or 0),
                [shapes[place.party.code], *disputed_shapes().values()],
            )
        )
        > 50
    }
    assert far == {}


def test_places_in_disputed_areas_are_in_no_state() -> None:
    areas = disputed_shapes()
    assert list(DISPUTED) == list(areas) == list(disputed_areas())
    for name, places in DISPUTED.items():
        for latitude, longitude in places:
            assert kilometres(latitude, longitude, [areas[name]]) < 25, (name, latitude)
            place = ATLANTIC.project(longitude, latitude)
            within = [
                shape.code
                for shape in state_shapes().values()
                if any(is_within(place, ring.points) for ring in shape.rings)
            ]
            assert within == [], name


def test_disputed_areas_overlap_no_state() -> None:
    states = [ring for shape in state_shapes().values() for ring in shape.rings]
    for name, shape in disputed_shapes().items():
        for ring in shape.rings:
            box = ring.bounds
            grid = [
                (box.left + box.width * column / 24, box.top + box.height * row / 24)
                for column in range(25)
                for row in range(25)
            ]
            inside = [point for point in grid if is_within(point, ring.points)]
            near = [state.points for state in states if state.bounds.meets(box)]
            taken = [p for p in inside if any(is_within(p, outline) for outline in near)]
            # Coordinates are rounded to a kilometre, so a point beside a border may be in both.
            assert len(taken) <= len(inside) / 50, name


def test_disputed_areas_give_reasons_and_documents_in_both_languages() -> None:
    for area in disputed_areas().values():
        texts = [area.name, area.reason]
        texts += [text for document in area.documents for text in document[:2]]
        assert all(sorted(text) == ["en", "fr"] and all(text.values()) for text in texts)
        assert area.documents
        for document in area.documents:
            assert dt.date(1945, 10, 24) < dt.date.fromisoformat(document.date)
            assert document.address.startswith("https://")


def test_land_is_read_for_either_map() -> None:
    for projection in (ATLANTIC, PACIFIC):
        bounds = earth(projection)
        assert all(
            ring.bounds.meets(bounds)
            for shape in state_shapes(projection).values()
            for ring in shape.rings
        )
