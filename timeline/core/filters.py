"""The filters of a question, defined once for all code that parses, counts and shows them.

A filter is a parameter that may be repeated. An event matches if it has any of the values, but with
parties it must have all of them unless the question says otherwise.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from timeline.core.codes import (
    Binding,
    CommitmentStatus,
    EventKind,
    EventState,
    InstrumentKind,
    InstrumentState,
    PartyStatus,
    SourceKind,
)


class Filter(NamedTuple):
    """The definition of a filter.

    ``attribute`` is the attribute of a question with the chosen values. ``codes`` are the valid
    values where they are a closed list. ``column`` is the column of an event that the filter
    compares, where it is a single one. ``is_counted`` says whether its values are offered as
    options, each with the number of its results.
    """

    attribute: str
    codes: Sequence[StrEnum] = ()
    column: str = ""
    is_counted: bool = False


OF_EVENTS: Final[Mapping[str, Filter]] = {
    "sector": Filter("sectors", is_counted=True),
    "party": Filter("parties", is_counted=True),
    "kind": Filter("kinds", tuple(EventKind), column="kind", is_counted=True),
    "state": Filter("states", tuple(EventState), column="state", is_counted=True),
    "framework": Filter("frameworks", column="framework", is_counted=True),
    "place": Filter("places", is_counted=True),
    "person": Filter("people"),
    "instrument": Filter("instruments"),
    "source": Filter("sources"),
    "source_kind": Filter("source_kinds", tuple(SourceKind), is_counted=True),
}
"""The filters of events by parameter, in their order in query strings."""

OF_COMMITMENTS: Final[Mapping[str, Filter]] = {
    **OF_EVENTS,
    "place": Filter("places"),
    "status": Filter("statuses", tuple(CommitmentStatus), is_counted=True),
    "obligor": Filter("obligors", is_counted=True),
    "beneficiary": Filter("beneficiaries", is_counted=True),
}
"""The filters of commitments: those of the events they were made at, and their own."""

OF_INSTRUMENTS: Final[Mapping[str, Filter]] = {
    "party": Filter("parties", is_counted=True),
    "kind": Filter("kinds", tuple(InstrumentKind), is_counted=True),
    "state": Filter("states", tuple(InstrumentState), is_counted=True),
    "status": Filter(
        "statuses",
        tuple(status for status in PartyStatus if status != PartyStatus.NOTHING_KNOWN),
        is_counted=True,
    ),
    "binds": Filter("bindings", tuple(Binding), is_counted=True),
}
"""The filters of texts. A text matches with all of the parties."""


def attributes(filters: Mapping[str, Filter]) -> dict[str, str]:
    """Return the attribute of a question for each of these filters."""
    return {name: spec.attribute for name, spec in filters.items()}


COUNTED: Final = tuple(name for name, spec in OF_EVENTS.items() if spec.is_counted)
"""The filters of events whose values are offered with counts."""

COUNTED_OF_COMMITMENTS: Final = tuple(
    name for name, spec in OF_COMMITMENTS.items() if spec.is_counted
)
"""The filters of commitments whose values are offered with counts."""

COUNTED_OF_INSTRUMENTS: Final = tuple(
    name for name, spec in OF_INSTRUMENTS.items() if spec.is_counted
)
"""The filters of texts whose values are offered with counts."""

CODED: Final[Mapping[str, Sequence[StrEnum]]] = {
    name: spec.codes for name, spec in OF_COMMITMENTS.items() if spec.codes
}
"""The codes of the filters of events and commitments with a closed list of values."""

COLUMNS: Final[Mapping[str, str]] = {
    name: spec.column for name, spec in OF_EVENTS.items() if spec.column
}
"""The columns of events that filters compare."""

CODED_COLUMNS: Final[Mapping[str, str]] = {
    name: column for name, column in COLUMNS.items() if name in CODED
}
"""Those of ``COLUMNS`` that contain a code."""
