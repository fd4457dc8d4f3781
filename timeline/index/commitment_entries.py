"""What the ledger reads of a commitment, and the values by which a filter finds it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from timeline.core import status
from timeline.core.codes import CommitmentStatus
from timeline.core.dates import EdtfDate
from timeline.core.filters import COUNTED_OF_COMMITMENTS

THROUGH_BLOCS: Final = frozenset({"party", "obligor", "beneficiary"})
"""Groups in which a state is also found through a bloc that it belonged to on the day."""

GROUPS: Final = (*COUNTED_OF_COMMITMENTS, *(f"{group} directly" for group in sorted(THROUGH_BLOCS)))
"""All groups of values: those with options, and those of parties named themselves alone."""


class Parties(NamedTuple):
    """Codes of parties with one role: named themselves, and members of a bloc that is named."""

    direct: tuple[str, ...] = ()
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A commitment as the ledger counts it.

    ``event`` is the key of that at which it was made, ``made`` its date and ``of_event`` what it is
    found by, by filter.
    ``before`` are the keys of the wordings that led to it, the first one first: none where it
    restates nothing. ``sectors`` hold the parents of its sectors, too.
    """

    key: int
    event: int
    before: tuple[int, ...]
    made: EdtfDate
    of_event: Mapping[str, str | None]
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
    for name, value in entry.of_event.items():
        yield name, (value,) if value else ()
    yield "source_kind", entry.source_kinds
    yield "obligor directly", owing.direct
    yield "beneficiary directly", owed.direct
    yield "party directly", (*owing.direct, *owed.direct)
