"""The map of what is found: where events met, and which states took part how often.

The area of a place's circle is in proportion to its events. Places so near to one another that
nobody could hit one of them share a circle.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, hypot, sqrt
from typing import Final, NamedTuple

from timeline.pictures.map.outlines import outlines
from timeline.pictures.map.projection import (
    Bounds,
    Point,
    Shape,
    bounds_of,
    by_code,
    earth,
    project,
)
from timeline.pictures.scales import room

STEPS: Final = 8
"""Steps of the scale that states are shaded by."""

REACH: Final = 12.2
"""Half of the least size of what can be touched, in pixels, with a little to spare."""

SMALLEST: Final = 3.5
"""Radius below which no circle goes, however few its events."""

_NUMBERED: Final = 9.5
"""Radius from which a circle has room for its number."""

_NARROWEST: Final = 0.55
"""The least width of a frame: about a twelfth of the way around the globe."""

_FAR: Final = 0.27
"""How far from its middle a frame shows a state at least; what reaches farther may be cut."""

_LOW, _HIGH = 0.56, 0.86
"""How tall a map may be for its width."""

_MARGIN: Final = 0.07
"""The margin around what is shown, as a part of the frame's width before the margin is added.

The largest circle of either size needs 0.062 of it (16 of 300 pixels, for a frame that two margins
widen by 2 × 0.07 / 0.86), and the rest pays for rounding to whole pixels.
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How wide a map is drawn, in pixels, and how many circles and names it holds at most.

    ``largest`` is the radius of its largest circle.
    """

    width: int
    largest: float
    circles: int
    names: int


WIDE: Final = Size(580, 20, 80, 16)
PHONE: Final = Size(300, 16, 40, 7)


@dataclass(frozen=True, slots=True)
class Site:
    """A meeting place in degrees, with how many events met there; ``state`` is '' if unknown."""

    slug: str
    name: str
    state: str
    longitude: float
    latitude: float
    number: int


class Name(NamedTuple):
    """A text beside a circle, and how it hangs on its place."""

    x: float
    y: float
    anchor: str
    text: str


class Circle(NamedTuple):
    """One place or several that lie together, the one with most events first and in the middle."""

    x: float
    y: float
    radius: float
    number: int
    sites: tuple[Site, ...]

    @property
    def reach(self) -> float:
        """The radius of what can be touched."""
        return max(self.radius, REACH)

    @property
    def numbered(self) -> bool:
        """Whether it has room for its number."""
        return self.radius >= max(_NUMBERED, room(f"{self.number:,}") / 2 + 3)


class State(NamedTuple):
    """The land of a state that took part, shaded by a step from 0 to 7."""

    code: str
    path: str
    number: int
    step: int


@dataclass(frozen=True, slots=True)
class Map:
    """Everything with its place; paths of land are in half pixels."""

    width: int
    height: int
    land: str
    states: tuple[State, ...]
    circles: tuple[Circle, ...]
    names: tuple[Name, ...]
    arcs: tuple[str, ...]


def draw(
    sites: Sequence[Site],
    states: Mapping[str, int],
    pairs: Collection[tuple[str, str]],
    size: Size,
) -> Map:
    """Draw places, states by code with their numbers, and an arc for each pair of states.

    An arc ends where a state's events met most often, or in the middle of its land.
    """
    frame = fit(sites, [code for code, number in states.items() if number])
    height = round(size.width * frame.height / frame.width)
    scale = size.width / frame.width

    def at(point: Point) -> Point:
        return round((point[0] - frame.left) * scale, 1), round((point[1] - frame.top) * scale, 1)

    paths = outlines(frame, size.width)
    bounds = steps(max(states.values(), default=0))
    shaded = tuple(
        State(code, paths[code], number, step_of(number, bounds))
        for code, number in states.items()
        if number and code in paths
    )
    others = (path for code, path in paths.items() if not states.get(code))
    circles = _circles([(site, at(_place(site))) for site in sites], size)
    ends = {site.state: _place(site) for site in sorted(sites, key=lambda site: site.number)}
    ends = {code: shape.middle for code, shape in by_code().items()} | ends
    arcs = [
        _arc(at(ends[one]), at(ends[other]), size.width, height)
        for one, other in pairs
        if one in ends and other in ends
    ]
    return Map(
        size.width,
        height,
        "".join(others),
        shaded,
        circles,
        _names(circles, size, height),
        tuple(arcs),
    )


# The frame


def fit(sites: Sequence[Site], states: Collection[str]) -> Bounds:
    """The frame that shows some places and the largest piece of some states, with land around.

    A circle around any of the places lies whole inside it.
    """
    known = by_code()
    corners = [_place(site) for site in sites]
    for code in states:
        if code in known:
            corners += _seen_at_least(known[code])
    if not corners:
        return _shaped(earth())
    box = bounds_of(tuple(corners))
    return _shaped(box.around(max(box.width, box.height / _HIGH, _NARROWEST) * _MARGIN))


def _seen_at_least(shape: Shape) -> list[Point]:
    """Two corners of what a frame shows of a state, however large it is."""
    (east, south), box = shape.middle, shape.rings[0].frame
    return [
        (max(box.left, east - _FAR), max(box.top, south - _FAR)),
        (min(box.right, east + _FAR), min(box.bottom, south + _FAR)),
    ]


def _shaped(box: Bounds) -> Bounds:
    """A frame around a box, neither small nor low nor tall, and with no sea where land ends."""
    land = earth().around(0.03)
    land = Bounds(*map(min, land[:2], box[:2]), *map(max, land[2:], box[2:]))
    width = max(box.width, _NARROWEST, box.height / _HIGH)
    height = max(box.height, min(width * _LOW, land.height))
    left, top = (box.left + box.right - width) / 2, (box.top + box.bottom - height) / 2
    top = min(max(top, land.top), land.bottom - height)
    return Bounds(*(round(edge, 3) for edge in (left, top, left + width, top + height)))


def _place(site: Site) -> Point:
    return project(site.longitude, site.latitude)


# The scale


def steps(most: int) -> list[int]:
    """The last number of each step, up to ``most``: at most eight, each in proportion to the last.

    Where there are few numbers each has a step of its own.
    """
    if most <= STEPS:
        return list(range(1, most + 1))
    bounds: list[int] = []
    for number in range(1, STEPS + 1):
        last = bounds[-1] if bounds else 0
        bounds.append(max(ceil(round(most ** (number / STEPS), 6)), last + 1))
    return bounds


def step_of(number: int, bounds: Sequence[int]) -> int:
    """The step that a number falls in, from 0 to 7; fewer steps are spread over the whole scale."""
    place = next(at for at, last in enumerate(bounds) if number <= last)
    return tone(place, len(bounds))


def tone(place: int, among: int) -> int:
    """The tone of one of so many steps: the first is the palest of eight, the last the deepest."""
    return round(place * (STEPS - 1) / (among - 1)) if among > 1 else STEPS // 2


# Circles


def _circles(sites: Sequence[tuple[Site, Point]], size: Size) -> tuple[Circle, ...]:
    """A circle for each place, or fewer for those that lie together; the largest first."""
    ordered = sorted(sites, key=lambda one: (-one[0].number, one[0].slug))
    apart = 2 * REACH
    groups = _together(ordered, apart)
    while len(groups) > size.circles:
        apart *= 1.25
        groups = _together(ordered, apart)
    numbers = [sum(site.number for site, _point in group) for group in groups]
    largest = max(numbers, default=1)
    found = [
        Circle(
            *group[0][1],
            round(max(size.largest * sqrt(number / largest), SMALLEST), 1),
            number,
            tuple(site for site, _point in group),
        )
        for group, number in zip(groups, numbers, strict=True)
    ]
    return tuple(sorted(found, key=lambda circle: (-circle.number, circle.sites[0].slug)))


def _together(
    ordered: Sequence[tuple[Site, Point]], apart: float
) -> list[list[tuple[Site, Point]]]:
    """Put each place to the first one before it that is nearer than ``apart``."""
    groups: list[list[tuple[Site, Point]]] = []
    cells: dict[tuple[int, int], list[int]] = {}
    for site, (x, y) in ordered:
        column, row = int(x // apart), int(y // apart)
        near = sorted(
            number
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for number in cells.get((column + dx, row + dy), ())
        )
        first = next((one for one in near if _apart(groups[one][0][1], (x, y)) < apart), None)
        if first is None:
            cells.setdefault((column, row), []).append(len(groups))
            groups.append([(site, (x, y))])
        else:
            groups[first].append((site, (x, y)))
    return groups


def _apart(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


# Names and arcs


def _names(circles: Sequence[Circle], size: Size, height: int) -> tuple[Name, ...]:
    """The names of the largest circles, each where it touches no circle and no other name."""
    whole = Bounds(2, 2, size.width - 2, height - 2)
    taken = [
        Bounds(circle.x, circle.y, circle.x, circle.y).around(circle.radius) for circle in circles
    ]
    found: list[Name] = []
    for circle in circles:
        if len(found) == size.names:
            break
        for name, box in _beside(circle):
            inside = (
                box.left >= whole.left
                and box.right <= whole.right
                and box.top >= whole.top
                and box.bottom <= whole.bottom
            )
            if inside and not any(box.meets(other) for other in taken):
                found.append(name)
                taken.append(box)
                break
    return tuple(found)


def _beside(circle: Circle) -> list[tuple[Name, Bounds]]:
    """The places for a name: right, left, below, above."""
    text = circle.sites[0].name
    if len(circle.sites) > 1:
        text = f"{text} +{len(circle.sites) - 1}"
    wide, away = room(text), circle.radius + 3
    spots = (
        ("start", circle.x + away, circle.y + 4, 0.0),
        ("end", circle.x - away, circle.y + 4, wide),
        ("middle", circle.x, circle.y + away + 10, wide / 2),
        ("middle", circle.x, circle.y - away, wide / 2),
    )
    return [
        (
            Name(round(x, 1), round(y, 1), anchor, text),
            Bounds(x - back, y - 10, x - back + wide, y + 3),
        )
        for anchor, x, y, back in spots
    ]


def _arc(one: Point, other: Point, width: int, height: int) -> str:
    """A line between two points that bends to the north, and stays on the map.

    A quadratic curve lies within the triangle of its ends and its control point.
    """
    (x, y), (to_x, to_y) = sorted((one, other))
    bend = 0.22
    over_x = min(max((x + to_x) / 2 + (to_y - y) * bend, 0), width)
    over_y = min(max((y + to_y) / 2 - (to_x - x) * bend, 0), height)
    return f"M{x} {y}Q{round(over_x, 1)} {round(over_y, 1)} {to_x} {to_y}"
