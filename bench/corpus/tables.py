"""The columns of the rows of a synthetic corpus, by table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from timeline.actions import search
from timeline.core import dates

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]
"""Rows by the name of their model, in an order in which they can be inserted."""


class Dated(NamedTuple):
    """The values of the columns of a date, with its first and last day as ordinals to compare."""

    text: str
    earliest: str
    latest: str
    sure: bool
    ongoing: bool
    first: int
    last: int


@lru_cache(maxsize=1 << 16)
def dated(text: str) -> Dated:
    """Parse an EDTF date into the values of its columns."""
    date = dates.parse(text)
    return Dated(
        date.text,
        date.earliest.isoformat(),
        date.latest.isoformat(),
        date.sure,
        date.ongoing,
        date.earliest.toordinal(),
        date.latest.toordinal(),
    )


def days(text: str | None) -> tuple[str | None, str | None, str | None]:
    """Return a date with its first and last day, or three times None."""
    return (None, None, None) if text is None else dated(text)[:3]


@dataclass(frozen=True, slots=True)
class Table:
    """The columns whose values each row gives, in this order, and those that all rows share."""

    given: tuple[str, ...]
    shared: Mapping[str, Any] = field(default_factory=dict)


def _table(columns: str, **shared: Any) -> Table:
    return Table(tuple(columns.split()), shared)


def _empty(names: str, value: Any = "") -> dict[str, Any]:
    return dict.fromkeys(names.split(), value)


_PUBLISHED: Final = {
    "publication": "published",
    "published_at": "2026-01-01 00:00:00",
    **_empty("withdrawn_reason_fr withdrawn_reason_en"),
}
_NO_NOTE: Final = _empty("note_fr note_en")

TABLES: Final[Mapping[str, Table]] = {
    "party": _table(
        "id code kind name_fr name_en short_fr short_en founded founded_earliest founded_latest "
        "sort_fr sort_en folded_names",
        body_kind="",
        part_of_id=None,
        **_empty("description_fr description_en"),
        **_empty("dissolved dissolved_earliest dissolved_latest", None),
    ),
    "partyname": _table(
        "id party_id name language kind starts starts_earliest starts_latest "
        "ends ends_earliest ends_latest folded_name",
        slip=False,
    ),
    "membership": _table(
        "id party_id bloc_id starts starts_earliest starts_latest ends ends_earliest ends_latest",
        standing="member",
        **_empty("start_event_id end_event_id", None),
    ),
    "place": _table("id slug name_fr name_en party_id latitude longitude sort_fr folded_names"),
    "person": _table("id slug name_fr name_en family_fr family_en sort_fr folded_names"),
    "personname": _table("id person_id name language folded_name", slip=False),
    "office": _table(
        "id person_id party_id title_fr title_en starts starts_earliest starts_latest "
        "ends ends_earliest ends_latest folded_title"
    ),
    "source": _table(
        "id title publisher kind speaks_for_id url language published published_earliest "
        "published_latest archive_url sort_title folded_text",
        consulted=None,
        archive_file="",
        **_empty("carried_by no_archive_reason_fr no_archive_reason_en"),
        **_NO_NOTE,
    ),
    "framework": _table(
        "id slug title_fr title_en rotation fixed_host_id cadence_months starts starts_earliest "
        "starts_latest folded_title",
        tolerance_months=0,
        **_empty("summary_fr summary_en"),
        **_empty("ended ended_earliest ended_latest searched_until", None),
        **_PUBLISHED,
    ),
    "side": _table("id framework_id party_id position", member_order="open"),
    "event": _table(
        "id slug kind state title_fr title_en summary_fr summary_en date earliest latest "
        f"date_sure ongoing framework_id takes_turn {' '.join(search.FORMS)}",
        **_empty("duration_fr duration_en"),
        **_empty("duration_minutes turn_side_id follows_id", None),
        **_PUBLISHED,
    ),
    "eventplace": _table(
        "id event_id place_id position days days_earliest days_latest",
        **_empty("venue_fr venue_en"),
    ),
    "eventsector": _table("id event_id sector_id"),
    "participation": _table("id event_id party_id role"),
    "attendance": _table(
        "id event_id person_id party_id office_id role",
        **_empty("office_reason_fr office_reason_en"),
    ),
    "statement": _table(
        "id event_id person_id party_id office_id language text",
        position=0,
        **_empty("translation_fr translation_en office_reason_fr office_reason_en"),
    ),
    "commitment": _table(
        "id slug event_id title_fr title_en wording_fr wording_en condition_fr condition_en "
        "made_on made_earliest made_latest due due_earliest due_latest folded_title folded_text",
        nature="undertaking",
        instrument_id=None,
        article="",
        mutual=False,
        answers_id=None,
        restates_id=None,
        restatement="",
        **_PUBLISHED,
    ),
    "commitmentparty": _table("id commitment_id party_id role"),
    "commitmentsector": _table("id commitment_id sector_id"),
    "statusupdate": _table(
        "id commitment_id date earliest latest status event_id",
        entry=1,
        corrects_id=None,
        **_NO_NOTE,
    ),
    "citation": _table(
        "id source_id event_id statement_id commitment_id confidence",
        **_empty("party_id party_name_id membership_id membership_remark_id", None),
        **_empty("place_id office_id event_step_id", None),
        **_empty("participation_id attendance_id status_update_id framework_id", None),
        **_empty("instrument_id instrument_step_id", None),
        **_empty("field excerpt excerpt_language date_as_worded value_given"),
        stance="stated",
        **_NO_NOTE,
    ),
}
