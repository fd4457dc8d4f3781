"""Changes of the record over another connection."""

import threading
from collections.abc import Callable

from django.db import connection


def elsewhere(change: Callable[[], object]) -> None:
    """Change the record over the connection of another thread, and wait for it."""
    errors: list[Exception] = []

    def work() -> None:
        try:
            change()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(timeout=30)
    assert errors == []
