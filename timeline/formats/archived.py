"""The archive of the whole record that the site offers, and the note beside it that says which."""

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Final, NamedTuple

ARCHIVE: Final = "record.zip"
"""The name of the archive in the folder of the site's data."""

_NOTE: Final = "record.json"
"""The name of the file beside it that says what it is."""


class ZippedPackage(NamedTuple):
    """The archive that the site offers: its SHA-256 digest in hexadecimal, and its day."""

    digest: str
    day: dt.date


def archive(folder: Path) -> ZippedPackage | None:
    """Return what the archive in a folder is, or None if there is none with a note of its own."""
    try:
        note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
        size = (folder / ARCHIVE).stat().st_size
    except FileNotFoundError:
        return None
    # An archive that replaced the one of the note is not that one.
    same = size == note["bytes"]
    return ZippedPackage(note["sha256"], dt.date.fromisoformat(note["day"])) if same else None


def note_archive(folder: Path, day: dt.date) -> ZippedPackage:
    """Write what the archive in a folder is beside it, and return that."""
    path = folder / ARCHIVE
    noted = ZippedPackage(digest_of(path), day)
    note = {"sha256": noted.digest, "bytes": path.stat().st_size, "day": day.isoformat()}
    part = folder / f"{_NOTE}.part"
    part.write_text(f"{json.dumps(note)}\n", encoding="utf-8")
    part.replace(folder / _NOTE)
    return noted


def digest_of(path: Path) -> str:
    """Return the SHA-256 digest of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
