"""Marks of the stems of words, by which words with the same stem match in a search text.

Words in Latin letters are stemmed as French or English, those in Cyrillic as Russian and those in
Arabic script as Arabic. Each word is stemmed twice, as spelled and folded: the French stemmer needs
the accent to recognise 'négocié' as a form of 'négocier', but a reader may type no accents. Both
stems are folded and written with a mark of their language that no folded word begins with.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from threading import Lock
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import snowballstemmer

from timeline.core.languages import primary
from timeline.core.letters import fold

Language: TypeAlias = Literal["fr", "en"]
"""A language in which words in Latin letters are stemmed."""

_Stemmer: TypeAlias = Literal["fr", "en", "ru", "ar"]

LANGUAGES: Final[tuple[Language, ...]] = ("fr", "en")

SIGN: Final = "~"
"""The first character of a mark; alone it separates the texts of a search text."""

_STEMMERS: Final[Mapping[_Stemmer, Any]] = {
    "fr": snowballstemmer.stemmer("french"),
    "en": snowballstemmer.stemmer("english"),
    "ru": snowballstemmer.stemmer("russian"),
    "ar": snowballstemmer.stemmer("arabic"),
}
_STEMMER_LOCK: Final = Lock()
"""A stemmer keeps the current word as its own state, so that it is not safe for threads."""

_UNACCENTED: Final[tuple[tuple[str, str], ...]] = (
    ("iere", "ière"),
    ("ieres", "ières"),
    ("e", "é"),
    ("es", "és"),
    ("ee", "ée"),
    ("ees", "ées"),
)
"""French endings as typed without accents, and as the stemmer expects them."""


class Word(NamedTuple):
    """A word in its folded form, and as spelled: in lower case, with its accents."""

    folded: str
    spelled: str


def language_of(code: str) -> Language | None:
    """Return the language of a tag such as ``fr-CA``, or None if its texts are not stemmed."""
    return next((language for language in LANGUAGES if language == primary(code)), None)


@lru_cache(maxsize=100_000)
def marks(word: Word, languages: tuple[Language, ...]) -> tuple[str, ...]:
    """Return the marks of a word of a text in one of these languages; none for a number.

    Results are cached, so pass only words of the record, never those of a query.
    """
    return tuple(dict.fromkeys(_marks(word, languages)))


def query_marks(word: Word) -> tuple[str, ...]:
    """Return the marks of a word in a query, in any language and with or without its accents."""
    all_marks = dict.fromkeys(_marks(word, LANGUAGES))
    if word.folded.isascii():
        restored = (
            word.folded.removesuffix(plain) + accented
            for plain, accented in _UNACCENTED
            if word.folded.endswith(plain)
        )
        all_marks |= dict.fromkeys(
            _mark(spelled, "fr") for spelled in restored if not word.folded.isdigit()
        )
    return tuple(all_marks)


def _marks(word: Word, languages: tuple[Language, ...]) -> Iterator[str]:
    folded, spelled = word
    if not folded.isalpha():
        return
    if folded.isascii():
        for language in languages:
            yield _mark(folded, language)
            if language == "fr" and spelled != folded:
                yield _mark(spelled, language)
        return
    stemmer = _stemmer_of_script(folded)
    if stemmer:
        # A name such as 'Лавров' looks inflected, so the word itself also counts as a stem.
        yield f"{SIGN}{stemmer[0]}{folded}"
        yield _mark(folded, stemmer)
        yield _mark(spelled, stemmer)


def _stemmer_of_script(folded: str) -> Literal["ru", "ar"] | None:
    first = folded[0]
    if "\u0400" <= first <= "\u052f":
        return "ru"
    return "ar" if "\u0620" <= first <= "\u06ff" else None


def _mark(word: str, stemmer: _Stemmer) -> str:
    with _STEMMER_LOCK:
        stem = _STEMMERS[stemmer].stemWord(word)
    return f"{SIGN}{stemmer[0]}{fold(stem) or fold(word)}"
