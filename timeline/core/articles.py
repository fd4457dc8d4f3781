"""The articles of a text, in the order in which they stand in it."""

import re
from typing import Final

_NUMBER: Final = re.compile(r"[0-9]+")


def article_order(article: str) -> tuple[int, tuple[int, ...], str]:
    """Return a sort key: 'art. 2' before 'art. 10', a preamble first, annexes after all articles.

    What names no article comes last.
    """
    folded = article.strip().casefold()
    numbers = tuple(int(digits) for digits in _NUMBER.findall(folded))
    part = 2 if not folded else 1 if folded.startswith("annex") else 0
    return part, numbers, folded
