"""Which errors mean that the database, or the disk, takes nothing just now."""

import errno
import sqlite3
from typing import Final

from django.db import Error, InterfaceError, OperationalError

RETRY_AFTER: Final = 10
"""Seconds after which it is worth trying again."""

_SQLITE: Final = frozenset(
    {
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL),
        *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN),
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM),
        *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB),
    }
)
"""Result codes that tell of the file and not of the statement (https://sqlite.org/rescode.html)."""

_READ_ONLY: Final = "25006"
"""PostgreSQL's code for a write in a transaction that only reads, as on a standby server."""

_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


def is_outage(error: BaseException) -> bool:
    """Whether an error is of the database's state, such as locked, full, read-only or gone.

    The same request may be answered once that has changed. A faulty statement is not meant,
    though SQLite calls it an OperationalError as well.
    """
    if isinstance(error, OSError):
        return error.errno in _DISK
    if not isinstance(error, Error):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        # The low byte is the code, the others say more of it.
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE
    if getattr(cause, "sqlstate", None) == _READ_ONLY:
        return True
    return isinstance(error, OperationalError | InterfaceError)
