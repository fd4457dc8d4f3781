"""A few of the kills of `make soak`: the server restarts, and acknowledged events are saved."""

import contextlib
import shutil
import sqlite3
from pathlib import Path
from random import Random

import pytest

from bench.soak import kill

# The campaign starts from a copy of the migrated database.
pytestmark = pytest.mark.django_db

KILLS = 2
SEED = 10
"""Draws a kill of a worker, then one of the whole server."""


@pytest.fixture(scope="module")
def log(demo_file: Path) -> kill.Log:
    return kill.killed(demo_file, KILLS, Random(SEED))  # noqa: S311 — which moments, no secret


@pytest.fixture
def copy(log: kill.Log, demo_file: Path, tmp_path: Path) -> Path:
    """A copy of the file after the kills, which a test can break."""
    file = tmp_path / "copy.sqlite3"
    with contextlib.closing(sqlite3.connect(demo_file)) as database:
        database.execute("VACUUM INTO ?", [str(file)])
    return file


def change(file: Path, statement: str, *values: str) -> None:
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute(statement, values)


def test_what_was_acknowledged_outlives_kills(log: kill.Log, demo_file: Path) -> None:
    assert log.kills.keys() == {"a worker", "the server"}
    assert log.kills.total() == KILLS
    # Each kill, and the end, waits until another event is acknowledged.
    assert len(log.acknowledged) > KILLS
    assert log.starts >= log.kills["the server"]
    assert kill.wrong(demo_file, log) == []
    kill.check(demo_file, questions=10)


def test_lost_event_is_seen(log: kill.Log, copy: Path) -> None:
    slug = log.acknowledged[0]
    change(copy, "UPDATE timeline_event SET slug = 'another' WHERE slug = ?", slug)
    assert kill.wrong(copy, log) == [f"{slug} was acknowledged and is lost"]


OF_EVENT = "event_id = (SELECT id FROM timeline_event WHERE slug = ?)"
PARTS = {
    "participations": f"DELETE FROM timeline_participation WHERE {OF_EVENT}",  # noqa: S608
    "involvements": f"DELETE FROM timeline_involvement WHERE {OF_EVENT}",  # noqa: S608
}


@pytest.mark.parametrize("statement", PARTS.values(), ids=PARTS)
def test_event_without_its_parties_is_seen(statement: str, log: kill.Log, copy: Path) -> None:
    slug = log.acknowledged[0]
    change(copy, statement, slug)
    assert kill.wrong(copy, log) == [f"{slug} is half there"]


def test_damaged_file_is_seen(copy: Path, tmp_path: Path) -> None:
    assert kill.damage(copy) == []
    change(
        copy, "DELETE FROM timeline_party WHERE id = (SELECT party_id FROM timeline_participation)"
    )
    assert "no such key" in kill.damage(copy)[0]
    torn = tmp_path / "torn.sqlite3"
    shutil.copyfile(copy, torn)
    with torn.open("r+b") as file:
        file.truncate(torn.stat().st_size // 2)
    assert kill.damage(torn)
