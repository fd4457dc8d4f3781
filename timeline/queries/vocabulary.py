"""The sectors, parties and frameworks that filters offer, and which values they accept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from timeline.models import Framework, Party, Person, Sector, Source


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What may stand in a question, with the rows that give each value its name."""

    sectors: tuple[Sector, ...]
    parties: tuple[Party, ...]
    frameworks: tuple[Framework, ...]
    people: tuple[Person, ...]
    sources: tuple[Source, ...]

    @property
    def known(self) -> dict[str, frozenset[str]]:
        """The values accepted for each parameter that names a record."""
        return {
            "sector": frozenset(sector.slug for sector in self.sectors),
            "party": frozenset(party.code for party in self.parties),
            "framework": frozenset(framework.slug for framework in self.frameworks),
            "person": frozenset(person.slug for person in self.people),
            "source": frozenset(str(source.pk) for source in self.sources),
        }


def vocabulary(data: Mapping[str, Sequence[str]]) -> Vocabulary:
    """Load what a query string may name; of people and sources only those that it does name."""
    people = [value for value in data.get("person", ()) if value and "\0" not in value][:250]
    keys = [value for value in data.get("source", ()) if value.isascii() and value.isdigit()]
    sources = [int(key) for key in keys[:250] if len(key) < 19]
    return Vocabulary(
        sectors=tuple(Sector.objects.select_related("parent")),
        parties=tuple(Party.objects.all()),
        frameworks=tuple(Framework.objects.published()),
        people=tuple(Person.objects.filter(slug__in=people)) if people else (),
        sources=tuple(Source.objects.filter(pk__in=sources)) if sources else (),
    )
