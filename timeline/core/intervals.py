"""Half-open spans of days between EDTF dates: the end is the first day outside."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from timeline.core.dates import OPEN_END, EdtfDate

_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From a start until an end, which is the first day outside; None leaves the end open.

    A day may lie in the span from the earliest possible start to the day before the latest
    possible end; it surely does from the latest possible start to the day before the earliest
    possible end.
    """

    start: EdtfDate
    end: EdtfDate | None = None

    @property
    def last_possible_day(self) -> dt.date:
        """The last day that may lie inside."""
        if self.end is None:
            return OPEN_END
        # The first day that can be written has none before it.
        return max(self.end.latest, dt.date.min + _DAY) - _DAY

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


def may_have_existed(founded: EdtfDate | None, dissolved: EdtfDate | None, date: EdtfDate) -> bool:
    """Whether some day of a date may lie between a founding and an end, both included.

    What is not known sets no limit.
    """
    return (founded is None or founded.earliest <= date.latest) and (
        dissolved is None or date.earliest <= dissolved.latest
    )


def surely_cover(spans: Iterable[Span], first: dt.date, last: dt.date) -> bool:
    """Whether each day from the first to the last surely lies in one span or another.

    Spans that touch are one stretch. No day lies in none of them without one that does not right
    at the first day or at the end of a span, so that only these are looked at.
    """
    held = list(spans)
    ends = (span.end.earliest for span in held if span.end is not None)
    asked = [first, *(end for end in ends if first < end <= last)]
    return all(any(span.surely_has(day) for span in held) for day in asked)
