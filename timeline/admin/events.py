"""Events with their parties, people, statements, citations and steps."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline.actions import events, involvement, search
from timeline.admin import _follow_up
from timeline.admin._citations import CitationInline
from timeline.admin._merging import MergeableAdmin
from timeline.admin._publication import PublishableAdmin
from timeline.admin._shared import Blocks, CitedRows, Rows, by_year, commitment_links
from timeline.admin._steps import StepInline
from timeline.admin._text_at_event import TextsOfEventAdmin
from timeline.clock import today
from timeline.forms.events import (
    AttendanceFormSet,
    EventForm,
    EventPlaceFormSet,
    EventStepForm,
    EventStepFormSet,
    ParticipationForm,
    PeopleFormSet,
)
from timeline.jinja2 import listed
from timeline.models import Attendance, Event, EventPlace, EventStep, Participation, Statement
from timeline.queries.events import detail
from timeline.queries.places import with_places


class ParticipationInline(CitedRows, Rows):
    """The parties that a source names as taking part."""

    model = Participation
    form = ParticipationForm
    autocomplete_fields = ("party",)
    fields = ("party", "role", "sources")
    verbose_name = _("party")
    verbose_name_plural = _("parties that a source names, with their role")


class EventPlaceInline(Rows):
    """Where it took place."""

    model = EventPlace
    formset = EventPlaceFormSet
    autocomplete_fields = ("place",)
    fields = ("place", "days", "venue_fr", "venue_en", "position")
    verbose_name = _("place")
    verbose_name_plural = _("places; most events have one, and need nothing beside it")


class AttendanceInline(CitedRows, Rows):
    """The people who were there."""

    model = Attendance
    formset = AttendanceFormSet
    autocomplete_fields = ("person", "party", "office")
    fields = (
        *("person", "party", "office", "role", "office_reason_fr", "office_reason_en"),
        "sources",
    )
    verbose_name = _("person present")
    verbose_name_plural = _("people present; an office left empty is filled from the person's page")

    def related_rows(self, rows: Any) -> Any:
        """Fetch offices with their holder and party, which their names contain."""
        return rows.select_related("person", "party", "office__person", "office__party")


class StatementInline(CitedRows, Blocks):
    """The statements made at the event."""

    model = Statement
    formset = PeopleFormSet
    autocomplete_fields = ("person", "party", "office")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("person", "party"),
                    ("office", "language"),
                    ("office_reason_fr", "office_reason_en"),
                    "text",
                    ("translation_fr", "translation_en"),
                    ("position", "sources"),
                )
            },
        ),
    )

    def related_rows(self, rows: Any) -> Any:
        """Fetch offices with their holder and party, which their names contain."""
        return rows.select_related("person", "party", "office__person", "office__party")


class EventStepInline(StepInline):
    """Changes of the date or state."""

    model = EventStep
    form = EventStepForm
    formset = EventStepFormSet
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("on", "state", "date"),
                    *StepInline.evidence,
                    ("note_fr", "note_en"),
                )
            },
        ),
    )
    verbose_name = _("change of date or state")
    verbose_name_plural = _("changes of date or state: added, never edited")


@admin.register(Event)
class EventAdmin(TextsOfEventAdmin, MergeableAdmin, PublishableAdmin):
    form = EventForm
    public_page = "timeline:event"
    preview_template = "pages/event.html"
    actions = (*PublishableAdmin.actions, *MergeableAdmin.actions)
    change_form_template = "admin/timeline/event/change_form.html"
    list_display = (
        *("title_shown", "date", "kind", "state", "places_shown", "framework", "publication"),
    )
    list_display_links = ("title_shown",)
    list_filter = ("publication", "kind", "state", "framework", by_year("earliest", "latest"))
    list_select_related = ("framework",)
    search_fields = ("slug",)
    folded_fields = ("folded_text",)
    autocomplete_fields = ("framework", "turn_side", "follows")
    inlines = (
        EventPlaceInline,
        ParticipationInline,
        CitationInline,
        AttendanceInline,
        StatementInline,
        EventStepInline,
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("title_fr", "title_en"),
                    ("date", "kind", "state"),
                    ("framework", "takes_turn"),
                    ("summary_fr", "summary_en"),
                    "about",
                )
            },
        ),
        (_("Commitments and texts"), {"fields": ("commitments_made", "texts")}),
        (
            _("Length, what it follows, slug"),
            {
                "classes": ("collapse",),
                "fields": (
                    ("duration_fr", "duration_en", "duration_minutes"),
                    ("follows", "turn_side"),
                    "slug",
                ),
            },
        ),
        (
            _("Publication"),
            {
                "classes": ("collapse",),
                "fields": (("publication", "published_at"), "withdrawn_for"),
            },
        ),
    )

    @admin.display(description=_("title"), ordering="folded_title")
    def title_shown(self, obj: Event) -> str:
        """The title in the editor's language."""
        return str(obj.title)

    @admin.display(description=_("places"))
    def places_shown(self, obj: Event) -> str:
        """The places in order."""
        return listed([str(place.name) for place in obj.places])

    @admin.display(description=_("sectors"))
    def about(self, obj: Event) -> str:
        """The sectors, for those who may only view them."""
        return ", ".join(str(sector) for sector in obj.sectors.all())

    @admin.display(description=_("commitments made there"))
    def commitments_made(self, obj: Event) -> str:
        """The commitments, each with a link to its form."""
        if obj.pk is None:
            return gettext("Save the event first; then each commitment has its own form.")
        return commitment_links(obj.commitments, f"?event={obj.pk}")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Add the commitments, which are edited on their own forms."""
        return (*super().get_readonly_fields(request, obj), "commitments_made")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Fetch the places of all events of the page at once."""
        changelist = super().get_changelist_instance(request)
        changelist.result_list = changelist.result_list.prefetch_related(with_places())
        return changelist

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Leave out the steps of a new event, which has not changed yet."""
        return [inline for inline in self.inlines if obj or inline is not EventStepInline]

    # Saving

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        """Give the rows of people access to the rows of parties in the same form."""
        formsets, inlines = super()._create_formsets(request, obj, change)
        by_model = {formset.model: formset for formset in formsets}
        if Attendance in by_model and Participation in by_model:
            by_model[Attendance].participations = by_model[Participation]
        return formsets, inlines

    def save_rows(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows in an order in which each attendance has an involved party throughout."""
        form.save_sectors()
        by_model = {formset.model: formset for formset in formsets}
        attendances = by_model.pop(Attendance, None)
        steps = by_model.pop(EventStep, None)
        for formset in by_model.values():
            self.save_formset(request, form, formset, change=change)
        involvement.add_missing(events=[form.instance.pk])
        for formset in (attendances, steps):
            if formset is not None:
                self.save_formset(request, form, formset, change=change)

    def refresh_derived(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Update who took part and the event's search texts."""
        events.refresh_derived(events=[form.instance.pk])
        form.instance.refresh_from_db(fields=list(search.FORMS))

    def discard(self, obj: Event) -> None:
        events.delete_draft(event=obj)

    # Follow-ups and previews

    def doubts(self, obj: Event) -> list[str]:
        """Add the guesses of the program that no source supports."""
        return [*_follow_up.guesses(obj), *super().doubts(obj)]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Fill in the next meeting, if the query string asks for a follow-up."""
        follow_up = _follow_up.from_request(request)
        if follow_up is None:
            return super().get_changeform_initial_data(request)  # type: ignore[no-any-return]
        request.prefilled = {  # type: ignore[attr-defined]
            Participation: _follow_up.participations(follow_up)
        }
        for remark in _follow_up.remarks(follow_up, request.get_full_path()):
            self.message_user(request, remark, messages.INFO)
        return _follow_up.initial(follow_up)

    def preview_context(self, obj: Event) -> dict[str, Any]:
        page = detail(obj, today=today())
        return {"page": page, "event": page.event}
