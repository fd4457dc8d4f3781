"""The rules of the rotation, one by one, on the Russia–AES framework."""

import datetime as dt
from dataclasses import replace
from typing import Final

import pytest

from timeline.core.cadence import CadenceError, Window
from timeline.core.codes import EventState, FrameworkState, MemberOrder, Rotation
from timeline.core.dates import parse
from timeline.core.intervals import Span
from timeline.core.rotation import (
    ExpectedSession,
    Meeting,
    Member,
    RotationSide,
    Rule,
    candidates,
    expected,
    expects_a_session,
    host_turn,
    hosting_side,
    in_turn,
    last_host,
    next_side,
    side_of,
    turns,
)

TODAY: Final = dt.date(2026, 11, 23)
STATES: Final = frozenset(FrameworkState)


def member(party: str, start: str = "2023-09-16", end: str | None = None) -> Member:
    return Member(party, Span(parse(start), parse(end) if end else None))


def meeting(
    key: int,
    date: str,
    *hosts: str,
    state: EventState = EventState.HELD,
    takes_turn: bool = True,
    turn_side: str | None = None,
    name: str | None = None,
) -> Meeting:
    session_name = f"session-{key}" if name is None else name
    return Meeting(key, session_name, parse(date), state, takes_turn, hosts, turn_side)


RU: Final = RotationSide("ru")
AES: Final = RotationSide("aes", is_bloc=True, members=(member("ml"), member("bf"), member("ne")))
ARTICLE: Final = Rule((RU, AES), Rotation.ALTERNATING)
RU_AES: Final = replace(ARTICLE, cadence=12)
MOSCOW: Final = meeting(1, "2025-04-03", "ru")
NEW_YORK: Final = meeting(2, "2025-09-24", takes_turn=False)
BAMAKO: Final = meeting(3, "2026-04-15", "ml")
APRIL_2026: Final = Window(dt.date(2026, 4, 1), dt.date(2026, 4, 30))
IN_AES: Final = ("bf", "ml", "ne")


# The framework at three real stages, as more sources became known.


def test_founding_article_alone_says_whose_turn_it_is_and_nothing_overdue() -> None:
    result = host_turn(ARTICLE, [MOSCOW], TODAY)
    assert (result.state, result.next_side, result.candidates) == ("not_stated", "aes", IN_AES)
    assert (result.window, result.days_overdue, result.days_since_last) == (None, 0, 599)
    assert [(turn.meeting, turn.side) for turn in result.turns] == [(MOSCOW, "ru")]


def test_yearly_session_that_no_source_reports_is_overdue() -> None:
    result = host_turn(RU_AES, [MOSCOW, NEW_YORK], TODAY)
    assert (result.state, result.next_side, result.candidates) == ("overdue", "aes", IN_AES)
    assert (result.window, result.days_overdue) == (APRIL_2026, 207)
    assert result.last_turn is not None
    assert (result.last_turn.meeting, result.last_host) == (MOSCOW, "ru")
    assert (result.last_meeting, result.days_since_last) == (NEW_YORK, 425)


def test_past_day_finds_the_framework_on_schedule() -> None:
    result = host_turn(RU_AES, [MOSCOW, NEW_YORK, BAMAKO], dt.date(2025, 12, 31))
    assert (result.state, result.window, result.days_overdue) == ("on_schedule", APRIL_2026, 0)
    assert (result.next_side, result.last_meeting, result.days_since_last) == ("aes", NEW_YORK, 98)


def test_session_in_bamako_passes_the_turn_to_russia() -> None:
    result = host_turn(RU_AES, [MOSCOW, NEW_YORK, BAMAKO], TODAY)
    april_2027 = Window(dt.date(2027, 4, 1), dt.date(2027, 4, 30))
    assert (result.state, result.next_side, result.candidates) == ("on_schedule", "ru", ("ru",))
    assert (result.window, result.last_host) == (april_2027, "aes")
    assert not any(turn.out_of_turn or turn.outside for turn in result.turns)


# Sides.


@pytest.mark.parametrize(
    ("party", "date", "side"),
    [
        ("ru", "2025-04-03", "ru"),
        ("aes", "2025-04-03", "aes"),
        ("ml", "2025-04-03", "aes"),
        ("ml", "2023-09-15", None),
        ("ml", "2023-09-16", "aes"),
        ("ml", "2023", "aes"),
        ("tr", "2025-04-03", None),
    ],
)
def test_host_stands_for_itself_or_for_the_bloc_it_may_belong_to(
    party: str, date: str, side: str | None
) -> None:
    assert side_of(RU_AES, party, parse(date)) == side


