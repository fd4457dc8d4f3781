"""Tell errors that mean that the database, or the disk, is out of service for the moment."""

import errno
import sqlite3
from typing import Final

from django.db import Error, InterfaceError, OperationalError

RETRY_AFTER: Final = 10
"""Seconds after which clients should try again."""

_SQLITE: Final = frozenset(
    {
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL),
        *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN),
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM),
        *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB),
    }
)
"""Result codes about the file, not the statement (https://sqlite.org/rescode.html)."""

_READ_ONLY: Final = "25006"
"""PostgreSQL's code for a write in a read-only transaction, as on a standby server."""

_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


def is_outage(error: BaseException) -> bool:
    """Whether an error is due to the state of the database, such as locked, full or read-only.

    The same request may succeed once that has changed. A faulty statement does not count, though
    SQLite raises an OperationalError for it as well.
    """
    if isinstance(error, OSError):
        return error.errno in _DISK
    if not isinstance(error, Error):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        # The low byte is the primary result code; extended codes add the others.
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE
    if getattr(cause, "sqlstate", None) == _READ_ONLY:
        return True
    return isinstance(error, OperationalError | InterfaceError)
