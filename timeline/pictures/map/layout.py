"""The layout of the map: circles for the places of events, and shades for the states.

The area of a place's circle is in proportion to its events. Places that are too close together to
be clicked separately share a circle.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, hypot, inf, sqrt
from typing import Final, NamedTuple

from timeline.core.display import Position
from timeline.pictures.map.land import LandShape, earth, state_shapes
from timeline.pictures.map.outlines import MapExtent, outlines
from timeline.pictures.map.projection import (
    ATLANTIC,
    PACIFIC,
    Bounds,
    Point,
    Projection,
    bounds_of,
    once_around,
)
from timeline.pictures.scales import text_width

MAX_ZOOM: Final = 5
"""How often a frame may be halved; the outlines of land are no finer."""

STEPS: Final = 5
"""The maximum number of steps of the scale by which states are shaded."""

REACH: Final = 12.2
"""Half of the minimum size of a click target in pixels, and a little more."""

MIN_RADIUS: Final = 3.5
"""The minimum radius of a circle, however few its events."""

_NUMBERED: Final = 9.5
"""The radius from which a circle may have room for its number."""

_MIN_FRAME: Final = 0.55
"""The minimum width of a frame: about a twelfth of the circumference of the globe."""

_PACIFIC_REACH: Final = 120
"""How many degrees around its middle the map of the Pacific is used for; its edge is in Europe."""

_STATE_REACH: Final = 0.27
"""How far around its centre a state is shown at least; what extends farther may be cut off."""

_MIN_RATIO, _MAX_RATIO = 0.56, 0.86
"""The limits of a map's height in proportion to its width."""

_MARGIN: Final = 0.07
"""The margin around what is shown, in proportion to the width of the frame without it.

The largest circle of either size needs 0.062 (16 of 300 pixels, for a frame that two margins
widen by 2 × 0.07 / 0.86); the rest makes up for rounding to whole pixels.
"""


@dataclass(frozen=True, slots=True)
class MapSize:
    """The width of a map in pixels, and its maximum numbers of circles and names.

    ``max_radius`` is the radius of its largest circle.
    """

    width: int
    max_radius: float
    circles: int
    names: int


WIDE: Final = MapSize(580, 20, 80, 16)
PHONE: Final = MapSize(300, 16, 40, 7)


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place in degrees with the number of its events; ``state`` is '' if it is unknown."""

    slug: str
    name: str
    state: str
    longitude: float
    latitude: float
    number: int


class Shared(NamedTuple):
    """The number of events that took place at all of these places, given by their slugs."""

    slugs: frozenset[str]
    number: int


class NameLabel(NamedTuple):
    """The name of a circle; ``anchor`` is its text-anchor."""

    x: float
    y: float
    anchor: str
    text: str


class Circle(NamedTuple):
    """The circle of one place or of several close together, centred on the first and largest.

    An event at several of its places is counted once.
    """

    x: float
    y: float
    radius: float
    number: int
    sites: tuple[MapPlace, ...]

    @property
    def reach(self) -> float:
        """The radius of the click target."""
        return max(self.radius, REACH)

    @property
    def numbered(self) -> bool:
        """Whether the circle has room for its number."""
        return self.radius >= max(_NUMBERED, text_width(f"{self.number:,}") / 2 + 3)


class ShadedState(NamedTuple):
    """The land of a state that took part; ``tone`` is its shade, from 0 to 7."""

    code: str
    path: str
    number: int
    tone: int


class DisputedLand(NamedTuple):
    """The land of a disputed area, by its id."""

    id: str
    path: str


class Arc(NamedTuple):
    """The path of the arc that joins two states, in two pieces if it crosses the map's edge."""

    start: str
    end: str
    path: str


@dataclass(frozen=True, slots=True)
class MapScene:
    """The layout of the whole map; the paths of land are in units of ``1 / FINE`` pixels."""

    width: int
    height: int
    land: str
    states: tuple[ShadedState, ...]
    disputed: tuple[DisputedLand, ...]
    circles: tuple[Circle, ...]
    names: tuple[NameLabel, ...]
    arcs: tuple[Arc, ...]


