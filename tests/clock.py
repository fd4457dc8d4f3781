"""The day that a test takes for today."""

import datetime as dt

import pytest


def set_today(patch: pytest.MonkeyPatch, day: dt.date) -> None:
    """Set today for the whole application and all its threads, until the patch is undone.

    Modules import ``today`` by name, so the function that it calls is replaced instead.
    """
    moment = dt.datetime.combine(day, dt.time(12), dt.UTC)
    patch.setattr("timeline.clock.now", lambda: moment)
