"""The words of lanes: what each mark is called, and the shape that each kind of event has."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import enums
from timeline.core import dates
from timeline.core.codes import EventKind, EventState
from timeline.pictures.lanes.rows import MarkedEvent, OpenCommitment
from timeline.pictures.lanes.windows import Stretch

_FEW_DAYS: Final = 92

_NAMED: Final = 4
"""Parties that a mark names at the most."""

SHAPES: Final[Mapping[str, str]] = {
    "talks": "M-7 0a7 7 0 1 0 14 0 7 7 0 1 0-14 0Z",
    "papers": "M0-8.5 8.5 0 0 8.5-8.5 0Z",
    "words": "M0-7.5 8 6.5H-8Z",
    "begin": "M-6.5-6.5h13v13h-13Z",
    "end": "M0 7.5-8-6.5H8Z",
    "force": "M-7-7H7V1L0 8-7 1Z",
    "other": "M-8-3.5H8v7H-8Z",
}
"""The outline of each family of kinds, around its middle."""

FAMILIES: Final[Mapping[str, Promise]] = {
    "talks": gettext_lazy("meeting, visit, call"),
    "papers": gettext_lazy("signing, decision"),
    "words": gettext_lazy("statement, announcement"),
    "begin": gettext_lazy("founding, accession"),
    "end": gettext_lazy("withdrawal, rupture"),
    "force": gettext_lazy("military event"),
    "other": gettext_lazy("other event"),
}

_FAMILY: Final[Mapping[str, str]] = {
    **dict.fromkeys((EventKind.SIGNING, EventKind.DECISION), "papers"),
    **dict.fromkeys((EventKind.STATEMENT, EventKind.ANNOUNCEMENT), "words"),
    **dict.fromkeys((EventKind.FOUNDING, EventKind.ACCESSION), "begin"),
    **dict.fromkeys((EventKind.WITHDRAWAL, EventKind.RUPTURE), "end"),
    EventKind.MILITARY: "force",
    EventKind.OTHER: "other",
}


def family(kind: str) -> str:
    """The family of a kind of event, which gives its mark a shape."""
    return _FAMILY.get(kind, "talks")


def titled(event: MarkedEvent, parties: Mapping[int, str], language: str) -> str:
    """All that a mark says of its event: what, of which kind, when, who."""
    who = [parties[key] for key in event.parties if key in parties]
    named = ", ".join(who[:_NAMED]) + (" …" if len(who) > _NAMED else "")
    what = [enums.label(enums.EVENT_KINDS, event.kind), dates.wording(event.date, language)]
    if event.state != EventState.HELD:
        what.append(enums.label(enums.EVENT_STATES, event.state).lower())
    return ". ".join(text for text in (event.title, ", ".join(what), named) if text)


@lru_cache(maxsize=4096)
def stretch_said(stretch: Stretch, language: str) -> str:
    """Say from which day to which a stretch of time reaches."""
    first, last = (day.isoformat() for day in stretch)
    return dates.wording(dates.parse(first if first == last else f"{first}/{last}"), language)


def time_said(stretch: Stretch, language: str) -> str:
    """Say the months that a stretch of time begins and ends in; its days where they are few."""
    if stretch.days <= _FEW_DAYS:
        return stretch_said(stretch, language)
    first, last = (dates.month_wording(day.year, day.month, language) for day in stretch)
    return first if first == last else f"{first} – {last}"


def standing(commitment: OpenCommitment, language: str) -> str:
    """Say a commitment's state and when it is due."""
    state = enums.label(enums.COMMITMENT_STATUSES, commitment.status).lower()
    if commitment.due is None:
        return _("%(state)s, no due date") % {"state": state}
    due = dates.wording(commitment.due, language, short=True)
    if commitment.overdue:
        return _("%(state)s, was due: %(date)s") % {"state": state, "date": due}
    return _("%(state)s, due: %(date)s") % {"state": state, "date": due}


def shortened(text: str, letters: int) -> str:
    """A text no longer than so many letters, cut between words where it can be."""
    if len(text) <= letters:
        return text
    cut = text[: max(letters - 1, 1)]
    whole = cut.rpartition(" ")[0]
    return (whole if len(whole) > letters // 2 else cut).rstrip(" ,;:–(") + "…"


def short_number(number: int) -> str:
    """A count in three letters or so: 87, 1k, 34k, 5M."""
    for size, sign in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return f"{number // size}{sign}"
    return str(number)


def date_said(date: dates.EdtfDate, language: str) -> str:
    """Say a date no more precisely than it is known."""
    return dates.wording(date, language)
