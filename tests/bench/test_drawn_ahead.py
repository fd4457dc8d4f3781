"""A corpus drawn in another process has the same rows and leaves nothing running."""

from contextlib import closing
from multiprocessing import active_children
from typing import Any, Final

import pytest

from bench.corpus.blocks import BLOCK, blocks
from bench.corpus.drawn_ahead import drawn_ahead
from bench.corpus.tables import TABLES

ASKED: Final[dict[str, Any]] = {
    "events": BLOCK + 10,
    "seed": 42,
    "first": dict.fromkeys(TABLES, 1),
    "sectors": [*range(1, 25)],
}


def test_rows_drawn_ahead_are_those_drawn_here() -> None:
    for ahead, directly in zip(drawn_ahead(**ASKED), blocks(**ASKED), strict=True):
        assert ahead == directly
    assert active_children() == []


def test_process_ends_with_whoever_wanted_the_rows() -> None:
    with closing(drawn_ahead(**ASKED)) as drawn:
        next(drawn)
        assert len(active_children()) == 1
    assert active_children() == []


def test_process_that_ends_too_early_raises_an_error() -> None:
    with closing(drawn_ahead(**ASKED)) as drawn:
        next(drawn)
        (drawer,) = active_children()
        drawer.kill()
        with pytest.raises(RuntimeError, match=r"ended before its time \(exit code -9\)"):
            list(drawn)
