"""What waits for an editor: sessions that are due, promises that are late or silent, drafts."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from timeline.core.codes import FrameworkState, Publication
from timeline.core.question import LedgerQuestion
from timeline.models import Commitment, Event, Framework
from timeline.models._shared import Publishable
from timeline.queries import commitments, frameworks, ledger
from timeline.queries.as_of import AsOf
from timeline.queries.commitments import CommitmentView
from timeline.queries.frameworks import FrameworkView

SHOWN: Final = 10
"""Records of a kind that are listed; how many there are is always said."""

LISTED: Final = 10_000
"""Late commitments that a list can hold: databases bound how many values a query takes."""

_PRESSING: Final = (FrameworkState.OVERDUE, FrameworkState.DUE)


@dataclass(frozen=True, slots=True)
class Late:
    """The first commitments of one kind, and how many there are."""

    total: int
    rows: list[CommitmentView]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first drafts of one kind that wait for review, and how many there are."""

    total: int
    rows: list[Event] | list[Commitment] | list[Framework]


@dataclass(frozen=True, slots=True)
class Reminders:
    """What waits for an editor on a day; a commitment both overdue and quiet stands in both."""

    frameworks: list[FrameworkView]
    overdue: Late
    quiet: Late
    waiting: list[Waiting]

    def __bool__(self) -> bool:
        late = self.overdue.total or self.quiet.total
        return bool(self.frameworks or late or self.waiting)

    @property
    def waiting_total(self) -> int:
        """How many drafts wait for review, of whatever kind."""
        return sum(one.total for one in self.waiting)


def reminders(today: dt.date, kinds: Collection[type[Publishable]]) -> Reminders:
    """Find what waits on a day, the longest overdue or silent first.

    Drafts are looked for among these kinds, those that the editor may change.
    """
    when = AsOf(today)
    told = ledger.on(when)
    found = (_waiting(rows) for rows in _DRAFTS if rows.model in kinds)
    return Reminders(
        frameworks=[
            view for view in frameworks.all_views(when) if view.standing.state in _PRESSING
        ],
        overdue=_late(told.late(LedgerQuestion(overdue=True), SHOWN), when),
        quiet=_late(told.late(LedgerQuestion(quiet=True), SHOWN), when),
        waiting=[one for one in found if one.total],
    )


_DRAFTS: Final[tuple[QuerySet[Any], ...]] = (
    Event.objects.order_by("pk"),
    Commitment.objects.select_related("event").order_by("pk"),
    Framework.objects.order_by("pk"),
)


def _waiting(rows: QuerySet[Any]) -> Waiting:
    in_review = rows.filter(publication=Publication.IN_REVIEW)
    return Waiting(in_review.count(), list(in_review[:SHOWN]))


def _late(found: tuple[int, list[int]], when: AsOf) -> Late:
    total, keys = found
    return Late(total, commitments.in_order(keys, when))


def late_commitments(clock: str, today: dt.date) -> list[int]:
    """The keys of the commitments that are late the longest by ``overdue`` or by ``quiet``."""
    question = LedgerQuestion(overdue=clock == "overdue", quiet=clock == "quiet")
    _total, keys = ledger.on(AsOf(today)).late(question, LISTED)
    return keys
