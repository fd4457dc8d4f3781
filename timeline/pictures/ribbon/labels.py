"""The labels beside the marks of a ribbon, each only where it overlaps nothing."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from timeline.pictures.scales import Rectangle, text_width

HALF: Final = 12
"""Half of the minimum size of a click target."""
ABOVE: Final = 34
BELOW: Final = 27
"""How far above or below its mark the first line of a label stands."""


class Spot(Protocol):
    """The centre of a mark."""

    @property
    def x(self) -> float: ...

    @property
    def y(self) -> float: ...


class MarkLabel(NamedTuple):
    """Two lines of text beside a mark.

    ``anchor`` is their text-anchor at ``x``; they extend from ``left`` to ``right``.
    """

    x: float
    y: float
    anchor: str
    lines: tuple[str, str]
    left: float
    right: float


class Curve(NamedTuple):
    """A curve from one point to another that is horizontal at both ends."""

    x: float
    y: float
    to_x: float
    to_y: float

    @property
    def path(self) -> str:
        """The data of its SVG path."""
        half = round((self.to_x - self.x) / 2, 1)
        x1, x2 = round(self.x + half, 1), round(self.to_x - half, 1)
        return f"M{self.x} {self.y}C{x1} {self.y} {x2} {self.to_y} {self.to_x} {self.to_y}"

    def points(self) -> Iterator[tuple[float, float]]:
        """Yield points along the curve, no farther apart than a letter is high."""
        steps = max(int(math.hypot(self.to_x - self.x, self.to_y - self.y) / 6), 1)
        for step in range(steps + 1):
            t = step / steps
            # The x of both control points is halfway, and the y of each is that of its end.
            middle = (self.x + self.to_x) / 2
            x = (1 - t) ** 3 * self.x + 3 * t * (1 - t) * middle + t**3 * self.to_x
            yield x, self.y + (3 * t**2 - 2 * t**3) * (self.to_y - self.y)


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What no label may overlap: what is drawn already, and the edges of the picture.

    ``window`` is that of the expected session, ``today`` the position of today's line.
    """

    marks: Sequence[Spot]
    window: Rectangle | None
    curves: Sequence[Curve]
    today: float
    right: float
    bottom: float

    def leave_room_for(self, label: MarkLabel, own: Spot | None) -> bool:
        """Whether a label overlaps nothing, and is no closer to another mark than to its own."""
        own_distance = _distance(label, own) + 3 if own else 0.0
        return (
            label.left >= 2
            and label.right <= self.right
            and label.y + 17 <= self.bottom
            and not label.left - 3 <= self.today <= label.right + 3
            and not any(_overlaps_mark(label, mark) for mark in self.marks)
            and not (self.window and _overlaps_window(label, self.window))
            and not any(_crosses(label, curve) for curve in self.curves)
            and all(mark is own or _distance(label, mark) >= own_distance for mark in self.marks)
        )


def place_label(
    labels: list[MarkLabel],
    x: float,
    baselines: tuple[float, float],
    lines: tuple[str, str],
    obstacles: Obstacles,
    own: Spot | None = None,
) -> None:
    """Add a label at the first position near ``x`` where it overlaps nothing, if there is one."""
    for label in _candidates(x, baselines, lines, obstacles.today):
        is_free = not any(_overlap(label, other) for other in labels)
        if is_free and obstacles.leave_room_for(label, own):
            labels.append(label)
            return


def _candidates(
    x: float, baselines: tuple[float, float], lines: tuple[str, str], today: float
) -> Iterator[MarkLabel]:
    """Yield positions on each baseline: centred, to the right, to the left, beside today's line."""
    width = max(text_width(line) for line in lines)
    lefts = [("middle", x - width / 2), ("start", x - 6), ("end", x - width + 6)]
    if abs(x - today) < width:
        lefts += [("start", today + 6), ("end", today - 6 - width)]
    for y in baselines:
        for anchor, left in lefts:
            anchor_x = left + {"middle": width / 2, "start": 0, "end": width}[anchor]
            right = round(left + width, 1)
            yield MarkLabel(round(anchor_x, 1), round(y, 1), anchor, lines, round(left, 1), right)


def _overlap(label: MarkLabel, other: MarkLabel) -> bool:
    beside = label.right + 4 < other.left or other.right + 4 < label.left
    return not beside and abs(label.y - other.y) < 30


def _overlaps_mark(label: MarkLabel, mark: Spot) -> bool:
    """Whether a label's two lines, 26 units high, overlap the click target of a mark."""
    beside = label.right < mark.x - HALF or label.left > mark.x + HALF
    return not beside and label.y - 12 < mark.y + HALF and label.y + 16 > mark.y - HALF


def _overlaps_window(label: MarkLabel, window: Rectangle) -> bool:
    beside = label.right < window.x or label.left > window.x + window.width
    return not beside and label.y - 10 < window.y + window.height and label.y + 14 > window.y


def _crosses(label: MarkLabel, curve: Curve) -> bool:
    """Whether a curve crosses a label's two lines or comes close to them."""
    left, right = label.left - 3, label.right + 3
    top, bottom = label.y - 13, label.y + 18
    # A curve stays within the rectangle of its ends, and most are nowhere near.
    if max(curve.x, curve.to_x) < left or min(curve.x, curve.to_x) > right:
        return False
    if max(curve.y, curve.to_y) < top or min(curve.y, curve.to_y) > bottom:
        return False
    return any(left <= x <= right and top <= y <= bottom for x, y in curve.points())


def _distance(label: MarkLabel, mark: Spot) -> float:
    """Return the distance from the centre of a mark to a label's two lines."""
    dx = max(label.left - mark.x, 0, mark.x - label.right)
    return math.hypot(dx, max(label.y - 10 - mark.y, 0, mark.y - label.y - 16))
