"""The layout of the matrix: cells with the number of events that have both of two values.

Cells are coloured by the logarithm of their number, in steps of equal lightness. Most numbers of
events are small and a few are large: a step of the logarithm stands for the same ratio everywhere.
Quantiles would spend most colours on the ones and twos, and the colours of two records, or of one
before and after a filter, could not be compared.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import mul
from typing import Final, NamedTuple

from timeline.pictures.scales import text_width

MAX_ENTRIES: Final = 24
"""The maximum number of rows, and of columns."""

STEPS: Final = 7
"""The maximum number of steps of the scale, which has none for cells without events."""

MIN_WIDTH: Final = 34
"""The minimum width of a cell in the drawing."""

HEIGHT: Final = 28
"""The height of a cell in the drawing."""

_MIN_SWATCH: Final = 64
"""The minimum width of a step of the scale in the drawing."""

_GAP: Final = 8
"""The space between the cells and the texts around them."""

_MIN_LEFT: Final = 160
"""The minimum space left of the cells, where the title of the scale stands as well."""

_LETTERS: Final = 32
"""The maximum length of a name in the drawing."""

Pairs = Mapping[tuple[str, str], int]
"""The number of events that have both the value of a row and that of a column, without zeros."""


class ScaleStep(NamedTuple):
    """A step of the scale: the first and last number that it stands for."""

    first: int
    last: int


class AxisEntry(NamedTuple):
    """A row or a column: its value, and the number of all events that have it."""

    value: str
    total: int


class Cell(NamedTuple):
    """The cell of a row and a column.

    ``step`` counts from 1. It is 0 if there are no events, and in ``own`` cells, where the row and
    the column are the same value: their number is a total and cannot be compared with pairs.
    """

    row: str
    column: str
    number: int
    step: int
    own: bool


@dataclass(frozen=True, slots=True)
class MatrixScene:
    """Rows and columns in order, the cells of each row, and the steps of the scale."""

    rows: tuple[AxisEntry, ...]
    columns: tuple[AxisEntry, ...]
    cells: tuple[tuple[Cell, ...], ...]
    steps: tuple[ScaleStep, ...]


def largest(
    counts: Mapping[str, int], chosen: Collection[str], limit: int = MAX_ENTRIES
) -> list[str]:
    """Return the values with the largest counts, the chosen ones before all others."""
    ranked = sorted(
        {*counts, *chosen}, key=lambda value: (value not in chosen, -counts.get(value, 0), value)
    )
    return ranked[:limit]


def scale(smallest: int, largest: int) -> tuple[ScaleStep, ...]:
    """Divide the numbers from ``smallest``, at least 1, to ``largest`` into steps of equal ratio.

    If there are fewer numbers than steps, each has a step of its own, the palest first: a small
    record looks like one.
    """
    firsts = [smallest]
    for step in range(1, STEPS):
        # Floating-point powers that should be whole may come out slightly larger.
        power = math.ceil(smallest * (largest / smallest) ** (step / STEPS) - 1e-9)
        first = max(power, firsts[-1] + 1)
        if first > largest:
            break
        firsts.append(first)
    lasts = (first - 1 for first in firsts[1:])
    return tuple(map(ScaleStep, firsts, [*lasts, largest]))


def step_of(number: int, steps: Sequence[ScaleStep]) -> int:
    """Return the step of a number, counted from 1; 0 if it is below all steps."""
    return sum(step.first <= number for step in steps)


def similarity_order(rows: Sequence[Sequence[int]]) -> list[int]:
    """Return the indexes of rows in an order in which similar rows are adjacent.

    The similarity of two rows is the cosine of the angle between them: what counts is the
    distribution of their numbers, not their size. The most similar pair is joined first, then the
    next of which both rows are ends of different chains, until all rows are one chain. Of equally
    similar pairs the one whose rows are closest together comes first. The chain begins with the
    end that comes first in the given order.
    """
    chains: dict[int, list[int]] = {index: [index] for index in range(len(rows))}
    for one, other in _pairs_by_similarity(rows):
        left, right = chains[one], chains[other]
        if left is right or not _is_end(one, left) or not _is_end(other, right):
            continue
        head = left if left[-1] == one else left[::-1]
        tail = right if right[0] == other else right[::-1]
        joined = head + tail
        chains.update(dict.fromkeys(joined, joined))
    chain = chains[0] if rows else []
    return chain if not chain or chain[0] < chain[-1] else chain[::-1]


def _is_end(index: int, chain: Sequence[int]) -> bool:
    return index in (chain[0], chain[-1])


def _pairs_by_similarity(rows: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Return all pairs of rows, the most similar first."""
    lengths = [math.hypot(*row) for row in rows]

    def similarity(one: int, other: int) -> float:
        product = lengths[one] * lengths[other]
        # Rounded, so that pairs that differ only by floating-point error keep the given order.
        return round(sum(map(mul, rows[one], rows[other])) / product, 9) if product else 0.0

    def key(pair: tuple[int, int]) -> tuple[float, int, int]:
        one, other = pair
        return -similarity(one, other), other - one, one

    return sorted(combinations(range(len(rows)), 2), key=key)


