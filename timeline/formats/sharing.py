"""The metadata that a page offers to sites where it is shared: title, description, picture."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from timeline.jinja2 import language

LOCALES: Final = {"fr": "fr_FR", "en": "en_GB"}
"""The interface's languages as Open Graph locales, which include a country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """The values for the head of a page; addresses are absolute.

    ``oembed`` is the address of the page's oEmbed description, if it has one.
    """

    site: str
    title: str
    description: str
    address: str
    image: str
    oembed: str = ""
    kind: str = "website"

    @property
    def locale(self) -> str:
        """The Open Graph locale of the page."""
        return LOCALES[language()]

    @property
    def other_locales(self) -> list[str]:
        """The Open Graph locales of its translations."""
        return [LOCALES[code] for code, _name in settings.LANGUAGES if code != language()]
