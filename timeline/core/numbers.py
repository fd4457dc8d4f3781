"""Numbers of things as a language writes them."""

from collections.abc import Mapping
from typing import Final, Self

SEPARATORS: Final[Mapping[str, str]] = {"fr": "\u202f", "en": ","}
"""What stands between groups of three digits: CLDR's narrow no-break space, and comma."""


class Grouped(int):
    """A number that reads with its digits in groups of three: '1,976'.

    It stays a number, so that a plural can be chosen by it.
    """

    text: str

    def __new__(cls, number: int, language: str) -> Self:
        made = super().__new__(cls, number)
        made.text = f"{int(number):,}".replace(",", SEPARATORS[language])
        return made

    def __str__(self) -> str:
        return self.text
