"""The documents that the record relies on."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from timeline.admin._shared import RecordAdmin, by_year
from timeline.models import Source


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    list_display = ("title", "publisher", "kind", "language", "published", "speaks_for")
    list_select_related = ("speaks_for",)
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
                    "url",
                    ("published", "consulted"),
                )
            },
        ),
        (
            _("Archived copy, or why there is none"),
            {
                "fields": (
                    ("archive_url", "archive_file"),
                    ("no_archive_reason_fr", "no_archive_reason_en"),
                )
            },
        ),
        (_("Note"), {"classes": ("collapse",), "fields": (("note_fr", "note_en"),)}),
    )
