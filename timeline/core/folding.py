"""The search text of text: blind to case, accents, ligatures, apostrophes and punctuation.

The same folding is applied to what is written and to what is asked, and compared in that form on
every database (SQLite itself folds ASCII only). A search text is the folded words of some texts,
each between blanks, a lone ``~`` between one text and the next so that no phrase runs across, and
after them the marks of their stems and of what is also written as one word: 'covid-19' is marked
``~jcovid19`` and 'U.E.' ``~jue``. Each character of a script without blanks, such as Chinese, is a
word.

What is read of the record is kept in memory, what is read of a question only as long as the
question: readers may ask anything.
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
from timeline.core.stemming import LANGUAGES, SIGN, Language, Word, asked_marks, marks

REVISION: Final = 1
"""The number of this way of making search texts. Raise it with every change of what is made here,
in ``letters`` or in ``stemming``, the stemmers included: what a database holds is then made anew
after the next migrate."""

MAX_WORD: Final = 200
"""Characters of a word that count: both databases keep only so many."""

MAX_FORM: Final = 250_000
"""Characters of a search text: PostgreSQL takes a mebibyte of words, and four bytes a character."""

JOINED: Final = f"{SIGN}j"
"""What the mark of a word that a text writes in several begins with."""

_QUOTED: Final = re.compile(r'"([^"]*)"|«([^»]*)»|“([^”]*)”')
_WORD: Final = re.compile(WORD)
_ASCII_WORD: Final = re.compile("[0-9a-z]+")
_ONE: Final = re.compile(f"[{UNSPACED}]|[^{UNSPACED}]+")
_UNSPACED: Final = re.compile(f"[{UNSPACED}]")
_LINK: Final = f"[{APOSTROPHES}{HYPHENS}]\u2060*"

_LINKED: Final = re.compile(rf"{_LINK}.")

COMPOUND: Final = re.compile(rf"(?<![^\W_]){WORD}(?:{_LINK}{WORD})+")
"""Words that hyphens or apostrophes hold together."""

INITIALS: Final = re.compile(
    rf"(?<![^\W_])(?<!\.)(?:[^\W\d_]\.[ \u00a0]?)+[^\W\d_](?![^\W_]|[{APOSTROPHES}])\.?"
)
"""Letters that stand for words, each but perhaps the last with its point: 'U.E.', 'J. F.'."""

_ARTICLE: Final = re.compile(rf"(?i:l|d|j|c|s|qu|jusqu|lorsqu|puisqu|quoiqu)[{APOSTROPHES}]")
_PRONOUN: Final = re.compile(rf"(?i:n|m|t)[{APOSTROPHES}]")
"""French words that lose their vowel. The second kind also begins names, such as N'Djamena."""

_BEFORE_A_SMALL_LETTER: Final = re.compile(rf"{_PRONOUN.pattern}(?=[^\W\d_A-Z])")

_POSSESSIVE: Final = re.compile(rf"[{APOSTROPHES}][sS]\Z")

_STOP_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "le la les une de du des et à a au aux en dans par pour sur avec ce cet cette ces que qui "
        "the of and an in on at to for from by with",
    )
)
"""Words, accents and all, that need not be found beside others: they say how words belong
together, and 'accord de Moscou' means what 'accord à Moscou' says. Words that are as often the
name of something are not among them: 'un', 'or', 'est', 'us', 'is', 'who'."""


class TermKind(StrEnum):
    """How a term is looked for."""

    WORD = "word"
    PREFIX = "prefix"
    PHRASE = "phrase"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to find, folded.

    A word finds itself and what ``others`` says, the marks of its stems above all; a prefix finds
    what begins with it besides; a phrase finds its words in a row, exactly.
    """

    kind: TermKind
    text: str
    others: tuple[str, ...] = ()

    @property
    def patterns(self) -> tuple[str, ...]:
        """The strings of which a search text that holds the term contains at least one.

        Each begins with a blank; one that ends with none is the beginning of a word.
        """
        whole = "" if self.kind == TermKind.PREFIX else " "
        return (f" {self.text}{whole}", *self.others)


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


# Words


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text, each as long as it counts."""
    return tuple(chain.from_iterable(map(_split, fold(text).split())))


def _split(folded: str) -> Iterable[str]:
    """A folded word, or each character of a script without blanks in it."""
    if folded.isascii() or not _UNSPACED.search(folded):
        return (folded[:MAX_WORD],)
    # Folding takes Korean syllables apart.
    return [one[:MAX_WORD] for one in _ONE.findall(normalize("NFC", folded))]


