"""The layout of file pages and cards: titles and texts around a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from timeline.pictures.text_metrics import BOLD, SERIF, break_lines, width

MARGIN: Final = 24
MIN_WIDTH: Final = 640
"""The minimum width of a file page in pixels."""


class TextLine(NamedTuple):
    """A line of text; ``name`` is its CSS class, ``y`` its baseline."""

    text: str
    name: str
    size: int
    y: int


LEGEND_ROW: Final = 24
"""The height of a row of a legend."""


class LegendPlace(NamedTuple):
    """Where an entry of a legend stands: its sample at ``x``, its name ``before`` further right."""

    name: str
    x: float
    y: int
    before: float

    @property
    def text_x(self) -> float:
        """The left end of its name."""
        return round(self.x + self.before, 1)


@dataclass(frozen=True, slots=True)
class FilePage:
    """A page for one picture, whose upper left corner is at ``x`` and ``y``, with its legend.

    ``rule`` is where the line below the picture is drawn.
    """

    width: int
    height: int
    lines: tuple[TextLine, ...]
    x: int
    y: int
    legend: tuple[LegendPlace, ...]
    rule: int

    @property
    def right(self) -> int:
        """The right end of that line."""
        return self.width - MARGIN


def file_page(
    picture: tuple[int, int],
    title: str,
    texts: Sequence[str],
    footer: Sequence[str],
    samples: Sequence[tuple[str, int]] = (),
) -> FilePage:
    """Lay out a page around a picture of a width and a height; no line is wider than the page.

    ``samples`` are the names of the legend, each with the width of its sample.
    """
    picture_width, picture_height = picture
    page_width = max(picture_width + 2 * MARGIN, MIN_WIDTH)
    room = page_width - 2 * MARGIN
    lines, y = _stacked(break_lines(title, room, 22, stretch=SERIF), "headline", 22, MARGIN)
    for text in texts:
        more, y = _stacked(break_lines(text, room, 14), "said", 14, y + 2)
        lines += more
    top = y + 16
    below = top + picture_height + 16
    places = legend([name for name, _width in samples], room, [wide for _name, wide in samples])
    places = [place._replace(x=place.x + MARGIN, y=below + place.y) for place in places]
    rule = places[-1].y + LEGEND_ROW + 12 if places else below
    y = rule + 4
    for text in footer:
        more, y = _stacked(break_lines(text, room, 12), "said", 12, y)
        lines += more
    left = (page_width - picture_width) // 2
    return FilePage(page_width, y + MARGIN - 8, tuple(lines), left, top, tuple(places), rule)


def _stacked(texts: Sequence[str], name: str, size: int, y: int) -> tuple[list[TextLine], int]:
    """Return lines below one another from ``y`` on, and the end of the last."""
    step = size * 4 // 3 + 1
    lines = [TextLine(text, name, size, y + size + step * n) for n, text in enumerate(texts)]
    return lines, y + step * len(texts)


def legend(
    names: Sequence[str], room: float, samples: Sequence[int] | None = None
) -> list[LegendPlace]:
    """Set entries side by side, in as many rows as they need; a sample is 20 wide by default."""
    places, x, y = [], 0.0, 0
    for name, sample in zip(names, samples or [20] * len(names), strict=True):
        before = sample + 8 if sample else 0
        entry_width = before + width(name, 12)
        if x and x + entry_width > room:
            x, y = 0.0, y + LEGEND_ROW
        places.append(LegendPlace(name, round(x, 1), y, round(before, 1)))
        x += entry_width + 20
    return places


CARD: Final = (1200, 630)
"""The size in pixels of the card that represents a page where it is shared."""

LEFT: Final = 132
ROOM: Final = 1008
"""Where the texts of a card begin, and how wide they may be."""

_TITLE_SIZES: Final = ((64, 2), (54, 3), (46, 4))
"""Font sizes of a title, with the number of lines for which there is room at each."""

_ICON: Final = 40
"""The width of a sector's icon with the space before its name."""


class Tag(NamedTuple):
    """The name of a sector next to its icon."""

    name: str
    family: str
    x: float
    y: int


@dataclass(frozen=True, slots=True)
class CardLayout:
    """The lines of a card, and the names of sectors at its bottom."""

    lines: tuple[TextLine, ...]
    tags: tuple[Tag, ...]


def event_card(
    when: str, title: str, parties: str, sectors: Sequence[tuple[str, str]]
) -> CardLayout:
    """Lay out the card of an event; ``sectors`` are names with their families.

    Texts that do not fit end in '…'; sectors for which there is no room are left out.
    """
    when_line = break_lines(when, ROOM, 30, stretch=BOLD, max_lines=1)[0]
    lines = [TextLine(when_line, "when", 30, 112)]
    size, texts = _title_lines(title)
    lines += [
        TextLine(text, "headline", size, 112 + 26 + size * (n + 1) + n * size // 6)
        for n, text in enumerate(texts)
    ]
    tags = _tags(sectors)
    y = lines[-1].y + 66
    for text in break_lines(parties, ROOM, 30, max_lines=2) if parties else ():
        lines.append(TextLine(text, "main", 30, y))
        y += 40
    return CardLayout(tuple(lines), tuple(tags))


def question_card(number: str, sentence: str) -> CardLayout:
    """Lay out the card of a question: how many events it finds, and its sentence."""
    number_line = break_lines(number, ROOM, 72, stretch=SERIF, max_lines=1)[0]
    lines = [TextLine(number_line, "headline", 72, 146)]
    texts = break_lines(sentence, ROOM, 34, max_lines=3)
    lines += [TextLine(text, "main", 34, 214 + 46 * n) for n, text in enumerate(texts)]
    return CardLayout(tuple(lines), ())


def _title_lines(text: str) -> tuple[int, list[str]]:
    """Return the largest size at which a title fits, with its lines; cut it if none is enough."""
    for size, max_lines in _TITLE_SIZES:
        lines = break_lines(text, ROOM, size, stretch=SERIF)
        if len(lines) <= max_lines:
            return size, lines
    size, max_lines = _TITLE_SIZES[-1]
    return size, break_lines(text, ROOM, size, stretch=SERIF, max_lines=max_lines)


def _tags(sectors: Sequence[tuple[str, str]]) -> list[Tag]:
    """Set icons and names side by side in one row; those that do not fit are left out."""
    tags, x = [], float(LEFT)
    for name, family in sectors:
        tag_width = _ICON + width(name, 26)
        if x + tag_width > LEFT + ROOM:
            break
        tags.append(Tag(name, family, round(x, 1), 496))
        x += tag_width + 32
    return tags


def brand(site: str, address: str) -> tuple[str, str]:
    """Cut the name of the site and an address to fit side by side at the bottom of a card."""
    name = break_lines(site, ROOM * 2 // 3, 36, stretch=SERIF, max_lines=1)[0]
    room = ROOM - width(name, 36) * SERIF - 48
    return name, break_lines(address, room, 24, max_lines=1)[0]
