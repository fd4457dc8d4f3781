"""Reminders for editors: due sessions, overdue and quiet commitments, drafts in review."""

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
"""Largest number of records listed of each kind, beside their total."""

LISTED: Final = 10_000
"""Largest number of late commitments in a list: a database limits the values in one query."""

_PRESSING: Final = (FrameworkState.OVERDUE, FrameworkState.DUE)


@dataclass(frozen=True, slots=True)
class LateCommitments:
    """The first commitments that are overdue or quiet, and how many there are."""

    total: int
    rows: list[CommitmentView]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first drafts in review of one kind, and how many there are."""

    total: int
    rows: list[Event] | list[Commitment] | list[Framework]


@dataclass(frozen=True, slots=True)
class Reminders:
    """What an editor is reminded of on a day; an overdue commitment may be quiet as well."""

    frameworks: list[FrameworkView]
    overdue: LateCommitments
    quiet: LateCommitments
    waiting: list[Waiting]

    def __bool__(self) -> bool:
        late = self.overdue.total or self.quiet.total
        return bool(self.frameworks or late or self.waiting)

    @property
    def waiting_total(self) -> int:
        """The number of drafts in review, of all kinds."""
        return sum(drafts.total for drafts in self.waiting)


def reminders(today: dt.date, kinds: Collection[type[Publishable]]) -> Reminders:
    """Collect the reminders of a day, the longest overdue or quiet commitments first.

    ``kinds`` are the models whose drafts are listed: those that the editor may change.
    """
    when = AsOf(today)
    commitment_ledger = ledger.on(when)
    drafts_by_kind = (_in_review(rows) for rows in _RECORDS if rows.model in kinds)
    return Reminders(
        frameworks=[
            view for view in frameworks.all_views(when) if view.host_turn.state in _PRESSING
        ],
        overdue=_late(commitment_ledger.late(LedgerQuestion(overdue=True), SHOWN), when),
        quiet=_late(commitment_ledger.late(LedgerQuestion(quiet=True), SHOWN), when),
        waiting=[drafts for drafts in drafts_by_kind if drafts.total],
    )


_RECORDS: Final[tuple[QuerySet[Any], ...]] = (
    Event.objects.order_by("pk"),
    Commitment.objects.select_related("event").order_by("pk"),
    Framework.objects.order_by("pk"),
)


def _in_review(rows: QuerySet[Any]) -> Waiting:
    in_review = rows.filter(publication=Publication.IN_REVIEW)
    return Waiting(in_review.count(), list(in_review[:SHOWN]))


def _late(counted: tuple[int, list[int]], when: AsOf) -> LateCommitments:
    total, keys = counted
    return LateCommitments(total, commitments.in_order(keys, when))


def late_commitments(clock: str, today: dt.date) -> list[int]:
    """Return the keys of the longest ``overdue`` or ``quiet`` commitments, as ``clock`` says."""
    question = LedgerQuestion(overdue=clock == "overdue", quiet=clock == "quiet")
    _total, keys = ledger.on(AsOf(today)).late(question, LISTED)
    return keys
