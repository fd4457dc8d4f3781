"""Two kinds of values against one another: how many events bear each pair of them.

Cells are coloured by the logarithm of their number, in steps even in lightness. Numbers of events
are many that are small and few that are large: a step of the logarithm stands for the same ratio
everywhere. Quantiles would spend most colours on the ones and twos, and would give two records,
or one before and after a filter, colours that mean nothing beside each other.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import mul
from typing import Final, NamedTuple

from timeline.pictures.scales import room

MOST: Final = 24
"""Rows, and columns, at the most."""

STEPS: Final = 7
"""Steps of the scale; cells without events are on none."""

WIDE: Final = 34
"""Width of a drawn cell, at the least."""

HIGH: Final = 28
"""Height of a drawn cell."""

_SWATCH: Final = 64
"""Width of a step of the scale where it is drawn, at the least."""

_GAP: Final = 8
"""Room between the cells and what stands beside them."""

_LEFT: Final = 160
"""Room beside the cells, at the least: what the scale is called stands there, too."""

_LETTERS: Final = 32
"""Letters that are drawn of a name."""

Pairs = Mapping[tuple[str, str], int]
"""How many events bear both a value of a row and one of a column; pairs without any left out."""


class Step(NamedTuple):
    """A step of the scale: the numbers that it stands for, both included."""

    first: int
    last: int


class Line(NamedTuple):
    """A row or a column: the value that it stands for, and how many of all events bear it."""

    value: str
    total: int


class Cell(NamedTuple):
    """Where a row meets a column.

    ``step`` counts from 1; it is 0 where there are no events, and in an ``own`` cell, in which a
    value meets itself: that is a total and no measure of a pair.
    """

    row: str
    column: str
    number: int
    step: int
    own: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """Rows and columns in order, the cells of each row, and the steps of the scale."""

    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    cells: tuple[tuple[Cell, ...], ...]
    steps: tuple[Step, ...]


def largest(counts: Mapping[str, int], chosen: Collection[str], most: int = MOST) -> list[str]:
    """The values with the largest counts, those that are chosen before all others."""
    ranked = sorted(
        {*counts, *chosen}, key=lambda one: (one not in chosen, -counts.get(one, 0), one)
    )
    return ranked[:most]


def scale(least: int, most: int) -> tuple[Step, ...]:
    """Cut the numbers from ``least`` to ``most`` into steps of even ratio.

    ``least`` is 1 or more. Where there are fewer numbers than steps, each has a step of its own,
    the palest first: a small record looks like one.
    """
    begins = [least]
    for number in range(1, STEPS):
        # Powers that are whole come out a breath above it.
        even = math.ceil(least * (most / least) ** (number / STEPS) - 1e-9)
        begin = max(even, begins[-1] + 1)
        if begin > most:
            break
        begins.append(begin)
    ends = (begin - 1 for begin in begins[1:])
    return tuple(map(Step, begins, [*ends, most]))


def step_of(number: int, steps: Sequence[Step]) -> int:
    """The step that a number is on, from 1; 0 for none."""
    return sum(step.first <= number for step in steps)


def by_similarity(rows: Sequence[Sequence[int]]) -> list[int]:
    """Order rows so that like ones stand side by side; gives their places.

    Two rows are as like as the cosine of the angle between them: what counts is how their numbers
    are shared out, not how large they are. The pair that is most alike is joined first, then the
    next whose ends are still free, until all are one chain; of pairs as like as each other those
    that came nearest to each other. The end that came first begins the chain.
    """
    chains: dict[int, list[int]] = {number: [number] for number in range(len(rows))}
    for one, other in _most_alike(rows):
        left, right = chains[one], chains[other]
        if left is right or not _is_end(one, left) or not _is_end(other, right):
            continue
        head = left if left[-1] == one else left[::-1]
        tail = right if right[0] == other else right[::-1]
        joined = head + tail
        chains.update(dict.fromkeys(joined, joined))
    chain = chains[0] if rows else []
    return chain if not chain or chain[0] < chain[-1] else chain[::-1]


def _is_end(number: int, chain: Sequence[int]) -> bool:
    return number in (chain[0], chain[-1])


def _most_alike(rows: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Pairs of rows, the most alike first."""
    lengths = [math.hypot(*row) for row in rows]

    def alike(one: int, other: int) -> float:
        whole = lengths[one] * lengths[other]
        # Rounded, so that what is equal but for the last bit keeps the order that it came in.
        return round(sum(map(mul, rows[one], rows[other])) / whole, 9) if whole else 0.0

    def key(pair: tuple[int, int]) -> tuple[float, int, int]:
        one, other = pair
        return -alike(one, other), other - one, one

    return sorted(combinations(range(len(rows)), 2), key=key)


