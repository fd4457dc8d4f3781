"""The layout of the ribbon: a framework's meetings on a line for each side that hosted.

Sessions in turn, out of turn, hosted outside and without a host on record differ by shape, so that
nothing depends on colour alone.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from timeline.pictures.ribbon.labels import (
    ABOVE,
    BELOW,
    HALF,
    Curve,
    MarkLabel,
    Obstacles,
    place_label,
)
from timeline.pictures.scales import DayScale, Rectangle, Tick, text_width

_YEAR: Final = dt.timedelta(days=366)


class MeetingKind(StrEnum):
    """What a meeting was to the rotation, which decides the shape of its mark."""

    TURN = "turn"
    OUT_OF_TURN = "out-of-turn"
    OUTSIDE = "outside"
    NO_HOST = "no-host"
    ASIDE = "aside"
    PLANNED = "planned"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


_TURNS: Final = frozenset({MeetingKind.TURN, MeetingKind.OUT_OF_TURN})


@dataclass(frozen=True, slots=True)
class MeetingSpan:
    """A meeting to draw: its days, the line of its host, and the line of the side that was due.

    ``label`` is its place and its date, the two lines of text beside its mark.
    """

    first: dt.date
    last: dt.date
    lane: int
    kind: MeetingKind
    label: tuple[str, str]
    title: str
    address: str
    due_lane: int | None = None


@dataclass(frozen=True, slots=True)
class ExpectedWindow:
    """The window of the next session; without a lane it extends over all lines."""

    first: dt.date
    last: dt.date
    lane: int | None
    label: tuple[str, str]


class MeetingMark(NamedTuple):
    """The mark of a meeting.

    ``reach`` is the extent of its days, where that is wider than the mark; ``due_y`` is the line of
    the side that was due, if another hosted.
    """

    x: float
    y: float
    kind: MeetingKind
    title: str
    address: str
    reach: tuple[float, float] | None
    due_y: float | None


class SideLine(NamedTuple):
    """The line of a side with its name."""

    y: float
    name: str
    name_y: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """The layout of the whole picture, in units of ``width`` by ``height``.

    ``left`` and ``right`` are the ends of the lines, ``today`` the position of today. ``paths``
    join sessions in turn, ``expected_path`` the last of them with the expected session.
    """

    width: int
    height: int
    left: float
    right: float
    lanes: tuple[SideLine, ...]
    ticks: tuple[Tick, ...]
    today: float
    paths: tuple[str, ...]
    expected: Rectangle | None
    expected_path: str
    marks: tuple[MeetingMark, ...]
    labels: tuple[MarkLabel, ...]
    kinds: tuple[MeetingKind, ...]


_LINE_HEIGHT: Final = 96
"""The height of a line: a mark with two lines of text above it and two below."""
_NAME_HEIGHT: Final = 18
"""Added to it in narrow pictures, where the name stands above the line and not beside it."""
_TOP: Final = 26
_BOTTOM: Final = 22
_NARROW: Final = 500
"""The width below which a picture is narrow."""


def draw(
    lanes: Sequence[str],
    meetings: Iterable[MeetingSpan],
    expected: ExpectedWindow | None,
    today: dt.date,
    width: int,
) -> Ribbon:
    """Lay out meetings on the lines of their hosts, from the first meeting to today or beyond."""
    ordered = sorted(meetings, key=lambda meeting: (meeting.first, meeting.last, meeting.address))
    narrow = width < _NARROW
    left = 14.0 if narrow else 22.0 + max((text_width(name, 13) for name in lanes), default=0)
    scale = _scale(ordered, expected, today, left + 16, width - _margin(expected, today))
    line_height = _LINE_HEIGHT + (_NAME_HEIGHT if narrow else 0)
    middles = (_TOP + line_height * (n + 1) - _LINE_HEIGHT / 2 for n in range(len(lanes)))
    lines = tuple(
        SideLine(y, name, y - 52 if narrow else y + 4)
        for name, y in zip(lanes, middles, strict=True)
    )
    marks = _marks(ordered, lines, scale)
    window = _window(expected, lines, scale)
    height = round(_TOP + line_height * len(lanes) + _BOTTOM)
    turns = [mark for mark in marks if mark.kind in _TURNS]
    ties = [Curve(start.x, start.y, end.x, end.y) for start, end in pairwise(turns)]
    next_tie = None
    # Where no source names the next host, the tie would end on the line of one of the sides.
    if window and turns and expected is not None and expected.lane is not None:
        last = turns[-1]
        next_tie = Curve(last.x, last.y, window.x, window.y + window.height / 2)
    curves = (*ties, *((next_tie,) if next_tie else ()))
    bottom = max((line.y for line in lines), default=0) + _LINE_HEIGHT / 2
    obstacles = Obstacles(marks, window, curves, scale.x(today), width - 2.0, bottom)
    return Ribbon(
        width=width,
        height=height,
        left=left,
        right=width - 8.0,
        lanes=lines,
        ticks=tuple(scale.years(4 if narrow else 10)),
        today=obstacles.today,
        paths=tuple(tie.path for tie in ties),
        expected=window,
        expected_path=next_tie.path if next_tie else "",
        marks=marks,
        labels=_labels(ordered, marks, expected, lines, obstacles),
        kinds=tuple(kind for kind in MeetingKind if any(mark.kind == kind for mark in marks)),
    )


def _margin(expected: ExpectedWindow | None, today: dt.date) -> float:
    """Return the space at the right end, which holds the window's label if it is after today."""
    if expected is None or expected.last < today:
        return 24.0
    return max(text_width(line) for line in expected.label) + 8.0


