"""The one place that reads the clock; views, the admin and commands ask it, nothing below."""

import datetime as dt


def today() -> dt.date:
    """The day it is, in UTC everywhere."""
    return dt.datetime.now(dt.UTC).date()
