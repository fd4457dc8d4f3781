"""What happened when, in lanes: marks over a window of time, stacked, grouped where they are many.

Time is cut into slots as wide as a mark's target. The picture's size hangs on lanes and slots,
never on the number of events.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from timeline.pictures.lanes.windows import SLOTS, Stretch, edges
from timeline.pictures.scales import DayScale, room

DEPTH: Final = 3
"""Marks that stand above one another in a slot; where there are more, they are one group."""

WIDE: Final = 588
"""Width of the picture for wide screens; a slot of it is 24 units wide."""
PHONE: Final = 300
MARGIN: Final = 6.0
MARKED: Final = 7.0
"""Half of the width of a mark."""

_HEAD: Final = 24.0
_NAME: Final = 20.0
ROW: Final = 24.0
_GAP: Final = 8.0
_SECTION: Final = 30.0
_COMMITMENT: Final = 40.0
"""Height of a commitment: a line of text above a bar; on a phone there are two."""
_LINE: Final = 15.0
_FOOT: Final = 24.0
_FADE: Final = 10.0
_ARROW: Final = 8.0
_LEAST: Final = 4.0


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
    """What stands in one lane: how many in each slot, and the events themselves where few.

    ``label`` is what its name will read. ``awaited`` is a stretch in which something is expected.
    A ``line`` ties its marks together.
    """

    code: str
    label: str
    counts: Sequence[int]
    singles: Mapping[int, Sequence[EventSpan]]
    awaited: Stretch | None = None
    line: bool = False


def gathered(
    code: str,
    label: str,
    found: Iterable[EventSpan],
    seen: Stretch,
    awaited: Stretch | None = None,
) -> Lane:
    """A lane with a line, of events not yet put into slots; one for each slot stands by itself."""
    cut = edges(seen)
    slots: dict[int, list[EventSpan]] = {}
    for one in found:
        if one.first <= seen.last and one.last >= seen.first:
            number = max(bisect_right(cut, one.first.toordinal()) - 1, 0)
            slots.setdefault(number, []).append(one)
    counts = [len(slots.get(number, ())) for number in range(SLOTS)]
    singles = {number: held for number, held in slots.items() if len(held) == 1}
    if awaited and (awaited.last < seen.first or awaited.first > seen.last):
        awaited = None
    return Lane(code, label, counts, singles, awaited, line=True)


@dataclass(frozen=True, slots=True)
class CommitmentSpan:
    """A commitment to draw, by key: made on ``made``, due by ``due`` where it is."""

    key: int
    made: dt.date
    due: dt.date | None


class Mark(NamedTuple):
    """An event by itself; its target begins at ``left``.

    ``reach`` is how far the days stretch that its date may mean, where that is wider than it;
    beyond lies what ``fades``, or an arrow, as paths.
    """

    key: int
    x: float
    y: float
    left: float
    reach: tuple[float, float] | None
    fades: str
    arrow: str


class Group(NamedTuple):
    """Events of a slot that are too many to stand by themselves, as a column."""

    stretch: Stretch
    number: int
    x: float
    y: float
    height: float


class Box(NamedTuple):
    """Where something is expected."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Row:
    """A lane with its place; ``foot`` is the line that its marks stand on."""

    code: str
    name_y: float
    foot: float
    line_y: float | None
    marks: tuple[Mark, ...]
    groups: tuple[Group, ...]
    box: Box | None


class Bar(NamedTuple):
    """A commitment from made to due; ``late`` is where the time since then begins, and its width.

    ``open`` says that it has no due date: its bar goes on from today, which is seen.
    """

    key: int
    y: float
    x: float
    width: float
    late: tuple[float, float] | None
    open: bool

    @property
    def end(self) -> float:
        """Where its bar ends."""
        return round(self.x + self.width, 1)


