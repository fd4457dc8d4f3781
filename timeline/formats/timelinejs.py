"""Events as the JSON that TimelineJS reads (https://timeline.knightlab.com/docs/json-format.html)."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.html import escape
from django.utils.translation import gettext as _

from timeline import enums
from timeline.core import dates
from timeline.core.dates import EdtfDate, Precision, parse
from timeline.formats.description import Description
from timeline.formats.tables import JsonList, to_json
from timeline.jinja2 import language
from timeline.queries.rows import Row

_PARTS: Final = {
    Precision.DAY: ("year", "month", "day"),
    Precision.MONTH: ("year", "month"),
}
"""The parts of a date to write for each precision; for all others only the year."""

_OF_YEARS: Final = frozenset({Precision.DECADE, Precision.CENTURY})


class TimelineJsFile:
    """A slide for each event, with its date at the precision at which it is known.

    TimelineJS takes texts as HTML, so that they are escaped.
    """

    def __init__(self, described: Description) -> None:
        self._described, self._slides = described, JsonList()

    def head(self) -> str:
        described = self._described
        text = f"{escape(described.title)} {_link(described.page, described.site.name)}"
        title = {"text": {"headline": escape(described.site.name), "text": text}}
        return f'{{"scale": "human", "title": {to_json(title)}, "events": ['

    def part(self, rows: Sequence[Row]) -> str:
        return self._slides.lines(_slide(row) for row in rows)

    def end(self) -> str:
        return "\n]}\n"


def _slide(row: Row) -> dict[str, Any]:
    date = parse(row["date"])
    start, end = _ends(date)
    text = f"<p>{escape(row['summary'])}</p>" if row["summary"] else ""
    link = _link(row["url"], _("The event with its sources"))
    return {
        "unique_id": row["id"],
        "start_date": start,
        **({"end_date": end} if end else {}),
        "display_date": dates.wording(date, language()),
        "group": enums.label(enums.EVENT_KINDS, row["kind"]),
        "text": {
            "headline": escape(row["title"]),
            "text": f"{text}<p>{link}</p>",
        },
    }


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def _ends(date: EdtfDate) -> tuple[dict[str, int], dict[str, int] | None]:
    """Return the start of a date, and its end if it has another one; an open end is none."""
    first, slash, last = date.text.partition("/")
    if slash:
        return _point(parse(first)), None if date.ongoing else _point(parse(last), last=True)
    return _point(date), _point(date, last=True) if date.precision in _OF_YEARS else None


def _point(date: EdtfDate, *, last: bool = False) -> dict[str, int]:
    day = date.latest if last else date.earliest
    parts = _PARTS.get(date.precision, ("year",))
    return {part: getattr(day, part) for part in parts}
