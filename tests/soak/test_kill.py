"""A few of the kills of `make soak`: what was acknowledged is there, whole."""

from pathlib import Path
from random import Random

import pytest

from bench.soak import kill

# The database that the campaign starts from is a copy of the migrated one.
pytestmark = pytest.mark.django_db

KILLS = 3


def test_what_was_acknowledged_outlives_kills(demo_file: Path) -> None:
    log = kill.killed(demo_file, KILLS, Random(7))  # noqa: S311 — which moments, no secret
    assert len(log.acknowledged) >= KILLS
    assert kill.missing(demo_file, log.acknowledged) == []
    assert kill.half_done(demo_file) == []
    assert log.refused == []


def test_a_lost_event_is_seen(demo_file: Path) -> None:
    assert kill.missing(demo_file, ["never-written"]) == ["never-written"]
