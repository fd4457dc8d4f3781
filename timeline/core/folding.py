"""Search texts and queries, blind to case, accents, ligatures, apostrophes and punctuation.

Texts and queries are folded in the same way and compared in that form on every database, as SQLite
folds ASCII only. A search text consists of the folded words of some texts, separated by spaces,
with a lone ``~`` between one text and the next so that no phrase matches across them. After the
words come marks: one for each stem, and one for each compound or group of initials that may also
be written as one word (``~jcovid19`` for 'covid-19', ``~jue`` for 'U.E.'). In a script without
spaces, such as Chinese, each character is a word.

Words of the record are cached. What depends on a reader's query is cached with that query only,
since readers may type anything.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain, repeat, starmap
from typing import Final, NamedTuple
from unicodedata import normalize

from timeline.core.letters import APOSTROPHES, HYPHENS, UNSPACED, WORD
from timeline.core.letters import fold as fold
from timeline.core.stemming import LANGUAGES, SIGN, Language, Word, marks, query_marks

REVISION: Final = 1
"""The revision of the search texts. Raise it with every change to their content, be it here, in
``letters``, in ``stemming`` or in the stemmers: the next migrate then rebuilds all search texts."""

MAX_WORD: Final = 200
"""Characters after which a word is cut: neither database indexes more."""

MAX_SEARCH_TEXT: Final = 250_000
"""Characters after which a search text is cut.

PostgreSQL indexes at most a mebibyte of words, and a character may take four bytes."""

JOINED: Final = f"{SIGN}j"
"""Prefix of the mark of a word that the text writes as several."""

QUOTED: Final = re.compile(r'"([^"]*)"|«([^»]*)»|“([^”]*)”')
_WORD: Final = re.compile(WORD)
_ASCII_WORD: Final = re.compile("[0-9a-z]+")
_UNSPACED_OR_REST: Final = re.compile(f"[{UNSPACED}]|[^{UNSPACED}]+")
_UNSPACED: Final = re.compile(f"[{UNSPACED}]")
_LINK: Final = f"[{APOSTROPHES}{HYPHENS}]\u2060*"

_LINKED: Final = re.compile(rf"{_LINK}.")

COMPOUND: Final = re.compile(rf"(?<![^\W_]){WORD}(?:{_LINK}{WORD})+")
"""Words that are joined by hyphens or apostrophes."""

INITIALS: Final = re.compile(
    rf"(?<![^\W_])(?<!\.)(?:[^\W\d_]\.[ \u00a0]?)+[^\W\d_](?![^\W_]|[{APOSTROPHES}])\.?"
)
"""Letters that stand for words, each with a full stop except perhaps the last: 'U.E', 'J. F.'."""

_ARTICLE: Final = re.compile(rf"(?i:l|d|j|c|s|qu|jusqu|lorsqu|puisqu|quoiqu)[{APOSTROPHES}]")
_PRONOUN: Final = re.compile(rf"(?i:n|m|t)[{APOSTROPHES}]")
"""Elided French words. Those of the second pattern also begin names, such as N'Djamena."""

_PRONOUN_BEFORE_LOWERCASE: Final = re.compile(rf"{_PRONOUN.pattern}(?=[^\W\d_A-Z])")

_POSSESSIVE: Final = re.compile(rf"[{APOSTROPHES}][sS]\Z")

STOP_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "le la les une de du des et à a au aux en dans par pour sur avec ce cet cette ces que qui "
        "the of and an in on at to for from by with",
    )
)
"""Words, spelled with their accents, that are optional beside others.

They only connect other words: 'accord de Moscou' means the same as 'accord à Moscou'. Words that
are as often the name of something are not among them: 'un', 'or', 'est', 'us', 'is', 'who'."""


class TermKind(StrEnum):
    """How a term is looked for."""

    WORD = "word"
    PREFIX = "prefix"
    PHRASE = "phrase"


@dataclass(frozen=True, slots=True)
class Term:
    """One folded term of a query.

    A word matches itself and the ``other_patterns``, which are mainly the marks of its stems. A
    prefix also matches every word that begins with it. A phrase matches exactly its words in a
    row.
    """

    kind: TermKind
    text: str
    other_patterns: tuple[str, ...] = ()

    @property
    def patterns(self) -> tuple[str, ...]:
        """The substrings of which a matching search text contains at least one.

        Each begins with a space; one that does not end with a space is the beginning of a word.
        """
        end = "" if self.kind == TermKind.PREFIX else " "
        return (f" {self.text}{end}", *self.other_patterns)


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """The terms of a query, all of which must match."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)


class LanguageText(NamedTuple):
    """A text and the language in which it is stemmed; None for names of people and the like."""

    text: str
    language: Language | None = None


# Words


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text, each cut to its maximum length."""
    return tuple(chain.from_iterable(map(_split, fold(text).split())))


