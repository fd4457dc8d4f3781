"""The wordings of one commitment in the order in which they were made."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeVar

Day = TypeVar("Day", int, dt.date)


def in_order(days: Mapping[int, tuple[Day, Day]], before: Mapping[int, Sequence[int]]) -> list[int]:
    """Return the keys of a thread's wordings, each after all that it restates, the latest last.

    ``days`` maps each key to the earliest and latest possible day of its date. ``before`` maps a
    key to the wordings that led to it, the first one first; some of them may be missing from
    ``days`` as they are not shown. A wording counts as no earlier than those that it restates,
    however vague its date; dates alone order wordings of which neither led to the other.
    """

    def sort_key(key: int) -> tuple[tuple[Day, Day], int, int]:
        earlier: Sequence[int] = before.get(key, ())
        return max(days[k] for k in (*earlier, key) if k in days), len(earlier), key

    return sorted(days, key=sort_key)
