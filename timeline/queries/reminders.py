"""Reminders for editors: what is due, late, waited for or not searched, and drafts in review."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from timeline.core.codes import Binding, FrameworkState, InstrumentAct, Publication
from timeline.core.instruments import CONSENTS, WAITING_AFTER, statuses
from timeline.core.question import LedgerQuestion
from timeline.core.searched import SEARCH_AFTER, is_neglected
from timeline.models import Commitment, Event, Framework, Identity, Instrument, InstrumentStep
from timeline.models._shared import Publishable
from timeline.queries import commitments, frameworks, instruments, ledger, searched
from timeline.queries.as_of import AsOf
from timeline.queries.commitments import CommitmentView
from timeline.queries.frameworks import FrameworkView
from timeline.queries.identity import identity
from timeline.queries.instruments import InstrumentView

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
    rows: list[Event] | list[Commitment] | list[Framework] | list[Instrument]


@dataclass(frozen=True, slots=True)
class UnratifiedTexts:
    """The first texts for which a ratification is waited for, and how many there are."""

    total: int
    rows: list[InstrumentView]


@dataclass(frozen=True, slots=True)
class Reminders:
    """What an editor is reminded of on a day; an overdue commitment may be quiet as well.

    ``unsearched`` are the whole record and frameworks that were not searched for 90 days, the one
    that was searched the longest ago first, the record before them.
    """

    frameworks: list[FrameworkView]
    overdue: LateCommitments
    quiet: LateCommitments
    unratified: UnratifiedTexts
    waiting: list[Waiting]
    unsearched: list[Identity | Framework]

    def __bool__(self) -> bool:
        late = self.overdue.total or self.quiet.total
        due = self.frameworks or self.unratified.total
        return bool(due or late or self.waiting or self.unsearched)

    @property
    def waiting_total(self) -> int:
        """The number of drafts in review, of all kinds."""
        return sum(drafts.total for drafts in self.waiting)


def reminders(today: dt.date, kinds: Collection[type[Publishable]]) -> Reminders:
    """Collect the reminders of a day, what is late or waited for the longest first.

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
        unratified=_unratified(when),
        waiting=[drafts for drafts in drafts_by_kind if drafts.total],
        unsearched=_unsearched(today),
    )


def _unsearched(today: dt.date) -> list[Identity | Framework]:
    """Return what was not searched for 90 days: the record, and published frameworks."""
    since = today - dt.timedelta(days=SEARCH_AFTER)
    frameworks = Framework.objects.published().filter(
        Q(ended_earliest=None) | Q(ended_earliest__gt=today), searched_until__lte=since
    )
    record = identity()
    return [
        *([record] if is_neglected(record.searched_until, today) else []),
        *frameworks.order_by("searched_until", "pk"),
    ]


_RECORDS: Final[tuple[QuerySet[Any], ...]] = (
    Event.objects.order_by("pk"),
    Commitment.objects.select_related("event").order_by("pk"),
    Framework.objects.order_by("pk"),
    Instrument.objects.order_by("pk"),
)


def _in_review(rows: QuerySet[Any]) -> Waiting:
    in_review = rows.filter(publication=Publication.IN_REVIEW)
    return Waiting(in_review.count(), list(in_review[:SHOWN]))


def _late(counted: tuple[int, list[int]], when: AsOf) -> LateCommitments:
    total, keys = counted
    return LateCommitments(total, commitments.in_order(keys, when))


def _unratified(when: AsOf) -> UnratifiedTexts:
    keys = unratified(when)
    return UnratifiedTexts(len(keys), instruments.in_order(keys[:SHOWN], when))


def unratified(when: AsOf) -> list[int]:
    """Return the keys of published texts with a party whose ratification is waited for.

    Those signed the longest ago stand first. Only texts with an early signatory of which no valid
    consent is on record are read.
    """
    clock = searched.clock(when)
    consents = InstrumentStep.objects.filter(
        instrument=OuterRef("instrument"),
        party=OuterRef("party"),
        act__in=CONSENTS,
        corrected_by=None,
        regarded_by=None,
    )
    signed = InstrumentStep.objects.filter(
        ~Exists(consents),
        act=InstrumentAct.SIGNED,
        latest__lt=clock.day - dt.timedelta(days=WAITING_AFTER),
    )
    texts = Instrument.objects.published().filter(
        pk__in=signed.values("instrument"), binds=Binding.BY_RATIFICATION
    )
    since = {}
    for text in texts.prefetch_related("party_links", "steps"):
        parties = [link.party_id for link in text.party_links.all()]
        values = [step.as_value() for step in text.steps.all()]
        found = statuses(Binding(text.binds), parties, values, *clock).values()
        if waited := [one.since.done.latest for one in found if one.waiting and one.since]:
            since[text.pk] = min(waited)
    return sorted(since, key=lambda key: (since[key], key))


def late_commitments(clock: str, today: dt.date) -> list[int]:
    """Return the keys of the longest ``overdue`` or ``quiet`` commitments, as ``clock`` says."""
    question = LedgerQuestion(overdue=clock == "overdue", quiet=clock == "quiet")
    _total, keys = ledger.on(AsOf(today)).late(question, LISTED)
    return keys
