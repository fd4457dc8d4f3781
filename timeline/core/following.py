"""The addresses under which a calendar is followed, opened or taken as a whole."""

from typing import NamedTuple


class Calendar(NamedTuple):
    """``webcal`` has calendar programs subscribe where a browser would save a file."""

    https: str
    webcal: str
    whole: str


def calendar(address: str, host: str) -> Calendar:
    """The addresses of a calendar, from its path with its query and the host that serves it."""
    return Calendar(
        https=address,
        webcal=f"webcal://{host}{address}",
        whole=f"{address}{'&' if '?' in address else '?'}all=1",
    )
