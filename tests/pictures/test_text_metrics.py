"""Wrapped lines fit their room and lose nothing of the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.pictures.text_metrics import SERIF, break_lines, width

TEXTS = st.text(st.sampled_from("abil Wm éЖ…—,"), max_size=120)


@given(TEXTS, st.integers(20, 600), st.sampled_from([12, 30]))
def test_lines_fit_and_hold_the_whole_text(text: str, room: int, size: int) -> None:
    lines = break_lines(text, room, size)
    assert all(width(line, size) <= room or len(line) == 1 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(TEXTS, st.integers(60, 600), st.integers(1, 3))
def test_no_more_lines_than_there_may_be(text: str, room: int, max_lines: int) -> None:
    whole, lines = break_lines(text, room, 12), break_lines(text, room, 12, max_lines=max_lines)
    assert len(lines) <= max_lines
    assert all(width(line, 12) <= room for line in lines)
    assert (lines == whole) if len(whole) <= max_lines else lines[-1].endswith("…")


@pytest.mark.parametrize(
    ("text", "max_lines", "lines"),
    [
        ("", 0, []),
        ("Moscou", 0, ["Moscou"]),
        ("Consultations à Moscou", 0, ["Consultations à", "Moscou"]),
        (
            "Le dimanche 3\N{NO-BREAK SPACE}avril 2025",
            0,
            ["Le dimanche", "3\N{NO-BREAK SPACE}avril 2025"],
        ),
        ("un deux trois quatre cinq six", 1, ["un deux trois…"]),
        ("https://cadre.example.org", 0, ["https://cadre.ex", "ample.org"]),
    ],
)
def test_text_breaks_between_words(text: str, max_lines: int, lines: list[str]) -> None:
    assert break_lines(text, 100, 12, max_lines=max_lines) == lines


def test_letters_with_serifs_need_more_room() -> None:
    assert len(break_lines("abcd efgh", 70, 12)) < len(
        break_lines("abcd efgh", 70, 12, stretch=SERIF * 1.1)
    )
