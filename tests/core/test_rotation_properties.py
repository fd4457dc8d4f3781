"""Properties of the rotation that hold for every framework."""

import datetime as dt
import itertools
from dataclasses import replace
from typing import Final

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.examples import tries
from timeline.core.cadence import Window
from timeline.core.codes import EventState, FrameworkState, MemberOrder, Rotation
from timeline.core.dates import EdtfDate, parse
from timeline.core.intervals import Span
from timeline.core.rotation import (
    HostTurn,
    Meeting,
    Member,
    RotationSide,
    Rule,
    candidates,
    host_turn,
    next_side,
    side_of,
    turns,
)

EXAMPLES: Final = settings(max_examples=tries(60, soak=200))
FOUR_CENTURIES: Final = dt.timedelta(days=146_097)
PARTIES: Final = ("bf", "gh", "ml", "ne", "ru", "td", "tg")
BLOCS: Final = ("aes", "ecowas")
OUTSIDER: Final = "tr"

# Few years, so that sessions, windows, memberships and the chosen day often meet.
days = st.dates(dt.date(2022, 1, 1), dt.date(2028, 12, 31))
FORMS: Final = ("%Y-%m-%d", "%Y-%m-%d?", "%Y-%m", "%Y-%m~", "%Y", "%Y-21", "%Y-%m-%d/%Y-12")
TEXTS: Final = {
    dt.date(year, month, 29 if month != 2 or year == 2024 else 28).strftime(form)
    for year in range(2022, 2028)
    for month in (1, 2, 6, 11)
    for form in FORMS
}
dates = st.sampled_from([parse(text) for text in sorted(TEXTS)])
months = st.none() | st.integers(1, 36)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(dates)
    end = draw(st.none() | dates)
    return Span(start, end if end is not None and end.earliest > start.latest else None)


@st.composite
def sides(draw: st.DrawFn, party: str) -> RotationSide:
    """Draw a state, or a bloc whose members join and leave and may be sides themselves."""
    if party not in BLOCS:
        return RotationSide(party)
    belonging = draw(st.lists(st.builds(Member, st.sampled_from(PARTIES), spans()), max_size=4))
    return RotationSide(
        party,
        is_bloc=True,
        members=tuple(belonging),
        member_order=draw(st.sampled_from(MemberOrder)),
        order=tuple(draw(st.lists(st.sampled_from(PARTIES), max_size=4, unique=True))),
    )


@st.composite
def rules(draw: st.DrawFn, cadence: st.SearchStrategy[int | None] = months) -> Rule:
    order = draw(st.lists(st.sampled_from(PARTIES + BLOCS), min_size=2, max_size=4, unique=True))
    rotation = draw(st.sampled_from(Rotation))
    fixed = (
        draw(st.sampled_from((*order, *PARTIES, OUTSIDER)))
        if rotation == Rotation.FIXED_HOST
        else None
    )
    return Rule(
        tuple(draw(sides(party)) for party in order),
        rotation,
        fixed,
        draw(cadence),
        draw(st.integers(0, 6)),
        draw(st.none() | dates),
    )


@st.composite
def meetings(draw: st.DrawFn) -> list[Meeting]:
    """Draw meetings in any state, some on the same days, with one host, several or none."""
    few = st.sampled_from(draw(st.lists(dates, min_size=1, max_size=4)))
    names = draw(st.permutations("abcdef"))
    count = draw(st.integers(0, 6))
    hosts = st.lists(st.sampled_from((*PARTIES, *BLOCS, OUTSIDER)), max_size=3, unique=True)
    return [
        Meeting(
            key,
            names[key],
            draw(few),
            draw(st.sampled_from((EventState.HELD,) * 4 + tuple(EventState))),
            draw(st.sampled_from((True, True, False))),
            tuple(draw(hosts)),
            draw(st.none() | st.sampled_from((*PARTIES, *BLOCS))),
        )
        for key in range(count)
    ]


@EXAMPLES
@given(st.data())
def test_sides_alternate_when_each_session_is_hosted_as_proposed(data: st.DataObject) -> None:
    rule = replace(data.draw(rules()), rotation=Rotation.ALTERNATING, fixed_host=None)
    held: list[Meeting] = []
    for key, day in enumerate(sorted(data.draw(st.lists(days, max_size=8, unique=True)))):
        proposed = candidates(rule, held, day)
        # A bloc without members on the day hosts under its own name.
        host = data.draw(st.sampled_from(proposed)) if proposed else next_side(rule, held)
        assert host is not None
        date = parse(day.isoformat())
        held.append(Meeting(key, f"session-{key}", date, EventState.HELD, True, (host,)))
    in_order = turns(rule, held)
    in_turn = itertools.islice(itertools.cycle(side.party for side in rule.sides), len(in_order))
    assert [turn.side for turn in in_order] == list(in_turn)
    assert [turn for turn in in_order if turn.out_of_turn or turn.outside] == []


