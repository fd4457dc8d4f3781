"""The ledger's counts, compared with a loop over the commitments."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import tries
from timeline.core import status
from timeline.core.codes import CommitmentNature, CommitmentStatus, EventState, LedgerSort, Order
from timeline.core.dates import EdtfDate, parse
from timeline.core.question import LedgerQuestion
from timeline.core.searched import Clock
from timeline.core.status import Update
from timeline.index.commitment_entries import IndexedCommitment, Parties
from timeline.index.commitments import CommitmentIndex
from timeline.index.interface import PAGE_SIZE
from timeline.index.ledger import Ledger

TODAY = dt.date(2026, 11, 23)
DATES = ["2024", "2024-05", "2024-05-10", "2025-04-03", "2025-04-03~", "2025-11", "2026-10-01"]
CODES = ["bf", "ml", "ru"]


def updates(draw: st.DrawFn, key: int) -> tuple[Update, ...]:
    drawn: list[Update] = []
    for number in range(draw(st.integers(0, 3))):
        earlier = st.sampled_from([None, *(update.key for update in drawn)])
        drawn.append(
            Update(
                key * 10 + number,
                parse(draw(st.sampled_from(DATES))),
                number + 1,
                draw(st.sampled_from(list(CommitmentStatus))),
                draw(earlier),
            )
        )
    return tuple(drawn)


@st.composite
def parties(draw: st.DrawFn) -> Parties:
    direct = draw(st.lists(st.sampled_from(CODES), unique=True, max_size=2))
    through = draw(st.lists(st.sampled_from(CODES), unique=True, max_size=2))
    return Parties(tuple(direct), tuple(code for code in through if code not in direct))


@st.composite
def records(draw: st.DrawFn) -> list[IndexedCommitment]:
    drawn: list[IndexedCommitment] = []
    for key in range(1, draw(st.integers(0, 12)) + 1):
        root = draw(st.sampled_from([None, *drawn])) if drawn else None
        drawn.append(
            IndexedCommitment(
                key=key,
                event=100 + key // 3,
                before=(*root.before, root.key) if root else (),
                made=parse(draw(st.sampled_from(DATES))),
                of_event={
                    "kind": draw(st.sampled_from(["summit", "visit"])),
                    "state": EventState.HELD.value,
                    "framework": draw(st.sampled_from([None, "ru-aes"])),
                },
                due=draw(st.sampled_from([None, parse("2025"), parse("2027-01-01")])),
                updates=updates(draw, key),
                obligors=draw(parties()),
                beneficiaries=draw(parties()),
                sectors=draw(
                    st.sampled_from([(), ("energy",), ("energy", "trade"), ("trade", "trade")])
                ),
                source_kinds=draw(st.sampled_from([(), ("official",)])),
            )
        )
        if draw(st.booleans()):
            sides = tuple(side for side in draw(st.lists(parties(), min_size=2, max_size=3)))
            drawn[-1] = replace(
                drawn[-1],
                sides=sides,
                obligors=Parties(
                    tuple(dict.fromkeys(code for side in sides for code in side.direct)),
                    tuple(
                        dict.fromkeys(
                            code
                            for side in sides
                            for code in side.through
                            if not any(code in other.direct for other in sides)
                        )
                    ),
                ),
                beneficiaries=Parties(),
            )
        elif draw(st.integers(0, 3)) == 0:
            drawn[-1] = replace(
                drawn[-1],
                nature=CommitmentNature.REQUEST,
                in_request=drawn[-1].obligors,
                obligors=Parties(),
                beneficiaries=Parties(),
                updates=(),
                due=None,
            )
    return draw(st.permutations(drawn))


def an_entry(key: int = 1, **values: Any) -> IndexedCommitment:
    """A commitment of one event, announced on 3 April 2025."""
    made = parse("2025-04-03")
    return IndexedCommitment(
        **{
            "key": key,
            "event": 1,
            "before": (),
            "made": made,
            "of_event": {"kind": "summit", "state": EventState.HELD.value, "framework": None},
            "due": None,
            "updates": (Update(key, made, 1, CommitmentStatus.ANNOUNCED, None),),
            "obligors": Parties(),
            "beneficiaries": Parties(),
            "sectors": (),
            "source_kinds": (),
            **values,
        }
    )


def test_party_that_owes_through_a_bloc_alone_is_counted_so() -> None:
    entry = an_entry(obligors=Parties(("aes",), ("ml",)))
    answer = Ledger(CommitmentIndex([entry], TODAY)).answer(LedgerQuestion(), {})
    through = {group: dict(counts) for group, counts in answer.indirect.items()}
    assert through == {"party": {"ml": 1}, "obligor": {"ml": 1}, "beneficiary": {}}


@pytest.mark.parametrize(
    ("first", "last", "keys"),
    [
        ("2024-01-01", "2025-04-02", []),
        ("2025-04-03", "2025-06-01", [1, 2]),
        ("2025-05-31", "2025-12-31", [1, 2]),
        ("2025-06-01", "2025-12-31", [2]),
        ("2026-11-23", "2027-12-31", [2]),
        ("2026-11-24", "2027-12-31", []),
    ],
)
def test_commitment_stands_until_it_is_due_or_else_until_today(
    first: str, last: str, keys: list[int]
) -> None:
    index = CommitmentIndex([an_entry(1, due=parse("2025-05")), an_entry(2)], TODAY)
    span = (dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    total, standing = Ledger(index).standing(LedgerQuestion(), {}, span, 9)
    assert (total, standing) == (2, [(key, "announced") for key in keys])


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(values)).map(lambda chosen: tuple(sorted(chosen)))


PERIODS = st.sampled_from([None, parse("2024-05"), parse("2025")])
QUESTIONS = st.builds(
    LedgerQuestion,
    sectors=some("energy", "trade"),
    parties=some(*CODES),
    any_party=st.booleans(),
    direct=st.booleans(),
    kinds=some("summit", "visit"),
    frameworks=some("ru-aes"),
    source_kinds=some("official"),
    statuses=some("announced", "fulfilled", "broken", "in_progress"),
    obligors=some(*CODES),
    beneficiaries=some(*CODES),
    overdue=st.booleans(),
    quiet=st.booleans(),
    nature=st.sampled_from([*CommitmentNature, CommitmentNature.UNDERTAKING, None]),
    start=PERIODS,
    end=PERIODS,
    certain=st.booleans(),
    order=st.sampled_from([Order.NEWEST, Order.OLDEST]),
    sort=st.sampled_from([LedgerSort.NEWEST, *LedgerSort]),
)


def first_of(entry: IndexedCommitment) -> int:
    return entry.before[0] if entry.before else entry.key


def last_wordings(entries: list[IndexedCommitment]) -> list[IndexedCommitment]:
    """Return the last wording of each thread: not restated, and the latest if there are several."""
    dates = {entry.key: (entry.made.earliest, entry.made.latest) for entry in entries}
    last: dict[int, IndexedCommitment] = {}
    for entry in entries:
        if any(entry.key in other.before for other in entries):
            continue
        other = last.setdefault(first_of(entry), entry)
        last[first_of(entry)] = max(
            (entry, other),
            key=lambda entry: (
                max(dates[key] for key in (*entry.before, entry.key) if key in dates),
                len(entry.before),
                entry.key,
            ),
        )
    return list(last.values())


def named(who: Parties, question: LedgerQuestion) -> set[str]:
    return {*who.direct, *(() if question.direct else who.through)}


def standing(entry: IndexedCommitment) -> str:
    last = status.current(entry.updates)
    return last.status.value if last else "announced"


def touches(date: EdtfDate, question: LedgerQuestion) -> bool:
    if question.period is None:
        return True
    return (date.surely_within if question.certain else date.touches)(*question.period)


def different_sides(entry: IndexedCommitment, question: LedgerQuestion) -> bool:
    """Whether the obligor and the beneficiary of a mutual commitment are two sides of it."""
    if not (entry.sides and question.obligors and question.beneficiaries):
        return True
    sides = [named(side, question) for side in entry.sides]
    return any(
        set(question.obligors) & owing and set(question.beneficiaries) & owed
        for owing, owed in permutations(sides, 2)
    )


def answers(entry: IndexedCommitment, question: LedgerQuestion) -> bool:
    owing, owed = named(entry.obligors, question), named(entry.beneficiaries, question)
    if entry.sides:
        owed = owing
    in_request = named(entry.in_request, question)
    is_request = entry.nature == CommitmentNature.REQUEST
    match = any if question.any_party else all
    last = status.current(entry.updates)
    return all(
        (
            not question.sectors or bool(set(question.sectors) & set(entry.sectors)),
            not question.parties
            or match(code in owing | owed | in_request for code in question.parties),
            not question.kinds or entry.of_event["kind"] in question.kinds,
            not question.frameworks or entry.of_event["framework"] in question.frameworks,
            not question.source_kinds or bool(set(question.source_kinds) & set(entry.source_kinds)),
            question.nature in (None, entry.nature),
            not question.statuses or (not is_request and standing(entry) in question.statuses),
            not question.obligors or bool(set(question.obligors) & owing),
            not question.beneficiaries or bool(set(question.beneficiaries) & owed),
            different_sides(entry, question),
            not question.overdue or (not is_request and status.is_overdue(last, entry.due, TODAY)),
            not question.quiet or (not is_request and status.is_quiet(last, TODAY)),
            touches(entry.made, question),
        )
    )


def found(entries: list[IndexedCommitment], question: LedgerQuestion) -> list[int]:
    matching = [entry for entry in last_wordings(entries) if answers(entry, question)]
    matching.sort(key=lambda e: (e.made.earliest, -e.made.latest.toordinal(), e.key))
    if question.order == Order.NEWEST:
        matching.reverse()
    matching.sort(key=lambda entry: rank(entry, question.sort))
    return [entry.key for entry in matching]


def rank(entry: IndexedCommitment, sort: LedgerSort) -> int:
    """Return what comes before the order of time; what has no day of its own comes last."""
    last = status.current(entry.updates)
    if sort == LedgerSort.STATE:
        return list(CommitmentStatus).index(CommitmentStatus(standing(entry)))
    if sort == LedgerSort.DUE:
        return (entry.due.latest if entry.due else dt.date.max).toordinal()
    if sort == LedgerSort.EVIDENCE:
        return (last.date.latest if last else dt.date.max).toordinal()
    return 0


@settings(max_examples=tries(60, soak=300))
@given(records(), QUESTIONS)
def test_page_and_total_are_those_found_one_by_one(
    entries: list[IndexedCommitment], question: LedgerQuestion
) -> None:
    answer = Ledger(CommitmentIndex(entries, TODAY)).answer(question, {})
    assert list(answer.keys) == found(entries, question)
    assert answer.total == len(answer.keys)
    surely = replace(question, certain=True)
    assert answer.surely == len(found(entries, surely))
    assert list(Ledger(CommitmentIndex(entries, TODAY)).keys(question, {})) == list(answer.keys)


@settings(max_examples=tries(40, soak=200))
@given(records(), QUESTIONS)
def test_each_count_is_the_total_of_the_question_that_it_offers(
    entries: list[IndexedCommitment], question: LedgerQuestion
) -> None:
    answer = Ledger(CommitmentIndex(entries, TODAY)).answer(question, {})
    for group in ("status", "sector", "obligor", "beneficiary", "kind", "framework"):
        for value, count in answer.options[group].items():
            assert count == len(found(entries, question.with_values(group, [value])))
    for value, count in answer.options["party"].items():
        chosen = () if question.any_party else question.parties
        narrowed = question.with_values("party", [*chosen, value])
        assert count == len(found(entries, narrowed))
        direct = len(found(entries, replace(narrowed, direct=True)))
        if not (question.obligors or question.beneficiaries or chosen or question.direct):
            assert answer.indirect["party"].get(value, 0) == count - direct
    assert answer.overdue == len(found(entries, replace(question, overdue=True)))
    assert answer.quiet == len(found(entries, replace(question, quiet=True)))
    years = replace(question, start=None, end=None)
    assert answer.years == Ledger(CommitmentIndex(entries, TODAY)).answer(years, {}).years
    whole = [entry for entry in last_wordings(entries) if answers(entry, years)]
    years_made = {entry.made.earliest.year for entry in whole}
    for year in years_made:
        within = question.within(f"{year:04d}", f"{year:04d}")
        assert answer.years.get(year, 0) == len(found(entries, within))
    assert set(answer.years) <= years_made


@settings(max_examples=tries(40, soak=200))
@given(records(), QUESTIONS)
def test_states_of_those_found_add_up(
    entries: list[IndexedCommitment], question: LedgerQuestion
) -> None:
    answer = Ledger(CommitmentIndex(entries, TODAY)).answer(question, {})
    by_key = {entry.key: entry for entry in entries}
    requests = [key for key in found(entries, question) if by_key[key].is_request]
    assert sum(answer.statuses.values()) + len(requests) == answer.total
    anywhere = [
        key for key in found(entries, replace(question, sectors=())) if not by_key[key].is_request
    ]
    assert answer.any_sector == Counter(standing(by_key[key]) for key in anywhere)
    for sector in ("energy", "trade"):
        keys = [key for key in anywhere if sector in by_key[key].sectors]
        counts = Counter(standing(by_key[key]) for key in keys)
        assert answer.by_sector.get(sector, {}) == counts
        for code, count in counts.items():
            narrowed = replace(question, sectors=(sector,), statuses=(code,))
            assert count == len(found(entries, narrowed))


@given(records(), st.sets(st.integers(1, 12)), QUESTIONS)
def test_what_the_database_found_narrows_the_list(
    entries: list[IndexedCommitment], keys: set[int], question: LedgerQuestion
) -> None:
    answer = Ledger(CommitmentIndex(entries, TODAY)).answer(question, {"q": keys})
    assert list(answer.keys) == [key for key in found(entries, question) if key in keys]


def many(count: int) -> list[IndexedCommitment]:
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=number // 3) for number in range(count)]
    return [
        an_entry(number + 1, event=number + 101, made=parse(day.isoformat()), updates=())
        for number, day in enumerate(days)
    ]


def test_pages_give_each_commitment_once_in_one_order() -> None:
    ledger = Ledger(CommitmentIndex(many(2 * PAGE_SIZE + 7), TODAY))
    for order in (Order.NEWEST, Order.OLDEST, Order.RELEVANCE):
        titles = range(5, 40) if order == Order.RELEVANCE else ()
        narrowed = {"q": range(1, 200), "title": titles} if titles else {}
        question = LedgerQuestion(q="word" if titles else "", order=order)
        whole = list(ledger.keys(question, narrowed))
        seen: list[int] = []
        firsts = []
        page = question
        while True:
            answer = ledger.answer(page, narrowed)
            seen += answer.keys
            firsts.append(answer.first)
            if answer.following is None:
                break
            page = question.cursor_after(answer.following)
        assert seen == whole
        assert sorted(seen) == list(range(1, 2 * PAGE_SIZE + 8))
        assert firsts == [1, 51, 101]
        if titles:
            assert sorted(seen[:35]) == list(range(5, 40))


@pytest.mark.parametrize("sort", LedgerSort)
@pytest.mark.parametrize("order", [Order.NEWEST, Order.OLDEST])
def test_pages_of_a_sorted_ledger_join_without_a_gap(sort: LedgerSort, order: Order) -> None:
    dates = [None, "2021-03", "2021-03-31", "2030"]
    entries = [
        replace(entry, due=parse(due) if (due := dates[entry.key % 4]) else None)
        for entry in many(2 * PAGE_SIZE + 7)
    ]
    ledger, question = (
        Ledger(CommitmentIndex(entries, TODAY)),
        LedgerQuestion(order=order, sort=sort),
    )
    pages: list[tuple[int, ...]] = []
    page = question
    while True:
        answer = ledger.answer(page, {})
        pages.append(answer.keys)
        if answer.following is None:
            break
        page = question.cursor_after(answer.following)
    assert [key for keys in pages for key in keys] == found(entries, question)
    back = [answer.keys]
    while answer.first > 1:
        page = question.cursor_after(answer.preceding) if answer.preceding else question
        answer = ledger.answer(page, {})
        back.append(answer.keys)
    assert back == pages[::-1]


@pytest.mark.parametrize("order", [Order.NEWEST, Order.OLDEST])
def test_page_at_a_date_begins_with_what_is_first_on_it_or_beyond(order: Order) -> None:
    entries = many(3 * PAGE_SIZE + 7)
    ledger, question = Ledger(CommitmentIndex(entries, TODAY)), LedgerQuestion(order=order)
    keys = found(entries, question)
    made = {entry.key: entry.made for entry in entries}
    for date in map(parse, ("1999", "2020", "2020-02", "2020-01-15", "2030")):
        cursor = ledger.page_at(question, {}, date)
        answer = ledger.answer(question.cursor_after(cursor) if cursor else question, {})
        beyond = [
            number
            for number, key in enumerate(keys, 1)
            if (
                made[key].earliest >= date.earliest
                if order == Order.OLDEST
                else made[key].earliest <= date.latest
            )
        ]
        assert answer.first == (beyond[0] if beyond else len(keys) - PAGE_SIZE + 1)


def test_page_goes_on_where_a_commitment_has_gone() -> None:
    entries = many(PAGE_SIZE + 5)
    question = LedgerQuestion(order=Order.OLDEST)
    following = Ledger(CommitmentIndex(entries, TODAY)).answer(question, {}).following
    assert following is not None
    left = [entry for entry in entries if entry.key != following.pk]
    answer = Ledger(CommitmentIndex(left, TODAY)).answer(question.cursor_after(following), {})
    assert answer.keys == (51, 52, 53, 54, 55)


def test_thread_counts_once_as_its_latest_wording() -> None:
    first, second, third = many(3)
    wordings = [
        first,
        replace(second, before=(1,), made=parse("2024")),
        replace(third, before=(1, 2), made=parse("2025-04-03")),
    ]
    assert Ledger(CommitmentIndex(wordings, TODAY)).answer(LedgerQuestion(), {}).keys == (3,)


def test_later_link_of_a_thread_is_the_latest_of_one_day() -> None:
    first, second, _ = many(3)
    turned = [replace(first, before=(2,)), second]
    assert Ledger(CommitmentIndex(turned, TODAY)).answer(LedgerQuestion(), {}).keys == (1,)


def test_wording_of_a_vague_day_is_later_than_what_it_restates() -> None:
    first, second, third = many(3)
    thread = [
        replace(first, made=parse("2025-04-03")),
        replace(second, before=(1,), made=parse("2025")),
        replace(third, before=(1, 2, 9), made=parse("2024")),
    ]
    for several in (thread[:2], thread):
        last = several[-1].key
        assert Ledger(CommitmentIndex(several, TODAY)).answer(LedgerQuestion(), {}).keys == (last,)


ENDS = st.none() | st.dates(dt.date(2024, 5, 1), dt.date(2027, 1, 1))
"""Days until which sources were searched; None is until today."""

SPANS = st.tuples(st.dates(dt.date(2023, 1, 1), dt.date(2028, 1, 1)), st.integers(0, 900)).map(
    lambda pair: (pair[0], pair[0] + dt.timedelta(days=pair[1]))
)


@settings(max_examples=tries(60, soak=300))
@given(records(), QUESTIONS, SPANS, st.integers(1, 5))
def test_those_that_stand_in_a_span_are_those_found_one_by_one(
    entries: list[IndexedCommitment],
    question: LedgerQuestion,
    span: tuple[dt.date, dt.date],
    most: int,
) -> None:
    by_key = {entry.key: entry for entry in entries}
    keys = found(entries, question)
    there = [
        key
        for key in keys
        if by_key[key].made.earliest <= span[1]
        and (due.latest if (due := by_key[key].due) else TODAY) >= span[0]
    ]
    total, stood = Ledger(CommitmentIndex(entries, TODAY)).standing(question, {}, span, most)
    assert total == len(keys)
    assert len(stood) == min(most, len(there))
    assert {key for key, _status in stood} <= set(there)
    assert all(state == standing(by_key[key]) for key, state in stood)
    dues = [due.latest if (due := by_key[key].due) else dt.date.max for key, _status in stood]
    every = sorted(due.latest if (due := by_key[key].due) else dt.date.max for key in there)
    assert dues == every[: len(dues)]


@st.composite
def changes(
    draw: st.DrawFn,
) -> tuple[list[IndexedCommitment], list[IndexedCommitment], list[IndexedCommitment]]:
    """Draw the entries before a change, those that stay, and those that replace the others."""
    before, other = draw(records()), draw(records())
    leaving = draw(st.sets(st.integers(1, 12)))
    stayed = [entry for entry in before if first_of(entry) not in leaving]
    there = {entry.key for entry in stayed}
    crowded = {first_of(entry) for entry in other if entry.key in there}
    return before, stayed, [entry for entry in other if first_of(entry) not in crowded]


def content(
    index: CommitmentIndex, question: LedgerQuestion, span: tuple[dt.date, dt.date]
) -> object:
    ledger = Ledger(index)
    return (
        ledger.answer(question, {"q": range(3, 11)} if question.quiet else {}),
        ledger.statuses(question),
        [ledger.late(LedgerQuestion(overdue=late, quiet=not late), 9) for late in (True, False)],
        [ledger.standing(question, {}, span, most) for most in (2, 20)],
        ledger.standing(LedgerQuestion(), {}, span, 20),
        [sorted(index.with_threads({key})) for key in range(1, 13)],
        [sorted(index.made_at({event})) for event in range(100, 106)],
    )


@settings(max_examples=tries(30, soak=150))
@given(changes(), QUESTIONS, SPANS)
def test_changed_ledger_equals_one_read_again(
    drawn: tuple[list[IndexedCommitment], list[IndexedCommitment], list[IndexedCommitment]],
    question: LedgerQuestion,
    span: tuple[dt.date, dt.date],
) -> None:
    before, stayed, new = drawn
    gone = {entry.key for entry in before} - {entry.key for entry in stayed}
    changed = CommitmentIndex(before, TODAY).replace(gone, new)
    assert content(changed, question, span) == content(
        CommitmentIndex([*stayed, *new], TODAY), question, span
    )
    again = changed.replace({entry.key for entry in new}, [])
    assert content(again, question, span) == content(CommitmentIndex(stayed, TODAY), question, span)


@settings(max_examples=tries(30, soak=150))
@given(records(), QUESTIONS, SPANS, st.integers(0, 900), ENDS, ENDS)
def test_books_of_a_later_day_differ_in_those_that_turn_between(
    entries: list[IndexedCommitment],
    question: LedgerQuestion,
    span: tuple[dt.date, dt.date],
    days: int,
    searched: dt.date | None,
    searched_later: dt.date | None,
) -> None:
    before = CommitmentIndex(entries, TODAY - dt.timedelta(days=days), searched)
    keys = before.with_threads(before.turning(Clock(TODAY, searched_later).day))
    changed = [entry for entry in entries if entry.key in keys]
    later = before.replace(keys, changed, TODAY, searched_later)
    assert content(later, question, span) == content(
        CommitmentIndex(entries, TODAY, searched_later), question, span
    )
    assert days or searched != searched_later or not keys


@settings(max_examples=tries(30, soak=150))
@given(records(), QUESTIONS, SPANS, st.integers(0, 900))
def test_what_is_late_where_the_search_stopped_is_what_was_late_that_day(
    entries: list[IndexedCommitment],
    question: LedgerQuestion,
    span: tuple[dt.date, dt.date],
    days: int,
) -> None:
    stopped = TODAY - dt.timedelta(days=days)
    on_that_day = CommitmentIndex(entries, stopped)
    answers = [
        Ledger(index).answer(question, {})
        for index in (CommitmentIndex(entries, TODAY, stopped), on_that_day)
    ]
    assert answers[0] == answers[1]
    searched_beyond = CommitmentIndex(entries, stopped, TODAY)
    assert content(searched_beyond, question, span) == content(on_that_day, question, span)
