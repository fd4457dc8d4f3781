"""Reading a backup, which is damaged, cut short or somebody else's until it is proved not to be."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from timeline.archive.layout import (
    CHUNK,
    FIRST,
    MANIFEST,
    MOST_MANIFEST,
    ArchiveError,
    Manifest,
    Table,
    Upload,
    check_seal,
    read_manifest,
)
from timeline.archive.tables import Row, Typed

MOST_LINE: Final = 64 << 20
"""Bytes of one row that are read at the most."""

_EVERY: Final = 500_000
"""Rows between two words about how far it is."""

Say = Callable[[str], None]


class Archive:
    """A backup whose file is whole, and whose members are those of its manifest.

    Their contents are proved while they are read.
    """

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self._path, self._file = path, file
        self.with_zeros: Final[set[str]] = set()
        """Tables found to hold the character U+0000, which PostgreSQL refuses."""
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
        """Read everything; raise ArchiveError where anything is not as the manifest says."""
        for table in self.manifest.tables:
            for _row in self.rows(table, say=say, checked=True):
                pass
            say(f"{table.table}: {table.rows} rows are whole")
        for upload in self.manifest.uploads:
            for _chunk in self.chunks(upload):
                pass
        say(f"{len(self.manifest.uploads)} uploads are whole")

    def rows(self, table: Table, *, say: Say | None = None, checked: bool = False) -> Iterator[Row]:
        """The rows of a table as they are written; ``checked`` reads days and the like as well.

        Raise ArchiveError, at the latest after the last row, where they are not as the manifest
        says.
        """
        typed, count = Typed(table.columns), 0
        for lines in self._lines(table):
            for row in self._parsed(table, lines, count):
                count += 1
                try:
                    typed.check(row, decoding=checked)
                except (ValueError, ArithmeticError, TypeError) as error:
                    raise self._wrong(table.member, f"row {count}: {error}") from error
                yield tuple(row)
                if say and count % _EVERY == 0:
                    say(f"{table.table}: {count} of {table.rows} rows")
        if count != table.rows:
            raise self._wrong(table.member, f"{count} rows, not the {table.rows} of the manifest")

    def chunks(self, upload: Upload) -> Iterator[bytes]:
        """The bytes of an upload; raise ArchiveError after the last where they are others."""
        return self._chunks(upload.member, upload.sha256)

    def _read_manifest(self) -> Manifest:
        info = self._members.get(MANIFEST)
        if info is None:
            raise ArchiveError(f"{self._path} holds no manifest.")
        if info.file_size > MOST_MANIFEST:
            raise ArchiveError(f"The manifest of {self._path} is larger than any may be.")
        return read_manifest(b"".join(self._chunks(MANIFEST, None)))

    def _compare_members(self) -> None:
        listed: list[Table | Upload] = [*self.manifest.tables, *self.manifest.uploads]
        names = [one.member for one in listed]
        if len(names) != len(set(names)):
            raise ArchiveError(f"The manifest of {self._path} lists a member twice.")
        wanted = {FIRST, MANIFEST, *names}
        if missing := sorted(wanted - self._members.keys()):
            raise ArchiveError(f"{self._path} lacks {missing[0]!r}, which its manifest lists.")
        if extra := sorted(self._members.keys() - wanted):
            raise ArchiveError(
                f"{self._path} holds {extra[0]!r}, which its manifest does not list."
            )
        for one in listed:
            if (size := self._members[one.member].file_size) != one.bytes:
                raise self._wrong(one.member, f"{size} bytes, not the {one.bytes} of the manifest")

    def _chunks(self, member: str, sha256: str | None) -> Iterator[bytes]:
        """The content of a member in parts, no more than the archive declares."""
        digest = hashlib.sha256()
        try:
            with self._file.open(self._members[member]) as file:
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise self._wrong(member, str(error)) from error
        if sha256 is not None and digest.hexdigest() != sha256:
            raise self._wrong(member, "its digest is not the one of the manifest")

    def _lines(self, table: Table) -> Iterator[list[bytes]]:
        rest = b""
        for chunk in self._chunks(table.member, table.sha256):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > MOST_LINE:
                raise self._wrong(table.member, "a row is longer than any may be")
            if lines:
                yield lines
        if rest:
            raise self._wrong(table.member, "its last row is cut")

    def _parsed(self, table: Table, lines: list[bytes], before: int) -> list[list[Any]]:
        try:
            # Of many short texts most of the time goes into the calls.
            rows = json.loads(b"[" + b",".join(lines) + b"]")
        except (ValueError, RecursionError) as error:
            said = f"rows from {before + 1} on are no JSON: {error}"
            raise self._wrong(table.member, said) from error
        if len(rows) != len(lines) or not all(type(row) is list for row in rows):
            raise self._wrong(table.member, f"rows from {before + 1} on are not one to a line")
        for line, row in zip(lines, rows, strict=True):
            if b"\\u0000" in line and any("\0" in value for value in row if type(value) is str):
                self.with_zeros.add(table.table)
        return list(rows)

    def _wrong(self, member: str, what: str) -> ArchiveError:
        return ArchiveError(f"{self._path} is damaged at {member!r}: {what}.")


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a backup; raise ArchiveError for what is none, or is not whole."""
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
