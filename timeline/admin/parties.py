"""States and blocs with their names."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.actions import search
from timeline.admin._citations import CitationInline
from timeline.admin._shared import Cited, RecordAdmin, Rows, by_year
from timeline.models import Party, PartyName


class PartyNameInline(Cited, Rows):
    """The names by which it is found."""

    model = PartyName
    fields = ("name", "language", "kind", "starts", "ends", "sources")
    verbose_name = _("name")
    verbose_name_plural = _("names by which it is or was called, in any language")


@admin.register(Party)
class PartyAdmin(RecordAdmin):
    """The editors' page of a party."""

    list_display = ("name_shown", "code", "kind", "founded", "dissolved")
    list_filter = ("kind", by_year("founded_earliest", "founded_latest"))
    list_select_related = True
    search_fields = ("code",)
    folded_fields = ("folded_names",)
    spelled_in = ((PartyName, "party", "pk"),)
    inlines = (PartyNameInline, CitationInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "kind"),
                    ("name_fr", "name_en"),
                    ("short_fr", "short_en"),
                    ("description_fr", "description_en"),
                    ("founded", "dissolved"),
                )
            },
        ),
    )

    @admin.display(description=_("name"), ordering="sort_fr")
    def name_shown(self, obj: Party) -> str:
        """The name in the editor's language."""
        return str(obj.name)

    def refresh_derived(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Events are found by what the party is called now."""
        search.refresh(events=search.events_naming(parties=[form.instance.pk]))
