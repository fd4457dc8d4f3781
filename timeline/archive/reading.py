"""Read a backup, which may be damaged, truncated or of other origin until it is checked."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from timeline.archive.layout import (
    CHUNK,
    MANIFEST,
    MARKER,
    MAX_MANIFEST,
    ArchiveError,
    Manifest,
    Say,
    Table,
    Upload,
    check_seal,
    read_manifest,
)
from timeline.archive.tables import EncodedRow, RowChecker

MAX_LINE: Final = 64 << 20
"""The maximum size of a row in bytes."""

_PROGRESS_INTERVAL: Final = 500_000
"""Rows between two reports of progress."""


class Archive:
    """A backup with an intact file and exactly the members of its manifest.

    The contents of members are checked while they are read.
    """

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self._path, self._file = path, file
        self.tables_with_null_characters: Final[set[str]] = set()
        """Tables read so far that contain the character U+0000, which PostgreSQL refuses."""
        self._members: dict[str, zipfile.ZipInfo] = {}
        for info in file.infolist():
            if info.filename in self._members:
                raise ArchiveError(f"{path} holds {info.filename!r} twice.")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ArchiveError(f"{path} holds {info.filename!r} compressed in another way.")
            if info.flag_bits & 0x1:
                raise ArchiveError(f"{path} holds {info.filename!r} encrypted.")
            self._members[info.filename] = info
        self.manifest: Final = self._read_manifest()
        self._compare_members()

    def check(self, say: Say) -> None:
        """Read everything; raise ArchiveError for any difference from the manifest."""
        for table in self.manifest.tables:
            for _row in self.rows(table, say=say, checked=True):
                pass
            say(f"{table.table}: {table.rows} rows are whole")
        for upload in self.manifest.uploads:
            for _chunk in self.chunks(upload):
                pass
        say(f"{len(self.manifest.uploads)} uploads are whole")

    def rows(
        self, table: Table, *, say: Say | None = None, checked: bool = False
    ) -> Iterator[EncodedRow]:
        """Yield the encoded rows of a table; ``checked`` tries to decode dates and the like too.

        Raises ArchiveError, after the last row at the latest, if the rows differ from the manifest.
        """
        checker, count = RowChecker(table.columns), 0
        for lines in self._lines(table):
            for row in self._parsed(table, lines, count):
                count += 1
                try:
                    checker.check(row, decoding=checked)
                except (ValueError, ArithmeticError, TypeError) as error:
                    raise self._damaged(table.member, f"row {count}: {error}") from error
                yield tuple(row)
                if say and count % _PROGRESS_INTERVAL == 0:
                    say(f"{table.table}: {count} of {table.rows} rows")
        if count != table.rows:
            raise self._damaged(table.member, f"{count} rows, not the {table.rows} of the manifest")

    def chunks(self, upload: Upload) -> Iterator[bytes]:
        """Yield the bytes of an upload; raise ArchiveError at the end if the digest differs."""
        return self._chunks(upload.member, upload.sha256)

    def _read_manifest(self) -> Manifest:
        info = self._members.get(MANIFEST)
        if info is None:
            raise ArchiveError(f"{self._path} holds no manifest.")
        if info.file_size > MAX_MANIFEST:
            raise ArchiveError(f"The manifest of {self._path} is larger than any may be.")
        return read_manifest(b"".join(self._chunks(MANIFEST, None)))

    def _compare_members(self) -> None:
        entries: list[Table | Upload] = [*self.manifest.tables, *self.manifest.uploads]
        names = [entry.member for entry in entries]
        if len(names) != len(set(names)):
            raise ArchiveError(f"The manifest of {self._path} lists a member twice.")
        expected = {MARKER, MANIFEST, *names}
        if missing := sorted(expected - self._members.keys()):
            raise ArchiveError(f"{self._path} lacks {missing[0]!r}, which its manifest lists.")
        if extra := sorted(self._members.keys() - expected):
            raise ArchiveError(
                f"{self._path} holds {extra[0]!r}, which its manifest does not list."
            )
        for entry in entries:
            if (size := self._members[entry.member].file_size) != entry.bytes:
                raise self._damaged(
                    entry.member, f"{size} bytes, not the {entry.bytes} of the manifest"
                )

    def _chunks(self, member: str, sha256: str | None) -> Iterator[bytes]:
        """Yield the content of a member in parts, no more than the archive declares."""
        digest = hashlib.sha256()
        try:
            with self._file.open(self._members[member]) as file:
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise self._damaged(member, str(error)) from error
        if sha256 is not None and digest.hexdigest() != sha256:
            raise self._damaged(member, "its digest is not the one of the manifest")

    def _lines(self, table: Table) -> Iterator[list[bytes]]:
        rest = b""
        for chunk in self._chunks(table.member, table.sha256):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > MAX_LINE:
                raise self._damaged(table.member, "a row is longer than any may be")
            if lines:
                yield lines
        if rest:
            raise self._damaged(table.member, "its last row is cut")

    def _parsed(self, table: Table, lines: list[bytes], before: int) -> list[list[Any]]:
        try:
            # One call for all lines: with short lines, most of the time goes into calls.
            rows = json.loads(b"[" + b",".join(lines) + b"]")
        except (ValueError, RecursionError) as error:
            problem = f"rows from {before + 1} on are no JSON: {error}"
            raise self._damaged(table.member, problem) from error
        if len(rows) != len(lines) or not all(type(row) is list for row in rows):
            raise self._damaged(table.member, f"rows from {before + 1} on are not one to a line")
        for line, row in zip(lines, rows, strict=True):
            if b"\\u0000" in line and any("\0" in value for value in row if type(value) is str):
                self.tables_with_null_characters.add(table.table)
        return list(rows)

    def _damaged(self, member: str, problem: str) -> ArchiveError:
        return ArchiveError(f"{self._path} is damaged at {member!r}: {problem}.")


@contextmanager
def open_backup(path: Path) -> Iterator[Archive]:
    """Open a backup; raise ArchiveError for a file that is not a backup or is damaged."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read: {error.strerror}.") from error
    with file:
        check_seal(file, path)
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
            raise ArchiveError(f"{path} is damaged: {error}.") from error
        with archive:
            yield Archive(path, archive)
