"""Commitments with their parties, citations and steps."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.actions import commitments
from timeline.admin._citations import CitationInline
from timeline.admin._merging import MergeableAdmin
from timeline.admin._publication import PublishableAdmin
from timeline.admin._shared import Rows, by_year, is_key
from timeline.admin._steps import StepInline
from timeline.clock import today
from timeline.core.codes import CommitmentRole, CommitmentStatus
from timeline.forms.commitments import CommitmentForm, StatusUpdateForm, StatusUpdateFormSet
from timeline.models import Citation, Commitment, CommitmentParty, Event, StatusUpdate
from timeline.queries.as_of import AsOf
from timeline.queries.pages import commitment_page
from timeline.queries.reminders import late_commitments


class PartyInline(Rows):
    """The parties that owe it and those that it is owed to."""

    model = CommitmentParty
    autocomplete_fields = ("party",)
    verbose_name = _("party")
    verbose_name_plural = _("who undertakes it, and who is owed it")


class StatusUpdateInline(StepInline):
    """The steps of its life, which are added and never edited."""

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
        """Fetch the event and the corrected step as well."""
        return super().related_rows(rows).select_related("event", "corrects")


class LateFilter(admin.SimpleListFilter):
    """Published commitments that are overdue or quiet, as the ledger counts them."""

    title = _("late")
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("overdue", _("overdue")), ("quiet", _("quiet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        clock = self.value()
        if clock not in ("overdue", "quiet"):
            return queryset
        return queryset.filter(pk__in=late_commitments(clock, today()))


class MutualFilter(admin.SimpleListFilter):
    """Mutual commitments, or those that may be because two sides made them together."""

    title = _("mutual")
    parameter_name = "mutual"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("mutual")), ("maybe", _("made together, not ticked"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return queryset.filter(mutual=True)
        if self.value() == "maybe":
            return commitments.may_be_mutual(queryset.filter(mutual=False))
        return queryset


@admin.register(Commitment)
class CommitmentAdmin(MergeableAdmin, PublishableAdmin):
    form = CommitmentForm
    actions = (*PublishableAdmin.actions, *MergeableAdmin.actions)
    public_page = "timeline:commitment"
    preview_template = "pages/commitment.html"
    list_display = ("title_shown", "event", "made", "nature", "due", "publication")
    list_display_links = ("title_shown",)
    list_filter = (
        "publication",
        "nature",
        LateFilter,
        MutualFilter,
        "restatement",
        by_year("first_made", "last_made"),
    )
    list_select_related = ("event",)
    search_fields = ("slug",)
    folded_fields = ("folded_text",)
    autocomplete_fields = ("event", "instrument", "restates", "answers")
    inlines = (PartyInline, CitationInline, StatusUpdateInline)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask for the first state only on the form of a new commitment."""
        first = ("event", "made_on") if obj else ("event", "made_on", "first_status")
        return (
            (
                None,
                {
                    "fields": (
                        first,
                        ("title_fr", "title_en"),
                        ("wording_fr", "wording_en"),
                        ("condition_fr", "condition_en"),
                        "due",
                        ("instrument", "article"),
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

    @admin.display(description=_("made"), ordering="first_made")
    def made(self, obj: Commitment) -> str:
        """The day on which it was made, as recorded."""
        return obj.date_made.text

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Fetch commitments with the days on which they were made."""
        return super().get_queryset(request).with_days_made()  # type: ignore[no-any-return]

    @admin.display(description=_("sectors"))
    def about(self, obj: Commitment) -> str:
        """The sectors, for those who may only view them."""
        return ", ".join(str(sector) for sector in obj.sectors.all())

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Leave out the steps of a new commitment: the first is created with it."""
        return [inline for inline in self.inlines if obj or inline is not StatusUpdateInline]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Fill in the parties and the source of the event named in the query string."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        key = str(initial.get("event", ""))
        if not is_key(key):
            initial.pop("event", None)
            return initial
        event = Event.objects.filter(pk=key).first()
        if event is not None:
            parties = event.participations.order_by("pk").values_list("party", flat=True)
            citations = event.citations.filter(field="").order_by("pk")[:1]
            request.prefilled = {  # type: ignore[attr-defined]
                CommitmentParty: [
                    {"party": party, "role": CommitmentRole.OBLIGOR.value}
                    for party in dict.fromkeys(parties)
                ],
                Citation: [{"source": citation.source_id} for citation in citations],
            }
        return initial

    def save_rows(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        form.save_sectors()
        super().save_rows(request, form, formsets, change)

    def refresh_derived(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Check the parties, create the first step, and check that none lies too early."""
        commitments.check_roles(commitment=form.instance)
        by_editor = change or "mutual" in form.changed_data
        commitments.settle_mutual(commitment=form.instance, by_editor=by_editor)
        status = form.cleaned_data.get("first_status") or CommitmentStatus.ANNOUNCED
        commitments.create_first_update(commitment=form.instance, status=CommitmentStatus(status))
        commitments.check_steps(commitment=form.instance)

    def preview_context(self, obj: Commitment) -> dict[str, Any]:
        return commitment_page(obj, AsOf(today()))
