"""What changed in the published record, by month: what readers saw before and after each change.

The history of a record includes its drafts. A change is listed only between two states that readers
saw, and only of records that they see now. Of a record that is withdrawn now, only the withdrawal
is listed. What was entered on the day on which a record was first published, in UTC, is part of its
addition.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby, islice
from operator import itemgetter, or_
from typing import Any, Final, NamedTuple

from django.db.models import Model, Q
from django.db.models.functions import TruncMonth

from timeline.cache import VersionedCache
from timeline.core import status
from timeline.core.batches import batched
from timeline.core.codes import ChangeVerb, CommitmentStatus, Publication
from timeline.core.question import ChangesQuestion, Problem, QuestionError
from timeline.index.interface import PAGE_SIZE
from timeline.models import (
    Commitment,
    CommitmentParty,
    Correction,
    Event,
    InstrumentParty,
    InstrumentStep,
    Involvement,
    StatusUpdate,
)
from timeline.models.editorial import CORRECTED
from timeline.queries import public, record_fields
from timeline.queries.host_turns import host_turns
from timeline.queries.keys import Keys
from timeline.queries.part_changes import (
    PartRow,
    ShownPart,
    Written,
    bursts,
    histories_of_published,
    part_changes,
    shown_parts,
)
from timeline.queries.public_names import PublicNames
from timeline.queries.record_fields import TOGETHER

MODELS: Final[Mapping[str, type[Model]]] = {
    noun: record_fields.MODELS[noun] for noun in ("event", "commitment", "instrument", "framework")
}
"""The models whose changes readers see, by noun."""


_SEEN: Final = (Publication.PUBLISHED, Publication.WITHDRAWN)


class Change(NamedTuple):
    """A change of a record, as keys.

    ``row`` is the key of what made it in the table ``source``: a row of the history of the noun, a
    step or a correction. ``before`` is the row of the history that readers saw before. ``states``
    are those of a commitment before and after a step. ``parts`` are the rows of its parts that
    were written with it, or instead of it: ``source`` is then the first of their parts.
    """

    when: dt.datetime
    verb: ChangeVerb
    noun: str
    record: int
    source: str
    row: int
    before: int | None = None
    states: tuple[str, str] = ("", "")
    parts: tuple[PartRow, ...] = ()

    @property
    def key(self) -> str:
        """The identifier of the change, which is also the cursor of a page."""
        return f"{self.source}.{self.row}"

    @property
    def month(self) -> str:
        """The month in which it was made, such as '2026-11'."""
        return self.when.strftime("%Y-%m")

    @property
    def stated_at(self) -> dt.datetime:
        """The time of the change that feeds and files show.

        Of a correction only the day is known: its beginning is never in the future.
        """
        if self.source == "correction":
            return dt.datetime.combine(self.when.date(), dt.time.min, dt.UTC)
        return self.when


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change with its record, and with the rows that say what differs.

    ``names`` are the public records that rows of parts name.
    """

    change: Change
    record: Any
    row: Any
    before: Any
    parts: Sequence[ShownPart]
    names: PublicNames


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """One page of the changes of a month, the newest first; its neighbours as in an index."""

    month: str
    months: Sequence[str]
    changes: Sequence[ShownChange]
    first: int
    total: int
    following: str
    preceding: str


_months: Final[VersionedCache[tuple[str, ...]]] = VersionedCache("months of changes", alias=None)
_changes: Final[VersionedCache[tuple[Change, ...]]] = VersionedCache("changes", alias=None)


def changes_page(question: ChangesQuestion, today: dt.date) -> ChangesPage:
    """Return what changed in a month, or in the last one with changes.

    Raise QuestionError if the change before the page is not in the list.
    """
    months = _months.get_or_load("all", today, lambda: _read_months(today))
    month = question.month or (months[0] if months else "")
    return _page(question, month, months, _of_month(month, today) if month else (), today)


def corrections_page(question: ChangesQuestion, today: dt.date) -> ChangesPage:
    """Return the corrections of published records, or those of a month.

    Raise QuestionError if the correction before the page is not in the list.
    """
    every = all_corrections(today)
    months = tuple(dict.fromkeys(change.month for change in every))
    in_month = [change for change in every if question.month in ("", change.month)]
    return _page(question, question.month, months, in_month, today)


