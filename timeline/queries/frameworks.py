"""Frameworks with where they stand: rows turned into the plain values of the rotation rules."""

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
    Order,
    ParticipationRole,
    Publication,
    Rotation,
)
from timeline.core.dates import EdtfDate, parse
from timeline.core.filters import OF_EVENTS
from timeline.core.question import Question
from timeline.models import Event, Framework, Membership, Participation, Party, Side
from timeline.queries import public
from timeline.queries.as_of import AsOf, begun, replayed


@dataclass(frozen=True, slots=True)
class FrameworkView:
    """A framework with its meetings, its rule and where it stands on a day.

    ``begun`` is False when it is looked at as of a day before it was founded. ``parties`` are those
    that the framework names, and the members of its sides that readers may see.
    """

    framework: Framework
    day: dt.date
    begun: bool
    sides: tuple[Party, ...]
    rule: rotation.Rule
    meetings: tuple[Event, ...]
    standing: rotation.Standing
    parties: dict[str, Party]

    @property
    def next_party(self) -> Party | None:
        """The side whose turn it is."""
        return self.parties.get(self.standing.next_side or "")

    @property
    def due_side(self) -> rotation.RotationSide | None:
        """The same side as the rules see it: its members and the order in which they host."""
        return next((one for one in self.rule.sides if one.party == self.standing.next_side), None)

    @property
    def last_party(self) -> Party | None:
        """The side that received the last session, if a side did."""
        last = self.standing.last_turn
        return self.parties.get((last.side if last else None) or "")

    @property
    def planned_event(self) -> Event | None:
        """The session that is announced."""
        planned = self.standing.planned
        return next((one for one in self.meetings if planned and one.pk == planned.key), None)

    @property
    def planned_hosts(self) -> tuple[Party, ...]:
        """Who hosts the session that is announced, where the record says so."""
        event = self.planned_event
        rows = event.participations.all() if event else ()
        return tuple(row.party for row in rows if row.role == ParticipationRole.HOST)

    @property
    def planned_turn(self) -> rotation.Turn | None:
        """The turn that the session announced will take if it is held as planned."""
        planned, due = self.standing.planned, self.standing.next_side
        if planned is None:
            return None
        return rotation.Turn(planned, rotation.hosting_side(self.rule, planned, due), due)

    @property
    def has_turns(self) -> bool:
        """Whether sides take turns at all: without a stated rotation a session is just held."""
        return self.rule.rotation != Rotation.NOT_STATED

    @property
    def candidate_parties(self) -> tuple[Party, ...]:
        """Who may host next."""
        return tuple(
            self.parties[code] for code in self.standing.candidates if code in self.parties
        )

    @property
    def why_nobody_hosts(self) -> str:
        """Why no member may host for the bloc that is due; empty where one may or none is due.

        ``host left`` or ``host unsure`` of a fixed host that belonged to it; else ``unsure`` where
        nobody surely belongs to it on each of those days, ``elsewhere`` where those who do
        stand for another side, and ``no member``.
        """
        side, fixed = self.due_side, self.rule.fixed_host
        if side is None or not side.is_bloc or self.standing.candidates:
            return ""
        planned, window = self.standing.planned, self.standing.window
        days = rotation.days_of_next(planned, window, self.day)
        if fixed is not None and fixed != side.party:
            spans = [member.span for member in side.members if member.party == fixed]
            gone = all(span.last_possible_day < days.first for span in spans)
            return "host left" if gone else "host unsure"
        if any(rotation.surely_belongs(side, one.party, days) for one in side.members):
            return "elsewhere"
        date = days.date
        some = any(one.span.may_touch(date) for one in side.members)
        return "unsure" if some else "no member"

    @property
    def may_have_ended(self) -> bool:
        """Whether it counts as ended by a date that may mean a later day or is not sure."""
        ended = self.rule.ended
        if ended is None or self.standing.state != FrameworkState.ENDED:
            return False
        return not ended.sure or ended.latest > self.day

    @property
    def expects_a_session(self) -> bool:
        """Whether a session is expected that no published event announces."""
        return rotation.expects_a_session(self.standing)

    def expects(self, party: str, *, direct: bool) -> bool:
        """Whether a party is expected at the next session: itself, or through a bloc on its day."""
        if any(party == side.code for side in self.sides) or party == self.rule.fixed_host:
            return True
        window = self.standing.window
        date = parse(max(self.day, window.first if window else self.day).isoformat())
        members = (member for side in self.rule.sides for member in side.members)
        return not direct and any(
            member.party == party and member.span.may_touch(date) for member in members
        )

    def turn_of(self, event: Event) -> rotation.Turn | None:
        """The turn that a meeting took, if it took one."""
        return next((turn for turn in self.standing.turns if turn.meeting.key == event.pk), None)


