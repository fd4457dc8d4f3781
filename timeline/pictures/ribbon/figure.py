"""The ribbon of a framework: who hosted when, in its order of turns."""

import datetime as dt
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from timeline.core import dates
from timeline.core.cadence import Window
from timeline.core.codes import EventState, ParticipationRole
from timeline.core.rotation import Turn, hosting_side, in_turn
from timeline.jinja2 import language, listed, short
from timeline.models import Event
from timeline.pictures.ribbon.layout import ExpectedWindow, MeetingKind, MeetingSpan, Ribbon, draw
from timeline.queries.frameworks import FrameworkView, as_meeting

WIDTHS: Final = (860, 348)
"""The widths of the picture for wide screens and of the one for phones."""

_KINDS_BY_STATE: Final = {
    EventState.PLANNED: MeetingKind.PLANNED,
    EventState.POSTPONED: MeetingKind.POSTPONED,
    EventState.CANCELLED: MeetingKind.CANCELLED,
}


def pictures(view: FrameworkView, day: dt.date) -> dict[str, Any]:
    """Return the ribbons of a framework on a day and their legend, as context for its page."""
    pictures = ribbons(view, day)
    names = _kind_names(view)
    legend = [(kind.value, names[kind]) for kind in pictures[0].kinds] if pictures else []
    return {"ribbons": pictures, "legend": legend}


def ribbons(view: FrameworkView, day: dt.date) -> list[Ribbon]:
    """Return a ribbon for each width; none for a framework without sides or meetings."""
    lanes = [short(view.parties[code]) for code in in_turn(view.rule)]
    meetings = [_meeting(view, event) for event in view.meetings]
    expected = _expected(view)
    if not lanes or not (meetings or expected):
        return []
    if any(meeting.lane == len(lanes) for meeting in meetings):
        lanes.append(_("outside"))
    return [draw(lanes, meetings, expected, day, width) for width in WIDTHS]


def _meeting(view: FrameworkView, event: Event) -> MeetingSpan:
    reader_language = language()
    kind, lane, due_lane = _kind_and_lanes(view, event)
    places = listed([str(place.name) for place in event.places])
    short_date = dates.wording(event.date, reader_language, short=True)
    facts = (
        str(event.title),
        dates.wording(event.date, reader_language),
        places,
        _hosts(view, event),
        _kind_names(view)[kind] if _title_names_kind(view, kind) else "",
        _turn_note(view, event),
    )
    return MeetingSpan(
        first=event.earliest,
        last=event.latest,
        lane=lane,
        kind=kind,
        label=(places, short_date) if places else (short_date, ""),
        title=", ".join(text for text in facts if text),
        address=reverse("timeline:event", args=(event.slug,)),
        due_lane=due_lane,
    )


def _title_names_kind(view: FrameworkView, kind: MeetingKind) -> bool:
    """Whether the title of a meeting names its kind as the legend does.

    For sessions out of turn or outside it says whose turn it was instead. Without a stated rotation
    there are no turns, and the title of a regular session only names the host.
    """
    if kind == MeetingKind.TURN:
        return view.has_turns
    return kind not in {MeetingKind.OUT_OF_TURN, MeetingKind.OUTSIDE}


def _hosts(view: FrameworkView, event: Event) -> str:
    """Name the hosts, with the bloc for which they hosted."""
    hosts = [row.party for row in event.participations.all() if row.role == ParticipationRole.HOST]
    if not hosts:
        return ""
    names = ", ".join(short(host) for host in hosts)
    turn = _turn_of(view, event)
    side = view.parties.get((turn.side if turn else None) or "")
    if side is not None and side not in hosts:
        names = f"{names} ({short(side)})"
    return _("hosted by %(hosts)s") % {"hosts": names}


def _turn_note(view: FrameworkView, event: Event) -> str:
    """Say of a session out of turn or outside whose turn it was; empty for all others."""
    turn = _turn_of(view, event)
    due = view.parties.get((turn.due if turn else None) or "")
    if turn is None or not (turn.out_of_turn or turn.outside):
        return ""
    if due is None:
        return _("outside the framework")
    if event.state == EventState.HELD:
        form = (
            _("out of turn: it was the turn of %(party)s")
            if turn.out_of_turn
            else _("outside the framework: it was the turn of %(party)s")
        )
    else:
        form = (
            _("out of turn: it is the turn of %(party)s")
            if turn.out_of_turn
            else _("outside the framework: it is the turn of %(party)s")
        )
    return form % {"party": short(due)}


def _turn_of(view: FrameworkView, event: Event) -> Turn | None:
    """Return the turn that a session took, or will take if it is the next one announced."""
    announced = view.planned_turn
    if announced is not None and announced.meeting.key == event.pk:
        return announced
    return view.turn_of(event)


def _kind_and_lanes(view: FrameworkView, event: Event) -> tuple[MeetingKind, int, int | None]:
    """Return the kind of a meeting, the line of its host, and the line that was due instead."""
    order = in_turn(view.rule)
    outside = len(order)
    turn = view.turn_of(event)
    if turn is not None:
        due = order.index(turn.due) if turn.due in order else None
        if turn.side is None:
            return (MeetingKind.OUTSIDE if turn.outside else MeetingKind.NO_HOST), outside, None
        lane = order.index(turn.side)
        return (
            (MeetingKind.OUT_OF_TURN, lane, due)
            if turn.out_of_turn
            else (MeetingKind.TURN, lane, None)
        )
    side = hosting_side(view.rule, as_meeting(event))
    lane = outside if side is None else order.index(side)
    return _KINDS_BY_STATE.get(EventState(event.state), MeetingKind.ASIDE), lane, None


def _expected(view: FrameworkView) -> ExpectedWindow | None:
    window = view.host_turn.window
    if window is None or not view.expects_a_session:
        return None
    order = in_turn(view.rule)
    side = view.host_turn.next_side
    return ExpectedWindow(
        window.first,
        window.last,
        order.index(side) if side in order else None,
        (_("expected"), _months(window)),
    )


def _months(window: Window) -> str:
    """Write the months of a window in short: 'Feb–Jun 2026'."""
    first, last = window.first.isoformat()[:7], window.last.isoformat()[:7]
    date = dates.parse(first if first == last else f"{first}/{last}")
    return dates.wording(date, language(), short=True)


def _kind_names(view: FrameworkView) -> dict[MeetingKind, str]:
    return {
        MeetingKind.TURN: _("took its turn") if view.has_turns else _("regular session"),
        MeetingKind.OUT_OF_TURN: _("out of turn"),
        MeetingKind.OUTSIDE: _("hosted outside the framework"),
        MeetingKind.NO_HOST: _("host not stated"),
        MeetingKind.ASIDE: _("takes no turn"),
        MeetingKind.PLANNED: _("planned"),
        MeetingKind.POSTPONED: _("postponed"),
        MeetingKind.CANCELLED: _("cancelled"),
    }