def _page(
    question: ChangesQuestion,
    month: str,
    months: Sequence[str],
    in_month: Iterable[Change],
    today: dt.date,
) -> ChangesPage:
    changes = [*_matching(question, in_month, today)]
    start = 0
    if question.after:
        keys = [change.key for change in changes]
        if question.after not in keys:
            raise QuestionError([Problem("after", "unreadable", question.after)])
        start = keys.index(question.after) + 1
    listed = changes[start : start + PAGE_SIZE]
    more = start + PAGE_SIZE < len(changes)
    return ChangesPage(
        month,
        months,
        shown(listed),
        start + 1,
        len(changes),
        listed[-1].key if more else "",
        changes[start - PAGE_SIZE - 1].key if start > PAGE_SIZE else "",
    )


def changes_since(first: dt.date, today: dt.date) -> Iterator[Change]:
    """Yield what changed on a day or later, the last change first."""
    for month in _months.get_or_load("all", today, lambda: _read_months(today)):
        if month < first.strftime("%Y-%m"):
            return
        yield from (c for c in _of_month(month, today) if c.when.date() >= first)


def changes_of(noun: str, key: int, first: dt.date, today: dt.date) -> list[Change]:
    """Return what changed of a published record on a day or later, the last change first.

    What changed of the meetings of a framework is part of it. Only what concerns the record is
    read, in a number of queries that does not depend on how much there is.
    """
    only = {noun: Keys([key])}
    if noun == "framework":
        meetings = Event.objects.published().filter(framework=key).order_by()
        only["event"] = Keys(meetings.values_list("pk", flat=True))
    return _read(beginning(first), beginning(dt.date.max), today, only)


def changes_of_noun(noun: str, first: dt.date, today: dt.date) -> list[Change]:
    """Return what changed of the records of a noun on a day or later, the last change first."""
    return _read(beginning(first), beginning(dt.date.max), today, {noun: None})


def last_changes(question: ChangesQuestion, today: dt.date, most: int) -> list[Change]:
    """Return the last changes that match the month, the noun and the party of a question."""
    if question.month:
        return [*_matching(question, _of_month(question.month, today), today)][:most]
    return [*islice(_matching(question, changes_since(dt.date.min, today), today), most)]


def all_corrections(today: dt.date) -> list[Change]:
    """Return every correction of a published record until today, the last one first."""
    first, end = beginning(dt.date.min), beginning(dt.date.max)
    every = _corrections(first, end, today, _ALL)
    return sorted(every, key=lambda c: (c.when, c.row), reverse=True)


def beginning(day: dt.date) -> dt.datetime:
    """Return the time at which a day begins, in UTC."""
    return dt.datetime.combine(day, dt.time.min, dt.UTC)


def _of_month(month: str, today: dt.date) -> tuple[Change, ...]:
    return _changes.get_or_load(month, today, lambda: _read_month(month, today))


def _matching(
    question: ChangesQuestion, changes: Iterable[Change], today: dt.date
) -> Iterable[Change]:
    """Return the changes that match the noun and the party of a question."""
    if question.noun:
        changes = (change for change in changes if change.noun == question.noun)
    if question.party:
        concerned = {noun: _of_party(noun, question.party, today) for noun in MODELS}
        changes = (change for change in changes if change.record in concerned[change.noun])
    return changes


def _read_months(today: dt.date) -> tuple[str, ...]:
    """Return the months in which something published changed, the last one first."""
    firsts: set[Any] = set()
    for model in MODELS.values():
        rows = model.history.filter(publication__in=_SEEN)  # type: ignore[attr-defined]
        firsts.update(_months_of(rows))
    firsts.update(_months_of(StatusUpdate.history.all()), _months_of(InstrumentStep.history.all()))
    for noun in MODELS:
        for rows in histories_of_published(noun):
            firsts.update(_months_of(rows))
    months = {first.strftime("%Y-%m") for first in firsts}
    days = public.corrections(today).order_by().values_list("made_on", flat=True).distinct()
    return tuple(sorted(months | {day.strftime("%Y-%m") for day in days}, reverse=True))


