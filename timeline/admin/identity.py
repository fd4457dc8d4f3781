"""The identity of the site: one form, without a list."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from timeline.admin._shared import RecordAdmin
from timeline.forms.identity import IdentityForm
from timeline.models import Identity


@admin.register(Identity)
class IdentityAdmin(RecordAdmin):
    """What the site is about and who keeps it; there is one, which is changed and never deleted."""

    form = IdentityForm
    search_fields = ("pk",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name_fr", "name_en"),
                    ("subject_fr", "subject_en"),
                    ("since", "searched_until"),
                )
            },
        ),
        (
            _("Who keeps it"),
            {
                "fields": (
                    ("keeper_fr", "keeper_en"),
                    ("licence_fr", "licence_en"),
                    ("licence_url", "contact"),
                )
            },
        ),
        (
            _("Texts"),
            {
                "description": _(
                    "In Markdown: a blank line begins a paragraph, ## a heading, - an item of a "
                    "list; *emphasis*, **strong**, [words](https://address). A page is linked from "
                    "the foot of all others once it has a text."
                ),
                "fields": (
                    ("about_fr", "about_en"),
                    ("legal_fr", "legal_en"),
                    ("privacy_fr", "privacy_en"),
                    ("accessibility_fr", "accessibility_en"),
                ),
            },
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Forbid a second identity."""
        return super().has_add_permission(request) and not Identity.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Forbid deleting it: its fields are emptied instead."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Lead to the form, as there is nothing to choose from."""
        if not self.has_view_or_change_permission(request) and not self.has_add_permission(request):
            return super().changelist_view(request, extra_context)
        if Identity.objects.exists():
            return HttpResponseRedirect(self.page("change", 1))
        return HttpResponseRedirect(self.page("add"))
