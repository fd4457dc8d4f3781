"""Where the links of lanes lead: to other times, and to the events of a lane."""

import datetime as dt
from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import gettext as _

from timeline.core.display import GroupBy, View
from timeline.core.question import Question
from timeline.pictures.lanes import windows
from timeline.pictures.lanes.data import LanesData, clipped
from timeline.pictures.lanes.layout import Row
from timeline.pictures.lanes.windows import Stretch


class Move(NamedTuple):
    """A link that moves the window: the key that follows it, that key as told, sign and name.

    Without an address it leads nowhere now.
    """

    id: str
    key: str
    shown: str
    sign: str
    name: str
    to: str


class Links:
    """The questions that the links of the picture ask."""

    def __init__(self, data: LanesData) -> None:
        self._data, self._question = data, data.answered.question
        self._deepest = windows.deepest(data.every)
        # In the text of a value '=' and '&' are written otherwise: this stands there but once.
        closer = self._question.with_display(zoom=1, centre=dt.date(1111, 11, 11)).query_string()
        before, self._after = closer.split("zoom=1&centre=1111-11-11")
        self._before = data.answered.address + before

    def to(self, zoom: int, centre: dt.date | None) -> str:
        """The address of the picture zoomed in so often around a day."""
        if not zoom or centre is None:
            whole = self._question.with_display(zoom=0, centre=None)
            return self._data.answered.address + whole.query_string()
        return f"{self._before}zoom={zoom}&centre={centre.isoformat()}{self._after}"

    def closer(self, stretch: Stretch) -> str:
        """The address of the picture closer to a group's time; none where that shows no more."""
        zoom = windows.closer(self._data.every, self._data.zoom, stretch)
        return self.to(zoom, stretch.middle) if zoom > self._data.zoom else ""

    def listing(self, row: Row, stretch: Stretch) -> str:
        """The address of the list of what a row holds in a stretch of time."""
        if row.line_y is not None:
            question = held(row.code, stretch)
        else:
            question = listed(self._question, row.code, stretch)
        return self._data.answered.address + question.query_string()

    def moves(self) -> list[Move]:
        """Zooming and panning: each link with its key, its sign and its name."""
        data, zoom = self._data, self._data.zoom
        seen, every, middle = data.seen, data.every, data.seen.middle
        before, after = (seen.first - every.first).days, (every.last - seen.last).days
        earlier, later = (
            self.to(zoom, dt.date.fromordinal(middle.toordinal() + by)) if by else ""
            for by in (-_step(seen, before), _step(seen, after))
        )
        closer = self.to(zoom + 1, middle) if zoom < self._deepest else ""
        wider = self.to(zoom - 1, middle) if zoom else ""
        fit = self.to(0, None) if zoom else ""
        return [
            Move("earlier", "ArrowLeft", "←", "←", _("Earlier"), earlier),
            Move("later", "ArrowRight", "→", "→", _("Later"), later),
            Move("closer", "+", "+", "+", _("Zoom in"), closer),
            Move("wider", "-", "−", "−", _("Zoom out"), wider),
            Move("fit", "0", "0", _("Fit"), _("All of the time"), fit),
        ]


def _step(seen: Stretch, left: int) -> int:
    """How many days to move: half of what is seen, or all that is left if that is hardly more."""
    half = seen.days // 2
    return left if left <= half + seen.days // 10 else half


def listed(question: Question, code: str, stretch: Stretch) -> Question:
    """The list of what a lane holds in a stretch of time."""
    group = question.display.lanes
    if group == GroupBy.SECTOR:
        lane = question.with_values("sector", (code,))
    else:
        others = () if question.any_party else question.parties
        parties = tuple(dict.fromkeys((*others, code)))
        lane = replace(question.with_values("party", parties), any_party=False)
    first, last = clipped(question, stretch)
    within = replace(lane.within(first.isoformat(), last.isoformat()), certain=False)
    return within.with_display(view=View.LIST, zoom=0, centre=None)


def held(framework: str, stretch: Stretch) -> Question:
    """The list of the meetings of a framework in a stretch of time."""
    first, last = (day.isoformat() for day in stretch)
    return Question(frameworks=(framework,)).within(first, last)
