"""Letters in their plainest form, and what makes up a word in a text of any script."""

import re
import unicodedata
from typing import Final

_SELECTORS: Final = "".join(map(chr, (*range(0x180B, 0x180E), *range(0xFE00, 0xFE10))))
"""Signs that choose a glyph of the character before them."""

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
"""Signs that folding drops: they do not end a word."""

_VOWELS: Final = "".join(
    sign
    for sign in _MARKS
    if unicodedata.category(sign) in ("Mn", "Mc")
    and not unicodedata.combining(sign)
    and sign not in _DROPPED
)
"""Signs of vowels that stand behind their consonant, as in Thai or Hindi: a part of the word."""

UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff"  # Thai, Lao, Burmese, jamo, Khmer
    "\u3005-\u3007\u3040-\u312f\u3131-\u318f\u31a0-\u31bf\u31f0-\u31ff"  # kana, bopomofo, jamo
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
    "\U00020000-\U000323af"
)
"""A class of characters that are written without blanks between words, or, in Korean, with
particles and compounds in one: each of them counts as a word, and a run of them as a phrase."""

_LETTER: Final = rf"[^\W_ʼʻʹ{UNSPACED}]"
_JAMO: Final = (
    "[\u1100-\u115f\ua960-\ua97f][\u1160-\u11a7\ud7b0-\ud7c6]*[\u11a8-\u11ff\ud7cb-\ud7fb]*"
)

WORD: Final = (
    rf"(?:{_JAMO}|[{UNSPACED}][{_DROPPED}]*|{_LETTER}(?:{_LETTER}|[{_DROPPED}{_VOWELS}])*)"
)
"""A pattern of a word, or of one character of a script that is written without blanks."""

APOSTROPHES: Final = "'’‘ʼʻ＇"
HYPHENS: Final = "\u2010\u2011\\-"


def fold(text: str) -> str:
    """Fold a text: letters and digits in their plainest form, one space between words.

    Marks are dropped after decomposition, so that й is found as и and ё as е, and Arabic vowel
    signs and hamza carriers do not matter.
    """
    return " ".join(filter(None, map(_fold_part, text.split())))


def _fold_part(part: str) -> str:
    """Fold what stands between blanks."""
    if part.isascii():
        lowered = part.lower()
        if lowered.isalnum():
            return lowered
        return " ".join(_ASCII_WORD.findall(lowered))
    decomposed = unicodedata.normalize("NFKD", part.casefold().translate(_LETTERS))
    plain = unicodedata.normalize("NFKD", decomposed.casefold().translate(_LETTERS))
    return " ".join("".join(map(_kept, plain)).split())


_ASCII_WORD: Final = re.compile("[0-9a-z]+")


def _kept(character: str) -> str:
    """A character of a decomposed text as it stays: marks go, and what is no letter is a blank."""
    if unicodedata.combining(character):
        return ""
    if character.isalnum() or unicodedata.category(character) in ("Mn", "Mc"):
        return character
    return " "
