"""The Equal Earth projection, on a map around one of two meridians.

B. Šavrič, T. Patterson and B. Jenny, 'The Equal Earth map projection', 2018: equal areas on the
globe are equal on the map, and parallels are straight.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import asin, cos, degrees, radians, sin, sqrt
from typing import Final, NamedTuple

from timeline.core.display import Position

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


class Projection(NamedTuple):
    """A map of the globe around a meridian, in degrees east."""

    meridian: float

    def project(self, longitude: float, latitude: float) -> Point:
        """Project a position on the globe in degrees."""
        return _projected(self.offset(longitude), latitude)

    def offset(self, longitude: float) -> float:
        """Return how many degrees east of the middle of the map a longitude is, from -180 on."""
        return (longitude - self.meridian + 180) % 360 - 180

    def outline(self, positions: Iterable[Point]) -> tuple[Point, ...]:
        """Project a line through positions on the globe.

        It is never torn: a line that crosses the edge of the map continues beyond it.
        """
        points: list[Point] = []
        previous = None
        for longitude, latitude in positions:
            offset = self.offset(longitude)
            if previous is not None:
                offset += 360 * round((previous - offset) / 360)
            previous = offset
            points.append(_projected(offset, latitude))
        return tuple(points)

    def position(self, point: Point) -> Position:
        """Return the position on the globe of a point of the map.

        Its longitude is not brought back into the usual range if the point is beyond the edge.
        """
        latitude, slope, angle = _latitude(point[1])
        offset = degrees(3 * point[0] * slope / (2 * sqrt(3) * cos(angle)))
        return Position(latitude, offset + self.meridian)


ATLANTIC: Final = Projection(11.0)
"""The usual map; its edge runs through the Bering Strait."""

PACIFIC: Final = Projection(-169.0)
"""The map around what is the edge of the usual one."""


def once_around(point: Point, turns: int) -> Point:
    """Return where a point of the map is after so many turns of the globe to the east."""
    _found, slope, angle = _latitude(point[1])
    return point[0] + turns * 2 * sqrt(3) * radians(360) * cos(angle) / (3 * slope), point[1]


@lru_cache(16_384)
def _projected(offset: float, latitude: float) -> Point:
    """Project a position by its degrees east of the middle of the map."""
    angle = asin(sqrt(3) / 2 * sin(radians(latitude)))
    square = angle * angle
    sixth = square**3
    slope = 9 * _A4 * sixth * square + 7 * _A3 * sixth + 3 * _A2 * square + _A1
    x = 2 * sqrt(3) * radians(offset) * cos(angle) / (3 * slope)
    return x, -angle * (_A4 * sixth * square + _A3 * sixth + _A2 * square + _A1)


def _latitude(south: float) -> tuple[float, float, float]:
    """Return the latitude of points so far to the south, by Newton's method.

    The slope and the angle are those of the projection there.
    """
    angle = -south / _A1
    slope = _A1
    for _step in range(8):
        square = angle * angle
        sixth = square**3
        north = angle * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))
        slope = _A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)
        angle -= (north + south) / slope
    latitude = degrees(asin(min(max(2 * sin(angle) / sqrt(3), -1), 1)))
    return latitude, slope, angle


def area(points: tuple[Point, ...]) -> float:
    """Return the area within an outline."""
    return abs(sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in sides(points))) / 2


def bounds_of(points: tuple[Point, ...]) -> Bounds:
    """Return the smallest rectangle around some points."""
    easts, souths = zip(*points, strict=True)
    return Bounds(min(easts), min(souths), max(easts), max(souths))


def sides(points: tuple[Point, ...]) -> Iterator[tuple[Point, Point]]:
    """Return the sides of an outline."""
    return zip(points, (*points[1:], points[0]), strict=True)