def with_meetings() -> "Prefetch[str, Any, Any]":
    """The meetings of frameworks, in no order, with what a list of them shows.

    Drafts among them are left out by :func:`views`: asked for published ones in order, a database
    that knows little of its rows reads all published events by their day.
    """
    rows = (
        Event.objects.select_related("place", "place__party", "turn_side")
        .prefetch_related(
            Prefetch("participations", Participation.objects.select_related("party").order_by("pk"))
        )
        .order_by()
    )
    return Prefetch("meetings", rows, to_attr="listed_meetings")


def views(
    frameworks: Iterable[Framework], when: AsOf, *, for_editors: bool = False
) -> list[FrameworkView]:
    """Work out where each of these frameworks stands on a day, in a fixed number of queries.

    Editors are also told the members that readers may not see.
    """
    rows = list(frameworks)
    sides: dict[int, list[Side]] = defaultdict(list)
    chosen = Side.objects.filter(framework__in=rows).select_related("party")
    for side in chosen.prefetch_related("host_order__party").order_by("position", "pk"):
        sides[side.framework_id].append(side)
    blocs = {side.party_id for listed in sides.values() for side in listed if side.party.is_bloc}
    members: dict[int, list[Membership]] = defaultdict(list)
    known = Membership.objects.filter(bloc__in=blocs).select_related("party").order_by("pk")
    for membership in begun(known, when):
        members[membership.bloc_id].append(membership)
    belong = {one.party_id for listed in members.values() for one in listed}
    seen = belong if for_editors else _public(belong)
    listed = (event for one in rows for event in getattr(one, "listed_meetings", []))
    shown = [event for event in listed if event.is_public]
    meetings: dict[int, list[Event]] = defaultdict(list)
    for event in replayed(shown, when):
        if event.framework_id is not None:
            meetings[event.framework_id].append(event)
    return [
        _view(framework, sides[framework.pk], members, seen, meetings[framework.pk], when)
        for framework in rows
    ]


def _public(keys: set[int]) -> set[int]:
    if not keys:
        return keys
    return set(public.parties().filter(pk__in=keys).order_by().values_list("pk", flat=True))


def _view(
    framework: Framework,
    sides: list[Side],
    members: dict[int, list[Membership]],
    seen: set[int],
    meetings: list[Event],
    when: AsOf,
) -> FrameworkView:
    rule = rotation.Rule(
        sides=tuple(_rotation_side(side, members[side.party_id]) for side in sides),
        rotation=Rotation(framework.rotation),
        fixed_host=framework.fixed_host.code if framework.fixed_host else None,
        cadence=framework.cadence_months,
        tolerance=framework.tolerance_months,
        ended=framework.ended,
    )
    parties = {side.party.code: side.party for side in sides}
    for side in sides:
        parties |= {place.party.code: place.party for place in side.host_order.all()}
        parties |= {m.party.code: m.party for m in members[side.party_id] if m.party_id in seen}
    if framework.fixed_host:
        parties[framework.fixed_host.code] = framework.fixed_host
    standing = rotation.standing(rule, [as_meeting(event) for event in meetings], when.day)
    # Those that may be of the same days are listed as they took their turns.
    turns = {turn.meeting.key: number for number, turn in enumerate(standing.turns)}
    meetings.sort(
        key=lambda e: (e.earliest, e.latest, turns.get(e.pk, -1), e.date.text, e.slug),
    )
    return FrameworkView(
        framework=framework,
        day=when.day,
        begun=when.knows(framework.starts),
        sides=tuple(side.party for side in sides),
        rule=rule,
        meetings=tuple(meetings),
        standing=standing,
        parties=parties,
    )


