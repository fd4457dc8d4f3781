"""Strict readers of the environment: a value that cannot be read stops the start.

Every refusal is one sentence that names the variable and what it accepts. An empty value is as
if absent. Values that may be secret are never repeated in a sentence.
"""

import os
import re
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

TRUE: Final = frozenset({"1", "true", "yes"})
FALSE: Final = frozenset({"0", "false", "no"})

SQLITE_OPTIONS: Final[dict[str, Any]] = {
    # A transaction that reads and then writes takes the write lock at its start; SQLite's own
    # default takes it late and answers most concurrent writers with 'database is locked'.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}

MEMORY: Final = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "131072",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}
"""How a server's processes give memory back, where glibc allots it (mallopt(3)).

What is read once and thrown away, such as the rows of a large record, would otherwise stay with
each process: a fifth of what a worker holds at a million events. Other libraries pass it over.
"""


def text(name: str, *, default: str = "") -> str:
    """Read a text, trimmed."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    """Read a boolean: true, yes, 1 or false, no, 0."""
    raw = text(name).lower()
    if not raw:
        return default
    if raw not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be true or false, not {raw!r}.")
    return raw in TRUE


def number(name: str, *, default: int, least: int, most: int) -> int:
    """Read a whole number inside its limits, both included."""
    raw = text(name)
    if not raw:
        return default
    if not (raw.isascii() and raw.isdigit() and least <= int(raw) <= most):
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {least} to {most}, not {raw!r}."
        )
    return int(raw)


def hosts(name: str) -> list[str]:
    """Read host names separated by commas, without scheme, port or path."""
    names = [part.strip() for part in text(name).split(",") if part.strip()]
    for host in names:
        bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        port = ":" in bare and bare == host
        if port or any(sign in host for sign in "/ \t@?#"):
            raise ImproperlyConfigured(
                f"{name} must list host names separated by commas, without scheme, port or path "
                f"(such as 'cadre.example.org'), not {host!r}."
            )
    return names


_ANCESTOR: Final = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:[0-9]{1,5})?", re.IGNORECASE)


def ancestors(name: str) -> list[str]:
    """Read which sites may frame the embed: '*' for all (so by default), 'none', or origins."""
    raw = text(name, default="*")
    if raw in ("*", "none"):
        return ["*" if raw == "*" else "'none'"]
    found = [part.strip() for part in raw.split(",") if part.strip()]
    for one in found:
        if not _ANCESTOR.fullmatch(one):
            raise ImproperlyConfigured(
                f"{name} must be '*', 'none' or origins separated by commas "
                f"(such as 'https://news.example.org' or 'https://*.example.org'), not {one!r}."
            )
    return found


def mail_address(name: str) -> str:
    """Read one mail address, or nothing."""
    raw = text(name)
    if raw:
        try:
            validate_email(raw)
        except ValidationError as error:
            raise ImproperlyConfigured(f"{name} must be one mail address, not {raw!r}.") from error
    return raw


def database(name: str, *, default: Path, root: Path) -> dict[str, Any]:
    """Read the address of a SQLite file or a PostgreSQL server, with the options Cadre needs."""
    raw = text(name, default=f"sqlite:///{default}")
    refusal = ImproperlyConfigured(
        f"{name} must be sqlite:///path/to/file or postgresql://user:password@host/name."
    )
    if not raw.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise refusal
    try:
        found: dict[str, Any] = {**dj_database_url.parse(raw)}
    except (ValueError, KeyError) as error:
        raise refusal from error
    # A database in memory would be another one for each worker, and gone at the end.
    if found["NAME"] in {"", ":memory:"}:
        raise refusal
    if raw.startswith("sqlite:"):
        found["NAME"] = str(root / found["NAME"])
        found["OPTIONS"] = {**found.get("OPTIONS", {}), **SQLITE_OPTIONS}
        # Opening the file reads its whole schema; timeline.middleware.databases notices another.
        found["CONN_MAX_AGE"] = None
    else:
        found.update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
        # Seconds to wait for a server that does not answer; the system itself waits for minutes.
        found["OPTIONS"] = {"connect_timeout": 5, **found.get("OPTIONS", {})}
    return found


def open_existing(database: dict[str, Any]) -> None:
    """Have a SQLite file opened where it is there, and never made.

    A file that was lost while the site runs must not be replaced by a new empty one.
    """
    if database["ENGINE"].endswith("sqlite3"):
        # Django hands OPTIONS to sqlite3.connect(), which reads addresses (https://sqlite.org/uri.html).
        database["OPTIONS"]["database"] = f"{Path(database['NAME']).as_uri()}?mode=rw"


def refuse_unopenable(name: str, database: dict[str, Any]) -> None:
    """Stop a server whose SQLite file is not there or cannot be read.

    A PostgreSQL server may come later than this one; until then pages are answered 503.
    """
    if not database["ENGINE"].endswith("sqlite3"):
        return
    file = Path(database["NAME"])
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.Error as error:
        raise ImproperlyConfigured(
            f"{name} names the file {str(file)!r}, which cannot be opened as a database ({error}). "
            "'manage.py migrate' makes a new one."
        ) from error


MOST_KEPT: Final = 20_000
"""Entries of a cache in memory or a directory; a card of an event takes about two kilobytes."""


def cache(name: str, *, prefix: str = "", most: int = MOST_KEPT) -> dict[str, Any]:
    """Read where a cache lives: each worker's memory, a directory or a Redis server.

    Several caches that live in one place have each a ``prefix`` of their own. In memory and in a
    directory ``most`` values are kept; Redis has a limit of its own.
    """
    raw = text(name, default="memory://")
    address = urlsplit(raw)
    if raw == "memory://":
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": prefix,
            "OPTIONS": {"MAX_ENTRIES": most},
        }
    if address.scheme == "file" and not address.netloc and len(address.path) > 1:
        return {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(Path(address.path, prefix)),
            "OPTIONS": {"MAX_ENTRIES": most},
        }
    if address.scheme in {"redis", "rediss"} and address.netloc:
        try:
            import redis  # type: ignore[import-not-found] # noqa: F401, PLC0415 — an optional part
        except ImportError as error:
            raise ImproperlyConfigured(
                f"{name} names a Redis server; install the Python package 'redis' first."
            ) from error
        return {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": raw,
            "KEY_PREFIX": prefix,
        }
    raise ImproperlyConfigured(
        f"{name} must be memory://, file:///absolute/directory or redis://host:port/number."
    )


def secret_key(*, kept: Path) -> str:
    """Read the secret key from SECRET_KEY, the file SECRET_KEY_FILE, or the kept file."""
    key = text("SECRET_KEY")
    named = text("SECRET_KEY_FILE")
    if key and named:
        raise ImproperlyConfigured("Set SECRET_KEY or SECRET_KEY_FILE, not both.")
    if named:
        try:
            key = Path(named).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(
                f"SECRET_KEY_FILE names {named!r}, which cannot be read."
            ) from error
        if not key:
            raise ImproperlyConfigured(f"SECRET_KEY_FILE names {named!r}, which is empty.")
    if not key and kept.exists():
        try:
            key = kept.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                "The secret key kept in var/secret-key cannot be read by this account."
            ) from error
    return key


def keep_secret_key(kept: Path) -> None:
    """Make the kept secret key once, readable by its owner only, unless the environment has one.

    The key is written aside and linked into place, so that of several commands started at once
    exactly one makes it and none reads half of it.
    """
    if text("SECRET_KEY") or text("SECRET_KEY_FILE") or kept.exists():
        return
    kept.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    aside = kept.with_name(f"{kept.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
    try:
        kept.hardlink_to(aside)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
