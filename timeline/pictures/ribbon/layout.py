"""Who received whom when: a framework's meetings on a line for each side.

A session that took its turn, one taken out of turn, one hosted outside and one without a host on
record differ by shape, so that nothing is told by colour alone.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from timeline.pictures.ribbon.labels import ABOVE, BELOW, HALF, Box, Curve, Label, Taken, place
from timeline.pictures.scales import DayScale, Tick, room

_YEAR: Final = dt.timedelta(days=366)


class Kind(StrEnum):
    """What a meeting was to the turns, which gives its mark a shape."""

    TURN = "turn"
    OUT_OF_TURN = "out-of-turn"
    OUTSIDE = "outside"
    NO_HOST = "no-host"
    ASIDE = "aside"
    PLANNED = "planned"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


_TURNS: Final = frozenset({Kind.TURN, Kind.OUT_OF_TURN})


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting to draw: its days, the line that it stands on, and the line that was due.

    ``label`` is its place and its date, the two lines that stand beside its mark; ``title`` is
    all that is said of it.
    """

    first: dt.date
    last: dt.date
    lane: int
    kind: Kind
    label: tuple[str, str]
    title: str
    address: str
    due_lane: int | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """The window of the next session; without a lane it may be on any."""

    first: dt.date
    last: dt.date
    lane: int | None
    label: tuple[str, str]


class Mark(NamedTuple):
    """A meeting on its line; ``reach`` is how far its days may stretch, where that can be seen."""

    x: float
    y: float
    kind: Kind
    title: str
    address: str
    reach: tuple[float, float] | None
    due_y: float | None


class Lane(NamedTuple):
    """One line with its name."""

    y: float
    name: str
    name_y: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """The picture: everything with its place, in units of ``width`` by ``height``."""

    width: int
    height: int
    left: float
    right: float
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    today: float
    paths: tuple[str, ...]
    expected: Box | None
    expected_path: str
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    kinds: tuple[Kind, ...]


_TALL: Final = 96
"""Height of a line's room: a mark with two lines of text above it and two below."""
_NAMED: Final = 18
"""What is added to it where the line's name stands above and not beside it."""
_TOP: Final = 26
_FOOT: Final = 22
_NARROW: Final = 500


def draw(
    lanes: Sequence[str],
    meetings: Iterable[Meeting],
    expected: Expected | None,
    today: dt.date,
    width: int,
) -> Ribbon:
    """Lay a framework's meetings out on lines by side, from the first to today or beyond."""
    rows = sorted(meetings, key=lambda one: (one.first, one.last, one.address))
    narrow = width < _NARROW
    left = 14.0 if narrow else 22.0 + max((room(name, 13) for name in lanes), default=0)
    scale = _scale(rows, expected, today, left + 16, width - _margin(expected, today))
    tall = _TALL + (_NAMED if narrow else 0)
    lines = tuple(
        Lane(y, name, y - 52 if narrow else y + 4)
        for name, y in ((name, _TOP + tall * (n + 1) - _TALL / 2) for n, name in enumerate(lanes))
    )
    marks = _marks(rows, lines, scale)
    box = _box(expected, lines, scale)
    height = round(_TOP + tall * len(lanes) + _FOOT)
    turns = [mark for mark in marks if mark.kind in _TURNS]
    ties = [Curve(one.x, one.y, other.x, other.y) for one, other in pairwise(turns)]
    # Where no source names the host, a line to the box would end on one of the sides.
    told = expected is not None and expected.lane is not None
    next_tie = (
        Curve(turns[-1].x, turns[-1].y, box.x, box.y + box.height / 2)
        if box and turns and told
        else None
    )
    curves = (*ties, *((next_tie,) if next_tie else ()))
    floor = max((line.y for line in lines), default=0) + _TALL / 2
    taken = Taken(marks, box, curves, scale.x(today), width - 2.0, floor)
    return Ribbon(
        width=width,
        height=height,
        left=left,
        right=width - 8.0,
        lanes=lines,
        ticks=tuple(scale.years(4 if narrow else 10)),
        today=taken.today,
        paths=tuple(tie.path for tie in ties),
        expected=box,
        expected_path=next_tie.path if next_tie else "",
        marks=marks,
        labels=_labels(rows, marks, expected, lines, taken),
        kinds=tuple(kind for kind in Kind if any(mark.kind == kind for mark in marks)),
    )


