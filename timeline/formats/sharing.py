"""What a page tells of itself to those who share it: title, description, picture."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from timeline.jinja2 import language

LOCALES: Final = {"fr": "fr_FR", "en": "en_GB"}
"""The names of the interface's languages with a country, as sharing wants them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """The values for the head of a page; addresses are whole ones.

    ``oembed`` is the address that tells how to embed the page, if there is one.
    """

    title: str
    description: str
    address: str
    image: str
    oembed: str = ""
    kind: str = "website"

    @property
    def locale(self) -> str:
        """The language of the page."""
        return LOCALES[language()]

    @property
    def other_locales(self) -> list[str]:
        """The other languages that the page can be read in."""
        return [LOCALES[code] for code, _name in settings.LANGUAGES if code != language()]
