"""Sequences in parts of a bounded length."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Value = TypeVar("Value")


def batched(values: Sequence[Value], size: int) -> Iterator[Sequence[Value]]:
    """Yield the values in their order, at most so many at a time.

    Python has this as :func:`itertools.batched` from 3.12 on.
    """
    for start in range(0, len(values), size):
        yield values[start : start + size]
