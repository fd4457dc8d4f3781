"""Work out whose turn it is to host: plain functions over sides, meetings and days."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from timeline.core.cadence import Window, days_overdue, expected_window
from timeline.core.codes import EventState, FrameworkState, MemberOrder, Rotation
from timeline.core.dates import EdtfDate
from timeline.core.intervals import Span, surely_cover
from timeline.core.searched import Clock


class Member(NamedTuple):
    """A party that belongs to a bloc for a span of days."""

    party: str
    span: Span


@dataclass(frozen=True, slots=True)
class RotationSide:
    """One side of a framework: a state, or a bloc whose members host for it.

    ``order`` is the order in which the members host, where a source fixes one.
    """

    party: str
    is_bloc: bool = False
    members: tuple[Member, ...] = ()
    member_order: MemberOrder = MemberOrder.OPEN
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """How the role of host rotates in a framework.

    ``cadence`` and ``tolerance`` are in months. ``fixed_host`` is a side, a member of a bloc that
    is a side, or a third party. No session is expected from the earliest day of ``ended`` on.
    """

    sides: tuple[RotationSide, ...]
    rotation: Rotation
    fixed_host: str | None = None
    cadence: int | None = None
    tolerance: int = 0
    ended: EdtfDate | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of a framework.

    ``turn_side`` decides only between the sides of several co-hosts. ``name`` is unique and part
    of the record, while ``key`` depends on the order of entry: ties are broken by the name.
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
        """Whether the meeting was held and counts as a regular session."""
        return self.takes_turn and self.state == EventState.HELD


@dataclass(frozen=True, slots=True)
class Turn:
    """A held session: the side that hosted it, and the side that was due.

    ``side`` is None when the host belongs to no side ('outside') or is not recorded: the turn is
    then still owed. A fixed host that belongs to no side hosts for itself. ``due`` is None when
    the rotation is not stated.
    """

    meeting: Meeting
    side: str | None
    due: str | None

    @property
    def outside(self) -> bool:
        """Whether the host belongs to no side."""
        return self.side is None and bool(self.meeting.hosts)

    @property
    def out_of_turn(self) -> bool:
        """Whether a side other than the one due hosted the session."""
        return self.side is not None and self.due is not None and self.side != self.due


@dataclass(frozen=True, slots=True)
class HostTurn:
    """Whose turn it is to host in a framework on a day, and what that follows from.

    ``last_turn`` is the last session, wherever it was held; the window is computed from it.
    ``last_host`` is the side that hosted last. ``last_meeting`` need not have taken a turn.
    ``days_overdue`` counts from the end of the window and is 0 unless the state is overdue. State
    and planned session are those of the day until which sources were searched, if that is earlier;
    ``unsearched`` says that they would be others had sources been searched since.
    ``days_since_last`` counts from the latest possible day of the last meeting and is never
    negative. A framework that has ended has no next side, candidates or window.
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
    unsearched: bool = False


@dataclass(frozen=True, slots=True)
class ExpectedSession:
    """A session that no event announces: it is computed, never counted and never an event.

    It has no window without a cadence or before the first session, and no side where the rotation
    is not stated.
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
    """Return the side that a host represents on a date: itself, or a bloc it may belong to then.

    A member of two blocs represents the first of them in the order of the sides. A fixed host
    always represents the same side, whatever it belongs to on that date.
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
    """Return those who host: the sides in their order, then a fixed host that is of no side."""
    order = tuple(side.party for side in rule.sides)
    fixed = _seat(rule, _fixed_host(rule))
    return order if fixed is None or fixed in order else (*order, fixed)


def hosting_side(rule: Rule, meeting: Meeting, due: str | None = None) -> str | None:
    """Return the side of a meeting's host.

    With co-hosts of several sides it is the side that the editor named; else the side due; else
    the first in the order of the sides. The order in which hosts were entered never matters.
    """
    hosting = {side_of(rule, host, meeting.date) for host in meeting.hosts}
    preferred = (meeting.turn_side, due, *in_turn(rule))
    return next((side for side in preferred if side is not None and side in hosting), None)


