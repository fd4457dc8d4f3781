"""Windows in which a session is expected, computed from the last one and a cadence in months."""

import calendar
import datetime as dt
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from timeline.core.dates import EdtfDate, month_wording, parse


class CadenceError(ValueError):
    """Raised for an impossible cadence or tolerance; ``code`` says which of the two."""

    def __init__(self, code: str, months: int) -> None:
        super().__init__(f"{code}: {months} months")
        self.code = code


class Window(NamedTuple):
    """The first and last day on which a session is expected, both included."""

    first: dt.date
    last: dt.date

    @property
    def date(self) -> EdtfDate:
        """The window as an EDTF interval of level 0."""
        return parse(f"{self.first.isoformat()}/{self.last.isoformat()}")


def window_wording(window: Window, language: str) -> str:
    """Format a window by its months, which are always whole: 'avril 2026'."""
    first, last = (month_wording(day.year, day.month, language) for day in window)
    return first if first == last else f"{first} – {last}"


def validate(cadence: int, tolerance: int = 0) -> None:
    """Raise CadenceError for a cadence below one month or a negative tolerance."""
    if cadence < 1:
        raise CadenceError("cadence", cadence)
    if tolerance < 0:
        raise CadenceError("tolerance", tolerance)


def add_months(day: dt.date, months: int) -> dt.date:
    """Add calendar months to a day.

    A day that the month lacks becomes its last day. The result is clipped to the years 0001–9999.
    """
    try:
        return day + relativedelta(months=months)
    except (ValueError, OverflowError):
        return dt.date.max if months > 0 else dt.date.min


def expected_window(last: EdtfDate, cadence: int, tolerance: int = 0) -> Window:
    """Return the month of the last turn plus the cadence, widened by the tolerance on both sides.

    Cadence and tolerance are in months. For a last turn known less precisely than to the month,
    the window reaches from its first possible month to its last. It ends on 9999-12-31 at the
    latest. Raises CadenceError for a cadence below one month or a negative tolerance.
    """
    validate(cadence, tolerance)
    first = add_months(last.earliest.replace(day=1), cadence - tolerance)
    end = add_months(last.latest, cadence + tolerance)
    return Window(first, end.replace(day=calendar.monthrange(end.year, end.month)[1]))


def days_overdue(window: Window, today: dt.date) -> int:
    """Return the days since the window closed, 0 if it has not."""
    return max((today - window.last).days, 0)
