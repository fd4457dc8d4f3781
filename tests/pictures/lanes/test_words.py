"""The texts of lanes: titles of marks are complete, and labels fit their room."""

import datetime as dt

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from timeline.core.codes import EventKind
from timeline.core.dates import parse
from timeline.pictures.lanes.rows import MarkedEvent
from timeline.pictures.lanes.windows import TimeSpan
from timeline.pictures.lanes.words import (
    FAMILIES,
    FAMILY,
    SHAPES,
    mark_title,
    short_number,
    shortened,
    span_in_months,
)


def test_each_kind_has_a_shape_and_no_shape_is_idle() -> None:
    assert set(FAMILY) == set(EventKind)
    assert set(FAMILY.values()) == set(SHAPES) == set(FAMILIES)
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_acts_on_paper_are_not_drawn_as_talks() -> None:
    assert {kind.value for kind in EventKind if FAMILY[kind] == "talks"} == {
        *("meeting", "summit", "consultation", "visit", "call", "conference")
    }


@given(st.text(), st.integers(2, 60))
def test_shortened_text_fits_and_begins_as_the_whole(text: str, letters: int) -> None:
    cut = shortened(text, letters)
    assert len(cut) <= letters
    assert cut == text or text.startswith(cut.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "letters", "cut"),
    [
        ("Talks", 5, "Talks"),
        ("Talks on energy", 14, "Talks on…"),
        ("Talks, on energy", 9, "Talks…"),
        ("A consultation", 12, "A consultat…"),
        ("Consultations", 8, "Consult…"),
    ],
)
def test_text_is_cut_between_words_unless_too_little_would_be_left(
    text: str, letters: int, cut: str
) -> None:
    assert shortened(text, letters) == cut


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("2025-01-01", "1 January 2025"),
        ("2025-04-02", "1 January – 2 April 2025"),
        ("2025-04-03", "January 2025 – April 2025"),
    ],
)
def test_days_of_a_window_are_worded_up_to_three_months(last: str, expected: str) -> None:
    stretch = TimeSpan(dt.date(2025, 1, 1), dt.date.fromisoformat(last))
    assert span_in_months(stretch, "en") == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0"), (999, "999"), (1000, "1k"), (12_345, "12k"), (999_999, "999k"), (5_000_000, "5M")],
)
def test_count_takes_four_letters_at_most(number: int, expected: str) -> None:
    assert short_number(number) == expected


def test_title_says_what_when_who_and_what_became_of_it() -> None:
    parties = {1: "Russia", 2: "AES", 3: "Mali", 4: "Niger", 5: "Togo"}
    event = MarkedEvent("one", "visit", "planned", "Visit to Moscow", parse("2025-04~"), (1, 2))
    with override("en"):
        assert mark_title(event, parties, "en") == (
            "Visit to Moscow. Visit, about April 2025, planned. Russia, AES"
        )
        crowded = MarkedEvent("one", "call", "held", "Call", parse("2025"), (1, 2, 3, 4, 5))
        assert mark_title(crowded, parties, "en") == "Call. Call, 2025. Russia, AES, Mali, Niger …"
        nobody = MarkedEvent("one", "call", "held", "Call", parse("2025"), ())
        assert mark_title(nobody, parties, "en") == "Call. Call, 2025"
