"""The order of the wordings of one commitment."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from timeline.core.dates import parse
from timeline.core.threads import in_order

Days = dict[int, tuple[dt.date, dt.date]]


def days(**wordings: str) -> Days:
    dates = {int(key[1:]): parse(text) for key, text in wordings.items()}
    return {key: (date.earliest, date.latest) for key, date in dates.items()}


def test_what_restates_another_follows_it_whatever_their_dates() -> None:
    assert in_order(days(_1="2025", _2="2025-04-03"), {1: (2,)}) == [2, 1]
    assert in_order(days(_1="2025", _2="2025-04-03"), {2: (1,)}) == [1, 2]
    assert in_order(days(_1="2024", _2="2025", _3="2025-04-03"), {1: (3, 2), 2: (3,)}) == [3, 2, 1]


def test_branches_stand_by_their_dates() -> None:
    before = {2: (1,), 3: (1,), 4: (1, 3)}
    dates = {"_1": "2024-01", "_2": "2026-03", "_3": "2026-05"}
    assert in_order(days(**dates), before) == [1, 2, 3]
    # Although its date is vague, it is later than what it restates, and so than the other branch.
    assert in_order(days(**dates, _4="2026"), before) == [1, 2, 3, 4]


def test_wordings_that_are_not_shown_still_say_what_led_to_what() -> None:
    assert in_order(days(_1="2025-04-03", _3="2025"), {2: (1,), 3: (1, 2)}) == [1, 3]
    assert in_order(days(_2="2025-04-03", _3="2025"), {2: (1,), 3: (1,)}) == [3, 2]


DATES = ["2024", "2024-05", "2024-05-10", "2024-06-01", "2025", "2025-04-03"]


@given(st.lists(st.tuples(st.sampled_from(DATES), st.integers(0, 9), st.booleans()), max_size=9))
def test_any_thread_is_in_the_order_of_what_led_to_what(drawn: list[tuple[str, int, bool]]) -> None:
    before: dict[int, tuple[int, ...]] = {}
    made: Days = {}
    for key, (text, other, shown) in enumerate(drawn):
        before[key] = (*before[other], other) if other < key else ()
        if shown:
            made[key] = parse(text).earliest, parse(text).latest
    order = in_order(made, before)
    assert sorted(order) == sorted(made)
    for place, key in enumerate(order):
        assert not set(before[key]) & set(order[place:])
