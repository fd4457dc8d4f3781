"""The URLs under which a calendar is subscribed to or downloaded as a whole."""

from typing import NamedTuple


class Calendar(NamedTuple):
    """The URLs of a calendar.

    Calendar programs subscribe to ``webcal``, while a browser would save ``https`` as a file.
    ``whole`` contains all events.
    """

    https: str
    webcal: str
    whole: str


def calendar(address: str, host: str) -> Calendar:
    """Return the URLs of a calendar, given its path with the query string and its host."""
    return Calendar(
        https=address,
        webcal=f"webcal://{host}{address}",
        whole=f"{address}{'&' if '?' in address else '?'}all=1",
    )
