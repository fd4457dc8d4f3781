"""What the site calls itself, and the texts about itself that it has."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.core.slugs import slugify
from timeline.formats import markdown
from timeline.models import Identity
from timeline.queries.auditing import kept_figures

STATEMENTS: Final[dict[str, Promise]] = {
    "legal": _("Legal notice"),
    "privacy": _("Privacy"),
    "accessibility": _("Accessibility"),
}
"""The texts with a page of their own, by the names of the page and of the text."""


@dataclass(frozen=True, slots=True)
class Site:
    """The site as it names itself; ``host`` is the name under which a reader asks for it."""

    identity: Identity
    host: str

    @property
    def own_name(self) -> str:
        """The name that editors gave it, empty if they gave none."""
        return self.identity.name

    @property
    def name(self) -> str:
        """Its own name, else that of the host."""
        return self.own_name or self.host

    @property
    def file_name(self) -> str:
        """The name for the beginning of the names of files."""
        try:
            return slugify(self.name, 40)
        except ValueError:  # a script that cannot be written in ASCII
            return slugify(self.host, 40)

    @property
    def statements(self) -> list[tuple[str, Promise]]:
        """The pages about the site that have a text, each with its title."""
        return [(name, title) for name, title in STATEMENTS.items() if getattr(self.identity, name)]


def about_page(site: Site, *, whole: bool = False) -> dict[str, Any]:
    """Return the context of the page about the record.

    ``whole`` adds the texts that have pages of their own, for a preview of all that editors wrote.
    """
    identity = site.identity
    shown = site.statements if whole else ()
    texts = [(name, title, getattr(identity, name)) for name, title in shown]
    return {
        "licence": identity.licence or identity.licence_url,
        "text": markdown.html(identity.about),
        "statements": [(name, title, text, markdown.html(text)) for name, title, text in texts],
        "states": [
            (str(code), label, enums.COMMITMENT_STATUS_DEFINITIONS[code])
            for code, label in enums.COMMITMENT_STATUSES.items()
        ],
        "figures": kept_figures(),
    }
