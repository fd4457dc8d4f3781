"""What the rows of several nouns share: texts in two languages, dates with their ends, sources."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Case, F, Q, QuerySet, When

from timeline.core.dates import EdtfDate
from timeline.fields import form_columns, reader_language, text_in
from timeline.models import Citation

Row = dict[str, Any]
"""The values of a record by the names of its columns (:mod:`timeline.core.columns`).

A repeated column has a list; a value with parts is a tuple.
"""


def text_columns(*names: str) -> Iterator[str]:
    """Yield the columns of bilingual texts."""
    return chain.from_iterable(map(form_columns, names))


def texts(*names: str) -> Callable[[Mapping[str, Any]], Row]:
    """Return what reads bilingual texts of records, given by the values of their columns.

    It has them in the language of who reads now, and as they are recorded.
    """
    language, forms = reader_language(), {name: form_columns(name) for name in names}

    def read(record: Mapping[str, Any]) -> Row:
        found = {}
        for name, columns in forms.items():
            recorded = [record[column] for column in columns]
            found[name] = text_in(language, recorded)
            found.update(zip(columns, recorded, strict=True))
        return found

    return read


def shown(condition: Q, path: str) -> Case:
    """Return what stands at a path where a condition holds, else None."""
    return Case(When(condition, then=F(path)))


def dated(
    date: EdtfDate | None, name: str, earliest: str, latest: str
) -> Iterator[tuple[str, str | dt.date | None]]:
    """Yield a date as EDTF with its first and last day; the last one is None if it is open."""
    yield name, date.text if date else None
    yield earliest, date.earliest if date else None
    yield latest, date.latest if date and not date.ongoing else None


class RowSources(NamedTuple):
    """The sources of a record, and the addresses of those that have one."""

    identifiers: list[str]
    addresses: list[str]

    def columns(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield the two columns about them."""
        yield "sources", self.identifiers
        yield "source_urls", self.addresses


def cited(*citations: "tuple[QuerySet[Citation], str]") -> dict[int, RowSources]:
    """Return the sources of records by key, in the order in which they were cited.

    Each argument is citations with the path of the record to which they belong.
    """
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for rows, owner in citations:
        for key, source, url in rows.order_by("pk").values_list(owner, "source", "source__url"):
            found[key].setdefault(source, url)
    by_key = {
        key: RowSources([*map(str, sources)], [url for url in sources.values() if url])
        for key, sources in found.items()
    }
    return defaultdict(lambda: RowSources([], []), by_key)


def grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    """Group what belongs to a record by its key, each value once, in the order given."""
    groups: dict[int, dict[Any, None]] = defaultdict(dict)
    for key, value in pairs:
        groups[key][value] = None
    return defaultdict(list, {key: [*values] for key, values in groups.items()})
