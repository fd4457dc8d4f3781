"""Folding of letters to their plainest form, and patterns of words in any script."""

import re
import unicodedata
from typing import Final

_SELECTORS: Final = "".join(map(chr, (*range(0x180B, 0x180E), *range(0xFE00, 0xFE10))))
"""Variation selectors, which choose a glyph for the character before them."""

_LETTERS: Final = str.maketrans(
    {
        "œ": "oe",
        "æ": "ae",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ی": "ي",
        "ک": "ك",
        "ـ": "",
        "ʼ": " ",
        "ʻ": " ",
        "ʹ": " ",
        "\u00ad": "",
        "\u034f": "",
        "\u200c": "",
        "\u200d": "",
        "\u200e": "",
        "\u200f": "",
        "\u2060": "",
        "\ufeff": "",
        **{chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)},
        **dict.fromkeys(_SELECTORS, ""),
        "ɓ": "b",
        "ɗ": "d",
        "ƙ": "k",
        "ŋ": "n",
        "ɛ": "e",
        "ɔ": "o",
        "ɲ": "n",
    }
)

_MARKS: Final = [chr(n) for n in (*range(0x300, 0x3100), *range(0xA66F, 0xABF0))]

_DROPPED: Final = (
    "".join(
        sign
        for sign in (*_MARKS, *map(chr, range(0xFE20, 0xFE30)), "\u00ad", "\ufeff")
        if unicodedata.combining(sign) or unicodedata.category(sign) == "Cf"
    )
    + _SELECTORS
    + "\u034f"
)
"""Characters that folding drops; they do not end a word."""

_VOWELS: Final = "".join(
    sign
    for sign in _MARKS
    if unicodedata.category(sign) in ("Mn", "Mc")
    and not unicodedata.combining(sign)
    and sign not in _DROPPED
)
"""Vowel signs that follow their consonant, as in Thai or Hindi, and are part of the word."""

UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff"  # Thai, Lao, Burmese, jamo, Khmer
    "\u3005-\u3007\u3040-\u312f\u3131-\u318f\u31a0-\u31bf\u31f0-\u31ff"  # kana, bopomofo, jamo
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
    "\U00020000-\U000323af"
)
"""Characters of scripts without spaces between words, or in which, as in Korean, particles and
compounds are written together. Each counts as a word, and a run of them as a phrase."""

_LETTER: Final = rf"[^\W_ʼʻʹ{UNSPACED}]"
_JAMO: Final = (
    "[\u1100-\u115f\ua960-\ua97f][\u1160-\u11a7\ud7b0-\ud7c6]*[\u11a8-\u11ff\ud7cb-\ud7fb]*"
)

WORD: Final = (
    rf"(?:{_JAMO}|[{UNSPACED}][{_DROPPED}]*|{_LETTER}(?:{_LETTER}|[{_DROPPED}{_VOWELS}])*)"
)
"""Pattern of a word, or of one character of a script without spaces."""

APOSTROPHES: Final = "'’‘ʼʻ＇"
HYPHENS: Final = "\u2010\u2011\\-"


def fold(text: str) -> str:
    """Fold a text to letters and digits in their plainest form, with one space between words.

    Combining marks are dropped after decomposition, so that й matches и, ё matches е, and Arabic
    vowel signs and hamza carriers do not matter.
    """
    return " ".join(filter(None, map(_fold_part, text.split())))


def _fold_part(part: str) -> str:
    if part.isascii():
        lowered = part.lower()
        if lowered.isalnum():
            return lowered
        return " ".join(_ASCII_WORD.findall(lowered))
    decomposed = unicodedata.normalize("NFKD", part.casefold().translate(_LETTERS))
    plain = unicodedata.normalize("NFKD", decomposed.casefold().translate(_LETTERS))
    return " ".join("".join(map(_letter_or_space, plain)).split())


_ASCII_WORD: Final = re.compile("[0-9a-z]+")


def _letter_or_space(character: str) -> str:
    """Drop a combining mark of a decomposed text, and replace what is no letter by a space."""
    if unicodedata.combining(character):
        return ""
    if character.isalnum() or unicodedata.category(character) in ("Mn", "Mc"):
        return character
    return " "