def test_member_that_left_stands_for_its_bloc_until_the_day_it_left() -> None:
    bloc = replace(AES, members=(member("ml", "2023-09-16", "2025-01-29"),))
    rule = replace(RU_AES, sides=(RU, bloc))
    days = ("2025-01-28", "2025-01-29")
    assert [side_of(rule, "ml", parse(day)) for day in days] == ["aes", None]


def test_party_that_is_a_side_itself_stands_for_no_bloc() -> None:
    rule = replace(RU_AES, sides=(AES, RotationSide("ml")))
    assert side_of(rule, "ml", parse("2025-04-03")) == "ml"
    assert candidates(rule, [], TODAY) == ("bf", "ne")


def test_member_of_two_blocs_stands_for_the_first() -> None:
    ecowas = RotationSide("ecowas", is_bloc=True, members=(member("ml"), member("gh")))
    rule = replace(RU_AES, sides=(AES, ecowas))
    assert side_of(rule, "ml", parse("2025-04-03")) == "aes"
    assert candidates(rule, [meeting(1, "2025-04-03", "ml")], TODAY) == ("gh",)


# Turns.


def test_turns_say_who_received_and_who_was_due() -> None:
    held = [MOSCOW, meeting(2, "2026-04-15", "ru"), meeting(3, "2027-04-15", "ml")]
    assert [(t.side, t.due, t.out_of_turn, t.outside) for t in turns(RU_AES, held)] == [
        ("ru", "ru", False, False),
        ("ru", "aes", True, False),
        ("aes", "aes", False, False),
    ]


def test_side_after_one_that_received_out_of_turn_is_next() -> None:
    rule = Rule((RotationSide("ml"), RotationSide("bf"), RotationSide("ne")), Rotation.ALTERNATING)
    held = [meeting(1, "2024-07-06", "ml"), meeting(2, "2025-12-23", "ne")]
    assert [turn.out_of_turn for turn in turns(rule, held)] == [False, True]
    assert next_side(rule, held) == "ml"


def test_host_outside_the_sides_leaves_the_turn_owed() -> None:
    held = [MOSCOW, meeting(2, "2026-04-15", "tr")]
    result = host_turn(RU_AES, held, TODAY)
    assert (result.next_side, result.last_host) == ("aes", "ru")
    after = turns(RU_AES, [*held, meeting(3, "2027-04-15", "ml")])
    assert [(t.side, t.due, t.out_of_turn, t.outside) for t in after] == [
        ("ru", "ru", False, False),
        (None, "aes", False, True),
        ("aes", "aes", False, False),
    ]


def test_window_counts_from_the_last_session_even_outside() -> None:
    result = host_turn(RU_AES, [MOSCOW, meeting(2, "2026-04-15", "tr")], TODAY)
    assert result.window == Window(dt.date(2027, 4, 1), dt.date(2027, 4, 30))
    assert result.state == FrameworkState.ON_SCHEDULE


def test_session_without_a_host_on_record_is_not_called_outside() -> None:
    (turn,) = turns(RU_AES, [meeting(1, "2025-04-03")])
    assert (turn.side, turn.due, turn.out_of_turn, turn.outside) == (None, "ru", False, False)


@pytest.mark.parametrize(
    ("hosts", "turn_side", "side"),
    [
        (("ru", "ml"), "ru", "ru"),
        (("ru", "ml"), "aes", "aes"),
        (("ml", "ru"), "ru", "ru"),
        (("ru", "ml"), None, "aes"),
        (("ml", "ru"), None, "aes"),
        (("ru", "ml"), "tr", "aes"),
        (("ml", "bf"), None, "aes"),
        (("tr", "ml"), None, "aes"),
        (("ml",), "ru", "aes"),
        (("tr",), "ru", None),
        ((), "ru", None),
    ],
)
def test_editor_decides_between_co_hosts_only_and_else_the_side_that_was_due(
    hosts: tuple[str, ...], turn_side: str | None, side: str | None
) -> None:
    second = meeting(2, "2026-04-15", *hosts, turn_side=turn_side)
    assert turns(RU_AES, [MOSCOW, second])[-1].side == side


def test_co_hosts_without_a_side_due_count_for_the_first_side() -> None:
    rule = replace(RU_AES, rotation=Rotation.NOT_STATED)
    (turn,) = turns(rule, [meeting(1, "2025-04-03", "ml", "ru")])
    assert (turn.side, turn.due, turn.out_of_turn) == ("ru", None, False)


