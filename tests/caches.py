"""The caches of the site, for tests that start with empty ones."""

from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection

from timeline.cache import objects
from timeline.database import version


def clear_caches() -> None:
    """Empty every cache, including the objects of this process."""
    for alias in caches:
        caches[alias].clear()
    objects.clear()


class _Committed:
    """The connection as if what a test's transaction holds were committed."""

    in_atomic_block = False

    def __getattr__(self, name: str) -> Any:
        return getattr(connection, name)


def keep_inside_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages keep for a version what they make inside a test's transaction, as for readers.

    Outside of tests nothing is kept there, as nobody else may ever see what it changes. Here nobody
    else looks, and each state of the record has an ETag of its own. It stands for the epoch, too:
    the numbers of versions are given again after what a test changed was taken back.
    """
    execute, read = version._execute, version._read

    def begin_or_end(statement: str) -> None:
        if not connection.in_atomic_block:
            execute(statement)

    def read_state() -> version.Version | None:
        found = read()
        return found and found._replace(epoch=found.etag)

    monkeypatch.setattr(version, "default", _Committed())
    monkeypatch.setattr(version, "_execute", begin_or_end)
    monkeypatch.setattr(version, "_read", read_state)
