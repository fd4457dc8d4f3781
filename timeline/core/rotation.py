"""Whose turn it is to host: plain functions over sides, meetings and days."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from timeline.core.cadence import Window, days_overdue, expected_window
from timeline.core.codes import EventState, FrameworkState, MemberOrder, Rotation
from timeline.core.dates import EdtfDate
from timeline.core.intervals import Span, surely_cover


class Member(NamedTuple):
    """A party that belongs to a bloc for a span of days."""

    party: str
    span: Span


@dataclass(frozen=True, slots=True)
class RotationSide:
    """One side of a framework: a state, or a bloc whose members receive for it.

    ``order`` names the members in the order in which they host, where a source fixes one.
    """

    party: str
    is_bloc: bool = False
    members: tuple[Member, ...] = ()
    member_order: MemberOrder = MemberOrder.OPEN
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """How a framework passes the role of host on; cadence and tolerance are in months.

    ``fixed_host`` is a side, a member of a bloc that is one, or a third party. From the first day
    that ``ended`` may mean nothing more is expected.
    """

    sides: tuple[RotationSide, ...]
    rotation: Rotation
    fixed_host: str | None = None
    cadence: int | None = None
    tolerance: int = 0
    ended: EdtfDate | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of a framework, by key; ``turn_side`` decides only between co-hosts' sides.

    ``name`` is its own and stands on record; a key only tells the order of entry.
    """

    key: int
    name: str
    date: EdtfDate
    state: EventState
    takes_turn: bool
    hosts: tuple[str, ...] = ()
    turn_side: str | None = None

    @property
    def is_turn(self) -> bool:
        """Whether it was held and counts as a regular session."""
        return self.takes_turn and self.state == EventState.HELD


@dataclass(frozen=True, slots=True)
class Turn:
    """A session held: the side that received, and the side that was due.

    ``side`` is None when the host is of no side ('outside') or is not on record: the turn is then
    still owed. A fixed host that is of no side receives for itself. ``due`` is None when the
    rotation is not stated.
    """

    meeting: Meeting
    side: str | None
    due: str | None

    @property
    def outside(self) -> bool:
        """Whether its host is of no side."""
        return self.side is None and bool(self.meeting.hosts)

    @property
    def out_of_turn(self) -> bool:
        """Whether another side received than the one that was due."""
        return self.side is not None and self.due is not None and self.side != self.due


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a framework stands on a day.

    ``last_turn`` is the last session, wherever it was held, and opens the window; ``last_host``
    is the side that received last. ``last_meeting`` may have taken no turn. ``days_overdue``
    counts from the end of the window and is 0 unless the state is overdue; ``days_since_last``
    counts from the last day that the last meeting may have had, and is never below 0. A framework
    that has ended has no next side, candidates or window.
    """

    state: FrameworkState
    turns: tuple[Turn, ...]
    last_turn: Turn | None
    last_host: str | None
    last_meeting: Meeting | None
    next_side: str | None
    candidates: tuple[str, ...]
    window: Window | None
    planned: Meeting | None
    days_overdue: int
    days_since_last: int | None


@dataclass(frozen=True, slots=True)
class ExpectedSession:
    """A session that no event announces: computed, never counted and never an event.

    Without a cadence, or before the first session, it has no window; where the rotation is not
    stated it has no side.
    """

    next_side: str | None
    candidates: tuple[str, ...]
    window: Window | None
    state: FrameworkState
    days_overdue: int


def _days(meeting: Meeting) -> tuple[dt.date, dt.date]:
    return meeting.date.earliest, meeting.date.latest


def _chronological(meetings: Iterable[Meeting]) -> list[Meeting]:
    return sorted(meetings, key=lambda m: (*_days(m), m.date.text, m.name))


def side_of(rule: Rule, party: str, date: EdtfDate) -> str | None:
    """The side that a host stands for on a date: itself, or the bloc that it may belong to then.

    A member of two blocs stands for the first of them in the order of the sides. The fixed host
    takes its own seat, whatever it belongs to then.
    """
    if party == _fixed_host(rule):
        return _seat(rule, party)
    if any(side.party == party for side in rule.sides):
        return party
    for side in rule.sides:
        if any(m.party == party and m.span.may_touch(date) for m in side.members):
            return side.party
    return None


def in_turn(rule: Rule) -> tuple[str, ...]:
    """Those who receive: the sides in their order, then a fixed host that is of none of them."""
    order = tuple(side.party for side in rule.sides)
    fixed = _seat(rule, _fixed_host(rule))
    return order if fixed is None or fixed in order else (*order, fixed)


def side_received(rule: Rule, meeting: Meeting, due: str | None = None) -> str | None:
    """The side of a meeting's host.

    Between co-hosts of several sides the editor's word decides; without one it is the side that
    was due, else the first in the order of the sides: never the order in which hosts were typed.
    """
    hosting = {side_of(rule, host, meeting.date) for host in meeting.hosts}
    preferred = (meeting.turn_side, due, *in_turn(rule))
    return next((side for side in preferred if side is not None and side in hosting), None)


def _fixed_host(rule: Rule) -> str | None:
    return rule.fixed_host if rule.rotation == Rotation.FIXED_HOST else None


def _seat(rule: Rule, party: str | None) -> str | None:
    """The side that a party is or was ever a member of, else the party itself."""
    if any(side.party == party for side in rule.sides):
        return party
    blocs = (side.party for side in rule.sides if any(m.party == party for m in side.members))
    return next(blocs, party)


def _after(rule: Rule, side: str | None) -> str | None:
    """The side whose turn comes after a side's; the first opens."""
    if rule.rotation == Rotation.FIXED_HOST:
        return _seat(rule, rule.fixed_host)
    if rule.rotation == Rotation.NOT_STATED or not rule.sides:
        return None
    order = [one.party for one in rule.sides]
    return order[0] if side not in order else order[(order.index(side) + 1) % len(order)]


