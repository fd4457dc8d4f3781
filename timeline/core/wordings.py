"""Two wordings of one promise, word by word."""

import re
from difflib import SequenceMatcher
from typing import Final, NamedTuple

_PIECE: Final = re.compile(r"\w+|\s+|[^\w\s]")


class Piece(NamedTuple):
    """A run of a wording, and whether the other wording lacks it."""

    text: str
    changed: bool


class Compared(NamedTuple):
    """An earlier and a later wording, each in runs that together are its whole text."""

    earlier: tuple[Piece, ...]
    later: tuple[Piece, ...]


def compare(earlier: str, later: str) -> Compared:
    """Mark what changed from one wording to another, by whole words and signs."""
    before, after = _PIECE.findall(earlier), _PIECE.findall(later)
    runs: list[_Run] = []
    # Every word counts: the matcher would else take the frequent ones of a long text for noise.
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        old, new = "".join(before[first:last]), "".join(after[start:end])
        runs.append(_Run(old, new, changed=kind != "equal"))
    joined = _joined(runs)
    return Compared(
        tuple(Piece(run.old, run.changed) for run in joined if run.old),
        tuple(Piece(run.new, run.changed) for run in joined if run.new),
    )


class _Run(NamedTuple):
    """What stands at one place of the earlier and of the later wording."""

    old: str
    new: str
    changed: bool


def _joined(runs: list[_Run]) -> list[_Run]:
    """Changed runs that only white space parts become one, so that a passage is marked whole."""
    found: list[_Run] = []
    for place, run in enumerate(runs):
        inside = 0 < place < len(runs) - 1
        changed = run.changed or (inside and run.old.isspace())
        if found and changed and found[-1].changed:
            last = found.pop()
            found.append(_Run(last.old + run.old, last.new + run.new, changed=True))
        else:
            found.append(_Run(run.old, run.new, changed))
    return found


def unmarked(earlier: str, later: str) -> Compared:
    """Two wordings that cannot be compared word by word."""
    return Compared(
        tuple(Piece(text, changed=False) for text in (earlier,) if text),
        tuple(Piece(text, changed=False) for text in (later,) if text),
    )
