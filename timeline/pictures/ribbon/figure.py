"""A framework's meetings in the words of the picture that shows who received when."""

import datetime as dt
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from timeline.core import dates
from timeline.core.cadence import Window
from timeline.core.codes import EventState, ParticipationRole
from timeline.core.rotation import Turn, hosting_side, in_turn
from timeline.jinja2 import language
from timeline.models import Event, Party
from timeline.pictures.ribbon.layout import Expected, Kind, Meeting, Ribbon, draw
from timeline.queries.frameworks import FrameworkView, as_meeting

WIDTHS: Final = (860, 348)
"""Of the picture for wide screens and of the one for phones."""

_STATES: Final = {
    EventState.PLANNED: Kind.PLANNED,
    EventState.POSTPONED: Kind.POSTPONED,
    EventState.CANCELLED: Kind.CANCELLED,
}


def pictures(view: FrameworkView, day: dt.date) -> dict[str, Any]:
    """The picture of a framework on a day with its legend, as its page takes them."""
    drawn = ribbons(view, day)
    told = _told(view)
    kinds = [(kind.value, told[kind]) for kind in drawn[0].kinds] if drawn else []
    return {"ribbons": drawn, "legend": kinds}


def ribbons(view: FrameworkView, day: dt.date) -> list[Ribbon]:
    """The picture once for each width; none for a framework without sides or meetings."""
    lanes = [_name(view.parties[code]) for code in in_turn(view.rule)]
    meetings = [_meeting(view, event) for event in view.meetings]
    expected = _expected(view)
    if not lanes or not (meetings or expected):
        return []
    if any(one.lane == len(lanes) for one in meetings):
        lanes.append(_("outside"))
    return [draw(lanes, meetings, expected, day, width) for width in WIDTHS]


def _meeting(view: FrameworkView, event: Event) -> Meeting:
    reader = language()
    kind, lane, due = _standing(view, event)
    place = str(event.place.name) if event.place else ""
    said = dates.wording(event.date, reader, short=True)
    told = (
        str(event.title),
        dates.wording(event.date, reader),
        place,
        _hosts(view, event),
        _told(view)[kind] if _is_told(view, kind) else "",
        _turn(view, event),
    )
    return Meeting(
        first=event.earliest,
        last=event.latest,
        lane=lane,
        kind=kind,
        label=(place or said, said if place else ""),
        title=", ".join(text for text in told if text),
        address=reverse("timeline:event", args=(event.slug,)),
        due_lane=due,
    )


def _is_told(view: FrameworkView, kind: Kind) -> bool:
    """Whether a meeting's title says its kind as the legend does.

    Of a session out of turn or outside it says whose turn it was, and without a stated rotation
    there are no turns: its host is all that is to be said.
    """
    if kind == Kind.TURN:
        return view.has_turns
    return kind not in {Kind.OUT_OF_TURN, Kind.OUTSIDE}


def _hosts(view: FrameworkView, event: Event) -> str:
    """Who received, with the bloc for which they did."""
    hosts = [row.party for row in event.participations.all() if row.role == ParticipationRole.HOST]
    if not hosts:
        return ""
    names = ", ".join(_name(host) for host in hosts)
    turn = _turn_of(view, event)
    side = view.parties.get((turn.side if turn else None) or "")
    if side is not None and side not in hosts:
        names = f"{names} ({_name(side)})"
    return _("hosted by %(hosts)s") % {"hosts": names}


def _turn(view: FrameworkView, event: Event) -> str:
    """What a session was to the turns, and whose turn it was instead."""
    turn = _turn_of(view, event)
    due = view.parties.get((turn.due if turn else None) or "")
    if turn is None or not (turn.out_of_turn or turn.outside):
        return ""
    if due is None:
        return _("outside the framework")
    if event.state == EventState.HELD:
        said = (
            _("out of turn: it was the turn of %(party)s")
            if turn.out_of_turn
            else _("outside the framework: it was the turn of %(party)s")
        )
    else:
        said = (
            _("out of turn: it is the turn of %(party)s")
            if turn.out_of_turn
            else _("outside the framework: it is the turn of %(party)s")
        )
    return said % {"party": _name(due)}


def _turn_of(view: FrameworkView, event: Event) -> Turn | None:
    """The turn that a session took, or will take if it is the next that is announced."""
    announced = view.planned_turn
    if announced is not None and announced.meeting.key == event.pk:
        return announced
    return view.turn_of(event)


def _name(party: Party) -> str:
    return str(party.short or party.name)


def _standing(view: FrameworkView, event: Event) -> tuple[Kind, int, int | None]:
    """What a meeting was to the turns, the line of who received, and the line that was due."""
    order = in_turn(view.rule)
    outside = len(order)
    turn = view.turn_of(event)
    if turn is not None:
        due = order.index(turn.due) if turn.due in order else None
        if turn.side is None:
            return (Kind.OUTSIDE if turn.outside else Kind.NO_HOST), outside, None
        lane = order.index(turn.side)
        return (Kind.OUT_OF_TURN, lane, due) if turn.out_of_turn else (Kind.TURN, lane, None)
    side = hosting_side(view.rule, as_meeting(event))
    lane = outside if side is None else order.index(side)
    return _STATES.get(EventState(event.state), Kind.ASIDE), lane, None


def _expected(view: FrameworkView) -> Expected | None:
    window = view.standing.window
    if window is None or not view.expects_a_session:
        return None
    order = in_turn(view.rule)
    side = view.standing.next_side
    return Expected(
        window.first,
        window.last,
        order.index(side) if side in order else None,
        (_("expected"), _months(window)),
    )


def _months(window: Window) -> str:
    """A window's months in the little room that a picture has: 'Feb–Jun 2026'."""
    first, last = window.first.isoformat()[:7], window.last.isoformat()[:7]
    date = dates.parse(first if first == last else f"{first}/{last}")
    return dates.wording(date, language(), short=True)


def _told(view: FrameworkView) -> dict[Kind, str]:
    return {
        Kind.TURN: _("took its turn") if view.has_turns else _("regular session"),
        Kind.OUT_OF_TURN: _("out of turn"),
        Kind.OUTSIDE: _("hosted outside the framework"),
        Kind.NO_HOST: _("host not stated"),
        Kind.ASIDE: _("takes no turn"),
        Kind.PLANNED: _("planned"),
        Kind.POSTPONED: _("postponed"),
        Kind.CANCELLED: _("cancelled"),
    }
