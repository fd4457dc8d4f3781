"""The texts of the lanes, and the shape that marks each kind of event."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import enums
from timeline.core import dates
from timeline.core.codes import EventKind, EventState
from timeline.pictures.icons import ICONS
from timeline.pictures.lanes.rows import MarkedEvent, OpenCommitment
from timeline.pictures.lanes.windows import TimeSpan
from timeline.pictures.scales import text_width

_SHORT_SPAN: Final = 92
"""Days up to which a span is described by its days, not its months."""

_MAX_PARTIES: Final = 4
"""The maximum number of parties that the title of a mark names."""

SHAPES: Final[Mapping[str, str]] = {
    "talks": "M-7 0a7 7 0 1 0 14 0 7 7 0 1 0-14 0Z",
    "papers": "M0-8.5 8.5 0 0 8.5-8.5 0Z",
    "words": "M0-7.5 8 6.5H-8Z",
    "begin": "M-6.5-6.5h13v13h-13Z",
    "end": "M0 7.5-8-6.5H8Z",
    "force": "M-7-7H7V1L0 8-7 1Z",
    "measure": "M-2.5-8h5v5.5H8v5H2.5V8h-5V2.5H-8v-5h5.5Z",
    "other": "M-8-3.5H8v7H-8Z",
}
"""The outline of each family of kinds, around its centre."""

FAMILIES: Final[Mapping[str, Promise]] = {
    "talks": gettext_lazy("meeting, visit, call"),
    "papers": gettext_lazy("signing, ratification, decision"),
    "words": gettext_lazy("statement, notification, recognition"),
    "begin": gettext_lazy("founding, accession"),
    "end": gettext_lazy("withdrawal, rupture"),
    "force": gettext_lazy("military event"),
    "measure": gettext_lazy("sanction or its lifting"),
    "other": gettext_lazy("other event"),
}

FAMILY: Final[Mapping[str, str]] = {
    **dict.fromkeys((EventKind.MEETING, EventKind.SUMMIT, EventKind.CONSULTATION), "talks"),
    **dict.fromkeys((EventKind.VISIT, EventKind.CALL, EventKind.CONFERENCE), "talks"),
    **dict.fromkeys((EventKind.SIGNING, EventKind.RATIFICATION, EventKind.DECISION), "papers"),
    **dict.fromkeys((EventKind.STATEMENT, EventKind.ANNOUNCEMENT), "words"),
    **dict.fromkeys((EventKind.NOTIFICATION, EventKind.RECOGNITION), "words"),
    **dict.fromkeys((EventKind.FOUNDING, EventKind.ACCESSION), "begin"),
    **dict.fromkeys((EventKind.WITHDRAWAL, EventKind.RUPTURE), "end"),
    EventKind.MILITARY: "force",
    **dict.fromkeys((EventKind.SANCTION, EventKind.LIFTING), "measure"),
    EventKind.OTHER: "other",
}
"""The family of each kind of event, which decides the shape of its mark."""


def sign(family: str) -> str:
    """Return the outline of the sign of a family of sectors as a mark, around its centre."""
    icon = ICONS.get(family)
    if icon is None:
        return SHAPES["other"]
    if not icon.points:
        return SHAPES["talks"]
    edges = [round((int(number) - 50) * 0.17, 1) for number in icon.points.split(",")]
    points = (f"{x:g} {y:g}" for x, y in zip(edges[::2], edges[1::2], strict=True))
    return f"M{'L'.join(points)}Z"


def mark_title(
    event: MarkedEvent, parties: Mapping[int, str], language: str, sector: str | None = None
) -> str:
    """Return the title of a mark: the event's title, kind, date, state, parties and sector.

    ``parties`` are names by key.
    """
    names = [parties[key] for key in event.parties if key in parties]
    who = ", ".join(names[:_MAX_PARTIES]) + (" …" if len(names) > _MAX_PARTIES else "")
    facts = [enums.label(enums.EVENT_KINDS, event.kind), dates.wording(event.date, language)]
    if event.state != EventState.HELD:
        facts.append(enums.event_state(event.state, event.kind).lower())
    return ". ".join(text for text in (event.title, ", ".join(facts), who, sector) if text)


@lru_cache(maxsize=4096)
def span_in_days(span: TimeSpan, language: str) -> str:
    """Write the first and last day of a span."""
    first, last = (day.isoformat() for day in span)
    return dates.wording(dates.parse(first if first == last else f"{first}/{last}"), language)


def span_in_months(span: TimeSpan, language: str) -> str:
    """Write the first and last month of a span, or its days if it is short."""
    if span.days <= _SHORT_SPAN:
        return span_in_days(span, language)
    first, last = (dates.month_wording(day.year, day.month, language) for day in span)
    return first if first == last else f"{first} – {last}"


def standing(commitment: OpenCommitment, language: str) -> str:
    """Describe the state of a commitment and when it is due."""
    state = enums.label(enums.COMMITMENT_STATUSES, commitment.status).lower()
    if commitment.due is None:
        return _("%(state)s, no due date") % {"state": state}
    due = dates.wording(commitment.due, language, short=True)
    if commitment.overdue:
        return _("%(state)s, was due: %(date)s") % {"state": state, "date": due}
    if commitment.unsearched:
        form = _("%(state)s, due: %(date)s, sources not searched that far")
        return form % {"state": state, "date": due}
    return _("%(state)s, due: %(date)s") % {"state": state, "date": due}


def shortened(text: str, letters: int) -> str:
    """Cut a text to a number of letters, between words if possible."""
    if len(text) <= letters:
        return text
    cut = text[: max(letters - 1, 1)]
    whole = cut.rpartition(" ")[0]
    return (whole if len(whole) > letters // 2 else cut).rstrip(" ,;:–(") + "…"


def fitting(text: str, width: float, size: float) -> str:
    """Cut a text to what fits in a width at a font size."""
    return shortened(text, int(width / text_width("m", size)))


def short_number(number: int) -> str:
    """Abbreviate a count to three letters or so: 87, 1k, 34k, 5M."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return f"{number // size}{unit}"
    return str(number)
