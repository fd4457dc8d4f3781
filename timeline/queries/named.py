"""What the words of a reader name among all that filters can find."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils import translation

from timeline import enums
from timeline.cache import VersionedCache
from timeline.core.codes import EventKind
from timeline.core.stemming import LANGUAGES
from timeline.core.understanding import KIND_OF_TEXT, Meaning, Name, NameIndex
from timeline.fields import RECORD_LANGUAGES
from timeline.models import Framework, Party, Person, PersonName, Place, Sector
from timeline.queries import public
from timeline.queries.names import names_to_find
from timeline.queries.vocabulary import FilterOptions

NamedRecord = Party | Place | Sector | Framework | Person


@dataclass(frozen=True, slots=True)
class NamedRecords:
    """The names of what filters can find, and the records by parameter and value."""

    index: NameIndex
    records: Mapping[tuple[str, str], NamedRecord]


_cached: Final[VersionedCache[NamedRecords]] = VersionedCache("names understood", alias=None)


def named_records(offered: FilterOptions) -> NamedRecords:
    """Return the names of all records that readers may filter by, and of the kinds of events.

    ``offered`` are the options of filters, which pages have read already.
    They are names in both languages, short and former ones, other spellings, codes, and slips.
    """
    return _cached.get_or_load("", None, lambda: _read(offered))


def _read(offered: FilterOptions) -> NamedRecords:
    records: dict[tuple[str, str], NamedRecord] = {
        **{("party", party.code): party for party in offered.parties},
        **{("sector", sector.slug): sector for sector in offered.sectors},
        **{("framework", framework.slug): framework for framework in offered.frameworks},
        **{("place", place.slug): place for place in offered.places},
        **{("person", person.slug): person for person in public.people().order_by("pk")},
    }
    parents = {sector.slug: sector.parent.slug for sector in offered.sectors if sector.parent}
    names = [*_own_names(records), *_party_names(offered.parties), *_spellings(records)]
    return NamedRecords(NameIndex([*names, *_kinds()], parents), records)


_PARTS: Final = frozenset({"sector", "framework", "person"})
"""What is named by a part of its name, too."""

_STEMMED: Final = frozenset({"sector", "framework"})
"""What is named by other forms of its words, too."""


def _own_names(records: Mapping[tuple[str, str], NamedRecord]) -> Iterator[Name]:
    for (parameter, value), record in records.items():
        for field in ("name", "short", "title"):
            for language in RECORD_LANGUAGES:
                if text := getattr(record, f"{field}_{language}", ""):
                    yield Name(
                        text,
                        Meaning(parameter, value),
                        parts=parameter in _PARTS,
                        language=language if parameter in _STEMMED else None,
                    )


def _party_names(parties: tuple[Party, ...]) -> Iterator[Name]:
    names = names_to_find()
    for party in parties:
        yield Name(party.code, Meaning("party", party.code))
        for name in names.get(party.pk, ()):
            yield Name(name.name, Meaning("party", party.code, name))


def _spellings(records: Mapping[tuple[str, str], NamedRecord]) -> Iterator[Name]:
    people = {
        record.pk: slug for (parameter, slug), record in records.items() if parameter == "person"
    }
    for name in PersonName.objects.order_by("pk"):
        if name.person_id in people:
            yield Name(name.name, Meaning("person", people[name.person_id], name), parts=True)


def _kinds() -> Iterator[Name]:
    for language in LANGUAGES:
        with translation.override(language):
            for kind, label in enums.EVENT_KINDS.items():
                text = str(label)
                if kind != EventKind.OTHER:
                    single = len(text.split()) == 1
                    yield Name(text, Meaning("kind", str(kind)), parts=single, language=language)
            for text_kind, label in enums.INSTRUMENT_KINDS.items():
                # Joint statements are found by those words, which events have, too.
                if len(str(label).split()) == 1:
                    meaning = Meaning(KIND_OF_TEXT, str(text_kind))
                    yield Name(str(label), meaning, parts=True, language=language)
