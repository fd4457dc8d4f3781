"""The rows of the synthetic corpus: what depends on its seed, and its distributions."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

import pytest

from bench.corpus.blocks import BLOCK, blocks
from bench.corpus.tables import TABLES, Row, Rows
from timeline.core import dates

FIRST = dict.fromkeys(TABLES, 1)
SECTORS = list(range(1, 25))
EVENTS = 2000


def corpus(events: int, seed: int) -> Iterator[Rows]:
    return blocks(events=events, seed=seed, first=FIRST, sectors=SECTORS)


@pytest.fixture(scope="module")
def rows() -> Rows:
    world, events = corpus(EVENTS, 42)
    return {**world, **events}


def column(rows: Rows, table: str, name: str) -> list[object]:
    place = TABLES[table].given.index(name)
    return [row[place] for row in rows[table]]


def per_event(rows: Rows, table: str) -> float:
    return len(rows[table]) / EVENTS


def test_same_seed_gives_the_same_rows(rows: Rows) -> None:
    world, events = corpus(EVENTS, 42)
    assert {**world, **events} == rows


def test_other_seed_gives_other_rows(rows: Rows) -> None:
    _world, events = corpus(EVENTS, 43)
    mine, other = (column(corpus_rows, "event", "title_fr") for corpus_rows in (rows, events))
    assert sum(a == b != "" for a, b in zip(mine, other, strict=True)) == 0


def test_keys_count_from_the_first_that_is_free(rows: Rows) -> None:
    moved = dict.fromkeys(TABLES, 1001)
    world, events = blocks(events=EVENTS, seed=42, first=moved, sectors=SECTORS)
    for table, later in {**world, **events}.items():
        assert [row[0] for row in later] == [row[0] + 1000 for row in rows[table]], table


def test_every_row_fills_the_columns_that_its_table_gives(rows: Rows) -> None:
    assert set(rows) == set(TABLES)
    for name, table in TABLES.items():
        assert {len(row) for row in rows[name]} == {len(table.given)}, name


def test_blocks_hold_the_requested_number_of_events() -> None:
    blocks = islice(corpus(BLOCK + 1, 1), 1, None)
    assert [len(block["event"]) for block in blocks] == [BLOCK, 1]


def test_one_event_has_all_that_it_names() -> None:
    world, events = corpus(1, 7)
    (sources,) = {row[0] for row in world["source"]}
    assert [row[1] for row in events["citation"]] == [sources] * len(events["citation"])
    assert len(events["event"]) == 1


def test_shape_is_that_of_a_large_record(rows: Rows) -> None:
    shape = {
        "participation": (3.9, 4.1),
        "eventplace": (1.01, 1.05),
        "eventsector": (2.2, 2.45),
        "attendance": (0.9, 1.1),
        "statement": (0.26, 0.34),
        "commitment": (0.17, 0.23),
        "citation": (1.2, 1.4),
        "source": (0.05, 0.05),
    }
    for table, (least, most) in shape.items():
        assert least <= per_event(rows, table) <= most, table
    kinds = Counter(column(rows, "party", "kind"))
    assert kinds == {"state": 200, "bloc": 20}


def test_dates_are_as_precise_as_sources_are(rows: Rows) -> None:
    read = [dates.parse(str(text)) for text in column(rows, "event", "date")]
    counts = Counter(date.precision.value for date in read)
    shares = {"day": 0.81, "month": 0.09, "interval": 0.04, "year": 0.045, "season": 0.01}
    for precision, share in shares.items():
        assert counts[precision] / EVENTS == pytest.approx(share, abs=0.015), precision
    assert sum(not date.sure for date in read) > 0
    assert sum(date.ongoing for date in read) > 0
    years = [date.earliest.year for date in read if date.precision != "decade"]
    assert (min(years), max(years)) == (1945, 2026)
    late = sum(year > 1985 for year in years) / len(years)
    assert late == pytest.approx(0.65, abs=0.03)


def test_some_commitments_have_a_condition_or_a_day_of_their_own(rows: Rows) -> None:
    conditions = [
        str(french or english)
        for french, english in zip(
            column(rows, "commitment", "condition_fr"),
            column(rows, "commitment", "condition_en"),
            strict=True,
        )
    ]
    assert {text.partition(" ")[0] for text in conditions} == {"", "si", "if"}
    events = dict(zip(column(rows, "event", "id"), column(rows, "event", "date"), strict=True))
    made_at = column(rows, "commitment", "event_id")
    made_on = column(rows, "commitment", "made_on")
    days = [str(made or events[event]) for made, event in zip(made_on, made_at, strict=True)]
    assert column(rows, "statusupdate", "date") == days
    apart = {
        (dates.parse(str(made)).earliest - dates.parse(str(events[event])).earliest).days
        for made, event in zip(made_on, made_at, strict=True)
        if made
    }
    assert -14 <= min(apart) < 0 < max(apart) <= 45
    for share in (sum(map(bool, conditions)), sum(map(bool, made_on))):
        assert share / len(made_on) == pytest.approx(0.1, abs=0.04)


def test_common_and_rare_word_have_their_share(rows: Rows) -> None:
    texts = [str(text) for text in column(rows, "event", "folded_text")]
    assert sum(" cooperation " in text for text in texts) / EVENTS == pytest.approx(0.2, abs=0.03)
    assert 0 < sum(" apostille " in text for text in texts) / EVENTS < 0.004


def test_half_of_the_events_are_in_each_language(rows: Rows) -> None:
    french = [bool(title) for title in column(rows, "event", "title_fr")]
    english = [bool(title) for title in column(rows, "event", "title_en")]
    assert all(a != b for a, b in zip(french, english, strict=True))
    assert sum(french) / EVENTS == pytest.approx(0.5, abs=0.03)


def test_each_event_has_one_host_who_is_a_state(rows: Rows) -> None:
    states = {row[0] for row in rows["party"] if row[2] == "state"}
    hosts: list[Row] = [row for row in rows["participation"] if row[3] == "host"]
    assert [row[1] for row in hosts] == column(rows, "event", "id")
    assert {row[2] for row in hosts} <= states


def test_officials_hold_their_office_on_the_day(rows: Rows) -> None:
    days = {row[0]: row[9] for row in rows["event"]}
    terms = {row[0]: (row[1], row[6], row[9] or "9999") for row in rows["office"]}
    for _key, event, person, _party, office, _role in rows["attendance"]:
        holder, starts, ends = terms[office]
        assert holder == person
        assert starts <= max(days[event], "1945-01-01") < ends


def test_frameworks_meet(rows: Rows) -> None:
    held = Counter(column(rows, "event", "framework_id"))
    assert {key: held[key] for key in (1, 2, 3)} == {1: 25, 2: 25, 3: 25}
