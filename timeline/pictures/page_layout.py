"""A picture on a sheet of its own: what it is called above it, where it is from below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from timeline.pictures.text_metrics import BOLD, SERIF, broken, width

MARGIN: Final = 24
LEAST: Final = 640
"""Pixels that a sheet is wide at least, whatever the picture."""


class Line(NamedTuple):
    """A line of text: its class, its size, and the foot of its letters."""

    text: str
    name: str
    size: int
    y: int


@dataclass(frozen=True, slots=True)
class FilePage:
    """A sheet with its lines; the picture's upper left corner lies at ``x`` and ``y``."""

    width: int
    height: int
    lines: tuple[Line, ...]
    x: int
    y: int
    rule: int

    @property
    def right(self) -> int:
        """Where lines end."""
        return self.width - MARGIN


def file_page(
    picture: tuple[int, int], title: str, said: Sequence[str], foot: Sequence[str]
) -> FilePage:
    """Lay a sheet out about a picture of a width and a height; no line is wider than the sheet."""
    wide = max(picture[0] + 2 * MARGIN, LEAST)
    room = wide - 2 * MARGIN
    lines, y = _set(broken(title, room, 22, stretch=SERIF), "name", 22, MARGIN)
    for text in said:
        more, y = _set(broken(text, room, 14), "said", 14, y + 2)
        lines += more
    top = y + 16
    rule = top + picture[1] + 16
    y = rule + 4
    for text in foot:
        more, y = _set(broken(text, room, 12), "said", 12, y)
        lines += more
    return FilePage(wide, y + MARGIN - 8, tuple(lines), (wide - picture[0]) // 2, top, rule)


def _set(texts: Sequence[str], name: str, size: int, y: int) -> tuple[list[Line], int]:
    """Lines one below the other from a height on, and the height that the last ends at."""
    step = size * 4 // 3 + 1
    lines = [Line(text, name, size, y + size + step * n) for n, text in enumerate(texts)]
    return lines, y + step * len(texts)


class Place(NamedTuple):
    """Where the name of a thing in a legend stands, right of its sample of 20 by 14."""

    name: str
    x: float
    y: int
    text_x: float


def legend(names: Sequence[str], room: float) -> list[Place]:
    """Set samples with their names side by side, in as many rows of 24 as they need."""
    places, x, y = [], 0.0, 0
    for name in names:
        wide = 28 + width(name, 12)
        if x and x + wide > room:
            x, y = 0.0, y + 24
        places.append(Place(name, round(x, 1), y, round(x + 28, 1)))
        x += wide + 20
    return places


CARD: Final = (1200, 630)
"""Pixels of a card that stands for a page where it is shared."""

LEFT: Final = 132
ROOM: Final = 1008
"""Where the texts of a card begin, and how wide they may be."""

_TITLES: Final = ((64, 2), (54, 3), (46, 4))
"""Sizes of a title, with how many lines of each there is room for."""

_SIGN: Final = 40
"""Room for the sign of a sector before its name."""


class Tag(NamedTuple):
    """The name of a sector beside its sign."""

    name: str
    family: str
    x: float
    y: int


@dataclass(frozen=True, slots=True)
class Card:
    """The lines of a card, and the names of sectors near its foot."""

    lines: tuple[Line, ...]
    tags: tuple[Tag, ...]


def event_card(when: str, title: str, parties: str, sectors: Sequence[tuple[str, str]]) -> Card:
    """Lay out the card of an event; ``sectors`` are names with their families.

    What does not fit ends in '…'; sectors that find no room are left out.
    """
    lines = [Line(broken(when, ROOM, 30, stretch=BOLD, most=1)[0], "when", 30, 112)]
    size, texts = _title(title)
    lines += [
        Line(text, "name", size, 112 + 26 + size * (n + 1) + n * size // 6)
        for n, text in enumerate(texts)
    ]
    tags = _tags(sectors)
    y = lines[-1].y + 66
    for text in broken(parties, ROOM, 30, most=2) if parties else ():
        lines.append(Line(text, "main", 30, y))
        y += 40
    return Card(tuple(lines), tuple(tags))


def question_card(number: str, sentence: str) -> Card:
    """Lay out the card of a question: how many events it finds, and which in a sentence."""
    lines = [Line(broken(number, ROOM, 72, stretch=SERIF, most=1)[0], "name", 72, 146)]
    texts = broken(sentence, ROOM, 34, most=3)
    lines += [Line(text, "main", 34, 214 + 46 * n) for n, text in enumerate(texts)]
    return Card(tuple(lines), ())


def _title(text: str) -> tuple[int, list[str]]:
    """The largest size at which a title fits, with its lines; the smallest cuts what does not."""
    for size, most in _TITLES:
        lines = broken(text, ROOM, size, stretch=SERIF)
        if len(lines) <= most:
            return size, lines
    size, most = _TITLES[-1]
    return size, broken(text, ROOM, size, stretch=SERIF, most=most)


def _tags(sectors: Sequence[tuple[str, str]]) -> list[Tag]:
    """Signs and names side by side in a row; those that there is no room for are left out."""
    tags, x = [], float(LEFT)
    for name, family in sectors:
        wide = _SIGN + width(name, 26)
        if x + wide > LEFT + ROOM:
            break
        tags.append(Tag(name, family, round(x, 1), 496))
        x += wide + 32
    return tags


def shortened(address: str) -> str:
    """An address for the foot of a card, cut where it does not fit beside the name."""
    return broken(address, ROOM - 160, 24, most=1)[0]
