"""Frameworks with whose turn it is: rows converted to the plain values of the rotation rules."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Prefetch

from timeline.core import rotation
from timeline.core.cadence import Window
from timeline.core.codes import (
    EventKind,
    EventState,
    FrameworkState,
    MemberOrder,
    MembershipStanding,
    Order,
    ParticipationRole,
    Publication,
    Rotation,
)
from timeline.core.dates import EdtfDate, parse
from timeline.core.filters import OF_EVENTS
from timeline.core.question import Question
from timeline.core.searched import Clock
from timeline.models import Event, Framework, Membership, Participation, Party, Side
from timeline.queries import names, public, searched
from timeline.queries.as_of import AsOf, begun, replayed
from timeline.queries.places import with_places


@dataclass(frozen=True, slots=True)
class FrameworkView:
    """A framework with its meetings, its rule and whose turn it is on a day.

    ``begun`` is False as of a day before it was founded. ``parties`` are those that the framework
    names, and the members of its sides that readers may see, by code. Whether a session is due is
    that of the ``clock``.
    """

    framework: Framework
    day: dt.date
    clock: Clock
    begun: bool
    sides: tuple[Party, ...]
    rule: rotation.Rule
    meetings: tuple[Event, ...]
    host_turn: rotation.HostTurn
    parties: dict[str, Party]

    @property
    def next_party(self) -> Party | None:
        """The side whose turn it is."""
        return self.parties.get(self.host_turn.next_side or "")

    @property
    def due_side(self) -> rotation.RotationSide | None:
        """The side whose turn it is, with its members and the order in which they host."""
        next_side = self.host_turn.next_side
        return next((side for side in self.rule.sides if side.party == next_side), None)

    @property
    def last_party(self) -> Party | None:
        """The side that hosted the last session, if a side did."""
        last = self.host_turn.last_turn
        return self.parties.get((last.side if last else None) or "")

    @property
    def planned_event(self) -> Event | None:
        """The session that is planned."""
        planned = self.host_turn.planned
        return next((event for event in self.meetings if planned and event.pk == planned.key), None)

    @property
    def planned_hosts(self) -> tuple[Party, ...]:
        """The hosts of the planned session, if the record names any."""
        event = self.planned_event
        rows = event.participations.all() if event else ()
        return tuple(row.party for row in rows if row.role == ParticipationRole.HOST)

    @property
    def planned_turn(self) -> rotation.Turn | None:
        """The turn that the planned session will take if it is held as planned."""
        planned, due = self.host_turn.planned, self.host_turn.next_side
        if planned is None:
            return None
        return rotation.Turn(planned, rotation.hosting_side(self.rule, planned, due), due)

    @property
    def has_turns(self) -> bool:
        """Whether sides take turns: they do not where no rotation is stated."""
        return self.rule.rotation != Rotation.NOT_STATED

    @property
    def candidate_parties(self) -> tuple[Party, ...]:
        """The parties that may host next."""
        return tuple(
            self.parties[code] for code in self.host_turn.candidates if code in self.parties
        )

    @property
    def why_nobody_hosts(self) -> str:
        """Why no member may host for the bloc that is due; empty if one may or no bloc is due.

        ``host left`` or ``host unsure`` if the fixed host was a member of the bloc; else ``unsure``
        if nobody surely belongs to the bloc on all days of the next session, ``elsewhere`` if those
        who do stand for another side, or ``no member``.
        """
        side, fixed = self.due_side, self.rule.fixed_host
        if side is None or not side.is_bloc or self.host_turn.candidates:
            return ""
        planned, window = self.host_turn.planned, self.host_turn.window
        days = rotation.days_of_next(planned, window, self.day)
        if fixed is not None and fixed != side.party:
            spans = [member.span for member in side.members if member.party == fixed]
            gone = all(span.last_possible_day < days.first for span in spans)
            return "host left" if gone else "host unsure"
        if any(rotation.surely_belongs(side, member.party, days) for member in side.members):
            return "elsewhere"
        date = days.date
        maybe = any(member.span.may_touch(date) for member in side.members)
        return "unsure" if maybe else "no member"

    @property
    def may_have_ended(self) -> bool:
        """Whether it counts as ended by a date that may mean a later day or is unsure."""
        ended = self.rule.ended
        if ended is None or self.host_turn.state != FrameworkState.ENDED:
            return False
        return not ended.sure or ended.latest > self.day

    @property
    def expects_a_session(self) -> bool:
        """Whether a session is expected for which there is no published event."""
        return rotation.expects_a_session(self.host_turn)

    def expects(self, party: str, *, direct: bool) -> bool:
        """Whether a party is expected at the next session, itself or as a member of a bloc then."""
        if any(party == side.code for side in self.sides) or party == self.rule.fixed_host:
            return True
        window = self.host_turn.window
        date = parse(max(self.day, window.first if window else self.day).isoformat())
        members = (member for side in self.rule.sides for member in side.members)
        return not direct and any(
            member.party == party and member.span.may_touch(date) for member in members
        )

    def includes(self, party: str) -> bool:
        """Whether a party is a side, itself or as a possible member of a bloc on the day."""
        today = parse(self.day.isoformat())
        return any(party == side.code for side in self.sides) or any(
            member.party == party and member.span.may_touch(today)
            for side in self.rule.sides
            for member in side.members
        )

    def turn_of(self, event: Event) -> rotation.Turn | None:
        """Return the turn that a meeting took, if it took one."""
        return next((turn for turn in self.host_turn.turns if turn.meeting.key == event.pk), None)


def with_meetings() -> "Prefetch[str, Any, Any]":
    """Prefetch the meetings of frameworks, unordered, with what a list of them shows.

    :func:`views` leaves out drafts.
    """
    # A database with poor statistics would read all published events by their day if the query
    # filtered and ordered the meetings.
    rows = (
        Event.objects.select_related("turn_side")
        .prefetch_related(
            with_places(),
            Prefetch(
                "participations", Participation.objects.select_related("party").order_by("pk")
            ),
        )
        .order_by()
    )
    return Prefetch("meetings", rows, to_attr="listed_meetings")


def views(
    frameworks: Iterable[Framework], when: AsOf, *, for_editors: bool = False
) -> list[FrameworkView]:
    """Work out whose turn it is in each of these frameworks, in a fixed number of queries.

    For editors, the parties include members that readers may not see.
    """
    rows = list(frameworks)
    sides: dict[int, list[Side]] = defaultdict(list)
    side_rows = Side.objects.filter(framework__in=rows).select_related("party")
    for side in side_rows.prefetch_related("host_order__party").order_by("position", "pk"):
        sides[side.framework_id].append(side)
    all_sides = [side for group in sides.values() for side in group]
    blocs = {side.party_id for side in all_sides if side.party.is_bloc}
    memberships: dict[int, list[Membership]] = defaultdict(list)
    membership_rows = Membership.objects.filter(bloc__in=blocs, standing=MembershipStanding.MEMBER)
    for membership in begun(membership_rows.select_related("party").order_by("pk"), when):
        memberships[membership.bloc_id].append(membership)
    members = {row.party_id for group in memberships.values() for row in group}
    shown = members if for_editors else _public(members)
    prefetched = (event for row in rows for event in getattr(row, "listed_meetings", []))
    published = [event for event in prefetched if event.is_public]
    meetings: dict[int, list[Event]] = defaultdict(list)
    for event in replayed(published, when):
        if event.framework_id is not None:
            meetings[event.framework_id].append(event)
    clock = searched.clock(when)
    return [
        _view(
            framework,
            sides[framework.pk],
            memberships,
            shown,
            meetings[framework.pk],
            when,
            clock.searched_apart(framework.searched_until),
        )
        for framework in rows
    ]


def _public(keys: set[int]) -> set[int]:
    """Return the keys of those of these parties that readers may see."""
    if not keys:
        return keys
    return set(public.parties().filter(pk__in=keys).order_by().values_list("pk", flat=True))


def _view(
    framework: Framework,
    sides: list[Side],
    memberships: dict[int, list[Membership]],
    shown: set[int],
    meetings: list[Event],
    when: AsOf,
    clock: Clock,
) -> FrameworkView:
    rule = rotation.Rule(
        sides=tuple(_rotation_side(side, memberships[side.party_id]) for side in sides),
        rotation=Rotation(framework.rotation),
        fixed_host=framework.fixed_host.code if framework.fixed_host else None,
        cadence=framework.cadence_months,
        tolerance=framework.tolerance_months,
        ended=framework.ended,
    )
    parties = {side.party.code: side.party for side in sides}
    for side in sides:
        parties |= {row.party.code: row.party for row in side.host_order.all()}
        members = (row.party for row in memberships[side.party_id] if row.party_id in shown)
        parties |= {party.code: party for party in members}
    if framework.fixed_host:
        parties[framework.fixed_host.code] = framework.fixed_host
    _flag_lives(framework, sides, parties.values(), meetings, when)
    host_turn = rotation.host_turn(rule, [as_meeting(event) for event in meetings], *clock)
    # Meetings that may be on the same days are listed in the order of their turns.
    turns = {turn.meeting.key: number for number, turn in enumerate(host_turn.turns)}
    meetings.sort(
        key=lambda e: (e.earliest, e.latest, turns.get(e.pk, -1), e.date.text, e.slug),
    )
    return FrameworkView(
        framework=framework,
        day=clock.as_of,
        clock=clock,
        begun=when.knows(framework.starts),
        sides=tuple(side.party for side in sides),
        rule=rule,
        meetings=tuple(meetings),
        host_turn=host_turn,
        parties=parties,
    )


def _flag_lives(
    framework: Framework,
    sides: Iterable[Side],
    parties: Iterable[Party],
    meetings: Iterable[Event],
    when: AsOf,
) -> None:
    """Flag the parties that did not exist on the day of the page, or of what they took part in.

    That is for a side the start of the framework, too, and for a host its meeting.
    """
    has_ended = framework.ended is not None and when.knows(framework.ended)
    names.set_outside_life((side.party, framework.starts) for side in sides)
    if not has_ended:
        day = parse(when.day.isoformat())
        names.set_outside_life((party, day) for party in parties)
    names.set_outside_life(
        (row.party, event.date) for event in meetings for row in event.participations.all()
    )


def _rotation_side(side: Side, memberships: list[Membership]) -> rotation.RotationSide:
    return rotation.RotationSide(
        party=side.party.code,
        is_bloc=side.party.is_bloc,
        members=tuple(rotation.Member(row.party.code, row.span) for row in memberships),
        member_order=MemberOrder(side.member_order),
        order=tuple(row.party.code for row in side.host_order.all()),
    )


def as_meeting(event: Event) -> rotation.Meeting:
    """Convert an event of a framework to the plain value that the rotation rules take."""
    return rotation.Meeting(
        key=event.pk,
        name=event.slug,
        date=event.date,
        state=EventState(event.state),
        takes_turn=event.takes_turn,
        hosts=tuple(
            row.party.code
            for row in event.participations.all()
            if row.role == ParticipationRole.HOST
        ),
        turn_side=event.turn_side.code if event.turn_side else None,
    )


def all_views(when: AsOf) -> list[FrameworkView]:
    """Return all published frameworks that had begun by a day, the most urgent first.

    Of those in the same state, the one whose window or planned session ends first comes first: of
    two overdue ones, the one that has been overdue for longer.
    """
    rows = (
        Framework.objects.published().select_related("fixed_host").prefetch_related(with_meetings())
    )
    return sorted(
        (view for view in views(rows.order_by("slug"), when) if view.begun),
        key=lambda view: (
            _URGENCY.index(view.host_turn.state),
            _until(view.host_turn),
            view.framework.slug,
        ),
    )


def _until(turn: rotation.HostTurn) -> dt.date:
    """Return the last day on which the next session is expected, or the last of all days."""
    if turn.state == FrameworkState.PLANNED and turn.planned is not None:
        return turn.planned.date.latest
    return turn.window.last if turn.window else dt.date.max


_URGENCY = tuple(
    FrameworkState(state)
    for state in ("overdue", "due", "planned", "on_schedule", "not_stated", "never_met", "ended")
)


def one_view(framework: Framework, when: AsOf, *, for_editors: bool = False) -> FrameworkView:
    """Work out whose turn it is in one framework on a day."""
    rows = Framework.objects.filter(pk=framework.pk).select_related("fixed_host")
    (view,) = views(rows.prefetch_related(with_meetings()), when, for_editors=for_editors)
    return view


def expected_sessions(
    question: Question, frameworks: Iterable[FrameworkView]
) -> tuple[FrameworkView, ...]:
    """Return the frameworks that expect a session which the question's filters do not exclude.

    Any filter but those of party and framework excludes all of them, and so does the order of the
    oldest first.
    """
    narrowed = any(question.values(name) for name in OF_EVENTS.keys() - {"party", "framework"})
    if narrowed or question.q or question.period or question.order == Order.OLDEST:
        return ()
    return tuple(
        view
        for view in frameworks
        if view.expects_a_session
        and (not question.frameworks or view.framework.slug in question.frameworks)
        and _expects_parties(view, question)
    )


def _expects_parties(view: FrameworkView, question: Question) -> bool:
    expected = [view.expects(code, direct=question.direct) for code in question.parties]
    return not expected or (any(expected) if question.any_party else all(expected))


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The next meeting as far as the record determines it: initial data of an editor's form.

    ``window`` is when it is expected, if there is a cadence and the framework has met; ``date`` is
    the months of the window, else a year, unless the editor gave a date. ``cadence`` is that of the
    framework, in months. ``candidates`` may host, ``parties`` are expected: a role without a party
    is a row to fill in. ``planned`` are sessions of the framework that are planned already, drafts
    included. ``date_given`` says that the date is the editor's own, ``past`` that it is past.
    """

    framework: Framework | None
    follows: Event | None
    kind: str
    takes_turn: bool
    parties: tuple[tuple[Party | None, ParticipationRole], ...]
    candidates: tuple[Party, ...]
    sectors: tuple[int, ...]
    date: str
    window: Window | None
    cadence: int | None = None
    ended: bool = False
    planned: tuple[Event, ...] = ()
    date_given: bool = False
    past: bool = False

    @property
    def host(self) -> Party | None:
        """The host, if only one is possible."""
        hosts = (party for party, role in self.parties if role == ParticipationRole.HOST)
        return next(hosts, None)


