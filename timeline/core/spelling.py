"""The words of the record that are most like one that is not found in it."""

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from timeline.core.letters import WORD

LEAST: Final = 4
"""Letters that a word must have: shorter ones are like too many others."""

_MOST_LETTERS: Final = 2
"""Letters by which two words that are alike may differ in length."""

_LIKENESS: Final = 0.75
"""The least likeness of two words, as difflib measures it.

Two letters that changed places in a word of four reach it, as in 'Mlai' for Mali.
"""

_WORD: Final = re.compile(WORD)


def typed_words(query: str) -> list[re.Match[str]]:
    """Return the words of a query that may be misspelt, with their places: no digits, not short."""
    return [word for word in _WORD.finditer(query) if len(word[0]) >= LEAST and word[0].isalpha()]


def nearest(word: str, words: Collection[str], most: int = 3) -> list[str]:
    """Return the words most like one, the most alike first; all of them are folded."""
    alike = [other for other in words if abs(len(other) - len(word)) <= _MOST_LETTERS]
    return get_close_matches(word, alike, most, _LIKENESS)
