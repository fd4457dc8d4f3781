"""Languages of texts as BCP 47 tags (RFC 5646): read, named, and with their direction.

Which languages there are, what they are called and which script they are usually written in comes
from the Unicode CLDR, as Babel carries it.
"""

import re
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from babel import Locale
from babel.core import get_global

Direction = Literal["ltr", "rtl"]

LONGEST_TAG: Final = 35
"""Room for every tag without extensions (RFC 5646, 4.4.1)."""

_TAG: Final = re.compile(
    r"(?P<language>[a-z]{2,3})"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)",
    re.IGNORECASE,
)

_RIGHT_TO_LEFT: Final = frozenset(
    ["Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"]
)
"""Scripts in use that run from right to left (Unicode bidirectional classes R and AL)."""

_OWN_NAMES: Final = {
    "taq": {"fr": "tamasheq", "en": "Tamasheq"},  # CLDR does not name it.
    "mos": {"fr": "mooré", "en": "Mooré"},  # Its name there is that of the people in English.
}

COMMON: Final = (
    *("fr", "en", "ru", "ar", "bm", "mos", "dje", "ha", "ff", "ff-Adlm", "taq", "tmh", "snk"),
    *("wo", "sw", "am", "pt", "es", "de", "it", "nl", "pl", "uk", "be", "tr", "fa", "he", "zh"),
    *("ja", "ko", "hi", "ur"),
)
"""Tags that are offered first: those of the Sahel and those that sources are most often in."""


class _Tag(NamedTuple):
    language: str
    script: str
    region: str
    variants: str


def parse(text: str) -> str:
    """Read a tag and write it as the standard does: ``zh-Hans``, ``fr-CA``.

    The name of a language in French or English is read, too. Raises ValueError where the text is
    neither, or no language has the tag.
    """
    typed = text.strip().replace("_", "-")
    match = _TAG.fullmatch(typed)
    if match is None or not _is_known(match["language"].lower()):
        named = _by_name().get(typed.casefold())
        if named is None:
            raise ValueError(text)
        return named
    parts = (
        match["language"].lower(),
        (match["script"] or "").title(),
        (match["region"] or "").upper(),
        match["variants"].lower().lstrip("-"),
    )
    return "-".join(part for part in parts if part)


def primary(tag: str) -> str:
    """The language of a tag without script, region and variants."""
    return tag.partition("-")[0]


@lru_cache(maxsize=1000)
def direction(tag: str) -> Direction:
    """Return the direction of texts in a language, by its script or its usual one."""
    parts = _parts(tag)
    script = parts.script or _likely_script(parts)
    return "rtl" if script in _RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=1000)
def name(tag: str, reader: str) -> str:
    """Return the name of a language in the reader's language: 'chinois (simplifié)'.

    A tag that cannot be named stands for itself.
    """
    parts, locale = _parts(tag), Locale(reader)
    known = {**locale.languages, **_own_names(reader)}
    if parts.language not in known:
        return tag
    script = locale.scripts.get(parts.script, parts.script)
    region = locale.territories.get(parts.region, parts.region)
    details = ", ".join(detail for detail in (script, region, parts.variants) if detail)
    return f"{known[parts.language]} ({details})" if details else str(known[parts.language])


def _parts(tag: str) -> _Tag:
    match = _TAG.fullmatch(tag)
    if match is None:
        return _Tag(tag, "", "", "")
    script, region = match["script"] or "", match["region"] or ""
    return _Tag(match["language"], script, region, match["variants"].lstrip("-"))


def _own_names(reader: str) -> dict[str, str]:
    return {tag: names[reader] for tag, names in _OWN_NAMES.items()}


def _likely_script(parts: _Tag) -> str:
    likely = get_global("likely_subtags")
    found = likely.get(f"{parts.language}_{parts.region}") or likely.get(parts.language) or ""
    return next((part for part in found.split("_")[1:] if len(part) == 4), "")


def _is_known(language: str) -> bool:
    return language in get_global("likely_subtags") or language in Locale("en").languages


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    """Tags by the names of their languages; one that two languages bear is left out."""
    found: dict[str, set[str]] = {}
    for reader in ("fr", "en"):
        names = [*Locale(reader).languages.items(), *_own_names(reader).items()]
        for code, called in names:
            if "_" not in code:
                found.setdefault(called.casefold(), set()).add(code)
    return {called: next(iter(codes)) for called, codes in found.items() if len(codes) == 1}
