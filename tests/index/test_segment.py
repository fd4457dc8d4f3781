"""The events of a segment that may lie in a period, or surely do, and their numbers."""

import datetime as dt
from itertools import combinations_with_replacement

import numpy as np
import pytest

from timeline.core.dates import EdtfDate, heading, parse
from timeline.index.segment import Events, Segment

DATES = (
    *("2024", "2025", "2025~", "2026?", "202X", "2025-21", "2025-24?", "2025-22/..", "2024/2026"),
    *("2025-01", "2025-04", "2025-04~", "2025-04-03", "2025-04-03?", "2025-04-03~", "2025-04-04"),
    *("2025-04-01/2025-05-02", "2025-04-01/2025-05-02?", "2025-12-31/2026-01-01", "2026-06-01"),
)

EDGES = ("2024-12-31", "2025-01-01", "2025-04-01", "2025-04-03", "2025-04-30", "2026-12-31")

PERIODS = tuple(
    (dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    for first, last in combinations_with_replacement(EDGES, 2)
)


@pytest.fixture(scope="module")
def dates() -> list[EdtfDate]:
    """Draw the dates of a segment's events; the key of an event is the position of its date."""
    return [parse(text) for text in DATES]


@pytest.fixture(scope="module")
def segment(dates: list[EdtfDate]) -> Segment:
    events = Events(
        keys=np.arange(len(dates), dtype=np.int64),
        earliest=np.array([date.earliest.toordinal() for date in dates], dtype=np.int32),
        latest=np.array([date.latest.toordinal() for date in dates], dtype=np.int32),
        unsure=np.array([not date.sure for date in dates]),
        coming=np.zeros(len(dates), dtype=bool),
        vague=np.array([heading(date).month is None for date in dates]),
    )
    return Segment(events.take(events.argsort()), {})


def found(segment: Segment, numbers: object) -> list[str]:
    keys = segment.events.keys
    return sorted(DATES[keys[number]] for number in numbers)  # type: ignore[attr-defined]


@pytest.mark.parametrize("period", PERIODS)
def test_events_within_a_period_are_those_whose_dates_say_so(
    segment: Segment, dates: list[EdtfDate], period: tuple[dt.date, dt.date]
) -> None:
    touching = sorted(date.text for date in dates if date.touches(*period))
    surely = sorted(date.text for date in dates if date.surely_within(*period))
    assert found(segment, segment.within(*period)) == touching
    assert found(segment, segment.surely_within(*period)) == surely


@pytest.mark.parametrize("certain", [False, True])
def test_events_are_counted_as_they_are_found(segment: Segment, certain: bool) -> None:
    within = segment.surely_within if certain else segment.within
    counted = segment.period_counts(segment.everything, PERIODS, certain=certain)
    assert counted.tolist() == [len(within(*period)) for period in PERIODS]
    assert any(counted)