def draw(
    rows: Sequence[AxisEntry],
    columns: Sequence[AxisEntry],
    pairs: Pairs,
    *,
    mutual: bool,
    by_similarity: bool,
) -> MatrixScene:
    """Lay out rows and columns in the given order or by similarity.

    ``mutual`` says that both are the same values: they are then in the same order, and each has a
    cell of its own with itself.
    """
    if by_similarity:
        rows, columns = (
            _by_similarity(rows, columns, pairs),
            _by_similarity(columns, rows, _transposed(pairs)),
        )
    columns = rows if mutual else columns
    numbers = [count for (row, column), count in pairs.items() if not mutual or row != column]
    steps = scale(min(numbers), max(numbers)) if numbers else ()

    def cell(row: str, column: str) -> Cell:
        count, own = pairs.get((row, column), 0), mutual and row == column
        return Cell(row, column, count, 0 if own else step_of(count, steps), own)

    cells = tuple(tuple(cell(row.value, column.value) for column in columns) for row in rows)
    return MatrixScene(tuple(rows), tuple(columns), cells, steps)


def _by_similarity(
    rows: Sequence[AxisEntry], columns: Sequence[AxisEntry], pairs: Pairs
) -> list[AxisEntry]:
    numbers = [[pairs.get((row.value, column.value), 0) for column in columns] for row in rows]
    return [rows[index] for index in similarity_order(numbers)]


def _transposed(pairs: Pairs) -> Pairs:
    return {(column, row): count for (row, column), count in pairs.items()}


class HeaderText(NamedTuple):
    """The name and the total of a row, which end at ``x``, or of a column, which begin at ``y``."""

    x: int
    y: int
    name: str
    total: int


@dataclass(frozen=True, slots=True)
class NumberBox:
    """A rectangle with a number in it, by its upper left corner and its size."""

    x: int
    y: int
    width: int
    height: int = HEIGHT

    @property
    def middle(self) -> int:
        """The point at which its number is centred."""
        return self.x + self.width // 2

    @property
    def baseline(self) -> int:
        """The baseline of its number."""
        return self.y + self.height // 2 + 4


class Square(NamedTuple):
    """A cell with events in it."""

    box: NumberBox
    cell: Cell


class Swatch(NamedTuple):
    """A step of the scale below the cells, numbered from 1."""

    box: NumberBox
    number: int
    step: ScaleStep


@dataclass(frozen=True, slots=True)
class MatrixDrawing:
    """The positions of all parts of the drawing in pixels; ``ground`` is the area of all cells."""

    width: int
    height: int
    ground: NumberBox
    rows: tuple[HeaderText, ...]
    columns: tuple[HeaderText, ...]
    squares: tuple[Square, ...]
    swatches: tuple[Swatch, ...]


def place(scene: MatrixScene, rows: Mapping[str, str], columns: Mapping[str, str]) -> MatrixDrawing:
    """Lay out the drawing: names of rows left of the cells, upright names of columns above them.

    ``rows`` and ``columns`` are names by value.
    """
    row_texts, column_texts = _texts(scene.rows, rows), _texts(scene.columns, columns)
    left, top = _space_for(row_texts, _MIN_LEFT), _space_for(column_texts, 0)
    width, swatch_width = _widths(scene)
    ground = NumberBox(left, top, width * len(scene.columns), HEIGHT * len(scene.rows))
    scale_y = top + ground.height + 2 * _GAP
    return MatrixDrawing(
        width=left + max(ground.width, swatch_width * STEPS) + _GAP,
        height=scale_y + HEIGHT + _GAP,
        ground=ground,
        rows=tuple(
            HeaderText(left - _GAP, NumberBox(left, top + HEIGHT * row, width).baseline, *text)
            for row, text in enumerate(row_texts)
        ),
        columns=tuple(
            HeaderText(left + width * column + width // 2 + 4, top - _GAP, *text)
            for column, text in enumerate(column_texts)
        ),
        squares=tuple(
            Square(NumberBox(left + width * column, top + HEIGHT * row, width), cell)
            for row, cells in enumerate(scene.cells)
            for column, cell in enumerate(cells)
            if cell.number
        ),
        swatches=tuple(
            Swatch(NumberBox(left + swatch_width * index, scale_y, swatch_width), index + 1, step)
            for index, step in enumerate(scene.steps)
        ),
    )


def _widths(scene: MatrixScene) -> tuple[int, int]:
    """Return the widths that a cell and a step of the scale need for their numbers."""
    numbers = (f"{cell.number:,}" for cells in scene.cells for cell in cells)
    ranges = (f"{step.first}–{step.last}" for step in scene.steps)
    cell, step = (math.ceil(max(map(text_width, texts), default=0)) for texts in (numbers, ranges))
    return max(cell + _GAP, MIN_WIDTH), max(step + 2 * _GAP, _MIN_SWATCH)


def _texts(entries: Sequence[AxisEntry], names: Mapping[str, str]) -> list[tuple[str, int]]:
    return [(_shortened(names[entry.value]), entry.total) for entry in entries]


def _shortened(name: str) -> str:
    return name if len(name) <= _LETTERS else name[: _LETTERS - 1].rstrip() + "…"


def _space_for(texts: Sequence[tuple[str, int]], minimum: int) -> int:
    widths = (text_width(f"{name} {total}") for name, total in texts)
    return max(math.ceil(max(widths, default=0.0)) + 2 * _GAP, minimum)
