"""Numbers with grouped digits."""

import pytest

from timeline.core.numbers import Grouped


@pytest.mark.parametrize(
    ("number", "french", "english"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1976, "1\u202f976", "1,976"),
        (1_234_567, "1\u202f234\u202f567", "1,234,567"),
    ],
)
def test_digits_stand_in_groups_as_the_language_groups_them(
    number: int, french: str, english: str
) -> None:
    assert (str(Grouped(number, "fr")), str(Grouped(number, "en"))) == (french, english)
    assert Grouped(number, "fr") == number
    assert f"{Grouped(number, 'en')!s}" == english
