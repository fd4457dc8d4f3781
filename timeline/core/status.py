"""Where a commitment stands and how old its last evidence is: two clocks, never mixed."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from timeline.core.codes import CommitmentStatus
from timeline.core.dates import EdtfDate

QUIET_AFTER: Final = 270
"""Days without evidence after which an open commitment is quiet."""

CLOSED: Final = frozenset(
    {CommitmentStatus.FULFILLED, CommitmentStatus.BROKEN, CommitmentStatus.SUPERSEDED}
)
"""States from which nothing more is owed."""

ENOUGH: Final = 5
"""Scored commitments below which no mean is given."""

_SCORES: Final = {
    CommitmentStatus.FULFILLED: 1,
    CommitmentStatus.PARTLY_FULFILLED: 0,
    CommitmentStatus.IN_PROGRESS: 0,
    CommitmentStatus.BROKEN: -1,
}


@dataclass(frozen=True, slots=True)
class Update:
    """One dated step; ``corrects`` is the key of the step that it puts right."""

    key: int
    date: EdtfDate
    entry: int
    status: CommitmentStatus
    corrects: int | None = None


class Tally(NamedTuple):
    """A mean score from −1 to +1 (None for fewer than five), how many it rests on, and how many
    could not be scored."""

    mean: float | None
    scored: int
    unscored: int


def uncorrected(updates: Iterable[Update]) -> tuple[Update, ...]:
    """The steps that no other step corrects, by date and then by entry.

    Dates known less precisely stand by the last day that they may mean, then by the first. A step
    stays corrected when its correction is corrected in turn: the last word is the newest step's.
    """
    known = list(updates)
    corrected = {update.corrects for update in known}
    kept = (update for update in known if update.key not in corrected)
    return tuple(sorted(kept, key=lambda u: (u.date.latest, u.date.earliest, u.entry, u.key)))


def current(updates: Iterable[Update]) -> Update | None:
    """The step that says where the commitment stands, which is also its last evidence.

    It may move backwards. None when there is no step.
    """
    kept = uncorrected(updates)
    return kept[-1] if kept else None


def as_of(updates: Iterable[Update], day: dt.date) -> tuple[Update, ...]:
    """The steps that are not dated after a day, in the order given.

    A step counts from the first day that its date may mean, so that one entered today and dated
    'this year' shows today with and without ``asof``. A correction dated later does not count
    either: what it corrects stands again.
    """
    return tuple(update for update in updates if update.date.earliest <= day)


def evidence_age(update: Update, today: dt.date) -> int:
    """Days since a step: since the last day that its date may mean, and never below 0."""
    return max((today - update.date.latest).days, 0)


def is_quiet(update: Update | None, today: dt.date) -> bool:
    """Whether an open commitment has had no evidence for 270 days; never where there is no step,
    since there is then no day to count from."""
    return (
        update is not None
        and update.status not in CLOSED
        and evidence_age(update, today) >= QUIET_AFTER
    )


def is_overdue(update: Update | None, due: EdtfDate | None, today: dt.date) -> bool:
    """Whether an open commitment is past the last day on which it may have been due.

    One without a step is open.
    """
    closed = update is not None and update.status in CLOSED
    return due is not None and due.latest < today and not closed


def score(status: CommitmentStatus) -> int | None:
    """The three-step scale of the summit-compliance literature, from −1 to +1.

    None where it gives no score: announced, agreed, stalled and superseded.
    """
    return _SCORES.get(status)


def tally(statuses: Iterable[CommitmentStatus]) -> Tally:
    """Score several commitments; no mean is given for fewer than five."""
    return tally_of_counts(Counter(statuses))


def tally_of_counts(counts: Mapping[CommitmentStatus, int]) -> Tally:
    """Score commitments counted by state, as :func:`tally` does."""
    known = {code: value for code in counts if (value := score(code)) is not None}
    scored = sum(counts[code] for code in known)
    summed = sum(value * counts[code] for code, value in known.items())
    mean = summed / scored if scored >= ENOUGH else None
    return Tally(mean, scored, sum(counts.values()) - scored)
