"""Highlight the words of a query in a piece of HTML.

The HTML is rendered beforehand and marked for every query, card after card of a list, so results
are cached by piece of text.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final, TypeVar, cast

from timeline.core.folding import (
    COMPOUND,
    INITIALS,
    SearchTerms,
    TermKind,
    contains,
    search_text_of_compound,
    search_text_of_initials,
    search_text_of_word,
)
from timeline.core.letters import WORD
from timeline.core.stemming import SIGN

_WORD_OR_ENTITY: Final = re.compile(rf"&#?\w+;|{WORD}")
_APOSTROPHE: Final = "&#x27;", "'".ljust(6, "\u2060")
"""The entity of an apostrophe, and a replacement of the same length in characters that folding
drops, so that positions stay valid."""

_SKIPPED: Final = "mark|option|script|style|svg|textarea|title"
"""Elements whose text is not marked."""

_REST_OF_TAG: Final = r"""(?:"[^"]*"|'[^']*'|[^'">])*>"""
_NOT_TEXT: Final = re.compile(
    rf"(<!--.*?-->|<({_SKIPPED})\b{_REST_OF_TAG}.*?</\2\s*>|<[/!a-z]{_REST_OF_TAG})",
    re.DOTALL | re.IGNORECASE,
)
_TAG: Final = re.compile(rf"(?!(?:{_SKIPPED})\b)/?[a-z]{_REST_OF_TAG}", re.IGNORECASE)
"""A tag without its opening bracket, of an element whose text can be marked by itself."""

_MAX_CACHED: Final = 500_000
"""Characters of text, about, for which one query caches results."""

_MAX_WORDS: Final = 16_384
"""Words of cards, which every query marks, whose search texts are cached."""

_search_text_of_word: Final = lru_cache(maxsize=_MAX_WORDS)(search_text_of_word)

_CachedResult = TypeVar("_CachedResult")


class _Cache(dict[str, _CachedResult]):
    """Results of a function of a piece of text; cleared when it is full."""

    def __init__(self, function: Callable[[str], _CachedResult]) -> None:
        super().__init__()
        self._function = function
        self._characters = 0

    def __missing__(self, piece: str) -> _CachedResult:
        result = self._function(piece)
        self._characters += 100 + len(piece) + (len(result) if isinstance(result, str) else 0)
        if self._characters > _MAX_CACHED:
            self.clear()
            self._characters = 0
        self[piece] = result
        return result


class _Marker:
    """Marks the terms of one query."""

    def __init__(self, terms: SearchTerms) -> None:
        self._phrases = [term.text.split() for term in terms if term.kind == TermKind.PHRASE]
        self._terms = [term for term in terms if term.kind != TermKind.PHRASE]
        self._matches = _Cache(lambda word: self._any_in(_search_text_of_word(word)))
        self._matches_joined = _Cache(lambda joined: self._any_in(search_text_of_compound(joined)))
        self._pieces = _Cache(self._mark_after_tag)

    def mark(self, html: str) -> str:
        # Tag by tag, as the text after a tag is mostly the same in many cards.
        first, *rest = html.split("<")
        pieces = [self._mark_text(first), *map(self._pieces.__getitem__, rest)]
        return self._mark_whole(html) if None in pieces else "<".join(cast(list[str], pieces))

    def _mark_after_tag(self, piece: str) -> str | None:
        """Mark the text after a tag; None where that depends on more than the piece."""
        tag = _TAG.match(piece)
        return piece[: tag.end()] + self._mark_text(piece[tag.end() :]) if tag else None

    def _mark_whole(self, html: str) -> str:
        # Every piece of text is followed by the two groups of the pattern.
        pieces = _NOT_TEXT.split(html)
        pieces[::3] = map(self._mark_text, pieces[::3])
        return "".join(piece for number, piece in enumerate(pieces) if number % 3 != 2)

    def _mark_text(self, text: str) -> str:
        """Mark the terms in a text, which may contain entities."""
        plain = text.replace(*_APOSTROPHE)
        matches = [
            match for match in _WORD_OR_ENTITY.finditer(plain) if not match[0].startswith("&")
        ]
        spans: list[tuple[int, int]] = []
        if self._terms:
            spans += (match.span() for match in matches if self._matches[match[0]])
            spans += self._joined(plain)
        if self._phrases:
            folded = [(part, match) for match in matches for part in _folded(match[0])]
            words = [part for part, _match in folded]
            for phrase in self._phrases:
                for start in _positions(phrase, words):
                    first, last = folded[start][1], folded[start + len(phrase) - 1][1]
                    spans.append((first.start(), last.end()))
        return _wrapped(text, spans) if spans else text

    def _joined(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of several words that a term writes as one."""
        for match in COMPOUND.finditer(text):
            if self._matches_joined[match[0].replace("\u2060", "")]:
                yield match.span()
        if "." in text:
            for match in INITIALS.finditer(text):
                if self._any_in(search_text_of_initials(match[0])):
                    yield match.span()

    def _any_in(self, search_text: str) -> bool:
        return any(contains(search_text, term) for term in self._terms)


@lru_cache(maxsize=_MAX_WORDS)
def _folded(word: str) -> tuple[str, ...]:
    """Return the folded parts of a word, without its marks."""
    return tuple(part for part in search_text_of_word(word).split() if not part.startswith(SIGN))


def _positions(phrase: list[str], words: list[str]) -> Iterator[int]:
    """Yield the positions at which the words of a phrase stand in a row."""
    if phrase[0] in words:
        for start in range(len(words) - len(phrase) + 1):
            if words[start : start + len(phrase)] == phrase:
                yield start


def _wrapped(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Wrap spans of a text in ``<mark>``, overlapping ones as one."""
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
    """Wrap each word and phrase in the text of some HTML that a query matches in ``<mark>``.

    Tags, attributes, comments and entities are left alone, and so is text already marked. The
    language of a word is not known here, so a stem in any language marks it.
    """
    return _marker(terms).mark(html)