def draw(
    sites: Sequence[MapPlace],
    states: Mapping[str, int],
    pairs: Collection[tuple[str, str]],
    size: MapSize,
    shared: Sequence[Shared] = (),
    frame: MapExtent | None = None,
) -> MapScene:
    """Lay out places, states with their numbers by code, and an arc for each pair of states.

    An arc ends at the place of a state with the most events, or in the centre of its land. Without
    a ``frame`` everything is shown.
    """
    frame = frame or fit(sites, [code for code, number in states.items() if number])
    projection, box = frame
    height = round(size.width * box.height / box.width)
    scale = size.width / box.width

    def pixels(point: Point) -> Point:
        return round((point[0] - box.left) * scale, 1), round((point[1] - box.top) * scale, 1)

    land = outlines(frame, size.width)
    bounds = step_bounds(max(states.values(), default=0))
    shaded = tuple(
        ShadedState(code, land.states[code], number, tone_of(number, bounds))
        for code, number in states.items()
        if number and code in land.states
    )
    other_land = (path for code, path in land.states.items() if not states.get(code))
    points = {site: _position(site, projection) for site in sites}
    inside = [site for site in sites if bounds_of((points[site],)).meets(box)]
    circles = _circles([(site, pixels(points[site])) for site in inside], shared, size)
    ends = {code: shape.middle for code, shape in state_shapes(projection).items()}
    # The place with the most events comes last and replaces the others of its state.
    ends |= {site.state: points[site] for site in sorted(sites, key=lambda site: site.number)}
    arcs = [
        Arc(start, end, _arc(ends[start], ends[end], frame, size.width))
        for start, end in pairs
        if start in ends and end in ends
    ]
    return MapScene(
        size.width,
        height,
        "".join(other_land),
        shaded,
        tuple(DisputedLand(*item) for item in land.disputed.items()),
        circles,
        _names(circles, size, height),
        tuple(arcs),
    )


# The frame


def fit(sites: Sequence[MapPlace], states: Collection[str]) -> MapExtent:
    """Return the frame that shows these places and the largest pieces of these states.

    The circle of each of the places lies fully inside it. What lies on both sides of the usual
    map's edge, such as Kamchatka and Alaska, is shown side by side if nothing else is far from it.
    """
    if not (points := _points(sites, states, ATLANTIC)):
        return MapExtent(ATLANTIC, _with_proportions(earth()))
    projection, box = ATLANTIC, bounds_of(points)
    others = _points(sites, states, PACIFIC)
    if all(
        abs(PACIFIC.position(point).longitude - PACIFIC.meridian) < _PACIFIC_REACH
        for point in others
    ):
        projection, box = min((projection, box), (PACIFIC, bounds_of(others)), key=_room)
    margin = max(box.width, box.height / _MAX_RATIO, _MIN_FRAME) * _MARGIN
    return MapExtent(projection, _with_proportions(box.around(margin)))


def zoomed(whole: MapExtent, zoom: int, centre: Position) -> MapExtent:
    """Return the part of a frame, halved as often as ``zoom`` says, that is nearest to a centre."""
    projection, box = whole
    width, height = box.width / 2**zoom, box.height / 2**zoom
    east, south = projection.project(centre.longitude, centre.latitude)
    left = min(max(east - width / 2, box.left), box.right - width)
    top = min(max(south - height / 2, box.top), box.bottom - height)
    return MapExtent(projection, Bounds(left, top, left + width, top + height))


def _room(choice: tuple[Projection, Bounds]) -> float:
    return choice[1].width


def _points(
    sites: Sequence[MapPlace], states: Collection[str], projection: Projection
) -> tuple[Point, ...]:
    """Return the points that a frame has to show."""
    shapes = state_shapes(projection)
    points = [_position(site, projection) for site in sites]
    for code in states:
        if code in shapes:
            points += _corners(shapes[code])
    return tuple(points)


def _corners(shape: LandShape) -> list[Point]:
    """Return two corners of the part of a state that a frame has to show."""
    (east, south), box = shape.middle, shape.rings[0].bounds
    return [
        (max(box.left, east - _STATE_REACH), max(box.top, south - _STATE_REACH)),
        (min(box.right, east + _STATE_REACH), min(box.bottom, south + _STATE_REACH)),
    ]


