"""What was entered, changed and taken out among the parts of records, such as parties and sources.

Steps are left out: they are listed with the states that they change.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.db.models import Q

from timeline.core.codes import Publication
from timeline.queries.keys import Keys
from timeline.queries.public_names import PublicNames, named_by_rows
from timeline.queries.record_fields import PARTS, TOGETHER, Part

_STEPS: Final = frozenset({"event_step", "status_update", "instrument_step"})

SHOWN_PARTS: Final[Mapping[str, Mapping[str, Part]]] = {
    noun: {
        part.name: part._replace(
            parents={key: of for key, of in part.parents.items() if of not in _STEPS}
        )
        for part in parts
        if part.name not in _STEPS
    }
    for noun, parts in PARTS.items()
}
"""The parts whose changes readers see, by noun and name."""


class PartRow(NamedTuple):
    """A row of the history of a part: the name of the part, and the key of the row."""

    part: str
    row: int


class ShownPart(NamedTuple):
    """A change of a row of a part: what it said before and after; None if it was not there."""

    part: Part
    before: Any
    after: Any


Written = Sequence[tuple[dt.datetime, PartRow]]
"""Rows of parts with the times at which they were written, the earliest first."""


def part_changes(
    noun: str, keys: Keys | None, first: dt.datetime, end: dt.datetime
) -> Mapping[int, Written]:
    """Return what was written of the parts of records of a noun in a time, by the record's key.

    ``keys`` are those of the records, None for all of them.
    """
    entered: dict[int, list[tuple[dt.datetime, PartRow]]] = defaultdict(list)
    for part in SHOWN_PARTS[noun].values():
        rows = _history(part).filter(history_date__gte=first, history_date__lt=end)
        if keys is not None:
            rows = rows.filter(_belonging(noun, part, keys))
        columns = [f"{parent}_id" for parent in part.parents]
        written = [*rows.order_by().values_list("history_id", "history_date", *columns)]
        records = [
            _records(noun, of, {row[place] for row in written} - {None})
            for place, of in enumerate(part.parents.values(), start=2)
        ]
        for number, when, *parents in written:
            for parent, record_of in zip(parents, records, strict=True):
                if (record := record_of.get(parent)) is not None:
                    entered[record].append((when, PartRow(part.name, number)))
    return {record: sorted(rows) for record, rows in entered.items()}


def histories_of_published(noun: str) -> Iterator[Any]:
    """Yield the history of each part, for the records of a noun that are published now."""
    for part in SHOWN_PARTS[noun].values():
        ours = Q()
        for parent, of in part.parents.items():
            owner = "__".join((parent, *(_part(noun, of).parents if of else ())))
            ours |= Q(**{f"{owner}__publication": Publication.PUBLISHED})
        yield _history(part).filter(ours)


def bursts(entered: Written) -> Iterator[Written]:
    """Divide rows, the earliest first, into those that were written together."""
    burst: list[tuple[dt.datetime, PartRow]] = []
    for when, row in entered:
        if burst and when - burst[-1][0] >= TOGETHER:
            yield burst
            burst = []
        burst.append((when, row))
    if burst:
        yield burst


def _history(part: Part) -> Any:
    return part.model.history  # type: ignore[attr-defined]


def _belonging(noun: str, part: Part, keys: Keys) -> Q:
    """Return the condition that rows of a part belonged to one of these records."""
    ours = Q()
    for parent, of in part.parents.items():
        owners: Any = keys
        if of:
            within = _part(noun, of)
            owners = _history(within).filter(_belonging(noun, within, keys)).order_by().values("id")
        ours |= Q(**{f"{parent}__in": owners})
    return ours


def _records(noun: str, of: str, keys: Collection[int]) -> Mapping[int, int]:
    """Return the record of each of these rows of a part, or of themselves if they are records."""
    if not of or not keys:
        return {key: key for key in keys}
    part = _part(noun, of)
    # Parts that others belong to have one parent, the record.
    (parent,) = part.parents
    rows = _history(part).filter(id__in=Keys(keys)).order_by("history_date", "history_id")
    return dict(rows.values_list("id", f"{parent}_id"))


def _part(noun: str, name: str) -> Part:
    return next(part for part in PARTS[noun] if part.name == name)


def shown_parts(
    noun: str, rows: Iterable[PartRow]
) -> tuple[Mapping[PartRow, ShownPart], PublicNames]:
    """Load these rows with what they said before, and the public records that they name."""
    by_part: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        by_part[row.part].add(row.row)
    shown: dict[PartRow, ShownPart] = {}
    for name, numbers in by_part.items():
        part = SHOWN_PARTS[noun][name]
        of_rows = _history(part).filter(history_id__in=numbers).order_by().values("id")
        former: dict[int, Any] = {}
        for row in _history(part).filter(id__in=of_rows).order_by("history_date", "history_id"):
            if row.history_id in numbers:
                after = None if row.history_type == "-" else row
                before = row if after is None else former.get(row.id)
                shown[PartRow(name, row.history_id)] = ShownPart(part, before, after)
            former[row.id] = row
    return shown, named_by_rows(_named(shown.values()))


def _named(shown: Iterable[ShownPart]) -> Iterator[tuple[Part, Any]]:
    for one in shown:
        yield from ((one.part, row) for row in (one.before, one.after) if row is not None)
