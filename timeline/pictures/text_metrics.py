"""How wide letters are, and where a text breaks into lines.

Widths are those of Noto Sans, rounded up, so that a line that fits here fits in most typefaces.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final

_WIDTHS: Final = {
    letter: width
    for width, letters in (
        (0.29, " \N{NO-BREAK SPACE}'’!,.:;·ijlîï"),
        (0.39, '()[]{}-/\\|"“”`Ift'),
        (0.44, "r?_"),
        (0.54, "cçksvxyzFLS*«»–"),
        (0.60, "0123456789aàâeéèêëoôöETPVXYZÉÈÊ$+<=>~^"),
        (0.66, "bdghnpquùûüABCKRÀÂÇ#"),
        (0.79, "DGHNOQUÔÛwœ&"),
        (1.00, "MWm—…%@Œ"),
    )
    for letter in letters
}
"""Parts of the size of letters."""

BOLD: Final = 1.08
SERIF: Final = 1.16
"""How much wider bold letters, and bold letters with serifs, run than plain ones."""


def width(text: str, size: float, stretch: float = 1.0) -> float:
    """About how wide a text is at a size of letters; on the generous side."""
    return sum(map(_of, text)) * size * stretch


def _of(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return 0.90 if letter.isupper() else 0.72


def broken(
    text: str, room: float, size: float, *, stretch: float = 1.0, most: int = 0
) -> list[str]:
    """Break a text into lines no wider than there is room for, between words where that goes.

    With ``most`` there are no more lines than that; what does not fit ends in '…'. A letter
    wider than the room stands alone.
    """
    lines: list[str] = []
    for word in _pieces(text, room, size, stretch):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width(joined, size, stretch) <= room:
            lines[-1] = joined
        else:
            lines.append(word)
    if most and len(lines) > most:
        rest = lines[most - 1]
        while rest and width(f"{rest}…", size, stretch) > room:
            rest = rest[:-1]
        lines[most - 1 :] = [f"{rest.rstrip(' ,;:·—–')}…"]
    return lines


def _pieces(text: str, room: float, size: float, stretch: float) -> Iterator[str]:
    """The words of a text, one that is wider than the room cut into parts that are not."""
    # Not at no-break spaces, which split() takes for blanks.
    for word in " ".join(text.split("\n")).split(" "):
        part = ""
        for letter in word:
            if part and width(part + letter, size, stretch) > room:
                yield part
                part = ""
            part += letter
        if part:
            yield part
