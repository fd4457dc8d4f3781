"""Sets of small numbers kept as one whole number: counting and intersecting take microseconds."""

from collections.abc import Iterable, Iterator, Sequence


def of(members: Iterable[int], size: int) -> int:
    """The set of these numbers, each below ``size``."""
    held = bytearray((size + 7) // 8)
    for member in members:
        held[member >> 3] |= 1 << (member & 7)
    return int.from_bytes(held, "little")


def below(size: int) -> int:
    """The set of all numbers below ``size``."""
    return (1 << size) - 1


def rising(members: int) -> Iterator[int]:
    """The numbers of a set, the smallest first."""
    while members:
        lowest = members & -members
        yield lowest.bit_length() - 1
        members ^= lowest


def falling(members: int) -> Iterator[int]:
    """The numbers of a set, the largest first."""
    while members:
        highest = members.bit_length() - 1
        yield highest
        members ^= 1 << highest


def without(members: int, places: Sequence[int]) -> int:
    """The set with these places, rising, taken out and all that lie above them moved down."""
    kept, done = 0, 0
    for number, place in enumerate(places):
        kept |= (members >> done & below(place - done)) << (done - number)
        done = place + 1
    return kept | members >> done << (done - len(places))


def opened(members: int, places: Sequence[int]) -> int:
    """The set with these places, rising and as they will be, left empty; undoes ``without``."""
    for place in places:
        members = members >> place << (place + 1) | members & below(place)
    return members