def draw(
    rows: Sequence[Line], columns: Sequence[Line], pairs: Pairs, *, mutual: bool, alike: bool
) -> Scene:
    """Lay rows and columns out as given, or with ``alike`` those that are alike side by side.

    ``mutual`` says that both are the same values, so that some cells are where a value meets
    itself; both are then in one order.
    """
    if alike:
        rows, columns = _alike(rows, columns, pairs), _alike(columns, rows, _turned(pairs))
    columns = rows if mutual else columns
    between = [count for (row, column), count in pairs.items() if not mutual or row != column]
    steps = scale(min(between), max(between)) if between else ()

    def cell(row: str, column: str) -> Cell:
        count, own = pairs.get((row, column), 0), mutual and row == column
        return Cell(row, column, count, 0 if own else step_of(count, steps), own)

    cells = tuple(tuple(cell(row.value, column.value) for column in columns) for row in rows)
    return Scene(tuple(rows), tuple(columns), cells, steps)


def _alike(lines: Sequence[Line], others: Sequence[Line], pairs: Pairs) -> list[Line]:
    numbers = [[pairs.get((one.value, other.value), 0) for other in others] for one in lines]
    return [lines[place] for place in by_similarity(numbers)]


def _turned(pairs: Pairs) -> Pairs:
    return {(column, row): count for (row, column), count in pairs.items()}


class Head(NamedTuple):
    """The name of a row or column where it ends or begins, with its total."""

    x: int
    y: int
    name: str
    total: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with a number in it; ``x`` and ``y`` are of its upper left corner."""

    x: int
    y: int
    width: int
    height: int = HIGH

    @property
    def middle(self) -> int:
        """Where its number is centred."""
        return self.x + self.width // 2

    @property
    def line(self) -> int:
        """The line that its number stands on."""
        return self.y + self.height // 2 + 4


class Square(NamedTuple):
    """A cell with events in it."""

    box: Box
    cell: Cell


class Swatch(NamedTuple):
    """A step of the scale beneath the cells, numbered from 1."""

    box: Box
    number: int
    step: Step


@dataclass(frozen=True, slots=True)
class Drawn:
    """A scene with places, in pixels; ``ground`` is what lies beneath all cells."""

    width: int
    height: int
    ground: Box
    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    squares: tuple[Square, ...]
    swatches: tuple[Swatch, ...]


def place(scene: Scene, rows: Mapping[str, str], columns: Mapping[str, str]) -> Drawn:
    """Give a scene places: names of rows beside it, names of columns upright above it."""
    beside, above = _named(scene.rows, rows), _named(scene.columns, columns)
    left, top = _room_for(beside, _LEFT), _room_for(above, 0)
    wide, swatch = _widths(scene)
    ground = Box(left, top, wide * len(scene.columns), HIGH * len(scene.rows))
    foot = top + ground.height + 2 * _GAP
    return Drawn(
        width=left + max(ground.width, swatch * STEPS) + _GAP,
        height=foot + HIGH + _GAP,
        ground=ground,
        rows=tuple(
            Head(left - _GAP, Box(left, top + HIGH * number, wide).line, *named)
            for number, named in enumerate(beside)
        ),
        columns=tuple(
            Head(left + wide * number + wide // 2 + 4, top - _GAP, *named)
            for number, named in enumerate(above)
        ),
        squares=tuple(
            Square(Box(left + wide * across, top + HIGH * down, wide), cell)
            for down, cells in enumerate(scene.cells)
            for across, cell in enumerate(cells)
            if cell.number
        ),
        swatches=tuple(
            Swatch(Box(left + swatch * number, foot, swatch), number + 1, step)
            for number, step in enumerate(scene.steps)
        ),
    )


def _widths(scene: Scene) -> tuple[int, int]:
    """How wide a cell and a step of the scale must be for the numbers in them."""
    numbers = (f"{cell.number:,}" for cells in scene.cells for cell in cells)
    ranges = (f"{step.first}–{step.last}" for step in scene.steps)
    cell, step = (math.ceil(max(map(room, texts), default=0)) for texts in (numbers, ranges))
    return max(cell + _GAP, WIDE), max(step + 2 * _GAP, _SWATCH)


def _named(lines: Sequence[Line], names: Mapping[str, str]) -> list[tuple[str, int]]:
    return [(_shortened(names[line.value]), line.total) for line in lines]


def _shortened(name: str) -> str:
    return name if len(name) <= _LETTERS else name[: _LETTERS - 1].rstrip() + "…"


def _room_for(named: Sequence[tuple[str, int]], least: int) -> int:
    texts = (room(f"{name} {count}") for name, count in named)
    return max(math.ceil(max(texts, default=0.0)) + 2 * _GAP, least)
