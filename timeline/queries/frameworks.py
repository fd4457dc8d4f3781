"""Frameworks with where they stand: rows turned into the plain values of the rotation rules."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from timeline.core import rotation
from timeline.core.cadence import Window
from timeline.core.codes import (
    EventKind,
    EventState,
    FrameworkState,
    MemberOrder,
    ParticipationRole,
    Rotation,
)
from timeline.models import Event, Framework, Membership, Participation, Party, Side


@dataclass(frozen=True, slots=True)
class FrameworkView:
    """A framework with its meetings, its rule and where it stands on a day."""

    framework: Framework
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
    def candidate_parties(self) -> tuple[Party, ...]:
        """Who may host next."""
        return tuple(
            self.parties[code] for code in self.standing.candidates if code in self.parties
        )

    @property
    def expects_a_session(self) -> bool:
        """Whether a session is expected that no published event announces."""
        return rotation.expects_a_session(self.standing)

    def turn_of(self, event: Event) -> rotation.Turn | None:
        """The turn that a meeting took, if it took one."""
        return next((turn for turn in self.standing.turns if turn.meeting.key == event.pk), None)


def published_meetings() -> "Prefetch[str, Any, Any]":
    """The meetings of frameworks that readers may see, with what a list of them shows."""
    rows = (
        Event.objects.published()
        .select_related("place", "place__party", "turn_side")
        .prefetch_related(
            Prefetch("participations", Participation.objects.select_related("party").order_by("pk"))
        )
        .order_by("earliest", "latest", "pk")
    )
    return Prefetch("meetings", rows, to_attr="shown_meetings")


def views(frameworks: Iterable[Framework], *, today: dt.date) -> list[FrameworkView]:
    """Work out where each of these frameworks stands on a day, in a fixed number of queries."""
    rows = list(frameworks)
    sides: dict[int, list[Side]] = defaultdict(list)
    chosen = Side.objects.filter(framework__in=rows).select_related("party")
    for side in chosen.prefetch_related("host_order__party").order_by("position", "pk"):
        sides[side.framework_id].append(side)
    blocs = {side.party_id for known in sides.values() for side in known if side.party.is_bloc}
    members: dict[int, list[Membership]] = defaultdict(list)
    for membership in (
        Membership.objects.filter(bloc__in=blocs).select_related("party").order_by("pk")
    ):
        members[membership.bloc_id].append(membership)
    return [_view(framework, sides[framework.pk], members, today) for framework in rows]


def _view(
    framework: Framework, sides: list[Side], members: dict[int, list[Membership]], today: dt.date
) -> FrameworkView:
    rule = rotation.Rule(
        sides=tuple(_rotation_side(side, members[side.party_id]) for side in sides),
        rotation=Rotation(framework.rotation),
        fixed_host=framework.fixed_host.code if framework.fixed_host else None,
        cadence=framework.cadence_months,
        tolerance=framework.tolerance_months,
        ended=framework.ended,
    )
    meetings: list[Event] = getattr(framework, "shown_meetings", [])
    parties = {side.party.code: side.party for side in sides}
    for side in sides:
        parties |= {m.party.code: m.party for m in members[side.party_id]}
    if framework.fixed_host:
        parties[framework.fixed_host.code] = framework.fixed_host
    return FrameworkView(
        framework=framework,
        sides=tuple(side.party for side in sides),
        rule=rule,
        meetings=tuple(meetings),
        standing=rotation.standing(rule, [as_meeting(event) for event in meetings], today),
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
        date=event.date,
        state=EventState(event.state),
        takes_turn=event.takes_turn,
        hosts=tuple(
            p.party.code for p in event.participations.all() if p.role == ParticipationRole.HOST
        ),
        turn_side=event.turn_side.code if event.turn_side else None,
    )


def all_views(*, today: dt.date) -> list[FrameworkView]:
    """Every published framework with where it stands, the most pressing first."""
    rows = (
        Framework.objects.published()
        .select_related("fixed_host")
        .prefetch_related(published_meetings())
    )
    found = views(rows.order_by("slug"), today=today)
    return sorted(
        found, key=lambda view: (_URGENCY.index(view.standing.state), view.framework.slug)
    )


_URGENCY = tuple(
    FrameworkState(state)
    for state in ("overdue", "due", "planned", "on_schedule", "not_stated", "never_met", "ended")
)


def one_view(framework: Framework, *, today: dt.date) -> FrameworkView:
    """One framework with where it stands."""
    rows = Framework.objects.filter(pk=framework.pk).select_related("fixed_host")
    (view,) = views(rows.prefetch_related(published_meetings()), today=today)
    return view


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The next meeting as far as the record can tell it: what an editor's form opens with.

    ``window`` is when it is expected, where a cadence says so; ``date`` is a month or months of
    it, else a year. ``candidates`` are those who may host, ``parties`` who is expected.
    """

    framework: Framework | None
    follows: Event | None
    kind: str
    takes_turn: bool
    parties: tuple[tuple[Party, ParticipationRole], ...]
    candidates: tuple[Party, ...]
    sectors: tuple[int, ...]
    date: str
    window: Window | None


def follow_up_of_framework(framework: Framework, *, today: dt.date) -> FollowUp:
    """What is known of a framework's next meeting, which follows the last that took a turn."""
    view = one_view(framework, today=today)
    last = (
        view.standing.last_turn.meeting if view.standing.last_turn else view.standing.last_meeting
    )
    follows = next((event for event in view.meetings if last and event.pk == last.key), None)
    return _follow_up_in_framework(view, follows, today)


def follow_up_of_event(event: Event, *, today: dt.date) -> FollowUp:
    """What is known of the meeting that follows an event, in its framework if it has one."""
    if event.framework is not None:
        return _follow_up_in_framework(one_view(event.framework, today=today), event, today)
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
        date=_expected_date(None, event, today),
        window=None,
    )


def _follow_up_in_framework(view: FrameworkView, follows: Event | None, today: dt.date) -> FollowUp:
    candidates = view.candidate_parties
    host = candidates[0] if len(candidates) == 1 else view.next_party
    parties = [(host, ParticipationRole.HOST)] if host else []
    parties += [(side, ParticipationRole.PARTICIPANT) for side in view.sides if side != host]
    return FollowUp(
        framework=view.framework,
        follows=follows,
        kind=follows.kind if follows else EventKind.CONSULTATION.value,
        takes_turn=True,
        parties=tuple(parties),
        candidates=candidates,
        sectors=_sectors(follows) if follows else (),
        date=_expected_date(view.standing.window, follows, today),
        window=view.standing.window,
    )


def _sectors(event: Event) -> tuple[int, ...]:
    return tuple(event.sector_links.order_by("pk").values_list("sector", flat=True))


def _expected_date(window: Window | None, follows: Event | None, today: dt.date) -> str:
    """The months of a window that is not past; else the first whole year that can be meant."""
    if window is not None and window.last >= today:
        first, last = window.first.isoformat()[:7], window.last.isoformat()[:7]
        return first if first == last else f"{first}/{last}"
    year = max(follows.earliest.year + 1 if follows else today.year, today.year)
    return f"{min(year, 9999):04d}"
