"""Words for a synthetic corpus: drawn with Zipf's frequencies, the same for the same seed.

Two words have a known share, the same in both languages once folded: ``COMMON`` stands in about
a fifth of the events, ``RARE`` in about one of a thousand.
"""

from array import array
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final

import numpy as np
import numpy.typing as npt

from timeline.core.folding import fold

COMMON: Final[Mapping[str, str]] = {"fr": "coopération", "en": "cooperation"}
RARE: Final = "apostille"

_SEEDS: Final[Mapping[str, str]] = {
    "fr": (
        "de la les et le du des à en pour dans une sur au par avec leur ses aux qui deux entre "
        "ministres accord délégation visite entretien frontière projet partenariat dialogue "
        "comité protocole échanges sécurité énergie président déclaration mission réunion conseil"
    ),
    "en": (
        "the of and to in for on with a by at their both between its from that ministers accord "
        "delegation visit talks border project partnership dialogue committee protocol exchanges "
        "security energy president declaration mission meeting council joint session"
    ),
}
_SYLLABLES: Final[Mapping[str, str]] = {
    "fr": (
        "ba cé dri fon gra hé jou kè lan mi nou pé quê ré sau té ven zo bli ché dou fri gué lou "
        "mar né plo rê sti tur"
    ),
    "en": (
        "bar cen dri fol gra hew jun kel lam mor nel pin quo ram sol tas ven wick zan bly chor "
        "dun fen gil low mer nor plum rod stan tur"
    ),
}
_COMMON_RANK: Final = 40
_VOCABULARY: Final = 10_000
_LENGTH: Final = 1 << 19
_RARE_EVERY: Final = 90_000

Numbers = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]


def zipf(count: int, exponent: float) -> Shares:
    """Return the cumulative shares of so many ranks, the first of which is the most frequent."""
    return cumulated(np.arange(1, count + 1, dtype=np.float64) ** -exponent)


def cumulated(weights: Shares) -> Shares:
    """Return weights as cumulative shares of 1."""
    shares: Shares = np.cumsum(weights) / np.sum(weights)
    shares[-1] = 1.0
    return shares


class Draw:
    """Draws in blocks from one stream of uniform numbers, which depends only on the seed."""

    def __init__(self, seed: int) -> None:
        self._stream = np.random.Generator(np.random.PCG64(seed))

    def uniform(self, *shape: int) -> Shares:
        """Draw numbers from 0 to below 1."""
        return self._stream.random(shape)

    def below(self, limit: int, *shape: int) -> Numbers:
        """Draw integers from 0 to below a limit."""
        return (self.uniform(*shape) * limit).astype(np.int64)

    def ranked(self, shares: Shares, *shape: int) -> Numbers:
        """Draw ranks by their cumulative shares."""
        return np.searchsorted(shares, self.uniform(*shape), side="right")

    def shuffled(self, count: int) -> list[int]:
        """Return the numbers below a count in random order."""
        order: list[int] = np.argsort(self.uniform(count), kind="stable").tolist()
        return order


def made_up(draw: Draw, language: str, count: int, taken: Sequence[str] = ()) -> list[str]:
    """Make up so many different words of an invented language, none of them in ``taken``."""
    syllables = _SYLLABLES[language].split()
    seen = dict.fromkeys(map(fold, taken))
    chosen: list[str] = []
    while len(chosen) < count:
        lengths = (2 + draw.below(3, count)).tolist()
        for length, picked in zip(lengths, draw.below(len(syllables), count, 4), strict=True):
            word = "".join([syllables[number] for number in picked[:length]])
            if (folded := fold(word)) not in seen and len(chosen) < count:
                seen[folded] = None
                chosen.append(word)
    return chosen


class Tape:
    """A long sequence of words, of which every text of the corpus is a part."""

    def __init__(self, draw: Draw, language: str) -> None:
        seeds = _SEEDS[language].split()
        more = made_up(draw, language, _VOCABULARY - len(seeds), [*seeds, COMMON[language], RARE])
        words = [*seeds, *more]
        words.insert(_COMMON_RANK, COMMON[language])
        run = [words[rank] for rank in draw.ranked(zipf(len(words), 1.0), _LENGTH).tolist()]
        for place in range(_RARE_EVERY // 2, _LENGTH, _RARE_EVERY):
            run[place] = RARE
        self.last = _LENGTH - 40
        """The last place at which a part may start."""
        self._text = " ".join(run)
        self._starts = array("I", [0, *accumulate(len(word) + 1 for word in run)])

    def part(self, at: int, words: int) -> str:
        """Return so many words from a position on."""
        return self._text[self._starts[at] : self._starts[at + words] - 1]

    def title(self, at: int, most: int) -> str:
        """Return the words from a position on that fit into so many letters."""
        line = self._text[self._starts[at] : self._starts[at] + most + 1]
        return capital(line[: line.rfind(" ")])

    def sentences(self, parts: Sequence[Sequence[int]], letters: int) -> str:
        """Return sentences, each of so many words from a position on, up to so many letters."""
        sentences, size = [], 0
        for at, words in parts:
            sentences.append(f"{capital(self.part(at, words))}.")
            size += len(sentences[-1]) + 1
            if size >= letters:
                break
        return " ".join(sentences)


def capital(text: str) -> str:
    """Return the text with a capital letter at its start."""
    return text[:1].upper() + text[1:]
