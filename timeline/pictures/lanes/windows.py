"""The time that lanes show: all of it or a part, halved with each step closer, cut into slots."""

import datetime as dt
from typing import Final, NamedTuple

SLOTS: Final = 24
"""Slots of the wide picture; the one for phones joins them in pairs."""


class Stretch(NamedTuple):
    """A stretch of time: its first and last day."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """How many days it has."""
        return self.last.toordinal() - self.first.toordinal() + 1

    @property
    def middle(self) -> dt.date:
        """The day in its middle."""
        return dt.date.fromordinal((self.first.toordinal() + self.last.toordinal()) // 2)


def whole(first: dt.date, last: dt.date, today: dt.date) -> Stretch:
    """The time to show of events between two days, with some room at both ends.

    Today is in it if it is no farther than a quarter of that time.
    """
    days = (last - first).days
    if 0 < (today - last).days <= days / 4:
        last = today
    more = max(days // 40, 1)
    lack = max(SLOTS - (last - first).days - 1 - 2 * more, 0)
    return _between(
        first.toordinal() - more - lack // 2, last.toordinal() + more + lack - lack // 2
    )


def _between(first: int, last: int) -> Stretch:
    """From one ordinal to another, moved to lie within the calendar."""
    size = min(last - first, dt.date.max.toordinal() - 1)
    first = min(max(first, 1), dt.date.max.toordinal() - size)
    return Stretch(dt.date.fromordinal(first), dt.date.fromordinal(first + size))


def deepest(every: Stretch) -> int:
    """How often the time to show can be halved: until a slot is a day."""
    return max((every.days // SLOTS).bit_length() - 1, 0)


def closer(every: Stretch, zoom: int, stretch: Stretch) -> int:
    """The deepest zoom whose window is still as long as a stretch; ``zoom`` if none is deeper."""
    deepest_one = deepest(every)
    while zoom < deepest_one and every.days >> (zoom + 1) >= stretch.days:
        zoom += 1
    return zoom


def window(every: Stretch, zoom: int, centre: dt.date | None) -> Stretch:
    """The part of the time to show that is seen after so many halvings, within its ends."""
    zoom = min(zoom, deepest(every))
    days = max(every.days >> zoom, min(SLOTS, every.days))
    first = (centre or every.middle).toordinal() - (days - 1) // 2
    least, most = every.first.toordinal(), every.last.toordinal() - days + 1
    first = min(max(first, least), most)
    return Stretch(dt.date.fromordinal(first), dt.date.fromordinal(first + days - 1))


def edges(seen: Stretch) -> list[int]:
    """The ordinal of the first day of each slot, and of the day after the last."""
    first = seen.first.toordinal()
    return [first + number * seen.days // SLOTS for number in range(SLOTS + 1)]
