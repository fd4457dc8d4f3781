"""What a file says of itself: the filter in words, how many it has, what its columns mean."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline.core.columns import PART_SEPARATOR, SEPARATOR, Column
from timeline.core.relations import TABLES
from timeline.database.version import Version
from timeline.formats.citing import CitedRecord, sentence
from timeline.formats.site import Site
from timeline.jinja2 import language

WHOLE: Final[Mapping[str, Promise]] = {
    "events": gettext_lazy("All events on record."),
    "commitments": gettext_lazy("All commitments and requests on record, in all their wordings."),
    "instruments": gettext_lazy("All texts on record."),
    "frameworks": gettext_lazy("All frameworks on record."),
    "parties": gettext_lazy("All parties on record."),
    "people": gettext_lazy("All people on record."),
    "places": gettext_lazy("All places on record."),
    "sectors": gettext_lazy("All sectors on record."),
    "sources": gettext_lazy("All sources on record."),
}
"""All records of each noun, in words."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a file holds, and of which version of the record.

    ``title`` is its filter in words, ``page`` the address of the page that shows the same. ``day``
    is that as of which it is, ``consulted`` that on which it was asked for.
    ``version`` is None inside a transaction of an editor. ``searched_until`` is None where sources
    were searched until the ``day``.
    """

    noun: str
    title: str
    page: str
    count: int
    site: Site
    version: Version | None
    day: dt.date
    consulted: dt.date
    searched_until: dt.date | None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the noun, or of the table of the whole record."""
        return TABLES[self.noun]

    @property
    def name(self) -> str:
        """The name of its file, without a suffix."""
        return f"{self.site.file_name}-{self.noun}"

    @property
    def licence(self) -> str:
        """The licence of the record, or its address, empty if it has none."""
        return licence(self.site)

    @property
    def publisher(self) -> str:
        """Who keeps the record, or the name of the site if it does not say."""
        return str(self.site.identity.keeper or self.site.name)

    @property
    def version_name(self) -> str:
        """The name of the version of the record, empty if it has none."""
        return version_name(self.version)

    @property
    def cited(self) -> CitedRecord:
        """What the file holds, to cite: the same in each form."""
        question = self.page.partition("?")[2]
        state = hashlib.blake2s(f"{question} {self.version_name}".encode(), digest_size=4)
        return CitedRecord(
            key=f"{self.name}-{state.hexdigest()}",
            title=self.title.rstrip("."),
            title_language=language(),
            site=self.site.name,
            keeper=str(self.site.identity.keeper),
            address=self.page,
            consulted=self.consulted,
            language=language(),
            version=self.version_name,
            is_list=True,
            count=self.count,
        )

    @property
    def citation(self) -> str:
        """How to cite the file, in a sentence."""
        return sentence(self.cited)


def version_name(version: Version | None) -> str:
    """Return the name of a version of the record: the number of changes, what sets it apart."""
    return f"{version.number}-{version.etag[:8]}" if version else ""


def licence(site: Site) -> str:
    """Return the licence of the record, or its address, empty if it has none."""
    return site.identity.licence or site.identity.licence_url


def summary(described: Description) -> dict[str, Any]:
    """Return what stands before the rows of a file."""
    until = described.searched_until
    return {
        "noun": described.noun,
        "title": described.title,
        "page": described.page,
        "count": described.count,
        "language": language(),
        "licence": described.licence,
        "licence_url": described.site.identity.licence_url,
        "version": described.version_name,
        "day": described.day.isoformat(),
        "searched_until": until.isoformat() if until else described.day.isoformat(),
        "citation": described.citation,
    }


def metadata(described: Description) -> dict[str, Any]:
    """Return the summary of a file, with the meanings of its columns."""
    return {
        **summary(described),
        "publisher": described.publisher,
        "separator": SEPARATOR,
        "part_separator": PART_SEPARATOR,
        "columns": [
            {
                "name": column.name,
                "kind": column.kind.value,
                "meaning": _(column.meaning),
                "repeated": column.repeated,
                "parts": [*column.parts],
            }
            for column in described.columns
        ],
    }
