"""The pages of picture files and cards: nothing overlaps or leaves its room."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.pictures import page_layout
from timeline.pictures.text_metrics import BOLD, SERIF, width

WORDS = st.text(st.sampled_from("abcdefi WÉ"), max_size=300)


@given(
    st.tuples(st.integers(1, 1400), st.integers(1, 3000)),
    WORDS,
    st.lists(WORDS, max_size=3),
    st.lists(WORDS, min_size=1, max_size=2),
)
def test_picture_lies_between_its_texts(
    size: tuple[int, int], title: str, lines: list[str], foot: list[str]
) -> None:
    laid = page_layout.file_page(size, title, lines, foot)
    assert laid.width >= size[0] + 2 * page_layout.MARGIN
    assert laid.y + size[1] < laid.rule < laid.height
    above = [line for line in laid.lines if line.y <= laid.y]
    below = [line for line in laid.lines if line.y > laid.rule]
    assert [*above, *below] == list(laid.lines)
    assert all(line.y <= laid.height for line in laid.lines)
    for line, following in pairwise(laid.lines):
        assert following.y - line.y >= following.size


@pytest.mark.parametrize(
    ("title", "size", "number"),
    [
        ("Sommet", 64, 1),
        ("Séance de travail des ministres des Affaires", 64, 2),
        ("Séance de travail des ministres des Affaires étrangères de Russie et de l’AES", 54, 3),
        ("Très long titre " * 20, 46, 4),
    ],
)
def test_title_of_a_card_is_as_large_as_it_fits(title: str, size: int, number: int) -> None:
    card = page_layout.event_card("3 avril 2025", title, "Russie · AES", [])
    lines = [line for line in card.lines if line.name == "headline"]
    assert [line.size for line in lines] == [size] * number


@given(WORDS, WORDS, st.lists(st.tuples(WORDS, st.just("energy")), max_size=9))
def test_card_of_an_event_stays_in_its_frame(
    title: str, parties: str, sectors: list[tuple[str, str]]
) -> None:
    card = page_layout.event_card("du 3 au 4 avril 2025", title, parties, sectors)
    stretch = {"when": BOLD, "headline": SERIF, "main": 1.0}
    for line in card.lines:
        assert width(line.text, line.size, stretch[line.name]) <= page_layout.ROOM
    assert max(line.y for line in card.lines) <= 470
    assert all(
        tag.x + width(tag.name, 26) <= page_layout.LEFT + page_layout.ROOM for tag in card.tags
    )


def test_sectors_without_room_are_left_out() -> None:
    names = [("Lutte contre le terrorisme", "security-defence")] * 6
    tags = page_layout.event_card("2025", "Titre", "", names).tags
    assert 1 <= len(tags) < 6
    assert page_layout.event_card("2025", "Titre", "", names[:1]).tags == tags[:1]


@given(WORDS)
def test_card_of_a_question_leaves_room_for_the_strip(sentence: str) -> None:
    assert max(line.y for line in page_layout.question_card("65 events", sentence).lines) <= 320


@given(st.lists(WORDS, max_size=6), st.integers(200, 1000))
def test_names_of_a_legend_do_not_meet(names: list[str], room: int) -> None:
    places = page_layout.legend(names, room)
    assert [place.name for place in places] == names
    for left, following in pairwise(places):
        end = left.text_x + width(left.name, 12)
        assert following.y > left.y or following.x > end
    for place in places:
        assert place.x == 0 or place.text_x + width(place.name, 12) <= room + 1
