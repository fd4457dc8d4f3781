"""Stems of words in the two languages that the record is searched in.

A stem is taken of the folded word, so that it is as blind to accents as the rest of the search,
and is written with a mark of its language, which no folded word begins with.
"""

from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any, Final, Literal, TypeAlias

import snowballstemmer

Language: TypeAlias = Literal["fr", "en"]
"""A language whose words are found by their stem."""

SIGN: Final = "~"
"""What a mark begins with; alone it stands between texts."""

_STEMMERS: Final[Mapping[Language, Any]] = {
    "fr": snowballstemmer.stemmer("french"),
    "en": snowballstemmer.stemmer("english"),
}
_ONE_AT_A_TIME: Final = Lock()
"""A stemmer keeps the word in hand in itself."""


def language_of(code: str) -> Language | None:
    """The language of a code, where its words have stems here."""
    return next((language for language in _STEMMERS if language == code), None)


@lru_cache(maxsize=100_000)
def mark(word: str, language: Language) -> str:
    """The mark of a folded word's stem; empty for numbers and for words in other scripts."""
    if not (word.isascii() and word.isalpha()):
        return ""
    with _ONE_AT_A_TIME:
        stem = _STEMMERS[language].stemWord(word)
    return f"{SIGN}{language[0]}{stem}"


def marks(word: str) -> tuple[str, ...]:
    """The marks of a folded word whose language nobody told."""
    return tuple(found for language in _STEMMERS if (found := mark(word, language)))
