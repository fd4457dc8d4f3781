"""The published versions of a record: each text of it that readers saw, under a number that stays.

They are read from the history, which holds drafts as well: a version is a text that stood while the
record was public, and with a commitment while its event was, too. The history is only appended to,
so that a version never gets another number. What was written in bulk has no history, and so no
versions.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest
from operator import attrgetter
from typing import Any, Final

from timeline.core.codes import Publication
from timeline.models import Commitment, Event
from timeline.models._shared import Publishable
from timeline.queries.changes import columns_of

_TOGETHER: Final = dt.timedelta(seconds=1)
"""Rows closer than this were written by one request: readers saw only the last of them."""


@dataclass(frozen=True, slots=True)
class Version:
    """A text of a record as readers saw it from a time on, until a later one if it was changed.

    ``row`` is the row of the history that holds the text.
    """

    number: int
    since: dt.datetime
    row: Any
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class _Spell:
    """The time for which a row of a history was the latest; ``end`` is None for the last one."""

    start: dt.datetime
    end: dt.datetime | None
    row: Any


def versions(noun: str, record: Publishable) -> list[Version]:
    """Return the published versions of a public record, the first one first.

    ``noun`` is one of those whose changes are told.
    """
    spells = _public_spells(record.history.all())
    if isinstance(record, Commitment):
        spells = _with_their_events(spells)
    columns = columns_of(noun)
    found: list[Version] = []
    for spell in spells:
        if found and all(getattr(found[-1].row, c) == getattr(spell.row, c) for c in columns):
            continue
        if found:
            found[-1] = replace(found[-1], until=spell.start)
        found.append(Version(len(found) + 1, spell.start, spell.row))
    return found


def _public_spells(history: Any) -> list[_Spell]:
    """Return the times for which rows of one record's history were what readers saw."""
    return [
        spell
        for spell in _spells(history.order_by("history_date", "history_id"))
        if spell.row.publication == Publication.PUBLISHED and spell.row.history_type != "-"
    ]


def _spells(rows: Iterable[Any]) -> Iterator[_Spell]:
    rows = list(rows)
    for row, following in zip_longest(rows, rows[1:]):
        end = following.history_date if following is not None else None
        if end is None or end - row.history_date >= _TOGETHER:
            yield _Spell(row.history_date, end, row)


def _with_their_events(spells: Sequence[_Spell]) -> list[_Spell]:
    """Return the texts of a commitment that stood while the event of each was public."""
    keys = {spell.row.event_id for spell in spells}
    history = Event.history.filter(id__in=keys).order_by("id", "history_date", "history_id")
    public: dict[int, list[_Spell]] = {}
    for key, rows in groupby(history, attrgetter("id")):
        public[key] = [
            spell for spell in _spells(rows) if spell.row.publication == Publication.PUBLISHED
        ]
    return [
        replace(spell, start=start)
        for spell in spells
        if (start := _first_shared(spell, public.get(spell.row.event_id, ()))) is not None
    ]


def _first_shared(spell: _Spell, others: Iterable[_Spell]) -> dt.datetime | None:
    """Return when a spell and any of these others first fell together; None if they never did."""
    for other in others:
        start = max(spell.start, other.start)
        if all(end is None or start < end for end in (spell.end, other.end)):
            return start
    return None
