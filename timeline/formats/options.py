"""Facets as the filter form shows them, each with the link that expands or collapses it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from timeline.formats.facets import Facet, Option


class OptionGroup(NamedTuple):
    """A facet with the address that expands it, or collapses it where it is expanded."""

    parameter: str
    name: str
    options: tuple[Option, ...]
    more: int
    opened: bool
    address: str


def option_groups(
    facets: Iterable[Facet], address: str, opened: Sequence[str]
) -> list[OptionGroup]:
    """Return the facets of the page at an address, each with its link."""
    return [
        OptionGroup(
            facet.parameter,
            facet.name,
            facet.options,
            facet.more,
            facet.opened,
            with_opened(address, _toggled(facet, opened)),
        )
        for facet in facets
    ]


def _toggled(facet: Facet, opened: Sequence[str]) -> list[str]:
    others = [parameter for parameter in opened if parameter != facet.parameter]
    return others if facet.opened else [*others, facet.parameter]


def with_opened(address: str, opened: Sequence[str]) -> str:
    """Add the facets to expand to an address."""
    if not opened:
        return address
    separator = "&" if "?" in address else "?"
    return f"{address}{separator}{urlencode([('options', parameter) for parameter in opened])}"