def _months_of(history: Any) -> Iterable[dt.datetime]:
    months = history.order_by().annotate(first=TruncMonth("history_date", tzinfo=dt.UTC))
    return set(months.values_list("first", flat=True).distinct())


def _read_month(month: str, today: dt.date) -> tuple[Change, ...]:
    year, number = map(int, month.split("-"))
    first = dt.date(year, number, 1)
    end = dt.date(year + number // 12, number % 12 + 1, 1)
    return (*_read(beginning(first), beginning(end), today, _ALL),)


Only = Mapping[str, Keys | None]
"""The keys of the records of which changes are read, by noun; None stands for all of a noun."""

_ALL: Final[Only] = dict.fromkeys(MODELS)


def _among(column: str, keys: Keys | None) -> Q:
    return Q() if keys is None else Q(**{f"{column}__in": keys})


def _read(first: dt.datetime, end: dt.datetime, today: dt.date, only: Only) -> list[Change]:
    """Return the changes made between two times, the last one first."""
    changes = [change for noun in only for change in _of_noun(noun, only[noun], first, end)]
    if "commitment" in only:
        changes += _of_commitments_steps(first, end, only["commitment"])
    if "instrument" in only:
        changes += _of_texts_steps(first, end, only["instrument"])
    changes += _corrections(first, end, today, only)
    return sorted(changes, key=lambda c: (c.when, c.source, c.row), reverse=True)


def _of_noun(
    noun: str, keys: Keys | None, first: dt.datetime, end: dt.datetime
) -> Iterator[Change]:
    """Yield what the history of a noun tells of a time, in no order."""
    model: Any = MODELS[noun]
    rows = model.history.filter(_among("id", keys), history_date__lt=end, publication__in=_SEEN)
    began = Q(history_date__gte=first)
    records = model.objects.filter(publication__in=_SEEN)
    if noun == "commitment":
        # Readers see a commitment once its event is published, too.
        records = records.filter(event__publication=Publication.PUBLISHED)
        late = records.filter(event__published_at__gte=first, event__published_at__lt=end)
        began |= Q(id__in=late.order_by().values("pk"))
    entered = part_changes(noun, keys, first, end)
    touched = {*rows.filter(began).order_by().values_list("id", flat=True), *entered}
    records = records.filter(pk__in=Keys(touched)).order_by()
    now = dict(records.values_list("pk", "publication"))
    since: Mapping[int, dt.datetime] = {}
    if noun == "commitment":
        since = dict(records.values_list("pk", "event__published_at"))
    columns = ("id", "history_id", "history_date", "publication", *record_fields.FIELDS[noun])
    for batch in batched(sorted(now), _BATCH):
        histories = rows.filter(id__in=batch).order_by("id", "history_date", "history_id")
        for pk, entries in groupby(histories.values_list(*columns), itemgetter(0)):
            history = list(entries)
            changes = _of_record(noun, pk, history, since.get(pk))
            changes = _with_parts(noun, pk, changes, history, since.get(pk), entered.get(pk, ()))
            if now[pk] == Publication.WITHDRAWN:
                changes = [change for change in changes if change.verb == ChangeVerb.WITHDRAWN][-1:]
            yield from (change for change in changes if first <= change.when < end)


_BATCH: Final = 500


def _of_record(
    noun: str, pk: int, history: Sequence[tuple[Any, ...]], since: dt.datetime | None
) -> list[Change]:
    """Return the changes of one record that readers could see, which is from a time on."""
    before: tuple[Any, ...] | None = None
    added_on: dt.date | None = None
    withdrawn = False
    changes: list[Change] = []
    hidden = sum(since is not None and row[2] < since for row in history)
    for row in history[max(hidden - 1, 0) :]:
        _pk, key, date, state, *values = row
        when = max(date, since) if since else date
        change = Change(when, ChangeVerb.CHANGED, noun, pk, noun, key)
        if state == Publication.WITHDRAWN:
            if before is not None and not withdrawn:
                changes.append(change._replace(verb=ChangeVerb.WITHDRAWN))
            withdrawn = True
            continue
        if before is None:
            added_on = when.date()
            changes.append(change._replace(verb=ChangeVerb.ADDED))
        elif withdrawn:
            changes.append(change._replace(verb=ChangeVerb.PUBLISHED_AGAIN))
        elif [*before[4:]] != values and when.date() != added_on:
            changed = _state_of(noun, before[4:]) != _state_of(noun, values)
            verb = ChangeVerb.STATE if changed else ChangeVerb.CHANGED
            changes.append(change._replace(verb=verb, before=before[1]))
        before, withdrawn = row, False
    return changes


def _with_parts(
    noun: str,
    pk: int,
    own: list[Change],
    history: Sequence[tuple[Any, ...]],
    since: dt.datetime | None,
    entered: Written,
) -> list[Change]:
    """Return the changes of one record with those of its parts that readers could see.

    What was written at once with the record is part of the same change.
    """
    changes = list(own)
    added_on = min((change.when.date() for change in own), default=None)
    for burst in bursts(entered):
        when, first = burst[0]
        state = next((row[3] for row in reversed(history) if row[2] <= burst[-1][0]), None)
        seen = state == Publication.PUBLISHED and (since is None or since <= when)
        if not seen or added_on is None or when.date() <= added_on:
            continue
        parts = tuple(row for _when, row in burst)
        for place, change in enumerate(changes):
            if change.before is not None and abs(change.when - when) < TOGETHER:
                changes[place] = change._replace(parts=(*change.parts, *parts))
                break
        else:
            verb = ChangeVerb.CHANGED
            source = f"{noun}_{first.part}"
            changes.append(Change(when, verb, noun, pk, source, first.row, parts=parts))
    return changes


def _state_of(noun: str, values: Sequence[Any]) -> Any:
    fields = record_fields.FIELDS[noun]
    return values[fields.index("state")] if "state" in fields else None


def _of_commitments_steps(
    first: dt.datetime, end: dt.datetime, keys: Keys | None
) -> Iterator[Change]:
    """Yield the steps entered for commitments that readers saw already."""
    entered = StatusUpdate.history.filter(
        _among("commitment", keys),
        history_type="+",
        history_date__gte=first,
        history_date__lt=end,
    )
    dates = dict(entered.order_by().values_list("id", "history_date"))
    rows = StatusUpdate.objects.filter(
        commitment__in=Commitment.objects.published(), pk__in=entered.order_by().values("id")
    )
    steps = [
        row
        for row in rows.select_related("commitment__event").order_by("pk")
        if _seen_before(row.commitment, dates[row.pk])
    ]
    by_commitment: dict[int, list[status.Update]] = defaultdict(list)
    for batch in batched(sorted({step.commitment_id for step in steps}), _BATCH):
        for row in StatusUpdate.objects.filter(commitment__in=batch).order_by("pk"):
            by_commitment[row.commitment_id].append(
                status.Update(
                    row.pk, row.date, row.entry, CommitmentStatus(row.status), row.corrects_id
                )
            )
    for step in steps:
        updates = by_commitment[step.commitment_id]
        was = status.current(update for update in updates if update.key < step.pk)
        now = status.current(update for update in updates if update.key <= step.pk)
        states = (was.status if was else "", now.status if now else "")
        verb = ChangeVerb.STATE if states[0] != states[1] else ChangeVerb.FOLLOWED
        if step.corrects_id:
            verb = ChangeVerb.CORRECTED
        yield Change(
            dates[step.pk], verb, "commitment", step.commitment_id, "status_update", step.pk,
            states=states,
        )  # fmt: skip


def _seen_before(commitment: Commitment, when: dt.datetime) -> bool:
    """Whether readers saw a commitment before the day of a change."""
    return _published_before(commitment.published_at, when) and _published_before(
        commitment.event.published_at, when
    )


def _published_before(published_at: dt.datetime | None, when: dt.datetime) -> bool:
    return published_at is not None and published_at.date() < when.date()


def _of_texts_steps(first: dt.datetime, end: dt.datetime, keys: Keys | None) -> Iterator[Change]:
    """Yield the steps entered for texts that readers saw already."""
    entered = InstrumentStep.history.filter(
        _among("instrument", keys),
        history_type="+",
        history_date__gte=first,
        history_date__lt=end,
    )
    dates = dict(entered.order_by().values_list("id", "history_date"))
    rows = InstrumentStep.objects.filter(
        public.published("instrument"), pk__in=entered.order_by().values("id")
    )
    for row in rows.select_related("instrument").order_by("pk"):
        if _published_before(row.instrument.published_at, dates[row.pk]):
            verb = ChangeVerb.CORRECTED if row.corrects_id else ChangeVerb.FOLLOWED
            yield Change(
                dates[row.pk], verb, "instrument", row.instrument_id, "instrument_step", row.pk
            )


def _corrections(
    first: dt.datetime, end: dt.datetime, today: dt.date, only: Only
) -> Iterator[Change]:
    about = reduce(
        or_, (_among(noun, keys) & Q(**{f"{noun}__isnull": False}) for noun, keys in only.items())
    )
    rows = public.corrections(today).filter(
        about, made_on__gte=first.date(), made_on__lt=end.date()
    )
    for row in rows.order_by("pk"):
        noun = next(name for name in CORRECTED if getattr(row, f"{name}_id") is not None)
        when = dt.datetime.combine(row.made_on, dt.time.max, dt.UTC)
        record = getattr(row, f"{noun}_id")
        yield Change(when, ChangeVerb.CORRECTED, noun, record, "correction", row.pk)


def _of_party(noun: str, code: str, today: dt.date) -> Collection[int]:
    """Return the keys of the records of a noun that concern a party.

    A commitment concerns those who owe it or are owed it, and who took part where it was made.
    """
    events = Involvement.objects.order_by().filter(party__code=code).values("event")
    if noun == "event":
        return set(events.values_list("event", flat=True))
    if noun == "commitment":
        named = CommitmentParty.objects.order_by().filter(party__code=code).values("commitment")
        found = Commitment.objects.order_by().filter(Q(pk__in=named) | Q(event__in=events))
        return set(found.values_list("pk", flat=True))
    if noun == "instrument":
        links = InstrumentParty.objects.order_by().filter(party__code=code)
        return set(links.values_list("instrument", flat=True))
    return {view.framework.pk for view in host_turns(today) if view.includes(code)}


_SOURCES: Final[Mapping[str, Any]] = {
    "status_update": StatusUpdate.objects.all(),
    "instrument_step": InstrumentStep.objects.select_related("party"),
    "correction": Correction.objects.all(),
}


def shown(changes: Sequence[Change]) -> list[ShownChange]:
    """Load the records of these changes and the rows that made them, by a few queries."""
    records: dict[str, Mapping[int, Any]] = {}
    for noun, model in MODELS.items():
        keys = {change.record for change in changes if change.noun == noun}
        records[noun] = model._default_manager.in_bulk(keys) if keys else {}
    rows: dict[str, Mapping[int, Any]] = defaultdict(dict)
    for source in {change.source for change in changes}:
        made = [change for change in changes if change.source == source]
        keys = {key for change in made for key in (change.row, change.before) if key is not None}
        if source in _SOURCES:
            rows[source] = _SOURCES[source].all().in_bulk(keys)
        elif source in MODELS:
            history = MODELS[source].history.filter(history_id__in=keys)  # type: ignore[attr-defined]
            rows[source] = {row.history_id: row for row in history}
    parts: dict[str, Any] = {}
    for noun in MODELS:
        written = [row for change in changes if change.noun == noun for row in change.parts]
        parts[noun] = shown_parts(noun, written) if written else ({}, {})
    return [
        ShownChange(
            change,
            records[change.noun][change.record],
            rows[change.source].get(change.row),
            rows[change.source][change.before] if change.before is not None else None,
            [parts[change.noun][0][row] for row in change.parts],
            parts[change.noun][1],
        )
        for change in changes
    ]