def _scale(
    meetings: Sequence[MeetingSpan],
    expected: ExpectedWindow | None,
    today: dt.date,
    left: float,
    right: float,
) -> DayScale:
    firsts = [today, *(meeting.first for meeting in meetings)]
    lasts = [today, *(_last_day(meeting, today) for meeting in meetings)]
    if expected:
        firsts.append(expected.first)
        lasts.append(expected.last)
    first, last = min(firsts), max(lasts)
    if last - first < _YEAR:
        first = max(first, dt.date.min + _YEAR) - _YEAR / 2
        last = min(last, dt.date.max - _YEAR) + _YEAR / 2
    return DayScale(first, last, left, right)


def _last_day(meeting: MeetingSpan, today: dt.date) -> dt.date:
    """Return the last day to draw of a meeting; one without an end is drawn until today."""
    if meeting.last.year < 9999:
        return meeting.last
    return max(meeting.first, min(today, meeting.last))


def _marks(
    meetings: Sequence[MeetingSpan], lines: Sequence[SideLine], scale: DayScale
) -> tuple[MeetingMark, ...]:
    marks: list[MeetingMark] = []
    for meeting in meetings:
        begin, end = scale.x(meeting.first), scale.x(min(meeting.last, scale.last))
        x = round((begin + end) / 2, 1)
        y = lines[meeting.lane].y
        # Marks that would overlap are moved down or up, as far as there is room.
        taken = [mark.y for mark in marks if abs(mark.x - x) < HALF and abs(mark.y - y) < 30]
        y += next((step for step in (0, 14, -14, 26) if y + step not in taken), 26)
        marks.append(
            MeetingMark(
                x,
                y,
                meeting.kind,
                meeting.title,
                meeting.address,
                (begin, end) if end - begin > 2 * HALF else None,
                lines[meeting.due_lane].y if meeting.due_lane is not None else None,
            )
        )
    return tuple(marks)


def _window(
    expected: ExpectedWindow | None, lines: Sequence[SideLine], scale: DayScale
) -> Rectangle | None:
    if expected is None or not lines:
        return None
    begin, end = scale.x(expected.first), scale.x(expected.last)
    middle, width = (begin + end) / 2, max(end - begin, 2.0 * HALF)
    x = round(min(max(middle - width / 2, scale.left), scale.right - width), 1)
    if expected.lane is None:
        return Rectangle(x, lines[0].y - 16, round(width, 1), lines[-1].y - lines[0].y + 32)
    return Rectangle(x, lines[expected.lane].y - 16, round(width, 1), 32)


def _labels(
    meetings: Sequence[MeetingSpan],
    marks: Sequence[MeetingMark],
    expected: ExpectedWindow | None,
    lines: Sequence[SideLine],
    obstacles: Obstacles,
) -> tuple[MarkLabel, ...]:
    """Place the labels for which there is room: the window's first, then those of turns."""
    labels: list[MarkLabel] = []
    window = obstacles.window
    if expected is not None and window is not None:
        lane = expected.lane
        above = lines[lane or 0].y - ABOVE
        below = lines[-1 if lane is None else lane].y + BELOW
        middle = window.x + window.width / 2
        place_label(labels, middle, (above, below), expected.label, obstacles)
    pairs = sorted(zip(meetings, marks, strict=True), key=lambda pair: pair[1].kind not in _TURNS)
    for meeting, mark in pairs:
        baselines = mark.y - ABOVE, mark.y + BELOW
        place_label(labels, mark.x, baselines, meeting.label, obstacles, mark)
    return tuple(labels)