def _with_proportions(box: Bounds) -> Bounds:
    """Enlarge a box to the minimum size and the proportions of a frame.

    Where possible it is moved so that it does not extend beyond all land to the north or south.
    """
    land = earth().around(0.03)
    land = Bounds(*map(min, land[:2], box[:2]), *map(max, land[2:], box[2:]))
    width = max(box.width, _MIN_FRAME, box.height / _MAX_RATIO)
    height = max(box.height, min(width * _MIN_RATIO, land.height))
    left, top = (box.left + box.right - width) / 2, (box.top + box.bottom - height) / 2
    top = min(max(top, land.top), land.bottom - height)
    return Bounds(*(round(edge, 3) for edge in (left, top, left + width, top + height)))


def _position(site: MapPlace, projection: Projection) -> Point:
    return projection.project(site.longitude, site.latitude)


# The scale


def step_bounds(largest: int) -> list[int]:
    """Return the last number of each step up to the largest, in about equal ratios.

    Up to eight numbers have a step each.
    """
    if largest <= STEPS:
        return list(range(1, largest + 1))
    bounds: list[int] = []
    for step in range(1, STEPS + 1):
        previous = bounds[-1] if bounds else 0
        bounds.append(max(ceil(round(largest ** (step / STEPS), 6)), previous + 1))
    return bounds


def tone_of(number: int, bounds: Sequence[int]) -> int:
    """Return the tone of a number, from 0 on."""
    step = next(index for index, last in enumerate(bounds) if number <= last)
    return tone(step, len(bounds))


def tone(step: int, steps: int) -> int:
    """Return the tone of a step: few steps are spread from the palest tone to the deepest."""
    return round(step * (STEPS - 1) / (steps - 1)) if steps > 1 else STEPS // 2


# Circles


def _circles(
    sites: Sequence[tuple[MapPlace, Point]], shared: Sequence[Shared], size: MapSize
) -> tuple[Circle, ...]:
    """Return a circle for each place, or for several close together; the largest first."""
    ordered = sorted(sites, key=lambda item: (-item[0].number, item[0].slug))
    distance = 2 * REACH
    groups = _grouped(ordered, distance)
    while len(groups) > size.circles:
        distance *= 1.25
        groups = _grouped(ordered, distance)
    numbers = [_number([site for site, _point in group], shared) for group in groups]
    largest = max(numbers, default=1)
    circles = [
        Circle(
            *group[0][1],
            round(max(size.max_radius * sqrt(number / largest), MIN_RADIUS), 1),
            number,
            tuple(site for site, _point in group),
        )
        for group, number in zip(groups, numbers, strict=True)
    ]
    return tuple(sorted(circles, key=lambda circle: (-circle.number, circle.sites[0].slug)))


def _number(sites: Sequence[MapPlace], shared: Sequence[Shared]) -> int:
    """Count the events at any of these places, those at several of them once."""
    number = sum(site.number for site in sites)
    if len(sites) > 1:
        slugs = {site.slug for site in sites}
        number -= sum(max(len(slugs & one.slugs) - 1, 0) * one.number for one in shared)
    return number


