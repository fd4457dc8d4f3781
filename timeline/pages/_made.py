"""Files that take long to make: made once for an address and a version of the record, and kept.

They lie in a folder that all processes of a machine share, and the least recently used ones are
deleted when it holds too much. A file that is being made is locked, so that it is made once however
many ask.
"""

import fcntl
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from typing import IO, Any, Final, NamedTuple

from django.conf import settings
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import Response, SlicedFile, StaticFile

log = logging.getLogger(__name__)

MAX_BYTES: Final = 4 * 1024**3
"""Bytes of all files together; the newest one stays, however large."""

_ABANDONED: Final = 24 * 3600
"""Seconds after which a file that was never finished is deleted."""

FAILED_FOR: Final = 3600
"""Seconds for which a file that could not be made is not begun again."""

_turn: Final = Lock()
"""Held while this process makes a file beside answering: one at a time."""

OnProgress = Callable[[int], None]
"""Takes note of how many rows are written."""


class Progress(NamedTuple):
    """How many rows of a file are written, and how many it will have."""

    written: int
    total: int


class OutdatedError(Exception):
    """Raised by a maker for which the record has changed: nobody asks for its file any more."""


class FailedError(Exception):
    """Raised for a file that could not be made a short time ago, and would take as long again."""


def folder() -> Path:
    """Return the folder of the files, which is made if it is missing."""
    path = Path(settings.VAR_DIR) / "files"
    path.mkdir(parents=True, exist_ok=True)
    return path


def kept(name: str) -> Path | None:
    """Return the path of a cached file and mark it as used; None if it is not cached."""
    path = folder() / name
    try:
        # When it was changed stays: clients may know it by that.
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
    except FileNotFoundError:
        return None
    return path


def make_now(name: str, write: Callable[[Path], None]) -> Path:
    """Return the path of a file, after making it or waiting for who does."""
    path = folder() / name
    while not path.exists():
        with _part(path).open("ab") as part:
            # The lock ends with the process that holds it.
            fcntl.flock(part, fcntl.LOCK_EX)
            if not path.exists():
                _make(path, write)
    return path


def underway(name: str) -> Progress | None:
    """Return how far a file is that is being made beside answering, or None if it is not.

    Whoever asks while a file is made need not know again how many rows it will have. Raise
    FailedError if it could not be made.
    """
    path = folder() / name
    with suppress(FileNotFoundError):
        if timezone.now().timestamp() - _failure(path).stat().st_mtime < FAILED_FOR:
            raise FailedError(name)
    with suppress(FileNotFoundError), _part(path).open("rb") as part:
        try:
            fcntl.flock(part, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _noted(path)
    return None


def make_beside(name: str, total: int, write: Callable[[Path, OnProgress], None]) -> Progress:
    """Have a file of so many rows made beside answering, unless it is; return how far it is."""
    path, begun = folder() / name, Progress(0, total)
    part = _part(path).open("ab")
    try:
        fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        part.close()
        return _noted(path) or begun
    _note(path, begun)
    Thread(target=_make_beside, args=(path, total, write, part), daemon=True).start()
    return begun


def _make_beside(
    path: Path, total: int, write: Callable[[Path, OnProgress], None], lock: IO[bytes]
) -> None:
    def note(rows: int) -> None:
        _note(path, Progress(rows, total))

    try:
        with _turn:
            if not path.exists():
                _make(path, lambda part: write(part, note))
    except OutdatedError:
        log.info("%s is not made: the record has changed.", path.name)
    except Exception:
        log.exception("%s cannot be made.", path.name)
        _failure(path).touch()
    finally:
        _notes(path).unlink(missing_ok=True)
        lock.close()
        connections.close_all()


def _make(path: Path, write: Callable[[Path], None]) -> None:
    part = _part(path)
    try:
        write(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _delete_old(path)


def _part(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _failure(path: Path) -> Path:
    """Return the path of the empty file that says that a file could not be made."""
    return path.with_name(f"{path.name}.failed")


def _notes(path: Path) -> Path:
    return path.with_name(f"{path.name}.rows")


def _note(path: Path, progress: Progress) -> None:
    """Note how far a file is; who reads that meanwhile finds this note or the one before."""
    notes = _notes(path)
    part = _part(notes)
    part.write_text(f"{progress.written} {progress.total}", encoding="ascii")
    part.replace(notes)


def _noted(path: Path) -> Progress | None:
    try:
        return Progress(*map(int, _notes(path).read_text(encoding="ascii").split()))
    except FileNotFoundError:
        return None


def _delete_old(newest: Path) -> None:
    """Delete the least recently used files until the folder is small enough."""
    now, total = timezone.now().timestamp(), 0
    found = []
    for path in newest.parent.iterdir():
        with suppress(FileNotFoundError):
            status = path.stat()
            found.append((max(status.st_atime, status.st_mtime), status.st_size, path))
    for asked, size, path in sorted(found, reverse=True):
        total += size
        unfinished = path.suffix in (".part", ".rows", ".failed")
        too_old = unfinished and now - asked > _ABANDONED
        too_much = not unfinished and total > MAX_BYTES and path != newest
        if too_old or too_much:
            path.unlink(missing_ok=True)


class _Ranged(StaticFile):  # type: ignore[misc]
    """WhiteNoise's answers for a file, with ranges of one byte, and none of another file."""

    def get_response(self, method: str, request_headers: dict[str, str]) -> Any:
        headers = dict(request_headers)
        # A range of another state of the file is of no use (RFC 9110, section 13.1.5).
        if headers.get("HTTP_IF_RANGE", self.etag) not in (self.etag, self.last_modified_text):
            headers.pop("HTTP_RANGE", None)
        return super().get_response(method, headers)

    @property
    def last_modified_text(self) -> str:
        _pattern, _path, headers = self.alternatives[0]
        return str(dict(headers)["Last-Modified"])

    def get_range_response(self, range_header: str, base_headers: Any, file: Any) -> Any:
        size = int(dict(base_headers)["Content-Length"])
        start, end = self.get_byte_range(range_header, size)
        if start > end and start < size:
            raise ValueError(range_header)
        if start != end:
            return super().get_range_response(range_header, base_headers, file)
        headers = [pair for pair in base_headers if pair[0] != "Content-Length"]
        headers += [("Content-Range", f"bytes {start}-{end}/{size}"), ("Content-Length", "1")]
        return Response(206, headers, SlicedFile(file, start, end) if file else None)


def sent(request: HttpRequest, path: Path, etag: str, headers: dict[str, str]) -> HttpResponseBase:
    """Answer a request with a file, or a range of its bytes."""
    own = {**headers, "ETag": etag, "Accept-Ranges": "bytes"}
    file = _Ranged(str(path), [*own.items()])
    response: HttpResponseBase = WhiteNoiseMiddleware.serve(file, request)
    return response
