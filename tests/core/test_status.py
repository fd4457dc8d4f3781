"""The state of a commitment, the age of its evidence, and the score of several."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.core.codes import CommitmentStatus
from timeline.core.dates import parse
from timeline.core.status import (
    CLOSED,
    MeanScore,
    Update,
    as_of,
    current,
    evidence_age,
    is_overdue,
    is_quiet,
    score,
    tally,
    uncorrected,
)

AGREED = CommitmentStatus.AGREED
BROKEN = CommitmentStatus.BROKEN
FULFILLED = CommitmentStatus.FULFILLED
IN_PROGRESS = CommitmentStatus.IN_PROGRESS
PARTLY = CommitmentStatus.PARTLY_FULFILLED
STALLED = CommitmentStatus.STALLED

OPEN_STATES = [
    CommitmentStatus.ANNOUNCED,
    CommitmentStatus.AGREED,
    CommitmentStatus.IN_PROGRESS,
    CommitmentStatus.PARTLY_FULFILLED,
    CommitmentStatus.STALLED,
]
CLOSED_STATES = [
    CommitmentStatus.FULFILLED,
    CommitmentStatus.BROKEN,
    CommitmentStatus.SUPERSEDED,
]
TEXTS = ["2024", "2025", "2025-04", "2025-04-03", "2025-04-03?", "2025-04-30", "2025-21", "202X"]


def update(
    key: int,
    date: str = "2025-04-03",
    status: CommitmentStatus = AGREED,
    *,
    entry: int | None = None,
    corrects: int | None = None,
) -> Update:
    return Update(key, parse(date), key if entry is None else entry, status, corrects)


def test_current_is_the_latest_by_date_whatever_the_order_of_entry() -> None:
    later = update(1, "2025-06-01", IN_PROGRESS)
    earlier = update(2, "2025-04-03", AGREED)
    assert current([later, earlier]) == later


def test_current_is_the_latest_by_entry_on_one_day() -> None:
    first = update(2, status=IN_PROGRESS, entry=1)
    second = update(1, status=STALLED, entry=2)
    assert current([second, first]) == second


def test_current_may_move_backwards() -> None:
    done = update(1, "2025-04-03", FULFILLED)
    undone = update(2, "2025-05-01", IN_PROGRESS)
    assert current([done, undone]) == undone


@pytest.mark.parametrize(
    ("dates", "latest"),
    [
        (("2025-04-30", "2025-04"), "2025-04-30"),
        (("2025-04", "2025-04-15"), "2025-04"),
        (("2025", "2025-12-30"), "2025"),
        (("2025", "2026-01-01"), "2026-01-01"),
    ],
)
def test_imprecise_dates_stand_by_their_last_day_then_by_their_first(
    dates: tuple[str, str], latest: str
) -> None:
    result = current([update(1, dates[0]), update(2, dates[1])])
    assert result is not None
    assert result.date.text == latest


def test_nothing_is_current_without_updates() -> None:
    assert current([]) is None


def test_corrected_update_is_ignored() -> None:
    wrong = update(1, "2025-06-01", FULFILLED)
    right = update(2, "2025-05-01", IN_PROGRESS, corrects=1)
    assert uncorrected([wrong, right]) == (right,)
    assert current([wrong, right]) == right


def test_correction_of_a_correction_revives_nothing() -> None:
    first = update(1, "2025-04-03", AGREED)
    second = update(2, "2025-05-01", FULFILLED)
    correction = update(3, "2025-05-01", BROKEN, corrects=2)
    last_word = update(4, "2025-05-01", STALLED, corrects=3)
    assert uncorrected([last_word, correction, second, first]) == (first, last_word)


@pytest.mark.parametrize(
    ("date", "today", "age"),
    [
        ("2025-04-03", dt.date(2025, 4, 3), 0),
        ("2025-04-03", dt.date(2025, 4, 13), 10),
        ("2025-04", dt.date(2025, 5, 10), 10),
        ("2025", dt.date(2025, 5, 10), 0),
        ("2025-04-03/..", dt.date(2025, 5, 10), 0),
    ],
)
def test_evidence_ages_from_the_last_day_that_its_date_may_mean(
    date: str, today: dt.date, age: int
) -> None:
    assert evidence_age(update(1, date), today) == age


@pytest.mark.parametrize(("days", "quiet"), [(269, False), (270, True), (271, True)])
def test_open_commitment_is_quiet_after_270_days(days: int, quiet: bool) -> None:
    today = dt.date(2025, 4, 3) + dt.timedelta(days=days)
    assert is_quiet(update(1, "2025-04-03"), today) is quiet


def test_only_open_commitments_are_quiet_or_overdue() -> None:
    due = parse("2024-12-31")
    today = dt.date(2026, 11, 23)
    marked = {
        status: (is_quiet(updates, today), is_overdue(updates, due, today))
        for status in CommitmentStatus
        for updates in [update(1, "2024-04-03", status)]
    }
    assert marked == {
        **dict.fromkeys(OPEN_STATES, (True, True)),
        **dict.fromkeys(CLOSED_STATES, (False, False)),
    }
    assert frozenset(CLOSED_STATES) == CLOSED


@pytest.mark.parametrize(
    ("due", "today", "overdue"),
    [
        ("2025-04-03", dt.date(2025, 4, 3), False),
        ("2025-04-03", dt.date(2025, 4, 4), True),
        ("2025-04", dt.date(2025, 4, 30), False),
        ("2025-04", dt.date(2025, 5, 1), True),
        ("2025", dt.date(2025, 12, 31), False),
        ("2025-04-03/..", dt.date(2026, 11, 23), False),
        (None, dt.date(2026, 11, 23), False),
    ],
)
def test_commitment_is_overdue_after_the_last_day_it_may_be_due(
    due: str | None, today: dt.date, overdue: bool
) -> None:
    assert is_overdue(update(1, "2024-04-03"), parse(due) if due else None, today) is overdue


def test_commitment_without_updates_may_be_overdue_but_is_never_quiet() -> None:
    today = dt.date(2026, 11, 23)
    assert is_overdue(None, parse("2025"), today)
    assert not is_quiet(None, today)


@pytest.mark.parametrize(
    ("day", "keys"),
    [
        (dt.date(2025, 3, 31), []),
        (dt.date(2025, 4, 1), [2]),
        (dt.date(2025, 4, 3), [1, 2]),
        (dt.date(2025, 5, 31), [1, 2]),
        (dt.date(2025, 6, 1), [1, 2, 3]),
    ],
)
def test_update_counts_from_the_first_day_that_its_date_may_mean(
    day: dt.date, keys: list[int]
) -> None:
    updates = [update(1, "2025-04-03"), update(2, "2025-04"), update(3, "2025-06-01", FULFILLED)]
    assert [row.key for row in as_of(updates, day)] == keys


def test_correction_does_not_count_before_its_own_date() -> None:
    wrong = update(1, "2025-04-03", FULFILLED)
    right = update(2, "2025-06-01", IN_PROGRESS, corrects=1)
    assert current(as_of([wrong, right], dt.date(2025, 5, 31))) == wrong
    assert current(as_of([wrong, right], dt.date(2025, 6, 1))) == right


def test_states_score_on_three_steps_or_not_at_all() -> None:
    assert {status.value: score(status) for status in CommitmentStatus} == {
        "announced": None,
        "agreed": None,
        "in_progress": 0,
        "partly_fulfilled": 0,
        "fulfilled": 1,
        "stalled": None,
        "broken": -1,
        "superseded": None,
    }


@pytest.mark.parametrize(
    ("statuses", "counted"),
    [
        ([], MeanScore(None, 0, 0)),
        ([FULFILLED] * 4 + [AGREED] * 3, MeanScore(None, 4, 3)),
        ([FULFILLED] * 4 + [BROKEN], MeanScore(0.6, 5, 0)),
        ([FULFILLED, PARTLY, IN_PROGRESS, BROKEN, BROKEN, STALLED], MeanScore(-0.2, 5, 1)),
        ([FULFILLED] * 5 + [AGREED], MeanScore(1.0, 5, 1)),
    ],
)
def test_tally_gives_a_mean_from_five_scored_commitments_on(
    statuses: list[CommitmentStatus], counted: MeanScore
) -> None:
    assert tally(statuses) == counted


@st.composite
def lives(draw: st.DrawFn) -> list[Update]:
    """Draw the updates of a commitment, some of which correct an earlier one."""
    updates: list[Update] = []
    for key in range(draw(st.integers(0, 7))):
        corrects = draw(st.none() | st.integers(0, key - 1)) if key else None
        status = draw(st.sampled_from(CommitmentStatus))
        updates.append(update(key, draw(st.sampled_from(TEXTS)), status, corrects=corrects))
    return updates


@settings(max_examples=300)
@given(st.data())
def test_current_does_not_depend_on_the_order_of_rows(data: st.DataObject) -> None:
    life = data.draw(lives())
    assert uncorrected(data.draw(st.permutations(life))) == uncorrected(life)


@settings(max_examples=300)
@given(lives())
def test_something_is_current_as_soon_as_there_is_an_update(life: list[Update]) -> None:
    # Nothing corrects the newest entry, because a correction is always entered later.
    assert (current(life) is None) == (life == [])


@settings(max_examples=300)
@given(lives(), st.dates(dt.date(2019, 1, 1), dt.date(2031, 1, 1)), st.integers(0, 4000))
def test_later_day_counts_all_that_an_earlier_day_counts(
    life: list[Update], day: dt.date, days: int
) -> None:
    assert as_of(as_of(life, day + dt.timedelta(days=days)), day) == as_of(life, day)
