"""The identity of the site: one form, without a list."""

from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from timeline.admin._searches import SearchedAdmin
from timeline.formats.site import about_page
from timeline.forms.identity import IdentityForm
from timeline.middleware.site import show_as, site_of
from timeline.models import Identity

PREVIEW: Final = "_preview"
"""The buttons that show the page about the record as typed; the value is a language."""
PREVIEWS: Final = {"fr": _("Preview in French"), "en": _("Preview in English")}


@admin.register(Identity)
class IdentityAdmin(SearchedAdmin):
    """The identity of the site: a single row, which is changed and never deleted."""

    form = IdentityForm
    change_form_template = "admin/timeline/identity/change_form.html"
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

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show a preview of what is typed, without saving it, if its button was pressed."""
        if request.method == "POST" and PREVIEW in request.POST:
            preview = self._preview(request, request.POST[PREVIEW])
            if preview is not None:
                return preview
        context = {"previews": PREVIEWS.items(), **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def _preview(self, request: HttpRequest, language: str) -> HttpResponse | None:
        """Return the page about the record in a language; None if the form is refused."""
        stored = Identity.objects.first()
        allowed = self.has_change_permission if stored else self.has_add_permission
        if not allowed(request):
            raise PermissionDenied
        form = self.get_form(request, stored)(request.POST, instance=stored)
        if not form.is_valid():
            return None
        show_as(request, form.instance)
        with override(language if language in PREVIEWS else None):
            context = {**about_page(site_of(request), whole=True), "preview": True}
            return render(request, "pages/about.html", context)