def _grouped(
    ordered: Sequence[tuple[MapPlace, Point]], distance: float
) -> list[list[tuple[MapPlace, Point]]]:
    """Add each place to the first group whose first place is nearer than a distance."""
    groups: list[list[tuple[MapPlace, Point]]] = []
    # Indexes of groups by the cell of a grid that their first place is in.
    cells: dict[tuple[int, int], list[int]] = {}
    for site, point in ordered:
        column, row = int(point[0] // distance), int(point[1] // distance)
        neighbours = sorted(
            index
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for index in cells.get((column + dx, row + dy), ())
        )
        nearby = (
            groups[index]
            for index in neighbours
            if _distance(groups[index][0][1], point) < distance
        )
        group = next(nearby, None)
        if group is None:
            cells.setdefault((column, row), []).append(len(groups))
            groups.append([(site, point)])
        else:
            group.append((site, point))
    return groups


def _distance(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


# Names and arcs


def _names(circles: Sequence[Circle], size: MapSize, height: int) -> tuple[NameLabel, ...]:
    """Return labels for the largest circles, where they touch no circle and no other label."""
    page = Bounds(2, 2, size.width - 2, height - 2)
    taken = [
        Bounds(circle.x, circle.y, circle.x, circle.y).around(circle.radius) for circle in circles
    ]
    labels: list[NameLabel] = []
    for circle in circles:
        if len(labels) == size.names:
            break
        for label, box in _candidates(circle):
            inside = (
                box.left >= page.left
                and box.right <= page.right
                and box.top >= page.top
                and box.bottom <= page.bottom
            )
            if inside and not any(box.meets(other) for other in taken):
                labels.append(label)
                taken.append(box)
                break
    return tuple(labels)


def _candidates(circle: Circle) -> list[tuple[NameLabel, Bounds]]:
    """Return the possible labels of a circle with their bounds: right, left, below, above."""
    text = circle.sites[0].name
    if len(circle.sites) > 1:
        text = f"{text} +{len(circle.sites) - 1}"
    width, offset = text_width(text), circle.radius + 3
    positions = (
        ("start", circle.x + offset, circle.y + 4, 0.0),
        ("end", circle.x - offset, circle.y + 4, width),
        ("middle", circle.x, circle.y + offset + 10, width / 2),
        ("middle", circle.x, circle.y - offset, width / 2),
    )
    return [
        (
            NameLabel(round(x, 1), round(y, 1), anchor, text),
            Bounds(x - before, y - 10, x - before + width, y + 3),
        )
        for anchor, x, y, before in positions
    ]


QuadraticCurve = tuple[Point, Point, Point]
"""The begin, the control point and the end of a quadratic curve."""


def _arc(start: Point, end: Point, frame: MapExtent, width: int) -> str:
    """Return the path of an arc that bends to the north and goes the short way.

    It stays on the map, but where the short way leads over the map's edge: there it leaves it, and
    comes back in on the other side.
    """
    projection, box = frame
    west, east = sorted((start, end))
    if projection.position(east).longitude - projection.position(west).longitude > 180:
        around = Bounds(box.left, box.top, inf, box.bottom)
        curves = _cut(_curve(east, once_around(west, 1), around), projection)
    else:
        curves = [_curve(west, east, box)]
    scale = width / box.width

    def pixels(point: Point) -> str:
        east, south = (point[0] - box.left) * scale, (point[1] - box.top) * scale
        return f"{round(east, 1)} {round(south, 1)}"

    return "".join(
        f"M{pixels(begin)}Q{pixels(control)} {pixels(stop)}" for begin, control, stop in curves
    )


def _curve(west: Point, east: Point, box: Bounds) -> QuadraticCurve:
    """Return the curve between two points; it lies within the triangle with its control point."""
    (x, y), (to_x, to_y) = west, east
    bend = 0.22
    control_x = (x + to_x) / 2 + (to_y - y) * bend
    control_y = (y + to_y) / 2 - (to_x - x) * bend
    control = min(max(control_x, box.left), box.right), min(max(control_y, box.top), box.bottom)
    return west, control, east


def _cut(curve: QuadraticCurve, projection: Projection) -> list[QuadraticCurve]:
    """Cut a curve over the eastern edge of the map, and bring what is beyond to the west."""
    begin, control, end = curve
    low, high = 0.0, 1.0
    for _halving in range(40):
        way = (low + high) / 2
        at = _between(_between(begin, control, way), _between(control, end, way), way)
        if projection.position(at).longitude - projection.meridian < 180:
            low = way
        else:
            high = way
    # The two parts by P. de Casteljau's algorithm.
    before, after = _between(begin, control, low), _between(control, end, low)
    edge = _between(before, after, low)
    back = [once_around(point, -1) for point in (edge, after, end)]
    return [(begin, before, edge), (back[0], back[1], back[2])]


def _between(one: Point, other: Point, way: float) -> Point:
    return one[0] + (other[0] - one[0]) * way, one[1] + (other[1] - one[1]) * way
