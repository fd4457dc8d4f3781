"""Strict readers of environment variables: an invalid value prevents the start.

Every error is one sentence that names the variable and the accepted values. An empty value counts
as absent. Values that may be secret are never repeated in a message.
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
    # A transaction takes the write lock at its start. By default, SQLite takes it when the
    # transaction first writes, and most concurrent writers get 'database is locked'.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}

MEMORY: Final = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "131072",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}
"""Variables that make glibc return memory of the server's processes to the system (mallopt(3)).

Memory that is used only once, such as for the rows of a large record, would otherwise stay with
each process: a fifth of the memory of a worker with a million events. Other C libraries ignore the
variables.
"""


def text(name: str, *, default: str = "") -> str:
    """Read a text, stripped."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    """Read a boolean: true, yes, 1 or false, no, 0."""
    raw = text(name).lower()
    if not raw:
        return default
    if raw not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be true or false, not {raw!r}.")
    return raw in TRUE


def number(name: str, *, default: int, minimum: int, maximum: int) -> int:
    """Read an integer between two limits, both included."""
    raw = text(name)
    if not raw:
        return default
    if not (raw.isascii() and raw.isdigit() and minimum <= int(raw) <= maximum):
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {minimum} to {maximum}, not {raw!r}."
        )
    return int(raw)


def hosts(name: str) -> list[str]:
    """Read host names separated by commas, without scheme, port or path."""
    names = [part.strip() for part in text(name).split(",") if part.strip()]
    for host in names:
        bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        port = ":" in bare and bare == host
        if port or any(character in host for character in "/ \t@?#"):
            raise ImproperlyConfigured(
                f"{name} must list host names separated by commas, without scheme, port or path "
                f"(such as 'cadre.example.org'), not {host!r}."
            )
    return names


_ANCESTOR: Final = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:[0-9]{1,5})?", re.IGNORECASE)


def ancestors(name: str) -> list[str]:
    """Read which sites may frame the embed: '*' for all (the default), 'none', or origins."""
    raw = text(name, default="*")
    if raw in ("*", "none"):
        return ["*" if raw == "*" else "'none'"]
    origins = [part.strip() for part in raw.split(",") if part.strip()]
    for origin in origins:
        if not _ANCESTOR.fullmatch(origin):
            raise ImproperlyConfigured(
                f"{name} must be '*', 'none' or origins separated by commas "
                f"(such as 'https://news.example.org' or 'https://*.example.org'), not {origin!r}."
            )
    return origins


def mail_address(name: str) -> str:
    """Read a mail address, which may be empty."""
    raw = text(name)
    if raw:
        try:
            validate_email(raw)
        except ValidationError as error:
            raise ImproperlyConfigured(f"{name} must be one mail address, not {raw!r}.") from error
    return raw


def database(name: str, *, default: Path, root: Path) -> dict[str, Any]:
    """Read the URL of a SQLite file or a PostgreSQL server, and add the options of Cadre."""
    raw = text(name, default=f"sqlite:///{default}")
    refusal = ImproperlyConfigured(
        f"{name} must be sqlite:///path/to/file or postgresql://user:password@host/name."
    )
    if not raw.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise refusal
    try:
        config: dict[str, Any] = {**dj_database_url.parse(raw)}
    except (ValueError, KeyError) as error:
        raise refusal from error
    # An in-memory database would be a different one in each worker, and lost at the end.
    if config["NAME"] in {"", ":memory:"}:
        raise refusal
    if raw.startswith("sqlite:"):
        config["NAME"] = str(root / config["NAME"])
        config["OPTIONS"] = {**config.get("OPTIONS", {}), **SQLITE_OPTIONS}
        # Opening the file parses its whole schema, so connections are persistent;
        # timeline.middleware.databases notices when the file is replaced.
        config["CONN_MAX_AGE"] = None
    else:
        config.update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
        # Seconds to wait for a server that does not respond, for which the system waits minutes.
        config["OPTIONS"] = {"connect_timeout": 5, **config.get("OPTIONS", {})}
    return config


def open_existing(database: dict[str, Any]) -> None:
    """Make connections to SQLite open only an existing file.

    A file that is lost while the site runs must not be replaced by a new empty one.
    """
    if database["ENGINE"].endswith("sqlite3"):
        # Django passes OPTIONS to sqlite3.connect(), which accepts URIs (https://sqlite.org/uri.html).
        database["OPTIONS"]["database"] = f"{Path(database['NAME']).as_uri()}?mode=rw"


def refuse_unopenable(name: str, database: dict[str, Any]) -> None:
    """Raise ImproperlyConfigured for a SQLite file that is missing or cannot be opened."""
    if not database["ENGINE"].endswith("sqlite3"):
        # A PostgreSQL server may start later than this one; until then pages respond with 503.
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


MAX_ENTRIES: Final = 20_000
"""The maximum size of a cache in memory or a directory; a card takes about two kilobytes."""


def cache(name: str, *, prefix: str = "", max_entries: int = MAX_ENTRIES) -> dict[str, Any]:
    """Read the location of a cache: each worker's memory, a directory or a Redis server.

    Caches at the same location each have a ``prefix`` of their own. ``max_entries`` applies in
    memory and in a directory; Redis has a limit of its own.
    """
    raw = text(name, default="memory://")
    address = urlsplit(raw)
    if raw == "memory://":
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": prefix,
            "OPTIONS": {"MAX_ENTRIES": max_entries},
        }
    if address.scheme == "file" and not address.netloc and len(address.path) > 1:
        return {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(Path(address.path, prefix)),
            "OPTIONS": {"MAX_ENTRIES": max_entries},
        }
    if address.scheme in {"redis", "rediss"} and address.netloc:
        try:
            import redis  # type: ignore[import-not-found] # noqa: F401, PLC0415 — an optional dependency
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


def secret_key(*, default_file: Path) -> str:
    """Read the secret key from SECRET_KEY, the file SECRET_KEY_FILE, or the default file."""
    key = text("SECRET_KEY")
    file = text("SECRET_KEY_FILE")
    if key and file:
        raise ImproperlyConfigured("Set SECRET_KEY or SECRET_KEY_FILE, not both.")
    if file:
        try:
            key = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(
                f"SECRET_KEY_FILE names {file!r}, which cannot be read."
            ) from error
        if not key:
            raise ImproperlyConfigured(f"SECRET_KEY_FILE names {file!r}, which is empty.")
    if not key and default_file.exists():
        try:
            key = default_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                "The secret key kept in var/secret-key cannot be read by this account."
            ) from error
    return key


def create_secret_key(path: Path) -> None:
    """Create a secret key that only its owner may read, unless one exists or is set."""
    if text("SECRET_KEY") or text("SECRET_KEY_FILE") or path.exists():
        return
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    # Written to a temporary file that is then linked: of several commands started at once, exactly
    # one creates the key, and none reads half of it.
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
