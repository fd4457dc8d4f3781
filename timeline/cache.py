"""A cache for one version of the record, on top of Django's cache framework.

Each value is cached with a stamp: the build of the code and the version of the record, or of the
part of it that the value depends on. A value with another stamp is loaded again and replaced. So
there is at most one value for a key, and none is older than the version that the reader sees.

Values are stored in two of Django's caches, ``default`` and ``questions``, each with a limit of its
own. They are located at CACHE_URL, and may be shared by several workers and machines. A few objects
that take longer to unpickle than to use, such as the options of filters, stay in this process.
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

TIMEOUT: Final = 7 * 24 * 3600
"""Seconds after which a value is removed from a cache with room for it."""


def whole_record(version: Version) -> Hashable:
    """Return the scope of values that depend on anything in the record."""
    return version.epoch, version.etag


def vocabulary(version: Version) -> Hashable:
    """Return the scope of values that depend on the options of filters only."""
    return version.epoch, version.vocabulary


def labels(version: Version) -> Hashable:
    """Return the scope of values that depend on names of parties, people, places and sources."""
    return version.epoch, version.labels_revision


def instruments(version: Version) -> Hashable:
    """Return the scope of values that depend on texts and the codes of their parties."""
    return version.epoch, version.instruments, version.vocabulary


class Objects(dict[str, Any]):
    """A cache of objects in this process; all threads share them and must not change them."""

    def get_many(self, names: Iterable[str]) -> dict[str, Any]:
        return {name: self[name] for name in names if name in self}

    def set_many(self, values: Mapping[str, Any], timeout: int) -> None:
        self.update(values)


objects: Final = Objects()


class VersionedCache(Generic[Value]):
    """A cache of values that are valid while the part of the record they depend on is unchanged.

    ``name`` is the prefix of its keys. ``alias`` is one of Django's caches, or None for objects
    that stay in this process. ``scope`` returns the part of a version that the values depend on.
    Nothing is cached inside a transaction, which may see changes that are never committed. A cache
    backend that fails counts as empty, and no page breaks.
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
        """Return the value of a key; if it is not cached, load and cache it.

        ``revision`` is what the value depends on besides the scope, such as the day. Only the last
        revision is cached. The value is loaded inside one snapshot, so that it is never older than
        its version.
        """
        value = self.get(key, revision)
        if value is None:
            with snapshot():
                value = load()
                self.set(key, revision, value)
        return value

    def get(self, key: Hashable, revision: Hashable) -> Value | None:
        """Return the value of a key for the version that the reader sees, or None."""
        return self.get_many({key: revision}).get(key)

    def set(self, key: Hashable, revision: Hashable, value: Value) -> None:
        """Cache a value for the version that the reader sees."""
        self.set_many({key: revision}, {key: value})

    def get_many(self, revisions: Mapping[Key, Hashable]) -> dict[Key, Value]:
        """Return the cached values of these keys for the version that the reader sees."""
        version = current()
        if version is None:
            return {}
        build, scope = build_id(), self._scope(version)
        keys = {self._full_name(key): key for key in revisions}
        try:
            entries = self._cache.get_many([*keys])
        except Exception:
            log.warning("The cache cannot be read; what it holds is made again.", exc_info=True)
            return {}
        values = {}
        for name, (stamp, value) in entries.items():
            key = keys[name]
            if stamp == (build, scope, revisions[key]):
                values[key] = value
        return values

    def set_many(self, revisions: Mapping[Key, Hashable], values: Mapping[Key, Value]) -> None:
        """Cache values for the version that the reader sees.

        Load them in the same :func:`~timeline.database.version.one_version` block, as they may
        otherwise be older than that version.
        """
        version = current()
        if version is None:
            return
        build, scope = build_id(), self._scope(version)
        entries = {
            self._full_name(key): ((build, scope, revisions[key]), value)
            for key, value in values.items()
        }
        try:
            self._cache.set_many(entries, timeout=TIMEOUT)
        except Exception:
            log.warning("The cache cannot be written; pages are made each time.", exc_info=True)

    def _full_name(self, key: Hashable) -> str:
        # Digested, as some backends, such as memcached, refuse keys with spaces or of more than
        # 250 bytes.
        return f"{self._name}:{hashlib.blake2s(repr(key).encode(), digest_size=16).hexdigest()}"