def _rotation_side(side: Side, members: list[Membership]) -> rotation.RotationSide:
    return rotation.RotationSide(
        party=side.party.code,
        is_bloc=side.party.is_bloc,
        members=tuple(rotation.Member(m.party.code, m.span) for m in members),
        member_order=MemberOrder(side.member_order),
        order=tuple(place.party.code for place in side.host_order.all()),
    )


def as_meeting(event: Event) -> rotation.Meeting:
    """An event of a framework as the rotation rules see it."""
    return rotation.Meeting(
        key=event.pk,
        name=event.slug,
        date=event.date,
        state=EventState(event.state),
        takes_turn=event.takes_turn,
        hosts=tuple(
            p.party.code for p in event.participations.all() if p.role == ParticipationRole.HOST
        ),
        turn_side=event.turn_side.code if event.turn_side else None,
    )


def all_views(when: AsOf) -> list[FrameworkView]:
    """Every published framework that had begun, with where it stands, the most pressing first.

    Of those that stand alike, the one whose window or plan ends first comes first: of two that are
    overdue, the one that is so for longer.
    """
    rows = (
        Framework.objects.published().select_related("fixed_host").prefetch_related(with_meetings())
    )
    found = views(rows.order_by("slug"), when)
    return sorted(
        (view for view in found if view.begun),
        key=lambda view: (
            _URGENCY.index(view.standing.state),
            _until(view.standing),
            view.framework.slug,
        ),
    )


def _until(standing: rotation.Standing) -> dt.date:
    """The last day on which the next session is expected; the last of all where none is."""
    if standing.state == FrameworkState.PLANNED and standing.planned is not None:
        return standing.planned.date.latest
    return standing.window.last if standing.window else dt.date.max


_URGENCY = tuple(
    FrameworkState(state)
    for state in ("overdue", "due", "planned", "on_schedule", "not_stated", "never_met", "ended")
)


def one_view(framework: Framework, when: AsOf, *, for_editors: bool = False) -> FrameworkView:
    """One framework with where it stands."""
    rows = Framework.objects.filter(pk=framework.pk).select_related("fixed_host")
    (view,) = views(rows.prefetch_related(with_meetings()), when, for_editors=for_editors)
    return view


def expected_sessions(
    question: Question, found: Iterable[FrameworkView]
) -> tuple[FrameworkView, ...]:
    """The sessions that are expected, where the question lets them be told apart from events."""
    narrowed = any(question.values(name) for name in OF_EVENTS.keys() - {"party", "framework"})
    if narrowed or question.q or question.period or question.order == Order.OLDEST:
        return ()
    return tuple(
        view
        for view in found
        if view.expects_a_session
        and (not question.frameworks or view.framework.slug in question.frameworks)
        and _expects_them(view, question)
    )


def _expects_them(view: FrameworkView, question: Question) -> bool:
    found = [view.expects(code, direct=question.direct) for code in question.parties]
    return not found or (any(found) if question.any_party else all(found))


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The next meeting as far as the record can tell it: what an editor's form opens with.

    ``window`` is when it is expected, where a cadence says so and the framework has met; ``date``
    is a month or months of it, else a year, unless a date was asked for. ``cadence`` is the
    framework's, in months. ``candidates`` are those who may host, ``parties`` who is expected: a
    role without a party is a row to fill in. ``already`` are sessions of the framework that are
    planned, drafts among them. ``asked`` says that the date is the editor's own, ``held`` that it
    is past.
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
    already: tuple[Event, ...] = ()
    asked: bool = False
    held: bool = False

    @property
    def host(self) -> Party | None:
        """The host that is filled in, where only one is possible."""
        hosts = (party for party, role in self.parties if role == ParticipationRole.HOST)
        return next(hosts, None)


def follow_up_of_framework(
    framework: Framework, *, today: dt.date, on: EdtfDate | None = None
) -> FollowUp:
    """What is known of a framework's next meeting, which follows the last that took a turn.

    ``on`` is the date of the meeting where it is known, be it past: hosts are those of that date.
    """
    view = _on_date(one_view(framework, AsOf(today), for_editors=True), on)
    last = (
        view.standing.last_turn.meeting if view.standing.last_turn else view.standing.last_meeting
    )
    follows = next((event for event in view.meetings if last and event.pk == last.key), None)
    return _follow_up_in_framework(view, follows, today, on)