def _margin(expected: Expected | None, today: dt.date) -> float:
    """Room at the right end, with a text's width where one stands beyond today's line."""
    if expected is None or expected.last < today:
        return 24.0
    return max(room(line) for line in expected.label) + 8.0


def _scale(
    rows: Sequence[Meeting], expected: Expected | None, today: dt.date, left: float, right: float
) -> DayScale:
    ends = [today, *(_end(row, today) for row in rows), *((expected.last,) if expected else ())]
    starts = [today, *(row.first for row in rows), *((expected.first,) if expected else ())]
    first, last = min(starts), max(ends)
    if last - first < _YEAR:
        first = max(first, dt.date.min + _YEAR) - _YEAR / 2
        last = min(last, dt.date.max - _YEAR) + _YEAR / 2
    return DayScale(first, last, left, right)


def _end(row: Meeting, today: dt.date) -> dt.date:
    """The last day to draw of a meeting; what goes on without an end is drawn to today."""
    return row.last if row.last.year < 9999 else max(row.first, min(today, row.last))


def _marks(rows: Sequence[Meeting], lines: Sequence[Lane], scale: DayScale) -> tuple[Mark, ...]:
    found: list[Mark] = []
    for row in rows:
        begin, end = scale.x(row.first), scale.x(min(row.last, scale.last))
        x = round((begin + end) / 2, 1)
        y = lines[row.lane].y
        # Marks that would lie on one another step down, as far as there is room.
        taken = [mark.y for mark in found if abs(mark.x - x) < HALF and abs(mark.y - y) < 30]
        y += next((step for step in (0, 14, -14, 26) if y + step not in taken), 26)
        found.append(
            Mark(
                x,
                y,
                row.kind,
                row.title,
                row.address,
                (begin, end) if end - begin > 2 * HALF else None,
                lines[row.due_lane].y if row.due_lane is not None else None,
            )
        )
    return tuple(found)


def _box(expected: Expected | None, lines: Sequence[Lane], scale: DayScale) -> Box | None:
    if expected is None or not lines:
        return None
    begin, end = scale.x(expected.first), scale.x(expected.last)
    middle, wide = (begin + end) / 2, max(end - begin, 2.0 * HALF)
    x = round(min(max(middle - wide / 2, scale.left), scale.right - wide), 1)
    if expected.lane is None:
        return Box(x, lines[0].y - 16, round(wide, 1), lines[-1].y - lines[0].y + 32)
    return Box(x, lines[expected.lane].y - 16, round(wide, 1), 32)


def _labels(
    rows: Sequence[Meeting],
    marks: Sequence[Mark],
    expected: Expected | None,
    lines: Sequence[Lane],
    taken: Taken,
) -> tuple[Label, ...]:
    """Texts beside marks, sessions that took a turn first, each only where it finds room."""
    placed: list[Label] = []
    if expected is not None and taken.box is not None:
        middle = taken.box.x + taken.box.width / 2
        lane = expected.lane
        above = lines[lane or 0].y - ABOVE
        below = lines[-1 if lane is None else lane].y + BELOW
        place(placed, middle, (above, below), expected.label, taken)
    wanted = sorted(zip(rows, marks, strict=True), key=lambda pair: pair[1].kind not in _TURNS)
    for row, mark in wanted:
        place(placed, mark.x, (mark.y - ABOVE, mark.y + BELOW), row.label, taken, mark)
    return tuple(placed)
