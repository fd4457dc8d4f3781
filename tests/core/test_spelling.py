"""Words that are most like one that is not found."""

import pytest

from timeline.core.spelling import nearest, typed_words

WORDS = ("nucleaire", "nuclear", "niger", "nigeria", "mali", "bamako", "accord", "un")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nuclaire", ["nucleaire"]),
        ("nucler", ["nuclear"]),
        ("nigre", ["niger"]),
        ("mlai", ["mali"]),
        ("bammako", ["bamako"]),
        ("zzzz", []),
        ("nucleaires", ["nucleaire"]),
    ],
)
def test_nearest_words_are_those_of_about_the_same_letters(typed: str, found: list[str]) -> None:
    assert nearest(typed, WORDS) == found


def test_words_that_may_be_misspelt_are_neither_short_nor_numbers() -> None:
    typed = typed_words("l’énergie du Mali, 2025 : nuclaire")
    assert [word[0] for word in typed] == ["énergie", "Mali", "nuclaire"]
