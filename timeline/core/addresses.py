"""Addresses of documents on the web, and those that are the page of a section of a site.

A section's page lists what was written last: another reader finds other texts there.
"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from babel import Locale

from timeline.core.folding import fold

_LANGUAGES: Final = ("fr", "en")

_SUBJECTS: Final = frozenset(
    fold(
        "actualite actualites actu actus archive archives article articles breve breves blog blogs"
        " communique communiques dossier dossiers editorial editoriaux home index info infos"
        " information informations journal monde news une world"
        " politics politique politiques economie economy economics finance finances business"
        " societe society culture cultures sport sports sante health science sciences technologie"
        " technology tech environnement environment education energie energy mines mining"
        " agriculture securite security defense defence diplomatie diplomacy cooperation justice"
        " opinion opinions tribune tribunes interview interviews video videos photo photos media"
        " medias international internationale nation national nationale regional regionale local"
        " afrique africa africain africaine african sahel europe asie asia amerique america"
        " maghreb orient east west ouest nord north sud south est central centrale"
        " novosti politika ekonomika obshchestvo mir"
    ).split()
)
"""Words of which the addresses of sections are made, in French, English and Russian."""

_LISTS: Final = frozenset(
    [
        *("author", "auteur", "categorie", "categories", "category", "rubrique", "rubriques"),
        *("section", "sections", "tag", "tags", "theme", "themes", "thematique", "topic", "topics"),
    ]
)
"""What stands in an address before the name of a list of texts."""

_JOINING: Final = frozenset(
    [
        *("a", "and", "au", "aux", "d", "de", "des", "du", "en", "et", "in", "l", "la", "le"),
        *("les", "of", "the"),
    ]
)

_NAMES_A_DOCUMENT: Final = frozenset({"p", "page_id", "id", "article", "art", "node", "newsid"})
"""Parameters by which a site whose addresses have no other words names a document."""

_INDEX: Final = re.compile(r"(?:index|default|home)\.[a-z]{3,5}")
_EXTENSION: Final = re.compile(r"\.(?:html?|php|aspx?)$")
_YEAR_TO_DAY: Final = re.compile(r"(?:19|20)\d\d(?:/[01]?\d(?:/[0-3]?\d)?)?")


def is_section_page(url: str) -> bool:
    """Whether an address is that of a site, a section, a list or an archive, not of a document.

    It is decided by the words of the address alone, and in doubt is that of a document:
    ``/politique``, ``/fr/afrique-de-l-ouest/``, ``/category/aes/page/2`` and ``/2025/04/`` are
    sections, ``/treaty``, ``/politique/19525-…`` and ``/?p=5908`` are not.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    if not parts.netloc:
        return False
    parameters = parse_qs(parts.query, keep_blank_values=True)
    if any(name.lower() in _NAMES_A_DOCUMENT for name in parameters):
        return False
    if parts.query not in ("", "amp") and "=" not in parts.query:
        return False
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    if segments and _INDEX.fullmatch(segments[-1].lower()):
        del segments[-1]
        if parameters:
            return False
    if len(segments) > 1 and segments[-2].lower() == "page" and segments[-1].isdigit():
        del segments[-2:]
    segments = [segment for segment in segments if not _is_language(segment)]
    if _YEAR_TO_DAY.fullmatch("/".join(segments)):
        return True
    lists = [n for n, segment in enumerate(segments) if segment.lower() in _LISTS]
    if lists:
        return all(map(_is_subject, segments[lists[0] + 2 :]))
    return all(map(_is_subject, segments))


def _is_language(segment: str) -> bool:
    return len(segment) == 2 and segment.isalpha() and segment.isascii()


def _is_subject(segment: str) -> bool:
    words = fold(_EXTENSION.sub("", segment).replace("_", " ")).split()
    text = " ".join(words)
    return text in _countries() or all(word in _SUBJECTS | _JOINING for word in words)


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    """The names of states and regions as they are written in addresses."""
    names = (Locale.parse(language).territories.values() for language in _LANGUAGES)
    return frozenset(fold(name) for of_language in names for name in of_language)
