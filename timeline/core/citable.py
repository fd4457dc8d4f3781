"""Which fields of each kind of record a source can be cited for."""

from collections.abc import Mapping
from typing import Final

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "party": ("name", "founded", "dissolved", "successions", "part_of"),
    "party_name": ("name", "starts", "ends"),
    "membership": ("standing", "starts", "ends"),
    "membership_remark": ("kind", "date"),
    "place": ("name", "location"),
    "office": ("title", "starts", "ends"),
    "event": (
        *("title", "summary", "kind", "date", "state", "duration", "place", "venue"),
        *("parties", "people", "sectors", "framework", "takes_turn", "follows"),
    ),
    "event_step": ("date", "state", "note"),
    "participation": ("role",),
    "attendance": ("role", "office"),
    "statement": ("text",),
    "commitment": (
        *("title", "wording", "condition", "made_on", "due", "parties", "sectors", "restates"),
        "instrument",
    ),
    "status_update": ("date", "status", "note"),
    "framework": ("title", "sides", "rotation", "cadence_months", "starts", "ended"),
    "instrument": ("title", "summary", "kind", "date", "binds", "parties"),
    "instrument_step": ("act", "party", "done", "effect", "note"),
}
"""By the foreign key of a citation; one without a field supports the record as a whole."""


def is_citable(target: str, field: str) -> bool:
    """Whether a source can be cited for a field of this kind of record."""
    return not field or field in FIELDS[target]
