"""Drawings as files: SVG with the style of the site inside, and PNG."""

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
"""The fonts of PNG files: Latin, Cyrillic, Greek and Arabic, whatever fonts the machine has."""

_MAX_DOUBLED: Final = 4_000_000
"""Pixels above which a drawing is not doubled: sixteen million take a hundred megabytes."""

_COMMENT: Final = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_SIZE: Final = re.compile(r'<svg\b[^>]*? width="(\d+)" height="(\d+)"')
_LINK: Final = re.compile(r"<a\b([^>]*)>")
_CLASS: Final = re.compile(r'\sclass="[^"]*"')
_LINK_ATTRIBUTES: Final = re.compile(r'\s(?:(?:data-swap|tabindex)="[^"]*"|href="(?!#)[^"]*")')


def style() -> SafeString:
    """Return the style element of drawings."""
    return style_element("timeline/files.css")


@cache
def style_element(name: str) -> SafeString:
    """Return a style sheet as an element of a file that has it inside."""
    path = finders.find(name)
    if not isinstance(path, str):
        raise FileNotFoundError(name)
    css = _COMMENT.sub("", Path(path).read_text(encoding="utf-8")).strip()
    return mark_safe(f"<style>{css}</style>")  # noqa: S308 — our own style sheet


@cache
def style_digest() -> str:
    """Return the digest of the style for a Content-Security-Policy."""
    css = style().removeprefix("<style>").removesuffix("</style>")
    return base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()


def unlinked(marks: str) -> SafeString:
    """Remove the links from the marks of a drawing: they lead nowhere from a file."""
    groups = _LINK.sub(lambda link: f"<g{''.join(_CLASS.findall(link[1]))}>", marks)
    markup = _LINK_ATTRIBUTES.sub("", groups.replace("</a>", "</g>"))
    return mark_safe(markup)  # noqa: S308 — as safe as the marks


def in_new_tabs(markup: str) -> SafeString:
    """Make links open in new tabs: the base element of a page does not apply to links in SVG."""
    return mark_safe(_LINK.sub(r'<a target="_blank"\1>', markup))  # noqa: S308 — as safe as before


def png(svg: str, *, sharp: bool = False) -> bytes:
    """Render an SVG file as PNG; ``sharp`` doubles its resolution unless it is huge."""
    zoom = 2 if sharp and _area(svg) <= _MAX_DOUBLED else 1
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=zoom,
        skip_system_fonts=True,
        font_files=FONTS,
        font_family=_SANS,
        sans_serif_family=_SANS,
        serif_family=_SERIF,
    )


def _area(svg: str) -> int:
    size = _SIZE.search(svg)
    return int(size[1]) * int(size[2]) if size else 0


_SANS, _SERIF = fontpkg_noto_sans.FAMILY, fontpkg_noto_serif.FAMILY
