"""Characters that files cannot contain, and marks that change the direction of text.

XML 1.0 (section 2.2) forbids most control characters, surrogates and noncharacters: with one of
them in a text, no program opens the SVG. RFC 5545 forbids control characters in calendars. They
have no meaning in a title or a note, so every file omits them and every form refuses them.
"""

import re
import unicodedata
from typing import Final

_NONCHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
_FORBIDDEN: Final = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{_NONCHARACTERS}]"
)
"""Controls other than tab, line feed, carriage return and next line; surrogates; noncharacters."""

_SUSPECT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe-\U0010ffff]"
)
"""A superset with everything beyond the first plane: a few ranges, which match much faster."""

_PLAIN_BLANKS: Final = ("\n", "\u00a0", "\u202f")

_EMBEDDING: Final = "\u202a\u202b\u202d\u202e"
_ISOLATE: Final = "\u2066\u2067\u2068"
_POP_EMBEDDING: Final = "\u202c"
_POP_ISOLATE: Final = "\u2069"
_OPENING_OR_CLOSING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_PARAGRAPH: Final = re.compile("([\n\r\x1c-\x1e\x85\u2029])")

_DIRECTION_MARKS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def is_plain(text: str) -> bool:
    """Whether a text has only printable characters, line feeds and no-break spaces.

    Nearly all texts do, and it takes a tenth of the time that looking for the others takes.
    """
    if text.isprintable():
        return True
    for blank in _PLAIN_BLANKS:
        text = text.replace(blank, "")
    return text.isprintable()


def first_forbidden(text: str) -> str | None:
    """Return the first character of a text that XML or a calendar cannot contain, or None."""
    match = None if text.isprintable() else _FORBIDDEN.search(text)
    return match[0] if match else None


def without_forbidden(text: str) -> str:
    """Remove the characters that XML or a calendar cannot contain."""
    if is_plain(text) or not _SUSPECT.search(text):
        return text
    return _FORBIDDEN.sub("", text)


def close_direction(text: str) -> str:
    """Balance the direction controls of a text, so that they do not affect what stands beside it.

    An embedding, override or isolate left open at the end of a paragraph is closed there, and a
    control that closes nothing is removed. Pairs are matched by UAX #9 (rules BD9 and X1–X8).
    """
    if is_plain(text) or not _OPENING_OR_CLOSING.search(text):
        return text
    return "".join(_close_paragraph(part) for part in _PARAGRAPH.split(text))


def _close_paragraph(text: str) -> str:
    characters: list[str] = []
    closers: list[str] = []
    for character in text:
        if character in _EMBEDDING:
            closers.append(_POP_EMBEDDING)
        elif character in _ISOLATE:
            closers.append(_POP_ISOLATE)
        elif character == _POP_EMBEDDING:
            if not closers or closers[-1] != _POP_EMBEDDING:
                continue
            closers.pop()
        elif character == _POP_ISOLATE:
            if _POP_ISOLATE not in closers:
                continue
            # Closing an isolate also closes the embeddings opened inside it.
            while closers.pop() != _POP_ISOLATE:
                pass
        characters.append(character)
    return "".join((*characters, *reversed(closers)))


def has_direction_marks(text: str) -> bool:
    """Whether a text contains invisible characters that set or change its direction."""
    return _DIRECTION_MARKS.search(text) is not None


def with_visible_marks(text: str) -> str:
    """Write the direction marks of a text out: '[U+202E RIGHT-TO-LEFT OVERRIDE]'."""
    return _DIRECTION_MARKS.sub(lambda match: f"[{code_point(match[0])}]", text)


def code_point(character: str) -> str:
    """Name a character as Unicode does: 'U+202E RIGHT-TO-LEFT OVERRIDE', 'U+000B'."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()
