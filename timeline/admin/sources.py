"""The documents that the record relies on."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.admin._merging import MergeableAdmin
from timeline.admin._shared import by_year, links
from timeline.core.addresses import is_section_page
from timeline.models import Source
from timeline.queries.footnotes import Line
from timeline.queries.sources import falling_with


@admin.register(Source)
class SourceAdmin(MergeableAdmin):
    list_display = ("title", "publisher", "carried_by", "kind", "language", "published")
    list_filter = (
        "kind",
        "language",
        ("speaks_for", admin.RelatedOnlyFieldListFilter),
        by_year("published_earliest", "published_latest"),
    )
    search_fields = ("url",)
    folded_fields = ("folded_text",)
    autocomplete_fields = ("speaks_for",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("title", "language"),
                    ("publisher", "kind", "speaks_for"),
                    "carried_by",
                    "url",
                    ("published", "consulted"),
                )
            },
        ),
        (
            _("Archived copy"),
            {
                "fields": (
                    ("archive_url", "archive_file"),
                    ("no_archive_reason_fr", "no_archive_reason_en"),
                )
            },
        ),
        (_("Note"), {"classes": ("collapse",), "fields": (("note_fr", "note_en"),)}),
        (_("What falls if it falls"), {"fields": ("falls",)}),
    )

    def flags(self, record: Any) -> list[tuple[str, Any]]:
        """Warn of the address of a section, where another reader finds other texts."""
        if not is_section_page(record.url):
            return []
        sentence = _(
            "This address is the page of a section, not of a document: what stands there changes. "
            "Give the address of the document itself."
        )
        return [("url", sentence)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Add what rests on it, which is edited on the forms of its records."""
        return (*super().get_readonly_fields(request, obj), "falls")

    @admin.display(description=_("rests on it alone"))
    def falls(self, obj: Source) -> str:
        """The records with facts that no other source supports, drafts too, and these facts."""
        total, unlisted, resting = falling_with(obj) if obj.pk else (0, 0, [])
        if not total:
            return gettext("Nothing: another source supports each fact that it is cited for.")
        rows = [
            (
                reverse(f"admin:timeline_{kind}_change", args=(record.pk,)),
                str(record),
                ", ".join(dict.fromkeys(map(_fact, lines))),
            )
            for kind, records in resting
            for record, lines in records
        ]
        said = ngettext(
            "Without it no source would support %(n)s fact:",
            "Without it no source would support %(n)s facts:",
            total,
        ) % {"n": total}
        more = ngettext("and %(n)s more", "and %(n)s more", unlisted) % {"n": unlisted}
        return format_html("<p>{}</p>{}<p>{}</p>", said, links(rows), more if unlisted else "")


def _fact(line: Line) -> str:
    """Name a fact: the part of the record, then the field."""
    citation = line.citation
    field = enums.label(enums.CITED_FIELDS, citation.field)
    row = enums.label(enums.CITED_ROWS, citation.target_name)
    if not line.subject:
        return field
    return f"{line.subject}, {field if citation.field else row}"
