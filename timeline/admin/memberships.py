"""Who belonged to what, and when."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.actions import events
from timeline.admin._citations import CitationInline
from timeline.admin._shared import RecordAdmin, by_year
from timeline.models import Membership, PartyName


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    """The editors' page of a membership."""

    list_display = ("shown", "party", "bloc", "starts", "ends")
    list_filter = (
        ("bloc", admin.RelatedOnlyFieldListFilter),
        by_year("starts_earliest", "starts_latest"),
    )
    list_select_related = ("party", "bloc")
    search_fields = ("party__code", "bloc__code")
    folded_fields = ("party__folded_names", "bloc__folded_names")
    spelled_in = ((PartyName, "party", "party"), (PartyName, "party", "bloc"))
    autocomplete_fields = ("party", "bloc")
    inlines = (CitationInline,)
    fieldsets = (
        (
            None,
            {"fields": (("party", "bloc"), ("starts", "ends"))},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Fetch a membership with the parties that name it."""
        rows = super().get_queryset(request)
        return rows.select_related("party", "bloc")  # type: ignore[no-any-return]

    @admin.display(description=_("membership"))
    def shown(self, obj: Membership) -> str:
        """Both parties by name."""
        return f"{obj.party} – {obj.bloc}"

    def refresh_derived(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Resolve who took part in the events of the bloc, and of the bloc that it was."""
        blocs = {form.instance.bloc_id}
        if change and "bloc" in form.changed_data:
            blocs.add(form.initial["bloc"])
        for bloc in sorted(blocs):
            events.settle_membership(bloc=bloc)

    def discard(self, obj: Membership) -> None:
        """Delete a membership with the involvement that came of it."""
        events.remove_membership(membership=obj)
