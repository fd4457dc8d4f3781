"""The state of a commitment and the age of its last evidence: two clocks, never mixed.

Whether a commitment is quiet or overdue is computed for the day of the clock, which is never after
the day until which sources were searched (:mod:`timeline.core.searched`).
"""

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
"""States in which nothing more is owed."""

MIN_SCORED: Final = 5
"""The least number of scored commitments for which a mean is given."""

_SCORES: Final = {
    CommitmentStatus.FULFILLED: 1,
    CommitmentStatus.PARTLY_FULFILLED: 0,
    CommitmentStatus.IN_PROGRESS: 0,
    CommitmentStatus.BROKEN: -1,
}


@dataclass(frozen=True, slots=True)
class Update:
    """A dated step in a commitment's life; ``corrects`` is the key of the step that it corrects."""

    key: int
    date: EdtfDate
    entry: int
    status: CommitmentStatus
    corrects: int | None = None


class MeanScore(NamedTuple):
    """The score of several commitments.

    ``mean`` lies between −1 and +1, or is None where fewer than five are ``scored``; ``unscored``
    counts those that could not be scored.
    """

    mean: float | None
    scored: int
    unscored: int


def uncorrected(updates: Iterable[Update]) -> tuple[Update, ...]:
    """Return the steps that no other step corrects, by date and then by entry.

    Dates sort by their latest possible day, then by their earliest. A step stays corrected when
    its correction is corrected in turn: the newest step replaces both.
    """
    updates = list(updates)
    corrected = {update.corrects for update in updates}
    valid = (update for update in updates if update.key not in corrected)
    return tuple(sorted(valid, key=lambda u: (u.date.latest, u.date.earliest, u.entry, u.key)))


def current(updates: Iterable[Update]) -> Update | None:
    """Return the step that gives the current state, which is also the last evidence.

    The state may move backwards. None when there is no step.
    """
    valid = uncorrected(updates)
    return valid[-1] if valid else None


def as_of(updates: Iterable[Update], day: dt.date) -> tuple[Update, ...]:
    """Return the steps that are not dated after a day, in the order given.

    A step counts from its earliest possible day, so that one entered today and dated 'this year'
    shows today with and without ``asof``. A correction dated later does not count either: the
    step that it corrects is valid again.
    """
    return tuple(update for update in updates if update.date.earliest <= day)


def evidence_age(update: Update, today: dt.date) -> int:
    """Return the days since the latest possible day of a step, never below 0."""
    return max((today - update.date.latest).days, 0)


def is_quiet(update: Update | None, today: dt.date) -> bool:
    """Whether an open commitment has had no evidence for 270 days.

    One without a step is not quiet: there is no day to count from.
    """
    return (
        update is not None
        and update.status not in CLOSED
        and evidence_age(update, today) >= QUIET_AFTER
    )


def is_overdue(update: Update | None, due: EdtfDate | None, today: dt.date) -> bool:
    """Whether an open commitment is past the latest possible day of its due date.

    One without a step is open.
    """
    closed = update is not None and update.status in CLOSED
    return due is not None and due.latest < today and not closed


def score(status: CommitmentStatus) -> int | None:
    """Return the score of a state on the three-step scale of the summit-compliance literature.

    It is −1, 0 or +1; None for states that the scale does not score: announced, agreed, stalled
    and superseded.
    """
    return _SCORES.get(status)


def tally(statuses: Iterable[CommitmentStatus]) -> MeanScore:
    """Score several commitments by their states."""
    return tally_of_counts(Counter(statuses))


def tally_of_counts(counts: Mapping[CommitmentStatus, int]) -> MeanScore:
    """Score commitments counted by state, as :func:`tally` does."""
    scores = {code: value for code in counts if (value := score(code)) is not None}
    scored = sum(counts[code] for code in scores)
    total = sum(value * counts[code] for code, value in scores.items())
    mean = total / scored if scored >= MIN_SCORED else None
    return MeanScore(mean, scored, sum(counts.values()) - scored)
