"""The index in use: the one place to change for another implementation."""

from functools import cache
from pathlib import Path

from django.conf import settings

from timeline.index.incremental import LiveIndex
from timeline.index.interface import Index


def folder() -> Path:
    """Return the folder in which a large index is saved, to be loaded after a restart."""
    return Path(settings.VAR_DIR) / "index"


@cache
def current() -> Index:
    """Return the index of this process."""
    return LiveIndex(folder())
