"""The groups of options beside the timeline, each option with its exact count."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline.core.question import Question
from timeline.index.interface import Answer, Counts
from timeline.models import Party, Sector
from timeline.queries.vocabulary import Vocabulary

SHOWN: Final = 12
"""Options of a group that stand open; the rest fold behind 'more'."""

GROUP_NAMES: Final[dict[str, Promise]] = {
    "sector": _("Sector"),
    "party": _("Country or bloc"),
    "kind": _("Kind"),
    "state": _("State"),
    "source_kind": _("Kind of source"),
    "framework": _("Framework"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a group: what it is called, how many events it finds, whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool
    family: str = ""
    child: bool = False
    indirect: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of options: those that stand open and those that are folded."""

    parameter: str
    name: str
    shown: tuple[Option, ...]
    folded: tuple[Option, ...]

    @property
    def chosen(self) -> int:
        """How many of its options are chosen."""
        return sum(option.chosen for option in (*self.shown, *self.folded))


def facets(
    question: Question, answer: Answer, vocabulary: Vocabulary, known: dict[str, dict[str, str]]
) -> list[Facet]:
    """The groups in their order; options that would find nothing are hidden unless chosen."""
    found = []
    for parameter, name in GROUP_NAMES.items():
        counts = answer.options[parameter]
        chosen = question.values(parameter)
        if parameter == "sector":
            options = _sectors(vocabulary.sectors, counts, chosen)
        elif parameter == "party":
            options = _parties(vocabulary.parties, counts, chosen, answer)
        else:
            options = [
                Option(value, label, counts.get(value, 0), value in chosen)
                for value, label in known[parameter].items()
            ]
            options.sort(key=lambda option: (-option.count, option.label))
        visible = [option for option in options if option.count or option.chosen]
        found.append(_folded(parameter, str(name), visible))
    return found


def _folded(parameter: str, name: str, options: list[Option]) -> Facet:
    shown = options[:SHOWN]
    folded = options[SHOWN:]
    shown += [option for option in folded if option.chosen]
    folded = [option for option in folded if not option.chosen]
    return Facet(parameter, name, tuple(shown), tuple(folded))


def family(sector: Sector) -> str:
    """The top sector that gives a sector its colour and sign."""
    return sector.parent.slug if sector.parent else sector.slug


def _sectors(sectors: tuple[Sector, ...], counts: Counts, chosen: tuple[str, ...]) -> list[Option]:
    options: list[Option] = []
    for top in (sector for sector in sectors if sector.parent_id is None):
        branch = [top, *(sector for sector in sectors if sector.parent_id == top.pk)]
        options += [
            Option(
                sector.slug,
                str(sector.name),
                counts.get(sector.slug, 0),
                sector.slug in chosen,
                family(sector),
                child=sector.parent_id is not None,
            )
            for sector in branch
        ]
    return options


def _parties(
    parties: tuple[Party, ...], counts: Counts, chosen: tuple[str, ...], answer: Answer
) -> list[Option]:
    options = [
        Option(
            party.code,
            str(party.name),
            counts.get(party.code, 0),
            party.code in chosen,
            indirect=answer.indirect.get(party.code, 0),
        )
        for party in parties
    ]
    return sorted(options, key=lambda option: (-option.count, option.label))
