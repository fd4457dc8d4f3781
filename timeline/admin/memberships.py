"""Memberships, and the changes of their standing."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline.actions import memberships, review
from timeline.admin import _meanwhile as meanwhile
from timeline.admin._citations import CitationInline
from timeline.admin._shared import CitedRows, RecordAdmin, Rows, by_year, use_autocompletes
from timeline.core.codes import MembershipStanding
from timeline.forms.memberships import SpellForm
from timeline.models import Citation, Membership, MembershipRemark, PartyName


class SpellChange(NamedTuple):
    """A change of a spell: the standings that allow it, its action, and its texts for editors."""

    standings: tuple[MembershipStanding, ...]
    action: Callable[..., Membership]
    label: Promise
    explanation: Promise
    done: Promise


CHANGES: Final[Mapping[str, SpellChange]] = {
    "suspend": SpellChange(
        (MembershipStanding.MEMBER,),
        memberships.suspend,
        _("Suspend"),
        _(
            "The spell as a member ends on this day and a suspended one begins. From then on the "
            "party takes part in nothing through the bloc."
        ),
        _("Suspended: this is the new spell."),
    ),
    "readmit": SpellChange(
        (MembershipStanding.SUSPENDED,),
        memberships.readmit,
        _("Readmit"),
        _("The suspension ends on this day and a new spell as a member begins."),
        _("Readmitted: this is the new spell."),
    ),
    "leave": SpellChange(
        tuple(MembershipStanding),
        memberships.leave,
        _("Leave"),
        _(
            "The last spell ends: give the first day on which the party no longer belonged to the "
            "bloc."
        ),
        _("The party has left: the spell has its end."),
    ),
}
"""The changes of a spell, by their name in the address."""


_CHOSEN: Final = {
    "event": Membership._meta.get_field("start_event"),
    "source": Citation._meta.get_field("source"),
}
"""What is chosen on the page of a change as on other forms."""


class RemarkInline(CitedRows, Rows):
    """What was announced and notified of the spell."""

    model = MembershipRemark
    fields = ("kind", "date", "event", "sources")
    autocomplete_fields = ("event",)
    verbose_name = _("announcement or notification")
    verbose_name_plural = _("joining or leaving, announced or notified before it took effect")

    def related_rows(self, rows: Any) -> Any:
        """Name the event."""
        return rows.select_related("event")


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    change_form_template = "admin/timeline/membership/change_form.html"
    list_display = ("shown", "party", "bloc", "standing", "starts", "ends")
    list_filter = (
        "standing",
        ("bloc", admin.RelatedOnlyFieldListFilter),
        by_year("starts_earliest", "starts_latest"),
    )
    list_select_related = ("party", "bloc")
    search_fields = ("party__code", "bloc__code")
    folded_fields = ("party__folded_names", "bloc__folded_names")
    spelled_in = ((PartyName, "party", "party"), (PartyName, "party", "bloc"))
    autocomplete_fields = ("party", "bloc", "start_event", "end_event")
    inlines = (RemarkInline, CitationInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("party", "bloc", "standing"),
                    ("starts", "start_event"),
                    ("ends", "end_event"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Fetch memberships with their parties, which their names contain."""
        rows = super().get_queryset(request)
        return rows.select_related("party", "bloc")  # type: ignore[no-any-return]

    @admin.display(description=_("membership"))
    def shown(self, obj: Membership) -> str:
        """Both parties by name."""
        return f"{obj.party} – {obj.bloc}"

    def refresh_derived(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Update who took part in events of the bloc and, if it was another, of the former one."""
        blocs = {form.instance.bloc_id}
        if change and "bloc" in form.changed_data:
            blocs.add(form.initial["bloc"])
        for bloc in sorted(blocs):
            memberships.refresh_derived(bloc=bloc)

    def discard(self, obj: Membership) -> None:
        memberships.remove(membership=obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Offer the changes that the spell allows."""
        spell = kwargs.get("obj")
        if spell is not None and self.has_change_permission(request, spell):
            context["spell_changes"] = [
                (name, change.label)
                for name, change in CHANGES.items()
                if spell.standing in change.standings and (name != "leave" or spell.ends is None)
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which a party is suspended, readmitted or leaves."""
        view = self.admin_site.admin_view(self.spell_view)
        return [
            path("<int:key>/<slug:change>/spell/", view, name="timeline_membership_spell"),
            *super().get_urls(),
        ]

    def spell_view(self, request: HttpRequest, key: int, change: str) -> HttpResponse:
        """Ask for the day and the source of a change, then apply it to the spell."""
        membership = self.get_object(request, str(key))
        if membership is None or change not in CHANGES:
            raise Http404
        if not self.has_change_permission(request, membership):
            raise PermissionDenied
        chosen = CHANGES[change]
        form = SpellForm(request.POST or None, readers_see_it=review.is_public(membership))
        use_autocompletes(form, self.admin_site, _CHOSEN)
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    meanwhile.refuse(membership, request.POST.get(meanwhile.SEEN))
                    review.refuse_public_change(row=membership, by=request.user)
                    spell = chosen.action(
                        membership=membership,
                        on=form.cleaned_data["on"],
                        event=form.cleaned_data["event"],
                        evidence=form.evidence(),
                    )
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                self.message_user(request, str(chosen.done), messages.SUCCESS)
                return HttpResponseRedirect(self.page("change", spell.pk))
        context = {
            **self.admin_site.each_context(request),
            "title": chosen.label,
            "explanation": chosen.explanation,
            "opts": self.opts,
            "original": self.get_object(request, str(key)),
            "seen": getattr(request, "seen", None),
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/timeline/own_page.html", context)
