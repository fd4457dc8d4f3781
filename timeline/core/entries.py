"""What the ledger reads of a commitment, and the values by which a filter finds it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from timeline.core import status
from timeline.core.codes import CommitmentStatus
from timeline.core.dates import EdtfDate

OPTION_GROUPS: Final = (
    "status",
    "sector",
    "obligor",
    "beneficiary",
    "party",
    "framework",
    "kind",
    "state",
    "source_kind",
)
"""The groups of options that carry a count for each of their values."""

THROUGH_BLOCS: Final = frozenset({"party", "obligor", "beneficiary"})
"""Groups in which a state is also found through a bloc that it belonged to on the day."""

GROUPS: Final = (*OPTION_GROUPS, *(f"{group} directly" for group in sorted(THROUGH_BLOCS)))
"""All groups of values: those with options, and those of parties named themselves alone."""


class Parties(NamedTuple):
    """Codes of parties with one role: named themselves, and members of a bloc that is named."""

    direct: tuple[str, ...] = ()
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A commitment as the ledger counts it.

    ``event`` is the key of that at which it was made, and ``made``, ``kind`` and ``state`` are its.
    ``before`` are the keys of the wordings that led to it, the first one first: none where it
    restates nothing. ``sectors`` hold the parents of its sectors, too.
    """

    key: int
    event: int
    before: tuple[int, ...]
    made: EdtfDate
    kind: str
    state: str
    framework: str | None
    due: EdtfDate | None
    updates: tuple[status.Update, ...]
    obligors: Parties
    beneficiaries: Parties
    sectors: tuple[str, ...]
    source_kinds: tuple[str, ...]


def group_of(group: str, *, directly: bool) -> str:
    """The name of a group of values; ``directly`` leaves out what is only through a bloc."""
    return f"{group} directly" if directly and group in THROUGH_BLOCS else group


def values_of(entry: Entry, standing: CommitmentStatus) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each group with the values by which it finds a commitment in this state."""
    owed, owing = entry.beneficiaries, entry.obligors
    yield "status", (standing.value,)
    yield "sector", entry.sectors
    yield "obligor", (*owing.direct, *owing.through)
    yield "beneficiary", (*owed.direct, *owed.through)
    yield "party", (*owing.direct, *owing.through, *owed.direct, *owed.through)
    yield "framework", (entry.framework,) if entry.framework else ()
    yield "kind", (entry.kind,)
    yield "state", (entry.state,)
    yield "source_kind", entry.source_kinds
    yield "obligor directly", owing.direct
    yield "beneficiary directly", owed.direct
    yield "party directly", (*owing.direct, *owed.direct)
