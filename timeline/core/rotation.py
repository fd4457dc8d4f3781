"""Whose turn it is to host: plain functions over sides, meetings and days."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from timeline.core.cadence import Window, expected_window
from timeline.core.codes import EventState, FrameworkState, MemberOrder, Rotation
from timeline.core.dates import EdtfDate
from timeline.core.intervals import Span


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
    """How a framework passes the role of host on; cadence and tolerance are in months."""

    sides: tuple[RotationSide, ...]
    rotation: Rotation
    fixed_host: str | None = None
    cadence: int | None = None
    tolerance: int = 0
    ended: EdtfDate | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of a framework, by key; ``turn_side`` is named where co-hosts are of two sides."""

    key: int
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

    ``side`` is None when the host is of no side ('outside'): the turn is then still owed.
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

    ``days_overdue`` counts from the end of the window and is 0 unless the state is overdue;
    ``days_since_last`` counts from the last day that the last meeting of any sort may have had.
    """

    state: FrameworkState
    turns: tuple[Turn, ...]
    last_turn: Turn | None
    last_meeting: Meeting | None
    next_side: str | None
    candidates: tuple[str, ...]
    window: Window | None
    planned: Meeting | None
    days_overdue: int
    days_since_last: int | None


def _chronological(meetings: Iterable[Meeting]) -> list[Meeting]:
    return sorted(meetings, key=lambda m: (m.date.earliest, m.date.latest, m.key))


def side_of(rule: Rule, party: str, date: EdtfDate) -> str | None:
    """The side that a host stands for on a date: itself, or the bloc that it may belong to then."""
    for side in rule.sides:
        if side.party == party:
            return side.party
    for side in rule.sides:
        if any(m.party == party and m.span.may_touch(date) for m in side.members):
            return side.party
    return None


def _side_that_received(rule: Rule, meeting: Meeting) -> str | None:
    found = dict.fromkeys(side_of(rule, host, meeting.date) for host in meeting.hosts)
    sides = [side for side in found if side is not None]
    if meeting.turn_side is not None and (meeting.turn_side in sides or len(sides) != 1):
        return meeting.turn_side
    return sides[0] if sides else None


def _after(rule: Rule, side: str | None) -> str | None:
    """The side whose turn comes after a side's; the first opens."""
    if rule.rotation == Rotation.FIXED_HOST:
        return rule.fixed_host
    if rule.rotation == Rotation.NOT_STATED or not rule.sides:
        return None
    order = [one.party for one in rule.sides]
    return order[0] if side not in order else order[(order.index(side) + 1) % len(order)]


def turns(rule: Rule, meetings: Iterable[Meeting]) -> tuple[Turn, ...]:
    """The sessions that took a turn, in order of their dates whatever the order given."""
    found: list[Turn] = []
    last: str | None = None
    for meeting in _chronological(m for m in meetings if m.is_turn):
        side = _side_that_received(rule, meeting)
        found.append(Turn(meeting, side, _after(rule, last)))
        last = side or last
    return tuple(found)


def next_side(rule: Rule, meetings: Iterable[Meeting]) -> str | None:
    """The side whose turn it is: the one after the side that received last."""
    received = [turn.side for turn in turns(rule, meetings) if turn.side is not None]
    return _after(rule, received[-1] if received else None)


def candidates(rule: Rule, meetings: Iterable[Meeting], day: dt.date) -> tuple[str, ...]:
    """Who may host next on a day: the side itself, or those who surely are the bloc's members.

    In a fixed order of members, the one after the side's last host of them. A member that may
    have left by that day is never proposed.
    """
    owed = next_side(rule, meetings)
    side = next((one for one in rule.sides if one.party == owed), None)
    if side is None or not side.is_bloc:
        return (owed,) if owed else ()
    present = sorted({m.party for m in side.members if m.span.surely_has(day)})
    if side.member_order == MemberOrder.OPEN:
        return tuple(present)
    return _next_in_order(rule, side, meetings, frozenset(present))


def _next_in_order(
    rule: Rule, side: RotationSide, meetings: Iterable[Meeting], present: frozenset[str]
) -> tuple[str, ...]:
    received = [
        host
        for turn in turns(rule, meetings)
        if turn.side == side.party
        for host in turn.meeting.hosts
        if host in side.order
    ]
    start = side.order.index(received[-1]) + 1 if received else 0
    rota = (*side.order[start:], *side.order[:start])
    return next(((host,) for host in rota if host in present), ())


def standing(rule: Rule, meetings: Iterable[Meeting], today: dt.date) -> Standing:
    """Work out where a framework stands on a day.

    With no cadence there is no window and nothing is overdue. Postponed and cancelled meetings
    count for nothing.
    """
    known = _chronological(meetings)
    taken = turns(rule, known)
    held = [m for m in known if m.state == EventState.HELD]
    planned = next(
        (
            m
            for m in known
            if m.takes_turn and m.state == EventState.PLANNED and m.date.latest >= today
        ),
        None,
    )
    window = (
        expected_window(taken[-1].meeting.date, rule.cadence, rule.tolerance)
        if taken and rule.cadence
        else None
    )
    state = _state(rule, taken, window, planned, today)
    day = max(today, window.first) if window else today
    return Standing(
        state=state,
        turns=taken,
        last_turn=taken[-1] if taken else None,
        last_meeting=held[-1] if held else None,
        next_side=next_side(rule, known),
        candidates=candidates(rule, known, day),
        window=window,
        planned=planned,
        days_overdue=(today - window.last).days
        if window and state == FrameworkState.OVERDUE
        else 0,
        days_since_last=(today - held[-1].date.latest).days if held else None,
    )


def _state(
    rule: Rule,
    taken: tuple[Turn, ...],
    window: Window | None,
    planned: Meeting | None,
    today: dt.date,
) -> FrameworkState:
    if rule.ended is not None and rule.ended.earliest <= today:
        return FrameworkState.ENDED
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