def _fixed_host(rule: Rule) -> str | None:
    return rule.fixed_host if rule.rotation == Rotation.FIXED_HOST else None


def _seat(rule: Rule, party: str | None) -> str | None:
    """Return the side that a party is, or was at any time a member of, else the party itself."""
    if any(side.party == party for side in rule.sides):
        return party
    blocs = (side.party for side in rule.sides if any(m.party == party for m in side.members))
    return next(blocs, party)


def _side_after(rule: Rule, side: str | None) -> str | None:
    """Return the side whose turn follows that of a side; the first side opens."""
    if rule.rotation == Rotation.FIXED_HOST:
        return _seat(rule, rule.fixed_host)
    if rule.rotation == Rotation.NOT_STATED or not rule.sides:
        return None
    order = [rule_side.party for rule_side in rule.sides]
    return order[0] if side not in order else order[(order.index(side) + 1) % len(order)]


def turns(rule: Rule, meetings: Iterable[Meeting]) -> tuple[Turn, ...]:
    """Return the sessions that took a turn, in order of their dates, whatever the order given.

    Among sessions with the same possible days, the one hosted by the side due comes first: nothing
    in the record contradicts it.
    """
    taken: list[Turn] = []
    last: str | None = None
    for _same_days, tied in groupby(_chronological(m for m in meetings if m.is_turn), _days):
        remaining = list(tied)
        while remaining:
            due = _side_after(rule, last)
            turn = _first_turn(rule, remaining, due)
            taken.append(turn)
            remaining.remove(turn.meeting)
            last = turn.side or last
    return tuple(taken)


def _first_turn(rule: Rule, tied: list[Meeting], due: str | None) -> Turn:
    possible = [Turn(meeting, hosting_side(rule, meeting, due), due) for meeting in tied]
    return next((turn for turn in possible if due is not None and turn.side == due), possible[0])


def last_host(taken: Iterable[Turn]) -> str | None:
    """Return the side of the last session that was hosted by a side."""
    return next((turn.side for turn in reversed(tuple(taken)) if turn.side is not None), None)


def next_side(rule: Rule, meetings: Iterable[Meeting]) -> str | None:
    """Return the side whose turn it is: the one after the side that hosted last.

    Before the first session it is the first side. None when the rotation is not stated.
    """
    return _side_after(rule, last_host(turns(rule, meetings)))


def candidates(
    rule: Rule, meetings: Iterable[Meeting], day: dt.date, last: dt.date | None = None
) -> tuple[str, ...]:
    """Return who may host next on a day: the next side, or those who surely are its members.

    With a ``last`` day, return who may host on every day of the range. In a fixed order of
    members, it is the one after the side's last host; where the order names nobody who is a member
    on all these days, it is any member. A member that may have left by one of the days is never
    proposed, nor one that would represent another side. Empty when no side is next, or when the
    bloc has no member on all the days.
    """
    return _candidates(rule, turns(rule, meetings), Window(day, last or day))


def _candidates(rule: Rule, taken: tuple[Turn, ...], days: Window) -> tuple[str, ...]:
    due = _side_after(rule, last_host(taken))
    side = next((rule_side for rule_side in rule.sides if rule_side.party == due), None)
    if side is None or not side.is_bloc:
        return (due,) if due else ()
    date = days.date
    members = {m.party for m in side.members if surely_belongs(side, m.party, days)}
    present = tuple(sorted(party for party in members if side_of(rule, party, date) == due))
    if _fixed_host(rule) not in {None, due}:
        return tuple(party for party in present if party == rule.fixed_host)
    if side.member_order == MemberOrder.FIXED:
        return _next_in_order(side, taken, present) or present
    return present


def surely_belongs(side: RotationSide, party: str, days: Window) -> bool:
    """Whether a party surely is a member on each of these days, even in several spans."""
    return surely_cover((m.span for m in side.members if m.party == party), *days)


