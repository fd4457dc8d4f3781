"""Numbers as a language writes them."""

from collections.abc import Mapping
from typing import Final, Self

SEPARATORS: Final[Mapping[str, str]] = {"fr": "\u202f", "en": ","}
"""Separators of groups of three digits: a narrow no-break space, as in CLDR, and a comma."""


class Grouped(int):
    """A number that is formatted with its digits in groups of three: '1,976'.

    It is still an int, by which a plural form can be chosen.
    """

    text: str

    def __new__(cls, number: int, language: str) -> Self:
        grouped = super().__new__(cls, number)
        grouped.text = f"{int(number):,}".replace(",", SEPARATORS[language])
        return grouped

    def __str__(self) -> str:
        return self.text
