"""The clock. Only views, the admin and commands read it; all other code gets the day from them."""

import datetime as dt


def now() -> dt.datetime:
    """Return the current time in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Return the current day in UTC."""
    return now().date()
