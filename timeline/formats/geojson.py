"""Events on a map, as GeoJSON (RFC 7946)."""

from collections.abc import Sequence
from typing import Any, Final

from timeline.formats.cells import as_json
from timeline.formats.description import Description, summary
from timeline.formats.tables import JsonList, to_json
from timeline.queries.rows import Row

_LEFT_OUT: Final = frozenset({"summary_fr", "summary_en", "title_fr", "title_en"})
"""Columns that a map does not need: they stand in the language of the file."""


class GeoJsonFile:
    """A feature for each event of the list, in its order.

    Several places are a MultiPoint. An event without a place on the map is an unlocated feature,
    whose geometry is null (RFC 7946, 3.2).
    """

    def __init__(self, described: Description) -> None:
        self._described, self._features = described, JsonList()
        self._as_json = as_json(tuple(c for c in described.columns if c.name not in _LEFT_OUT))

    def head(self) -> str:
        collection = {"type": "FeatureCollection", **summary(self._described)}
        return to_json(collection)[:-1] + ', "features": ['

    def part(self, rows: Sequence[Row]) -> str:
        return self._features.lines(self._feature(row) for row in rows)

    def end(self) -> str:
        return "\n]}\n"

    def _feature(self, row: Row) -> dict[str, Any]:
        return {
            "type": "Feature",
            "id": row["id"],
            "geometry": _geometry(row["coordinates"]),
            "properties": self._as_json(row),
        }


def _geometry(points: Sequence[tuple[float, float]]) -> dict[str, Any] | None:
    if not points:
        return None
    if len(points) == 1:
        return {"type": "Point", "coordinates": [*points[0]]}
    return {"type": "MultiPoint", "coordinates": [[*point] for point in points]}
