"""The counts of the list of texts, compared with a loop over the texts."""

import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import tries
from timeline.core.codes import Binding, InstrumentKind, InstrumentState, Order, PartyStatus
from timeline.core.dates import parse
from timeline.core.question import InstrumentQuestion
from timeline.index.instruments import IndexedInstrument, InstrumentIndex
from timeline.index.interface import PAGE_SIZE

DATES = ["2024", "2024-05", "2024-05-10", "2025-04-03", "2025-04-03~", "2024-11/2025-02", "198X"]
CODES = ["bf", "ml", "ru"]
STATUSES = ["signed", "consented", "bound", "left"]


@st.composite
def entry(draw: st.DrawFn, key: int) -> IndexedInstrument:
    codes = draw(st.lists(st.sampled_from(CODES), unique=True, max_size=3))
    statuses = {code: draw(st.sampled_from(list(PartyStatus))) for code in codes}
    signed = [code for code, status in statuses.items() if status == PartyStatus.SIGNED]
    return IndexedInstrument(
        key=key,
        date=parse(draw(st.sampled_from(DATES))),
        kind=draw(st.sampled_from([*InstrumentKind][:3])),
        state=draw(st.sampled_from([*InstrumentState])),
        binds=draw(st.sampled_from([*Binding])),
        statuses=statuses,
        waiting=tuple(code for code in signed if draw(st.booleans())),
    )


@st.composite
def records(draw: st.DrawFn) -> list[IndexedInstrument]:
    return [draw(entry(key)) for key in draw(st.permutations(range(1, draw(st.integers(0, 9)))))]


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(values), max_size=2).map(lambda chosen: tuple(sorted(chosen)))


PERIODS = st.sampled_from([None, None, parse("2024-05"), parse("2025")])
QUESTIONS = st.builds(
    InstrumentQuestion,
    parties=some(*CODES),
    kinds=st.one_of(st.just(()), some("treaty", "agreement")),
    states=st.one_of(st.just(()), some("open", "in_force", "ended")),
    statuses=some(*STATUSES),
    bindings=st.one_of(st.just(()), some("by_ratification", "not_stated")),
    waiting=st.booleans(),
    start=PERIODS,
    end=PERIODS,
    certain=st.booleans(),
    order=st.sampled_from([Order.NEWEST, Order.OLDEST]),
)


def stands(entry: IndexedInstrument, code: str, question: InstrumentQuestion) -> bool:
    """Whether one of the chosen parties stands to a text as is asked of it."""
    return (
        code in entry.statuses
        and (not question.statuses or entry.statuses[code] in question.statuses)
        and (not question.waiting or code in entry.waiting)
    )


def answers(entry: IndexedInstrument, question: InstrumentQuestion) -> bool:
    if question.period is not None:
        lies = entry.date.surely_within if question.certain else entry.date.touches
        if not lies(*question.period):
            return False
    if question.kinds and entry.kind not in question.kinds:
        return False
    if question.states and entry.state not in question.states:
        return False
    if question.bindings and entry.binds not in question.bindings:
        return False
    if question.parties:
        return all(stands(entry, code, question) for code in question.parties)
    any_status = any(status in question.statuses for status in entry.statuses.values())
    return (not question.statuses or any_status) and (not question.waiting or bool(entry.waiting))


def found(entries: list[IndexedInstrument], question: InstrumentQuestion) -> list[int]:
    matching = [entry for entry in entries if answers(entry, question)]
    matching.sort(key=lambda e: (e.date.earliest, -e.date.latest.toordinal(), e.key))
    keys = [entry.key for entry in matching]
    return keys if question.order == Order.OLDEST else keys[::-1]


@settings(max_examples=tries(100, soak=500))
@given(records(), QUESTIONS)
def test_page_and_total_are_those_found_one_by_one(
    entries: list[IndexedInstrument], question: InstrumentQuestion
) -> None:
    index = InstrumentIndex(entries)
    answer = index.answer(question, {})
    assert list(answer.keys) == found(entries, question)
    assert answer.total == index.total(question, {}) == len(answer.keys)
    surely = replace(question, certain=True)
    assert answer.surely == len(found(entries, surely))
    assert (answer.first, answer.following) == (1, None)


@settings(max_examples=tries(100, soak=500))
@given(records(), QUESTIONS)
def test_each_count_is_the_total_of_the_question_that_it_offers(
    entries: list[IndexedInstrument], question: InstrumentQuestion
) -> None:
    answer = InstrumentIndex(entries).answer(question, {})

    def totals(group: str, values: list[str], chosen: tuple[str, ...] = ()) -> dict[str, int]:
        """Count what each value would find, beside those chosen; those that find nothing go."""
        counts = {
            value: len(found(entries, question.with_values(group, [*chosen, value])))
            for value in values
        }
        return {value: count for value, count in counts.items() if count}

    assert answer.options == {
        "party": totals("party", CODES, question.parties),
        "status": totals("status", STATUSES),
        "kind": totals("kind", [*InstrumentKind]),
        "state": totals("state", [*InstrumentState]),
        "binds": totals("binds", [*Binding]),
    }
    assert answer.waiting == len(found(entries, replace(question, waiting=True)))
    whole = [entry for entry in entries if answers(entry, question.within("", ""))]
    years = {entry.date.earliest.year for entry in whole}
    assert answer.years == {
        year: number
        for year in years
        if (number := len(found(entries, question.within(f"{year:04d}", f"{year:04d}"))))
    }


@settings(max_examples=tries(40, soak=200))
@given(records(), st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)), QUESTIONS)
def test_words_narrow_the_list_and_titles_come_first_by_relevance(
    entries: list[IndexedInstrument], keys: set[int], titles: set[int], question: InstrumentQuestion
) -> None:
    narrowed = {"q": keys, "title": titles & keys}
    answer = InstrumentIndex(entries).answer(question, narrowed)
    assert list(answer.keys) == [key for key in found(entries, question) if key in keys]
    relevant = replace(question, order=Order.RELEVANCE)
    newest = [key for key in found(entries, relevant) if key in keys]
    by_relevance = sorted(newest, key=lambda key: key not in titles)
    assert list(InstrumentIndex(entries).answer(relevant, narrowed).keys) == by_relevance


def test_pages_give_each_text_once_in_one_order() -> None:
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=number // 3) for number in range(107)]
    index = InstrumentIndex(
        IndexedInstrument(number, parse(day.isoformat()), "treaty", "open", "not_stated", {})
        for number, day in enumerate(days)
    )
    for order in (Order.NEWEST, Order.OLDEST):
        question = InstrumentQuestion(order=order)
        seen: list[int] = []
        firsts = []
        while True:
            answer = index.answer(question, {})
            seen += answer.keys
            firsts.append(answer.first)
            if answer.following is None:
                break
            question = question.cursor_after(answer.following)
        assert seen == (list(range(107)) if order == Order.OLDEST else list(range(107))[::-1])
        assert firsts == [1, PAGE_SIZE + 1, 2 * PAGE_SIZE + 1]
