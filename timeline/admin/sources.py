"""The documents that the record relies on."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from timeline.admin._merging import MergeableAdmin
from timeline.admin._shared import by_year
from timeline.core.addresses import is_section_page
from timeline.models import Source


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
