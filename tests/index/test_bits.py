"""Sets of small numbers kept as one whole number."""

from hypothesis import given
from hypothesis import strategies as st

from timeline.index import bits

MEMBERS = st.sets(st.integers(0, 299))


@given(MEMBERS)
def test_set_gives_its_members_in_either_order(members: set[int]) -> None:
    held = bits.from_members(members, 300)
    assert list(bits.ascending(held)) == sorted(members)
    assert list(bits.descending(held)) == sorted(members, reverse=True)
    assert held.bit_count() == len(members)


@given(MEMBERS, MEMBERS)
def test_intersection_is_that_of_the_sets(one: set[int], other: set[int]) -> None:
    assert bits.from_members(one, 300) & bits.from_members(other, 300) == bits.from_members(
        one & other, 300
    )


@given(st.integers(0, 300))
def test_all_below_a_number_are_in_its_set(size: int) -> None:
    assert list(bits.ascending(bits.below(size))) == list(range(size))


@given(MEMBERS, st.sets(st.integers(0, 299)))
def test_places_taken_out_move_what_lies_above_them_down(
    members: set[int], places: set[int]
) -> None:
    out = sorted(places)
    kept = {one - sum(place < one for place in out) for one in members - places}
    left = bits.delete_positions(bits.from_members(members, 300), out)
    assert set(bits.ascending(left)) == kept
    assert bits.insert_positions(left, out) == bits.from_members(members - places, 300)
