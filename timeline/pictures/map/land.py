"""The land of the world: that of the states, and that whose status is disputed."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from timeline.pictures.map.projection import (
    ATLANTIC,
    Bounds,
    Point,
    Projection,
    area,
    bounds_of,
    sides,
)

_WORLD: Final = Path(__file__).resolve().parents[2] / "world"


class Ring(NamedTuple):
    """The outline of a piece of land, with its bounds."""

    points: tuple[Point, ...]
    bounds: Bounds


class LandShape(NamedTuple):
    """The land of a state by its code, or a disputed area by its id; its largest piece first."""

    code: str
    rings: tuple[Ring, ...]

    @property
    def middle(self) -> Point:
        """The centroid of the largest piece."""
        points = self.rings[0].points
        east = south = double_area = 0.0
        for (x, y), (to_x, to_y) in sides(points):
            cross = x * to_y - to_x * y
            double_area += cross
            east += (x + to_x) * cross
            south += (y + to_y) * cross
        return east / (3 * double_area), south / (3 * double_area)


class Document(NamedTuple):
    """A document that shows an area to be disputed; its texts are by language."""

    title: Mapping[str, str]
    publisher: Mapping[str, str]
    date: str
    address: str


class DisputedArea(NamedTuple):
    """Land that is drawn as no state's, with the reason; its texts are by language."""

    name: Mapping[str, str]
    reason: Mapping[str, str]
    documents: tuple[Document, ...]


@cache
def state_shapes(projection: Projection = ATLANTIC) -> Mapping[str, LandShape]:
    """Return the undisputed land of each state by the code of its party, projected once."""
    return {entry["code"]: _shape(entry["code"], entry, projection) for entry in _read("countries")}


@cache
def disputed_shapes(projection: Projection = ATLANTIC) -> Mapping[str, LandShape]:
    """Return the land of each disputed area by its id, projected once."""
    return {entry["id"]: _shape(entry["id"], entry, projection) for entry in _read("disputed")}


@cache
def disputed_areas() -> Mapping[str, DisputedArea]:
    """Return what is said of each disputed area, by its id."""
    return {
        entry["id"]: DisputedArea(
            entry["name"],
            entry["reason"],
            tuple(Document(**document) for document in entry["documents"]),
        )
        for entry in _read("disputed")
    }


@cache
def earth(projection: Projection = ATLANTIC) -> Bounds:
    """Return the bounds of all land."""
    shapes = (*state_shapes(projection).values(), *disputed_shapes(projection).values())
    return bounds_of(
        tuple(point for shape in shapes for ring in shape.rings for point in ring.points)
    )


def _shape(code: str, entry: Mapping[str, Any], projection: Projection) -> LandShape:
    """Project outlines, each a flat list of longitudes and latitudes; the largest comes first."""
    outlines = (
        projection.outline(zip(line[::2], line[1::2], strict=True)) for line in entry["rings"]
    )
    rings = [Ring(points, bounds_of(points)) for points in outlines]
    return LandShape(code, tuple(sorted(rings, key=lambda ring: -area(ring.points))))


@cache
def _read(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(
        (_WORLD / f"{name}.json").read_text(encoding="utf-8")
    )
    return entries
