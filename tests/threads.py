"""Changes of the record that another connection makes."""

import threading
from collections.abc import Callable

from django.db import connection


def elsewhere(change: Callable[[], object]) -> None:
    """Change the record over a connection of another thread's, and wait until it has."""
    failed: list[Exception] = []

    def work() -> None:
        try:
            change()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(timeout=30)
    assert failed == []
