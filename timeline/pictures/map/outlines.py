"""The outlines of land as SVG paths: clipped to a frame, and no finer than can be seen."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from timeline.pictures.map.land import LandShape, Ring, disputed_shapes, state_shapes
from timeline.pictures.map.projection import Bounds, Point, Projection, area

FINE: Final = 1.6
"""The units of paths per pixel."""

_OVERSHOOT: Final = 6
"""How far beyond the frame land is clipped, in pixels, so that the cut is not visible."""

_MIN_AREA: Final = 1.5
"""The area in square pixels below which pieces are left out, except the largest of a shape."""


class MapExtent(NamedTuple):
    """What a map shows: a rectangle of a projection."""

    projection: Projection
    bounds: Bounds


class Outlines(NamedTuple):
    """The paths of the land in a frame, by code of state and by id of disputed area."""

    states: Mapping[str, str]
    disputed: Mapping[str, str]


@lru_cache(64)
def outlines(frame: MapExtent, width: int) -> Outlines:
    """Return the paths of all land in a frame of a width in pixels."""
    return Outlines(
        _paths(state_shapes(frame.projection).values(), frame.bounds, width),
        _paths(disputed_shapes(frame.projection).values(), frame.bounds, width),
    )


def _paths(shapes: Iterable[LandShape], frame: Bounds, width: int) -> dict[str, str]:
    scale = width / frame.width
    visible = frame.around(_OVERSHOOT / scale)
    paths: dict[str, str] = {}
    for shape in shapes:
        pieces = (
            _path(ring, frame, visible, scale)
            for index, ring in enumerate(shape.rings)
            if ring.bounds.meets(visible)
            and (index == 0 or area(ring.points) * scale**2 > _MIN_AREA)
        )
        if path := "".join(pieces):
            paths[shape.code] = path
    return paths


def _path(ring: Ring, frame: Bounds, visible: Bounds, scale: float) -> str:
    points = clipped(ring.points, visible) if _exceeds(ring.bounds, visible) else ring.points
    step = FINE * scale
    dots = ((round((x - frame.left) * step), round((y - frame.top) * step)) for x, y in points)
    return _path_data(list(dict.fromkeys(dots)))


def _exceeds(inner: Bounds, outer: Bounds) -> bool:
    return (
        inner.left < outer.left
        or inner.top < outer.top
        or inner.right > outer.right
        or inner.bottom > outer.bottom
    )


def _path_data(dots: list[tuple[int, int]]) -> str:
    """Write a closed path through dots in relative coordinates; '' for fewer than three."""
    if len(dots) < 3:
        return ""
    steps = ((to_x - x, to_y - y) for (x, y), (to_x, to_y) in pairwise(dots))
    line = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
    return f"M{dots[0][0]} {dots[0][1]}l{line}z"


def clipped(points: Iterable[Point], frame: Bounds) -> tuple[Point, ...]:
    """Clip an outline to a frame (I. Sutherland and G. Hodgman, 1974)."""
    polygon = tuple(points)
    for axis, bound, sign in (
        (0, frame.left, 1),
        (0, frame.right, -1),
        (1, frame.top, 1),
        (1, frame.bottom, -1),
    ):
        polygon = _half_plane(polygon, axis, bound, sign)
    return polygon


def _half_plane(points: tuple[Point, ...], axis: int, bound: float, sign: int) -> tuple[Point, ...]:
    """Return the part of an outline on one side of a vertical (axis 0) or horizontal line."""
    clipped_points: list[Point] = []
    for start, end in zip(points[-1:] + points[:-1], points, strict=True):
        start_distance, end_distance = sign * (start[axis] - bound), sign * (end[axis] - bound)
        if (start_distance < 0) != (end_distance < 0):
            share = start_distance / (start_distance - end_distance)
            crossing = start[1 - axis] + share * (end[1 - axis] - start[1 - axis])
            clipped_points.append((bound, crossing) if axis == 0 else (crossing, bound))
        if end_distance >= 0:
            clipped_points.append(end)
    return tuple(clipped_points)