def follow_up_of_framework(
    framework: Framework, *, today: dt.date, on: EdtfDate | None = None
) -> FollowUp:
    """Return the next meeting of a framework, which follows the last one that took a turn.

    ``on`` is the date of the meeting if it is known, even a past one: candidates are those who may
    host on that date.
    """
    view = _on_date(one_view(framework, AsOf(today), for_editors=True), on)
    last = (
        view.host_turn.last_turn.meeting
        if view.host_turn.last_turn
        else view.host_turn.last_meeting
    )
    follows = next((event for event in view.meetings if last and event.pk == last.key), None)
    return _follow_up_in_framework(view, follows, today, on)


def follow_up_of_event(event: Event, *, today: dt.date, on: EdtfDate | None = None) -> FollowUp:
    """Return the meeting that follows an event, in the event's framework if it has one.

    ``on`` is the date of the meeting if it is known, even a past one: candidates are those who may
    host on that date.
    """
    if event.framework is not None:
        view = one_view(event.framework, AsOf(today), for_editors=True)
        view = _on_date(_as_if_held(view, event), on)
        return _follow_up_in_framework(view, event, today, on)
    rows = event.participations.select_related("party").order_by("pk")
    parties = {row.party_id: row.party for row in rows}
    return FollowUp(
        framework=None,
        follows=event,
        kind=event.kind,
        takes_turn=False,
        parties=tuple((party, ParticipationRole.PARTICIPANT) for party in parties.values()),
        candidates=(),
        sectors=_sectors(event),
        date=on.text if on else _expected_date(None, event, today),
        window=None,
        date_given=on is not None,
        past=on is not None and on.latest < today,
    )


