"""Sets of small integers stored as one int."""

from hypothesis import given
from hypothesis import strategies as st

from timeline.index import bits

MEMBERS = st.sets(st.integers(0, 299))


@given(MEMBERS)
def test_set_gives_its_members_in_either_order(members: set[int]) -> None:
    bitset = bits.from_members(members, 300)
    assert list(bits.ascending(bitset)) == sorted(members)
    assert list(bits.descending(bitset)) == sorted(members, reverse=True)
    assert bitset.bit_count() == len(members)


@given(MEMBERS, MEMBERS)
def test_intersection_is_that_of_the_sets(first: set[int], second: set[int]) -> None:
    assert bits.from_members(first, 300) & bits.from_members(second, 300) == bits.from_members(
        first & second, 300
    )


@given(st.integers(0, 300))
def test_all_below_a_number_are_in_its_set(size: int) -> None:
    assert list(bits.ascending(bits.below(size))) == list(range(size))


@given(MEMBERS, st.sets(st.integers(0, 299)))
def test_deleted_positions_move_the_members_above_them_down(
    members: set[int], positions: set[int]
) -> None:
    deleted = sorted(positions)
    moved = {
        member - sum(position < member for position in deleted) for member in members - positions
    }
    bitset = bits.delete_positions(bits.from_members(members, 300), deleted)
    assert set(bits.ascending(bitset)) == moved
    assert bits.insert_positions(bitset, deleted) == bits.from_members(members - positions, 300)
