"""Windows in which a session is expected, from the last one and a cadence in months."""

import calendar
import datetime as dt
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from timeline.core.dates import EdtfDate


class Window(NamedTuple):
    """First and last day on which a session is expected; both are included."""

    first: dt.date
    last: dt.date


def add_months(day: dt.date, months: int) -> dt.date:
    """Move a day by calendar months; a day that the month lacks becomes its last.

    Clipped to the years 0001–9999.
    """
    try:
        return day + relativedelta(months=months)
    except (ValueError, OverflowError):
        return dt.date.max if months > 0 else dt.date.min


def expected_window(last: EdtfDate, cadence: int, tolerance: int = 0) -> Window:
    """The month of the last turn plus the cadence, widened by the tolerance on both sides.

    Cadence and tolerance are in months. A last turn known less precisely than to the month gives
    a window from the first month that it may lie in to the last. Raises ValueError for a cadence
    below one month or a negative tolerance.
    """
    if cadence < 1 or tolerance < 0:
        raise ValueError("a cadence is at least one month and a tolerance is not negative")
    first = add_months(last.earliest.replace(day=1), cadence - tolerance)
    end = add_months(last.latest.replace(day=1), cadence + tolerance)
    return Window(first, end.replace(day=calendar.monthrange(end.year, end.month)[1]))
