"""Marks of the stems of words: what words of the same stem have in common in a search text.

Words in Latin letters have stems of French or English, those in Cyrillic of Russian and those in
Arabic script of Arabic. A stem is taken twice, of the word as it is spelled and of the folded word:
the French stemmer tells 'négocié' and 'négocier' by the accent, while a reader may type none.
Both are folded, and written with a mark of their language that no folded word begins with.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from threading import Lock
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import snowballstemmer

from timeline.core.languages import primary
from timeline.core.letters import fold

Language: TypeAlias = Literal["fr", "en"]
"""A language whose texts are found by the stems of their words in Latin letters."""

_Stemmer: TypeAlias = Literal["fr", "en", "ru", "ar"]

LANGUAGES: Final[tuple[Language, ...]] = ("fr", "en")

SIGN: Final = "~"
"""What a mark begins with; alone it stands between texts."""

_STEMMERS: Final[Mapping[_Stemmer, Any]] = {
    "fr": snowballstemmer.stemmer("french"),
    "en": snowballstemmer.stemmer("english"),
    "ru": snowballstemmer.stemmer("russian"),
    "ar": snowballstemmer.stemmer("arabic"),
}
_ONE_AT_A_TIME: Final = Lock()
"""A stemmer keeps the word in hand in itself."""

_UNACCENTED: Final[tuple[tuple[str, str], ...]] = (
    ("iere", "ière"),
    ("ieres", "ières"),
    ("e", "é"),
    ("es", "és"),
    ("ee", "ée"),
    ("ees", "ées"),
)
"""French endings as they are typed without accents, and as the stemmer knows them."""


class Word(NamedTuple):
    """A word folded, and as it is spelled: in small letters, with its accents."""

    folded: str
    spelled: str


def language_of(code: str) -> Language | None:
    """The language of a tag such as ``fr-CA``, where its texts have stems here."""
    return next((language for language in LANGUAGES if language == primary(code)), None)


@lru_cache(maxsize=100_000)
def marks(word: Word, languages: tuple[Language, ...]) -> tuple[str, ...]:
    """The marks of a word of a text in one of these languages; none of a number.

    They are kept, so that only words of the record may be given here.
    """
    return tuple(dict.fromkeys(_marks(word, languages)))


def asked_marks(word: Word) -> tuple[str, ...]:
    """The marks of a word that a reader asks for, whose language and accents nobody told."""
    found = dict.fromkeys(_marks(word, LANGUAGES))
    if word.folded.isascii():
        restored = (
            word.folded.removesuffix(plain) + accented
            for plain, accented in _UNACCENTED
            if word.folded.endswith(plain)
        )
        found |= dict.fromkeys(_mark(one, "fr") for one in restored if not word.folded.isdigit())
    return tuple(found)


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
    stemmer = _of_script(folded)
    if stemmer:
        # A name such as 'Лавров' looks inflected: the word itself counts as a stem, too.
        yield f"{SIGN}{stemmer[0]}{folded}"
        yield _mark(folded, stemmer)
        yield _mark(spelled, stemmer)


def _of_script(folded: str) -> Literal["ru", "ar"] | None:
    first = folded[0]
    if "\u0400" <= first <= "\u052f":
        return "ru"
    return "ar" if "\u0620" <= first <= "\u06ff" else None


def _mark(word: str, stemmer: _Stemmer) -> str:
    with _ONE_AT_A_TIME:
        stem = _STEMMERS[stemmer].stemWord(word)
    return f"{SIGN}{stemmer[0]}{fold(stem) or fold(word)}"
