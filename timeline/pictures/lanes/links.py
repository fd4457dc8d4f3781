"""The links of lanes: to other parts of the time, and to the events of a lane."""

import datetime as dt
from dataclasses import replace

from django.utils.translation import gettext as _

from timeline.core.display import GroupBy, View
from timeline.core.question import Question
from timeline.pictures.interface import Move
from timeline.pictures.lanes import windows
from timeline.pictures.lanes.data import LanesData, clipped
from timeline.pictures.lanes.layout import LaneRow
from timeline.pictures.lanes.windows import TimeSpan


class Links:
    """The addresses of the links in the picture."""

    def __init__(self, data: LanesData) -> None:
        self._data, self._question = data, data.answered.question
        self._max_zoom = windows.max_zoom(data.full)
        # Values are percent-encoded, so that '=' and '&' cannot make the placeholder occur twice.
        zoomed = self._question.with_display(zoom=1, centre=dt.date(1111, 11, 11)).query_string()
        before, self._after = zoomed.split("zoom=1&centre=1111-11-11")
        self._before = data.answered.address + before

    def to(self, zoom: int, centre: dt.date | None) -> str:
        """Return the address of the picture at a zoom around a day."""
        if not zoom or centre is None:
            full = self._question.with_display(zoom=0, centre=None)
            return self._data.answered.address + full.query_string()
        return f"{self._before}zoom={zoom}&centre={centre.isoformat()}{self._after}"

    def closer(self, span: TimeSpan) -> str:
        """Return the address of the picture zoomed in to a span; '' where that shows no more."""
        zoom = windows.zoom_to(self._data.full, self._data.zoom, span)
        return self.to(zoom, span.middle) if zoom > self._data.zoom else ""

    def listing(self, row: LaneRow, span: TimeSpan) -> str:
        """Return the address of the list of a row's events in a span."""
        if row.line_y is not None:
            question = meetings_question(row.code, span)
        else:
            question = lane_question(self._question, row.code, span)
        return self._data.answered.address + question.query_string()

    def moves(self) -> list[Move]:
        """Return the links for zooming and panning."""
        data, zoom = self._data, self._data.zoom
        visible, full, middle = data.visible, data.full, data.visible.middle
        before, after = (visible.first - full.first).days, (full.last - visible.last).days
        earlier, later = (
            self.to(zoom, dt.date.fromordinal(middle.toordinal() + step)) if step else ""
            for step in (-_step(visible, before), _step(visible, after))
        )
        closer = self.to(zoom + 1, middle) if zoom < self._max_zoom else ""
        wider = self.to(zoom - 1, middle) if zoom else ""
        fit = self.to(0, None) if zoom else ""
        return [
            Move("earlier", "ArrowLeft", "←", "←", _("Earlier"), earlier),
            Move("later", "ArrowRight", "→", "→", _("Later"), later),
            Move("closer", "+", "+", "+", _("Zoom in"), closer),
            Move("wider", "-", "−", "−", _("Zoom out"), wider),
            Move("fit", "0", "0", _("Fit"), _("Fit: all of the time"), fit),
        ]


def _step(visible: TimeSpan, remaining: int) -> int:
    """Return how many days to pan: half of what is visible, or all that remains if hardly more."""
    half = visible.days // 2
    return remaining if remaining <= half + visible.days // 10 else half


def lane_question(question: Question, code: str, span: TimeSpan) -> Question:
    """Return the question whose list holds the events of a lane in a span."""
    if question.display.lanes == GroupBy.SECTOR:
        lane = question.with_values("sector", (code,))
    else:
        others = () if question.any_party else question.parties
        parties = tuple(dict.fromkeys((*others, code)))
        lane = replace(question.with_values("party", parties), any_party=False)
    first, last = clipped(question, span)
    within = replace(lane.within(first.isoformat(), last.isoformat()), certain=False)
    return within.with_display(view=View.LIST, zoom=0, centre=None)


def meetings_question(framework: str, span: TimeSpan) -> Question:
    """Return the question whose list holds the meetings of a framework in a span."""
    first, last = (day.isoformat() for day in span)
    return Question(frameworks=(framework,)).within(first, last)