def follow_up_of_event(event: Event, *, today: dt.date, on: EdtfDate | None = None) -> FollowUp:
    """What is known of the meeting that follows an event, in its framework if it has one.

    ``on`` is the date of the meeting where it is known, be it past: hosts are those of that date.
    """
    if event.framework is not None:
        view = _on_date(
            _once_held(one_view(event.framework, AsOf(today), for_editors=True), event), on
        )
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
        asked=on is not None,
        held=on is not None and on.latest < today,
    )


def _on_date(view: FrameworkView, on: EdtfDate | None) -> FrameworkView:
    """Where a framework stood before a meeting on a date, with those who may host it then."""
    if on is None:
        return view
    before = [
        meeting for meeting in map(as_meeting, view.meetings) if meeting.date.latest < on.earliest
    ]
    found = rotation.standing(view.rule, before, on.earliest)
    may_host = rotation.candidates(view.rule, before, on.earliest, on.latest)
    return replace(
        view,
        day=on.earliest,
        standing=replace(found, candidates=() if found.next_side is None else may_host),
    )


def _once_held(view: FrameworkView, event: Event) -> FrameworkView:
    """Where a framework stands once a session that is still planned has been held as planned."""
    if not event.takes_turn or event.state not in (EventState.PLANNED, EventState.POSTPONED):
        return view
    others = [as_meeting(one) for one in view.meetings if one.pk != event.pk]
    held = replace(as_meeting(event), state=EventState.HELD)
    day = max(view.day, event.latest)
    return replace(view, day=day, standing=rotation.standing(view.rule, [*others, held], day))


def _follow_up_in_framework(
    view: FrameworkView, follows: Event | None, today: dt.date, on: EdtfDate | None
) -> FollowUp:
    candidates = view.candidate_parties
    parties = _expected_parties(view, candidates)
    window = view.standing.window
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
        ended=view.standing.state == FrameworkState.ENDED,
        already=_planned_already(view, follows, today),
        asked=on is not None,
        held=on is not None and on.latest < today,
    )


def _expected_parties(
    view: FrameworkView, candidates: tuple[Party, ...]
) -> tuple[tuple[Party | None, ParticipationRole], ...]:
    """The host, or a row for it where several may be, then the sides that take part beside it.

    A bloc whose turn it is takes part as a bloc, and one of its members is the host: without the
    bloc's own row the session would not be found for its other members.
    """
    due = view.due_side
    found: list[tuple[Party | None, ParticipationRole]] = []
    host = candidates[0] if len(candidates) == 1 else None
    if host is not None or (due is not None and due.is_bloc):
        found.append((host, ParticipationRole.HOST))
    elif view.next_party is not None:
        host = view.next_party
        found.append((host, ParticipationRole.HOST))
    found += [(side, ParticipationRole.PARTICIPANT) for side in view.sides if side != host]
    return tuple(found)


def _planned_already(
    view: FrameworkView, follows: Event | None, today: dt.date
) -> tuple[Event, ...]:
    """The sessions of a framework that are planned for a day to come, published or not."""
    rows = Event.objects.filter(
        framework=view.framework, takes_turn=True, state=EventState.PLANNED, latest__gte=today
    ).exclude(publication=Publication.WITHDRAWN)
    return tuple(event for event in rows.order_by("earliest", "pk") if event != follows)


def _sectors(event: Event) -> tuple[int, ...]:
    return tuple(event.sector_links.order_by("pk").values_list("sector", flat=True))


def _expected_date(window: Window | None, follows: Event | None, today: dt.date) -> str:
    """The months of a window that is not past; else the first whole year that can be meant."""
    if window is not None and window.last >= today:
        return months_of(window)
    year = max(follows.earliest.year + 1 if follows else today.year, today.year)
    return f"{min(year, 9999):04d}"


def months_of(window: Window) -> str:
    """The months of a window as EDTF: '2026-04', '2026-09/2027-01'."""
    first, last = window.first.isoformat()[:7], window.last.isoformat()[:7]
    return first if first == last else f"{first}/{last}"
