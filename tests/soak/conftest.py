"""A site for each campaign: the demo in a database file, served by processes of its own."""

import fcntl
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bench.timeline import manage

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def static_files() -> None:
    """Collect the static files, without which a server cannot render pages.

    A fresh clone has none. Parallel workers take turns, so that no server starts while another
    worker replaces the files.
    """
    (ROOT / "var").mkdir(exist_ok=True)
    # If make runs these tests, it must not pass its own flags on.
    variables = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    with (ROOT / "var" / "static.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(
            ["make", "--silent", "var/static/.collected"], cwd=ROOT, env=variables, check=True
        )


@pytest.fixture(scope="module")
def demo_file(
    static_files: None,
    demo_rows: Any,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A SQLite file with the demo, whichever database the other tests use."""
    from django.db import connection, transaction

    from tests import pristine, rows

    file = tmp_path_factory.mktemp("campaign") / "demo.sqlite3"
    if connection.vendor == "sqlite":
        # Copying saves half a minute.
        with django_db_blocker.unblock():
            with transaction.atomic():
                rows.put_back(demo_rows)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(file)])
            pristine.put_back()
    else:
        manage(file, "migrate", "--verbosity", "0")
        manage(file, "load_demo", "--verbosity", "0")
    return file
