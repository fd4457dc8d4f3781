"""Half-open spans of days between EDTF dates: the end is the first day outside."""

import datetime as dt
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
        return OPEN_END if self.end is None else self.end.latest - _DAY

    @property
    def last_sure_day(self) -> dt.date:
        """The last day that surely lies inside, if the start is not later."""
        return OPEN_END if self.end is None else self.end.earliest - _DAY

    def may_touch(self, date: EdtfDate) -> bool:
        """Whether some day of a date may lie inside."""
        return self.start.earliest <= date.latest and date.earliest <= self.last_possible_day

    def surely_covers(self, date: EdtfDate) -> bool:
        """Whether every day of a date surely lies inside."""
        return self.start.latest <= date.earliest and date.latest <= self.last_sure_day

    def surely_has(self, day: dt.date) -> bool:
        """Whether a day surely lies inside."""
        return self.start.latest <= day <= self.last_sure_day

    def may_have(self, day: dt.date) -> bool:
        """Whether a day may lie inside."""
        return self.start.earliest <= day <= self.last_possible_day

    def surely_overlaps(self, other: "Span") -> bool:
        """Whether two spans share a day that surely lies in both."""
        first = max(self.start.latest, other.start.latest)
        return first <= min(self.last_sure_day, other.last_sure_day)
