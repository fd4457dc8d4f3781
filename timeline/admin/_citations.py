"""The citations of a record, or of a part of one, on its form."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.admin._shared import AddOnly, Blocks, PartAdmin
from timeline.forms.citations import CitationForm, CitationFormSet
from timeline.models import (
    Attendance,
    Citation,
    EventStep,
    InstrumentStep,
    MembershipRemark,
    Office,
    Participation,
    PartyName,
    PersonName,
    Statement,
    StatusUpdate,
)


class CitationInline(Blocks):
    """The citations of the record on whose form it stands."""

    model = Citation
    form = CitationForm
    formset = CitationFormSet
    autocomplete_fields = ("source",)
    verbose_name = _("source that supports it")
    verbose_name_plural = _("sources that support it")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("source", "field", "stance", "confidence"),
                    ("excerpt", "excerpt_language"),
                    ("date_as_worded", "value_given"),
                )
            },
        ),
        (_("Note"), {"fields": (("note_fr", "note_en"),), "classes": ("collapse",)}),
    )


class CitedPartAdmin(PartAdmin):
    """A part of a record with its citations."""

    inlines = (CitationInline,)


@admin.register(Participation, Attendance, Statement)
class EventPartAdmin(CitedPartAdmin):
    owner = "event"


class StepCitationInline(AddOnly, CitationInline):
    """The citations of a step, to which more can be added."""


class StepAdmin(CitedPartAdmin):
    """A step, which is never saved again; its citations have a history of their own."""

    inlines = (StepCitationInline,)

    def rewrite(self, obj: Any) -> None:
        """Do nothing, so that the step stays as it is."""


@admin.register(EventStep)
class EventStepAdmin(StepAdmin):
    owner = "event"


@admin.register(StatusUpdate)
class StatusUpdateAdmin(StepAdmin):
    """A step in a commitment's life."""

    owner = "commitment"


@admin.register(InstrumentStep)
class InstrumentStepAdmin(StepAdmin):
    """A step in the life of a text."""

    owner = "instrument"


@admin.register(PartyName)
class PartyNameAdmin(CitedPartAdmin):
    owner = "party"


@admin.register(MembershipRemark)
class MembershipRemarkAdmin(CitedPartAdmin):
    """That joining or leaving was announced or notified."""

    owner = "membership"


@admin.register(Office)
class OfficeAdmin(CitedPartAdmin):
    """An office of a person, which can be searched by its title and by its holder."""

    owner = "person"
    search_fields = ("person__slug",)
    folded_fields = ("folded_title", "person__folded_names")
    spelled_in = ((PersonName, "person", "person"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Fetch an office with its party, which its label names."""
        return super().get_queryset(request).select_related("party")