@EXAMPLES
@given(st.data())
def test_order_of_entry_changes_nothing(data: st.DataObject) -> None:
    rule, met, today = data.draw(rules()), data.draw(meetings()), data.draw(days)
    shuffled = data.draw(st.permutations(met))
    result = host_turn(rule, shuffled, today)
    assert result == host_turn(rule, met, today)
    typed = [replace(meeting, key=key) for key, meeting in enumerate(shuffled)]
    keys = {meeting.name: meeting.key for meeting in met}
    assert renumbered(host_turn(rule, typed, today), keys) == result


def renumbered(result: HostTurn, keys: dict[str, int]) -> HostTurn:
    """Return a turn whose meetings have other keys, given by their names."""

    def keyed(meeting: Meeting) -> Meeting:
        return replace(meeting, key=keys[meeting.name])

    sessions = tuple(replace(turn, meeting=keyed(turn.meeting)) for turn in result.turns)
    return replace(
        result,
        turns=sessions,
        last_turn=sessions[-1] if sessions else None,
        last_meeting=result.last_meeting and keyed(result.last_meeting),
        planned=result.planned and keyed(result.planned),
    )


@EXAMPLES
@given(st.data())
def test_sessions_in_turn_are_in_turn_however_little_of_their_dates_is_known(
    data: st.DataObject,
) -> None:
    rule = replace(data.draw(rules()), rotation=Rotation.ALTERNATING, fixed_host=None)
    form = data.draw(st.sampled_from(("%Y-%m-%d", "%Y-%m", "%Y", "%Y?")))
    session_days = sorted(data.draw(st.lists(days, max_size=8)))
    names = data.draw(st.permutations("abcdefgh"))
    hosts = itertools.cycle(side.party for side in rule.sides)
    held = [
        Meeting(0, name, parse(day.strftime(form)), EventState.HELD, True, (host,))
        for name, day, host in zip(names, session_days, hosts, strict=False)
    ]
    in_order = turns(rule, held)
    assert [turn for turn in in_order if turn.out_of_turn] == []
    assert [turn.side for turn in in_order] == [meeting.hosts[0] for meeting in held]


def essence(result: HostTurn) -> tuple[object, ...]:
    """Return a turn without the rows that it was computed from."""
    sessions = [(turn.meeting.key, turn.side, turn.due) for turn in result.turns]
    return (
        result.state,
        sessions,
        result.last_host,
        result.next_side,
        result.candidates,
        result.days_overdue,
        result.days_since_last,
    )


@EXAMPLES
@given(st.data())
def test_order_in_which_hosts_and_members_were_typed_changes_nothing(data: st.DataObject) -> None:
    rule, met, today = data.draw(rules()), data.draw(meetings()), data.draw(days)
    retyped = [
        replace(meeting, hosts=tuple(data.draw(st.permutations(meeting.hosts)))) for meeting in met
    ]
    regrouped = tuple(
        replace(side, members=tuple(data.draw(st.permutations(side.members))))
        for side in rule.sides
    )
    result = host_turn(replace(rule, sides=regrouped), retyped, today)
    assert essence(result) == essence(host_turn(rule, met, today))


def shifted(date: EdtfDate) -> EdtfDate:
    """Return the same date 400 years later: the first two digits of each year grow by four."""
    ends = (f"{int(end[:2]) + 4:02d}{end[2:]}" for end in date.text.split("/"))
    return parse("/".join(ends))


def shifted_side(side: RotationSide) -> RotationSide:
    return replace(
        side,
        members=tuple(
            Member(
                member.party,
                Span(shifted(member.span.start), member.span.end and shifted(member.span.end)),
            )
            for member in side.members
        ),
    )


searched = st.none() | days
"""Days until which sources were searched; None is until today."""


@EXAMPLES
@given(rules(), meetings(), days, searched)
def test_shift_of_all_dates_by_400_years_shifts_the_window_alone(
    rule: Rule, met: list[Meeting], today: dt.date, until: dt.date | None
) -> None:
    result = host_turn(rule, met, today, until)
    later = host_turn(
        replace(
            rule,
            sides=tuple(shifted_side(side) for side in rule.sides),
            ended=rule.ended and shifted(rule.ended),
        ),
        [replace(meeting, date=shifted(meeting.date)) for meeting in met],
        today + FOUR_CENTURIES,
        until and until + FOUR_CENTURIES,
    )
    window = result.window
    moved = window and Window(window.first + FOUR_CENTURIES, window.last + FOUR_CENTURIES)
    assert later.window == moved
    assert essence(later) == essence(result)


