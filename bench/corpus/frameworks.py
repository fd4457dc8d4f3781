"""The frameworks of a synthetic corpus, and which of its events are their meetings."""

from typing import Final, NamedTuple

from bench.corpus.tables import dated, days
from bench.corpus.text import Draw
from bench.corpus.world import World
from timeline.actions.search import bilingual
from timeline.core.folding import search_text

_KINDS: Final = (("alternating", 12), ("not_stated", 6), ("not_stated", 12))
_MOST_MEETINGS: Final = 25
_EVENTS_PER_MEETING: Final = 40
_LAST_YEAR: Final = 2025


class Meeting(NamedTuple):
    """The values of an event that is a meeting of a framework; the first party is the host."""

    framework: int
    date: str
    parties: list[int]


def add_frameworks(world: World, draw: Draw, events: int) -> dict[int, Meeting]:
    """Add three frameworks; return their meetings by the number of the event."""
    states, bloc = world.states, world.blocs[0]
    sides = ([states[0], bloc], [states[1], states[2]], [states[3], states[4], states[5]])
    total = min(_MOST_MEETINGS, events // _EVENTS_PER_MEETING)
    by_event: dict[int, Meeting] = {}
    for number, own in enumerate(sides):
        key = _add(world, number, own, _LAST_YEAR - total + 1)
        for turn in range(total):
            event = 1 + (turn * len(sides) + number) * (events // (len(sides) * total))
            month, day = (1 + draw.below(12, 2)).tolist()
            date = f"{_LAST_YEAR - total + 1 + turn}-{month:02}-{day:02}"
            by_event[event] = Meeting(key, date, _parties(world, own, turn, date))
    return by_event


def _add(world: World, number: int, sides: list[int], year: int) -> int:
    rotation, cadence = _KINDS[number]
    key = world.keys.next("framework")
    slug = f"{world.prefix}-framework-{number + 1}"
    titles = (f"Consultations permanentes {number + 1}", f"Standing consultations {number + 1}")
    folded = search_text(*bilingual(*titles))
    row = (key, slug, *titles, rotation, None, cadence, *days(f"{year}-01-01"), folded)
    world.rows["framework"].append(row)
    for position, party in enumerate(sides, start=1):
        world.rows["side"].append((world.keys.next("side"), key, party, position))
    return key


def _parties(world: World, sides: list[int], turn: int, date: str) -> list[int]:
    """Return the parties of a meeting, the host first: a side, or a member of a side's bloc."""
    side = sides[turn % len(sides)]
    members = [party for party in world.involved([side], dated(date)) if party not in sides]
    host = members[turn % len(members)] if members else side
    return list(dict.fromkeys([host, *sides]))
