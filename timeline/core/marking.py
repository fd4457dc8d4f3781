"""Marks what a reader asked to find where it stands in a piece of HTML.

It is given HTML made ready before anybody asked, card after card on every list with words to find,
so what was judged once is looked up.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar, cast

from timeline.core.folding import (
    COMPOUND,
    INITIALS,
    SearchTerms,
    TermKind,
    form_of_compound,
    form_of_initials,
    form_of_word,
    holds,
)
from timeline.core.letters import WORD
from timeline.core.stemming import SIGN

_WORD_OR_ENTITY: Final = re.compile(rf"&#?\w+;|{WORD}")
_APOSTROPHE: Final = "&#x27;", "'".ljust(6, "\u2060")
"""The entity of an apostrophe, and one as long with signs that folding drops."""

_CLOSED: Final = "mark|option|script|style|svg|textarea|title"
"""Elements whose text is left as it is."""

_REST_OF_TAG: Final = r"""(?:"[^"]*"|'[^']*'|[^'">])*>"""
_NOT_TEXT: Final = re.compile(
    rf"(<!--.*?-->|<({_CLOSED})\b{_REST_OF_TAG}.*?</\2\s*>|<[/!a-z]{_REST_OF_TAG})",
    re.DOTALL | re.IGNORECASE,
)
_TAG: Final = re.compile(rf"(?!(?:{_CLOSED})\b)/?[a-z]{_REST_OF_TAG}", re.IGNORECASE)
"""A tag, but for its first sign, that says nothing of how to read what comes after its text."""

_MOST: Final = 500_000
"""Characters of pieces judged for one question that are kept."""

_form: Final = lru_cache(maxsize=16_384)(form_of_word)
"""The form of a word of the record: each question marks the same cards."""

_Judged = TypeVar("_Judged")


class _Kept(dict[str, _Judged]):
    """What is judged of pieces of text, each once while it is kept."""

    def __init__(self, judge: Callable[[str], _Judged]) -> None:
        super().__init__()
        self._judge = judge
        self._characters = 0

    def __missing__(self, piece: str) -> _Judged:
        found = self._judge(piece)
        self._characters += 100 + len(piece) + (len(found) if isinstance(found, str) else 0)
        if self._characters > _MOST:
            self.clear()
            self._characters = 0
        self[piece] = found
        return found


class _Word(NamedTuple):
    """A word of a text: where it stands, and what it is, folded."""

    first: int
    end: int
    folded: tuple[str, ...]


class _Marker:
    """Marks what one question finds."""

    def __init__(self, terms: SearchTerms) -> None:
        self._phrases = [term.text.split() for term in terms if term.kind == TermKind.PHRASE]
        self._terms = [term for term in terms if term.kind != TermKind.PHRASE]
        self._finds = _Kept(lambda word: self._held(_form(word)))
        self._finds_joined = _Kept(lambda joined: self._held(form_of_compound(joined)))
        self._pieces = _Kept(self._after_tag)

    def mark(self, html: str) -> str:
        """Take HTML from tag to tag: what follows one is mostly the same in many cards."""
        first, *rest = html.split("<")
        pieces = [self._text(first), *map(self._pieces.__getitem__, rest)]
        return self._whole(html) if None in pieces else "<".join(cast(list[str], pieces))

    def _after_tag(self, piece: str) -> str | None:
        """Mark the text after a tag; None where that depends on more than the piece."""
        tag = _TAG.match(piece)
        return piece[: tag.end()] + self._text(piece[tag.end() :]) if tag else None

    def _whole(self, html: str) -> str:
        pieces = _NOT_TEXT.split(html)
        pieces[::3] = map(self._text, pieces[::3])
        return "".join(piece for number, piece in enumerate(pieces) if number % 3 != 2)

    def _text(self, text: str) -> str:
        """Wrap what the question finds in a text that may hold entities."""
        plain = text.replace(*_APOSTROPHE)
        found = [one for one in _WORD_OR_ENTITY.finditer(plain) if not one[0].startswith("&")]
        spans: list[tuple[int, int]] = []
        if self._terms:
            spans += (one.span() for one in found if self._finds[one[0]])
            spans += self._joined(plain)
        if self._phrases:
            read = [_Word(*one.span(), _folded(one[0])) for one in found]
            for phrase in self._phrases:
                spans += _runs(read, phrase)
        return _wrapped(text, spans) if spans else text

    def _joined(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a text writes in several words what is asked for as one."""
        for one in COMPOUND.finditer(text):
            if self._finds_joined[one[0].replace("\u2060", "")]:
                yield one.span()
        if "." in text:
            for one in INITIALS.finditer(text):
                if self._held(form_of_initials(one[0])):
                    yield one.span()

    def _held(self, form: str) -> bool:
        return any(holds(form, term) for term in self._terms)


def _folded(word: str) -> tuple[str, ...]:
    return tuple(one for one in _form(word).split() if not one.startswith(SIGN))


def _runs(found: list[_Word], phrase: list[str]) -> Iterator[tuple[int, int]]:
    """Where the words of a phrase stand in a row."""
    places = [(word, one) for one in found for word in one.folded]
    length = len(phrase)
    for start in range(len(places) - length + 1):
        run = places[start : start + length]
        if [word for word, _one in run] == phrase:
            yield run[0][1].first, run[-1][1].end


def _wrapped(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Wrap spans of a text, those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for first, end in sorted(spans):
        if merged and first < merged[-1][1]:
            first, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((first, end))
    pieces, last = [], 0
    for first, end in merged:
        pieces += [text[last:first], "<mark>", text[first:end], "</mark>"]
        last = end
    return "".join((*pieces, text[last:]))


@lru_cache(maxsize=8)
def _marker(terms: SearchTerms) -> _Marker:
    return _Marker(terms)


def mark(html: str, terms: SearchTerms) -> str:
    """Wrap in ``<mark>`` each word and phrase of a piece of HTML's text that a question finds.

    Tags, attributes, comments and entities are left as they are, and so is what is marked already.
    The language of a word is not known here, so a stem in any language marks it.
    """
    return _marker(terms).mark(html)
