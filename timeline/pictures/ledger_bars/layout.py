"""Bars made of parts, one for each row, all on one scale."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

_LEAST: Final = 1.5
"""Per cent of the whole width below which no part shrinks: none that counts is invisible."""

_ROOM_FOR_A_DIGIT: Final = 3.0
"""Per cent of the whole width that a digit takes on a phone."""


class Part(NamedTuple):
    """A part of a bar: what it stands for, how many, and its place in per cent of the width."""

    code: str
    number: int
    x: float
    width: float
    middle: float
    has_room: bool


def stack(rows: Iterable[Sequence[tuple[str, int]]]) -> list[tuple[Part, ...]]:
    """Lay each row's parts end to end; the row with the largest sum takes the whole width.

    Parts of nothing are left out. Where small parts were widened to be seen, their row's other
    parts give way.
    """
    kept = [[(code, number) for code, number in row if number > 0] for row in rows]
    largest = max((sum(number for _code, number in row) for row in kept), default=0)
    return [_bar(row, largest) for row in kept]


def _bar(row: Sequence[tuple[str, int]], largest: int) -> tuple[Part, ...]:
    if not row:
        return ()
    whole = 100 * sum(number for _code, number in row) / largest
    whole = max(whole, _LEAST * len(row))
    wanted = [max(100 * number / largest, _LEAST) for _code, number in row]
    spare = sum(width - _LEAST for width in wanted)
    over = sum(wanted) - whole
    shrink = over / spare if spare > 0 else 0.0
    parts: list[Part] = []
    x = 0.0
    for (code, number), width in zip(row, wanted, strict=True):
        fitted = width - shrink * (width - _LEAST)
        has_room = fitted >= _ROOM_FOR_A_DIGIT * len(f"{number:,}")
        parts.append(
            Part(code, number, round(x, 3), round(fitted, 3), round(x + fitted / 2, 3), has_room)
        )
        x += fitted
    return tuple(parts)
