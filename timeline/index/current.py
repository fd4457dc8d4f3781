"""The index that pages ask: one place to change when a faster one comes."""

from functools import cache
from pathlib import Path

from django.conf import settings

from timeline.index.incremental import LiveIndex
from timeline.index.interface import Index


def folder() -> Path:
    """Where a large index is kept over a restart."""
    return Path(settings.VAR_DIR) / "index"


@cache
def current() -> Index:
    """The index in use, one for the process."""
    return LiveIndex(folder())
