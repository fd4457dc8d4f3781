"""The layout of the lanes: marks over the visible time, stacked, and grouped where there are many.

Time is cut into slots as wide as the click target of a mark. The size of the picture depends on
lanes and slots, never on the number of events.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Final, NamedTuple

from timeline.core.searched import Clock
from timeline.pictures.lanes.windows import SLOTS, TimeSpan, slot_edges
from timeline.pictures.scales import DayScale, Rectangle, text_width

DEPTH: Final = 3
"""The maximum number of marks in the stack of a slot; more events become one group."""

WIDE: Final = 588
"""The width of the picture for wide screens; a slot of it is 24 units wide."""
PHONE: Final = 300
MARGIN: Final = 6.0
RADIUS: Final = 7.0
"""Half of the width of a mark."""

_HEADER: Final = 24.0
_NAME: Final = 20.0
ROW: Final = 24.0
"""The height of a mark in a stack."""
SHADES: Final = 5
"""The number of shades of groups, from the smallest to the largest."""
TITLE_SIZE: Final = 11.0
"""The font size of the title of a mark."""
_TITLE_GAP: Final = 3.0
_MIN_TITLE: Final = 54.0
"""The minimum width of a title beside a mark: about eight letters say something."""
_GAP: Final = 8.0
_SECTION: Final = 30.0
_COMMITMENT: Final = 40.0
"""The height of a commitment: a line of text above a bar; on a phone there are two lines."""
_LINE: Final = 15.0
_FOOTER: Final = 24.0
_FADE: Final = 10.0
_ARROW: Final = 8.0
_MIN_WIDTH: Final = 4.0
"""The minimum width of bars and windows."""


@dataclass(frozen=True, slots=True)
class EventSpan:
    """An event to mark, by key; it began on ``first`` at the earliest and is over by ``last``."""

    key: int
    first: dt.date
    last: dt.date
    sure: bool = True
    ongoing: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane to draw: the number of events in each slot, and the events of slots with few of them.

    ``label`` is the text of its name, for which there has to be room. ``awaited`` is the window of
    an expected session. With ``line`` a line connects its marks.
    """

    code: str
    label: str
    counts: Sequence[int]
    singles: Mapping[int, Sequence[EventSpan]]
    awaited: TimeSpan | None = None
    line: bool = False


def framework_lane(
    code: str,
    label: str,
    events: Iterable[EventSpan],
    visible: TimeSpan,
    awaited: TimeSpan | None = None,
) -> Lane:
    """Put events into the slots of a lane with a line; only one per slot gets its own mark."""
    edges = slot_edges(visible)
    slots: dict[int, list[EventSpan]] = {}
    for event in events:
        if event.first <= visible.last and event.last >= visible.first:
            slot = max(bisect_right(edges, event.first.toordinal()) - 1, 0)
            slots.setdefault(slot, []).append(event)
    counts = [len(slots.get(slot, ())) for slot in range(SLOTS)]
    singles = {slot: spans for slot, spans in slots.items() if len(spans) == 1}
    if awaited and (awaited.last < visible.first or awaited.first > visible.last):
        awaited = None
    return Lane(code, label, counts, singles, awaited, line=True)


@dataclass(frozen=True, slots=True)
class CommitmentSpan:
    """A commitment to draw, by key; ``due`` is the latest day of its due date, if it has one."""

    key: int
    made: dt.date
    due: dt.date | None


class EventMark(NamedTuple):
    """The mark of one event; its click target begins at ``left``.

    ``reach`` is the extent of the days that the date may mean, where that is wider than the mark.
    The paths ``fades`` (of uncertain dates) and ``arrow`` (of ongoing events) lie beyond it.
    ``title`` is the left end and width of the room for a title beside it, None if there is none.
    """

    key: int
    x: float
    y: float
    left: float
    reach: tuple[float, float] | None
    fades: str
    arrow: str
    title: tuple[float, float] | None = None

    @property
    def extent(self) -> tuple[float, float]:
        """The left and right end of all that is drawn of it, without its title."""
        begin, end = self.reach or (self.x - RADIUS, self.x + RADIUS)
        fade = _FADE if self.fades else 0
        return begin - fade, end + max(fade, _ARROW if self.arrow else 0)


