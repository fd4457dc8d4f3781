"""The published versions of a record: each text of it that readers saw, under a number that stays.

They are read from the histories of the record and of its parts, such as its parties and sources. A
history holds drafts as well: a version is a text that stood while the record was public, and with a
commitment while its event was, too. Histories are only appended to, so that a version never gets
another number. Records that were written in bulk have no history, and so no versions.

A record without a state of publication is public where a published record names it, so that its
versions begin when it was first named by one of those that name it now.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest
from operator import attrgetter
from typing import Any

from django.db.models import Model, Q

from timeline.core.codes import Publication
from timeline.models import Commitment, Event
from timeline.models._shared import Publishable, Recorded
from timeline.queries.first_named import first_named
from timeline.queries.keys import Keys
from timeline.queries.record_fields import PARTS, TOGETHER, Part, columns_of


@dataclass(frozen=True, slots=True)
class Text:
    """All that a record said: its row, and the rows of each of its parts in their order.

    They are rows of histories, or those of today where a part has no history.
    """

    row: Any
    parts: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class TextVersion:
    """A text of a record as readers saw it from a time on, until a later one if it was changed."""

    number: int
    since: dt.datetime
    text: Text
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class _Spell:
    """The time for which a text was the latest; ``end`` is None for the last one."""

    start: dt.datetime
    end: dt.datetime | None
    text: Text


def versions(noun: str, record: Recorded) -> list[TextVersion]:
    """Return the published versions of a public record, the first one first."""
    spells = _public_spells(noun, record)
    found: list[TextVersion] = []
    content: Any = None
    for spell in spells:
        before, content = content, _content(noun, spell.text)
        if content == before:
            continue
        if found:
            found[-1] = replace(found[-1], until=spell.start)
        found.append(TextVersion(len(found) + 1, spell.start, spell.text))
    return found


def _content(noun: str, text: Text) -> tuple[Any, ...]:
    """Return all that a text says, so that two of them can be compared."""
    own = tuple(getattr(text.row, column) for column in columns_of(noun))
    return own, *([*part.by_content(text.parts[part.name])] for part in PARTS[noun])


def _public_spells(noun: str, record: Recorded) -> Iterable[_Spell]:
    """Return the times for which texts of a record were what readers saw."""
    histories = _Histories(noun, record)
    spells = histories.spells()
    if not isinstance(record, Publishable):
        since = first_named(noun, record)
        return [
            replace(spell, start=max(spell.start, since) if since else spell.start)
            for spell in spells
            if since is None or spell.end is None or spell.end > since
        ]
    public = [spell for spell in spells if spell.text.row.publication == Publication.PUBLISHED]
    return _with_their_events(public) if isinstance(record, Commitment) else public


class _Histories:
    """The histories of a record and of its parts."""

    def __init__(self, noun: str, record: Recorded) -> None:
        self.parts = PARTS[noun]
        # What a row belongs to comes before what it says: '' is the record itself.
        self.keys: dict[str, set[int]] = {"": {record.pk}}
        self.changes: list[tuple[str, Any]] = [
            ("", row) for row in record.history.order_by("history_date", "history_id")
        ]
        self.without: dict[str, list[Any]] = {}
        for part in self.parts:
            self._read(part)

    def _read(self, part: Part) -> None:
        """Read the history of the rows of a part, and those of today that have none."""
        ours = Q()
        for parent, of in part.parents.items():
            if self.keys[of]:
                ours |= Q(**{f"{parent}__in": Keys(self.keys[of])})
        self.keys[part.name] = set()
        self.without[part.name] = []
        if not ours:
            return
        history: Any = part.model.history  # type: ignore[attr-defined]
        # A row that belonged to the record for a time is followed to where it went.
        ever = history.filter(ours).order_by().values("id")
        rows = [*history.filter(id__in=ever).order_by("history_date", "history_id")]
        known = {row.id for row in rows}
        self.changes += [(part.name, row) for row in rows]
        today = part.model._default_manager.filter(ours)
        self.without[part.name] = [row for row in today if row.pk not in known]
        self.keys[part.name] = known | {row.pk for row in self.without[part.name]}

    def spells(self) -> Iterator[_Spell]:
        """Yield the time of each text, without those that only stood while a request was answered.

        The history of a record that was written in bulk is empty.
        """
        changes = sorted(self.changes, key=lambda change: change[1].history_date)
        own: Any = None
        rows = {part.name: {row.pk: row for row in self.without[part.name]} for part in self.parts}
        for (name, row), following in zip_longest(changes, changes[1:]):
            if not name:
                own = row if row.history_type != "-" else None
            elif row.history_type == "-":
                rows[name].pop(row.id, None)
            else:
                rows[name][row.id] = row
            end = following[1].history_date if following else None
            if own is not None and (end is None or end - row.history_date >= TOGETHER):
                yield _Spell(row.history_date, end, self._text(own, rows))

    def _text(self, own: Any, rows: Mapping[str, Mapping[int, Any]]) -> Text:
        here: dict[str, set[int]] = {"": {own.id}}
        parts: dict[str, Sequence[Any]] = {}
        for part in self.parts:
            belonging = [
                row
                for row in rows[part.name].values()
                if any(
                    getattr(row, f"{parent}_id") in here[of] for parent, of in part.parents.items()
                )
            ]
            here[part.name] = {row.id for row in belonging}
            # A slip is a name that nobody bears, and that readers never see.
            shown = (row for row in belonging if not getattr(row, "slip", False))
            parts[part.name] = sorted(shown, key=_order_of(part.model))
        return Text(own, parts)


def _order_of(model: type[Model]) -> Any:
    """Return the key by which rows of a history stand in the order of their model."""
    names = [str(name) for name in model._meta.ordering or () if name != "pk"]
    columns = [model._meta.get_field(name).attname for name in names]  # type: ignore[union-attr]

    def key(row: Any) -> tuple[Any, ...]:
        values = [getattr(row, column) for column in (*columns, "id")]
        return tuple((value is not None, value) for value in values)

    return key


def _with_their_events(spells: Sequence[_Spell]) -> list[_Spell]:
    """Return the texts of a commitment that stood while the event of each was public."""
    keys = {spell.text.row.event_id for spell in spells}
    history = Event.history.filter(id__in=keys).order_by("id", "history_date", "history_id")
    public = {
        key: [*_times_published(list(rows))] for key, rows in groupby(history, attrgetter("id"))
    }
    return [
        replace(spell, start=start)
        for spell in spells
        if (start := _first_shared(spell, public.get(spell.text.row.event_id, ()))) is not None
    ]


_Time = tuple[dt.datetime, dt.datetime | None]
"""A start and an end; None is the end of what still lasts."""


def _times_published(rows: Sequence[Any]) -> Iterator[_Time]:
    for row, following in zip_longest(rows, rows[1:]):
        end = following.history_date if following is not None else None
        is_lasting = end is None or end - row.history_date >= TOGETHER
        if is_lasting and row.publication == Publication.PUBLISHED and row.history_type != "-":
            yield row.history_date, end


def _first_shared(spell: _Spell, times: Iterable[_Time]) -> dt.datetime | None:
    """Return when a spell and any of these times first fell together; None if they never did."""
    for first, last in times:
        start = max(spell.start, first)
        if all(end is None or start < end for end in (spell.end, last)):
            return start
    return None
