"""The places of events."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.actions import search
from timeline.admin._citations import CitationInline
from timeline.admin._merging import MergeableAdmin
from timeline.forms.records import NamedForm
from timeline.models import Place


@admin.register(Place)
class PlaceAdmin(MergeableAdmin):
    form = NamedForm
    list_display = ("name_shown", "party", "latitude", "longitude")
    list_select_related = ("party",)
    list_filter = (("party", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("slug",)
    folded_fields = ("folded_names",)
    autocomplete_fields = ("party",)
    inlines = (CitationInline,)
    fieldsets = (
        (
            None,
            {"fields": (("name_fr", "name_en"), "party", ("latitude", "longitude"), "slug")},
        ),
    )

    @admin.display(description=_("name"), ordering="sort_fr")
    def name_shown(self, obj: Place) -> str:
        """The name in the editor's language."""
        return str(obj.name)

    def refresh_derived(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Update the search texts of events."""
        search.refresh(events=search.events_naming(places=[form.instance.pk]))
