"""The histogram of events: its bins cover time, up to its edges, and its bars count exactly."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.pictures.histogram.layout import (
    BAR_HEIGHT,
    MAX_BINS,
    MIN_BINS,
    TOP,
    TimeBins,
    cut,
    draw,
)

DAY = dt.timedelta(days=1)
SPANS = st.tuples(st.dates(), st.dates()).map(sorted)


@given(SPANS)
def test_bins_are_neither_few_nor_many_and_cover_time_without_a_gap(span: list[dt.date]) -> None:
    first, last = span
    bins = cut(first, last).bins
    assert MIN_BINS <= len(bins) <= MAX_BINS
    assert bins[0].first <= first
    assert last <= bins[-1].last
    for earlier, later in pairwise(bins):
        assert earlier.first <= earlier.last == later.first - DAY


@given(SPANS, st.data())
def test_each_bin_that_holds_something_has_a_bar(span: list[dt.date], data: st.DataObject) -> None:
    first, last = span
    days = data.draw(st.lists(st.dates(first, last), min_size=1, max_size=20))
    bins = cut(min(days), max(days))
    expected = [sum(bin_.first <= day <= bin_.last for day in days) for bin_ in bins.bins]
    assert sum(expected) == len(days)
    bars = draw(bins, expected, {}, None).bars
    assert [bar.number for bar in bars] == [count for count in expected if count]
    assert [expected[bar.bin_index] for bar in bars] == [bar.number for bar in bars]
    assert all(bar.x >= 0 and bar.x + bar.width <= 100 for bar in bars)
    assert all(
        bar.y >= 0 and bar.y + bar.height == pytest.approx(TOP + BAR_HEIGHT, abs=0.2)
        for bar in bars
    )
    assert max(bar.height for bar in bars) == BAR_HEIGHT


@pytest.mark.parametrize(
    ("first", "last", "step", "least"),
    [
        ("2025-04-03", "2025-04-03", 0, 24),
        ("2025-01-01", "2025-04-30", 0, 120),
        ("2025-01-01", "2025-05-01", 1, 24),
        ("2016-01-01", "2025-12-31", 1, 120),
        ("2016-01-01", "2026-01-01", 3, 41),
        ("1900-01-01", "2019-12-31", 12, 120),
        ("1899-12-31", "2019-12-31", 24, 61),
        ("0001-01-01", "9999-12-31", 1200, 100),
    ],
)
def test_length_of_a_bin_follows_the_time_to_show(
    first: str, last: str, step: int, least: int
) -> None:
    bins = cut(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert (bins.step, len(bins.bins)) == (step, least)


def months() -> TimeBins:
    return cut(dt.date(2024, 1, 1), dt.date(2025, 12, 31))


def test_period_chosen_is_shaded_whole_and_the_rest_stays() -> None:
    counts = [1] * 24
    strip = draw(months(), counts, {}, (dt.date(2024, 12, 31), dt.date(2025, 2, 1)))
    assert list(strip.shade or ()) == pytest.approx([11 / 24 * 100, 12.5], abs=0.01)
    assert [bar.chosen for bar in strip.bars] == [11 <= number < 14 for number in range(24)]
    assert draw(months(), counts, {}, None).shade is None
    far = draw(months(), counts, {}, (dt.date(1990, 1, 1), dt.date(1990, 2, 1)))
    assert far.shade is None
    assert len(far.bars) == 24


def test_parts_share_the_height_of_their_bar() -> None:
    counts = [4] + [0] * 22 + [8]
    parts = {"energy": [3] + [0] * 22 + [1], "trade": [1] + [0] * 23, "": [0] * 23 + [7]}
    first, second = draw(months(), counts, parts, None).bars
    assert [(part.name, part.number) for part in first.parts] == [("energy", 3), ("trade", 1)]
    assert [(part.name, part.number) for part in second.parts] == [("energy", 1), ("", 7)]
    for bar in (first, second):
        assert sum(part.height for part in bar.parts) == pytest.approx(bar.height, abs=0.2)
        assert bar.parts[-1].y == pytest.approx(bar.y, abs=0.2)
    assert first.height == pytest.approx(BAR_HEIGHT / 2)


def test_few_bins_are_named_and_those_are_rounder_than_the_rest() -> None:
    for last in (
        "2025-01-02",
        "2025-03-30",
        "2026-01-01",
        "2030-06-01",
        "2100-01-01",
        "9000-01-01",
    ):
        bins = cut(dt.date(2025, 1, 1), dt.date.fromisoformat(last))
        labels = draw(bins, [1] * len(bins.bins), {}, None).labels
        assert 1 <= len(labels) <= 6
    texts = draw(months(), [1] * 24, {}, None).labels
    assert [label.bin.first for label in texts] == [dt.date(2024, 1, 1), dt.date(2025, 1, 1)]


def test_nothing_found_draws_no_bar() -> None:
    assert draw(months(), [0] * 24, {}, None).bars == ()
