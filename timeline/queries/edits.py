"""How often and when all that a record shows was edited, found in the histories of its parts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max, Min

from timeline.models import (
    Commitment,
    CommitmentParty,
    Event,
    EventPlace,
    EventSector,
    Framework,
    HostOrder,
    Instrument,
    InstrumentParty,
    InstrumentStep,
    Membership,
    Participation,
    Party,
    Place,
    Sector,
    Side,
    StatusUpdate,
)
from timeline.models._shared import Recorded
from timeline.queries.keys import Keys

Owners = dict[int, set[int]]
"""The keys of the records that a row is part of, by the key of the row."""


@dataclass(frozen=True, slots=True)
class Edits:
    """The number of edits of all that a record shows, when it was made and when last edited.

    A row written in bulk has no history: its count is 0 and both times are None.
    """

    count: int
    first: dt.datetime | None
    last: dt.datetime | None


def edits_of_events(ids: Iterable[int]) -> dict[int, Edits]:
    """Return the edits of events with their parties, places and sectors."""
    histories = _PartHistories(Event, ids)
    histories.add_children(Participation, "event_id", Event)
    histories.add_children(EventSector, "event_id", Event)
    histories.add_children(EventPlace, "event_id", Event)
    histories.add_targets(EventPlace, "place_id", Place)
    histories.add_targets(Place, "party_id", Party)
    histories.add_targets(Participation, "party_id", Party)
    histories.add_targets(EventSector, "sector_id", Sector)
    return histories.edits()


def edits_of_commitments(ids: Iterable[int]) -> dict[int, Edits]:
    """Return the edits of commitments with their parties and steps."""
    histories = _PartHistories(Commitment, ids)
    histories.add_children(StatusUpdate, "commitment_id", Commitment)
    histories.add_children(CommitmentParty, "commitment_id", Commitment)
    histories.add_targets(CommitmentParty, "party_id", Party)
    return histories.edits()


def edits_of_instruments(ids: Iterable[int]) -> dict[int, Edits]:
    """Return the edits of texts with their parties and steps."""
    histories = _PartHistories(Instrument, ids)
    histories.add_children(InstrumentStep, "instrument_id", Instrument)
    histories.add_children(InstrumentParty, "instrument_id", Instrument)
    histories.add_targets(InstrumentParty, "party_id", Party)
    return histories.edits()


def edits_of_frameworks(ids: Iterable[int]) -> dict[int, Edits]:
    """Return the edits of frameworks with their rule, their meetings and their members."""
    histories = _PartHistories(Framework, ids)
    histories.add_children(Event, "framework_id", Framework)
    histories.add_children(Participation, "event_id", Event)
    histories.add_children(Side, "framework_id", Framework)
    histories.add_children(HostOrder, "side_id", Side)
    histories.add_targets(Side, "party_id", Party)
    histories.add_targets(Framework, "fixed_host_id", Party)
    histories.add_children(Membership, "bloc_id", Party)
    return histories.edits()


class _PartHistories:
    """The rows that were ever part of what some records show, found in their histories.

    A row that was removed, moved or deleted stays a part, so that the number of edits never
    decreases. ``parts`` holds, by model, the records that each of these rows is part of.
    """

    def __init__(self, model: type[Recorded], keys: Iterable[int]) -> None:
        self.model = model
        self.keys = tuple(keys)
        self.parts: dict[type[Recorded], Owners] = defaultdict(lambda: defaultdict(set))
        for key in self.keys:
            self.parts[model][key].add(key)

    def add_children(self, model: type[Recorded], column: str, parent: type[Recorded]) -> None:
        """Add the rows of a model whose column ever named a part."""
        history = model.history.filter(**{f"{column}__in": Keys(self.parts[parent])})
        pairs = history.order_by().values_list("id", column).distinct()
        self._add(model, pairs, self.parts[parent])

    def add_targets(self, model: type[Recorded], column: str, target: type[Recorded]) -> None:
        """Add the rows that the column of a part ever named."""
        history = model.history.filter(id__in=Keys(self.parts[model])).exclude(**{column: None})
        pairs = history.order_by().values_list(column, "id").distinct()
        self._add(target, pairs, self.parts[model])

    def _add(self, model: type[Recorded], pairs: Iterable[tuple[int, int]], owners: Owners) -> None:
        for key, part in pairs:
            self.parts[model][key] |= owners[part]

    def edits(self) -> dict[int, Edits]:
        """Count the edits of all parts of each record."""
        counts: dict[int, int] = dict.fromkeys(self.keys, 0)
        first: dict[int, dt.datetime] = {}
        last: dict[int, dt.datetime] = {}
        for model, owners in self.parts.items():
            history = model.history.filter(id__in=Keys(owners)).order_by().values_list("id")
            rows = history.annotate(Count("pk"), Min("history_date"), Max("history_date"))
            for key, number, earliest, latest in rows:
                if model is self.model:
                    first[key] = earliest
                for owner in owners[key]:
                    counts[owner] += number
                    last[owner] = max(last.get(owner, latest), latest)
        return {key: Edits(counts[key], first.get(key), last.get(key)) for key in self.keys}
