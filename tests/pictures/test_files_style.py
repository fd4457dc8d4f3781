"""Drawings as files look as they do on pages: a style sheet is written for them."""

import re
from pathlib import Path

from tests import css_subset
from timeline.pictures.icons import ICONS
from timeline.pictures.rasterize import style

STATIC = Path(__file__).resolve().parents[2] / "static" / "timeline"
SITE = (STATIC / "site.css").read_text()
PICTURES = (STATIC / "pictures.css").read_text()


def test_drawings_say_what_pages_say_in_light_colours() -> None:
    colours = css_subset.light(SITE) | css_subset.light(PICTURES)
    on_pages = css_subset.rules(PICTURES, colours)
    in_files = css_subset.rules((STATIC / "files.css").read_text(), {})
    assert len(on_pages) > 90
    assert {name: in_files.get(name) for name in on_pages} == on_pages
    assert all(name.startswith(".file ") for name in in_files.keys() - on_pages.keys())


def test_style_of_drawings_needs_nothing_beside_it() -> None:
    text = str(style())
    assert text.startswith("<style>.")
    assert not re.search(r"var\(|@|/\*|url\((?!#)", text)


def test_icons_are_those_that_pages_cut_out() -> None:
    assert css_subset.icons(SITE) == {family: tuple(icon) for family, icon in ICONS.items()}
    assert set(ICONS) == set(re.findall(r"^\.s-([\w-]+) \{", SITE, re.MULTILINE))
