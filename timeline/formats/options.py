"""Groups of options, each with the link that opens it whole or closes it again."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from timeline.formats.facets import Facet, Option


class Group(NamedTuple):
    """A group of options; ``address`` opens it where it is closed and closes it where it is not."""

    parameter: str
    name: str
    options: tuple[Option, ...]
    more: int
    opened: bool
    address: str


def groups(facets: Iterable[Facet], address: str, opened: Sequence[str]) -> list[Group]:
    """The groups of a page at an address, which opens and closes long ones by a link of each."""
    return [
        Group(
            facet.parameter,
            facet.name,
            facet.options,
            facet.more,
            facet.opened,
            with_opened(address, _wanted(facet, opened)),
        )
        for facet in facets
    ]


def _wanted(facet: Facet, opened: Sequence[str]) -> list[str]:
    others = [one for one in opened if one != facet.parameter]
    return others if facet.opened else [*others, facet.parameter]


def with_opened(address: str, opened: Sequence[str]) -> str:
    """An address that also says which groups stand open whole."""
    if not opened:
        return address
    sign = "&" if "?" in address else "?"
    return f"{address}{sign}{urlencode([('options', one) for one in opened])}"
