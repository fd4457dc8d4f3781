"""The sources of a page, numbered, and which of its facts each of them supports."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final, NamedTuple

from timeline.core.codes import Stance
from timeline.core.dates import EdtfDate
from timeline.fields import LocalText
from timeline.models import Citation, Source

Mark = tuple[int, bool]
"""The number of a source, and whether it only supports an inference."""

Subject = LocalText | str | EdtfDate
"""The part of a record that a source supports, by its name or its date; empty for the record."""


class Line(NamedTuple):
    """What a source supports on a page, in the list of its sources.

    ``anchor`` is the id of the fact on the page.
    """

    citation: Citation
    anchor: str
    subject: Subject = ""


class SourceEntry(NamedTuple):
    """A source in the list of a page, with a line for each fact that rests on it."""

    source: Source
    lines: list[Line]

    @property
    def grouped_lines(self) -> list[list[Line]]:
        """The lines, those together that say the same of several facts."""
        return grouped_alike(self.lines)


@dataclass(slots=True)
class Footnotes:
    """Sources numbered in the order in which a page first relies on them."""

    numbers: dict[int, int] = field(default_factory=dict)
    entries: list[SourceEntry] = field(default_factory=list)

    def mark(self, citations: Iterable[Citation], anchor: str, subject: Subject = "") -> list[Mark]:
        """List these citations of a fact, and return the marks of the sources that support it.

        A source that gives another value is listed, but is never among the supporters. One is
        marked as inferring only if none of its citations states the fact.
        """
        marks: dict[int, bool] = {}
        for citation in citations:
            number = self._number(citation.source)
            lines = self.entries[number - 1].lines
            line = Line(citation, anchor, subject)
            if not any(_is_shown_alike(line, other) for other in lines):
                lines.append(line)
            if not citation.value_given:
                marks[number] = marks.get(number, True) and citation.stance == Stance.INFERRED
        return sorted(marks.items())

    def _number(self, source: Source) -> int:
        if source.pk not in self.numbers:
            self.entries.append(SourceEntry(source, []))
            self.numbers[source.pk] = len(self.entries)
        return self.numbers[source.pk]


def by_fact(
    citations: Iterable[Citation], shown: Mapping[str, str] | Collection[str], rest: str = ""
) -> dict[str, list[Citation]]:
    """Group citations by the fact beside which they stand.

    ``shown`` are the fields that the page shows, perhaps with the fact at which each stands where
    that has another name; the citations of all other fields stand at ``rest``. There is a group for
    each field and each fact, which may be empty.
    """
    facts = shown if isinstance(shown, Mapping) else {name: name for name in shown}
    groups: dict[str, list[Citation]] = {name: [] for name in (*facts, *facts.values(), rest)}
    for citation in citations:
        groups[facts.get(citation.field, rest)].append(citation)
    return groups


def grouped_alike(lines: Iterable[Line]) -> list[list[Line]]:
    """Put lines together that say the same of several facts, in the order of the first of each.

    Another value is of one fact, and stands alone.
    """
    groups: dict[Any, list[Line]] = {}
    for number, line in enumerate(lines):
        key = number if line.citation.value_given else _content(line.citation)
        groups.setdefault(key, []).append(line)
    return list(groups.values())


_content: Final = attrgetter(
    *("stance", "confidence", "date_as_worded", "value_given"),
    *("excerpt", "excerpt_language", "note_fr", "note_en"),
)


def _is_shown_alike(line: Line, other: Line) -> bool:
    return (
        (line.anchor, line.subject) == (other.anchor, other.subject)
        and line.citation.field == other.citation.field
        and _content(line.citation) == _content(other.citation)
    )
