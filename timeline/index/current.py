"""The index that pages ask: one place to change when a faster one comes."""

from functools import cache
from pathlib import Path

from django.conf import settings

from timeline.index.interface import Index
from timeline.index.live import LiveIndex


def folder() -> Path:
    """Where a large index is kept over a restart."""
    return Path(settings.VAR_DIR) / "index"


@cache
def current() -> Index:
    """The index in use, one for the process."""
    return LiveIndex(folder())
