"""The rows of each noun, as its files have them, by keys and in batches.

The values are those of :mod:`timeline.core.columns`; only published records are read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from timeline.core.batches import batched
from timeline.models import Commitment, Event, Framework, Instrument
from timeline.queries import public
from timeline.queries.as_of import AsOf
from timeline.queries.rows import commitments, events, instruments, vocabulary
from timeline.queries.rows._shared import Row as Row

BATCH: Final = 500
"""Rows read at a time: the memory that a file takes depends on it, not on its length."""

READERS: Final[Mapping[str, Callable[[Sequence[int], AsOf], list[Row]]]] = {
    "events": events.rows,
    "commitments": commitments.rows,
    "instruments": instruments.rows,
    "frameworks": vocabulary.frameworks,
    "parties": vocabulary.parties,
    "people": vocabulary.people,
    "places": vocabulary.places,
    "sectors": vocabulary.sectors,
    "sources": vocabulary.sources,
}
"""Returns the rows of each noun by keys, in their order, without those that are not public."""

_RECORDS: Final[Mapping[str, Callable[[], "QuerySet[Any]"]]] = {
    "events": Event.objects.published,
    "commitments": Commitment.objects.published,
    "instruments": Instrument.objects.published,
    "frameworks": Framework.objects.published,
    "parties": public.parties,
    "people": public.people,
    "places": public.places,
    "sectors": public.sectors,
    "sources": public.sources,
}


def every_key(noun: str) -> list[int]:
    """Return the keys of all records of a noun that readers may see, in the order of entry."""
    return [*_RECORDS[noun]().order_by("pk").values_list("pk", flat=True)]


@dataclass(frozen=True, slots=True)
class RowContext:
    """What the rows of a file share: the day, the addresses of pages, and the licence.

    ``page`` is the address of the page of a record, with '%s' for its identifier.
    """

    when: AsOf
    page: str
    licence: str


def batches(
    noun: str, keys: Sequence[int], context: RowContext, size: int = BATCH
) -> Iterator[list[Row]]:
    """Yield the rows of a noun in the order of the keys, a fixed number of queries for each batch.

    The caller sees to it that all of them are read from one version of the record.
    """
    for batch in batched(keys, size):
        yield [_completed(row, context) for row in READERS[noun](batch, context.when)]


def _completed(row: Row, context: RowContext) -> Row:
    return {**row, "url": context.page % row["id"], "licence": context.licence}
