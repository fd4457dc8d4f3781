"""The rows that lanes mark: events few enough to stand by themselves, commitments, frameworks."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Final

from django.db.models import Prefetch

from timeline.core.codes import CommitmentStatus
from timeline.core.dates import EdtfDate
from timeline.core.question import LedgerQuestion, Question
from timeline.core.status import CLOSED
from timeline.models import Commitment, Event, Participation
from timeline.queries import ledger
from timeline.queries.as_of import AsOf

OPEN: Final = tuple(code.value for code in CommitmentStatus if code not in CLOSED)
"""The states of commitments from which something is still owed."""


@dataclass(frozen=True, slots=True)
class MarkedEvent:
    """An event as a mark tells it; ``parties`` are the keys of those that a source names."""

    slug: str
    kind: str
    state: str
    title: str
    date: EdtfDate
    parties: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpenCommitment:
    """An open commitment as a bar tells it: where it stands, when it was made and is due."""

    key: int
    slug: str
    title: str
    status: str
    made: dt.date
    due: EdtfDate | None
    overdue: bool


def marked(keys: Collection[int]) -> dict[int, MarkedEvent]:
    """These events by key, parties in the order in which they were recorded."""
    ways = Participation.objects.order_by("pk")
    rows = Event.objects.filter(pk__in=keys).order_by()
    columns = ("slug", "kind", "state", "title_fr", "title_en", "date")
    return as_marked(rows.only(*columns).prefetch_related(Prefetch("participations", ways)))


def as_marked(events: Iterable[Event]) -> dict[int, MarkedEvent]:
    """These events by key, as marks tell them; their participations are fetched before."""
    return {
        event.pk: MarkedEvent(
            event.slug,
            event.kind,
            event.state,
            str(event.title),
            event.date,
            tuple(dict.fromkeys(one.party_id for one in event.participations.all())),
        )
        for event in events
    }


def still_open(question: Question) -> LedgerQuestion:
    """What a question asks, of commitments that are still open."""
    given = {field.name: getattr(question, field.name) for field in fields(Question)}
    return LedgerQuestion(**{**given, "after": "", "display": Question().display, "statuses": OPEN})


def open_commitments(
    question: Question, span: tuple[dt.date, dt.date], most: int, today: dt.date
) -> tuple[int, list[OpenCommitment]]:
    """How many open commitments answer a question, and those in a span of days, due first."""
    when, asked = AsOf(today), still_open(question)
    narrowed = ledger.narrowed(asked, when)
    total, standing = ledger.on(when).standing(asked, narrowed, span, most)
    rows = Commitment.objects.select_related("event").only(
        "slug", "title_fr", "title_en", "due", "event__earliest"
    )
    found = rows.in_bulk([key for key, _status in standing])
    return total, [
        _commitment(found[key], status, today) for key, status in standing if key in found
    ]


def _commitment(row: Commitment, status: str, today: dt.date) -> OpenCommitment:
    late = row.due is not None and row.due.latest < today
    return OpenCommitment(
        row.pk, row.slug, str(row.title), status, row.event.earliest, row.due, late
    )
