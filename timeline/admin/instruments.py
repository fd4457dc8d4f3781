"""Texts between parties, with the steps of their lives."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.admin import _text_at_event, _text_effects
from timeline.admin._acts import ActsAdmin
from timeline.admin._citations import CitationInline
from timeline.admin._effects import Effect
from timeline.admin._publication import PublishableAdmin
from timeline.admin._shared import Rows, by_year, commitment_links
from timeline.admin._steps import StepInline
from timeline.clock import today
from timeline.core import instruments as rules
from timeline.core.codes import Binding
from timeline.forms.instruments import (
    InstrumentForm,
    InstrumentPartyFormSet,
    InstrumentStepForm,
    InstrumentStepFormSet,
)
from timeline.models import Instrument, InstrumentParty, InstrumentStep
from timeline.queries.as_of import AsOf
from timeline.queries.instruments import with_life
from timeline.queries.pages import instrument_page
from timeline.queries.reminders import LISTED, unratified


class InstrumentPartyInline(Rows):
    """The parties to the text."""

    model = InstrumentParty
    formset = InstrumentPartyFormSet
    autocomplete_fields = ("party",)
    verbose_name = _("party")
    verbose_name_plural = _("parties: two or more, whoever is to sign it or to consent to it")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Offer two rows on the form of a new text."""
        extra = super().get_extra(request, obj, **kwargs)
        return extra if obj is not None else max(extra, 2)


class InstrumentStepInline(StepInline):
    """The steps of its life."""

    model = InstrumentStep
    form = InstrumentStepForm
    formset = InstrumentStepFormSet
    fk_name = "instrument"
    autocomplete_fields = ("party", "event", "later_instrument")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("act", "party", "done", "effect"),
                    ("event", "regards", "later_instrument", "corrects"),
                    *StepInline.evidence,
                    ("reason_fr", "reason_en"),
                    ("note_fr", "note_en"),
                )
            },
        ),
    )
    verbose_name = _("step of its life")
    verbose_name_plural = _(
        "steps of its life: added, never edited; a correction is a new step that names the old one"
    )

    def related_rows(self, rows: Any) -> Any:
        """Fetch the steps that are corrected or regarded as well."""
        return super().related_rows(rows).select_related("corrects", "regards")


class UnratifiedFilter(admin.SimpleListFilter):
    """Published texts with a party whose ratification is waited for."""

    title = _("ratification")
    parameter_name = "unratified"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("no source seen for a ratification"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=unratified(AsOf(today()))[:LISTED])


@admin.register(Instrument)
class InstrumentAdmin(ActsAdmin, PublishableAdmin):
    form = InstrumentForm
    affects = Instrument
    public_page = "timeline:instrument"
    preview_template = "pages/instrument.html"
    change_form_template = "admin/timeline/instrument/change_form.html"
    list_display = ("title_shown", "kind", "date", "binds", "state_today", "publication")
    list_display_links = ("title_shown",)
    list_filter = (
        *("publication", "kind", "binds", UnratifiedFilter),
        ("parties", admin.RelatedOnlyFieldListFilter),
        by_year("earliest", "latest"),
    )
    search_fields = ("slug",)
    folded_fields = ("folded_text",)
    inlines = (InstrumentPartyInline, CitationInline, InstrumentStepInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("title_fr", "title_en"),
                    ("kind", "date", "binds"),
                    ("summary_fr", "summary_en"),
                    ("state_today", "slug"),
                )
            },
        ),
        (_("Commitments"), {"fields": ("commitments_made",)}),
        (
            _("Publication"),
            {
                "classes": ("collapse",),
                "fields": (("publication", "published_at"), "withdrawn_for"),
            },
        ),
    )

    @admin.display(description=_("title"), ordering="folded_title")
    def title_shown(self, obj: Instrument) -> str:
        """The title in the editor's language."""
        return str(obj.title)

    @admin.display(description=_("state today"))
    def state_today(self, obj: Instrument) -> str:
        """Return the state of the text by the steps on record."""
        if obj.pk is None:
            return "–"
        steps = (step.as_value() for step in obj.steps.all())
        state = rules.state(Binding(obj.binds), steps, today()).state
        return enums.label(enums.INSTRUMENT_STATES, state)

    @admin.display(description=_("commitments that stand in it"))
    def commitments_made(self, obj: Instrument) -> str:
        """The commitments, each with its article and a link to its form."""
        if obj.pk is None:
            return gettext("Save the text first; then each commitment has its own form.")
        return commitment_links(obj.commitments, f"?instrument={obj.pk}")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Add what is worked out, and what is edited on forms of its own."""
        return (
            *super().get_readonly_fields(request, obj),
            *("state_today", "commitments_made"),
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Fetch the steps of all texts of the page at once."""
        changelist = super().get_changelist_instance(request)
        changelist.result_list = changelist.result_list.prefetch_related("steps")
        return changelist

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Offer to record what was done to those who may change the text."""
        obj = kwargs.get("obj")
        context["may_record"] = obj is not None and self.has_change_permission(request, obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Fill in the text that was signed at the event named in the query string."""
        event = _text_at_event.event_of(request)
        if event is None:
            return super().get_changeform_initial_data(request)  # type: ignore[no-any-return]
        request.prefilled = _text_at_event.rows(event)  # type: ignore[attr-defined]
        return _text_at_event.initial(event)

    # Saving

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        """Let the rows of steps know the rows of parties on the same form."""
        formsets, inlines = super()._create_formsets(request, obj, change)
        by_model = {formset.model: formset for formset in formsets}
        if InstrumentStep in by_model:
            by_model[InstrumentStep].parties = by_model.get(InstrumentParty)
        return formsets, inlines

    def standing(self, record: Instrument) -> Instrument:
        """Read a text with its parties and steps."""
        return with_life(Instrument.objects.filter(pk=record.pk)).get()

    def effects(self, before: Instrument, after: Instrument) -> list[Effect]:
        return _text_effects.effects(before, after, today())

    def preview_context(self, obj: Instrument) -> dict[str, Any]:
        return instrument_page(obj, AsOf(today()))
