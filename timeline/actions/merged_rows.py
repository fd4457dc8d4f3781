"""The rows that a merge of two records touches: how they are written, kept and put in order."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db.models import Q

from timeline.actions import search
from timeline.core.batches import batched
from timeline.models import (
    Attendance,
    Citation,
    Event,
    Framework,
    HostOrder,
    Instrument,
    InstrumentParty,
    InstrumentStep,
    Involvement,
    Membership,
    MembershipRemark,
    Merge,
    Office,
    Participation,
    Party,
    PartyName,
    Person,
    PersonName,
    Place,
    Side,
    Statement,
    Succession,
)
from timeline.models._shared import Recorded
from timeline.queries.linked_rows import NOUNS, Model, values

MERGED: Final = "merge"
UNDONE: Final = "unmerge"
"""What an entry of a history says before the number of the merge that made it."""

FIRST: Final[tuple[Model, ...]] = (InstrumentStep,)
"""Rows that move before all others: a text keeps its parties while they have steps."""

BEFORE_PEOPLE: Final[tuple[Model, ...]] = (Participation, Membership, InstrumentParty)
"""Rows that decide who took part, and so who may attend."""

_INSERTED: Final = (
    *(Office, PartyName, PersonName, Succession, Membership, MembershipRemark, Participation),
    *(Side, HostOrder, InstrumentParty, InstrumentStep, Attendance, Statement),
)
"""Rows that come back in this order, then all others, then citations."""

OF_THE_RECORD: Final[tuple[Model, ...]] = (*NOUNS.values(), Framework, Instrument)
"""Models of records, of which a merge changes only the columns that it names."""

_BATCH: Final = 5000
"""Rows read or written in one query: databases limit the number of its parameters."""


def order(model: Model) -> int:
    if model is Citation:
        return len(_INSERTED) + 1
    return _INSERTED.index(model) if model in _INSERTED else len(_INSERTED)


def events_of(kept: Any, other: Any | None) -> set[int]:
    """Return the events of which something is derived from these records."""
    records = [row for row in (kept, other) if row is not None]
    keys = [row.pk for row in records]
    if isinstance(kept, Event):
        return set(keys)
    if isinstance(kept, Person):
        return set(search.events_naming(people=keys))
    if isinstance(kept, Place):
        return set(search.events_naming(places=keys))
    if not isinstance(kept, Party):
        return set()
    blocs = Membership.objects.filter(party__in=keys).values("bloc")
    rows = (
        Involvement.objects.filter(Q(party__in=keys) | Q(via__in=keys)),
        Participation.objects.filter(Q(party__in=keys) | Q(party__in=blocs)),
    )
    return {event for found in rows for event in found.values_list("event", flat=True)}


class MergeWriter:
    """Writes rows and remembers how each was before, for the history and for undoing it."""

    def __init__(self, record: Merge, verb: str) -> None:
        self.record, self.reason = record, f"{verb}:{record.pk}"
        self.before: dict[tuple[Model, int], dict[str, Any] | None] = {}
        self.in_history: set[tuple[Model, int]] = set()

    def touch(self, row: Any) -> None:
        """Remember a row that is about to change or to go."""
        self.before.setdefault((type(row), row.pk), values(row))

    def update(self, rows: Mapping[int, Mapping[str, Any]], model: Model) -> None:
        """Set columns of rows of a model, without saving the rest of them."""
        for row in rows_of(model, list(rows)):
            self.touch(row)
        alike: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
        for key, columns in rows.items():
            alike[tuple(sorted(columns.items()))].append(key)
        for same, keys in alike.items():
            for batch in batched(keys, _BATCH):
                model._default_manager.filter(pk__in=batch).update(**dict(same))

    def save(self, row: Any, columns: Mapping[str, Any]) -> None:
        """Save a row with these values, and with what is derived from them."""
        self.touch(row)
        for name, value in columns.items():
            setattr(row, name, value)
        for column in row._meta.concrete_fields:
            if column.is_relation and column.is_cached(row):
                column.delete_cached_value(row)
        row._change_reason = self.reason
        row.save()
        self.in_history.add((type(row), row.pk))

    def delete(self, row: Any) -> None:
        """Delete a row that nothing points to any more."""
        self.touch(row)
        row._change_reason = self.reason
        self.in_history.add((type(row), row.pk))
        row.delete()

    def create(self, row: Any) -> None:
        """Insert a row; it goes again when the merge is undone."""
        row._change_reason = self.reason
        row.save()
        self.before[type(row), row.pk] = None
        self.in_history.add((type(row), row.pk))

    def finish(self) -> None:
        """Write the histories and, of a merge, what undoes it."""
        self.write_histories()
        entries = []
        now = {
            (model, row.pk): values(row)
            for model, keys in self._keys(self.before).items()
            for row in rows_of(model, keys)
        }
        for (model, key), before in self.before.items():
            after = now.get((model, key))
            entries.append(
                {
                    "model": model._meta.model_name,
                    "pk": key,
                    "before": before,
                    "after": _changes(before, after) if before and after else after,
                    "digest": "" if after is None else digest(after),
                }
            )
        self.record.rows, self.record.moving = entries, False
        self.record.save()

    def write_histories(self) -> None:
        """Note in its history, with author and time, what became of each row."""
        changed = [
            (model, key)
            for model, key in self.before
            if issubclass(model, Recorded) and (model, key) not in self.in_history
        ]
        for model, keys in self._keys(changed).items():
            history: Any = model.history
            history.bulk_history_create(
                list(rows_of(model, keys)),
                update=True,
                default_change_reason=self.reason,
                batch_size=500,
            )

    @staticmethod
    def _keys(rows: Iterable[tuple[Model, int]]) -> dict[Model, list[int]]:
        by_model: dict[Model, list[int]] = defaultdict(list)
        for model, key in rows:
            by_model[model].append(key)
        return by_model


def rows_of(model: Model, keys: Sequence[int]) -> Iterator[Any]:
    """Yield the rows of a model with these keys."""
    for batch in batched(keys, _BATCH):
        yield from model._default_manager.filter(pk__in=batch)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if before.get(name) != value}


def digest(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16]
