"""Steps on the form of their record: added with a source, never edited."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.admin._shared import AddOnly, Blocks, CitedRows
from timeline.clock import today
from timeline.models import Citation


class StepInline(AddOnly, CitedRows, Blocks):
    """Steps of a record; a new row asks for its source, a saved row shows its sources."""

    evidence = (("source", "stance"), ("because_fr", "because_en"), "excerpt", "sources")

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        """Add the source, which is not a field of the step itself."""
        return (*super().get_autocomplete_fields(request), "source")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Add the form field of a citation's source, and tell the rows what day it is."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        column = Citation._meta.get_field("source")
        field = self.formfield_for_dbfield(column, request, required=False)
        formset.form.base_fields["source"] = field
        formset.today = today()
        return formset

    def related_rows(self, rows: Any) -> Any:
        """Fetch the citations of the steps and their sources."""
        return super().related_rows(rows).prefetch_related("citations__source")

    @admin.display(description=_("source"))
    def source(self, obj: Any) -> str:
        """The sources of a saved step."""
        return "; ".join(str(citation.source) for citation in obj.citations.all())

    @admin.display(description=_("stance"))
    def stance(self, obj: Any) -> str:
        """The stances of the sources of a saved step."""
        labels = (citation.get_stance_display() for citation in obj.citations.all())
        return ", ".join(dict.fromkeys(labels))

    @admin.display(description=_("excerpt"))
    def excerpt(self, obj: Any) -> str:
        """The excerpts of the sources of a saved step."""
        return _joined(citation.excerpt for citation in obj.citations.all())

    @admin.display(description=_("how it was inferred, in French"))
    def because_fr(self, obj: Any) -> str:
        """Why the sources of a saved step support it, in French."""
        return _joined(citation.note_fr for citation in obj.citations.all())

    @admin.display(description=_("how it was inferred, in English"))
    def because_en(self, obj: Any) -> str:
        """The same in English."""
        return _joined(citation.note_en for citation in obj.citations.all())


def _joined(texts: Iterable[str]) -> str:
    return " / ".join(filter(None, texts))
