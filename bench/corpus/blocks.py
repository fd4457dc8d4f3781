"""A synthetic corpus: any number of events as plain rows, the same for the same seed.

It resembles a large record: choices follow Zipf's law, dates run from 1945 to 2026 and are as
precise as those of sources, and most parties take part through blocs. Nothing here uses a
database; keys count from the first free one of each table.
"""

from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from bench.corpus.dates import Calendar
from bench.corpus.frameworks import add_frameworks
from bench.corpus.parts import CHANCES, KINDS, Drawn, Parts
from bench.corpus.tables import Rows
from bench.corpus.text import Draw, Numbers, zipf
from bench.corpus.world import BLOCS, STATES, Keys, World

BLOCK: Final = 5000
"""Events drawn at a time; another number gives other rows."""

_SENTENCES: Final = 16
_CANDIDATES: Final = 14
_BLOC_SHARE: Final = 0.17


def blocks(
    *, events: int, seed: int, first: Mapping[str, int], sectors: Sequence[int]
) -> Generator[Rows, None, None]:
    """Yield the rows of so many events: first what they name, then the events in blocks.

    ``first`` gives the first free key of each table, ``sectors`` the keys of the sectors, the
    most frequent first.
    """
    draw = Draw(seed)
    world = World(draw, f"s{seed}", Keys(first))
    world.add_sources(events)
    meetings = add_frameworks(world, draw, events)
    yield world.rows
    source = _Block(draw, world, sectors)
    parts = Parts(world, sectors)
    for done in range(0, events, BLOCK):
        rows: Rows = defaultdict(list)
        drawn = source.draw(min(BLOCK, events - done))
        for number, event in enumerate(drawn, start=done + 1):
            parts.add(rows, number, event, meetings.get(number))
        yield rows


class _Block:
    """Draws a block of events at once."""

    def __init__(self, draw: Draw, world: World, sectors: Sequence[int]) -> None:
        self._draw, self._world = draw, world
        self._calendar = Calendar()
        self._states = zipf(STATES, 0.9)
        self._blocs = zipf(BLOCS, 0.8)
        self._sectors = zipf(len(sectors), 0.7)
        self._kinds = zipf(len(KINDS), 0.9)

    def draw(self, count: int) -> Iterator[Drawn]:
        draw, last = self._draw, self._world.tapes["fr"].last
        sentences = np.stack(
            (draw.below(last, count, _SENTENCES), 8 + draw.below(14, count, _SENTENCES)), axis=2
        )
        columns = (
            np.where(draw.uniform(count) < 0.5, "fr", "en").tolist(),
            self._calendar.dates(draw, count),
            draw.ranked(self._kinds, count).tolist(),
            draw.below(last, count).tolist(),
            (60 + draw.below(41, count)).tolist(),
            sentences.tolist(),
            (300 + draw.below(460, count)).tolist(),
            draw.ranked(self._sectors, count, 4).tolist(),
            (1 + draw.below(4, count)).tolist(),
            self._candidates(count).tolist(),
            (2 + draw.below(5, count)).tolist(),
            draw.uniform(count, CHANCES).tolist(),
        )
        return map(Drawn, *columns)

    def _candidates(self, count: int) -> Numbers:
        """Draw parties in the order in which they are tried; the first, the host, is a state."""
        draw, shape = self._draw, (count, _CANDIDATES)
        states = np.array(self._world.states)[draw.ranked(self._states, *shape)]
        blocs = np.array(self._world.blocs)[draw.ranked(self._blocs, *shape)]
        is_bloc = draw.uniform(*shape) < _BLOC_SHARE
        is_bloc[:, 0] = False
        return np.where(is_bloc, blocs, states)
