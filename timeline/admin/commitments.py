"""Commitments, their parties and the steps of their life."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.actions import commitments
from timeline.admin._citations import CitationInline
from timeline.admin._publication import PublishableAdmin
from timeline.admin._shared import Rows, by_year
from timeline.admin._steps import StepInline
from timeline.clock import today
from timeline.core.codes import CommitmentRole, CommitmentStatus
from timeline.forms.commitments import CommitmentForm, StatusUpdateForm, StatusUpdateFormSet
from timeline.models import Citation, Commitment, CommitmentParty, Event, StatusUpdate
from timeline.queries.as_of import AsOf
from timeline.queries.pages import commitment_page
from timeline.queries.reminders import late_commitments


class PartyInline(Rows):
    """Who owes it and who is owed it."""

    model = CommitmentParty
    autocomplete_fields = ("party",)
    verbose_name = _("party")
    verbose_name_plural = _("who undertakes it, and who is owed it")


class StatusUpdateInline(StepInline):
    """Its life: steps are added, never edited."""

    model = StatusUpdate
    form = StatusUpdateForm
    formset = StatusUpdateFormSet
    autocomplete_fields = ("event",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("date", "status", "corrects", "event"),
                    *StepInline.evidence,
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
        """Name the event and the step corrected."""
        return super().related_rows(rows).select_related("event", "corrects")


class LateFilter(admin.SimpleListFilter):
    """Published commitments that one of the two clocks finds late, as the ledger does."""

    title = _("late")
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The two clocks."""
        return [("overdue", _("overdue")), ("quiet", _("quiet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what the clock chosen finds."""
        clock = self.value()
        if clock not in ("overdue", "quiet"):
            return queryset
        return queryset.filter(pk__in=late_commitments(clock, today()))


class MutualFilter(admin.SimpleListFilter):
    """Commitments that are mutual, and those that two sides made together and that may be."""

    title = _("mutual")
    parameter_name = "mutual"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What they are, and what an editor has still to decide."""
        return [("yes", _("mutual")), ("maybe", _("made together, not ticked"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep those chosen."""
        if self.value() == "yes":
            return queryset.filter(mutual=True)
        if self.value() == "maybe":
            return commitments.may_be_mutual(queryset.filter(mutual=False))
        return queryset


@admin.register(Commitment)
class CommitmentAdmin(PublishableAdmin):
    """The editors' page of a commitment."""

    form = CommitmentForm
    public_page = "timeline:commitment"
    preview_template = "pages/commitment.html"
    list_display = ("title_shown", "event", "nature", "due", "publication")
    list_display_links = ("title_shown",)
    list_filter = (
        "publication",
        "nature",
        LateFilter,
        MutualFilter,
        "restatement",
        by_year("event__earliest", "event__latest"),
    )
    list_select_related = ("event",)
    search_fields = ("slug",)
    folded_fields = ("folded_text",)
    autocomplete_fields = ("event", "restates", "answers")
    inlines = (PartyInline, CitationInline, StatusUpdateInline)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask for the state at the event only of a new commitment."""
        first = ("event", "due") if obj else ("event", "due", "first_status")
        return (
            (
                None,
                {
                    "fields": (
                        first,
                        ("title_fr", "title_en"),
                        ("wording_fr", "wording_en"),
                        ("nature", "answers", "mutual"),
                        "about",
                    )
                },
            ),
            (
                _("Restatement of an earlier commitment, slug"),
                {"classes": ("collapse",), "fields": (("restates", "restatement"), "slug")},
            ),
            (
                _("Publication"),
                {
                    "classes": ("collapse",),
                    "fields": (("publication", "published_at"), "withdrawn_for"),
                },
            ),
        )

    @admin.display(description=_("title"), ordering="slug")
    def title_shown(self, obj: Commitment) -> str:
        """The title in the editor's language."""
        return str(obj.title)

    @admin.display(description=_("sectors"))
    def about(self, obj: Commitment) -> str:
        """The sectors, where they cannot be ticked."""
        return ", ".join(str(sector) for sector in obj.sectors.all())

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """A new commitment's first step is made with it."""
        return [one for one in self.inlines if obj or one is not StatusUpdateInline]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Open with the parties and the source of the event that the address names."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        key = str(initial.get("event", ""))
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            initial.pop("event", None)
            return initial
        event = Event.objects.filter(pk=key).first()
        if event is not None:
            parties = event.participations.order_by("pk").values_list("party", flat=True)
            cited = event.citations.filter(field="").order_by("pk")[:1]
            request.prefilled = {  # type: ignore[attr-defined]
                CommitmentParty: [
                    {"party": party, "role": CommitmentRole.OBLIGOR.value}
                    for party in dict.fromkeys(parties)
                ],
                Citation: [{"source": one.source_id} for one in cited],
            }
        return initial

    def save_rows(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save its sectors and rows."""
        form.save_sectors()
        super().save_rows(request, form, formsets, change)

    def refresh_derived(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Make the first step of its life, from its event and its sources."""
        commitments.check_roles(commitment=form.instance)
        asked = change or "mutual" in form.changed_data
        commitments.settle_mutual(commitment=form.instance, asked=asked)
        status = form.cleaned_data.get("first_status") or CommitmentStatus.ANNOUNCED
        commitments.create_first_update(commitment=form.instance, status=CommitmentStatus(status))

    def preview_context(self, obj: Commitment) -> dict[str, Any]:
        """What the public page would show."""
        return commitment_page(obj, AsOf(today()))
