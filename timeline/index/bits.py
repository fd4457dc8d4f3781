"""Bit sets: a set of small integers stored as one Python int, bit ``n`` for member ``n``.

Counting (``int.bit_count``) and intersecting (``&``) take microseconds.
"""

from collections.abc import Iterable, Iterator, Sequence


def from_members(members: Iterable[int], size: int) -> int:
    """Return the set of these members, each of which is below ``size``."""
    octets = bytearray((size + 7) // 8)
    for member in members:
        octets[member >> 3] |= 1 << (member & 7)
    return int.from_bytes(octets, "little")


def below(size: int) -> int:
    """Return the set of all integers from 0 up to, but not including, ``size``."""
    return (1 << size) - 1


def ascending(bitset: int) -> Iterator[int]:
    """Iterate over the members, the smallest first."""
    while bitset:
        lowest = bitset & -bitset
        yield lowest.bit_length() - 1
        bitset ^= lowest


def descending(bitset: int) -> Iterator[int]:
    """Iterate over the members, the largest first."""
    while bitset:
        highest = bitset.bit_length() - 1
        yield highest
        bitset ^= 1 << highest


def delete_positions(bitset: int, positions: Sequence[int]) -> int:
    """Delete the bits at these ascending positions; the bits above each move down."""
    result, start = 0, 0
    for deleted, position in enumerate(positions):
        result |= (bitset >> start & below(position - start)) << (start - deleted)
        start = position + 1
    return result | bitset >> start << (start - len(positions))


def insert_positions(bitset: int, positions: Sequence[int]) -> int:
    """Insert a zero bit at each of these ascending positions, as they will be in the result.

    Undoes :func:`delete_positions` for positions that held no member.
    """
    for position in positions:
        bitset = bitset >> position << (position + 1) | bitset & below(position)
    return bitset