def _next_in_order(
    side: RotationSide, taken: tuple[Turn, ...], present: tuple[str, ...]
) -> tuple[str, ...]:
    # Members that hosted together follow the fixed order, not the order of entry.
    past_hosts = [
        member
        for turn in taken
        if turn.side == side.party
        for member in side.order
        if member in turn.meeting.hosts
    ]
    start = side.order.index(past_hosts[-1]) + 1 if past_hosts else 0
    rota = (*side.order[start:], *side.order[:start])
    return next(((host,) for host in rota if host in present), ())


def host_turn(
    rule: Rule,
    meetings: Iterable[Meeting],
    today: dt.date,
    searched_until: dt.date | None = None,
) -> HostTurn:
    """Work out whose turn it is to host in a framework on a day.

    With no cadence there is no window and nothing is overdue. Postponed and cancelled meetings are
    ignored. So are meetings held on days that all lie after ``today``, which gives the state on a
    past day. A session is due, overdue or planned no longer by the day until which sources were
    searched, if that is earlier. Raises CadenceError for a cadence below one month.
    """
    clock = Clock(today, searched_until).day
    past_or_planned = _chronological(m for m in meetings if not _yet_to_be_held(m, today))
    taken = turns(rule, past_or_planned)
    held = [m for m in past_or_planned if m.state == EventState.HELD]
    planned = _planned(past_or_planned, clock)
    ended = rule.ended is not None and rule.ended.earliest <= today
    window = None if ended else _window(rule, taken)
    state = FrameworkState.ENDED if ended else _state(taken, window, planned, clock)
    planned_today = _planned(past_or_planned, today)
    by_today = _state(taken, window, planned_today, today)
    return HostTurn(
        state=state,
        turns=taken,
        last_turn=taken[-1] if taken else None,
        last_host=last_host(taken),
        last_meeting=held[-1] if held else None,
        next_side=None if ended else _side_after(rule, last_host(taken)),
        candidates=() if ended else _candidates(rule, taken, days_of_next(planned, window, today)),
        window=window,
        planned=planned,
        days_overdue=(
            days_overdue(window, clock) if window and state == FrameworkState.OVERDUE else 0
        ),
        days_since_last=max((today - held[-1].date.latest).days, 0) if held else None,
        unsearched=not ended and (state, planned) != (by_today, planned_today),
    )


def _yet_to_be_held(meeting: Meeting, today: dt.date) -> bool:
    return meeting.state == EventState.HELD and meeting.date.earliest > today


def _planned(chronological: Iterable[Meeting], day: dt.date) -> Meeting | None:
    """Return the first session that is planned and not past on a day."""
    planned = (m for m in chronological if m.takes_turn and m.state == EventState.PLANNED)
    return next((m for m in planned if m.date.latest >= day), None)


def _window(rule: Rule, taken: tuple[Turn, ...]) -> Window | None:
    if not taken or rule.cadence is None:
        return None
    return expected_window(taken[-1].meeting.date, rule.cadence, rule.tolerance)


def days_of_next(planned: Meeting | None, window: Window | None, today: dt.date) -> Window:
    """Return the days from today on which the next session may be; today if it is overdue."""
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


def expects_a_session(turn: HostTurn) -> bool:
    """Whether a session is expected that no published event announces."""
    return turn.state not in (FrameworkState.ENDED, FrameworkState.PLANNED) and (
        turn.next_side is not None or turn.window is not None
    )


def expected(
    rule: Rule,
    meetings: Iterable[Meeting],
    today: dt.date,
    searched_until: dt.date | None = None,
) -> ExpectedSession | None:
    """Return the session to show as expected on a day.

    None when the framework has ended, when a planned session already takes the turn, or when
    neither its side nor its window is known.
    """
    now = host_turn(rule, meetings, today, searched_until)
    if not expects_a_session(now):
        return None
    return ExpectedSession(now.next_side, now.candidates, now.window, now.state, now.days_overdue)
