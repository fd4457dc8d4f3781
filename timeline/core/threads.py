"""The wordings of one promise in the order in which they were made."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeVar

Day = TypeVar("Day", int, dt.date)


def in_order(made: Mapping[int, tuple[Day, Day]], before: Mapping[int, Sequence[int]]) -> list[int]:
    """The keys of a thread's wordings, each after all that it restates, the latest one last.

    ``made`` gives the first and the last day that the date of each may mean, and ``before`` the
    keys of the wordings that led to it, the first one first; some of those may not be shown. What
    restates another is no earlier than that, however vague its date. Only wordings of which
    neither led to the other stand by their dates alone.
    """

    def stands(key: int) -> tuple[tuple[Day, Day], int, int]:
        led: Sequence[int] = before.get(key, ())
        return max(made[one] for one in (*led, key) if one in made), len(led), key

    return sorted(made, key=stands)
