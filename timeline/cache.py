"""What is kept of the record in memory, each for one version of it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

from timeline.database.version import Version, current, snapshot

Kept = TypeVar("Kept")

_READERS: Final = 16
"""Keys that are read at the same time, at the most."""


class Ready(Generic[Kept]):
    """What is kept ready in this process, each for one version of the record.

    ``most`` is how many are kept, the least lately asked for going first. ``per`` tells what of a
    version they hang on: all of it, unless only a part of the record is read.
    """

    def __init__(
        self, most: int, per: Callable[[Version], Hashable] = lambda seen: seen.token
    ) -> None:
        self._most, self._per = most, per
        self._kept: OrderedDict[tuple[Hashable, Hashable], Kept] = OrderedDict()
        self._keeping = Lock()
        self._reading = [Lock() for _ in range(_READERS)]

    def get(self, key: Hashable, read: Callable[[], Kept]) -> Kept:
        """What is kept under a key for the record as it stands, else read from one state of it.

        Inside a transaction it is read each time and kept for nobody. Whoever asks for what
        somebody is reading waits for it; what is kept under other keys is had meanwhile.
        """
        return self.of(current(), key, read)

    def of(self, version: Version | None, key: Hashable, read: Callable[[], Kept]) -> Kept:
        """What is kept under a key for a version that was asked for before; None keeps nothing."""
        if version is None:
            return read()
        place = (self._per(version), key)
        if found := self._had(place):
            return found[0]
        with self._reading[hash(key) % _READERS]:
            if found := self._had(place):
                return found[0]
            with snapshot() as seen:
                fresh = read()
            if seen is not None:
                self._keep((self._per(seen), key), fresh)
            return fresh

    def made(self, version: Version | None, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What is kept under a key for a version, else made of what was read for it before.

        Nothing more of the record may be read for it than was when the version was asked for, or
        later: who then sees it sees no older state.
        """
        if version is None:
            return make()
        place = (self._per(version), key)
        if found := self._had(place):
            return found[0]
        fresh = make()
        self._keep(place, fresh)
        return fresh

    def _had(self, place: tuple[Hashable, Hashable]) -> tuple[Kept] | None:
        with self._keeping:
            if place not in self._kept:
                return None
            self._kept.move_to_end(place)
            return (self._kept[place],)

    def _keep(self, place: tuple[Hashable, Hashable], fresh: Kept) -> None:
        with self._keeping:
            self._kept[place] = fresh
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
