"""The rules of the site's style sheets that matter in a drawing.

Only the few forms that our own style sheets use are read; this is no general parser of CSS.
"""

import re
from collections.abc import Mapping
from typing import Final

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE: Final = re.compile(r"([^{}]+)\{([^{}]*)\}")
_BLOCK: Final = re.compile(r"@[^{}]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_VALUE: Final = re.compile(r"var\((--[\w-]+)(?:,\s*([^()]+))?\)")
_SIGN: Final = re.compile(r"\.s-([\w-]+)\s*\{\s*--c:\s*var\((--[\w-]+)\);\s*clip-path:\s*([^;]+);")

_OF_DRAWINGS: Final = re.compile(
    r"(fill|stroke|opacity|paint-order|visibility|text-anchor|dominant-baseline|font)\b|stop-"
)
"""Properties that matter in a drawing; the others lay out pages."""

_OF_LETTERS: Final = re.compile(r"font")
"""Properties of all text; a rule with only these does not concern drawings."""


def light(sheet: str) -> dict[str, str]:
    """Return the values of the variables of a style sheet, by name, in the light scheme."""
    plain = _COMMENT.sub("", sheet)
    match = _RULE.search(plain[plain.index(":root") :])
    declarations = match[2].split(";") if match else []
    pairs = (text.split(":", 1) for text in declarations if text.strip().startswith("--"))
    return {name.strip(): value.strip() for name, value in pairs}


def plain(sheet: str, values: Mapping[str, str]) -> str:
    """Return the rules of a style sheet for drawings, with the values of its variables.

    Rules that depend on the page, the screen or the pointer are left out, and so is the layout of
    HTML. Raises KeyError for a variable without a value.
    """
    text = _BLOCK.sub("", _COMMENT.sub("", sheet))
    rules = []
    for selectors, body in _RULE.findall(text):
        chosen = [selector.strip() for selector in selectors.split(",") if ":" not in selector]
        declarations = [line.strip() for line in body.split(";")]
        declarations = [line for line in declarations if _OF_DRAWINGS.match(line)]
        if chosen and any(not _OF_LETTERS.match(line) for line in declarations):
            rules.append(f"{','.join(chosen)}{{{';'.join(declarations)}}}")
    return _VALUE.sub(lambda match: values[match[1]], "\n".join(rules))


def rules(sheet: str, values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the properties of each selector in the rules that :func:`plain` returns."""
    by_selector: dict[str, dict[str, str]] = {}
    for selectors, body in _RULE.findall(plain(sheet, values)):
        pairs = (line.split(":", 1) for line in body.split(";") if line.strip())
        properties = {name.strip(): value.strip() for name, value in pairs}
        for selector in map(str.strip, selectors.split(",")):
            by_selector[selector] = {**by_selector.get(selector, {}), **properties}
    return by_selector


def icons(sheet: str) -> dict[str, tuple[str, str]]:
    """Return the colour and outline of the icons of sectors by family; a circle has no points."""
    values = light(sheet)
    return {family: (values[name], _points(path)) for family, name, path in _SIGN.findall(sheet)}


def _points(clip_path: str) -> str:
    form, _bracket, inside = clip_path.partition("(")
    if form == "polygon":
        return inside.rstrip(")").replace("%", "").replace(", ", ",").replace(" ", ",").strip()
    if form == "inset":
        edge = int(inside.rstrip("%)"))
        far = 100 - edge
        return f"{edge},{edge},{far},{edge},{far},{far},{edge},{far}"
    return ""
