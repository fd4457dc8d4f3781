"""Drawings as files of their own: with the style of the site inside, and as pixels."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import fontpkg_noto_serif
import resvg_py
from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe

FONTS: Final = [
    str(file)
    for package in (fontpkg_noto_sans, fontpkg_noto_serif, fontpkg_noto_sans_arabic)
    for file in sorted((package.ROOT / "files").glob("*.ttf"))
    if "Italic" not in file.name
]
"""The typefaces of pixels: Latin, Cyrillic, Greek and Arabic, whatever the machine has."""

_LARGE: Final = 4_000_000
"""Pixels above which a drawing is not doubled: sixteen millions take a hundred megabytes."""

_COMMENT: Final = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_SIZE: Final = re.compile(r'<svg\b[^>]*? width="(\d+)" height="(\d+)"')
_LINK: Final = re.compile(r"<a\b([^>]*)>")
_CLASS: Final = re.compile(r'\sclass="[^"]*"')
_ASKING: Final = re.compile(r'\s(?:(?:data-swap|tabindex)="[^"]*"|href="(?!#)[^"]*")')


@cache
def style() -> SafeString:
    """The element that carries the style of drawings."""
    found = finders.find("timeline/files.css")
    if not isinstance(found, str):
        raise FileNotFoundError("timeline/files.css")
    text = _COMMENT.sub("", Path(found).read_text(encoding="utf-8")).strip()
    return mark_safe(f"<style>{text}</style>")  # noqa: S308 — of our own sheet


@cache
def style_digest() -> str:
    """The digest of the style, by which a policy of contents can let it pass."""
    inside = style().removeprefix("<style>").removesuffix("</style>")
    return base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()


def unlinked(marks: str) -> SafeString:
    """The marks of a drawing without their links, which lead nowhere from a file."""
    groups = _LINK.sub(lambda link: f"<g{''.join(_CLASS.findall(link[1]))}>", marks)
    text = _ASKING.sub("", groups.replace("</a>", "</g>"))
    return mark_safe(text)  # noqa: S308 — as safe as what it was made of


def opened_apart(markup: str) -> SafeString:
    """Markup whose links open pages of their own: to those in a drawing no base element applies."""
    return mark_safe(_LINK.sub(r'<a target="_blank"\1>', markup))  # noqa: S308 — as it was


def png(drawing: str, *, sharp: bool = False) -> bytes:
    """The pixels of a drawing; a sharp one has four for each of its own, unless it is huge."""
    zoom = 2 if sharp and _area(drawing) <= _LARGE else 1
    return resvg_py.svg_to_bytes(
        svg_string=drawing,
        zoom=zoom,
        skip_system_fonts=True,
        font_files=FONTS,
        font_family=_SANS,
        sans_serif_family=_SANS,
        serif_family=_SERIF,
    )


def _area(drawing: str) -> int:
    size = _SIZE.search(drawing)
    return int(size[1]) * int(size[2]) if size else 0


_SANS, _SERIF = fontpkg_noto_sans.FAMILY, fontpkg_noto_serif.FAMILY
