"""The Equal Earth projection, and the land of the world in it.

B. Šavrič, T. Patterson and B. Jenny, 'The Equal Earth map projection', 2018: equal areas on the
globe are equal on the map, and parallels are straight.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from math import asin, cos, degrees, radians, sin, sqrt
from pathlib import Path
from typing import Final, NamedTuple

from timeline.core.display import Position

CENTRAL_MERIDIAN: Final = 11.0
"""In degrees east; it makes the edge of the map run through the Bering Strait."""

_FILE: Final = Path(__file__).resolve().parents[2] / "world" / "countries.json"

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796

Point = tuple[float, float]
"""A position on the map of a globe of radius 1: how far to the east, and how far to the south."""


class Bounds(NamedTuple):
    """A rectangle of the map."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def around(self, margin: float) -> "Bounds":
        """Return the rectangle with a margin on every side."""
        return Bounds(
            self.left - margin, self.top - margin, self.right + margin, self.bottom + margin
        )

    def meets(self, other: "Bounds") -> bool:
        """Whether two rectangles overlap or touch."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )


class Ring(NamedTuple):
    """The outline of a piece of land, with its bounds."""

    points: tuple[Point, ...]
    bounds: Bounds


class Shape(NamedTuple):
    """The land of a state, its largest piece first; the code is '' if it belongs to no state."""

    code: str
    rings: tuple[Ring, ...]

    @property
    def middle(self) -> Point:
        """The centroid of the largest piece."""
        points = self.rings[0].points
        east = south = double_area = 0.0
        for (x, y), (to_x, to_y) in _sides(points):
            cross = x * to_y - to_x * y
            double_area += cross
            east += (x + to_x) * cross
            south += (y + to_y) * cross
        return east / (3 * double_area), south / (3 * double_area)


@lru_cache(16_384)
def project(longitude: float, latitude: float) -> Point:
    """Project a position on the globe in degrees."""
    offset = radians((longitude - CENTRAL_MERIDIAN + 180) % 360 - 180)
    return _projected(offset, latitude)


def outline(positions: Iterable[Point]) -> tuple[Point, ...]:
    """Project a line through positions on the globe.

    It is never torn: a line that crosses the edge of the map continues beyond it.
    """
    points: list[Point] = []
    previous = None
    for longitude, latitude in positions:
        offset = (longitude - CENTRAL_MERIDIAN + 180) % 360 - 180
        if previous is not None:
            offset += 360 * round((previous - offset) / 360)
        previous = offset
        points.append(_projected(radians(offset), latitude))
    return tuple(points)


def _projected(offset: float, latitude: float) -> Point:
    """Project a position by its offset from the central meridian in radians."""
    angle = asin(sqrt(3) / 2 * sin(radians(latitude)))
    square = angle * angle
    sixth = square**3
    slope = 9 * _A4 * sixth * square + 7 * _A3 * sixth + 3 * _A2 * square + _A1
    x = 2 * sqrt(3) * offset * cos(angle) / (3 * slope)
    return x, -angle * (_A4 * sixth * square + _A3 * sixth + _A2 * square + _A1)


def position(point: Point) -> Position:
    """Return the position on the globe of a point of the map, by Newton's method."""
    x, south = point
    angle = -south / _A1
    for _step in range(8):
        square = angle * angle
        sixth = square**3
        north = angle * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))
        slope = _A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)
        angle -= (north + south) / slope
    latitude = degrees(asin(min(max(2 * sin(angle) / sqrt(3), -1), 1)))
    offset = degrees(3 * x * slope / (2 * sqrt(3) * cos(angle)))
    return Position(latitude, offset + CENTRAL_MERIDIAN)


def area(points: tuple[Point, ...]) -> float:
    """Return the area within an outline."""
    return abs(sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in _sides(points))) / 2


def bounds_of(points: tuple[Point, ...]) -> Bounds:
    """Return the smallest rectangle around some points."""
    easts, souths = zip(*points, strict=True)
    return Bounds(min(easts), min(souths), max(easts), max(souths))


@cache
def world() -> tuple[Shape, ...]:
    """Return all land, read and projected once."""
    shapes = json.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(Shape(shape["code"], _rings(shape["rings"])) for shape in shapes)


@cache
def by_code() -> dict[str, Shape]:
    """Return the land of each state by the code of its party."""
    return {shape.code: shape for shape in world() if shape.code}


@cache
def earth() -> Bounds:
    """Return the bounds of all land."""
    return bounds_of(
        tuple(point for shape in world() for ring in shape.rings for point in ring.points)
    )


def _rings(lines: list[list[float]]) -> tuple[Ring, ...]:
    """Project outlines, each a flat list of longitudes and latitudes; the largest comes first."""
    outlines = (outline(zip(line[::2], line[1::2], strict=True)) for line in lines)
    rings = [Ring(points, bounds_of(points)) for points in outlines]
    return tuple(sorted(rings, key=lambda ring: -area(ring.points)))


def _sides(points: tuple[Point, ...]) -> Iterator[tuple[Point, Point]]:
    return zip(points, (*points[1:], points[0]), strict=True)
