"""Contradictions that a record keeps: what a source says that the record does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from timeline.core import weekdays
from timeline.core.dates import EdtfDate, EdtfError, parse
from timeline.models import Citation, Source

_DATES: Final = frozenset({"date", "starts", "ends", "due"})


@dataclass(frozen=True, slots=True)
class Flag:
    """One contradiction: a weekday that the date is not, or another value for a field.

    Weekdays count from Monday, 0.
    """

    source: Source
    citation: Citation
    said_weekday: int | None = None
    real_weekday: int | None = None

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
        said = (
            weekdays.mismatch(date, citation.date_as_worded)
            if date and citation.date_as_worded
            else None
        )
        if said is not None:
            found.append(Flag(citation.source, citation, *said))
        if citation.value_given:
            found.append(Flag(citation.source, citation))
    return tuple(found)
