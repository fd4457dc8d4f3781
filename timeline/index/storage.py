"""A base of the index kept in a file, so that a process starts without reading the record."""

import json
import logging
import os
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
from pyroaring import BitMap

from timeline.index.base import Base
from timeline.index.segment import Events, Numbers, Segment

_log = logging.getLogger(__name__)

FORMAT: Final = 3
"""To be raised whenever what a file holds, or what it means, changes."""

_LEFT: Final = 3
"""Files of other databases, or of earlier eras, that are left in the folder."""


def save(base: Base, folder: Path) -> Path:
    """Keep a base; whoever reads meanwhile finds the whole of the old file or of the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    segment = base.segment
    held = [one.serialize() for one in segment.sets.values()]
    told = {
        "format": FORMAT,
        "epoch": base.epoch,
        "number": base.number,
        "values": list(segment.sets),
        "sizes": [len(one) for one in held],
    }
    aside = folder / f"{base.epoch}.{os.getpid()}.part"
    try:
        with aside.open("wb") as file:
            np.savez(
                file,
                told=np.frombuffer(json.dumps(told).encode(), dtype=np.uint8),
                held=np.frombuffer(b"".join(held), dtype=np.uint8),
                **segment.events._asdict(),
            )
        aside.replace(_path(folder, base.epoch))
    finally:
        aside.unlink(missing_ok=True)
    _tidy(folder)
    return _path(folder, base.epoch)


def load(folder: Path, epoch: str) -> Base | None:
    """The base kept for an epoch of the record; None where there is none that can be read."""
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


def _read(arrays: dict[str, Numbers], epoch: str) -> Base:
    told = json.loads(arrays["told"].tobytes())
    if (told["format"], told["epoch"]) != (FORMAT, epoch):
        raise ValueError(f"format {told['format']} of epoch {told['epoch']}")
    events = Events(*(arrays[name] for name in Events._fields))
    if len({len(column) for column in events}) != 1:
        raise ValueError("columns of several lengths")
    held, begin, sets = arrays["held"].tobytes(), 0, {}
    for (group, value), size in zip(told["values"], told["sizes"], strict=True):
        sets[group, value] = BitMap.deserialize(held[begin : begin + size])
        begin += size
    return Base(Segment(events, sets), epoch, told["number"])


def _path(folder: Path, epoch: str) -> Path:
    return folder / f"{epoch}.index"


def _tidy(folder: Path) -> None:
    files = sorted(folder.glob("*.index"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[1 + _LEFT :]:
        with suppress(OSError):
            path.unlink()
