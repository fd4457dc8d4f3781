"""Steps under their record: added with their source, never edited."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.admin._shared import AddOnly, Blocks, Cited
from timeline.clock import today
from timeline.models import Citation


class StepInline(AddOnly, Cited, Blocks):
    """Steps of a record; a row to add asks for the source, a row that stands shows its sources."""

    evidence = (("source", "stance"), "excerpt", "sources")

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        """Find the source by typing, too."""
        return (*super().get_autocomplete_fields(request), "source")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Choose the source as it is chosen in a citation, and tell the rows what day it is."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        column = Citation._meta.get_field("source")
        field = self.formfield_for_dbfield(column, request, required=False)
        formset.form.base_fields["source"] = field
        formset.today = today()
        return formset

    def related_rows(self, rows: Any) -> Any:
        """Fetch what sources say with the steps that they tell of."""
        return super().related_rows(rows).prefetch_related("citations__source")

    @admin.display(description=_("source"))
    def source(self, obj: Any) -> str:
        """The sources of a step that stands."""
        return "; ".join(str(one.source) for one in obj.citations.all())

    @admin.display(description=_("stance"))
    def stance(self, obj: Any) -> str:
        """How they tell of it."""
        said = (one.get_stance_display() for one in obj.citations.all())
        return ", ".join(dict.fromkeys(said))

    @admin.display(description=_("excerpt"))
    def excerpt(self, obj: Any) -> str:
        """What they say of it."""
        return " / ".join(one.excerpt for one in obj.citations.all() if one.excerpt)
