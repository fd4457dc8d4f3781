"""A base of the index: a segment of all published events as of one version of the record."""

from functools import lru_cache
from threading import Lock
from typing import Any, Final

import numpy as np
from pyroaring import BitMap

from timeline.database.fulltext import SearchField
from timeline.database.version import Version, snapshot
from timeline.index import fulltext_lookup, loader
from timeline.index.segment import (
    Array,
    Events,
    FilterValue,
    Segment,
    inverse_permutation,
    to_array,
    to_bitmap,
)
from timeline.index.segment_query import LOOKED_UP

_CACHED_LOOK_UPS: Final = 512


class Base:
    """All published events as of one version, and a cache of what was looked up for them.

    A set looked up at any time after the base was read is right for each event of the base that
    has not changed since. ``looked_up_at`` is the number of the latest version in which anything
    was looked up.
    """

    def __init__(self, segment: Segment, epoch: str, number: int) -> None:
        self.segment = segment
        self.epoch = epoch
        self.number = number
        self.look_up = lru_cache(_CACHED_LOOK_UPS)(self._look_up)
        self.looked_up_at = number
        self._lock = Lock()

    def can_follow(self, version: Version) -> bool:
        """Whether the changes between the base and a version are known."""
        return self.epoch == version.epoch and self.number <= version.number

    def _look_up(self, group: str, value: Any) -> BitMap:
        with snapshot() as version:
            if version is not None:
                with self._lock:
                    self.looked_up_at = max(self.looked_up_at, version.number)
            if group in LOOKED_UP:
                return self.segment.with_keys(loader.linked_events(value, group))
            return self.segment.with_keys(fulltext_lookup.keys(value, SearchField(group)))


def merge(base: Segment, deleted: BitMap, changed: Segment) -> Segment:
    """Merge the events of one segment that are not deleted with all events of another."""
    kept = to_array(base.everything - deleted)
    columns = zip(base.events.take(kept), changed.events, strict=True)
    events = Events(*(np.concatenate(pair) for pair in columns))
    order = events.argsort()
    positions = inverse_permutation(order)
    # New numbers of the base's events by their old ones; those of deleted events are never read.
    renumbered = np.empty(len(base), dtype=np.uint32)
    renumbered[kept] = positions[: len(kept)]
    sets: dict[FilterValue, BitMap] = {}
    for value, bitmap in base.sets.items():
        _add(sets, value, renumbered[to_array(bitmap - deleted)])
    for value, bitmap in changed.sets.items():
        _add(sets, value, positions[len(kept) :][to_array(bitmap)])
    return Segment(events.take(order), sets)


def _add(sets: dict[FilterValue, BitMap], value: FilterValue, numbers: Array) -> None:
    if len(numbers):
        sets[value] = sets.get(value, BitMap()) | to_bitmap(numbers)
