"""Up to which day sources were searched, beyond which their silence says nothing.

Clocks that are computed from silence (due, overdue, quiet, waiting) stand at the end of the search.
"""

import datetime as dt
from typing import Final, NamedTuple

from timeline.core.codes import EventState

SEARCH_AFTER: Final = 90
"""Days after the end of a search beyond which editors are reminded to search again."""


class Clock(NamedTuple):
    """The day as of which a page is, and the day until which sources were searched.

    Without ``searched_until`` they were searched until the day of the page.
    """

    as_of: dt.date
    searched_until: dt.date | None = None

    @property
    def day(self) -> dt.date:
        """The day on which the clock stands: the earlier of the two."""
        return self.as_of if self.searched_until is None else min(self.as_of, self.searched_until)

    def searched_apart(self, until: dt.date | None) -> "Clock":
        """Return the clock of a record with its own end of the search; this one without any."""
        return self if until is None else self._replace(searched_until=until)

    @property
    def stopped(self) -> dt.date | None:
        """The end of the search if it is before the day of the page, else None."""
        return self.day if self.day < self.as_of else None


def is_unconfirmed(state: str, latest: dt.date, clock: Clock) -> bool:
    """Whether an event was planned for days that are past, and no source says what became of it."""
    return state == EventState.PLANNED and latest < clock.day


def is_unsearched(state: str, latest: dt.date, clock: Clock) -> bool:
    """Whether an event was planned for days that are past, but sources were not searched since."""
    is_past = state == EventState.PLANNED and latest < clock.as_of
    return is_past and not is_unconfirmed(state, latest, clock)


def is_neglected(searched_until: dt.date | None, today: dt.date) -> bool:
    """Whether sources were not searched for 90 days; without a day they are, until today."""
    return searched_until is not None and (today - searched_until).days >= SEARCH_AFTER
