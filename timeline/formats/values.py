"""What the value of a field of a record says, in the reader's language."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from timeline import enums
from timeline.core import dates
from timeline.core.dates import EdtfDate
from timeline.fields import LocalText
from timeline.jinja2 import language
from timeline.models import Commitment, Event, Instrument, Source

_LABELS: Final[Mapping[tuple[str, str], enums.Labels]] = {
    ("event", "kind"): enums.EVENT_KINDS,
    ("event", "state"): enums.EVENT_STATES,
    ("instrument", "kind"): enums.INSTRUMENT_KINDS,
    ("instrument", "binds"): enums.BINDINGS,
    ("framework", "rotation"): enums.ROTATIONS,
    ("party", "kind"): enums.PARTY_KINDS,
    ("party", "body_kind"): enums.BODY_KINDS,
    ("source", "kind"): enums.SOURCE_KINDS,
    ("participation", "role"): enums.PARTICIPATION_ROLES,
    ("attendance", "role"): enums.ATTENDANCE_ROLES,
    ("eventstep", "state"): enums.EVENT_STATES,
    ("commitmentparty", "role"): enums.ROLES_IN_COMMITMENTS,
    ("statusupdate", "status"): enums.COMMITMENT_STATUSES,
    ("instrumentstep", "act"): enums.INSTRUMENT_ACTS,
    ("side", "member_order"): enums.MEMBER_ORDERS,
    ("partyname", "kind"): enums.NAME_KINDS,
    ("membership", "standing"): enums.MEMBERSHIP_STANDINGS,
}
"""The labels of codes, by the name of the model and the field."""


def in_words(model: str, field: str, value: Any) -> str:
    """Return a value in words, '' where there is none; ``model`` is the name of the model."""
    if value is None or value == "":
        return ""
    if isinstance(value, EdtfDate):
        return dates.wording(value, language())
    if isinstance(value, dt.date):
        return dates.day_wording(value, language())
    if field == "cadence_months":
        return enums.cadence(value)
    labels = _LABELS.get((model, field))
    return enums.label(labels, value) if labels else str(value)


def name_of(record: Any) -> LocalText | str:
    """Return the title or the name of a record of any noun."""
    name: LocalText | str = record.title if hasattr(record, "title") else record.name
    return name


def language_of(text: LocalText | str) -> str:
    """Return the language of a text of the record; a word of the interface is in the reader's."""
    return text.lang if isinstance(text, LocalText) else language()


def date_of(record: Any) -> EdtfDate | None:
    """Return the date of what a record is about, if it is of one."""
    date: EdtfDate | None = None
    if isinstance(record, Commitment):
        date = record.date_made
    elif isinstance(record, Source):
        date = record.published
    elif isinstance(record, Event | Instrument):
        date = record.date
    return date
