"""The search form of text: blind to case, accents, ligatures, apostrophes and punctuation.

The same folding is applied to what is written and to what is asked, and compared in that form on
every database (SQLite itself folds ASCII only). A search form is the folded words of some texts,
each between blanks, a lone ``~`` between one text and the next so that no phrase runs across, and
after them the marks of their stems.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain, repeat, starmap
from typing import Final, NamedTuple

from timeline.core.stemming import SIGN, Language, mark, marks

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
        "\u200c": "",
        "\u200d": "",
        "\u200e": "",
        "\u200f": "",
        "\u2060": "",
        "\ufeff": "",
        **{chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)},
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

MAX_WORD: Final = 200
"""Characters of a word that count: both databases keep only so many."""


MAX_FORM: Final = 250_000
"""Characters of a search form: PostgreSQL takes a mebibyte of words, and four bytes a character."""


class TermKind(StrEnum):
    """How a term is looked for."""

    WORD = "word"
    PREFIX = "prefix"
    PHRASE = "phrase"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to find, folded.

    A word finds itself and the words of the same French or the same English stem; a prefix finds
    what begins with it besides; a phrase finds its words in a row, exactly.
    """

    kind: TermKind
    text: str

    @property
    def needles(self) -> tuple[str, ...]:
        """The strings of which a search form that holds the term contains at least one."""
        if self.kind == TermKind.PHRASE:
            return (f" {self.text} ",)
        whole = "" if self.kind == TermKind.PREFIX else " "
        return (f" {self.text}{whole}", *(f" {one} " for one in marks(self.text)))


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """What a reader asks to find: all of these terms."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)


class Said(NamedTuple):
    """A text with its language, where its words have stems; names of people and the like do not."""

    text: str
    language: Language | None = None


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Fold a text: letters and digits in their plainest form, one space between words.

    Marks are dropped after decomposition, so that й is found as и and ё as е, and Arabic vowel
    signs and hamza carriers do not matter. What stands between blanks is folded by itself: the
    words of a record come back again and again.
    """
    return " ".join(filter(None, map(_fold_word, text.split())))


@lru_cache(maxsize=65536)
def _fold_word(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
    plain = unicodedata.normalize("NFKD", decomposed.casefold().translate(_LETTERS))
    kept = (
        character if character.isalnum() else " "
        for character in plain
        if not unicodedata.combining(character)
    )
    return " ".join("".join(kept).split())


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text, each as long as it counts."""
    return tuple(chain.from_iterable(map(_words_of, text.split())))


@lru_cache(maxsize=50_000)
def _words_of(part: str) -> tuple[str, ...]:
    """The folded words of a text without blanks: texts differ, what they are made of recurs."""
    return tuple(word[:MAX_WORD] for word in fold(part).split())


@lru_cache(maxsize=100_000)
def _stemmed(part: str, language: Language) -> tuple[str, tuple[str, ...]]:
    """The folded words of a text without blanks, and the marks of their stems."""
    found = _words_of(part)
    return " ".join(found), tuple(filter(None, (mark(word, language) for word in found)))


@lru_cache(maxsize=4096)
def _told(text: str, language: Language | None = None) -> tuple[str, tuple[str, ...]]:
    """The folded words of a text, and the marks of their stems where they have any.

    Titles and quotations are folded for two forms each, and the names of parties come back with
    every event.
    """
    parts = text.split()
    if language is None or not parts:
        return " ".join(words(text)), ()
    folded, marked = zip(*map(_stemmed, parts, repeat(language)), strict=True)
    return " ".join(filter(None, folded)), tuple(dict.fromkeys(chain.from_iterable(marked)))


def search_form(*texts: Said, names: Iterable[str] = ()) -> str:
    """Fold texts into what the needles of a term are looked for in; empty when nothing is said.

    Names come after the texts and are not stemmed.
    """
    told = [*starmap(_told, texts), *map(_told, names)]
    stems = dict.fromkeys(chain.from_iterable(marked for _folded, marked in told))
    parts = [*(folded for folded, _marked in told), " ".join(stems)]
    whole = f" {SIGN} ".join(filter(None, parts))
    form = f" {whole} " if whole else ""
    return form if len(form) <= MAX_FORM else form[: form.rindex(" ", 0, MAX_FORM) + 1]


def holds(form: str, term: Term) -> bool:
    """Whether a search form holds a term."""
    return any(needle in form for needle in term.needles)


def parse_query(query: str) -> SearchTerms:
    """Read what a reader typed; text in quotation marks is a phrase, a lone mark is nothing.

    The last word is a prefix when nothing follows it: it may still be being typed.
    """
    phrases = (" ".join(words("".join(groups))) for groups in _QUOTED.findall(query))
    asked = words(_QUOTED.sub(" ", query))
    kinds = [TermKind.WORD] * len(asked)
    if _unfinished(query) and kinds:
        kinds[-1] = TermKind.PREFIX
    found = [
        *map(Term, kinds, asked),
        *(Term(TermKind.PHRASE, phrase) for phrase in phrases if phrase),
    ]
    return SearchTerms(tuple(dict.fromkeys(found)))


def _unfinished(query: str) -> bool:
    """Whether a letter typed now would belong to the last word, blanks apart."""
    typed = query.rstrip()
    return fold(f"{typed}x") == f"{fold(typed)}x"
