"""The options of filters, and the values that a question may contain."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Final, NamedTuple, TypeVar

from django.db.models import QuerySet

from timeline import cache
from timeline.core.reading import MAX_VALUES
from timeline.models import (
    Framework,
    Instrument,
    Party,
    Person,
    Place,
    Sector,
    Source,
    Succession,
)
from timeline.queries import public
from timeline.queries.names import NamesOfParties, names_to_find
from timeline.queries.slugs import slugs_now


@dataclass(frozen=True, eq=False)
class FilterOptions:
    """The options of filters. Sectors are in the order of their tree: children after the parent.

    ``successions`` has the codes of the parties that a party succeeded, by its own.
    """

    sectors: tuple[Sector, ...]
    parties: tuple[Party, ...]
    frameworks: tuple[Framework, ...]
    places: tuple[Place, ...]
    successions: Mapping[str, tuple[str, ...]]

    @cached_property
    def choices(self) -> dict[str, frozenset[str]]:
        """The values accepted for each parameter that has options."""
        return {
            "sector": frozenset(sector.slug for sector in self.sectors),
            "party": frozenset(party.code for party in self.parties),
            "framework": frozenset(framework.slug for framework in self.frameworks),
            "place": frozenset(place.slug for place in self.places),
        }

    @cached_property
    def branches(self) -> dict[str, tuple[str, bool]]:
        """For each sector the top sector, which gives it colour and icon, and if it is a child."""
        return {
            sector.slug: (sector.parent.slug if sector.parent else sector.slug, bool(sector.parent))
            for sector in self.sectors
        }


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The values that a question may contain, with the rows that they name.

    ``renamed`` maps the former values in the query string to the current ones, by parameter.
    ``party_names`` are the names of parties, if the query string opens a group of parties.
    """

    offered: FilterOptions
    people: tuple[Person, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    sources: tuple[Source, ...] = ()
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    party_names: NamesOfParties = field(default_factory=dict)

    @property
    def sectors(self) -> tuple[Sector, ...]:
        """The sectors, in the order of their tree."""
        return self.offered.sectors

    @property
    def choices(self) -> dict[str, frozenset[str]]:
        """The values accepted for each parameter that names a record."""
        return {
            **self.offered.choices,
            "person": frozenset(person.slug for person in self.people),
            "instrument": frozenset(instrument.slug for instrument in self.instruments),
            "source": frozenset(str(source.pk) for source in self.sources),
        }

    def up_to_date(self, data: dict[str, list[str]]) -> dict[str, list[str]]:
        """Replace the former slugs in a query string with the current ones."""
        return {
            name: [current.get(value.strip(), value) for value in values]
            if (current := self.renamed.get(name))
            else values
            for name, values in data.items()
        }


PARTY_FILTERS: Final = frozenset({"party", "obligor", "beneficiary"})
"""The parameters that name parties."""

_KINDS: Final[Mapping[str, str]] = {
    **{name: name for name in ("sector", "framework", "place", "person", "instrument", "source")},
    **dict.fromkeys(sorted(PARTY_FILTERS), "party"),
}
"""The kind of record that a parameter names by its slug; a source is named by its key."""


class _PublicKeys(NamedTuple):
    """The keys of the public rows among the options of filters."""

    parties: frozenset[int]
    sectors: frozenset[int]
    places: frozenset[int]


_options: Final[cache.VersionedCache[FilterOptions]] = cache.VersionedCache(
    "vocabulary", alias=None, scope=cache.vocabulary
)
_public_keys: Final[cache.VersionedCache[_PublicKeys]] = cache.VersionedCache("used", alias=None)
_MAX_LOOKED_UP: Final = MAX_VALUES + 1
"""Values of a filter that are looked up: one more than it may have, so that it is refused."""


def vocabulary(data: Mapping[str, Sequence[str]]) -> Vocabulary:
    """Return the vocabulary for a query string.

    Of people, texts and sources it has only those that the query string names. It contains
    only what a published record uses.
    """
    slugs = {
        name: {
            value for text in data.get(name, ()) if (value := text.strip()) and "\0" not in value
        }
        for name in _KINDS
    }
    slugs["source"] = _keys(slugs["source"])
    options = _public(
        _options.get_or_load("all", None, _read),
        *_public_keys.get_or_load("all", None, _read_public_keys),
    )
    people = _by_slug(public.people, slugs["person"])
    instruments = _by_slug(Instrument.objects.published, slugs["instrument"])
    current = Vocabulary(
        options,
        people=people,
        instruments=instruments,
        sources=_by_key(slugs["source"]),
        party_names=names_to_find() if PARTY_FILTERS & {*data.get("options", ())} else {},
    )
    return _with_renamed(current, slugs)


SluggedRow = TypeVar("SluggedRow", Person, Instrument)


def _by_slug(
    rows: Callable[[], QuerySet[SluggedRow]], slugs: Collection[str]
) -> tuple[SluggedRow, ...]:
    """Return the rows with these slugs; of too many slugs only the first are looked up."""
    return tuple(rows().filter(slug__in=sorted(slugs)[:_MAX_LOOKED_UP])) if slugs else ()


def _keys(texts: Collection[str]) -> set[str]:
    """Return the texts that can be keys."""
    return {text for text in texts if text.isascii() and text.isdigit() and len(text) < 19}


def _by_key(keys: Collection[str]) -> tuple[Source, ...]:
    """Return the sources with these keys; of too many keys only the first are looked up."""
    looked_up = [int(key) for key in sorted(keys)[:_MAX_LOOKED_UP]]
    return tuple(public.sources().filter(pk__in=looked_up)) if looked_up else ()


def _with_renamed(current: Vocabulary, slugs: Mapping[str, set[str]]) -> Vocabulary:
    """Add the records named by a former slug; only unknown slugs are looked up."""
    known = current.choices
    renamed: dict[str, dict[str, str]] = {}
    for parameter, kind in _KINDS.items():
        if unknown := sorted(slugs[parameter] - known[kind])[:_MAX_LOOKED_UP]:
            renamed[parameter] = slugs_now(kind, unknown)
    people = set(renamed.get("person", {}).values()) - known["person"]
    instruments = set(renamed.get("instrument", {}).values()) - known["instrument"]
    sources = set(renamed.get("source", {}).values()) - known["source"]
    return replace(
        current,
        sources=(*current.sources, *_by_key(sources)),
        people=(*current.people, *_by_slug(public.people, people)),
        instruments=(
            *current.instruments,
            *_by_slug(Instrument.objects.published, instruments),
        ),
        renamed=renamed,
    )


def _read() -> FilterOptions:
    """Read all sectors, parties and places, public or not, and the published frameworks."""
    sectors = tuple(Sector.objects.select_related("parent"))
    position = {sector.pk: number for number, sector in enumerate(sectors)}

    def in_tree(sector: Sector) -> tuple[int, bool, int]:
        top = sector.parent_id or sector.pk
        return position[top], top != sector.pk, position[sector.pk]

    successions: dict[str, tuple[str, ...]] = {}
    codes = Succession.objects.order_by("predecessor__sort_fr", "pk")
    for party, predecessor in codes.values_list("party__code", "predecessor__code"):
        successions[party] = (*successions.get(party, ()), predecessor)
    return FilterOptions(
        sectors=tuple(sorted(sectors, key=in_tree)),
        parties=tuple(Party.objects.all()),
        frameworks=tuple(Framework.objects.published()),
        places=tuple(Place.objects.all()),
        successions=successions,
    )


def _read_public_keys() -> _PublicKeys:
    """Read the keys of the parties, of the sectors and of the places that readers may see."""
    return _PublicKeys(
        *(
            frozenset(rows().order_by().values_list("pk", flat=True))
            for rows in (public.parties, public.sectors, public.places)
        )
    )


@lru_cache(maxsize=2)
def _public(
    options: FilterOptions,
    parties: frozenset[int],
    sectors: frozenset[int],
    places: frozenset[int],
) -> FilterOptions:
    """Return the public options: the same object until a row or what is public changes."""
    seen = tuple(party for party in options.parties if party.pk in parties)
    codes = {party.code for party in seen}
    return FilterOptions(
        sectors=tuple(sector for sector in options.sectors if sector.pk in sectors),
        parties=seen,
        frameworks=options.frameworks,
        places=tuple(place for place in options.places if place.pk in places),
        successions={
            party: tuple(code for code in predecessors if code in codes)
            for party, predecessors in options.successions.items()
            if party in codes
        },
    )
