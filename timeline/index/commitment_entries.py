"""A commitment as the ledger's index reads it, and the filter values that find it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from timeline.core import status
from timeline.core.codes import CommitmentNature, CommitmentStatus
from timeline.core.dates import EdtfDate
from timeline.core.filters import COUNTED_OF_COMMITMENTS

THROUGH_BLOCS: Final = frozenset({"party", "obligor", "beneficiary"})
"""Groups in which a state is also found through a bloc of which it was a member on the day."""

SIDE: Final = "side"
"""The group of the sides of mutual commitments: its values are the number of a side and a code."""

NATURE: Final = "nature"
"""The group of undertakings and requests."""

GROUPS: Final = (
    *COUNTED_OF_COMMITMENTS,
    NATURE,
    SIDE,
    *(f"{group} directly" for group in (*sorted(THROUGH_BLOCS), SIDE)),
)
"""All groups of values: those with options, and for each group of parties one without blocs."""


class Parties(NamedTuple):
    """Codes of parties with one role: those named, and members of a bloc that is named."""

    direct: tuple[str, ...] = ()
    through: tuple[str, ...] = ()


NOBODY: Final = Parties()


@dataclass(frozen=True, slots=True)
class IndexedCommitment:
    """A commitment as the ledger counts it.

    ``event`` is the key of the event at which it was made and ``of_event`` its values by filter;
    ``made`` is the day on which it was made, the event's unless a source gives another. ``before``
    are the keys of the earlier wordings that led to this one, the first one first; empty if it
    restates nothing. ``sectors`` include the parents of its sectors. ``sides`` are those of a
    mutual commitment, each of which owes it to the others; empty for what is not mutual.
    ``in_request`` are those who ask and are asked in a request.
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
    sides: tuple[Parties, ...] = ()
    nature: CommitmentNature = CommitmentNature.UNDERTAKING
    in_request: Parties = NOBODY

    @property
    def is_request(self) -> bool:
        """Whether nobody undertook it, so that it has no state and no clock."""
        return self.nature == CommitmentNature.REQUEST


def group_of(group: str, *, directly: bool) -> str:
    """Return the name of a group; ``directly`` means without parties found through a bloc."""
    return f"{group} directly" if directly and (group in THROUGH_BLOCS or group == SIDE) else group


def side_value(number: int, code: str) -> str:
    """Return the value of the group of sides for a party on the side with a number."""
    return f"{number} {code}"


def values_of(
    entry: IndexedCommitment, state: CommitmentStatus
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each group with the values that a commitment in this state has in it."""
    owing = entry.obligors
    owed = entry.obligors if entry.sides else entry.beneficiaries
    request = entry.in_request
    yield NATURE, (entry.nature.value,)
    yield "status", () if entry.is_request else (state.value,)
    yield "sector", entry.sectors
    yield "obligor", (*owing.direct, *owing.through)
    yield "beneficiary", (*owed.direct, *owed.through)
    yield (
        "party",
        (
            *(*owing.direct, *owing.through, *owed.direct, *owed.through),
            *(*request.direct, *request.through),
        ),
    )
    for name, value in entry.of_event.items():
        yield name, (value,) if value else ()
    yield "source_kind", entry.source_kinds
    yield "obligor directly", owing.direct
    yield "beneficiary directly", owed.direct
    yield "party directly", (*owing.direct, *owed.direct, *request.direct)
    sides = list(enumerate(entry.sides))
    yield (
        SIDE,
        tuple(side_value(n, code) for n, side in sides for code in (*side.direct, *side.through)),
    )
    yield (
        f"{SIDE} directly",
        tuple(side_value(n, code) for n, side in sides for code in side.direct),
    )
