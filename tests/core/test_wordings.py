"""The differences between two wordings of one commitment."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from timeline.core.wordings import Piece, compare

WORDS = st.text(alphabet="ab é,.’\n", max_size=40)


def test_only_whole_words_that_changed_are_marked() -> None:
    pair = compare(
        "The parties will train the unified force.",
        "The parties will train and equip the unified force by 2027.",
    )
    assert pair.earlier == (
        Piece("The parties will train ", changed=False),
        Piece("the unified force", changed=False),
        Piece(".", changed=False),
    )
    assert [piece.text for piece in pair.later if piece.changed] == ["and equip ", " by 2027"]


def test_changed_passage_is_marked_as_one() -> None:
    pair = compare("Entry without a visa for all.", "Free movement of persons for all.")
    assert pair.earlier == (
        Piece("Entry without a visa", changed=True),
        Piece(" for all.", changed=False),
    )
    assert pair.later == (
        Piece("Free movement of persons", changed=True),
        Piece(" for all.", changed=False),
    )


@given(WORDS, WORDS)
def test_two_marked_pieces_never_stand_side_by_side(old: str, new: str) -> None:
    for side in compare(old, new):
        for piece, following in pairwise(side):
            assert not (piece.changed and following.changed)
            if piece.changed:
                assert following.text.strip() or following == side[-1]


def test_a_word_is_never_cut() -> None:
    pair = compare("soutien", "soutiens")
    assert pair == ((Piece("soutien", changed=True),), (Piece("soutiens", changed=True),))


def test_frequent_words_of_a_long_text_are_compared_like_any_other() -> None:
    long = "to act " * 300
    pair = compare(long + "now", long + "later")
    assert [piece.text for piece in pair.later if piece.changed] == ["later"]


@given(WORDS, WORDS)
def test_pieces_make_up_both_wordings_and_unchanged_ones_agree(old: str, new: str) -> None:
    pair = compare(old, new)
    assert "".join(piece.text for piece in pair.earlier) == old
    assert "".join(piece.text for piece in pair.later) == new
    unchanged = [[p.text for p in side if not p.changed] for side in pair]
    assert unchanged[0] == unchanged[1]


@given(WORDS)
def test_the_same_wording_has_nothing_marked(text: str) -> None:
    assert not any(piece.changed for side in compare(text, text) for piece in side)
