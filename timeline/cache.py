"""What is kept of the record, each for one version of it, over Django's cache framework.

A value is kept under its key beside a stamp of what it was made of: the code, and the version of
the record, or of the part of it that the value depends on. A value with another stamp is loaded
again and takes the place of the former, so that there is one at the most for a key, and none is
older than the version that the reader sees.

Two of Django's caches hold them, each with a limit of its own: ``default`` and ``questions``. They
live where CACHE_URL says, and so may serve several workers and machines. A few objects that would
take longer to unpickle than to use, such as what filters offer, stay in this process.
"""

import hashlib
import logging
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Final, Generic, TypeVar

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache

from timeline.build_id import build_id
from timeline.database.version import Version, current, snapshot

log = logging.getLogger(__name__)

Value = TypeVar("Value")
Key = TypeVar("Key", bound=Hashable)

KEPT_FOR: Final = 7 * 24 * 3600
"""Seconds after which a value goes from a cache that would keep it for ever."""


def whole_record(version: Version) -> Hashable:
    """The scope of what depends on anything in the record."""
    return version.epoch, version.etag


def vocabulary(version: Version) -> Hashable:
    """The scope of what depends on parties, sectors and frameworks only."""
    return version.epoch, version.vocabulary


def labels(version: Version) -> Hashable:
    """The scope of what depends on how parties, people, places and sources are called."""
    return version.epoch, version.labels_revision


class Objects(dict[str, Any]):
    """Objects of this process under a few keys; all threads share them, so none changes them."""

    def get_many(self, names: Iterable[str]) -> dict[str, Any]:
        """Return those of these names that are there."""
        return {name: self[name] for name in names if name in self}

    def set_many(self, values: Mapping[str, Any], timeout: int) -> None:
        """Put each in the place of the one before."""
        self.update(values)


objects: Final = Objects()


class VersionedCache(Generic[Value]):
    """Values by key, each kept while the part of the record that it depends on stays the same.

    ``name`` tells its keys from those of others; ``alias`` is one of Django's caches, or None for
    objects that stay in this process; ``scope`` says of a version what the values depend on.
    Inside a transaction, which may see what nobody else ever will, nothing is kept. A cache that
    fails holds nothing, and breaks no page.
    """

    def __init__(
        self,
        name: str,
        *,
        alias: str | None = "default",
        scope: Callable[[Version], Hashable] = whole_record,
    ) -> None:
        self._name, self._alias, self._scope = name, alias, scope

    @property
    def _cache(self) -> "BaseCache | Objects":
        return objects if self._alias is None else caches[self._alias]

    def get_or_load(self, key: Hashable, revision: Hashable, load: Callable[[], Value]) -> Value:
        """Return the value of a key; load it from the version that the reader sees if needed.

        ``revision`` is what the value depends on beside the scope, such as the day: of all of its
        revisions only the last that was asked for is kept.
        """
        found = self.get(key, revision)
        if found is None:
            with snapshot():
                found = load()
                self.set(key, revision, found)
        return found

    def get(self, key: Hashable, revision: Hashable) -> Value | None:
        """Return the value of a key where it is kept for the version that the reader sees."""
        return self.get_many({key: revision}).get(key)

    def set(self, key: Hashable, revision: Hashable, value: Value) -> None:
        """Keep a value that was made of the version that the reader sees."""
        self.set_many({key: revision}, {key: value})

    def get_many(self, revisions: Mapping[Key, Hashable]) -> dict[Key, Value]:
        """Return those values that are kept under these keys for the version the reader sees."""
        version = current()
        if version is None:
            return {}
        code, scope = build_id(), self._scope(version)
        names = {self._full_name(key): key for key in revisions}
        try:
            kept = self._cache.get_many([*names])
        except Exception:
            log.warning("The cache cannot be read; what it holds is made again.", exc_info=True)
            return {}
        found = {}
        for name, (stamp, value) in kept.items():
            key = names[name]
            if stamp == (code, scope, revisions[key]):
                found[key] = value
        return found

    def set_many(self, revisions: Mapping[Key, Hashable], values: Mapping[Key, Value]) -> None:
        """Keep values that were made of the version that the reader sees.

        What was read before outside of :func:`~timeline.database.version.one_version` may be of
        an older one: read and keep inside one block.
        """
        version = current()
        if version is None:
            return
        code, scope = build_id(), self._scope(version)
        stamped = {
            self._full_name(key): ((code, scope, revisions[key]), value)
            for key, value in values.items()
        }
        try:
            self._cache.set_many(stamped, timeout=KEPT_FOR)
        except Exception:
            log.warning("The cache cannot be written; pages are made each time.", exc_info=True)

    def _full_name(self, key: Hashable) -> str:
        """A key as every cache takes it: memcached, for one, refuses blanks and over 250 bytes."""
        return f"{self._name}:{hashlib.blake2s(repr(key).encode(), digest_size=16).hexdigest()}"
