"""Land as paths of SVG: what of it lies in a frame, no finer than can be seen."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Final

from timeline.pictures.map.projection import Bounds, Point, Ring, area, world

FINE: Final = 1.6
"""Paths are in units of so many to a pixel."""

_BEYOND: Final = 6
"""Pixels beyond the frame at which land is cut, so that the cut is not seen."""

_KEPT: Final = 64

_LEAST: Final = 1.5
"""Pieces of a state smaller than so many square pixels are left out, its largest apart."""


@lru_cache(_KEPT)
def outlines(frame: Bounds, width: int) -> dict[str, str]:
    """The paths of all land in a frame that is drawn so many pixels wide, by code of state.

    Land that is no state's stands under ''.
    """
    scale = width / frame.width
    seen = frame.around(_BEYOND / scale)
    found: dict[str, str] = {}
    for shape in world():
        pieces = (
            _path(ring, frame, seen, scale)
            for number, ring in enumerate(shape.rings)
            if ring.frame.meets(seen) and (not number or area(ring.points) * scale**2 > _LEAST)
        )
        if path := "".join(pieces):
            found[shape.code] = found.get(shape.code, "") + path
    return found


def _path(ring: Ring, frame: Bounds, seen: Bounds, scale: float) -> str:
    points = clipped(ring.points, seen) if _reaches_out(ring.frame, seen) else ring.points
    step = FINE * scale
    dots = ((round((x - frame.left) * step), round((y - frame.top) * step)) for x, y in points)
    return _written(list(dict.fromkeys(dots)))


def _reaches_out(inner: Bounds, outer: Bounds) -> bool:
    return (
        inner.left < outer.left
        or inner.top < outer.top
        or inner.right > outer.right
        or inner.bottom > outer.bottom
    )


def _written(dots: list[tuple[int, int]]) -> str:
    """A closed line through whole numbers, each step told from the last dot."""
    if len(dots) < 3:
        return ""
    steps = ((to_x - x, to_y - y) for (x, y), (to_x, to_y) in pairwise(dots))
    line = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
    return f"M{dots[0][0]} {dots[0][1]}l{line}z"


def clipped(points: Iterable[Point], frame: Bounds) -> tuple[Point, ...]:
    """The part of a piece of land that lies in a frame (I. Sutherland, G. Hodgman, 1974)."""
    found = tuple(points)
    for axis, bound, sign in (
        (0, frame.left, 1),
        (0, frame.right, -1),
        (1, frame.top, 1),
        (1, frame.bottom, -1),
    ):
        found = _beside(found, axis, bound, sign)
    return found


def _beside(points: tuple[Point, ...], axis: int, bound: float, sign: int) -> tuple[Point, ...]:
    """What lies on one side of a line that is level or upright."""
    found: list[Point] = []
    for one, other in zip(points[-1:] + points[:-1], points, strict=True):
        before, here = sign * (one[axis] - bound), sign * (other[axis] - bound)
        if (before < 0) != (here < 0):
            share = before / (before - here)
            across = one[1 - axis] + share * (other[1 - axis] - one[1 - axis])
            found.append((bound, across) if axis == 0 else (across, bound))
        if here >= 0:
            found.append(other)
    return tuple(found)
