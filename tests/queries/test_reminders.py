"""Whether there is anything that an editor is reminded of."""

from dataclasses import replace
from typing import Any, Final

import pytest

from timeline.models import Event, Framework
from timeline.queries.reminders import LateCommitments, Reminders, UnratifiedTexts, Waiting

NOTHING: Final = Reminders(
    frameworks=[],
    overdue=LateCommitments(0, []),
    quiet=LateCommitments(0, []),
    unratified=UnratifiedTexts(0, []),
    waiting=[],
    unsearched=[],
)


@pytest.mark.parametrize(
    "something",
    [
        {"frameworks": ["its session is due"]},
        {"overdue": LateCommitments(1, [])},
        {"quiet": LateCommitments(1, [])},
        {"unratified": UnratifiedTexts(1, [])},
        {"waiting": [Waiting(1, [Event()])]},
        {"unsearched": [Framework()]},
    ],
    ids=lambda something: next(iter(something)),
)
def test_one_thing_is_enough(something: dict[str, Any]) -> None:
    assert not NOTHING
    assert replace(NOTHING, **something)