def _split(folded: str) -> Iterable[str]:
    """Split a folded word into the characters of a script without spaces and the rest."""
    if folded.isascii() or not _UNSPACED.search(folded):
        return (folded[:MAX_WORD],)
    # Folding decomposes Korean syllables.
    composed = normalize("NFC", folded)
    return [piece[:MAX_WORD] for piece in _UNSPACED_OR_REST.findall(composed)]


class _WordRun(NamedTuple):
    """Adjacent words of a text, with their position; several only in a script without spaces."""

    words: tuple[Word, ...]
    first: int
    end: int


def _runs(part: str) -> list[_WordRun]:
    """Return the words of a text without spaces; positions are -1 where they are not known."""
    if part.isascii():
        return [
            _WordRun((Word(match[0][:MAX_WORD], match[0][:MAX_WORD]),), *match.span())
            for match in _ASCII_WORD.finditer(part.lower())
        ]
    all_folded = words(part)
    runs: list[_WordRun] = []
    for match in _WORD.finditer(part):
        first, end = match.span()
        folded = all_folded if end - first == len(part) else words(match[0])
        if len(folded) == 1:
            spelled = normalize("NFC", match[0].casefold())[:MAX_WORD]
            run_words: tuple[Word, ...] = (Word(folded[0], spelled),)
        else:
            run_words = tuple(Word(word, word) for word in folded)
        if runs and runs[-1].end == first:
            last = runs.pop()
            run_words, first = (*last.words, *run_words), last.first
        if run_words:
            runs.append(_WordRun(run_words, first, end))
    if [word.folded for run in runs for word in run.words] != [*all_folded]:
        # The part contains a sign that folds to letters, such as '№', which _WORD does not match.
        return [_WordRun((Word(word, word),), -1, -1) for word in all_folded]
    return runs


def joined(compound: str, *, typed: bool = False) -> Word | None:
    """Return the single word as which a compound may also be written.

    None for numbers and for elisions. In a ``typed`` query, case is not expected to tell names
    from elisions.
    """
    elided = _ARTICLE.match(compound) or (not typed and _PRONOUN_BEFORE_LOWERCASE.match(compound))
    rest = _POSSESSIVE.sub("", compound[elided.end() :] if elided else compound)
    folded = fold(rest)
    if " " not in folded or _UNSPACED.search(folded):
        return None
    whole = folded.replace(" ", "")[:MAX_WORD]
    if whole.isdigit():
        return None
    spelled = "".join(match[0] for match in _WORD.finditer(rest))
    return Word(whole, normalize("NFC", spelled.casefold())[:MAX_WORD])


def initials(text: str) -> str:
    """Return the letters of initials, without full stops and spaces."""
    return "".join(filter(str.isalpha, text))


# Search texts


def _stem_part(part: str, language: Language | None) -> tuple[str, tuple[str, ...]]:
    """Return the folded words of a text without spaces, and their marks."""
    stem = _stem_part_cached if len(part) <= _MAX_CACHED_PART else _stem_part_uncached
    return stem(part, language)


def _stem_part_uncached(part: str, language: Language | None) -> tuple[str, tuple[str, ...]]:
    languages = () if language is None else (language,)
    part_words = [word for run in _runs(part) for word in run.words]
    part_marks = [mark for word in part_words for mark in marks(word, languages)]
    for compound in COMPOUND.finditer(part) if _LINKED.search(part) else ():
        if whole := joined(compound[0]):
            part_marks += (f"{JOINED}{whole.folded}", *marks(whole, languages))
    return " ".join(word.folded for word in part_words), tuple(part_marks)


_MAX_CACHED_PART: Final = 60
"""The most characters of a part, punctuation included, whose result is cached."""

_stem_part_cached: Final = lru_cache(maxsize=100_000)(_stem_part_uncached)


