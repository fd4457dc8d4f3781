"""How the file of a backup is made up.

It is a zip archive. Its first member, stored as it is, tells by the first bytes of the file what it
is (as ``mimetype`` does in EPUB, OCF section 4.3). Then come the rows of each table as lines of
JSON, the uploads, and the manifest, which lists them all with sizes and SHA-256 digests. The
archive's comment, at the end of the file, is the SHA-256 digest of all bytes before it, so that a
file that was changed, cut or continued anywhere is known as such.
"""

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final

from timeline.archive.tables import KINDS, Column

FORMAT: Final = 1
"""To be raised whenever what a file holds, or what it means, changes."""

FIRST: Final = "cadre-backup"
FIRST_SAYS: Final = b"A backup of Cadre; restore it with manage.py restore.\n"
MANIFEST: Final = "manifest.json"
MOST_MANIFEST: Final = 256 << 20
"""Bytes of a manifest that are read at the most: a million uploads."""

CHUNK: Final = 1 << 20

_BEFORE_SEAL: Final = b"sha256:"
_SEAL: Final = 64
"""Hexadecimal digits of the digest at the end of the file."""

_NAME_AT: Final = 30
"""Where the name of a member stands in its header; APPNOTE.TXT 4.3.7."""


class ArchiveError(ValueError):
    """A backup that cannot be made, read or restored, with the reason as a sentence."""


@dataclass(frozen=True)
class Table:
    """What the manifest says of a table.

    ``last_key`` is the highest key that the database ever gave to a row of it, as far as it knows:
    histories may tell of rows that are gone, whose keys are not given again.
    """

    model: str
    table: str
    columns: tuple[Column, ...]
    rows: int
    bytes: int
    sha256: str
    last_key: int | None

    @property
    def member(self) -> str:
        """The name of its rows in the archive."""
        return f"rows/{self.table}.jsonl"


@dataclass(frozen=True)
class Upload:
    """What the manifest says of an uploaded file, named as rows name it."""

    name: str
    bytes: int
    sha256: str

    @property
    def member(self) -> str:
        """Its name in the archive."""
        return f"uploads/{self.name}"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds and of what state of which database."""

    cadre: str
    created: str
    engine: str
    version: Mapping[str, Any]
    migrations: Mapping[str, Sequence[str]]
    tables: Sequence[Table]
    left_out: Mapping[str, str]
    uploads: Sequence[Upload]
    missing_uploads: Sequence[str]

    def written(self) -> bytes:
        """The manifest as it is kept in the archive."""
        told = {"format": FIRST, "format_version": FORMAT, **asdict(self)}
        for table in told["tables"]:
            table["columns"] = [{"name": name, "kind": kind} for name, kind in table["columns"]]
        return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_manifest(text: bytes) -> Manifest:
    """Read a manifest; raise ArchiveError for one that is not of this format."""
    try:
        told = json.loads(text)
        if told["format"] != FIRST:
            raise ValueError(f"format {told['format']!r}")
        version = told["format_version"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ArchiveError(f"The manifest of the backup cannot be read: {error!r}.") from error
    if type(version) is int and version > FORMAT:
        raise ArchiveError(
            f"This backup is of format {version}, made by a newer version of Cadre "
            f"({told.get('cadre')}); this one reads format {FORMAT}. Restore it with that version."
        )
    try:
        if version != FORMAT:
            raise ValueError(f"format_version {version!r}")
        return _manifest(told)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(f"The manifest of the backup cannot be read: {error!r}.") from error


def _manifest(told: Mapping[str, Any]) -> Manifest:
    return Manifest(
        cadre=_text(told["cadre"]),
        created=_text(told["created"]),
        engine=_text(told["engine"]),
        version={_text(name): value for name, value in told["version"].items()},
        migrations={
            _text(app): [_text(name) for name in names] for app, names in told["migrations"].items()
        },
        tables=[_table(one) for one in told["tables"]],
        left_out={_text(name): _text(why) for name, why in told["left_out"].items()},
        uploads=[
            Upload(safe_name(one["name"]), _count(one["bytes"]), _text(one["sha256"]))
            for one in told["uploads"]
        ],
        missing_uploads=[_text(name) for name in told["missing_uploads"]],
    )


def _table(told: Mapping[str, Any]) -> Table:
    columns = tuple(Column(_text(one["name"]), _text(one["kind"])) for one in told["columns"])
    if unknown := {column.kind for column in columns} - KINDS.keys():
        raise ValueError(f"kinds {sorted(unknown)}")
    return Table(
        model=_text(told["model"]),
        table=_text(told["table"]),
        columns=columns,
        rows=_count(told["rows"]),
        bytes=_count(told["bytes"]),
        sha256=_text(told["sha256"]),
        last_key=None if told["last_key"] is None else _count(told["last_key"]),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 63:
        raise ValueError(f"{value!r} is not a number of bytes or rows")
    return value


def safe_name(name: Any) -> str:
    """The name of an upload; raise ArchiveError for one that would leave the folder of uploads."""
    path = PurePosixPath(_text(name))
    odd = any(ord(sign) < 32 or sign in "\\\x7f" for sign in name)
    drive = len(path.parts) > 0 and ":" in path.parts[0]
    if odd or drive or path.is_absolute() or ".." in path.parts or str(path) != name or name == ".":
        raise ArchiveError(f"The backup names an upload outside the folder of uploads: {name!r}.")
    return str(name)


def stored(name: str) -> zipfile.ZipInfo:
    """A member to be stored as it is; like all of them, without a time of its own."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_STORED
    return info


def unsealed_comment() -> bytes:
    """The comment of an archive whose digest is not known yet."""
    return _BEFORE_SEAL + b"0" * _SEAL


def seal(file: BinaryIO) -> None:
    """Write the digest of all that stands before it at the end of a file."""
    end = file.seek(0, 2) - _SEAL
    digest = _digest(file, end)
    file.seek(end)
    file.write(digest)


def check_seal(file: BinaryIO, path: Path) -> None:
    """Raise ArchiveError for a file that is no backup, or not the one that was written."""
    start = file.read(_NAME_AT + len(FIRST))
    if start[:4] != b"PK\x03\x04" or start[_NAME_AT:] != FIRST.encode():
        raise ArchiveError(f"{path} is not a backup of Cadre.")
    end = file.seek(0, 2) - _SEAL
    file.seek(max(0, end - len(_BEFORE_SEAL)))
    tail = file.read()
    if not tail.startswith(_BEFORE_SEAL):
        raise ArchiveError(f"{path} is incomplete: its end is missing.")
    if _digest(file, end) != tail[len(_BEFORE_SEAL) :]:
        raise ArchiveError(f"{path} is damaged: its bytes are not those that were written.")


def _digest(file: BinaryIO, end: int) -> bytes:
    digest = hashlib.sha256()
    file.seek(0)
    while end > 0 and (chunk := file.read(min(CHUNK, end))):
        digest.update(chunk)
        end -= len(chunk)
    return digest.hexdigest().encode()
