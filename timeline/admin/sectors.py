"""The taxonomy of sectors."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from timeline.admin._shared import RecordAdmin
from timeline.forms.records import NamedForm
from timeline.models import Sector


@admin.register(Sector)
class SectorAdmin(RecordAdmin):
    form = NamedForm
    list_display = ("name_shown", "parent", "dac_code", "position")
    list_select_related = ("parent",)
    list_filter = (("parent", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("slug",)
    folded_fields = ("folded_names",)
    autocomplete_fields = ("parent",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name_fr", "name_en"),
                    ("description_fr", "description_en"),
                    ("parent", "position"),
                    ("dac_code", "slug"),
                )
            },
        ),
    )

    @admin.display(description=_("name"), ordering="slug")
    def name_shown(self, obj: Sector) -> str:
        """The name in the editor's language."""
        return str(obj.name)
