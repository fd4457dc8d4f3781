"""The Equal Earth projection, and the land of the world under it.

B. Šavrič, T. Patterson and B. Jenny, 'The Equal Earth map projection', 2018: equal areas on the
globe are equal on the map, and parallels are straight.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Final, NamedTuple

MIDDLE: Final = 11.0
"""The meridian in the middle, in degrees east: the map is cut through the Bering Strait."""

_FILE: Final = Path(__file__).resolve().parents[2] / "world" / "countries.json"

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796

Point = tuple[float, float]
"""A place on the map of a globe of radius 1: how far to the east, and how far to the south."""


class Bounds(NamedTuple):
    """A rectangle of the map."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How far it reaches from west to east."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How far it reaches from north to south."""
        return self.bottom - self.top

    def around(self, margin: float) -> "Bounds":
        """The rectangle with a margin on every side."""
        return Bounds(
            self.left - margin, self.top - margin, self.right + margin, self.bottom + margin
        )

    def meets(self, other: "Bounds") -> bool:
        """Whether two rectangles have something in common."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )


class Ring(NamedTuple):
    """The outline of a piece of land, with the rectangle that it fills."""

    points: tuple[Point, ...]
    frame: Bounds


class Shape(NamedTuple):
    """The land of a state, its largest piece first; no code where it is no state's."""

    code: str
    rings: tuple[Ring, ...]

    @property
    def middle(self) -> Point:
        """The middle of mass of its largest piece."""
        points = self.rings[0].points
        east = south = whole = 0.0
        for (x, y), (to_x, to_y) in _sides(points):
            cross = x * to_y - to_x * y
            whole += cross
            east += (x + to_x) * cross
            south += (y + to_y) * cross
        return east / (3 * whole), south / (3 * whole)


@lru_cache(16_384)
def project(longitude: float, latitude: float) -> Point:
    """Where a place on the globe, in degrees, stands on the map."""
    away = radians((longitude - MIDDLE + 180) % 360 - 180)
    return _projected(away, latitude)


def outline(places: Iterable[Point]) -> tuple[Point, ...]:
    """Where a line through places on the globe stands on the map.

    It is not torn: what lies on the other side of the cut goes on beyond it.
    """
    found: list[Point] = []
    last = None
    for longitude, latitude in places:
        away = (longitude - MIDDLE + 180) % 360 - 180
        if last is not None:
            away += 360 * round((last - away) / 360)
        last = away
        found.append(_projected(radians(away), latitude))
    return tuple(found)


def _projected(away: float, latitude: float) -> Point:
    """Where a place stands so many radians from the middle."""
    angle = asin(sqrt(3) / 2 * sin(radians(latitude)))
    square = angle * angle
    sixth = square**3
    slope = 9 * _A4 * sixth * square + 7 * _A3 * sixth + 3 * _A2 * square + _A1
    x = 2 * sqrt(3) * away * cos(angle) / (3 * slope)
    return x, -angle * (_A4 * sixth * square + _A3 * sixth + _A2 * square + _A1)


def area(points: tuple[Point, ...]) -> float:
    """How large a piece of the map is that has this outline."""
    return abs(sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in _sides(points))) / 2


def bounds_of(points: tuple[Point, ...]) -> Bounds:
    """The least rectangle around some points."""
    easts, souths = zip(*points, strict=True)
    return Bounds(min(easts), min(souths), max(easts), max(souths))


@cache
def world() -> tuple[Shape, ...]:
    """All land, read and projected once."""
    told = json.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(Shape(one["code"], _rings(one["rings"])) for one in told)


@cache
def by_code() -> dict[str, Shape]:
    """The land of each state, by the code of its party."""
    return {shape.code: shape for shape in world() if shape.code}


@cache
def earth() -> Bounds:
    """The rectangle that all land fills."""
    return bounds_of(
        tuple(point for shape in world() for ring in shape.rings for point in ring.points)
    )


def _rings(told: list[list[float]]) -> tuple[Ring, ...]:
    outlines = (outline(zip(flat[::2], flat[1::2], strict=True)) for flat in told)
    found = [Ring(points, bounds_of(points)) for points in outlines]
    return tuple(sorted(found, key=lambda ring: -area(ring.points)))


def _sides(points: tuple[Point, ...]) -> Iterator[tuple[Point, Point]]:
    return zip(points, (*points[1:], points[0]), strict=True)
