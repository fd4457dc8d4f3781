"""The facets of the filter form: groups of options, each option with its exact count."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline.core.question import ListQuestion
from timeline.formats.other_names import NO_OTHER_NAMES, OtherNames, other_names
from timeline.formats.sentences import FilterNames
from timeline.index.interface import Counts
from timeline.queries.vocabulary import Vocabulary

COLLAPSED_SIZE: Final = 12
"""How many options of a facet are on every page; the others are loaded on demand."""

GROUP_NAMES: Final[dict[str, Promise]] = {
    "sector": _("Sector"),
    "party": _("Country or bloc"),
    "kind": _("Kind"),
    "place": _("Place"),
    "state": _("State"),
    "source_kind": _("Kind of source"),
    "framework": _("Framework"),
}

LEDGER_GROUPS: Final[dict[str, Promise]] = {
    "status": _("State"),
    "sector": _("Sector"),
    "obligor": _("Owed by"),
    "beneficiary": _("Owed to"),
    "party": _("Country or bloc"),
    "framework": _("Framework"),
    "kind": _("Kind of event"),
    "state": _("State of the event"),
    "source_kind": _("Kind of source"),
}

INSTRUMENT_GROUPS: Final[dict[str, Promise]] = {
    "party": _("Country or bloc"),
    "status": _("Status of the party"),
    "state": _("State of the text"),
    "kind": _("Kind"),
    "binds": _("How it binds"),
}

_OWN_ORDER: Final = frozenset({"sector", "status"})
"""Facets whose options keep their own order instead of being sorted by count."""

_NO_BRANCH: Final = ("", False)


class Option(NamedTuple):
    """One value of a facet with its label and its count.

    ``parameter`` is set where it differs from that of the facet. ``others`` are the other names by
    which it is found in an opened group.
    """

    value: str
    label: str
    number: int
    chosen: bool
    family: str = ""
    child: bool = False
    indirect: int = 0
    parameter: str = ""
    others: OtherNames = NO_OTHER_NAMES


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of options: those on the page, and how many more there are."""

    parameter: str
    name: str
    options: tuple[Option, ...]
    more: int = 0
    opened: bool = False


def facets(
    question: ListQuestion,
    options: Mapping[str, Counts],
    indirect: Mapping[str, Counts],
    vocabulary: Vocabulary,
    names: FilterNames,
    *,
    groups: Mapping[str, Promise] = GROUP_NAMES,
    opened: Container[str] = (),
) -> list[Facet]:
    """Return the facets in order, without options that would find nothing, unless chosen.

    A facet that is not ``opened`` holds its first options and those that are chosen.
    """
    facets = []
    for parameter, name in groups.items():
        counts, chosen = options[parameter], question.values(parameter)
        labels = names[parameter]
        available = {value: n for value, n in counts.items() if n and value in labels}
        for value in chosen:
            available[value] = counts.get(value, 0)
        whole = parameter in opened or len(available) <= COLLAPSED_SIZE
        if parameter in _OWN_ORDER:
            ordered = [value for value in labels if value in available]
            shown = ordered if whole else _first(ordered, chosen)
        else:
            shown = _by_count(available, chosen, labels, whole=whole)
        branches = vocabulary.offered.branches if parameter == "sector" else {}
        indirect_counts = indirect.get(parameter, {})
        is_opened = parameter in opened and len(available) > COLLAPSED_SIZE
        others = other_names(parameter, vocabulary) if is_opened else {}
        facet_options = [
            Option(
                value,
                labels[value],
                available[value],
                value in chosen,
                *branches.get(value, _NO_BRANCH),
                indirect_counts.get(value, 0),
                others=others.get(value, NO_OTHER_NAMES),
            )
            for value in shown
        ]
        more = len(available) - len(shown)
        facets.append(Facet(parameter, str(name), tuple(facet_options), more, is_opened))
    return facets


def _by_count(
    counts: Counts, chosen: tuple[str, ...], labels: Mapping[str, str], *, whole: bool
) -> list[str]:
    """Sort values by count, then by label; unless ``whole``, return the first and the chosen."""

    def key(value: str) -> tuple[int, str]:
        return -counts[value], labels[value]

    if whole:
        return sorted(counts, key=key)
    # Only values that can be among the first are sorted.
    threshold = sorted(counts.values(), reverse=True)[COLLAPSED_SIZE - 1]
    candidates = [value for value, n in counts.items() if n >= threshold or value in chosen]
    return _first(sorted(candidates, key=key), chosen)


def _first(ordered: list[str], chosen: tuple[str, ...]) -> list[str]:
    """Return the first values of a facet, followed by those of the others that are chosen."""
    return ordered[:COLLAPSED_SIZE] + [
        value for value in ordered[COLLAPSED_SIZE:] if value in chosen
    ]
