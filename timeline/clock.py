"""The one place that reads the clock; views, the admin and commands ask it, nothing below."""

import datetime as dt


def now() -> dt.datetime:
    """This moment, in UTC everywhere."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The day it is, in UTC everywhere."""
    return now().date()
