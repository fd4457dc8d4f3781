"""How a reader looks at what a question finds: as a list or as one of the pictures.

It is no part of what is asked. Each view of the same question finds the same events.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_ZOOM: Final = 20
"""So many halvings of ten thousand years leave some days."""


class View(StrEnum):
    """What the results are shown as."""

    LIST = "list"
    LANES = "lanes"
    MATRIX = "matrix"
    MAP = "map"


class Group(StrEnum):
    """What the lanes of a picture, or the columns of a matrix, stand for."""

    PARTY = "party"
    SECTOR = "sector"


class Sort(StrEnum):
    """What the rows and columns of a matrix are sorted by."""

    COUNT = "count"
    NAME = "name"
    SIMILARITY = "similarity"


@dataclass(frozen=True, slots=True)
class Display:
    """A view with what it is set to.

    ``zoom`` is how often the time that the lanes show was halved, from 0, which shows all of it;
    ``centre`` is the day in its middle. ``against`` names the columns of the matrix, and
    ``stacked`` parts the bars of the strip by sector.
    """

    view: View = View.LIST
    lanes: Group = Group.PARTY
    zoom: int = 0
    centre: dt.date | None = None
    against: Group = Group.SECTOR
    sort: Sort = Sort.COUNT
    stacked: bool = False

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters that set it, defaults left out, in a fixed order."""
        plain = AS_LIST
        if self == plain:
            return []
        return [
            (name, value)
            for name, value, usual in (
                ("view", self.view.value, self.view == plain.view),
                ("lanes", self.lanes.value, self.lanes == plain.lanes),
                ("zoom", str(self.zoom), not self.zoom),
                ("centre", self.centre.isoformat() if self.centre else "", not self.centre),
                ("against", self.against.value, self.against == plain.against),
                ("sort", self.sort.value, self.sort == plain.sort),
                ("stacked", "1", not self.stacked),
            )
            if not usual
        ]


AS_LIST: Final = Display()
"""How results are shown when nothing is said of it."""
