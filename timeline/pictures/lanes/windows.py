"""The time that lanes show: all of it or a part, halved with each zoom step, and cut into slots."""

import datetime as dt
from typing import Final, NamedTuple

SLOTS: Final = 24
"""The number of slots of the wide picture; the one for phones joins them in pairs."""


class TimeSpan(NamedTuple):
    """A span of time: its first and last day."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        return self.last.toordinal() - self.first.toordinal() + 1

    @property
    def middle(self) -> dt.date:
        return dt.date.fromordinal((self.first.toordinal() + self.last.toordinal()) // 2)


def full_span(first: dt.date, last: dt.date, today: dt.date) -> TimeSpan:
    """Return the span of events between two days, with a margin at both ends.

    It includes today if that is no farther off than a quarter of the time.
    """
    days = (last - first).days
    if 0 < (today - last).days <= days / 4:
        last = today
    margin = max(days // 40, 1)
    missing = max(SLOTS - (last - first).days - 1 - 2 * margin, 0)
    return _within_calendar(
        first.toordinal() - margin - missing // 2,
        last.toordinal() + margin + missing - missing // 2,
    )


def _within_calendar(first: int, last: int) -> TimeSpan:
    """Return the span between two ordinals, moved to lie within the calendar."""
    size = min(last - first, dt.date.max.toordinal() - 1)
    first = min(max(first, 1), dt.date.max.toordinal() - size)
    return TimeSpan(dt.date.fromordinal(first), dt.date.fromordinal(first + size))


def max_zoom(full: TimeSpan) -> int:
    """Return how often the full span can be halved until a slot is a day."""
    return max((full.days // SLOTS).bit_length() - 1, 0)


def zoom_to(full: TimeSpan, zoom: int, span: TimeSpan) -> int:
    """Return the deepest zoom that still shows a whole span, but at least ``zoom``."""
    limit = max_zoom(full)
    while zoom < limit and full.days >> (zoom + 1) >= span.days:
        zoom += 1
    return zoom


def visible_span(full: TimeSpan, zoom: int, centre: dt.date | None) -> TimeSpan:
    """Return the part of the full span that is visible around a day after ``zoom`` halvings."""
    zoom = min(zoom, max_zoom(full))
    days = max(full.days >> zoom, min(SLOTS, full.days))
    first = (centre or full.middle).toordinal() - (days - 1) // 2
    earliest, latest = full.first.toordinal(), full.last.toordinal() - days + 1
    first = min(max(first, earliest), latest)
    return TimeSpan(dt.date.fromordinal(first), dt.date.fromordinal(first + days - 1))


def slot_edges(visible: TimeSpan) -> list[int]:
    """Return the ordinal of the first day of each slot, and of the day after the last."""
    first = visible.first.toordinal()
    return [first + index * visible.days // SLOTS for index in range(SLOTS + 1)]
