"""Filters of the log."""

import logging
from collections.abc import Callable


def refusals_in_a_line() -> Callable[[logging.LogRecord], bool]:
    """Return a filter that logs suspicious requests as warnings without a traceback.

    Django logs them as errors with a traceback (:mod:`django.core.handlers.exception`), with which
    anybody could fill the log.
    """

    def log_filter(record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = record.exc_text = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True

    return log_filter
