"""The records that texts of versions name, as far as readers may see them today."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from django.db.models import Model, QuerySet

from timeline.models import (
    Commitment,
    Event,
    Framework,
    Instrument,
    Party,
    Person,
    Place,
    Sector,
    Source,
)
from timeline.queries import public
from timeline.queries.record_fields import FIELDS, MODELS, PARTS, Part
from timeline.queries.versions import Text

PublicNames = Mapping[tuple[type[Model], int], Any]
"""Public records by their model and key."""

_PUBLIC: Final[Mapping[type[Model], Callable[[], QuerySet[Any]]]] = {
    Event: Event.objects.published,
    Commitment: Commitment.objects.published,
    Instrument: Instrument.objects.published,
    Framework: Framework.objects.published,
    Party: public.parties,
    Person: public.people,
    Place: public.places,
    Sector: public.sectors,
    Source: public.sources,
}


def named_by(noun: str, texts: Iterable[Text]) -> PublicNames:
    """Return the public records that texts of a noun name, by a query for each of their models."""
    return _public(key for text in texts for key in _named(noun, text))


def named_by_rows(rows: Iterable[tuple[Part, Any]]) -> PublicNames:
    """Return the public records that rows of parts name, by a query for each of their models."""
    return _public(key for part, row in rows for key in named_by_row(part.model, part.fields, row))


def _public(named: Iterable[tuple[type[Model], int]]) -> PublicNames:
    keys: dict[type[Model], set[int]] = defaultdict(set)
    for model, key in named:
        keys[model].add(key)
    return {
        (model, record.pk): record
        for model, wanted in keys.items()
        for record in _PUBLIC[model]().filter(pk__in=wanted).order_by()
    }


def _named(noun: str, text: Text) -> Iterator[tuple[type[Model], int]]:
    yield from named_by_row(MODELS[noun], FIELDS[noun], text.row)
    for part in PARTS[noun]:
        for row in text.parts[part.name]:
            yield from named_by_row(part.model, part.fields, row)


def is_public(part: Part, row: Any, names: PublicNames) -> bool:
    """Whether all that a row of a part names is public; readers see no other row."""
    return all(named in names for named in named_by_row(part.model, part.fields, row))


def named_by_row(
    model: type[Model], fields: Iterable[str], row: Any
) -> Iterator[tuple[type[Model], int]]:
    """Yield the model and the key of each record that fields of a row name."""
    for name in fields:
        field: Any = model._meta.get_field(name)
        if field.is_relation and (key := getattr(row, field.attname)) is not None:
            yield field.related_model, key
