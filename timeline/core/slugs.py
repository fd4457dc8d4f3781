"""ASCII slugs, one per record, the same in all languages."""

from collections.abc import Callable
from typing import Final

from timeline.core.folding import fold

_CYRILLIC: Final = str.maketrans(
    {
        "а": "a",
        "б": "b",
        "в": "v",
        "г": "g",
        "д": "d",
        "е": "e",
        "ж": "zh",
        "з": "z",
        "и": "i",
        "к": "k",
        "л": "l",
        "м": "m",
        "н": "n",
        "о": "o",
        "п": "p",
        "р": "r",
        "с": "s",
        "т": "t",
        "у": "u",
        "ф": "f",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ъ": "",
        "ы": "y",
        "ь": "",
        "э": "e",
        "ю": "yu",
        "я": "ya",
    }
)


def slugify(text: str, limit: int = 80) -> str:
    """Make an ASCII slug of at most ``limit`` characters, cut between words.

    Raises ValueError when the text contains no letter or digit that can be written in ASCII.
    """
    plain = fold(text).translate(_CYRILLIC).encode("ascii", "ignore").decode()
    slug = ""
    for word in plain.split():
        longer = f"{slug}-{word}" if slug else word[:limit]
        if len(longer) > limit:
            break
        slug = longer
    if not slug:
        raise ValueError(f"no slug can be made of {text[:40]!r}")
    return slug


def unique_slug(base: str, taken: Callable[[str], bool]) -> str:
    """Add -2, -3, … to a slug until it is not taken."""
    slug, number = base, 1
    while taken(slug):
        number += 1
        slug = f"{base}-{number}"
    return slug
