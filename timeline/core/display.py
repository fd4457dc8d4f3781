"""How the results of a question are displayed: as a list or as one of the pictures.

The display is not part of the filters: every view of a question has the same events.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

MAX_ZOOM: Final = 20
"""Halved so many times, ten thousand years become a few days."""


class Position(NamedTuple):
    """A position on the globe in degrees, written as '12.64,-8'."""

    latitude: float
    longitude: float

    def __str__(self) -> str:
        return f"{self.latitude:g},{self.longitude:g}"


class View(StrEnum):
    LIST = "list"
    LANES = "lanes"
    MATRIX = "matrix"
    MAP = "map"


class GroupBy(StrEnum):
    """What the lanes, or the columns of the matrix, stand for."""

    PARTY = "party"
    SECTOR = "sector"


class Colour(StrEnum):
    """What the colours of the marks in lanes stand for."""

    KIND = "kind"
    SECTOR = "sector"


class Sort(StrEnum):
    """What the rows and columns of the matrix are sorted by."""

    COUNT = "count"
    NAME = "name"
    SIMILARITY = "similarity"


@dataclass(frozen=True, slots=True)
class Display:
    """A view and its settings.

    ``zoom`` is how many times the period of the lanes or the width of the map is halved, 0 being
    all of it, and ``centre`` the day or the position in its middle. ``colour`` is what the colours
    of the marks in lanes stand for, None where all have the same one. ``against`` is what the
    columns of the matrix stand for. ``stacked`` divides the bars of the histogram by sector.
    """

    view: View = View.LIST
    lanes: GroupBy = GroupBy.PARTY
    zoom: int = 0
    centre: dt.date | Position | None = None
    colour: Colour | None = None
    against: GroupBy = GroupBy.SECTOR
    sort: Sort = Sort.COUNT
    stacked: bool = False

    def pairs(self) -> list[tuple[str, str]]:
        """Return the query parameters of the display, without defaults, in a fixed order."""
        default = AS_LIST
        if self == default:
            return []
        return [
            (name, value)
            for name, value, is_default in (
                ("view", self.view.value, self.view == default.view),
                ("lanes", self.lanes.value, self.lanes == default.lanes),
                ("zoom", str(self.zoom), not self.zoom),
                ("centre", str(self.centre or ""), not self.centre),
                ("colour", self.colour or "", not self.colour),
                ("against", self.against.value, self.against == default.against),
                ("sort", self.sort.value, self.sort == default.sort),
                ("stacked", "1", not self.stacked),
            )
            if not is_default
        ]


AS_LIST: Final = Display()
"""The default display."""
