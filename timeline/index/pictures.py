"""What pictures ask of a state of the record: events over time, pairs of values, places."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from pyroaring import BitMap

from timeline.index.interface import Bins, Periods, Spread
from timeline.index.segment import Array, FilterValue, to_array
from timeline.index.segment_query import SegmentQuery


def spread(
    queries: Sequence[SegmentQuery],
    bins: Bins,
    values: Mapping[str, FilterValue | None],
) -> dict[str, Spread]:
    """Spread the events found over bins of time, separately for each value.

    A value of None stands for all events found.
    """
    edges = bins.edges
    touching = [query.touching(edges[0], edges[-1] - 1) for query in queries]
    spreads = {}
    for name, value in values.items():
        sets = [
            events if value is None else events & query.with_value(*value)
            for query, events in zip(queries, touching, strict=True)
        ]
        binned = [_binned(query, part, edges) for query, part in zip(queries, sets, strict=True)]
        spreads[name] = _spread(binned, len(edges) - 1, bins.most)
    return spreads


def period_counts(
    queries: Sequence[SegmentQuery], requested: Periods, values: Mapping[str, FilterValue]
) -> dict[str, list[int]]:
    """Count the events of each period: all under '', and those that have a value under its name."""
    periods = requested.periods
    by_query = [query.period_counts(periods) for query in queries]
    counts = {"": np.sum(by_query, axis=0).tolist()}
    remaining = [query.matching("period") for query in queries] if values else []
    for name, value in values.items():
        sets = [
            events & query.with_value(*value)
            for query, events in zip(queries, remaining, strict=True)
        ]
        if requested.apart:
            remaining = [events - counted for events, counted in zip(remaining, sets, strict=True)]
        by_query = [
            query.period_counts_of(events, periods)
            for query, events in zip(queries, sets, strict=True)
        ]
        counts[name] = np.sum(by_query, axis=0).tolist()
    return counts


_Binned = tuple[Array, Array, Array, Array]
"""Columns of events: bin, earliest day, latest day, key."""


def _binned(query: SegmentQuery, events: BitMap, edges: Sequence[int]) -> _Binned:
    numbers = to_array(events)
    keys, earliest, latest = (column[numbers] for column in query.segment.events[:3])
    bins = np.maximum(np.searchsorted(np.asarray(edges), earliest, side="right") - 1, 0)
    return bins, earliest, latest, keys


def _spread(binned: Sequence[_Binned], size: int, most: int) -> Spread:
    counts = np.zeros(size, dtype=np.int64)
    for bins, *_columns in binned:
        counts += np.bincount(bins, minlength=size)
    listed = (counts > 0) & (counts <= most)
    singles: dict[int, list[int]] = {}
    for number, key in _in_order(binned, listed) if listed.any() else ():
        singles.setdefault(number, []).append(key)
    return Spread(counts.tolist(), {number: tuple(keys) for number, keys in singles.items()})


def _in_order(binned: Sequence[_Binned], listed: Array) -> Iterator[tuple[int, int]]:
    """Yield the bin and the key of each event in the listed bins, in the order of time."""
    selected = [[column[listed[columns[0]]] for column in columns] for columns in binned]
    joined = (np.concatenate(pieces) for pieces in zip(*selected, strict=True))
    bins, earliest, latest, keys = joined
    order = np.lexsort((keys, -latest.astype(np.int64), earliest))
    yield from zip(bins[order].tolist(), keys[order].tolist(), strict=True)


def pair_counts(
    queries: Sequence[SegmentQuery],
    rows: Mapping[str, FilterValue],
    columns: Mapping[str, FilterValue],
) -> dict[tuple[str, str], int]:
    """Count the events that have both a value of the rows and one of the columns."""
    counts: dict[tuple[str, str], int] = {}
    for query in queries:
        with_value = query.with_value
        column_sets = [(name, with_value(*value)) for name, value in columns.items()]
        for row, value in rows.items():
            events = query.matching() & with_value(*value)
            for column, column_set in column_sets if events else ():
                if count := events.intersection_cardinality(column_set):
                    counts[row, column] = counts.get((row, column), 0) + count
    return counts
