"""Contradictions between a record and its sources, which pages show beside the facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from timeline.core import weekdays
from timeline.core.dates import EdtfDate, EdtfError, parse
from timeline.models import Citation, Source

_DATES: Final = frozenset({"date", "starts", "ends", "made_on", "due", "done", "effect"})


@dataclass(frozen=True, slots=True)
class Flag:
    """A contradiction: a weekday that does not fit the date, or another value for a field.

    Weekdays count from Monday, 0. ``julian`` is set if the weekday named fits the date in the
    Julian calendar.
    """

    source: Source
    citation: Citation
    said_weekday: int | None = None
    real_weekday: int | None = None
    julian: weekdays.JulianReading | None = None

    @property
    def other_date(self) -> EdtfDate | None:
        """The date that this source gives instead, if it contradicts a date."""
        if self.citation.field not in _DATES:
            return None
        try:
            return parse(self.citation.value_given)
        except EdtfError:
            return None

    @property
    def is_weekday(self) -> bool:
        """Whether the source names a weekday that does not fit the recorded date."""
        return self.said_weekday is not None


def flags(record: Any, citations: Iterable[Citation]) -> tuple[Flag, ...]:
    """Return the contradictions in these citations of a record.

    A date as worded is compared with the date that is cited, or with the day on which the record
    happened.
    """
    contradictions: list[Flag] = []
    for citation in citations:
        date = getattr(record, _date_supported(record, citation.field) or "pk", None)
        if isinstance(date, EdtfDate) and (flag := _weekday_flag(citation, date)):
            contradictions.append(flag)
        if citation.value_given:
            contradictions.append(Flag(citation.source, citation))
    return tuple(contradictions)


def flags_by_fact(
    record: Any, cited: Mapping[str, Iterable[Citation]]
) -> dict[str, tuple[Flag, ...]]:
    """Return the contradictions in citations of a record that are grouped by its facts."""
    return {fact: flags(record, citations) for fact, citations in cited.items()}


def _weekday_flag(citation: Citation, date: EdtfDate) -> Flag | None:
    mismatch = weekdays.mismatch(date, citation.date_as_worded)
    if mismatch is None:
        return None
    return Flag(citation.source, citation, *mismatch, weekdays.julian_reading(date, mismatch[0]))


def weekday_flags(record: Any) -> tuple[tuple[str, Flag], ...]:
    """Return the dates of a record that do not fit the weekday in a source, by field.

    A citation of no date field is compared with the day on which the record happened.
    """
    citations = record.citations.exclude(date_as_worded="").select_related("source").order_by("pk")
    return tuple(
        (_date_supported(record, flag.citation.field), flag)
        for flag in flags(record, citations)
        if flag.is_weekday
    )


def _date_supported(record: Any, field: str) -> str:
    if isinstance(getattr(record, field or "pk", None), EdtfDate):
        return field
    # For a step that is the day on which something changed.
    return next((name for name in ("on", "done", "date") if hasattr(record, name)), "")
