"""Bases of the index in files, so that a process starts without reading the whole record."""

import json
import logging
import os
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from pyroaring import BitMap

from timeline.index.base import Base
from timeline.index.segment import Array, Events, Segment

_log = logging.getLogger(__name__)

FORMAT: Final = 5
"""Version of the file format: raise it whenever what a file holds, or what it means, changes."""

# Names of arrays in a file of this format; the others are the columns of the events.
_HEADER: Final = "told"
_BITMAPS: Final = "held"

_OTHER_FILES: Final = 3
"""Files of other databases, or of earlier epochs, that are left in the folder."""


def save(base: Base, folder: Path) -> Path:
    """Write a base to its file, which is replaced atomically, and return the path."""
    folder.mkdir(parents=True, exist_ok=True)
    segment = base.segment
    bitmaps = [bitmap.serialize() for bitmap in segment.sets.values()]
    header = {
        "format": FORMAT,
        "epoch": base.epoch,
        "number": base.number,
        "values": list(segment.sets),
        "sizes": [len(content) for content in bitmaps],
    }
    arrays: dict[str, Any] = {
        _HEADER: np.frombuffer(json.dumps(header).encode(), dtype=np.uint8),
        _BITMAPS: np.frombuffer(b"".join(bitmaps), dtype=np.uint8),
        **segment.events._asdict(),
    }
    temporary = folder / f"{base.epoch}.{os.getpid()}.part"
    try:
        with temporary.open("wb") as file:
            np.savez(file, **arrays)
        temporary.replace(_path(folder, base.epoch))
    finally:
        temporary.unlink(missing_ok=True)
    _delete_old_files(folder)
    return _path(folder, base.epoch)


def load(folder: Path, epoch: str) -> Base | None:
    """Load the base of an epoch of the record; None if there is no file that can be read.

    A file that cannot be read is deleted.
    """
    path = _path(folder, epoch)
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return _read({name: arrays[name] for name in arrays.files}, epoch)
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        _log.warning("The index kept in %s cannot be read and is made anew: %s", path.name, error)
        path.unlink(missing_ok=True)
        return None


def _read(arrays: dict[str, Array], epoch: str) -> Base:
    header = json.loads(arrays[_HEADER].tobytes())
    if (header["format"], header["epoch"]) != (FORMAT, epoch):
        raise ValueError(f"format {header['format']} of epoch {header['epoch']}")
    events = Events(*(arrays[name] for name in Events._fields))
    if len({len(column) for column in events}) != 1:
        raise ValueError("columns of several lengths")
    bitmaps, begin, sets = arrays[_BITMAPS].tobytes(), 0, {}
    for (group, value), size in zip(header["values"], header["sizes"], strict=True):
        sets[group, value] = BitMap.deserialize(bitmaps[begin : begin + size])
        begin += size
    return Base(Segment(events, sets), epoch, header["number"])


def _path(folder: Path, epoch: str) -> Path:
    return folder / f"{epoch}.index"


def _delete_old_files(folder: Path) -> None:
    """Delete all files but the newest and some others."""
    files = sorted(folder.glob("*.index"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[1 + _OTHER_FILES :]:
        with suppress(OSError):
            path.unlink()
