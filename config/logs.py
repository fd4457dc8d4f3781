"""What is written to the log, and how."""

import logging
from collections.abc import Callable


def refusals_in_a_line() -> Callable[[logging.LogRecord], bool]:
    """A filter that makes warnings without a traceback of requests that Django finds suspicious.

    Django logs each as an error with a traceback (:mod:`django.core.handlers.exception`), which
    lets anybody fill the log.
    """

    def told(record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = record.exc_text = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True

    return told
