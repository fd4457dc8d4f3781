"""Officials, the spellings of their names and their offices."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.actions import offices, search
from timeline.admin._merging import MergeableAdmin
from timeline.admin._shared import CitedRows, Rows
from timeline.forms.records import NamedForm
from timeline.models import Office, Person, PersonName


class PersonNameInline(Rows):
    """Other spellings of the name."""

    model = PersonName
    fields = ("name", "language", "slip")


class OfficeInline(CitedRows, Rows):
    """The offices held over time."""

    model = Office
    autocomplete_fields = ("party",)
    fields = ("title_fr", "title_en", "party", "starts", "ends", "sources")
    verbose_name_plural = _("offices held; an end is the first day outside it")


@admin.register(Person)
class PersonAdmin(MergeableAdmin):
    form = NamedForm
    list_display = ("name_shown", "slug")
    list_select_related = True
    list_filter = (
        ("offices__party", admin.RelatedOnlyFieldListFilter),
        ("family_fr", admin.EmptyFieldListFilter),
    )
    search_fields = ("slug",)
    folded_fields = ("folded_names",)
    spelled_in = ((PersonName, "person", "pk"),)
    inlines = (OfficeInline, PersonNameInline)
    fieldsets = ((None, {"fields": (("name_fr", "name_en"), ("family_fr", "family_en"), "slug")}),)

    @admin.display(description=_("name"), ordering="sort_fr")
    def name_shown(self, obj: Person) -> str:
        """The name in the editor's language, under the family name."""
        return obj.listed_name

    def refresh_derived(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Check the offices named at events, then update the search texts of events."""
        if any(formset.model is Office and formset.has_changed() for formset in formsets):
            offices.refuse_of_person(person=form.instance)
        search.refresh(events=search.events_naming(people=[form.instance.pk]))
