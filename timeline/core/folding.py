"""The search form of text: blind to case, accents, ligatures, apostrophes and punctuation.

The same folding is applied to what is written and to what is asked, and compared in that form on
every database (SQLite itself folds ASCII only).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

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
        "ـ": "",
        "ɓ": "b",
        "ɗ": "d",
        "ƙ": "k",
        "ŋ": "n",
        "ɛ": "e",
        "ɔ": "o",
        "ɲ": "n",
    }
)
_QUOTED: Final = re.compile(r'"([^"]*)"|«([^»]*)»|“([^”]*)”')


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """What a reader asks to find: words, each by its beginning, and phrases, whole; all folded."""

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Fold a text: letters and digits in their plainest form, one space between words.

    Marks are dropped after decomposition, so that й is found as и and ё as е, and Arabic vowel
    signs and hamza carriers do not matter.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = unicodedata.normalize("NFKD", decomposed.casefold().translate(_LETTERS))
    kept = (
        character if character.isalnum() else " "
        for character in plain
        if not unicodedata.combining(character)
    )
    return " ".join("".join(kept).split())


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text."""
    return tuple(fold(text).split())


def search_form(*texts: str) -> str:
    """Fold texts into one that ' word' finds by a word's beginning and ' a b ' by a phrase.

    Texts are kept apart by a bar, so that no phrase runs from one into the next.
    """
    folded = [fold(text) for text in texts]
    return " " + " | ".join(text for text in folded if text) + " "


def parse_query(query: str) -> SearchTerms:
    """Read what a reader typed; text in quotation marks is a phrase, a lone mark is nothing."""
    phrases = tuple(
        folded for groups in _QUOTED.findall(query) if (folded := fold("".join(groups)))
    )
    rest = _QUOTED.sub(" ", query)
    return SearchTerms(tuple(dict.fromkeys(words(rest))), tuple(dict.fromkeys(phrases)))
