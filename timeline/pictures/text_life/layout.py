"""The layout of the life of a text: a line for each party, from the date of the text to a day.

A line is thin while the party only signed, wider once it consented, and full while it is bound.
Marks differ by shape, so that nothing depends on colour alone.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from timeline.core.codes import InstrumentAct, PartyStatus
from timeline.pictures.scales import DayScale
from timeline.pictures.text_metrics import BOLD, break_lines, width

TickLabel = Callable[[dt.date, int], str]


class MarkKind(StrEnum):
    """What was done, as far as marks tell it apart."""

    PREPARED = "prepared"
    SIGNED = "signed"
    AT_HOME = "at-home"
    CONSENTED = "consented"
    IN_FORCE = "in-force"
    BESIDE = "beside"
    LEFT = "left"


KINDS: Final = {
    InstrumentAct.ADOPTED: MarkKind.PREPARED,
    InstrumentAct.INITIALLED: MarkKind.PREPARED,
    InstrumentAct.SIGNED: MarkKind.SIGNED,
    InstrumentAct.APPROVED_AT_HOME: MarkKind.AT_HOME,
    InstrumentAct.RATIFIED: MarkKind.CONSENTED,
    InstrumentAct.ACCEPTED: MarkKind.CONSENTED,
    InstrumentAct.APPROVED: MarkKind.CONSENTED,
    InstrumentAct.ACCEDED: MarkKind.CONSENTED,
    InstrumentAct.SUCCEEDED: MarkKind.CONSENTED,
    InstrumentAct.IN_FORCE_FOR: MarkKind.IN_FORCE,
    InstrumentAct.DENOUNCED: MarkKind.LEFT,
}
"""The kinds of acts; all others stand beside, and make and unmake no status."""


@dataclass(frozen=True, slots=True)
class ActSpan:
    """An act to draw, with the days that its date may mean."""

    first: dt.date
    last: dt.date
    kind: MarkKind
    title: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class StatusSpan:
    """A status from its first day on; ``label`` is written above its line."""

    first: dt.date
    status: PartyStatus
    label: str


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party to draw."""

    name: str
    acts: tuple[ActSpan, ...]
    statuses: tuple[StatusSpan, ...]


@dataclass(frozen=True, slots=True)
class Turning:
    """What became of the whole text on a day: a line across all parties, with a label."""

    day: dt.date
    act: InstrumentAct
    label: str


class ActMark(NamedTuple):
    """The mark of an act; ``reach`` is the extent of its days, where that is wider."""

    x: float
    y: float
    kind: MarkKind
    title: str
    address: str
    reach: tuple[float, float] | None


class DrawnSpan(NamedTuple):
    """The part of a party's line on which it has a status."""

    x1: float
    x2: float
    status: PartyStatus


class PlacedText(NamedTuple):
    """A text that begins at ``x``; ``y`` is its baseline."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """The line of a party at a height of ``y``, with the lines of its name."""

    y: float
    names: tuple[PlacedText, ...]
    segments: tuple[DrawnSpan, ...]
    labels: tuple[PlacedText, ...]
    marks: tuple[ActMark, ...]


class LabelledTick(NamedTuple):
    """A position on the scale with its label."""

    x: float
    label: PlacedText


class Crossing(NamedTuple):
    """The line of something that became of the whole text."""

    x: float
    act: InstrumentAct
    label: PlacedText


@dataclass(frozen=True, slots=True)
class Scene:
    """The layout of the whole picture; ``top`` and ``bottom`` are the ends of upright lines."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    lanes: tuple[DrawnLine, ...]
    ticks: tuple[LabelledTick, ...]
    crossings: tuple[Crossing, ...]
    day: PlacedText
    kinds: tuple[MarkKind, ...]


HALF: Final = 7.0
"""Half the size of a mark."""

_NARROW: Final = 500
"""The width below which a picture is narrow: names stand above the lines and not beside them."""
_LANE: Final = 60
"""The height of a line: a label above it and two more marks below it."""
_NAME: Final = 18
"""Added to it in narrow pictures."""
_ROW: Final = 15
"""The height of a row of labels."""
_SIZE: Final = 12
_NAME_ROOM: Final = 190
_LEAST: Final = dt.timedelta(days=60)
"""The shortest time that is drawn."""