def _on_date(view: FrameworkView, on: EdtfDate | None) -> FrameworkView:
    """Return whose turn it was before a meeting on a date, with the candidates then."""
    if on is None:
        return view
    before = [
        meeting for meeting in map(as_meeting, view.meetings) if meeting.date.latest < on.earliest
    ]
    host_turn = rotation.host_turn(view.rule, before, on.earliest)
    candidates = rotation.candidates(view.rule, before, on.earliest, on.latest)
    return replace(
        view,
        day=on.earliest,
        host_turn=replace(host_turn, candidates=() if host_turn.next_side is None else candidates),
    )


def _as_if_held(view: FrameworkView, event: Event) -> FrameworkView:
    """Return whose turn it is after a planned session, as if it were held as planned."""
    if not event.takes_turn or event.state not in (EventState.PLANNED, EventState.POSTPONED):
        return view
    meetings = [as_meeting(meeting) for meeting in view.meetings if meeting.pk != event.pk]
    meetings.append(replace(as_meeting(event), state=EventState.HELD))
    day = max(view.day, event.latest)
    return replace(view, day=day, host_turn=rotation.host_turn(view.rule, meetings, day))


def _follow_up_in_framework(
    view: FrameworkView, follows: Event | None, today: dt.date, on: EdtfDate | None
) -> FollowUp:
    candidates = view.candidate_parties
    parties = _expected_parties(view, candidates)
    window = view.host_turn.window
    return FollowUp(
        framework=view.framework,
        follows=follows,
        kind=follows.kind if follows else EventKind.CONSULTATION.value,
        takes_turn=True,
        parties=parties,
        candidates=candidates,
        sectors=_sectors(follows) if follows else (),
        date=on.text if on else _expected_date(window, follows, today),
        window=window,
        cadence=view.rule.cadence,
        ended=view.host_turn.state == FrameworkState.ENDED,
        planned=_planned_sessions(view, follows, today),
        date_given=on is not None,
        past=on is not None and on.latest < today,
    )


