"""What a page tells of itself to those who share it: title, description, picture."""

from typing import Final

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString

from timeline.rendering.moulds import Mould, language, once, poured, slot

LOCALES: Final = {"fr": "fr_FR", "en": "en_GB"}
"""The names of the interface's languages with a country, as sharing wants them."""


def shared(
    *,
    title: str,
    description: str,
    address: str,
    image: str,
    oembed: str = "",
    kind: str = "website",
) -> SafeString:
    """The elements for the head of a page; addresses are whole ones.

    ``oembed`` is the address that tells how to embed the page, if there is one.
    """
    values = {"title": title, "description": description, "address": address, "image": image}
    form = _form(language(), kind, bool(oembed))
    return form.fill(
        **{name: escape(value) for name, value in values.items()}, oembed=escape(oembed)
    )


@once(most=8)
def _form(reader: str, kind: str, embeds: bool) -> Mould:
    others = (code for code, _name in settings.LANGUAGES if code != reader)
    return poured(
        "timeline/_shared.html",
        *("title", "description", "address", "image"),
        kind=kind,
        locale=LOCALES[reader],
        others=[LOCALES[code] for code in others],
        oembed=slot("oembed") if embeds else "",
    )
