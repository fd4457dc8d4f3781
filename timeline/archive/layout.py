"""The file format of backups.

A backup is a zip archive. Its first member is stored without compression, so that the first bytes
of the file identify the format (like ``mimetype`` in EPUB, OCF section 4.3). It is followed by the
rows of each table as lines of JSON, the uploads, and the manifest, which lists them all with sizes
and SHA-256 digests. The comment of the archive, at the end of the file, contains the SHA-256 digest
of all bytes before it: a file that was changed, truncated or extended anywhere is recognised.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final

from timeline.archive.tables import KINDS, StoredColumn

FORMAT_VERSION: Final = 1
"""Raise it whenever the content of the file, or its meaning, changes."""

MARKER: Final = "cadre-backup"
"""The name of the first member, and of the format in the manifest."""

MARKER_TEXT: Final = b"A backup of Cadre; restore it with manage.py restore.\n"
MANIFEST: Final = "manifest.json"
MAX_MANIFEST: Final = 256 << 20
"""The maximum size of a manifest in bytes, enough for a million uploads."""

CHUNK: Final = 1 << 20

Say = Callable[[str], None]
"""A function that reports progress to whoever runs the command."""

_SEAL_PREFIX: Final = b"sha256:"
_SEAL_LENGTH: Final = 64
"""Hexadecimal digits of the digest at the end of the file."""

_NAME_OFFSET: Final = 30
"""The position of the name in the local header of a member; APPNOTE.TXT 4.3.7."""


class ArchiveError(ValueError):
    """Raised for a backup that cannot be created, read or restored, with the reason in words."""


@dataclass(frozen=True)
class Table:
    """The entry of a table in the manifest.

    ``last_key`` is the highest key that the database ever assigned to one of its rows, as far as it
    knows. Keys of deleted rows are not assigned again, as histories may refer to them.
    """

    model: str
    table: str
    columns: tuple[StoredColumn, ...]
    rows: int
    bytes: int
    sha256: str
    last_key: int | None

    @property
    def member(self) -> str:
        """The name of the archive member with the rows."""
        return f"rows/{self.table}.jsonl"


@dataclass(frozen=True)
class Upload:
    """The entry of an uploaded file in the manifest, with its name in the rows."""

    name: str
    bytes: int
    sha256: str

    @property
    def member(self) -> str:
        """The name of the archive member with the file."""
        return f"uploads/{self.name}"


@dataclass(frozen=True)
class Manifest:
    """The content of a backup, and the state of the database that it was taken of."""

    cadre: str
    created: str
    engine: str
    version: Mapping[str, Any]
    migrations: Mapping[str, Sequence[str]]
    tables: Sequence[Table]
    left_out: Mapping[str, str]
    uploads: Sequence[Upload]
    missing_uploads: Sequence[str]

    def to_json(self) -> bytes:
        """Encode the manifest."""
        data = {"format": MARKER, "format_version": FORMAT_VERSION, **asdict(self)}
        for table in data["tables"]:
            table["columns"] = [{"name": name, "kind": kind} for name, kind in table["columns"]]
        return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_manifest(text: bytes) -> Manifest:
    """Decode a manifest; raise ArchiveError for one that is not of this format."""
    try:
        data = json.loads(text)
        if data["format"] != MARKER:
            raise ValueError(f"format {data['format']!r}")
        version = data["format_version"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ArchiveError(f"The manifest of the backup cannot be read: {error!r}.") from error
    if type(version) is int and version > FORMAT_VERSION:
        raise ArchiveError(
            f"This backup is of format {version}, made by a newer version of Cadre "
            f"({data.get('cadre')}); this one reads format {FORMAT_VERSION}. "
            "Restore it with that version."
        )
    try:
        if version != FORMAT_VERSION:
            raise ValueError(f"format_version {version!r}")
        return _manifest(data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(f"The manifest of the backup cannot be read: {error!r}.") from error


def _manifest(data: Mapping[str, Any]) -> Manifest:
    return Manifest(
        cadre=_text(data["cadre"]),
        created=_text(data["created"]),
        engine=_text(data["engine"]),
        version={_text(name): value for name, value in data["version"].items()},
        migrations={
            _text(app): [_text(name) for name in names] for app, names in data["migrations"].items()
        },
        tables=[_table(table) for table in data["tables"]],
        left_out={_text(name): _text(reason) for name, reason in data["left_out"].items()},
        uploads=[
            Upload(safe_name(upload["name"]), _count(upload["bytes"]), _text(upload["sha256"]))
            for upload in data["uploads"]
        ],
        missing_uploads=[_text(name) for name in data["missing_uploads"]],
    )


def _table(data: Mapping[str, Any]) -> Table:
    columns = tuple(
        StoredColumn(_text(column["name"]), _text(column["kind"])) for column in data["columns"]
    )
    if unknown := {column.kind for column in columns} - KINDS.keys():
        raise ValueError(f"kinds {sorted(unknown)}")
    return Table(
        model=_text(data["model"]),
        table=_text(data["table"]),
        columns=columns,
        rows=_count(data["rows"]),
        bytes=_count(data["bytes"]),
        sha256=_text(data["sha256"]),
        last_key=None if data["last_key"] is None else _count(data["last_key"]),
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
    """Return the name of an upload; raise ArchiveError if it leads out of the folder of uploads."""
    path = PurePosixPath(_text(name))
    forbidden = any(ord(character) < 32 or character in "\\\x7f" for character in name)
    drive = len(path.parts) > 0 and ":" in path.parts[0]
    if (
        forbidden
        or drive
        or path.is_absolute()
        or ".." in path.parts
        or str(path) != name
        or name == "."
    ):
        raise ArchiveError(f"The backup names an upload outside the folder of uploads: {name!r}.")
    return str(name)


def stored_member(name: str) -> zipfile.ZipInfo:
    """Return an archive member without compression and, like all members, without a time."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_STORED
    return info


def unsealed_comment() -> bytes:
    """Return the comment of an archive whose digest is not known yet."""
    return _SEAL_PREFIX + b"0" * _SEAL_LENGTH


def seal(file: BinaryIO) -> None:
    """Write the digest of all bytes before it at the end of a file."""
    end = file.seek(0, 2) - _SEAL_LENGTH
    digest = _digest(file, end)
    file.seek(end)
    file.write(digest)


def check_seal(file: BinaryIO, path: Path) -> None:
    """Raise ArchiveError for a file that is not a backup or not as it was written."""
    start = file.read(_NAME_OFFSET + len(MARKER))
    if start[:4] != b"PK\x03\x04" or start[_NAME_OFFSET:] != MARKER.encode():
        raise ArchiveError(f"{path} is not a backup of Cadre.")
    end = file.seek(0, 2) - _SEAL_LENGTH
    file.seek(max(0, end - len(_SEAL_PREFIX)))
    tail = file.read()
    if not tail.startswith(_SEAL_PREFIX):
        raise ArchiveError(f"{path} is incomplete: its end is missing.")
    if _digest(file, end) != tail[len(_SEAL_PREFIX) :]:
        raise ArchiveError(f"{path} is damaged: its bytes are not those that were written.")


def _digest(file: BinaryIO, end: int) -> bytes:
    digest = hashlib.sha256()
    file.seek(0)
    while end > 0 and (chunk := file.read(min(CHUNK, end))):
        digest.update(chunk)
        end -= len(chunk)
    return digest.hexdigest().encode()
