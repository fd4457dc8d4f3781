"""Events on a map, as GeoJSON (RFC 7946)."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.formats.cells import as_json
from timeline.formats.description import Description, summary
from timeline.formats.tables import JsonList, to_json
from timeline.queries.rows import Row

_LEFT_OUT: Final = frozenset({"summary_fr", "summary_en", "title_fr", "title_en"})
"""Columns that a map does not need: they stand in the language of the file."""


class GeoJsonFile:
    """A feature for each event with a place on the map; several places are a MultiPoint.

    Events without one are left out, and counted at the end as ``omitted``.
    """

    def __init__(self, described: Description) -> None:
        self._described, self._features, self._omitted = described, JsonList(), 0
        self._as_json = as_json(tuple(c for c in described.columns if c.name not in _LEFT_OUT))

    def head(self) -> str:
        collection = {"type": "FeatureCollection", **summary(self._described)}
        return to_json(collection)[:-1] + ', "features": ['

    def part(self, rows: Sequence[Row]) -> str:
        located = [row for row in rows if row["coordinates"]]
        self._omitted += len(rows) - len(located)
        return self._features.lines(self._feature(row) for row in located)

    def end(self) -> str:
        note = ngettext(
            "%(n)s event is left out: the record has no place on the map for it.",
            "%(n)s events are left out: the record has no place on the map for them.",
            self._omitted,
        ) % {"n": self._omitted}
        said = note if self._omitted else _("No event is left out.")
        return f'\n], "omitted": {self._omitted}, "omitted_note": {to_json(said)}}}\n'

    def _feature(self, row: Row) -> dict[str, Any]:
        return {
            "type": "Feature",
            "id": row["id"],
            "geometry": _geometry(row["coordinates"]),
            "properties": self._as_json(row),
        }


def _geometry(points: Sequence[tuple[float, float]]) -> dict[str, Any]:
    if len(points) == 1:
        return {"type": "Point", "coordinates": [*points[0]]}
    return {"type": "MultiPoint", "coordinates": [[*point] for point in points]}