class _Run(NamedTuple):
    """Words of a text that nothing stands between; several only in a script without blanks."""

    words: tuple[Word, ...]
    first: int
    end: int


def _runs(part: str) -> list[_Run]:
    """The words of a text without blanks, with their places in it where those are known."""
    if part.isascii():
        return [
            _Run((Word(one[0][:MAX_WORD], one[0][:MAX_WORD]),), *one.span())
            for one in _ASCII_WORD.finditer(part.lower())
        ]
    whole = words(part)
    found: list[_Run] = []
    for one in _WORD.finditer(part):
        first, end = one.span()
        folded = whole if end - first == len(part) else words(one[0])
        if len(folded) == 1:
            spelled = normalize("NFC", one[0].casefold())[:MAX_WORD]
            read: tuple[Word, ...] = (Word(folded[0], spelled),)
        else:
            read = tuple(Word(word, word) for word in folded)
        if found and found[-1].end == first:
            last = found.pop()
            read, first = (*last.words, *read), last.first
        if read:
            found.append(_Run(read, first, end))
    if [word.folded for run in found for word in run.words] != [*whole]:
        # A sign that stands for letters, such as '№'.
        return [_Run((Word(word, word),), -1, -1) for word in whole]
    return found


def joined(compound: str, *, typed: bool = False) -> Word | None:
    """The one word as which a compound may be written, too; None for numbers and elisions.

    Of what is ``typed`` in a question no case is expected that would tell a name.
    """
    elided = _ARTICLE.match(compound) or (not typed and _BEFORE_A_SMALL_LETTER.match(compound))
    rest = _POSSESSIVE.sub("", compound[elided.end() :] if elided else compound)
    folded = fold(rest)
    if " " not in folded or _UNSPACED.search(folded):
        return None
    whole = folded.replace(" ", "")[:MAX_WORD]
    if whole.isdigit():
        return None
    spelled = "".join(one[0] for one in _WORD.finditer(rest))
    return Word(whole, normalize("NFC", spelled.casefold())[:MAX_WORD])


def initials(found: str) -> str:
    """The letters of initials, without points and blanks."""
    return "".join(filter(str.isalpha, found))


# What is written


def _stemmed(part: str, language: Language | None) -> tuple[str, tuple[str, ...]]:
    """The folded words of a text without blanks, and their marks."""
    return (_kept_stemmed if len(part) <= _LONGEST_KEPT else _newly_stemmed)(part, language)


def _newly_stemmed(part: str, language: Language | None) -> tuple[str, tuple[str, ...]]:
    languages = () if language is None else (language,)
    read = [word for run in _runs(part) for word in run.words]
    found = [mark for word in read for mark in marks(word, languages)]
    for compound in COMPOUND.finditer(part) if _LINKED.search(part) else ():
        if whole := joined(compound[0]):
            found += (f"{JOINED}{whole.folded}", *marks(whole, languages))
    return " ".join(word.folded for word in read), tuple(found)


_LONGEST_KEPT: Final = 60
"""Characters of a word, with what sticks to it, up to which it is kept as it was read."""

_kept_stemmed: Final = lru_cache(maxsize=100_000)(_newly_stemmed)


def _told(text: str, language: Language | None = None) -> tuple[str, tuple[str, ...]]:
    """The folded words of a text, and the marks of their stems where they have any.

    Titles are folded for two forms each, and the names of parties come back with every event:
    short texts are kept as they were read.
    """
    return (_kept_told if len(text) <= _LONGEST_TOLD else _newly_told)(text, language)


def _newly_told(text: str, language: Language | None) -> tuple[str, tuple[str, ...]]:
    parts = text.split()
    if not parts:
        return "", ()
    folded, marked = zip(*map(_stemmed, parts, repeat(language)), strict=True)
    found = dict.fromkeys(chain.from_iterable(marked))
    if "." in text:
        found |= dict.fromkeys(f"{JOINED}{fold(initials(one))}" for one in INITIALS.findall(text))
    return " ".join(filter(None, folded)), tuple(found)


_LONGEST_TOLD: Final = 300
_kept_told: Final = lru_cache(maxsize=4096)(_newly_told)


def search_form(*texts: Said, names: Iterable[str] = ()) -> str:
    """Fold texts into what the patterns of a term are looked for in; empty when nothing is said.

    Names come after the texts and are stemmed only in scripts that tell the language.
    """
    told = [*starmap(_told, texts), *map(_told, names)]
    stems = dict.fromkeys(chain.from_iterable(marked for _folded, marked in told))
    parts = [*(folded for folded, _marked in told), " ".join(stems)]
    whole = f" {SIGN} ".join(filter(None, parts))
    form = f" {whole} " if whole else ""
    return form if len(form) <= MAX_FORM else form[: form.rindex(" ", 0, MAX_FORM) + 1]


