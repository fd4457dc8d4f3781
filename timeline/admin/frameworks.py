"""Frameworks with their sides and the order of hosts."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from timeline.admin._citations import CitationInline
from timeline.admin._publication import PublishableAdmin
from timeline.admin._rule_change import RuleAdmin, remarks
from timeline.admin._searches import SearchedAdmin
from timeline.admin._shared import PartAdmin, Rows, by_year
from timeline.clock import today
from timeline.forms.frameworks import FrameworkForm, HostOrderFormSet, PlacedForm, SideFormSet
from timeline.models import Framework, HostOrder, Side
from timeline.pictures.ribbon import figure as ribbon
from timeline.queries.as_of import AsOf
from timeline.queries.pages import framework_page


class SideInline(Rows):
    """The sides in the order of their turns; the hosts of a bloc are ordered on its own page."""

    model = Side
    form = PlacedForm
    formset = SideFormSet
    autocomplete_fields = ("party",)
    fields = ("position", "party", "member_order")
    show_change_link = True
    verbose_name_plural = _("sides, in the order of their turns")


class HostOrderInline(Rows):
    """The members of a bloc in the order in which they host."""

    model = HostOrder
    form = PlacedForm
    formset = HostOrderFormSet
    autocomplete_fields = ("party",)
    fields = ("position", "party")


@admin.register(Side)
class SideAdmin(RuleAdmin, PartAdmin):
    """A side of a framework, with the order in which a bloc's members host."""

    owner = "framework"
    inlines = (HostOrderInline,)

    def affected(self, obj: Side) -> Framework:
        return obj.framework


@admin.register(Framework)
class FrameworkAdmin(RuleAdmin, SearchedAdmin, PublishableAdmin):
    form = FrameworkForm
    public_page = "timeline:framework"
    preview_template = "pages/framework.html"
    change_form_template = "admin/timeline/framework/change_form.html"
    list_display = ("title_shown", "rotation", "cadence_months", "starts", "ended", "publication")
    list_display_links = ("title_shown",)
    list_filter = ("publication", "rotation", by_year("starts_earliest", "starts_latest"))
    list_select_related = ("fixed_host",)
    search_fields = ("slug",)
    folded_fields = ("folded_title",)
    autocomplete_fields = ("fixed_host",)
    inlines = (SideInline, CitationInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("title_fr", "title_en"),
                    ("summary_fr", "summary_en"),
                    ("rotation", "fixed_host"),
                    ("cadence_months", "tolerance_months"),
                    ("starts", "ended"),
                    "searched_until",
                    "slug",
                    "unusual",
                )
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

    @admin.display(description=_("title"), ordering="slug")
    def title_shown(self, obj: Framework) -> str:
        """The title in the editor's language."""
        return str(obj.title)

    @admin.display(description=_("worth knowing"))
    def unusual(self, obj: Framework) -> str:
        """Return warnings about the state of the framework, which may nevertheless be right."""
        if obj.pk is None:
            return "–"
        rows = ((sentence,) for sentence in remarks(obj))
        return format_html_join(mark_safe("<br>"), "{}", rows) or "–"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Add what is unusual, which is computed."""
        return (*super().get_readonly_fields(request, obj), "unusual")

    def preview_context(self, obj: Framework) -> dict[str, Any]:
        page = framework_page(obj, AsOf(today()))
        return {**page, **ribbon.pictures(page["view"], today())}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Number the sides of a new framework."""
        request.prefilled = {Side: [{"position": 1}, {"position": 2}]}  # type: ignore[attr-defined]
        return super().get_changeform_initial_data(request)  # type: ignore[no-any-return]