def _stem_text(text: str, language: Language | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the folded words of a text, and the marks of their stems where they have any."""
    # Each title is part of two search texts, and the names of parties recur with every event.
    stem = _stem_text_cached if len(text) <= _MAX_CACHED_TEXT else _stem_text_uncached
    return stem(text, language)


def _stem_text_uncached(text: str, language: Language | None) -> tuple[str, tuple[str, ...]]:
    parts = text.split()
    if not parts:
        return "", ()
    folded, part_marks = zip(*map(_stem_part, parts, repeat(language)), strict=True)
    text_marks = dict.fromkeys(chain.from_iterable(part_marks))
    if "." in text:
        text_marks |= dict.fromkeys(
            f"{JOINED}{fold(initials(letters))}" for letters in INITIALS.findall(text)
        )
    return " ".join(filter(None, folded)), tuple(text_marks)


_MAX_CACHED_TEXT: Final = 300
_stem_text_cached: Final = lru_cache(maxsize=4096)(_stem_text_uncached)


def search_text(*texts: LanguageText, names: Iterable[str] = ()) -> str:
    """Return the search text of texts and names, which the patterns of terms are looked up in.

    Names come after the texts and are stemmed only in scripts that tell the language. Empty when
    there is no word in any of them.
    """
    stemmed = [*starmap(_stem_text, texts), *map(_stem_text, names)]
    all_marks = dict.fromkeys(chain.from_iterable(text_marks for _folded, text_marks in stemmed))
    parts = [*(folded for folded, _marks in stemmed), " ".join(all_marks)]
    joined_parts = f" {SIGN} ".join(filter(None, parts))
    text = f" {joined_parts} " if joined_parts else ""
    if len(text) <= MAX_SEARCH_TEXT:
        return text
    return text[: text.rindex(" ", 0, MAX_SEARCH_TEXT) + 1]


@lru_cache(maxsize=50_000)
def search_text_of_word(word: str) -> str:
    """Return the search text of a word of the record whose language is unknown."""
    word_parts = [part for run in _runs(word) for part in run.words]
    return _with_marks([part.folded for part in word_parts], word_parts)


@lru_cache(maxsize=10_000)
def search_text_of_compound(compound: str) -> str:
    """Return what a compound of the record adds to the search text of its words.

    Empty for an elision or a number.
    """
    whole = joined(compound)
    return _with_marks([f"{JOINED}{whole.folded}"], [whole]) if whole else ""


def search_text_of_initials(text: str) -> str:
    """Return what initials add to the search text of their letters."""
    return f" {JOINED}{fold(initials(text))} "


def _with_marks(folded: list[str], words: list[Word]) -> str:
    word_marks = (mark for word in words for mark in marks(word, LANGUAGES))
    return f" {' '.join((*folded, *word_marks))} "


def contains(text: str, term: Term) -> bool:
    """Whether a search text contains a term."""
    return any(pattern in text for pattern in term.patterns)


# Queries


class _QueryRun(NamedTuple):
    """A run of words in a query, with the compound that it is part of written as one word."""

    run: _WordRun
    compound: Word | None
    optional: bool
    """Whether it need not be found where there are other words."""


@lru_cache(maxsize=64)
def parse_query(query: str) -> SearchTerms:
    """Parse a query; text in quotation marks is a phrase, a lone quotation mark is ignored.

    The last word is a prefix when nothing follows it, as the reader may still be typing. Words
    that only connect others are left out where there are others.
    """
    quoted = (" ".join(words("".join(groups))) for groups in QUOTED.findall(query))
    phrases = [Term(TermKind.PHRASE, phrase) for phrase in quoted if phrase]
    unquoted = INITIALS.sub(lambda match: f" {initials(match[0])} ", QUOTED.sub(" ", query))
    all_caps = unquoted.isupper()
    runs = [run for part in unquoted.split() for run in _query_runs(part, all_caps=all_caps)]
    unfinished = bool(runs) and _unfinished(query)
    terms = [
        _term(run, prefix=unfinished and number == len(runs))
        for number, run in enumerate(runs, start=1)
    ]
    required = [term for term, run in zip(terms, runs, strict=True) if not run.optional]
    if not required and not phrases:
        required = terms
    return SearchTerms(tuple(dict.fromkeys((*required, *phrases))))


def _query_runs(part: str, *, all_caps: bool) -> Iterator[_QueryRun]:
    """Yield the words of a part of a query without spaces.

    In a query that is not all in capitals, a word in capitals is a name, such as AU, even if it
    is also a stop word.
    """
    compounds = [
        (
            *(*match.span(), joined(match[0], typed=True)),
            _ARTICLE.match(match[0]) or _PRONOUN.match(match[0]),
            _POSSESSIVE.search(match[0]),
        )
        for match in COMPOUND.finditer(part)
    ]
    for run in _runs(part):
        in_capitals = len(run.words[0].folded) > 1 and part[run.first : run.end].isupper()
        optional = len(run.words) == 1 and run.words[0].spelled in STOP_WORDS
        optional = optional and (all_caps or not in_capitals)
        compound = None
        for first, end, word, elided, possessive in compounds:
            if first <= run.first < end:
                compound = word
                optional |= bool(elided) and run.first == first
                optional |= bool(possessive) and run.end == end
        yield _QueryRun(run, compound, optional)


def _term(query_run: _QueryRun, *, prefix: bool) -> Term:
    run_words = query_run.run.words
    text = " ".join(word.folded for word in run_words)
    if len(run_words) > 1 or _UNSPACED.search(text):
        return Term(TermKind.PHRASE, text)
    end = "" if prefix else " "
    patterns = [f" {JOINED}{text}{end}", *_mark_patterns(run_words[0])]
    if compound := query_run.compound:
        patterns += (f" {compound.folded}{end}", f" {JOINED}{compound.folded}{end}")
        patterns += _mark_patterns(compound)
    return Term(TermKind.PREFIX if prefix else TermKind.WORD, text, tuple(dict.fromkeys(patterns)))


def _mark_patterns(word: Word) -> Iterator[str]:
    return (f" {mark} " for mark in query_marks(word))


def _unfinished(query: str) -> bool:
    """Whether a letter typed at the end, trailing spaces apart, would belong to the last word."""
    typed = query.rstrip()
    return fold(f"{typed}x") == f"{fold(typed)}x"