@EXAMPLES
@given(st.data())
def test_postponed_and_cancelled_meetings_change_nothing(data: st.DataObject) -> None:
    rule, met, today = data.draw(rules()), data.draw(meetings()), data.draw(days)
    states = st.sampled_from((EventState.POSTPONED, EventState.CANCELLED))
    added = [
        replace(meeting, key=meeting.key + len(met), state=data.draw(states))
        for meeting in data.draw(meetings())
    ]
    assert host_turn(rule, met + added, today) == host_turn(rule, met, today)


@EXAMPLES
@given(st.data())
def test_meetings_on_the_margins_take_no_turn(data: st.DataObject) -> None:
    rule, met, today = data.draw(rules()), data.draw(meetings()), data.draw(days)
    added = [
        replace(meeting, key=meeting.key + len(met), takes_turn=False)
        for meeting in data.draw(meetings())
    ]
    result, plain = host_turn(rule, met + added, today), host_turn(rule, met, today)
    assert essence(result)[:-1] == essence(plain)[:-1]
    assert result.window == plain.window


def turning_days(rule: Rule) -> list[dt.date]:
    """Return the days on which a membership may begin or end, and the days next to them."""
    spans_of_members = [member.span for side in rule.sides for member in side.members]
    bounds = [date for span in spans_of_members for date in (span.start, span.end) if date]
    near = (dt.timedelta(days=shift) for shift in (-1, 0, 1))
    return [
        day + shift
        for shift, date in itertools.product(near, bounds)
        for day in (date.earliest, date.latest)
    ]


def members_on(side: RotationSide, day: dt.date) -> set[str]:
    """Return the sure members of a bloc on a day, by another computation than the rules."""
    return {
        member.party
        for member in side.members
        if member.span.start.latest <= day
        and (member.span.end is None or day < member.span.end.earliest)
    }


@st.composite
def rules_of_one_bloc(draw: st.DrawFn) -> Rule:
    """Draw a rule under which it is always the turn of one bloc."""
    bloc = draw(st.sampled_from(BLOCS).flatmap(sides))
    rule = replace(draw(rules()), sides=(bloc,), ended=None)
    return replace(rule, rotation=Rotation.ALTERNATING, fixed_host=None)


def each_day(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=shift) for shift in range((last - first).days + 1)]


@EXAMPLES
@given(st.data())
def test_no_member_is_proposed_for_a_day_on_which_it_may_not_belong(data: st.DataObject) -> None:
    rule, met = data.draw(rules_of_one_bloc()), data.draw(meetings())
    (bloc,) = rule.sides
    days_to_try = [*turning_days(rule), data.draw(days)]
    for day in days_to_try:
        belong = members_on(bloc, day)
        proposed = candidates(rule, met, day)
        assert set(proposed) <= belong
        assert bool(proposed) == bool(belong)
    first, last = sorted(data.draw(st.lists(st.sampled_from(days_to_try), min_size=2, max_size=2)))
    throughout = set.intersection(*(members_on(bloc, day) for day in each_day(first, last)))
    proposed = candidates(rule, met, first, last)
    assert set(proposed) <= throughout
    assert bool(proposed) == bool(throughout)


@EXAMPLES
@given(rules_of_one_bloc(), meetings(), days)
def test_member_proposed_belongs_on_every_day_on_which_the_session_may_yet_be(
    rule: Rule, met: list[Meeting], today: dt.date
) -> None:
    result = host_turn(rule, met, today)
    if result.planned is not None:
        bounds = result.planned.date.earliest, result.planned.date.latest
    elif result.window is not None and result.state != FrameworkState.OVERDUE:
        bounds = result.window
    else:
        bounds = today, today
    left = each_day(max(today, bounds[0]), bounds[1])
    throughout = set.intersection(*(members_on(rule.sides[0], day) for day in left))
    assert set(result.candidates) <= throughout
    assert bool(result.candidates) == bool(throughout)


@EXAMPLES
@given(rules(), meetings(), days)
def test_hosts_proposed_stand_for_the_side_that_is_next(
    rule: Rule, met: list[Meeting], day: dt.date
) -> None:
    owed = next_side(rule, met)
    standing_for = {
        side_of(rule, party, parse(day.isoformat())) or party
        for party in candidates(rule, met, day)
    }
    assert standing_for <= {owed}


@EXAMPLES
@given(rules(cadence=st.none()), meetings(), days)
def test_nothing_is_ever_overdue_without_a_cadence(
    rule: Rule, met: list[Meeting], today: dt.date
) -> None:
    result = host_turn(rule, met, today)
    unstated = (FrameworkState.ON_SCHEDULE, FrameworkState.DUE, FrameworkState.OVERDUE)
    assert (result.window, result.days_overdue, result.state in unstated) == (None, 0, False)


