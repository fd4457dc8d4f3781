"""The groups of options beside the timeline, each option with its exact count."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline.core.question import Question
from timeline.formats.sentences import Names
from timeline.index.interface import Counts
from timeline.queries.vocabulary import Vocabulary

SHOWN: Final = 12
"""Options of a group that every page holds; the rest come when they are asked for."""

GROUP_NAMES: Final[dict[str, Promise]] = {
    "sector": _("Sector"),
    "party": _("Country or bloc"),
    "kind": _("Kind"),
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

_IN_ORDER: Final = frozenset({"sector", "status"})
"""Groups whose options have an order of their own, which counts would hide."""

_NO_BRANCH: Final = ("", False)


class Option(NamedTuple):
    """One value of a group: what it is called, how many it finds, whether it is chosen.

    ``parameter`` is its own where it differs from its group's.
    """

    value: str
    label: str
    number: int
    chosen: bool
    family: str = ""
    child: bool = False
    indirect: int = 0
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of options: those that the page holds, and how many more there are."""

    parameter: str
    name: str
    options: tuple[Option, ...]
    more: int = 0
    opened: bool = False


def facets(
    question: Question,
    options: Mapping[str, Counts],
    indirect: Mapping[str, Counts],
    vocabulary: Vocabulary,
    known: Names,
    *,
    groups: Mapping[str, Promise] = GROUP_NAMES,
    opened: Container[str] = (),
) -> list[Facet]:
    """The groups in their order; options that would find nothing are hidden unless chosen.

    A group that is not ``opened`` holds its first options and those that are chosen.
    """
    found = []
    for parameter, name in groups.items():
        counts, chosen = options[parameter], question.values(parameter)
        names = known[parameter]
        there = {value: n for value, n in counts.items() if n and value in names}
        for value in chosen:
            there[value] = counts.get(value, 0)
        whole = parameter in opened or len(there) <= SHOWN
        if parameter in _IN_ORDER:
            ordered = [value for value in names if value in there]
            shown = ordered if whole else _first(ordered, chosen)
        else:
            shown = _by_count(there, chosen, names, whole=whole)
        branches = vocabulary.offered.branches if parameter == "sector" else {}
        through = indirect.get(parameter, {})
        made = [
            Option(
                value,
                names[value],
                there[value],
                value in chosen,
                *branches.get(value, _NO_BRANCH),
                through.get(value, 0),
            )
            for value in shown
        ]
        is_opened = parameter in opened and len(there) > SHOWN
        more = len(there) - len(shown)
        found.append(Facet(parameter, str(name), tuple(made), more, is_opened))
    return found


def _by_count(
    there: Counts, chosen: tuple[str, ...], names: Mapping[str, str], *, whole: bool
) -> list[str]:
    """Values by count, then by name; of a long group only those that can be among the first."""

    def key(value: str) -> tuple[int, str]:
        return -there[value], names[value]

    if whole:
        return sorted(there, key=key)
    least = sorted(there.values(), reverse=True)[SHOWN - 1]
    near = [value for value, n in there.items() if n >= least or value in chosen]
    return _first(sorted(near, key=key), chosen)


def _first(ordered: list[str], chosen: tuple[str, ...]) -> list[str]:
    """The first values of a group, and after them those that are chosen."""
    return ordered[:SHOWN] + [value for value in ordered[SHOWN:] if value in chosen]
