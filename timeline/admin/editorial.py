"""Published corrections, and error reports of readers."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline.admin._shared import FoldedSearch, RecordAdmin
from timeline.clock import today
from timeline.models import Correction, ErrorReport
from timeline.models.editorial import CORRECTED


@admin.register(Correction)
class CorrectionAdmin(RecordAdmin):
    """A public note of what was wrong."""

    list_display = ("text_shown", "made_on", *CORRECTED)
    list_select_related = CORRECTED
    list_filter = ("made_on",)
    date_hierarchy = "made_on"
    search_fields = tuple(f"{name}__slug" for name in CORRECTED)
    folded_fields = ("folded_text",)
    autocomplete_fields = CORRECTED
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "made_on",
                    ("text_fr", "text_en"),
                    *CORRECTED,
                ),
                "description": _("Say what was wrong and what it says now, of exactly one record."),
            },
        ),
    )

    @admin.display(description=_("what was corrected"))
    def text_shown(self, obj: Correction) -> str:
        """The beginning of the text in the editor's language."""
        return str(obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Date a new correction today."""
        return {"made_on": today(), **super().get_changeform_initial_data(request)}


@admin.register(ErrorReport)
class ErrorReportAdmin(FoldedSearch, admin.ModelAdmin):  # type: ignore[type-arg]
    """Error reports of readers, which editors only mark as handled."""

    list_display = ("message_shown", "received_at", "address", "contact", "handled")
    list_filter = ("handled",)
    list_select_related = True
    date_hierarchy = "received_at"
    search_fields = ("address",)
    folded_fields = ("folded_text",)
    show_full_result_count = False
    fields = ("received_at", "address", "message", "contact", "handled")
    readonly_fields = ("received_at", "address", "message", "contact")
    actions = ("mark_handled",)

    @admin.display(description=_("message"))
    def message_shown(self, obj: ErrorReport) -> str:
        """The beginning of the message."""
        return str(obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Forbid adding reports: readers send them."""
        return False

    @admin.action(description=_("Mark as handled"), permissions=["change"])
    def mark_handled(self, request: HttpRequest, queryset: QuerySet[ErrorReport]) -> None:
        """Mark the selected reports as handled."""
        queryset.update(handled=True)
        self.message_user(request, gettext("Marked as handled."))
