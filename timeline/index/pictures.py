"""What pictures ask of a state of the record: events over time, pairs of values, places."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from pyroaring import BitMap

from timeline.index.asked import Asked
from timeline.index.interface import Bins, Periods, Spread
from timeline.index.segment import Numbers, Value, numbers


def spread(
    parts: Sequence[Asked],
    bins: Bins,
    values: Mapping[str, Value | None],
) -> dict[str, Spread]:
    """Spread the events that bear each of some values, or all events, over bins of time."""
    edges = bins.edges
    touching = [part.touching(edges[0], edges[-1] - 1) for part in parts]
    found = {}
    for name, value in values.items():
        sets = [
            held if value is None else held & part.segment.bearing(*value)
            for part, held in zip(parts, touching, strict=True)
        ]
        told = [_binned(part, held, edges) for part, held in zip(parts, sets, strict=True)]
        found[name] = _spread(told, len(edges) - 1, bins.most)
    return found


def held(
    parts: Sequence[Asked], asked: Periods, values: Mapping[str, Value]
) -> dict[str, list[int]]:
    """How many events each period finds, and how many of them bear each value."""
    periods = asked.periods
    counts = [part.in_periods(periods) for part in parts]
    found = {"": np.sum(counts, axis=0).tolist()}
    left = [part.found("period") for part in parts] if values else []
    for name, value in values.items():
        sets = [one & part.segment.bearing(*value) for part, one in zip(parts, left, strict=True)]
        if asked.apart:
            left = [one - taken for one, taken in zip(left, sets, strict=True)]
        counts = [
            part.in_periods_bearing(periods, one) for part, one in zip(parts, sets, strict=True)
        ]
        found[name] = np.sum(counts, axis=0).tolist()
    return found


_Binned = tuple[Numbers, Numbers, Numbers, Numbers]
"""Columns of events: bin, earliest day, latest day, key."""


def _binned(part: Asked, held: BitMap, edges: Sequence[int]) -> _Binned:
    places = numbers(held)
    keys, earliest, latest = (column[places] for column in part.segment.events[:3])
    bins = np.maximum(np.searchsorted(np.asarray(edges), earliest, side="right") - 1, 0)
    return bins, earliest, latest, keys


def _spread(told: Sequence[_Binned], size: int, most: int) -> Spread:
    counts = np.zeros(size, dtype=np.int64)
    for bins, *_columns in told:
        counts += np.bincount(bins, minlength=size)
    kept = (counts > 0) & (counts <= most)
    singles: dict[int, list[int]] = {}
    for number, key in _in_order(told, kept) if kept.any() else ():
        singles.setdefault(number, []).append(key)
    return Spread(counts.tolist(), {number: tuple(keys) for number, keys in singles.items()})


def _in_order(told: Sequence[_Binned], kept: Numbers) -> Iterator[tuple[int, int]]:
    """The events of some bins, in the order of time, each as bin and key."""
    chosen = [[column[kept[columns[0]]] for column in columns] for columns in told]
    bins, earliest, latest, keys = (np.concatenate(pieces) for pieces in zip(*chosen, strict=True))
    order = np.lexsort((keys, -latest.astype(np.int64), earliest))
    yield from zip(bins[order].tolist(), keys[order].tolist(), strict=True)


def crossed(
    parts: Sequence[Asked], rows: Mapping[str, Value], columns: Mapping[str, Value]
) -> dict[tuple[str, str], int]:
    """How many events bear both a value of one side and one of the other."""
    found: dict[tuple[str, str], int] = {}
    for part in parts:
        bearing = part.segment.bearing
        others = [(name, bearing(*value)) for name, value in columns.items()]
        for row, value in rows.items():
            held = part.found() & bearing(*value)
            for column, other in others if held else ():
                if count := held.intersection_cardinality(other):
                    found[row, column] = found.get((row, column), 0) + count
    return found
