"""The wordings of commitments: two of them compared word by word, and those that are quotations."""

import re
from difflib import SequenceMatcher
from typing import Final, NamedTuple

_PIECE: Final = re.compile(r"\w+|\s+|[^\w\s]")


class Piece(NamedTuple):
    """A part of a wording, and whether it is missing from the other wording."""

    text: str
    changed: bool


class Comparison(NamedTuple):
    """An earlier and a later wording, each divided into pieces."""

    earlier: tuple[Piece, ...]
    later: tuple[Piece, ...]


def compare(earlier: str, later: str) -> Comparison:
    """Mark what changed from one wording to another, by whole words and punctuation marks."""
    before, after = _PIECE.findall(earlier), _PIECE.findall(later)
    runs: list[_TextPair] = []
    # With autojunk, the matcher would ignore words that are frequent in a long text.
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        old, new = "".join(before[first:last]), "".join(after[start:end])
        runs.append(_TextPair(old, new, changed=kind != "equal"))
    joined = _joined(runs)
    return Comparison(
        tuple(Piece(run.old, run.changed) for run in joined if run.old),
        tuple(Piece(run.new, run.changed) for run in joined if run.new),
    )


class _TextPair(NamedTuple):
    """The text at one position in the earlier and in the later wording."""

    old: str
    new: str
    changed: bool


def _joined(runs: list[_TextPair]) -> list[_TextPair]:
    """Join changed runs with only white space between them, so that a passage is marked whole."""
    result: list[_TextPair] = []
    for i, run in enumerate(runs):
        inside = 0 < i < len(runs) - 1
        changed = run.changed or (inside and run.old.isspace())
        if result and changed and result[-1].changed:
            last = result.pop()
            result.append(_TextPair(last.old + run.old, last.new + run.new, changed=True))
        else:
            result.append(_TextPair(run.old, run.new, changed))
    return result


def is_quoted(words: str, excerpt: str) -> bool:
    """Whether words are verbatim from an excerpt, whatever its quotation marks and capitals."""
    return bool(_plain(words)) and _plain(words) in _plain(excerpt)


_QUOTATION_MARKS: Final = re.compile('[«»“”„"]')


def _plain(text: str) -> str:
    words = _QUOTATION_MARKS.sub(" ", text.replace("’", "'")).casefold()
    return " ".join(words.split()).strip(" .,;:")


def unmarked(earlier: str, later: str) -> Comparison:
    """Return two wordings that cannot be compared word by word, without marks."""
    return Comparison(
        tuple(Piece(text, changed=False) for text in (earlier,) if text),
        tuple(Piece(text, changed=False) for text in (later,) if text),
    )
