"""The entries of feeds: commitments and texts with their edits, and which of them are recent."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from django.db.models import Q

from timeline.core import status
from timeline.core.batches import batched
from timeline.core.codes import CommitmentRole, CommitmentStatus
from timeline.core.dates import EdtfDate
from timeline.core.searched import Clock
from timeline.fields import Forms, form_columns
from timeline.models import (
    Commitment,
    CommitmentParty,
    Event,
    Instrument,
    InstrumentStep,
    StatusUpdate,
)
from timeline.queries import ledger_loader, searched
from timeline.queries.as_of import AsOf, rewind
from timeline.queries.calendars import BATCH, CalendarNames, parts
from timeline.queries.edits import Edits, edits_of_commitments, edits_of_instruments
from timeline.queries.instrument_lives import lives
from timeline.queries.keys import Keys, in_order


class CommitmentEntry(NamedTuple):
    """A commitment in a feed, with its state on a day and the names of who owes it to whom."""

    key: int
    slug: str
    published_at: dt.datetime | None
    made: EdtfDate
    due: EdtfDate | None
    status: str
    title: Forms
    wording: Forms
    obligors: Sequence[Forms]
    beneficiaries: Sequence[Forms]
    edits: Edits


class InstrumentEntry(NamedTuple):
    """A text in a feed, with its state on a day and the names of its parties."""

    key: int
    slug: str
    published_at: dt.datetime | None
    date: EdtfDate
    state: str
    title: Forms
    summary: Forms
    parties: Sequence[Forms]
    edits: Edits


def recent_commitments(since: dt.date) -> set[int]:
    """Return the commitments that may have been made, followed up or due since a day."""
    followed = StatusUpdate.objects.order_by().filter(latest__gte=since).values("commitment")
    recent = Commitment.objects.published().filter(
        Q(made_latest__gte=since)
        | Q(made_on=None, event__latest__gte=since)
        | Q(due_latest__gte=since)
        | Q(pk__in=followed)
    )
    return set(recent.order_by().values_list("pk", flat=True))


def recent_instruments(since: dt.date) -> set[int]:
    """Return the texts that may have been concluded, or have had a step, since a day."""
    steps = InstrumentStep.objects.order_by().filter(latest__gte=since).values("instrument")
    recent = Instrument.objects.published().filter(Q(latest__gte=since) | Q(pk__in=steps))
    return set(recent.order_by().values_list("pk", flat=True))


def commitment_entries(ids: Sequence[int], when: AsOf) -> Iterator[list[CommitmentEntry]]:
    """Yield commitments in the order of the keys, batch by batch, each by a few queries."""
    names = CalendarNames()
    for keys in batched(ids, BATCH):
        yield _commitments(keys, when, names)


_COLUMNS: Final = (
    *("pk", "slug", "published_at", "made_on", "event", "event__date", "due"),
    *(*form_columns("title"), *form_columns("wording")),
)


def _commitments(keys: Sequence[int], when: AsOf, names: CalendarNames) -> list[CommitmentEntry]:
    these = Keys(keys)
    rows = Commitment.objects.published().filter(pk__in=these).order_by()
    records = {row[0]: row for row in rows.values_list(*_COLUMNS)}
    dates = _dates_then({row[4] for row in records.values()}, when)
    links = parts(CommitmentParty, "commitment", these, "role", "party")
    parties = names.parties(party for some in links.values() for _role, party in some)
    updates = ledger_loader.updates(StatusUpdate.objects.filter(commitment__in=these), when)
    edits = edits_of_commitments(keys)
    found = []
    for key, row in in_order(records, keys):
        _key, slug, published_at, made_on, event, date, due, *texts = row
        last = status.current(updates.get(key, ()))
        obligors, beneficiaries = (
            [parties[party] for held, party in links[key] if held == role] for role in _OWING
        )
        found.append(
            CommitmentEntry(
                key,
                slug,
                published_at,
                made=made_on or dates.get(event, date),
                due=due,
                status=last.status if last else CommitmentStatus.ANNOUNCED,
                title=tuple(texts[:2]),
                wording=tuple(texts[2:]),
                obligors=obligors,
                beneficiaries=beneficiaries,
                edits=edits[key],
            )
        )
    return found


_OWING: Final = (CommitmentRole.OBLIGOR, CommitmentRole.BENEFICIARY)


def _dates_then(events: Iterable[int], when: AsOf) -> dict[int, EdtfDate]:
    """Return the dates of events as of a past day; empty for today."""
    if not when.is_past:
        return {}
    rows = [*Event.objects.filter(pk__in=Keys(events)).only("state", "date")]
    rewind(rows, when)
    return {event.pk: event.date for event in rows}


def instrument_entries(ids: Sequence[int], when: AsOf) -> Iterator[list[InstrumentEntry]]:
    """Yield texts in the order of the keys, batch by batch, each by a few queries."""
    names, clock = CalendarNames(), searched.clock(when)
    for keys in batched(ids, BATCH):
        yield _instruments(keys, clock, names)


def _instruments(keys: Sequence[int], clock: Clock, names: CalendarNames) -> list[InstrumentEntry]:
    by_key = {life.key: life for life in lives(keys)}
    columns = ("slug", "published_at", *form_columns("title"), *form_columns("summary"))
    rows = Instrument.objects.filter(pk__in=Keys(keys)).order_by().values_list("pk", *columns)
    records = {key: row for key, *row in rows}
    parties = names.parties(party for life in by_key.values() for party in life.parties)
    edits = edits_of_instruments(keys)
    found = []
    for key, life in in_order(by_key, keys):
        slug, published_at, *texts = records[key]
        state, _statuses = life.on(clock)
        found.append(
            InstrumentEntry(
                key,
                slug,
                published_at,
                date=life.date,
                state=state.state,
                title=tuple(texts[:2]),
                summary=tuple(texts[2:]),
                parties=[parties[party] for party in life.parties],
                edits=edits[key],
            )
        )
    return found
