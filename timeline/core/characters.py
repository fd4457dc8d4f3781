"""Characters that files cannot hold, and marks that turn the direction of what follows.

XML 1.0 (section 2.2) has no place for most control characters, for surrogates and for
noncharacters: one of them in a text makes an SVG that no reader opens. RFC 5545 forbids control
characters in calendars. They say nothing in a title or a note, so that every file leaves them out
and every form refuses them.
"""

import re
import unicodedata
from typing import Final

_NONCHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
_UNSUITED: Final = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{_NONCHARACTERS}]"
)
"""Controls other than tab, line feed, carriage return and next line; surrogates; noncharacters."""

_SUSPECT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe-\U0010ffff]"
)
"""The same with all that lies beyond the first plane: a few ranges, looked through much faster."""

_EMBEDDING: Final = "\u202a\u202b\u202d\u202e"
_ISOLATE: Final = "\u2066\u2067\u2068"
_POP_EMBEDDING: Final = "\u202c"
_POP_ISOLATE: Final = "\u2069"
_OPENING_OR_CLOSING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_PARAGRAPH: Final = re.compile("([\n\r\x1c-\x1e\x85\u2029])")

_DIRECTION_MARKS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def unsuited(text: str) -> str | None:
    """The first character of a text that XML or a calendar cannot hold, or None."""
    found = None if text.isprintable() else _UNSUITED.search(text)
    return found[0] if found else None


def suited(text: str) -> str:
    """A text without the characters that XML or a calendar cannot hold."""
    if text.isprintable() or not _SUSPECT.search(text):
        return text
    return _UNSUITED.sub("", text)


def closed(text: str) -> str:
    """A text whose direction controls end with it, for use beside other texts.

    An embedding, override or isolate left open at the end of a paragraph is closed there, and a
    mark that closes nothing is left out, as pairs are matched by UAX #9 (rules BD9 and X1–X8).
    """
    if text.isprintable() or not _OPENING_OR_CLOSING.search(text):
        return text
    return "".join(_closed_paragraph(part) for part in _PARAGRAPH.split(text))


def _closed_paragraph(text: str) -> str:
    said: list[str] = []
    opened: list[str] = []
    for sign in text:
        if sign in _EMBEDDING:
            opened.append(_POP_EMBEDDING)
        elif sign in _ISOLATE:
            opened.append(_POP_ISOLATE)
        elif sign == _POP_EMBEDDING:
            if not opened or opened[-1] != _POP_EMBEDDING:
                continue
            opened.pop()
        elif sign == _POP_ISOLATE:
            if _POP_ISOLATE not in opened:
                continue
            # Ends the embeddings that were opened inside of the isolate, too.
            while opened.pop() != _POP_ISOLATE:
                pass
        said.append(sign)
    return "".join((*said, *reversed(opened)))


def has_direction_marks(text: str) -> bool:
    """Whether a text holds invisible marks that set or turn its direction."""
    return _DIRECTION_MARKS.search(text) is not None


def with_visible_marks(text: str) -> str:
    """A text whose direction marks are written out: '[U+202E RIGHT-TO-LEFT OVERRIDE]'."""
    return _DIRECTION_MARKS.sub(lambda mark: f"[{code_point(mark[0])}]", text)


def code_point(sign: str) -> str:
    """Name a character as Unicode does: 'U+202E RIGHT-TO-LEFT OVERRIDE', 'U+000B'."""
    return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".rstrip()