def _expected_parties(
    view: FrameworkView, candidates: tuple[Party, ...]
) -> tuple[tuple[Party | None, ParticipationRole], ...]:
    """Return the host, or an empty row for it if several may host, then the other sides.

    A bloc whose turn it is takes part as a bloc, and one of its members is the host: without the
    bloc's own row the session would not be found for its other members.
    """
    due = view.due_side
    parties: list[tuple[Party | None, ParticipationRole]] = []
    host = candidates[0] if len(candidates) == 1 else None
    if host is not None or (due is not None and due.is_bloc):
        parties.append((host, ParticipationRole.HOST))
    elif view.next_party is not None:
        host = view.next_party
        parties.append((host, ParticipationRole.HOST))
    parties += [(side, ParticipationRole.PARTICIPANT) for side in view.sides if side != host]
    return tuple(parties)


def _planned_sessions(
    view: FrameworkView, follows: Event | None, today: dt.date
) -> tuple[Event, ...]:
    """Return the sessions of a framework that are planned and not past, published or not."""
    rows = Event.objects.filter(
        framework=view.framework, takes_turn=True, state=EventState.PLANNED, latest__gte=today
    ).exclude(publication=Publication.WITHDRAWN)
    return tuple(event for event in rows.order_by("earliest", "pk") if event != follows)


def _sectors(event: Event) -> tuple[int, ...]:
    return tuple(event.sector_links.order_by("pk").values_list("sector", flat=True))


def _expected_date(window: Window | None, follows: Event | None, today: dt.date) -> str:
    """Return the months of a window that is not past, else the first year that is possible."""
    if window is not None and window.last >= today:
        return months_of(window)
    year = max(follows.earliest.year + 1 if follows else today.year, today.year)
    return f"{min(year, 9999):04d}"


def months_of(window: Window) -> str:
    """Return the months of a window as EDTF: '2026-04', '2026-09/2027-01'."""
    first, last = window.first.isoformat()[:7], window.last.isoformat()[:7]
    return first if first == last else f"{first}/{last}"