class Round(NamedTuple):
    """A round day on the line of time, and how its name hangs on its place."""

    x: float
    anchor: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Scene:
    """The picture: everything with its place, in units of ``width`` by ``height``.

    ``step`` is how many months lie between two ticks, 0 where they are days; ``commitment_height``
    is how high a commitment is. ``commitments_y`` and ``frameworks_y`` are where those sections are
    named, None where there are none.
    """

    width: int
    height: int
    slot: float
    step: int
    ticks: tuple[Round, ...]
    today: Round | None
    rows: tuple[Row, ...]
    commitments_y: float | None
    commitment_height: float
    bars: tuple[Bar, ...]
    frameworks_y: float | None
    frameworks: tuple[Row, ...]

    @property
    def foot(self) -> float:
        """Where lines across the picture end."""
        return self.height - _FOOT


def draw(
    seen: Stretch,
    lanes: Sequence[Lane],
    commitments: Sequence[CommitmentSpan],
    frameworks: Sequence[Lane],
    today: dt.date,
    width: int,
) -> Scene:
    """Lay lanes, then commitments, then frameworks out below one another over a window of time."""
    narrow = width < WIDE
    if narrow:
        lanes, frameworks = ([_joined(lane) for lane in many] for many in (lanes, frameworks))
    board = _Board(seen, today, width, SLOTS // 2 if narrow else SLOTS)
    most = max((count for lane in lanes for count in _grouped(lane).values()), default=1)
    y, rows = _HEAD, []
    for lane in lanes:
        rows.append(board.row(lane, y, most))
        y = rows[-1].foot + _GAP
    bars: list[Bar] = []
    commitment = _COMMITMENT + (_LINE if narrow else 0)
    commitments_y = y + _SECTION - 8 if commitments else None
    y += _SECTION if commitments else 0
    for one in commitments:
        bars.append(board.bar(one, y))
        y += commitment
    told: list[Row] = []
    frameworks_y = y + _SECTION - 8 if frameworks else None
    y += _SECTION if frameworks else 0
    for lane in frameworks:
        told.append(board.row(lane, y, 1))
        y = told[-1].foot + _GAP
    rounds = board.scale.rounds(4 if narrow else 7)
    return Scene(
        width=width,
        height=round(y + _FOOT),
        slot=board.slot,
        step=rounds.step,
        ticks=tuple(board.round(day) for day in rounds.days),
        today=board.round(today) if seen.first <= today <= seen.last else None,
        rows=tuple(rows),
        commitments_y=commitments_y,
        commitment_height=commitment,
        bars=tuple(bars),
        frameworks_y=frameworks_y,
        frameworks=tuple(told),
    )


def _joined(lane: Lane) -> Lane:
    """The lane with its slots joined in pairs."""
    counts = [one + other for one, other in zip(lane.counts[::2], lane.counts[1::2], strict=True)]
    singles: dict[int, Sequence[EventSpan]] = {}
    for number, count in enumerate(counts):
        held = [*lane.singles.get(2 * number, ()), *lane.singles.get(2 * number + 1, ())]
        if 0 < count == len(held) <= (1 if lane.line else DEPTH):
            singles[number] = held
    return replace(lane, counts=counts, singles=singles)


def _grouped(lane: Lane) -> dict[int, int]:
    """The slots of a lane whose events are a group, with how many they are."""
    return {n: count for n, count in enumerate(lane.counts) if count and n not in lane.singles}


class _Board:
    """Where days and slots lie."""

    def __init__(self, seen: Stretch, today: dt.date, width: int, slots: int) -> None:
        self._seen, self._today, self._slots = seen, today, slots
        self._edges = edges(seen)[:: SLOTS // slots]
        self.slot = (width - 2 * MARGIN) / slots
        self.left, self.right = MARGIN, width - MARGIN
        # One day more, so that the last day has its width, too.
        self.scale = DayScale(seen.first, _after(seen.last), self.left, self.right)

    def round(self, day: dt.date) -> Round:
        """A day on the line, its name turned inward at the ends."""
        x = self.scale.x(day)
        near = 36.0
        anchor = "start" if x < self.left + near else "end" if x > self.right - near else "middle"
        return Round(x, anchor, day)

    def row(self, lane: Lane, top: float, most: int) -> Row:
        """A lane as high as its highest stack, and its name above where no room is left beside."""
        groups = _grouped(lane)
        stacked = max((len(held) for held in lane.singles.values()), default=1)
        high = 1 if lane.line else max(stacked, 2 if groups else 1)
        named = self.left + room(lane.label, 13) + _GAP
        for foot in (top + high * ROW + 2, top + high * ROW + _NAME):
            marks = tuple(self._marks(lane, foot, high))
            columns = tuple(
                self._column(number, count, foot, (count / most) ** 0.5 * (high - 1) * ROW)
                for number, count in groups.items()
            )
            taken = [
                *(
                    min((one.left, *(one.reach or ())))
                    for one in marks
                    if one.y - MARKED < top + 16
                ),
                *(one.x for one in columns if one.y < top + _NAME),
            ]
            if not lane.line and min(taken, default=named) >= named:
                break
        return Row(
            lane.code,
            top + 15,
            foot,
            foot - ROW / 2 if lane.line else None,
            marks,
            columns,
            self._box(lane.awaited, foot) if lane.awaited else None,
        )

    def _column(self, number: int, count: int, foot: float, more: float) -> Group:
        first, after = self._edges[number], self._edges[number + 1]
        held = Stretch(dt.date.fromordinal(first), dt.date.fromordinal(after - 1))
        height = round(ROW - 4 + more, 1)
        x = round(self.left + number * self.slot + 1, 1)
        return Group(held, count, x, round(foot - 2 - height, 1), height)

    def _marks(self, lane: Lane, foot: float, high: int) -> Iterable[Mark]:
        """Each in the lowest place of its slot that nothing lies across, if there is one."""
        ends = [-1.0] * high
        for number in sorted(lane.singles):
            free = list(range(high))
            for one in lane.singles[number]:
                left = self.left + number * self.slot
                place = next((n for n in free if ends[n] <= left), free[0])
                free.remove(place)
                mark = self._mark(one, left, foot - ROW * (place + 0.5))
                ends[place] = max(ends[place], mark.reach[1] if mark.reach else 0, left + self.slot)
                yield mark

    def _mark(self, one: EventSpan, left: float, y: float) -> Mark:
        x = min(max(self.scale.x(one.first), left + MARKED + 1), left + self.slot - MARKED - 1)
        last = max(min(self._today, one.last), one.first) if one.ongoing else one.last
        begin, end = self._from(one.first), self._until(last)
        wide = one.first < one.last and (end - begin > 2 * MARKED or one.ongoing)
        begin, end = (begin, max(end, x + MARKED)) if wide else (x - MARKED, x + MARKED)
        fades = f"M{begin:g} {y:g}h-{_FADE:g}M{end:g} {y:g}h{_FADE:g}" if not one.sure else ""
        inside = one.ongoing and last <= self._seen.last
        arrow = f"M{end:g} {y:g}m-2-6 {_ARROW:g} 6-{_ARROW:g} 6" if inside else ""
        reach = (round(begin, 1), round(end, 1)) if wide else None
        return Mark(one.key, round(x, 1), y, round(left, 1), reach, fades, arrow)

    def _from(self, day: dt.date) -> float:
        """Where something begins: at the very edge what began before the time seen."""
        return 0.0 if day < self._seen.first else self.scale.x(day)

    def _until(self, day: dt.date) -> float:
        """Where something ends: at the very edge what goes on after the time seen."""
        return self.right + MARGIN if day > self._seen.last else self.scale.x(_after(day))

    def _box(self, awaited: Stretch, foot: float) -> Box:
        x, end = self.scale.x(awaited.first), self.scale.x(_after(awaited.last))
        wide = max(end - x, _LEAST)
        x = min(x, self.right - wide)
        return Box(round(x, 1), foot - ROW + 1, round(wide, 1), ROW - 2)

    def bar(self, one: CommitmentSpan, top: float) -> Bar:
        """A commitment from the day on which it was made."""
        last = one.due or max(self._today, one.made)
        x, end = self._from(one.made), self._until(last)
        wide = max(end - x, _LEAST)
        x = min(x, self.right + MARGIN - wide)
        until = self._until(self._today)
        late = (round(x + wide, 1), round(until - x - wide, 1)) if until > x + wide else None
        opened = one.due is None and last <= self._seen.last
        return Bar(one.key, top, round(x, 1), round(wide, 1), late if one.due else None, opened)


def _after(day: dt.date) -> dt.date:
    return day if day == dt.date.max else day + dt.timedelta(days=1)
