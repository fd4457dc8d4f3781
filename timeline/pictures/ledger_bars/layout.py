"""The layout of stacked bars, one for each row, all on one scale."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

_MIN_WIDTH: Final = 1.5
"""The minimum width of a segment in per cent, so that none is invisible."""

_DIGIT_WIDTH: Final = 3.0
"""The width of a digit on a phone, in per cent of the whole width."""


class BarSegment(NamedTuple):
    """A segment of a bar: its code, its number, and its position in per cent of the width."""

    code: str
    number: int
    x: float
    width: float
    middle: float
    has_room: bool


def stack(rows: Iterable[Sequence[tuple[str, int]]]) -> list[tuple[BarSegment, ...]]:
    """Lay out the segments of each row; the row with the largest sum takes the whole width.

    Numbers of 0 have no segment. Where small segments are widened to the minimum, the other
    segments of their row are narrowed.
    """
    filled = [[(code, number) for code, number in row if number > 0] for row in rows]
    largest = max((sum(number for _code, number in row) for row in filled), default=0)
    return [_bar(row, largest) for row in filled]


def _bar(row: Sequence[tuple[str, int]], largest: int) -> tuple[BarSegment, ...]:
    if not row:
        return ()
    bar_width = 100 * sum(number for _code, number in row) / largest
    bar_width = max(bar_width, _MIN_WIDTH * len(row))
    widths = [max(100 * number / largest, _MIN_WIDTH) for _code, number in row]
    excess = sum(widths) - bar_width
    spare = sum(width - _MIN_WIDTH for width in widths)
    shrink = excess / spare if spare > 0 else 0.0
    segments: list[BarSegment] = []
    x = 0.0
    for (code, number), width in zip(row, widths, strict=True):
        width = width - shrink * (width - _MIN_WIDTH)
        has_room = width >= _DIGIT_WIDTH * len(f"{number:,}")
        segments.append(
            BarSegment(
                code, number, round(x, 3), round(width, 3), round(x + width / 2, 3), has_room
            )
        )
        x += width
    return tuple(segments)