@EXAMPLES
@given(st.data())
def test_fixed_host_always_takes_its_turn(data: st.DataObject) -> None:
    rule = data.draw(rules().filter(lambda rule: rule.rotation == Rotation.FIXED_HOST))
    met, date = data.draw(meetings()), data.draw(dates)
    assert rule.fixed_host is not None
    session = Meeting(len(met), "z", date, EventState.HELD, True, (rule.fixed_host,))
    (turn,) = (turn for turn in turns(rule, [*met, session]) if turn.meeting == session)
    assert turn.side == turn.due == next_side(rule, met)
    assert not turn.outside
    assert not turn.out_of_turn


@EXAMPLES
@given(rules().filter(lambda rule: rule.fixed_host != OUTSIDER), meetings(), dates)
def test_host_outside_the_sides_leaves_the_turn_owed(
    rule: Rule, met: list[Meeting], date: EdtfDate
) -> None:
    outside = Meeting(len(met), "z", date, EventState.HELD, True, (OUTSIDER,))
    assert next_side(rule, [*met, outside]) == next_side(rule, met)
    remaining = [turn for turn in turns(rule, [*met, outside]) if turn.meeting != outside]
    assert tuple(remaining) == turns(rule, met)


@EXAMPLES
@given(rules(), meetings(), rules(), meetings(), days)
def test_frameworks_never_influence_each_other(
    rule: Rule, met: list[Meeting], other: Rule, others: list[Meeting], today: dt.date
) -> None:
    # Both use the same keys, so that values cached by key would be noticed.
    alone = host_turn(rule, met, today)
    assume(host_turn(other, others, today) != alone)
    assert host_turn(rule, met, today) == alone


@EXAMPLES
@given(rules(), meetings(), days)
def test_state_and_days_agree_with_the_window(
    rule: Rule, met: list[Meeting], today: dt.date
) -> None:
    result = host_turn(rule, met, today)
    window = result.window
    assert (result.days_overdue > 0) == (result.state == FrameworkState.OVERDUE)
    if result.state == FrameworkState.ON_SCHEDULE:
        assert window is not None
        assert today < window.first
    if result.state == FrameworkState.DUE:
        assert window is not None
        assert window.first <= today <= window.last
    if result.state == FrameworkState.OVERDUE:
        assert window is not None
        assert result.days_overdue == (today - window.last).days


@EXAMPLES
@given(rules(), meetings(), days)
def test_past_day_knows_no_later_session(rule: Rule, met: list[Meeting], day: dt.date) -> None:
    by_then = [
        meeting
        for meeting in met
        if meeting.state != EventState.HELD or meeting.date.earliest <= day
    ]
    assert host_turn(rule, met, day) == host_turn(rule, by_then, day)


def clocks(result: HostTurn) -> tuple[object, ...]:
    """Return what is said of sources' silence."""
    return result.state, result.planned, result.days_overdue


@EXAMPLES
@given(rules(), meetings(), days, st.integers(0, 900))
def test_searching_beyond_today_changes_nothing(
    rule: Rule, met: list[Meeting], today: dt.date, more: int
) -> None:
    beyond = today + dt.timedelta(days=more)
    assert host_turn(rule, met, today, beyond) == host_turn(rule, met, today)


@EXAMPLES
@given(rules(), meetings(), days, st.integers(0, 900))
def test_clocks_stand_where_the_search_stopped(
    rule: Rule, met: list[Meeting], today: dt.date, more: int
) -> None:
    stopped = today - dt.timedelta(days=more)
    if rule.ended is not None and rule.ended.earliest > stopped:
        rule = replace(rule, ended=None)
    by_then = [m for m in met if m.state != EventState.HELD or m.date.latest <= stopped]
    result = host_turn(rule, by_then, today, stopped)
    assert clocks(result) == clocks(host_turn(rule, by_then, stopped))
    at_today = clocks(host_turn(rule, by_then, today))
    assert result.unsearched == (clocks(result)[:2] != at_today[:2])
    # Whose turn it is says nothing about silence.
    assert result.turns == host_turn(rule, by_then, today).turns
    assert result.next_side == host_turn(rule, by_then, today).next_side
    assert result.window == host_turn(rule, by_then, today).window


@EXAMPLES
@given(rules(), meetings(), days, searched)
def test_search_changes_only_clocks(
    rule: Rule, met: list[Meeting], today: dt.date, until: dt.date | None
) -> None:
    result, whole = host_turn(rule, met, today, until), host_turn(rule, met, today)
    assume(result.planned == whole.planned)
    state, late = whole.state, whole.days_overdue
    assert replace(result, state=state, days_overdue=late, unsearched=False) == whole
