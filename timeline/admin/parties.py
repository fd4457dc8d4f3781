"""States, blocs and bodies with their names and predecessors."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.actions import memberships, search
from timeline.admin._citations import CitationInline
from timeline.admin._merging import MergeableAdmin
from timeline.admin._shared import CitedRows, Rows, by_year
from timeline.models import Party, PartyName, Succession


class PartyNameInline(CitedRows, Rows):
    """The names by which it is or was called."""

    model = PartyName
    fields = ("name", "language", "kind", "slip", "starts", "ends", "sources")
    verbose_name = _("name")
    verbose_name_plural = _("names by which it is or was called, in any language")


class SuccessionInline(Rows):
    """The parties that it succeeded."""

    model = Succession
    fk_name = "party"
    fields = ("predecessor",)
    autocomplete_fields = ("predecessor",)
    verbose_name = _("predecessor")
    verbose_name_plural = _("parties that it succeeded")


@admin.register(Party)
class PartyAdmin(MergeableAdmin):
    list_display = ("name_shown", "code", "kind", "founded", "dissolved")
    list_filter = ("kind", by_year("founded_earliest", "founded_latest"))
    list_select_related = True
    search_fields = ("code",)
    folded_fields = ("folded_names",)
    spelled_in = ((PartyName, "party", "pk"),)
    autocomplete_fields = ("part_of",)
    inlines = (PartyNameInline, SuccessionInline, CitationInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "kind"),
                    ("body_kind", "part_of"),
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
        """Update the search texts of events, and who took part through blocs while it existed."""
        search.refresh(events=search.events_naming(parties=[form.instance.pk]))
        if change and {"founded", "dissolved"} & set(form.changed_data):
            for bloc in sorted(set(form.instance.memberships.values_list("bloc", flat=True))):
                memberships.refresh_derived(bloc=bloc)
