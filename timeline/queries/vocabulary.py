"""The sectors, parties and frameworks that filters offer, and which values they accept."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Final, TypeVar

from django.db.models import QuerySet

from timeline import cache
from timeline.core.reading import MAX_VALUES
from timeline.models import Framework, Party, Person, Place, Sector, Source
from timeline.queries import public
from timeline.queries.slugs import slugs_now


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
    """What may stand in a question, with the rows that give each value its name.

    ``renamed`` gives, by parameter, the present value for each former one that was asked for.
    """

    offered: Offered
    places: tuple[Place, ...] = ()
    people: tuple[Person, ...] = ()
    sources: tuple[Source, ...] = ()
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

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

    def up_to_date(self, data: dict[str, list[str]]) -> dict[str, list[str]]:
        """A query string with the present slugs of records in place of former ones."""
        return {
            name: [now.get(value.strip(), value) for value in values]
            if (now := self.renamed.get(name))
            else values
            for name, values in data.items()
        }


_NOUNS: Final[Mapping[str, str]] = {
    **{name: name for name in ("sector", "party", "framework", "place", "person")},
    **dict.fromkeys(("obligor", "beneficiary"), "party"),
}
"""The kind of record that a parameter names by its slug."""

_offered: Final[cache.VersionedCache[Offered]] = cache.VersionedCache(
    "vocabulary", alias=None, scope=cache.vocabulary
)
_used: Final[cache.VersionedCache[tuple[frozenset[int], frozenset[int]]]] = cache.VersionedCache(
    "used", alias=None
)
_MOST: Final = MAX_VALUES + 1
"""Values looked up: with one more than a filter may carry it is refused."""


def vocabulary(data: Mapping[str, Sequence[str]]) -> Vocabulary:
    """What a query string may name; of places, people and sources only those that it does name.

    Only what a published record uses is known.
    """
    named = {
        name: {
            value for text in data.get(name, ()) if (value := text.strip()) and "\0" not in value
        }
        for name in _NOUNS
    }
    given = dict.fromkeys(data.get("source", ()))
    keys = [value for value in given if value.isascii() and value.isdigit()]
    sources = [int(key) for key in keys[:_MOST] if len(key) < 19]
    offered = _public(
        _offered.get_or_load("all", None, _read), *_used.get_or_load("all", None, _keys_used)
    )
    places = _by_slug(public.places, named["place"])
    people = _by_slug(public.people, named["person"])
    asked = Vocabulary(
        offered,
        places=places,
        people=people,
        sources=tuple(public.sources().filter(pk__in=sources)) if sources else (),
    )
    return _with_renamed(asked, named)


Row = TypeVar("Row", Place, Person)


def _by_slug(rows: Callable[[], QuerySet[Row]], slugs: Collection[str]) -> tuple[Row, ...]:
    """Those of these rows that have one of some slugs, of too many the first."""
    return tuple(rows().filter(slug__in=sorted(slugs)[:_MOST])) if slugs else ()


def _with_renamed(asked: Vocabulary, named: Mapping[str, set[str]]) -> Vocabulary:
    """Add what is asked for by a former slug; nothing is looked up where all is known."""
    known = asked.known
    renamed: dict[str, dict[str, str]] = {}
    for parameter, noun in _NOUNS.items():
        if unknown := sorted(named[parameter] - known[noun])[:_MOST]:
            renamed[parameter] = slugs_now(noun, unknown)
    places = set(renamed.get("place", {}).values()) - known["place"]
    people = set(renamed.get("person", {}).values()) - known["person"]
    return replace(
        asked,
        places=(*asked.places, *_by_slug(public.places, places)),
        people=(*asked.people, *_by_slug(public.people, people)),
        renamed=renamed,
    )


def _read() -> Offered:
    """All sectors and parties, public or not, and the published frameworks."""
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


def _keys_used() -> tuple[frozenset[int], frozenset[int]]:
    """The keys of the parties and of the sectors that readers may see."""
    parties, sectors = public.parties().order_by(), public.sectors().order_by()
    return (
        frozenset(parties.values_list("pk", flat=True)),
        frozenset(sectors.values_list("pk", flat=True)),
    )


@lru_cache(maxsize=2)
def _public(rows: Offered, parties: frozenset[int], sectors: frozenset[int]) -> Offered:
    """What filters offer: the same object until a row or its being public changes."""
    return Offered(
        sectors=tuple(sector for sector in rows.sectors if sector.pk in sectors),
        parties=tuple(party for party in rows.parties if party.pk in parties),
        frameworks=rows.frameworks,
    )
