"""Citations with their sources, as pages list them beside what they support."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Model, Prefetch, Q, QuerySet

from timeline.models import Citation
from timeline.models.sources import CITED
from timeline.queries.keys import Keys

FIELDS: Final[Mapping[Any, str]] = {
    Citation._meta.get_field(name).related_model: name for name in CITED
}
"""The foreign keys of citations by the model that they point at."""


def with_sources() -> QuerySet[Citation]:
    """Return citations with their sources, in the order of their keys."""
    return Citation.objects.select_related("source")


def citations_prefetch() -> "Prefetch[str, QuerySet[Citation], str]":
    """Prefetch the citations of rows, with their sources."""
    return Prefetch("citations", with_sources())


CitationsByRow = Mapping[Model, Sequence[Citation]]


def citations_of(rows: Iterable[Model]) -> CitationsByRow:
    """Load the citations of rows of any kinds that are cited, by row, in one query.

    Use it where the rows are of several kinds, for each of which :func:`citations_prefetch` runs a
    query of its own.
    """
    by_field: dict[str, dict[int, Model]] = defaultdict(dict)
    for row in rows:
        by_field[FIELDS[type(row)]][row.pk] = row
    found: dict[Model, list[Citation]] = {
        row: [] for of_kind in by_field.values() for row in of_kind.values()
    }
    if not found:
        return found
    # Joined by OR alone, each is looked up in the index of its column.
    conditions = (Q(**{f"{field}__in": Keys(keys)}) for field, keys in by_field.items())
    for citation in with_sources().filter(reduce(or_, conditions)):
        field = citation.target_name
        found[by_field[field][getattr(citation, f"{field}_id")]].append(citation)
    return found