@lru_cache(maxsize=50_000)
def form_of_word(word: str) -> str:
    """The search text of one word of a text of the record whose language is not known."""
    read = [one for run in _runs(word) for one in run.words]
    return _as_form([one.folded for one in read], read)


@lru_cache(maxsize=10_000)
def form_of_compound(compound: str) -> str:
    """What is marked of a compound of the record beside its words; empty for an elision."""
    whole = joined(compound)
    return _as_form([f"{JOINED}{whole.folded}"], [whole]) if whole else ""


def form_of_initials(found: str) -> str:
    """What is marked of initials beside their letters."""
    return f" {JOINED}{fold(initials(found))} "


def _as_form(said: list[str], read: list[Word]) -> str:
    return f" {' '.join((*said, *(mark for one in read for mark in marks(one, LANGUAGES))))} "


def holds(form: str, term: Term) -> bool:
    """Whether a search text holds a term."""
    return any(pattern in form for pattern in term.patterns)


# What is asked


class _Asked(NamedTuple):
    """A word or a run of a question with the compound that it stands in."""

    run: _Run
    whole: Word | None
    loose: bool
    """Whether it need not be found where other words are."""


@lru_cache(maxsize=64)
def parse_query(query: str) -> SearchTerms:
    """Read what a reader typed; text in quotation marks is a phrase, a lone mark is nothing.

    The last word is a prefix when nothing follows it: it may still be being typed. Words that only
    hold others together are left out where there are others.
    """
    phrases = (" ".join(words("".join(groups))) for groups in _QUOTED.findall(query))
    found = [Term(TermKind.PHRASE, phrase) for phrase in phrases if phrase]
    plain = INITIALS.sub(lambda one: f" {initials(one[0])} ", _QUOTED.sub(" ", query))
    shouted = plain.isupper()
    asked = [one for part in plain.split() for one in _asked(part, shouted=shouted)]
    unfinished = bool(asked) and _unfinished(query)
    terms = [
        _term(one, prefix=unfinished and number == len(asked))
        for number, one in enumerate(asked, start=1)
    ]
    needed = [term for term, one in zip(terms, asked, strict=True) if not one.loose]
    if not needed and not found:
        needed = terms
    return SearchTerms(tuple(dict.fromkeys((*needed, *found))))


def _asked(part: str, *, shouted: bool) -> Iterator[_Asked]:
    """The words of a question's part without blanks.

    A word in capitals among others that are not is a name, such as AU, whatever it is as a word.
    """
    wholes = [
        (
            *(*one.span(), joined(one[0], typed=True)),
            _ARTICLE.match(one[0]) or _PRONOUN.match(one[0]),
            _POSSESSIVE.search(one[0]),
        )
        for one in COMPOUND.finditer(part)
    ]
    for run in _runs(part):
        name = len(run.words[0].folded) > 1 and part[run.first : run.end].isupper()
        loose = len(run.words) == 1 and run.words[0].spelled in _STOP_WORDS
        loose = loose and (shouted or not name)
        whole = None
        for first, end, word, elided, possessive in wholes:
            if first <= run.first < end:
                whole = word
                loose |= bool(elided) and run.first == first
                loose |= bool(possessive) and run.end == end
        yield _Asked(run, whole, loose)


def _term(asked: _Asked, *, prefix: bool) -> Term:
    read = asked.run.words
    text = " ".join(word.folded for word in read)
    if len(read) > 1 or _UNSPACED.search(text):
        return Term(TermKind.PHRASE, text)
    end = "" if prefix else " "
    others = [f" {JOINED}{text}{end}", *_stems(read[0])]
    if whole := asked.whole:
        others += (f" {whole.folded}{end}", f" {JOINED}{whole.folded}{end}", *_stems(whole))
    return Term(TermKind.PREFIX if prefix else TermKind.WORD, text, tuple(dict.fromkeys(others)))


def _stems(word: Word) -> Iterator[str]:
    return (f" {mark} " for mark in asked_marks(word))


def _unfinished(query: str) -> bool:
    """Whether a letter typed now would belong to the last word, blanks apart."""
    typed = query.rstrip()
    return fold(f"{typed}x") == f"{fold(typed)}x"
