"""The sectors, parties and frameworks that filters offer, and which values they accept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from timeline.models import Framework, Party, Person, Place, Sector, Source
from timeline.version import Ready, Version


@dataclass(frozen=True, eq=False)
class Offered:
    """What filters offer; sectors in the order of their tree, each with its children after it."""

    sectors: tuple[Sector, ...]
    parties: tuple[Party, ...]
    frameworks: tuple[Framework, ...]

    @cached_property
    def known(self) -> dict[str, frozenset[str]]:
        """The values accepted for each parameter that filters offer."""
        return {
            "sector": frozenset(sector.slug for sector in self.sectors),
            "party": frozenset(party.code for party in self.parties),
            "framework": frozenset(framework.slug for framework in self.frameworks),
        }

    @cached_property
    def branches(self) -> dict[str, tuple[str, bool]]:
        """For each sector the top sector that gives it colour and sign, and if it is below it."""
        return {
            sector.slug: (sector.parent.slug if sector.parent else sector.slug, bool(sector.parent))
            for sector in self.sectors
        }


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What may stand in a question, with the rows that give each value its name."""

    offered: Offered
    places: tuple[Place, ...] = ()
    people: tuple[Person, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def sectors(self) -> tuple[Sector, ...]:
        """The sectors, in the order of their tree."""
        return self.offered.sectors

    @property
    def known(self) -> dict[str, frozenset[str]]:
        """The values accepted for each parameter that names a record."""
        return {
            **self.offered.known,
            "place": frozenset(place.slug for place in self.places),
            "person": frozenset(person.slug for person in self.people),
            "source": frozenset(str(source.pk) for source in self.sources),
        }


_kept: Final[Ready[Offered]] = Ready(most=1, per=lambda seen: (seen.era, seen.vocabulary))


def vocabulary(data: Mapping[str, Sequence[str]], seen: Version | None = None) -> Vocabulary:
    """What a query string may name; of places, people and sources only those
    that it does name.

    ``seen`` is the version of the record that what is offered may be kept for.
    """
    places, people = (
        [value for value in data.get(name, ()) if value and "\0" not in value][:250]
        for name in ("place", "person")
    )
    keys = [value for value in data.get("source", ()) if value.isascii() and value.isdigit()]
    sources = [int(key) for key in keys[:250] if len(key) < 19]
    return Vocabulary(
        _kept.of(seen, "all", _offered),
        places=tuple(Place.objects.filter(slug__in=places)) if places else (),
        people=tuple(Person.objects.filter(slug__in=people)) if people else (),
        sources=tuple(Source.objects.filter(pk__in=sources)) if sources else (),
    )


def _offered() -> Offered:
    sectors = tuple(Sector.objects.select_related("parent"))
    place = {sector.pk: number for number, sector in enumerate(sectors)}

    def in_tree(sector: Sector) -> tuple[int, bool, int]:
        top = sector.parent_id or sector.pk
        return place[top], top != sector.pk, place[sector.pk]

    return Offered(
        sectors=tuple(sorted(sectors, key=in_tree)),
        parties=tuple(Party.objects.all()),
        frameworks=tuple(Framework.objects.published()),
    )