class EventColumn(NamedTuple):
    """The events of a slot that are too many for marks, as a column.

    ``shade`` grows with their number, from 1 to ``SHADES`` in steps of equal ratio.
    """

    span: TimeSpan
    number: int
    x: float
    y: float
    height: float
    shade: int


@dataclass(frozen=True, slots=True)
class LaneRow:
    """The layout of a lane.

    ``foot`` is the line on which its marks stand, ``line_y`` the line that connects them, None
    where there is none, and ``awaited`` the window of an expected session.
    """

    code: str
    name_y: float
    foot: float
    line_y: float | None
    marks: tuple[EventMark, ...]
    groups: tuple[EventColumn, ...]
    awaited: Rectangle | None


class CommitmentBar(NamedTuple):
    """A commitment from made to due; ``late`` is the left end and width of the time since then.

    ``open`` says that it has no due date, and that its bar ends with today in the visible time: an
    arrow shows that it goes on.
    """

    key: int
    y: float
    x: float
    width: float
    late: tuple[float, float] | None
    open: bool

    @property
    def end(self) -> float:
        return round(self.x + self.width, 1)


class DayTick(NamedTuple):
    """A labelled day on the scale; ``anchor`` is the text-anchor of its label."""

    x: float
    anchor: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class LanesScene:
    """The layout of the whole picture, in units of ``width`` by ``height``.

    ``step`` is the number of months between two ticks, 0 if it is some days. ``commitments_y`` and
    ``frameworks_y`` are the positions of those sections' titles, None where there are none.
    """

    width: int
    height: int
    slot: float
    step: int
    ticks: tuple[DayTick, ...]
    today: DayTick | None
    rows: tuple[LaneRow, ...]
    commitments_y: float | None
    commitment_height: float
    bars: tuple[CommitmentBar, ...]
    frameworks_y: float | None
    frameworks: tuple[LaneRow, ...]

    @property
    def foot(self) -> float:
        """The lower end of lines across the picture."""
        return self.height - _FOOTER