def turns(rule: Rule, meetings: Iterable[Meeting]) -> tuple[Turn, ...]:
    """The sessions that took a turn, in order of their dates whatever the order given.

    Among sessions that may be of the same days comes first what the side due received: nothing on
    record says that it was not so.
    """
    found: list[Turn] = []
    last: str | None = None
    for _same_days, tied in groupby(_chronological(m for m in meetings if m.is_turn), _days):
        left = list(tied)
        while left:
            due = _after(rule, last)
            turn = _first_turn(rule, left, due)
            found.append(turn)
            left.remove(turn.meeting)
            last = turn.side or last
    return tuple(found)


def _first_turn(rule: Rule, tied: list[Meeting], due: str | None) -> Turn:
    possible = [Turn(meeting, side_received(rule, meeting, due), due) for meeting in tied]
    return next((turn for turn in possible if due is not None and turn.side == due), possible[0])


def last_host(taken: Iterable[Turn]) -> str | None:
    """The side that received at the last session hosted by a side."""
    return next((turn.side for turn in reversed(tuple(taken)) if turn.side is not None), None)


def next_side(rule: Rule, meetings: Iterable[Meeting]) -> str | None:
    """The side whose turn it is: the one after the side that received last.

    Before the first session the first side opens; None when the rotation is not stated.
    """
    return _after(rule, last_host(turns(rule, meetings)))


def candidates(
    rule: Rule, meetings: Iterable[Meeting], day: dt.date, last: dt.date | None = None
) -> tuple[str, ...]:
    """Who may host next on a day: the side itself, or those who surely are the bloc's members.

    With a ``last`` day, who may on whichever day from the one to the other. In a fixed order of
    members, the one after the side's last host of them; where the order names nobody who is a
    member on these days, any member. A member that may have left by one of them is never
    proposed, nor one that would stand for another side. Empty when the bloc has no member on all
    of them or no side is next.
    """
    return _candidates(rule, turns(rule, meetings), Window(day, last or day))


def _candidates(rule: Rule, taken: tuple[Turn, ...], days: Window) -> tuple[str, ...]:
    owed = _after(rule, last_host(taken))
    side = next((one for one in rule.sides if one.party == owed), None)
    if side is None or not side.is_bloc:
        return (owed,) if owed else ()
    date = days.date
    members = {m.party for m in side.members if surely_belongs(side, m.party, days)}
    present = tuple(sorted(party for party in members if side_of(rule, party, date) == owed))
    if _fixed_host(rule) not in {None, owed}:
        return tuple(party for party in present if party == rule.fixed_host)
    if side.member_order == MemberOrder.FIXED:
        return _next_in_order(side, taken, present) or present
    return present


