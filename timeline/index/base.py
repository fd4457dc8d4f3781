"""A base of the index: a segment of all events as of one version of the record."""

from functools import lru_cache
from threading import Lock
from typing import Any, Final

import numpy as np
from pyroaring import BitMap

from timeline.database.fulltext import SearchField
from timeline.database.version import Version, snapshot
from timeline.index import fulltext_lookup, loader
from timeline.index.asked import LOOKED_UP
from timeline.index.segment import Events, Numbers, Segment, Value, bitmap, numbers, ranks

_LOOK_UPS_KEPT: Final = 512


class Base:
    """All events as of one version, with what was lately looked up of them.

    A set that is looked up at any time after the base was read is right for each of its events
    that has not changed since. ``looked_up_at`` is the number of the latest version in which that
    was done.
    """

    def __init__(self, segment: Segment, epoch: str, number: int) -> None:
        self.segment = segment
        self.epoch = epoch
        self.number = number
        self.looked_up = lru_cache(_LOOK_UPS_KEPT)(self._look_up)
        self.looked_up_at = number
        self._one_at_a_time = Lock()

    def fits(self, version: Version) -> bool:
        """Whether what has changed between the base and a version can be told."""
        return self.epoch == version.epoch and self.number <= version.number

    def _look_up(self, group: str, value: Any) -> BitMap:
        with snapshot() as seen:
            if seen is not None:
                with self._one_at_a_time:
                    self.looked_up_at = max(self.looked_up_at, seen.number)
            if group in LOOKED_UP:
                return self.segment.places(loader.bearing(value, group))
            return self.segment.places(fulltext_lookup.keys(value, SearchField(group)))


def merged(base: Segment, deleted: BitMap, changed: Segment) -> Segment:
    """One segment of the living events of one and all events of another."""
    living = numbers(base.everything - deleted)
    kept = base.events.taken(living)
    events = Events(*(np.concatenate(pair) for pair in zip(kept, changed.events, strict=True)))
    order = events.in_order()
    place = ranks(order)
    moved = np.empty(len(base), dtype=np.uint32)
    moved[living] = place[: len(living)]
    sets: dict[Value, BitMap] = {}
    for value, held in base.sets.items():
        _put(sets, value, moved[numbers(held - deleted)])
    for value, held in changed.sets.items():
        _put(sets, value, place[len(living) :][numbers(held)])
    return Segment(events.taken(order), sets)


def _put(sets: dict[Value, BitMap], value: Value, bearing: Numbers) -> None:
    if len(bearing):
        sets[value] = sets.get(value, BitMap()) | bitmap(bearing)