def test_only_held_meetings_that_take_a_turn_count() -> None:
    others = [
        meeting(2, "2026-04-15", "ml", state=EventState.PLANNED),
        meeting(3, "2026-04-15", "ml", state=EventState.POSTPONED),
        meeting(4, "2026-04-15", "ml", state=EventState.CANCELLED),
        meeting(5, "2026-04-15", "ml", takes_turn=False),
    ]
    assert [turn.meeting for turn in turns(RU_AES, [*others, MOSCOW])] == [MOSCOW]
    assert next_side(RU_AES, [*others, MOSCOW]) == "aes"


def test_turns_are_in_order_of_first_day_then_last_day_then_date_as_typed_then_name() -> None:
    held = [
        meeting(1, "2025-04-03", "tr", name="b"),
        meeting(2, "2025-04-03", "tr", name="a"),
        meeting(3, "2025-04~", "tr", name="a"),
        meeting(4, "2025-04", "tr", name="b"),
        meeting(5, "2025", "tr"),
        meeting(6, "2025-01-01", "tr"),
    ]
    for rule in (RU_AES, replace(RU_AES, rotation=Rotation.NOT_STATED)):
        assert [turn.meeting.key for turn in turns(rule, held)] == [6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("dates", [("2025", "2025"), ("2025-04-03",) * 2, ("2025-04", "2025-04~")])
@pytest.mark.parametrize("names", ["ab", "ba"])
@pytest.mark.parametrize("keys", [(1, 2), (2, 1)])
def test_sessions_that_may_be_of_the_same_days_are_read_in_turn(
    dates: tuple[str, str], names: str, keys: tuple[int, int]
) -> None:
    hosts = zip(keys, dates, ("ml", "ru"), names, strict=True)
    held = [meeting(key, date, host, name=name) for key, date, host, name in hosts]
    result = host_turn(RU_AES, held, TODAY)
    assert [(turn.side, turn.out_of_turn) for turn in result.turns] == [
        ("ru", False),
        ("aes", False),
    ]
    assert (result.next_side, result.last_host) == ("ru", "aes")


def test_sessions_of_the_same_days_that_nobody_due_received_are_read_by_name() -> None:
    held = [meeting(1, "2025", "ml", name="b"), meeting(2, "2025", "bf", name="a")]
    assert [(t.meeting.key, t.out_of_turn) for t in turns(RU_AES, held)] == [(2, True), (1, True)]


def test_known_order_is_kept_even_out_of_turn() -> None:
    held = [meeting(1, "2025-04-04", "ru"), meeting(2, "2025-04-03", "ml")]
    assert [(t.side, t.out_of_turn) for t in turns(RU_AES, held)] == [("aes", True), ("ru", False)]


def test_sessions_of_the_same_days_are_read_by_name_where_no_rotation_is_stated() -> None:
    rule = replace(RU_AES, rotation=Rotation.NOT_STATED)
    held = [meeting(1, "2025", name="b"), meeting(2, "2025", "ml", name="a")]
    assert [turn.meeting.key for turn in turns(rule, held)] == [2, 1]


def test_last_host_is_the_last_side_that_received() -> None:
    assert last_host(turns(RU_AES, [MOSCOW, meeting(2, "2026-04-15", "tr")])) == "ru"
    assert last_host(()) is None


# Rotations.


def test_first_side_opens() -> None:
    result = host_turn(RU_AES, [], TODAY)
    assert (result.state, result.next_side, result.candidates) == ("never_met", "ru", ("ru",))
    assert (result.window, result.last_turn, result.days_since_last) == (None, None, None)


def test_rotation_not_stated_names_no_side() -> None:
    commission = Rule((RU, RotationSide("ml")), Rotation.NOT_STATED, cadence=6)
    result = host_turn(commission, [meeting(1, "2026-07-10", "ru")], TODAY)
    assert (result.next_side, result.candidates) == (None, ())
    assert result.window == Window(dt.date(2027, 1, 1), dt.date(2027, 1, 31))
    assert result.state == FrameworkState.ON_SCHEDULE


def test_fixed_host_is_always_due() -> None:
    rule = replace(RU_AES, rotation=Rotation.FIXED_HOST, fixed_host="ru")
    held = [MOSCOW, meeting(2, "2026-04-15", "ml")]
    assert [(t.side, t.due, t.out_of_turn) for t in turns(rule, held)] == [
        ("ru", "ru", False),
        ("aes", "ru", True),
    ]
    assert (next_side(rule, held), candidates(rule, held, TODAY)) == ("ru", ("ru",))


def test_fixed_host_may_be_a_member_of_a_bloc() -> None:
    rule = replace(RU_AES, rotation=Rotation.FIXED_HOST, fixed_host="ml")
    held = [meeting(1, "2025-04-03", "ml")]
    assert [(t.side, t.due, t.out_of_turn) for t in turns(rule, held)] == [("aes", "aes", False)]
    assert candidates(rule, held, TODAY) == ("ml",)
    assert candidates(rule, held, dt.date(2023, 9, 15)) == ()


def test_fixed_host_that_is_a_third_party_takes_the_turn() -> None:
    rule = replace(RU_AES, rotation=Rotation.FIXED_HOST, fixed_host="et")
    held = [meeting(n, f"202{n}-04-03", host) for n, host in enumerate(("et", "tr", "ru", "et"))]
    assert [(t.side, t.due, t.outside, t.out_of_turn) for t in turns(rule, held)] == [
        ("et", "et", False, False),
        (None, "et", True, False),
        ("ru", "et", False, True),
        ("et", "et", False, False),
    ]
    assert (last_host(turns(rule, held)), next_side(rule, held)) == ("et", "et")
    assert candidates(rule, held, TODAY) == ("et",)


@pytest.mark.parametrize(
    ("hosts", "turn_side", "side"),
    [(("ru", "et"), None, "et"), (("et", "ru"), "ru", "ru"), (("tr", "et"), "ru", "et")],
)
def test_fixed_host_of_no_side_takes_the_turn_unless_an_editor_says_another_of_the_hosts(
    hosts: tuple[str, ...], turn_side: str | None, side: str
) -> None:
    rule = replace(RU_AES, rotation=Rotation.FIXED_HOST, fixed_host="et")
    (turn,) = turns(rule, [meeting(1, "2025-04-03", *hosts, turn_side=turn_side)])
    assert turn.side == side


def test_fixed_host_takes_the_turn_even_when_it_has_left_its_bloc() -> None:
    bloc = replace(AES, members=(member("ml", end="2025-01-29"), member("bf")))
    other = RotationSide("ecowas", is_bloc=True, members=(member("ml"),))
    rule = Rule((RU, bloc), Rotation.FIXED_HOST, fixed_host="ml")
    for sides in ((RU, bloc), (bloc, other)):
        (turn,) = turns(replace(rule, sides=sides), [meeting(1, "2025-04-03", "ml")])
        assert (turn.side, turn.outside, turn.out_of_turn) == ("aes", False, False)
    assert candidates(rule, [], TODAY) == ()


def test_party_named_as_fixed_host_is_one_only_where_the_rotation_says_so() -> None:
    left = replace(AES, members=(member("ml", end="2025-01-29"),))
    for party in ("et", "ml"):
        rule = replace(RU_AES, sides=(RU, left), fixed_host=party)
        (turn,) = turns(rule, [meeting(1, "2025-04-03", party)])
        assert (turn.side, turn.outside) == (None, True)
        assert in_turn(rule) == ("ru", "aes")


@pytest.mark.parametrize(
    ("fixed", "hosts"),
    [
        ("et", ("ru", "aes", "et")),
        ("ml", ("ru", "aes")),
        ("ru", ("ru", "aes")),
        (None, ("ru", "aes")),
    ],
)
def test_those_who_receive_are_the_sides_and_a_fixed_host_of_none(
    fixed: str | None, hosts: tuple[str, ...]
) -> None:
    rule = replace(RU_AES, rotation=Rotation.FIXED_HOST, fixed_host=fixed)
    assert in_turn(rule) == hosts


def test_side_of_any_meeting_follows_the_order_of_the_sides() -> None:
    for hosts in (("ml", "ru"), ("ru", "ml")):
        announced = meeting(1, "2027", *hosts, state=EventState.PLANNED)
        assert hosting_side(RU_AES, announced) == "ru"
        assert hosting_side(RU_AES, replace(announced, turn_side="aes")) == "aes"
    assert hosting_side(RU_AES, meeting(1, "2027", "tr")) is None


def test_fixed_host_that_is_a_side_is_that_side_even_as_a_member_of_another() -> None:
    rule = Rule((AES, RotationSide("ml")), Rotation.FIXED_HOST, fixed_host="ml")
    assert (next_side(rule, []), candidates(rule, [], TODAY)) == ("ml", ("ml",))


def test_bloc_that_is_the_fixed_host_is_received_for_by_any_of_its_members() -> None:
    rule = replace(RU_AES, rotation=Rotation.FIXED_HOST, fixed_host="aes")
    assert (next_side(rule, []), candidates(rule, [], TODAY)) == ("aes", IN_AES)


def test_framework_without_sides_expects_nobody() -> None:
    rule = Rule((), Rotation.ALTERNATING)
    assert (next_side(rule, [MOSCOW]), candidates(rule, [MOSCOW], TODAY)) == (None, ())


# Candidates.


@pytest.mark.parametrize(
    ("start", "end", "day", "proposed"),
    [
        ("2023-09-16", None, dt.date(2023, 9, 15), ()),
        ("2023-09-16", None, dt.date(2023, 9, 16), ("ml",)),
        ("2023-09", None, dt.date(2023, 9, 16), ()),
        ("2023-09", None, dt.date(2023, 9, 30), ("ml",)),
        ("2023-09-16", "2025-01-29", dt.date(2025, 1, 28), ("ml",)),
        ("2023-09-16", "2025-01-29", dt.date(2025, 1, 29), ()),
        ("2023-09-16", "2025", dt.date(2024, 12, 31), ("ml",)),
        ("2023-09-16", "2025", dt.date(2025, 1, 1), ()),
    ],
)
def test_only_sure_members_are_proposed(
    start: str, end: str | None, day: dt.date, proposed: tuple[str, ...]
) -> None:
    bloc = replace(AES, members=(member("ml", start, end),))
    assert candidates(replace(RU_AES, sides=(RU, bloc)), [MOSCOW], day) == proposed


def test_bloc_without_members_has_a_turn_and_no_candidates() -> None:
    rule = replace(RU_AES, sides=(RU, replace(AES, members=())))
    assert (next_side(rule, [MOSCOW]), candidates(rule, [MOSCOW], TODAY)) == ("aes", ())


def in_order(*order: str, members: tuple[Member, ...] = AES.members) -> Rule:
    """Russia and an AES whose members host in a fixed order."""
    bloc = replace(AES, members=members, member_order=MemberOrder.FIXED, order=order)
    return replace(RU_AES, sides=(RU, bloc))


@pytest.mark.parametrize(
    ("hosts", "proposed"),
    [
        ([], ("ne",)),
        (["ne"], ("ml",)),
        (["ml"], ("bf",)),
        (["bf"], ("ne",)),
        (["ne", "bf"], ("ne",)),
        (["aes"], ("ne",)),
        (["ml", "aes"], ("bf",)),
    ],
)
def test_fixed_order_proposes_the_member_after_its_last_host(
    hosts: list[str], proposed: tuple[str, ...]
) -> None:
    held = [MOSCOW]
    for year, host in enumerate(hosts, start=2026):
        held.append(meeting(10 * year, f"{year}-04-15", host))
        held.append(meeting(10 * year + 1, f"{year}-10-15", "ru"))
    assert candidates(in_order("ne", "ml", "bf"), held, TODAY) == proposed


def test_fixed_order_passes_over_a_member_that_left() -> None:
    present = (member("ml", "2023-09-16", "2026-01-01"), member("bf"), member("ne"))
    held = [MOSCOW, meeting(2, "2025-06-01", "ne"), meeting(3, "2025-09-01", "ru")]
    rule = in_order("ne", "ml", "bf", members=present)
    assert candidates(rule, held, dt.date(2025, 12, 31)) == ("ml",)
    assert candidates(rule, held, dt.date(2026, 1, 1)) == ("bf",)


def test_fixed_order_goes_on_after_a_host_that_has_left() -> None:
    present = (member("ml", "2023-09-16", "2026-01-01"), member("bf"), member("ne"))
    held = [MOSCOW, meeting(2, "2025-06-01", "ml"), meeting(3, "2025-09-01", "ru")]
    assert candidates(in_order("ne", "ml", "bf", members=present), held, TODAY) == ("bf",)


@pytest.mark.parametrize("hosts", [("ne", "ml"), ("ml", "ne")])
def test_members_that_received_together_are_read_in_their_own_order(
    hosts: tuple[str, ...],
) -> None:
    held = [MOSCOW, meeting(2, "2025-06-01", *hosts), meeting(3, "2025-09-01", "ru")]
    assert candidates(in_order("ne", "ml", "bf"), held, TODAY) == ("bf",)


def test_member_that_received_for_another_side_keeps_its_place_in_the_order() -> None:
    held = [MOSCOW, meeting(2, "2026-04-15", "ru", "ne", turn_side="ru")]
    assert candidates(in_order("ne", "ml", "bf"), held, TODAY) == ("ne",)


@pytest.mark.parametrize("order", [(), ("td",)])
def test_fixed_order_that_names_no_member_proposes_them_all(order: tuple[str, ...]) -> None:
    assert candidates(in_order(*order), [MOSCOW], TODAY) == IN_AES


def test_candidates_may_be_asked_of_an_iterator() -> None:
    held = [MOSCOW, meeting(2, "2025-06-01", "ne"), meeting(3, "2025-09-01", "ru")]
    assert candidates(in_order("ne", "ml", "bf"), iter(held), TODAY) == ("ml",)


def proposed(
    today: dt.date, *members: Member, date: str | None = None, rule: Rule = RU_AES
) -> tuple[str, ...]:
    """Return the candidates on a day to host after Moscow, in April 2026 or when it is planned."""
    rule = replace(rule, sides=(RU, replace(AES, members=members)))
    planned = [meeting(2, date, state=EventState.PLANNED)] if date else []
    return host_turn(rule, [MOSCOW, *planned], today).candidates


NEW_YEAR: Final = dt.date(2025, 12, 31)
FIRST: Final = dt.date(2026, 4, 1)
MIDDLE: Final = dt.date(2026, 4, 15)
LAST: Final = dt.date(2026, 4, 30)
MAY: Final = dt.date(2026, 5, 1)


@pytest.mark.parametrize(
    ("today", "end", "host"),
    [
        (NEW_YEAR, "2026-04-01", ()),
        (NEW_YEAR, "2026-04-15", ()),
        (NEW_YEAR, "2026-04-30", ()),
        (NEW_YEAR, "2026-05", ("ml",)),
        (MIDDLE, "2026-04-30", ()),
        (MIDDLE, "2026-05-01", ("ml",)),
        (LAST, "2026-04-30", ()),
        (LAST, "2026-05-01", ("ml",)),
        (MAY, "2026-05-01", ()),
        (MAY, "2026-05-02", ("ml",)),
    ],
)
def test_member_that_may_leave_before_the_window_closes_is_not_proposed(
    today: dt.date, end: str, host: tuple[str, ...]
) -> None:
    assert proposed(today, member("ml", end=end)) == host
    assert proposed(today, member("ml", end=end), member("bf")) == ("bf", *host)


@pytest.mark.parametrize(
    ("today", "start", "host"),
    [
        (NEW_YEAR, "2026-04-01", ("ml",)),
        (NEW_YEAR, "2026-04-02", ()),
        (FIRST, "2026-04-15", ()),
        (MIDDLE, "2026-04-15", ("ml",)),
        (MIDDLE, "2026-04-16", ()),
        (MAY, "2026-05-01", ("ml",)),
    ],
)
def test_member_is_proposed_that_belongs_from_the_first_day_that_is_left(
    today: dt.date, start: str, host: tuple[str, ...]
) -> None:
    assert proposed(today, member("ml", start)) == host


@pytest.mark.parametrize(
    ("today", "date", "span", "host"),
    [
        (NEW_YEAR, "2026-05", ("2026-05-01", "2026-06-01"), ("ml",)),
        (NEW_YEAR, "2026-05", ("2026-05-02", None), ()),
        (NEW_YEAR, "2026-05", ("2023", "2026-05-31"), ()),
        (NEW_YEAR, "2026-03", ("2023", "2026-04-01"), ("ml",)),
        (MIDDLE, "2026-04-10/2026-04-20", ("2026-04-15", "2026-04-21"), ("ml",)),
        (MIDDLE, "2026-04-10/2026-04-20", ("2026-04-16", None), ()),
    ],
)
def test_member_is_proposed_that_belongs_on_every_day_left_of_a_planned_date(
    today: dt.date, date: str, span: tuple[str, str | None], host: tuple[str, ...]
) -> None:
    assert proposed(today, member("ml", *span), date=date) == host


def test_without_a_window_a_member_is_proposed_that_belongs_today() -> None:
    rule = replace(RU_AES, cadence=None)
    assert proposed(NEW_YEAR, member("ml", end="2026-01-01"), rule=rule) == ("ml",)


def test_member_that_left_and_came_back_is_proposed_unless_it_was_away() -> None:
    held = [MOSCOW]
    days = dt.date(2025, 12, 1), dt.date(2026, 1, 31)
    for away, host in (("2026-01-01", ("ml",)), ("2026-01-02", ())):
        members = (member("ml", end="2026-01-01"), member("ml", away))
        rule = replace(RU_AES, sides=(RU, replace(AES, members=members)))
        assert candidates(rule, held, *days) == host


def test_member_that_joins_an_earlier_side_before_the_window_closes_is_not_proposed() -> None:
    aes = replace(AES, members=(member("ml", "2026-04-15"), member("bf")))
    ecowas = RotationSide("ecowas", is_bloc=True, members=(member("ml"), member("gh")))
    rule = replace(RU_AES, sides=(aes, ecowas))
    held = [meeting(1, "2025-04-03", "bf")]
    assert host_turn(rule, held, NEW_YEAR).candidates == ("gh",)
    assert candidates(rule, held, FIRST) == ("gh", "ml")


def test_fixed_order_passes_over_a_member_that_may_leave_before_the_window_closes() -> None:
    present = (member("ml", end="2026-04-20"), member("bf"), member("ne"))
    held = [MOSCOW, meeting(2, "2025-06-01", "ne"), meeting(3, "2025-09-01", "ru")]
    rule = replace(in_order("ne", "ml", "bf", members=present), cadence=7)
    assert host_turn(rule, held, NEW_YEAR).candidates == ("bf",)


# States.


@pytest.mark.parametrize(
    ("today", "state", "overdue"),
    [
        (dt.date(2026, 3, 31), FrameworkState.ON_SCHEDULE, 0),
        (dt.date(2026, 4, 1), FrameworkState.DUE, 0),
        (dt.date(2026, 4, 30), FrameworkState.DUE, 0),
        (dt.date(2026, 5, 1), FrameworkState.OVERDUE, 1),
    ],
)
def test_state_follows_the_window(today: dt.date, state: FrameworkState, overdue: int) -> None:
    result = host_turn(RU_AES, [MOSCOW], today)
    assert (result.state, result.days_overdue) == (state, overdue)


def test_tolerance_widens_the_window() -> None:
    result = host_turn(replace(RU_AES, tolerance=2), [MOSCOW], dt.date(2026, 6, 30))
    assert result.window == Window(dt.date(2026, 2, 1), dt.date(2026, 6, 30))
    assert result.state == FrameworkState.DUE


@pytest.mark.parametrize(
    ("planned", "state"),
    [
        (meeting(2, "2026-12-10", state=EventState.PLANNED), FrameworkState.PLANNED),
        (meeting(2, "2026-11-23", state=EventState.PLANNED), FrameworkState.PLANNED),
        (meeting(2, "2026", state=EventState.PLANNED), FrameworkState.PLANNED),
        (meeting(2, "2026-11-22", state=EventState.PLANNED), FrameworkState.OVERDUE),
        (
            meeting(2, "2026-12-10", state=EventState.PLANNED, takes_turn=False),
            FrameworkState.OVERDUE,
        ),
        (meeting(2, "2026-12-10", state=EventState.POSTPONED), FrameworkState.OVERDUE),
        (meeting(2, "2026-12-10", state=EventState.CANCELLED), FrameworkState.OVERDUE),
    ],
)
def test_planned_session_that_is_not_past_answers_for_the_turn(
    planned: Meeting, state: FrameworkState
) -> None:
    result = host_turn(RU_AES, [MOSCOW, planned], TODAY)
    assert result.state == state
    assert result.planned == (planned if state == FrameworkState.PLANNED else None)
    assert result.days_overdue == (0 if state == FrameworkState.PLANNED else 207)


def test_first_of_several_planned_sessions_is_the_one_shown() -> None:
    near = meeting(9, "2026-12-10", state=EventState.PLANNED)
    far = meeting(2, "2027-12-10", state=EventState.PLANNED)
    assert host_turn(RU_AES, [far, near, MOSCOW], TODAY).planned == near


def test_session_held_today_counts() -> None:
    held_today = meeting(2, TODAY.isoformat(), "ml")
    result = host_turn(RU_AES, [MOSCOW, held_today], TODAY)
    assert (result.last_meeting, result.next_side, result.days_since_last) == (held_today, "ru", 0)
    yesterday = host_turn(RU_AES, [MOSCOW, held_today], TODAY - dt.timedelta(days=1))
    assert (yesterday.last_meeting, yesterday.next_side) == (MOSCOW, "aes")


def test_framework_that_met_only_on_the_margins_has_held_no_session() -> None:
    result = host_turn(RU_AES, [NEW_YORK], TODAY)
    assert (result.state, result.window, result.next_side) == ("never_met", None, "ru")
    assert (result.last_meeting, result.days_since_last) == (NEW_YORK, 425)


def test_ended_framework_expects_nothing() -> None:
    rule = replace(RU_AES, ended=parse("2026-11-23"))
    planned = meeting(2, "2026-12-10", state=EventState.PLANNED)
    result = host_turn(rule, [MOSCOW, planned], TODAY)
    assert (result.state, result.next_side, result.candidates) == ("ended", None, ())
    assert (result.window, result.days_overdue, result.last_host) == (None, 0, "ru")
    assert host_turn(rule, [MOSCOW], TODAY - dt.timedelta(days=1)).state == "overdue"


def test_framework_that_may_have_ended_counts_as_ended() -> None:
    rule = replace(RU_AES, ended=parse("2026"))
    assert host_turn(rule, [MOSCOW], dt.date(2025, 12, 31)).state == "on_schedule"
    assert host_turn(rule, [MOSCOW], dt.date(2026, 1, 1)).state == "ended"


@pytest.mark.parametrize(
    ("date", "days"),
    [("2026-11-20", 3), ("2026-10", 23), ("2026", 0), ("2026-11-20/..", 0)],
)
def test_days_since_the_last_meeting_count_from_its_last_possible_day(date: str, days: int) -> None:
    assert host_turn(ARTICLE, [meeting(1, date, "ru")], TODAY).days_since_last == days


@pytest.mark.parametrize("cadence", [0, -3])
def test_impossible_cadence_is_refused_rather_than_read_as_none(cadence: int) -> None:
    with pytest.raises(CadenceError):
        host_turn(replace(RU_AES, cadence=cadence), [MOSCOW], TODAY)


# The expected session.


def test_overdue_session_is_expected_with_its_side_and_window() -> None:
    session = expected(RU_AES, [MOSCOW, NEW_YORK], TODAY)
    assert session == ExpectedSession("aes", IN_AES, APRIL_2026, FrameworkState.OVERDUE, 207)


def test_session_is_expected_without_a_window_where_no_cadence_is_stated() -> None:
    session = expected(ARTICLE, [MOSCOW], TODAY)
    assert session == ExpectedSession("aes", IN_AES, None, FrameworkState.NOT_STATED, 0)


def test_first_session_is_expected_of_the_side_that_opens() -> None:
    session = expected(RU_AES, [], TODAY)
    assert session == ExpectedSession("ru", ("ru",), None, FrameworkState.NEVER_MET, 0)


def test_session_is_expected_of_nobody_where_only_the_cadence_is_stated() -> None:
    rule = replace(RU_AES, rotation=Rotation.NOT_STATED)
    session = expected(rule, [MOSCOW], TODAY)
    assert session == ExpectedSession(None, (), APRIL_2026, FrameworkState.OVERDUE, 207)


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        (replace(RU_AES, ended=parse("2026-01-01")), [MOSCOW]),
        (RU_AES, [MOSCOW, meeting(2, "2026-12-10", state=EventState.PLANNED)]),
        (replace(ARTICLE, rotation=Rotation.NOT_STATED), [MOSCOW]),
    ],
    ids=["ended", "planned", "nothing stated"],
)
def test_no_session_is_expected_where_none_is_owed(rule: Rule, held: list[Meeting]) -> None:
    assert expected(rule, held, TODAY) is None
    assert not expects_a_session(host_turn(rule, held, TODAY))


def test_every_state_is_reached() -> None:
    planned = meeting(2, "2026-12-10", state=EventState.PLANNED)
    reached = {
        host_turn(replace(RU_AES, ended=parse("2026")), [], TODAY).state,
        host_turn(RU_AES, [], TODAY).state,
        host_turn(RU_AES, [planned], TODAY).state,
        host_turn(RU_AES, [BAMAKO], TODAY).state,
        host_turn(RU_AES, [MOSCOW], dt.date(2026, 4, 15)).state,
        host_turn(RU_AES, [MOSCOW], TODAY).state,
        host_turn(ARTICLE, [MOSCOW], TODAY).state,
    }
    assert reached == STATES
