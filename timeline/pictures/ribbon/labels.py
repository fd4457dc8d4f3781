"""Texts beside the marks of a picture, each only where it touches nothing."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from timeline.pictures.scales import room

HALF: Final = 12
"""Half of the least size of what can be touched."""
ABOVE: Final = 34
"""How far above its mark the first line of a text stands."""
BELOW: Final = 27


class Spot(Protocol):
    """What a text may stand beside: anything with a middle."""

    @property
    def x(self) -> float:
        """How far from the left."""

    @property
    def y(self) -> float:
        """How far from the top."""


class Label(NamedTuple):
    """Two lines of text beside a mark: where they begin, and how they hang on that place."""

    x: float
    y: float
    anchor: str
    lines: tuple[str, str]
    left: float
    right: float


class Box(NamedTuple):
    """Where the next session is expected."""

    x: float
    y: float
    width: float
    height: float


class Curve(NamedTuple):
    """A line from one place to another that leaves and arrives level."""

    x: float
    y: float
    to_x: float
    to_y: float

    @property
    def path(self) -> str:
        """The line in the words of SVG."""
        bend = round((self.to_x - self.x) / 2, 1)
        over, back = round(self.x + bend, 1), round(self.to_x - bend, 1)
        return f"M{self.x} {self.y}C{over} {self.y} {back} {self.to_y} {self.to_x} {self.to_y}"

    def points(self) -> Iterator[tuple[float, float]]:
        """Places along the line, no farther apart than a letter is high."""
        steps = max(int(math.hypot(self.to_x - self.x, self.to_y - self.y) / 6), 1)
        for step in range(steps + 1):
            t = step / steps
            # Both handles lie halfway, so that the curve's height needs no solving for x.
            middle = (self.x + self.to_x) / 2
            x = (1 - t) ** 3 * self.x + 3 * t * (1 - t) * middle + t**3 * self.to_x
            yield x, self.y + (3 * t**2 - 2 * t**3) * (self.to_y - self.y)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is drawn already, which no text may touch."""

    marks: Sequence[Spot]
    box: Box | None
    curves: Sequence[Curve]
    today: float
    right: float
    floor: float

    def leaves_room_for(self, label: Label, own: Spot | None) -> bool:
        """Whether a text lies free and is not taken for that of a mark that it stands nearer to."""
        own_way = _apart(label, own) + 3 if own else 0.0
        return (
            label.left >= 2
            and label.right <= self.right
            and label.y + 17 <= self.floor
            and not label.left - 3 <= self.today <= label.right + 3
            and not any(_covers(label, mark) for mark in self.marks)
            and not (self.box and _lies_on(label, self.box))
            and not any(_crosses(label, curve) for curve in self.curves)
            and all(mark is own or _apart(label, mark) >= own_way for mark in self.marks)
        )


def place(
    placed: list[Label],
    x: float,
    tops: tuple[float, float],
    lines: tuple[str, str],
    taken: Taken,
    own: Spot | None = None,
) -> None:
    """Write a text at the first place about ``x`` where it touches nothing."""
    for label in _places(x, tops, lines, taken.today):
        if taken.leaves_room_for(label, own) and not any(_meets(label, one) for one in placed):
            placed.append(label)
            return


def _places(
    x: float, tops: tuple[float, float], lines: tuple[str, str], today: float
) -> Iterator[Label]:
    """Above, then below: in the middle, to the right, to the left; last, clear of today's line."""
    wide = max(room(line) for line in lines)
    lefts = [("middle", x - wide / 2), ("start", x - 6), ("end", x - wide + 6)]
    if abs(x - today) < wide:
        lefts += [("start", today + 6), ("end", today - 6 - wide)]
    for top in tops:
        for anchor, left in lefts:
            hangs = left + {"middle": wide / 2, "start": 0, "end": wide}[anchor]
            right = round(left + wide, 1)
            yield Label(round(hangs, 1), round(top, 1), anchor, lines, round(left, 1), right)


def _meets(label: Label, other: Label) -> bool:
    apart = label.right + 4 < other.left or other.right + 4 < label.left
    return not apart and abs(label.y - other.y) < 30


def _covers(label: Label, mark: Spot) -> bool:
    """Whether a label's two lines, 26 units high, would touch a mark."""
    beside = label.right < mark.x - HALF or label.left > mark.x + HALF
    return not beside and label.y - 12 < mark.y + HALF and label.y + 16 > mark.y - HALF


def _lies_on(label: Label, box: Box) -> bool:
    beside = label.right < box.x or label.left > box.x + box.width
    return not beside and label.y - 10 < box.y + box.height and label.y + 14 > box.y


def _crosses(label: Label, curve: Curve) -> bool:
    """Whether a curve runs through a label's two lines or close by them."""
    left, right = label.left - 3, label.right + 3
    top, foot = label.y - 13, label.y + 18
    # A curve stays between its ends, and most are nowhere near.
    if max(curve.x, curve.to_x) < left or min(curve.x, curve.to_x) > right:
        return False
    if max(curve.y, curve.to_y) < top or min(curve.y, curve.to_y) > foot:
        return False
    return any(left <= x <= right and top <= y <= foot for x, y in curve.points())


def _apart(label: Label, mark: Spot) -> float:
    """How far a mark's middle is from a label's two lines."""
    beside = max(label.left - mark.x, 0, mark.x - label.right)
    return math.hypot(beside, max(label.y - 10 - mark.y, 0, mark.y - label.y - 16))
