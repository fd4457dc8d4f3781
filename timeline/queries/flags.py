"""Contradictions that a record keeps: what a source says that the record does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from timeline.core import weekdays
from timeline.core.dates import EdtfDate, EdtfError, parse
from timeline.models import Citation, Source

_DATES: Final = frozenset({"date", "starts", "ends", "due"})


@dataclass(frozen=True, slots=True)
class Flag:
    """One contradiction: a weekday that the date is not, or another value for a field.

    Weekdays count from Monday, 0. ``julian`` is there where the weekday named is right in the
    Julian calendar.
    """

    source: Source
    citation: Citation
    said_weekday: int | None = None
    real_weekday: int | None = None
    julian: weekdays.JulianReading | None = None

    @property
    def other_date(self) -> EdtfDate | None:
        """The date that this source gives instead, where it is the date that it disputes."""
        if self.citation.field not in _DATES:
            return None
        try:
            return parse(self.citation.value_given)
        except EdtfError:
            return None

    @property
    def is_weekday(self) -> bool:
        """Whether the source names a weekday that the recorded date is not."""
        return self.said_weekday is not None


def flags(citations: Iterable[Citation], date: EdtfDate | None) -> tuple[Flag, ...]:
    """The contradictions among these citations of a record with this date."""
    found: list[Flag] = []
    for citation in citations:
        if date and (flag := _weekday_flag(citation, date)):
            found.append(flag)
        if citation.value_given:
            found.append(Flag(citation.source, citation))
    return tuple(found)


def _weekday_flag(citation: Citation, date: EdtfDate) -> Flag | None:
    found = weekdays.mismatch(date, citation.date_as_worded)
    if found is None:
        return None
    return Flag(citation.source, citation, *found, weekdays.julian_reading(date, found[0]))


def weekday_flags(record: Any) -> tuple[tuple[str, Flag], ...]:
    """The dates of a record, by field, whose weekday a source words otherwise.

    A citation that supports no date of the record is held against the day on which it happened.
    """
    cited = record.citations.exclude(date_as_worded="").select_related("source").order_by("pk")
    found = []
    for citation in cited:
        name = _date_supported(record, citation.field)
        date = getattr(record, name, None)
        if isinstance(date, EdtfDate) and (flag := _weekday_flag(citation, date)):
            found.append((name, flag))
    return tuple(found)


def _date_supported(record: Any, field: str) -> str:
    if isinstance(getattr(record, field or "pk", None), EdtfDate):
        return field
    # Of a step it is the day on which something changed.
    return next((name for name in ("on", "date") if hasattr(record, name)), "")
