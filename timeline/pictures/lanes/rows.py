"""The database rows that lanes show: the events that get a mark each, and open commitments."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Final

from django.db.models import Prefetch

from timeline.core.codes import CommitmentStatus
from timeline.core.dates import EdtfDate
from timeline.core.question import LedgerQuestion, Question
from timeline.core.searched import Clock
from timeline.core.status import CLOSED
from timeline.models import Commitment, Event, EventSector, Participation
from timeline.queries import ledger
from timeline.queries.as_of import AsOf

OPEN: Final = tuple(code.value for code in CommitmentStatus if code not in CLOSED)
"""The states of commitments that are still open."""


@dataclass(frozen=True, slots=True)
class MarkedEvent:
    """An event with what its mark shows; ``parties`` are the keys of those that a source names."""

    slug: str
    kind: str
    state: str
    title: str
    date: EdtfDate
    parties: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpenCommitment:
    """An open commitment with what its bar shows.

    It is ``unsearched`` if its due date is past, but sources were not searched since.
    """

    key: int
    slug: str
    title: str
    status: str
    made: dt.date
    due: EdtfDate | None
    overdue: bool
    unsearched: bool


def marked(keys: Collection[int]) -> dict[int, MarkedEvent]:
    """Load these events by key, their parties in the order in which they were recorded."""
    participations = Participation.objects.order_by("pk")
    events = Event.objects.filter(pk__in=keys).order_by()
    columns = ("slug", "kind", "state", "title_fr", "title_en", "date")
    return as_marked(
        events.only(*columns).prefetch_related(Prefetch("participations", participations))
    )


def sectors_of(keys: Collection[int]) -> dict[int, set[str]]:
    """Return the slugs of the sectors of these events, by key."""
    links = EventSector.objects.filter(event__in=keys).order_by()
    sectors: dict[int, set[str]] = defaultdict(set)
    for event, slug in links.values_list("event", "sector__slug"):
        sectors[event].add(slug)
    return sectors


def as_marked(events: Iterable[Event]) -> dict[int, MarkedEvent]:
    """Convert events whose participations are prefetched; return them by key."""
    return {
        event.pk: MarkedEvent(
            event.slug,
            event.kind,
            event.state,
            str(event.title),
            event.date,
            tuple(dict.fromkeys(row.party_id for row in event.participations.all())),
        )
        for event in events
    }


def still_open(question: Question) -> LedgerQuestion:
    """Return the question about the open commitments of the events that a question finds."""
    values = {field.name: getattr(question, field.name) for field in fields(Question)}
    values |= {"after": "", "display": Question().display, "statuses": OPEN}
    return LedgerQuestion(**values)


def open_commitments(
    question: Question, span: tuple[dt.date, dt.date], limit: int, clock: Clock
) -> tuple[int, list[OpenCommitment]]:
    """Count a question's open commitments; load up to ``limit`` in a span of days, by due date."""
    when, open_question = AsOf(clock.as_of), still_open(question)
    narrowed = ledger.narrowed(open_question, when)
    total, statuses = ledger.on(when).standing(open_question, narrowed, span, limit)
    rows = Commitment.objects.select_related("event").only(
        "slug", "title_fr", "title_en", "due", "made_on", "event__date"
    )
    commitments = rows.in_bulk([key for key, _status in statuses])
    return total, [
        _commitment(commitments[key], status, clock)
        for key, status in statuses
        if key in commitments
    ]


def _commitment(row: Commitment, status: str, clock: Clock) -> OpenCommitment:
    due = row.due
    return OpenCommitment(
        row.pk,
        row.slug,
        str(row.title),
        status,
        row.date_made.earliest,
        due,
        overdue=due is not None and due.latest < clock.day,
        unsearched=due is not None and clock.day <= due.latest < clock.as_of,
    )
