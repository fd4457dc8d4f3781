"""Characters that files cannot hold, and direction controls that reach beyond their text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from timeline.core import characters

UNSUITED = [
    *("\x00", "\x08", "\x0b", "\x0c", "\x0e", "\x1f", "\x7f", "\x84", "\x9f"),
    *("\ud800", "\udfff", "\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff"),
]
SUITED = ["\t", "\n", "\r", "\x85", " ", "é", "ق", "\ue000", "\ufdcf", "\ufdf0", "\ufffd", "🕊"]


@pytest.mark.parametrize("sign", UNSUITED, ids=lambda sign: f"U+{ord(sign):04X}")
def test_character_that_files_cannot_hold_is_found_and_left_out(sign: str) -> None:
    assert characters.first_forbidden(f"a{sign}b") == sign
    assert characters.without_forbidden(f"a{sign}b") == "ab"


@pytest.mark.parametrize("sign", SUITED, ids=lambda sign: f"U+{ord(sign):04X}")
def test_other_characters_stay(sign: str) -> None:
    assert characters.first_forbidden(f"a{sign}b") is None
    assert characters.without_forbidden(f"a{sign}b") == f"a{sign}b"


@pytest.mark.parametrize("text", ["Mali", "Où\u202f? «\u00a0Ici\u00a0»\nLà"])
def test_text_with_its_blanks_is_plain(text: str) -> None:
    assert characters.is_plain(text)


@pytest.mark.parametrize("sign", [*UNSUITED, "\t", "\r", "\x85", "\u2028", "\u202e", "\u2066"])
def test_text_with_controls_is_not_plain(sign: str) -> None:
    assert not characters.is_plain(f"a\n{sign}")


@given(st.text(st.characters(categories=["Cc", "Cs", "Cn", "Co", "Lu"]), max_size=40))
def test_suited_text_is_text_of_xml(text: str) -> None:
    element = etree.Element("a")
    element.text = characters.without_forbidden(text)
    assert etree.fromstring(etree.tostring(element)) is not None


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("Mali", "Mali"),
        ("\u202eMali", "\u202eMali\u202c"),
        ("\u202eMali\u202c", "\u202eMali\u202c"),
        ("\u2067\u202eMali", "\u2067\u202eMali\u202c\u2069"),
        ("Mali\u202c\u2069", "Mali"),
        ("\u2067a\u202eb\u2069c", "\u2067a\u202eb\u2069c"),
        ("\u202ea\u2067b\u202cc", "\u202ea\u2067bc\u2069\u202c"),
        ("\u202ea\nb", "\u202ea\u202c\nb"),
        ("a\u200eb", "a\u200eb"),
    ],
)
def test_direction_controls_end_with_their_text(text: str, closed: str) -> None:
    assert characters.close_direction(text) == closed


@given(st.text("ab\n\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", max_size=30))
def test_closing_twice_is_closing_once(text: str) -> None:
    once = characters.close_direction(text)
    assert characters.close_direction(once) == once
    assert [sign for sign in once if sign in "ab\n"] == [sign for sign in text if sign in "ab\n"]


def test_direction_marks_are_written_out() -> None:
    assert characters.has_direction_marks("a\u202eb")
    assert not characters.has_direction_marks("قمة")
    assert characters.with_visible_marks("a\u202eb\u200fc") == (
        "a[U+202E RIGHT-TO-LEFT OVERRIDE]b[U+200F RIGHT-TO-LEFT MARK]c"
    )
