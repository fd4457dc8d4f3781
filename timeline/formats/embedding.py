"""What somebody pastes into a page of theirs to show what a question finds."""

from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

WIDE: Final = 720
HIGH: Final = 600
"""Pixels of an embed where nothing else is asked for."""


def limit(text: str) -> int | None:
    """Read the most pixels that an embed may take; None for no limit.

    Raises ValueError for what is not a whole number above nought.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 10):
        raise ValueError(text)
    return int(text)


def within(size: int, most: int | None) -> int:
    """A size, or the most that there is room for."""
    return size if most is None else min(size, most)


def frame(address: str, title: str, *, width: str, height: int) -> SafeString:
    """The frame that shows an embed; ``width`` is in pixels or per cent."""
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" data-cadre></iframe>',
        address,
        title,
        width,
        height,
    )


def script(address: str) -> SafeString:
    """The script that gives frames the height of what they show."""
    return format_html('<script src="{}" async></script>', address)