def draw(
    parties: Sequence[PartyLine],
    turnings: Iterable[Turning],
    first: dt.date,
    day: tuple[dt.date, str],
    size: int,
    tick_label: TickLabel,
) -> Scene:
    """Lay out the life of a text from its first day to a day, which has a label.

    ``tick_label`` names the first day of a period of so many months, or of some days if that is 0.
    """
    narrow = size < _NARROW
    last, day_label = day
    names = [
        break_lines(party.name, size - 28 if narrow else _NAME_ROOM, 13, stretch=BOLD, max_lines=2)
        for party in parties
    ]
    name_width = max((width(line, 13, BOLD) for lines in names for line in lines), default=0)
    left = 12.0 if narrow else round(22 + name_width, 1)
    right = size - 12.0
    first = min(first, max(last, dt.date.min + _LEAST) - _LEAST)
    scale = DayScale(first, last, left + HALF + 2, right - HALF - 2)
    crossings, rows = _crossings(turnings, scale, size, day_label)
    top = 8.0 + _ROW * rows
    lane_height = _LANE + (_NAME if narrow else 0)
    lanes = tuple(
        _lane(party, lines, scale, top + lane_height * n + lane_height - 32, narrow=narrow)
        for n, (party, lines) in enumerate(zip(parties, names, strict=True))
    )
    bottom = top + lane_height * len(parties) + 6
    return Scene(
        width=size,
        height=round(bottom + 22),
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        lanes=lanes,
        ticks=_ticks(scale, size, 3 if narrow else 7, bottom + 16, tick_label),
        crossings=crossings,
        day=PlacedText(day_label, round(size - 4 - width(day_label, _SIZE), 1), _ROW - 2.0),
        kinds=tuple(
            kind for kind in MarkKind if any(m.kind == kind for lane in lanes for m in lane.marks)
        ),
    )


def _ticks(
    scale: DayScale, size: int, at_most: int, y: float, label: TickLabel
) -> tuple[LabelledTick, ...]:
    round_days = scale.round_days(at_most)
    ticks = []
    for day in round_days.days:
        x, text = scale.x(day), label(day, round_days.step)
        label_width = width(text, _SIZE)
        begin = min(max(x - label_width / 2, 4.0), size - 4 - label_width)
        ticks.append(LabelledTick(x, PlacedText(text, round(begin, 1), y)))
    return tuple(ticks)


def _crossings(
    turnings: Iterable[Turning], scale: DayScale, size: int, day_label: str
) -> tuple[tuple[Crossing, ...], int]:
    """Place the labels of upright lines in as few rows as they need; return how many those are.

    The label of the day stands at the end of the first row.
    """
    taken: list[list[tuple[float, float]]] = [[(size - 12 - width(day_label, _SIZE), float(size))]]
    crossings = []
    for turning in sorted(turnings, key=lambda one: (one.day, one.label)):
        x, label_width = scale.x(turning.day), width(turning.label, _SIZE)
        begin = round(max(min(x + 4, size - 4 - label_width), 2.0), 1)
        end = begin + label_width + 8
        row = next((n for n, row in enumerate(taken) if _is_free(row, begin, end)), len(taken))
        if row == len(taken):
            taken.append([])
        taken[row].append((begin, end))
        label = PlacedText(turning.label, begin, _ROW * (row + 1) - 2.0)
        crossings.append(Crossing(x, turning.act, label))
    return tuple(crossings), len(taken)


def _is_free(taken: Iterable[tuple[float, float]], begin: float, end: float) -> bool:
    return all(end <= start or begin >= stop for start, stop in taken)


def _lane(
    party: PartyLine, names: Sequence[str], scale: DayScale, y: float, *, narrow: bool
) -> DrawnLine:
    baseline = y - 30 if narrow else y + 4 - _ROW * (len(names) - 1) / 2
    segments = _segments(party.statuses, scale)
    return DrawnLine(
        y=y,
        names=tuple(PlacedText(name, 4.0, baseline + _ROW * n) for n, name in enumerate(names)),
        segments=segments,
        labels=_status_labels(party.statuses, segments, scale, y - 13),
        marks=_marks(party.acts, scale, y),
    )


def _segments(statuses: Sequence[StatusSpan], scale: DayScale) -> tuple[DrawnSpan, ...]:
    edges = [*(scale.x(status.first) for status in statuses), scale.x(scale.last)]
    return tuple(
        DrawnSpan(x1, x2, status.status)
        for status, (x1, x2) in zip(statuses, pairwise(edges), strict=True)
    )


def _status_labels(
    statuses: Sequence[StatusSpan], segments: Sequence[DrawnSpan], scale: DayScale, y: float
) -> tuple[PlacedText, ...]:
    """Write each status above its line if there is room; the last one may begin before it."""
    labels: list[PlacedText] = []
    free = 0.0
    for status, segment in zip(statuses, segments, strict=True):
        label_width = width(status.label, _SIZE)
        x = segment.x1 - HALF
        if segment is segments[-1]:
            x = min(x, scale.right + HALF - label_width)
        elif x + label_width > segment.x2 - HALF:
            continue
        if x >= free:
            labels.append(PlacedText(status.label, round(x, 1), y))
            free = x + label_width + 6
    return tuple(labels)


def _marks(acts: Iterable[ActSpan], scale: DayScale, y: float) -> tuple[ActMark, ...]:
    marks: list[ActMark] = []
    for act in sorted(acts, key=lambda one: (one.first, one.last, [*MarkKind].index(one.kind))):
        begin, end = scale.x(act.first), scale.x(min(act.last, scale.last))
        x = round((begin + end) / 2, 1)
        taken = [mark.y for mark in marks if abs(mark.x - x) < 2 * HALF]
        place = next((y + step for step in (0.0, 14.0) if y + step not in taken), y + 28.0)
        reach = (begin, end) if end - begin > 2 * HALF else None
        marks.append(ActMark(x, place, act.kind, act.title, act.address, reach))
    return tuple(marks)