def surely_belongs(side: RotationSide, party: str, days: Window) -> bool:
    """Whether a party surely is a member on each of these days, be it in several spans."""
    return surely_cover((m.span for m in side.members if m.party == party), *days)


def _next_in_order(
    side: RotationSide, taken: tuple[Turn, ...], present: tuple[str, ...]
) -> tuple[str, ...]:
    # Members that received together are read in their own order, not in that of their entry.
    received = [
        member
        for turn in taken
        if turn.side == side.party
        for member in side.order
        if member in turn.meeting.hosts
    ]
    start = side.order.index(received[-1]) + 1 if received else 0
    rota = (*side.order[start:], *side.order[:start])
    return next(((host,) for host in rota if host in present), ())


def standing(rule: Rule, meetings: Iterable[Meeting], today: dt.date) -> Standing:
    """Work out where a framework stands on a day.

    With no cadence there is no window and nothing is overdue. Postponed and cancelled meetings
    count for nothing, nor does one held on days that all lie after ``today``, so that a past day
    can be asked for. Raises CadenceError for a cadence below one month.
    """
    known = _chronological(m for m in meetings if not _yet_to_be_held(m, today))
    taken = turns(rule, known)
    held = [m for m in known if m.state == EventState.HELD]
    planned = next((m for m in known if _announces_a_session(m, today)), None)
    ended = rule.ended is not None and rule.ended.earliest <= today
    window = None if ended else _window(rule, taken)
    state = FrameworkState.ENDED if ended else _state(taken, window, planned, today)
    return Standing(
        state=state,
        turns=taken,
        last_turn=taken[-1] if taken else None,
        last_host=last_host(taken),
        last_meeting=held[-1] if held else None,
        next_side=None if ended else _after(rule, last_host(taken)),
        candidates=() if ended else _candidates(rule, taken, days_of_next(planned, window, today)),
        window=window,
        planned=planned,
        days_overdue=(
            days_overdue(window, today) if window and state == FrameworkState.OVERDUE else 0
        ),
        days_since_last=max((today - held[-1].date.latest).days, 0) if held else None,
    )


def _yet_to_be_held(meeting: Meeting, today: dt.date) -> bool:
    return meeting.state == EventState.HELD and meeting.date.earliest > today


def _announces_a_session(meeting: Meeting, today: dt.date) -> bool:
    is_planned = meeting.takes_turn and meeting.state == EventState.PLANNED
    return is_planned and meeting.date.latest >= today


def _window(rule: Rule, taken: tuple[Turn, ...]) -> Window | None:
    if not taken or rule.cadence is None:
        return None
    return expected_window(taken[-1].meeting.date, rule.cadence, rule.tolerance)


def days_of_next(planned: Meeting | None, window: Window | None, today: dt.date) -> Window:
    """The days from today on which the next session may be; today where it is overdue."""
    days = Window(planned.date.earliest, planned.date.latest) if planned else window
    if days is None or days.last < today:
        return Window(today, today)
    return Window(max(today, days.first), days.last)


def _state(
    taken: tuple[Turn, ...],
    window: Window | None,
    planned: Meeting | None,
    today: dt.date,
) -> FrameworkState:
    if planned is not None:
        return FrameworkState.PLANNED
    if not taken:
        return FrameworkState.NEVER_MET
    if window is None:
        return FrameworkState.NOT_STATED
    if today < window.first:
        return FrameworkState.ON_SCHEDULE
    return FrameworkState.DUE if today <= window.last else FrameworkState.OVERDUE


def expects_a_session(found: Standing) -> bool:
    """Whether a session is expected that no published event announces."""
    return found.state not in (FrameworkState.ENDED, FrameworkState.PLANNED) and (
        found.next_side is not None or found.window is not None
    )


def expected(rule: Rule, meetings: Iterable[Meeting], today: dt.date) -> ExpectedSession | None:
    """The session to show as expected on a day.

    None when the framework has ended, when a planned session already takes the turn, or when
    neither its side nor its window can be said.
    """
    found = standing(rule, meetings, today)
    if not expects_a_session(found):
        return None
    return ExpectedSession(
        found.next_side, found.candidates, found.window, found.state, found.days_overdue
    )
