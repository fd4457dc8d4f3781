"""What a style sheet of the site says that means something in a drawing.

Read are the few forms that our own sheets have; they are no reader of sheets in general.
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
"""Properties that mean something in a drawing: the others lay pages out."""

_OF_LETTERS: Final = re.compile(r"font")
"""Properties that text of a page has as well: alone they make no rule of a drawing."""


def light(sheet: str) -> dict[str, str]:
    """The values of the variables of a sheet, by name, where it is not dark."""
    plain = _COMMENT.sub("", sheet)
    found = _RULE.search(plain[plain.index(":root") :])
    declared = found[2].split(";") if found else []
    pairs = (one.split(":", 1) for one in declared if one.strip().startswith("--"))
    return {name.strip(): value.strip() for name, value in pairs}


def plain(sheet: str, values: Mapping[str, str]) -> str:
    """A sheet with its variables replaced, for readers of drawings alone.

    What hangs on the page, the screen or the pointer is left out, and so is what lays HTML out.
    Raises KeyError for a variable without a value.
    """
    text = _BLOCK.sub("", _COMMENT.sub("", sheet))
    rules = []
    for selectors, declared in _RULE.findall(text):
        kept = [one.strip() for one in selectors.split(",") if ":" not in one]
        said = [one.strip() for one in declared.split(";") if _OF_DRAWINGS.match(one.strip())]
        if kept and any(not _OF_LETTERS.match(one) for one in said):
            rules.append(f"{','.join(kept)}{{{';'.join(said)}}}")
    return _VALUE.sub(lambda found: values[found[1]], "\n".join(rules))


def rules(sheet: str, values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What :func:`plain` leaves of a sheet: the properties of each selector."""
    found: dict[str, dict[str, str]] = {}
    for selectors, declared in _RULE.findall(plain(sheet, values)):
        pairs = (one.split(":", 1) for one in declared.split(";") if one.strip())
        said = {name.strip(): value.strip() for name, value in pairs}
        for selector in selectors.split(","):
            found[selector.strip()] = {**found.get(selector.strip(), {}), **said}
    return found


def icons(sheet: str) -> dict[str, tuple[str, str]]:
    """Colour and outline of the icons of sectors by family; a circle has no points."""
    values = light(sheet)
    return {family: (values[name], _points(cut)) for family, name, cut in _SIGN.findall(sheet)}


def _points(cut: str) -> str:
    form, _bracket, inside = cut.partition("(")
    if form == "polygon":
        return inside.rstrip(")").replace("%", "").replace(", ", ",").replace(" ", ",").strip()
    if form == "inset":
        edge = int(inside.rstrip("%)"))
        far = 100 - edge
        return f"{edge},{edge},{far},{edge},{far},{far},{edge},{far}"
    return ""
