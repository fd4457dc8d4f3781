"""A site of its own for each campaign: the demo in a database file, served by processes."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def demo_file(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A database file that holds the demo, and the static files that its pages name."""
    from django.db import connection

    from bench.timeline import manage

    file = tmp_path_factory.mktemp("campaign") / "demo.sqlite3"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    manage(file, "collectstatic", "--noinput", "--verbosity", "0")
    manage(file, "load_demo", "--verbosity", "0")
    return file
