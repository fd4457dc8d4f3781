"""The filters of a question, each named once for all that read, count and show them.

A filter is a parameter that may be repeated. Of several values any will do, but of parties all are
needed unless the question says otherwise.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from timeline.core.codes import CommitmentStatus, EventKind, EventState, SourceKind


class Filter(NamedTuple):
    """How one filter is held and decided.

    ``attribute`` of a question holds its values. ``codes`` are the only ones that it takes, where
    they are a closed list. ``column`` is the column of an event that decides it, where one does.
    ``is_counted`` says that its values are offered as options, each with the number it would find.
    """

    attribute: str
    codes: type[StrEnum] | None = None
    column: str = ""
    is_counted: bool = False


OF_EVENTS: Final[Mapping[str, Filter]] = {
    "sector": Filter("sectors", is_counted=True),
    "party": Filter("parties", is_counted=True),
    "kind": Filter("kinds", EventKind, column="kind", is_counted=True),
    "state": Filter("states", EventState, column="state", is_counted=True),
    "framework": Filter("frameworks", column="framework", is_counted=True),
    "place": Filter("places", column="place"),
    "person": Filter("people"),
    "source": Filter("sources"),
    "source_kind": Filter("source_kinds", SourceKind, is_counted=True),
}
"""By parameter, in the order in which addresses name them."""

OF_COMMITMENTS: Final[Mapping[str, Filter]] = {
    **OF_EVENTS,
    "status": Filter("statuses", CommitmentStatus, is_counted=True),
    "obligor": Filter("obligors", is_counted=True),
    "beneficiary": Filter("beneficiaries", is_counted=True),
}
"""Those of the events that commitments were made at, and those of commitments alone."""

COUNTED: Final = tuple(name for name, one in OF_EVENTS.items() if one.is_counted)
"""The filters of events whose values are offered with counts."""

COUNTED_OF_COMMITMENTS: Final = tuple(
    name for name, one in OF_COMMITMENTS.items() if one.is_counted
)
"""The filters of commitments whose values are offered with counts."""

CODED: Final[Mapping[str, type[StrEnum]]] = {
    name: one.codes for name, one in OF_COMMITMENTS.items() if one.codes
}
"""The codes of the filters that take no other values."""

COLUMNS: Final[Mapping[str, str]] = {
    name: one.column for name, one in OF_EVENTS.items() if one.column
}
"""The columns of events that decide a filter."""

CODED_COLUMNS: Final[Mapping[str, str]] = {
    name: column for name, column in COLUMNS.items() if name in CODED
}
"""Those of them that hold a code."""
