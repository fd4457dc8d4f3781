"""The style of the site, taken into drawings."""

import re
from pathlib import Path

import pytest

from timeline.charts import sheet

STATIC = Path(__file__).resolve().parents[2] / "static" / "timeline"

SITE = """
/* A comment with :root { --ink: wrong; } */
:root { color-scheme: light; --ink: #123; --sans: "Noto Sans", sans-serif; --one: calc(1px); }
@media (prefers-color-scheme: dark) { :root { --ink: #fff; } }
.s-trade { --c: var(--ink); clip-path: polygon(50% 0, 100% 50%, 50% 100%); }
.s-finance { --c: var(--ink); clip-path: circle(50%); }
.s-infra { --c: var(--ink); clip-path: inset(5%); }
"""


def test_light_values_are_read() -> None:
    assert sheet.light(SITE) == {
        "--ink": "#123",
        "--sans": '"Noto Sans", sans-serif',
        "--one": "calc(1px)",
    }


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (".bar { fill: var(--ink); }", ".bar{fill: #123}"),
        (".a, .b:hover { stroke: var(--ink); }", ".a{stroke: #123}"),
        (".a:hover { fill: red; }", ""),
        (".box { display: flex; margin: 0; }", ""),
        (".box { font-size: .9rem; }", ""),
        (
            "text { font: 12px var(--sans); fill: #000; margin: 0 }",
            'text{font: 12px "Noto Sans", sans-serif;fill: #000}',
        ),
        ("@media print { .a { fill: #000; } } .b { fill: #111; }", ".b{fill: #111}"),
        ("/* .a { fill: red } */", ""),
    ],
)
def test_rule_is_made_plain(rule: str, left: str) -> None:
    assert sheet.plain(rule, sheet.light(SITE)) == left


def test_unknown_variable_is_refused() -> None:
    with pytest.raises(KeyError, match="--none"):
        sheet.plain(".a { fill: var(--none); }", {})


def test_signs_are_outlines() -> None:
    assert sheet.signs(SITE) == {
        "trade": ("#123", "50,0,100,50,50,100"),
        "finance": ("#123", ""),
        "infra": ("#123", "5,5,95,5,95,95,5,95"),
    }


def test_own_sheets_are_plain_and_every_sign_is_found() -> None:
    site = (STATIC / "site.css").read_text()
    found = sheet.signs(site)
    assert set(found) == set(re.findall(r"^\.s-([\w-]+) \{", site, re.MULTILINE))
    assert all(re.fullmatch(r"[\d.,]*", sign.points) for sign in found.values())
    for name in ("pictures.css", "files.css"):
        text = sheet.plain((STATIC / name).read_text(), sheet.light(site))
        assert "var(" not in text
        assert "@" not in text
