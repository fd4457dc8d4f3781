"""The index that pages ask: one place to change when a faster one comes."""

from timeline.index.interface import Index
from timeline.index.sql import SqlIndex


def current() -> Index:
    """The index in use."""
    return SqlIndex()
