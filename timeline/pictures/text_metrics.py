"""The widths of texts, and line breaking.

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
"""The widths of letters as fractions of the font size."""

BOLD: Final = 1.08
SERIF: Final = 1.16
"""How much wider bold letters, and bold letters with serifs, are than regular ones."""


def width(text: str, size: float, stretch: float = 1.0) -> float:
    """Estimate the width of a text at a font size; rather too wide than too narrow."""
    return sum(map(_letter_width, text)) * size * stretch


def _letter_width(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return 0.90 if letter.isupper() else 0.72


def break_lines(
    text: str, max_width: float, size: float, *, stretch: float = 1.0, max_lines: int = 0
) -> list[str]:
    """Break a text into lines of a maximum width, between words where possible.

    With ``max_lines`` the last of these lines ends in '…' if the text needs more. A letter wider
    than the maximum stands alone.
    """
    lines: list[str] = []
    for word in _words(text, max_width, size, stretch):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width(joined, size, stretch) <= max_width:
            lines[-1] = joined
        else:
            lines.append(word)
    if max_lines and len(lines) > max_lines:
        last = lines[max_lines - 1]
        while last and width(f"{last}…", size, stretch) > max_width:
            last = last[:-1]
        lines[max_lines - 1 :] = [f"{last.rstrip(' ,;:·—–')}…"]
    return lines


def _words(text: str, max_width: float, size: float, stretch: float) -> Iterator[str]:
    """Yield the words of a text, those that are too wide in parts."""
    # Not at no-break spaces, at which a plain split() would break as well.
    for word in " ".join(text.split("\n")).split(" "):
        part = ""
        for letter in word:
            if part and width(part + letter, size, stretch) > max_width:
                yield part
                part = ""
            part += letter
        if part:
            yield part
