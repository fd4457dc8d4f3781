"""Half-open spans of days between EDTF dates."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from timeline.core.dates import OPEN_END, EdtfDate, parse

_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The days from a start until an end, which is the first day outside; None is an open end.

    A day may lie in the span if it lies between the earliest possible start and the day before
    the latest possible end. It surely does if it lies between the latest possible start and the
    day before the earliest possible end.
    """

    start: EdtfDate
    end: EdtfDate | None = None

    @property
    def last_possible_day(self) -> dt.date:
        """The last day that may lie inside."""
        if self.end is None:
            return OPEN_END
        return _day_before(self.end.latest)

    @property
    def last_day(self) -> EdtfDate | None:
        """The last day inside, no more precisely than the end is known; None for an open end."""
        if self.end is None:
            return None
        first, last = _day_before(self.end.earliest), _day_before(self.end.latest)
        return parse(first.isoformat() if first == last else f"{first}/{last}")

    def may_touch(self, date: EdtfDate) -> bool:
        """Whether some day of a date may lie inside."""
        return self.start.earliest <= date.latest and self._may_outlast(date.earliest)

    def surely_covers(self, date: EdtfDate) -> bool:
        """Whether every day of a date surely lies inside."""
        return self.start.latest <= date.earliest and self._surely_outlasts(date.latest)

    def surely_has(self, day: dt.date) -> bool:
        """Whether a day surely lies inside."""
        return self.start.latest <= day and self._surely_outlasts(day)

    def surely_overlaps(self, other: "Span") -> bool:
        """Whether two spans share a day that surely lies in both."""
        first = max(self.start.latest, other.start.latest)
        return self._surely_outlasts(first) and other._surely_outlasts(first)

    def _may_outlast(self, day: dt.date) -> bool:
        return self.end is None or day < self.end.latest

    def _surely_outlasts(self, day: dt.date) -> bool:
        return self.end is None or day < self.end.earliest


def _day_before(day: dt.date) -> dt.date:
    # There is no day before date.min.
    return max(day, dt.date.min + _DAY) - _DAY


class OutsideLife(StrEnum):
    """On which side of its life a party is named for a day."""

    NOT_YET_FOUNDED = "not_yet_founded"
    ENDED = "ended"


def outside_life(
    founded: EdtfDate | None, dissolved: EdtfDate | None, date: EdtfDate
) -> OutsideLife | None:
    """Return on which side of a life every day of a date surely lies.

    None if some day may lie between the founding and the end, both included. What is not known
    sets no limit.
    """
    if founded is not None and date.latest < founded.earliest:
        return OutsideLife.NOT_YET_FOUNDED
    if dissolved is not None and dissolved.latest < date.earliest:
        return OutsideLife.ENDED
    return None


def surely_cover(spans: Iterable[Span], first: dt.date, last: dt.date) -> bool:
    """Whether each day from the first to the last surely lies in one span or another.

    Spans that touch count as one.
    """
    spans = list(spans)
    # A gap can only begin on the first day or where a span ends, so only these days are checked.
    ends = (span.end.earliest for span in spans if span.end is not None)
    gap_starts = [first, *(end for end in ends if first < end <= last)]
    return all(any(span.surely_has(day) for span in spans) for day in gap_starts)