def draw(
    visible: TimeSpan,
    lanes: Sequence[Lane],
    commitments: Sequence[CommitmentSpan],
    frameworks: Sequence[Lane],
    today: dt.date,
    width: int,
    searched_until: dt.date | None = None,
) -> LanesScene:
    """Lay out lanes, then commitments, then frameworks below one another.

    A commitment is late until today, or until the day until which sources were searched.
    """
    narrow = width < WIDE
    if narrow:
        lanes = [_joined(lane) for lane in lanes]
        frameworks = [_joined(lane) for lane in frameworks]
    clock = Clock(today, searched_until)
    layout = _RowLayout(visible, clock, width, SLOTS // 2 if narrow else SLOTS)
    grouped = [count for lane in lanes for count in _grouped(lane).values()] or [1]
    sizes = min(grouped), max(grouped)
    y, rows = _HEADER, []
    for lane in lanes:
        rows.append(layout.row(lane, y, sizes))
        y = rows[-1].foot + _GAP
    bars: list[CommitmentBar] = []
    commitment_height = _COMMITMENT + (_LINE if narrow else 0)
    commitments_y = y + _SECTION - 8 if commitments else None
    y += _SECTION if commitments else 0
    for commitment in commitments:
        bars.append(layout.bar(commitment, y))
        y += commitment_height
    framework_rows: list[LaneRow] = []
    frameworks_y = y + _SECTION - 8 if frameworks else None
    y += _SECTION if frameworks else 0
    for lane in frameworks:
        framework_rows.append(layout.row(lane, y, (1, 1)))
        y = framework_rows[-1].foot + _GAP
    round_days = layout.scale.round_days(4 if narrow else 7)
    return LanesScene(
        width=width,
        height=round(y + _FOOTER),
        slot=layout.slot,
        step=round_days.step,
        ticks=tuple(layout.tick(day) for day in round_days.days),
        today=layout.tick(today) if visible.first <= today <= visible.last else None,
        rows=tuple(rows),
        commitments_y=commitments_y,
        commitment_height=commitment_height,
        bars=tuple(bars),
        frameworks_y=frameworks_y,
        frameworks=tuple(framework_rows),
    )


def _joined(lane: Lane) -> Lane:
    """Join the slots of a lane in pairs."""
    counts = [one + other for one, other in zip(lane.counts[::2], lane.counts[1::2], strict=True)]
    singles: dict[int, Sequence[EventSpan]] = {}
    for slot, count in enumerate(counts):
        spans = [*lane.singles.get(2 * slot, ()), *lane.singles.get(2 * slot + 1, ())]
        if 0 < count == len(spans) <= (1 if lane.line else DEPTH):
            singles[slot] = spans
    return replace(lane, counts=counts, singles=singles)


def _grouped(lane: Lane) -> dict[int, int]:
    """Return the sizes of the lane's groups of events, by slot."""
    return {
        slot: count for slot, count in enumerate(lane.counts) if count and slot not in lane.singles
    }


class _RowLayout:
    """Lays out rows and bars over the visible time."""

    def __init__(self, visible: TimeSpan, clock: Clock, width: int, slots: int) -> None:
        self._visible, self._clock = visible, clock
        self._edges = slot_edges(visible)[:: SLOTS // slots]
        self.slot = (width - 2 * MARGIN) / slots
        self.left, self.right = MARGIN, width - MARGIN
        # One day more, so that the last day has its width as well.
        self.scale = DayScale(visible.first, _day_after(visible.last), self.left, self.right)

    def tick(self, day: dt.date) -> DayTick:
        """Return the tick of a day; the labels of those near the ends are aligned inward."""
        x = self.scale.x(day)
        near = 36.0
        anchor = "start" if x < self.left + near else "end" if x > self.right - near else "middle"
        return DayTick(x, anchor, day)

    def row(self, lane: Lane, top: float, sizes: tuple[int, int]) -> LaneRow:
        """Lay out a lane: as high as its highest stack, and higher if its name needs a line.

        ``sizes`` are those of the smallest and of the largest group in any lane.
        """
        group_sizes = _grouped(lane)
        stack = max((len(spans) for spans in lane.singles.values()), default=1)
        depth = 1 if lane.line else max(stack, 2 if group_sizes else 1)
        name_end = self.left + text_width(lane.label, 13) + _GAP
        for foot in (top + depth * ROW + 2, top + depth * ROW + _NAME):
            marks = tuple(self._marks(lane, foot, depth))
            groups = tuple(
                self._group(slot, size, foot, sizes, depth) for slot, size in group_sizes.items()
            )
            # The left ends of all that is as high up as the name.
            lefts = [
                *(
                    min((mark.left, *(mark.reach or ())))
                    for mark in marks
                    if mark.y - RADIUS < top + 16
                ),
                *(group.x for group in groups if group.y < top + _NAME),
            ]
            if not lane.line and min(lefts, default=name_end) >= name_end:
                break
        awaited = self._awaited(lane.awaited, foot) if lane.awaited else None
        return LaneRow(
            lane.code,
            top + 15,
            foot,
            foot - ROW / 2 if lane.line else None,
            tuple(self._titled(marks, groups, awaited)),
            groups,
            awaited,
        )

    def _titled(
        self,
        marks: Sequence[EventMark],
        groups: Sequence[EventColumn],
        awaited: Rectangle | None,
    ) -> Iterable[EventMark]:
        """Give the marks of a row the room for a title that is free on their right."""
        boxes = [(group.x, group.x + self.slot, group.y) for group in groups]
        if awaited:
            boxes.append((awaited.x, awaited.x + awaited.width, awaited.y))
        for mark in marks:
            begin = mark.extent[1] + _TITLE_GAP
            others = [other.extent for other in marks if other is not mark and other.y == mark.y]
            others += [(left, right) for left, right, top in boxes if top < mark.y + RADIUS]
            end = min((left for left, right in others if right > begin), default=self.right)
            width = end - _TITLE_GAP - begin
            yield mark._replace(title=(round(begin, 1), width)) if width >= _MIN_TITLE else mark

    def _group(
        self, slot: int, number: int, foot: float, sizes: tuple[int, int], depth: int
    ) -> EventColumn:
        first, after = self._edges[slot], self._edges[slot + 1]
        span = TimeSpan(dt.date.fromordinal(first), dt.date.fromordinal(after - 1))
        smallest, largest = sizes
        height = round(ROW - 4 + (number / largest) ** 0.5 * (depth - 1) * ROW, 1)
        x = round(self.left + slot * self.slot + 1, 1)
        share = log(number / smallest) / log(largest / smallest) if largest > smallest else 0
        shade = 1 + min(int(SHADES * share), SHADES - 1)
        return EventColumn(span, number, x, round(foot - 2 - height, 1), height, shade)

    def _marks(self, lane: Lane, foot: float, depth: int) -> Iterable[EventMark]:
        """Put each event at the lowest level of its slot that no earlier one reaches into."""
        ends = [-1.0] * depth
        for slot in sorted(lane.singles):
            free = list(range(depth))
            for event in lane.singles[slot]:
                left = self.left + slot * self.slot
                level = next((n for n in free if ends[n] <= left), free[0])
                free.remove(level)
                mark = self._mark(event, left, foot - ROW * (level + 0.5))
                ends[level] = max(ends[level], mark.reach[1] if mark.reach else 0, left + self.slot)
                yield mark

    def _mark(self, event: EventSpan, left: float, y: float) -> EventMark:
        x = min(max(self.scale.x(event.first), left + RADIUS + 1), left + self.slot - RADIUS - 1)
        last = max(min(self._clock.as_of, event.last), event.first) if event.ongoing else event.last
        begin, end = self._start(event.first), self._end(last)
        is_wide = event.first < event.last and (end - begin > 2 * RADIUS or event.ongoing)
        begin, end = (begin, max(end, x + RADIUS)) if is_wide else (x - RADIUS, x + RADIUS)
        fades = f"M{begin:g} {y:g}h-{_FADE:g}M{end:g} {y:g}h{_FADE:g}" if not event.sure else ""
        has_arrow = event.ongoing and last <= self._visible.last
        arrow = f"M{end:g} {y:g}m-2-6 {_ARROW:g} 6-{_ARROW:g} 6" if has_arrow else ""
        reach = (round(begin, 1), round(end, 1)) if is_wide else None
        return EventMark(event.key, round(x, 1), y, round(left, 1), reach, fades, arrow)

    def _start(self, day: dt.date) -> float:
        """Return where something begins: at the edge of the picture if before the visible time."""
        return 0.0 if day < self._visible.first else self.scale.x(day)

    def _end(self, day: dt.date) -> float:
        """Return where something ends: at the edge of the picture if after the visible time."""
        return self.right + MARGIN if day > self._visible.last else self.scale.x(_day_after(day))

    def _awaited(self, window: TimeSpan, foot: float) -> Rectangle:
        x, end = self.scale.x(window.first), self.scale.x(_day_after(window.last))
        width = max(end - x, _MIN_WIDTH)
        x = min(x, self.right - width)
        return Rectangle(round(x, 1), foot - ROW + 1, round(width, 1), ROW - 2)

    def bar(self, commitment: CommitmentSpan, top: float) -> CommitmentBar:
        """Lay out the bar of a commitment, from the day on which it was made."""
        last = commitment.due or max(self._clock.as_of, commitment.made)
        x, end = self._start(commitment.made), self._end(last)
        width = max(end - x, _MIN_WIDTH)
        x = min(x, self.right + MARGIN - width)
        clock_day = self._end(self._clock.day)
        late = None
        if commitment.due and clock_day > x + width:
            late = round(x + width, 1), round(clock_day - x - width, 1)
        is_open = commitment.due is None and last <= self._visible.last
        return CommitmentBar(commitment.key, top, round(x, 1), round(width, 1), late, is_open)


def _day_after(day: dt.date) -> dt.date:
    return day if day == dt.date.max else day + dt.timedelta(days=1)
