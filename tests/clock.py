"""The day on which a test reads or writes the record."""

import datetime as dt

import pytest


def set_today(patch: pytest.MonkeyPatch, day: dt.date) -> None:
    """Let it be a day for the whole application, in all its threads, until the patch is undone.

    Modules import ``today`` by name, so that the one function under it is replaced.
    """
    moment = dt.datetime.combine(day, dt.time(12), dt.UTC)
    patch.setattr("timeline.clock.now", lambda: moment)
