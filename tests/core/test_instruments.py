"""The status of the parties to a text, and the state of the text, on a day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import tries
from timeline.core.codes import Binding, InstrumentAct, InstrumentState, PartyStatus
from timeline.core.dates import EdtfDate, parse
from timeline.core.instruments import (
    CONSENTS,
    OF_THE_TEXT,
    Status,
    TextState,
    TextStep,
    as_of,
    history,
    oddities,
    state,
    statuses,
)

MALI, NIGER, BLOC = 1, 2, 3
BY_RATIFICATION = Binding.BY_RATIFICATION
BY_SIGNATURE = Binding.BY_SIGNATURE


def step(
    key: int,
    act: str,
    done: str,
    party: int | None = MALI,
    *,
    effect: str | None = None,
    regards: int | None = None,
    corrects: int | None = None,
) -> TextStep:
    act_ = InstrumentAct(act)
    return TextStep(
        key=key,
        act=act_,
        done=parse(done),
        party=None if act_ in OF_THE_TEXT else party,
        effect=parse(effect) if effect else None,
        regards=regards,
        corrects=corrects,
    )


def status_of(
    steps: Sequence[TextStep],
    day: str,
    *,
    party: int = MALI,
    binding: Binding = BY_RATIFICATION,
    searched_until: str = "9999-12-31",
) -> Status:
    until = dt.date.fromisoformat(searched_until)
    return statuses(binding, [party], steps, dt.date.fromisoformat(day), until)[party]


SIGNED = step(1, "signed", "2024-07-06")
RATIFIED = step(2, "ratified", "2024-11-01")
IN_FORCE = step(3, "entered_into_force", "2025-01-01")


@pytest.mark.parametrize(
    ("day", "status", "since"),
    [
        ("2024-07-05", PartyStatus.NOTHING_KNOWN, None),
        ("2024-07-06", PartyStatus.SIGNED, SIGNED),
        ("2024-10-31", PartyStatus.SIGNED, SIGNED),
        ("2024-11-01", PartyStatus.CONSENTED, RATIFIED),
        ("2024-12-31", PartyStatus.CONSENTED, RATIFIED),
        ("2025-01-01", PartyStatus.BOUND, IN_FORCE),
    ],
)
def test_a_party_signs_consents_and_is_bound(
    day: str, status: PartyStatus, since: TextStep | None
) -> None:
    assert status_of([SIGNED, RATIFIED, IN_FORCE], day) == Status(status, since)


def test_a_signature_is_consent_only_where_the_text_says_so() -> None:
    assert status_of([SIGNED], "2025-01-01").status == PartyStatus.SIGNED
    assert status_of([SIGNED], "2025-01-01", binding=BY_SIGNATURE) == Status(
        PartyStatus.CONSENTED, SIGNED
    )
    assert status_of([SIGNED], "2025-01-01", binding=Binding.NOT_LEGALLY).status == (
        PartyStatus.SIGNED
    )


def test_who_consents_after_the_entry_into_force_is_bound_from_the_effect_of_the_consent() -> None:
    late = step(4, "acceded", "2026-03-01", effect="2026-04-01")
    steps = [IN_FORCE, late]
    assert status_of(steps, "2026-03-31") == Status(PartyStatus.CONSENTED, late)
    assert status_of(steps, "2026-04-01") == Status(PartyStatus.BOUND, late)


def test_a_second_consent_that_takes_effect_later_unbinds_nobody() -> None:
    again = step(4, "accepted", "2025-06-01", effect="2027-01-01")
    assert status_of([SIGNED, RATIFIED, IN_FORCE, again], "2025-06-02").status == PartyStatus.BOUND


def test_it_is_in_force_for_one_party_where_a_source_says_so() -> None:
    for_it = step(4, "in_force_for", "2025-02-01")
    steps = [SIGNED, RATIFIED, for_it]
    assert status_of(steps, "2025-02-01") == Status(PartyStatus.BOUND, for_it)
    assert state(BY_RATIFICATION, steps, dt.date(2025, 2, 1)) == TextState(
        InstrumentState.IN_FORCE, for_it
    )


def test_a_party_has_left_from_the_day_of_effect_and_may_come_back() -> None:
    denounced = step(4, "denounced", "2025-02-01", effect="2026-02-01")
    back = step(5, "acceded", "2027-01-01")
    steps = [SIGNED, RATIFIED, IN_FORCE, denounced, back]
    assert status_of(steps, "2026-01-31").status == PartyStatus.BOUND
    assert status_of(steps, "2026-02-01") == Status(PartyStatus.LEFT, denounced)
    assert status_of(steps, "2027-01-01") == Status(PartyStatus.BOUND, back)


def test_a_party_may_have_left_though_nobody_saw_it_join() -> None:
    denounced = step(4, "denounced", "2025-02-01")
    assert status_of([denounced], "2025-02-01") == Status(PartyStatus.LEFT, denounced)


def test_a_withdrawal_takes_a_step_back_from_its_day_of_effect() -> None:
    denounced = step(4, "denounced", "2025-02-01")
    back = step(5, "withdrawn", "2025-03-01", effect="2025-04-01", regards=4)
    steps = [SIGNED, RATIFIED, denounced, back]
    assert status_of(steps, "2025-03-31").status == PartyStatus.LEFT
    assert status_of(steps, "2025-04-01").status == PartyStatus.CONSENTED
    undone = step(6, "withdrawn", "2025-05-01", regards=5)
    assert status_of([*steps, undone], "2025-05-01").status == PartyStatus.LEFT


def test_a_correction_stands_in_the_place_of_the_step_that_it_corrects() -> None:
    at_home = step(4, "approved_at_home", "2024-11-01", corrects=2)
    assert status_of([SIGNED, RATIFIED, at_home], "2025-01-01").status == PartyStatus.SIGNED
    nothing = step(5, "retracted", "2024-07-06", corrects=1)
    assert status_of([SIGNED, nothing], "2025-01-01") == Status(PartyStatus.NOTHING_KNOWN)


@pytest.mark.parametrize(
    ("day", "waiting"), [("2025-07-06", False), ("2025-07-07", True), ("2031-01-01", True)]
)
def test_a_ratification_is_waited_for_after_more_than_365_days(day: str, waiting: bool) -> None:
    assert status_of([SIGNED], day) == Status(PartyStatus.SIGNED, SIGNED, waiting)


@pytest.mark.parametrize(
    ("searched_until", "waiting", "unsearched"),
    [
        ("2025-07-06", False, True),
        ("2025-07-07", True, False),
        ("2025-07-08", True, False),
        ("2031-01-01", True, False),
    ],
)
def test_nobody_waits_for_what_was_not_searched(
    searched_until: str, waiting: bool, unsearched: bool
) -> None:
    status = status_of([SIGNED], "2026-01-01", searched_until=searched_until)
    assert status == Status(PartyStatus.SIGNED, SIGNED, waiting, unsearched)


def test_days_are_counted_from_the_latest_day_of_a_vague_signature() -> None:
    signed = step(1, "signed", "2024")
    assert not status_of([signed], "2025-12-31").waiting
    assert status_of([signed], "2026-01-01").waiting


def test_nobody_waits_where_signing_binds_nor_after_the_end_of_the_text() -> None:
    assert not status_of([SIGNED], "2030-01-01", binding=Binding.NOT_STATED).waiting
    ended = step(4, "terminated", "2026-01-01")
    assert status_of([SIGNED, ended], "2030-01-01") == Status(PartyStatus.SIGNED, SIGNED)


@pytest.mark.parametrize(
    ("binding", "steps", "expected"),
    [
        (BY_RATIFICATION, [SIGNED, RATIFIED], InstrumentState.OPEN),
        (BY_SIGNATURE, [SIGNED], InstrumentState.OPEN),
        (Binding.NOT_STATED, [SIGNED], InstrumentState.NOT_STATED),
        (Binding.NOT_LEGALLY, [SIGNED], InstrumentState.NOT_BINDING),
        (Binding.NOT_STATED, [IN_FORCE], InstrumentState.IN_FORCE),
        (BY_RATIFICATION, [IN_FORCE, step(9, "replaced", "2026-01-01")], InstrumentState.ENDED),
        (Binding.NOT_LEGALLY, [step(9, "terminated", "2026-01-01")], InstrumentState.ENDED),
    ],
)
def test_the_state_of_a_text(
    binding: Binding, steps: list[TextStep], expected: InstrumentState
) -> None:
    assert state(binding, steps, dt.date(2026, 6, 1)).state == expected


def test_nobody_is_bound_by_a_text_that_has_ended() -> None:
    ended = step(9, "terminated", "2026-01-01")
    steps = [SIGNED, RATIFIED, IN_FORCE, ended]
    assert status_of(steps, "2026-01-01") == Status(PartyStatus.CONSENTED, RATIFIED)


@pytest.mark.parametrize(
    ("new", "others", "expected"),
    [
        (step(9, "ratified", "2024-11-01"), [SIGNED], []),
        (step(9, "ratified", "2024-07-05"), [SIGNED], ["signature_unseen"]),
        (step(9, "acceded", "2024-11-01"), [], []),
        (step(9, "provisionally_applied", "2024-07-05"), [SIGNED], ["signature_unseen"]),
        (step(9, "signed", "2024-07-06", effect="2024-07-05"), [], ["effect_before_act"]),
        (step(9, "denounced", "2025-01-01"), [SIGNED], ["consent_unseen"]),
        (step(9, "in_force_for", "2025-01-01"), [SIGNED, RATIFIED], []),
        (IN_FORCE, [SIGNED, RATIFIED], ["two_not_bound"]),
        (IN_FORCE, [RATIFIED, step(9, "acceded", "2024-12-01", NIGER)], []),
        (IN_FORCE, [RATIFIED, step(9, "acceded", "2025-12-01", NIGER)], ["two_not_bound"]),
    ],
)
def test_steps_that_history_seldom_knows(
    new: TextStep, others: list[TextStep], expected: list[str]
) -> None:
    assert list(oddities(new, others, BY_RATIFICATION)) == expected


EXAMPLES: Final = settings(max_examples=tries(100, soak=1000))
FOUR_CENTURIES: Final = dt.timedelta(days=146_097)
TEXTS: Final = [
    f"{year}{rest}"
    for year in (2023, 2024, 2025, 2026)
    for rest in ("", "-02", "-02-28", "-06-01?")
]
dates = st.sampled_from([parse(text) for text in TEXTS])
days = st.dates(dt.date(2022, 12, 30), dt.date(2027, 2, 1))
bindings = st.sampled_from(Binding)


@st.composite
def lives(draw: st.DrawFn) -> list[TextStep]:
    """Draw steps of three parties and of the text, some of which regard or correct earlier ones."""
    steps: list[TextStep] = []
    for key in range(1, draw(st.integers(1, 9)) + 1):
        earlier = st.sampled_from(steps) if steps else st.nothing()
        act = draw(st.sampled_from(InstrumentAct))
        corrected = draw(st.none() | earlier)
        if act in (InstrumentAct.WITHDRAWN, InstrumentAct.RETRACTED) and not steps:
            act = InstrumentAct.SIGNED
        if act == InstrumentAct.RETRACTED and corrected is None:
            corrected = draw(earlier)
        regarded = draw(earlier) if act == InstrumentAct.WITHDRAWN else None
        steps.append(
            TextStep(
                key=key,
                act=act,
                done=draw(dates),
                party=None if act in OF_THE_TEXT else draw(st.sampled_from((MALI, NIGER, BLOC))),
                effect=draw(st.none() | dates),
                regards=regarded.key if regarded else None,
                corrects=corrected.key if corrected else None,
            )
        )
    return steps


def answers(binding: Binding, steps: Sequence[TextStep], day: dt.date) -> tuple[object, object]:
    """Return the status of each party and the state of the text."""
    return statuses(binding, (MALI, NIGER, BLOC), steps, day), state(binding, steps, day)


@EXAMPLES
@given(bindings, lives(), days)
def test_a_step_dated_later_changes_no_earlier_day(
    binding: Binding, steps: list[TextStep], day: dt.date
) -> None:
    by_then = [one for one in steps if one.done.earliest <= day]
    assert answers(binding, steps, day) == answers(binding, by_then, day)


@EXAMPLES
@given(bindings, lives(), days, st.randoms(use_true_random=False))
def test_the_order_of_entry_changes_nothing(
    binding: Binding, steps: list[TextStep], day: dt.date, random: object
) -> None:
    shuffled = list(steps)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert answers(binding, shuffled, day) == answers(binding, steps, day)


BESIDE: Final = (
    InstrumentAct.APPROVED_AT_HOME,
    InstrumentAct.RESERVATION,
    InstrumentAct.PROVISIONALLY_APPLIED,
    InstrumentAct.OBJECTION,
    InstrumentAct.DEPOSITED,
    InstrumentAct.INITIALLED,
    InstrumentAct.ADOPTED,
    InstrumentAct.SUSPENDED,
    InstrumentAct.RESUMED,
)


@EXAMPLES
@given(bindings, lives(), days, st.sampled_from(BESIDE), dates)
def test_what_stands_beside_a_status_makes_and_unmakes_none(
    binding: Binding, steps: list[TextStep], day: dt.date, act: InstrumentAct, done: EdtfDate
) -> None:
    beside = TextStep(key=99, act=act, done=done, party=MALI)
    assert answers(binding, [*steps, beside], day) == answers(binding, steps, day)


@EXAMPLES
@given(bindings, lives(), days)
def test_a_step_of_a_bloc_binds_no_member(
    binding: Binding, steps: list[TextStep], day: dt.date
) -> None:
    of_bloc = [replace(one, party=BLOC) if one.party else one for one in steps]
    for status in statuses(binding, (MALI, NIGER), of_bloc, day).values():
        assert status == Status(PartyStatus.NOTHING_KNOWN)


def later(date: EdtfDate) -> EdtfDate:
    """Shift a date by 400 Gregorian years, after which the calendar repeats."""
    return parse(f"{int(date.text[:4]) + 400}{date.text[4:]}")


@EXAMPLES
@given(bindings, lives(), days, st.none() | days)
def test_shifting_all_dates_by_400_years_shifts_all_answers(
    binding: Binding, steps: list[TextStep], day: dt.date, until: dt.date | None
) -> None:
    def shift(one: TextStep) -> TextStep:
        effect = later(one.effect) if one.effect else None
        return replace(one, done=later(one.done), effect=effect)

    def shifted(status: Status) -> Status:
        return replace(status, since=shift(status.since) if status.since else None)

    now = statuses(binding, (MALI, NIGER, BLOC), steps, day, until)
    moved = [shift(one) for one in steps]
    shifted_until = until and until + FOUR_CENTURIES
    then = statuses(binding, (MALI, NIGER, BLOC), moved, day + FOUR_CENTURIES, shifted_until)
    assert then == {party: shifted(status) for party, status in now.items()}


@EXAMPLES
@given(lives(), days)
def test_a_status_is_of_a_step_that_counts(steps: list[TextStep], day: dt.date) -> None:
    counting = as_of(steps, day)
    for party, status in statuses(BY_RATIFICATION, (MALI, NIGER), steps, day).items():
        if status.status == PartyStatus.NOTHING_KNOWN:
            assert status.since is None
            assert not [s for s in counting if s.party == party and s.act in CONSENTS]
        else:
            assert status.since in counting


def test_history_is_each_status_from_its_first_day() -> None:
    steps = [
        SIGNED,
        step(2, "ratified", "2024-12-01"),
        step(3, "ratified", "2025-01-15", corrects=2),
        step(4, "entered_into_force", "2025-03-01", effect="2025-04-01"),
        step(5, "denounced", "2026-01-01", effect="2026-07-01"),
        step(6, "signed", "2024-08-01", NIGER),
    ]
    until = dt.date(2026, 6, 30)
    assert history(BY_RATIFICATION, MALI, steps, until) == [
        (dt.date(2024, 7, 6), PartyStatus.SIGNED),
        (dt.date(2025, 1, 15), PartyStatus.CONSENTED),
        (dt.date(2025, 4, 1), PartyStatus.BOUND),
    ]
    left = history(BY_RATIFICATION, MALI, steps, dt.date(2026, 7, 1))
    assert left[3:] == [(dt.date(2026, 7, 1), PartyStatus.LEFT)]
    assert history(BY_RATIFICATION, BLOC, steps, until) == []


@settings(max_examples=tries(40, soak=2000))
@given(st.integers(0, 2000))
def test_history_ends_with_the_status_of_the_day(days: int) -> None:
    steps = [
        SIGNED,
        step(2, "ratified", "2025-01-15"),
        step(3, "entered_into_force", "2025-03-01", effect="2025-04-01"),
        step(4, "denounced", "2026-01-01", effect="2026-07-01"),
        step(5, "acceded", "2027-01-01"),
    ]
    day = dt.date(2024, 7, 6) + dt.timedelta(days=days)
    last = history(BY_RATIFICATION, MALI, steps, day)[-1][1]
    assert last == status_of(steps, day.isoformat()).status


@EXAMPLES
@given(bindings, lives(), days, st.integers(0, 900))
def test_what_is_waited_for_is_that_of_the_day_on_which_the_search_stopped(
    binding: Binding, steps: list[TextStep], day: dt.date, more: int
) -> None:
    parties = (MALI, NIGER, BLOC)
    beyond = day + dt.timedelta(days=more)
    assert statuses(binding, parties, steps, day, beyond) == statuses(binding, parties, steps, day)
    stopped = day - dt.timedelta(days=more)
    by_then = [s for s in steps if max(s.done.latest, s.in_effect.latest) <= stopped]
    now = statuses(binding, parties, by_then, day, stopped)
    then = statuses(binding, parties, by_then, stopped)
    assert {key: replace(one, unsearched=False) for key, one in now.items()} == then
    whole = statuses(binding, parties, by_then, day)
    for key, one in now.items():
        assert one.unsearched == (whole[key].waiting and not then[key].waiting)
