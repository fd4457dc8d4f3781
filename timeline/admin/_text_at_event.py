"""'Add the text signed here', and what was done with a text at an event, from the event's form."""

from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline.admin._shared import RecordAdmin, is_key, links, use_autocompletes
from timeline.core.codes import EventState, InstrumentAct, ParticipationRole
from timeline.forms.instruments import ChosenTextForm
from timeline.models import (
    Citation,
    Event,
    InstrumentParty,
    InstrumentStep,
    Source,
)

_CHOSEN: Final = {"instrument": InstrumentStep._meta.get_field("later_instrument")}
"""A text is chosen as on other forms."""


def event_of(request: HttpRequest) -> Event | None:
    """Return the event that the query string names, or None if no such event exists."""
    key = request.GET.get("event", "")
    return Event.objects.filter(pk=key).first() if is_key(key) else None


def initial(event: Event) -> dict[str, Any]:
    """Return the initial values of the form of a text signed at an event."""
    return {"date": _day(event)}


def rows(event: Event) -> dict[type[Any], list[dict[str, Any]]]:
    """Return the initial rows: who signed the text, that they did, and the event's sources.

    The signatories are its parties, else all that took part directly. What has yet to be held was
    not signed yet.
    """
    by_role: dict[bool, dict[int, None]] = {True: {}, False: {}}
    for party, role in event.participations.order_by("pk").values_list("party", "role"):
        if role != ParticipationRole.ADDRESSEE:
            by_role[role == ParticipationRole.SIGNATORY][party] = None
    parties = list(by_role[True] or by_role[False])
    cited = Source.objects.filter(citations__event=event).order_by("citations__pk")
    sources = list(dict.fromkeys(cited.values_list("pk", flat=True)))
    signed = {
        "act": InstrumentAct.SIGNED.value,
        "done": _day(event),
        "event": event.pk,
        "source": next(iter(sources), None),
    }
    is_held = event.state == EventState.HELD
    return {
        InstrumentParty: [{"party": party} for party in parties],
        InstrumentStep: [{"party": party, **signed} for party in parties] if is_held else [],
        Citation: [{"source": source} for source in sources],
    }


def _day(event: Event) -> str:
    """Return the date of the event as that of what was done once; empty if the event goes on."""
    return "" if event.ongoing else event.date.text


class TextsOfEventAdmin(RecordAdmin):
    """Events, with what was done with texts there."""

    @admin.display(description=_("what was done with texts there"))
    def texts(self, obj: Event) -> str:
        """The steps that name the event, each with a link to its text, and what can be added."""
        if obj.pk is None:
            return gettext("Save the event first; then add the text that was signed there.")
        steps = obj.instrument_steps.select_related("instrument", "party").order_by("pk")
        done = [
            (
                reverse("admin:timeline_instrument_change", args=(step.instrument_id,)),
                str(step.instrument),
                " · ".join(filter(None, (str(step.party or ""), step.get_act_display()))),
            )
            for step in steps
        ]
        new = reverse("admin:timeline_instrument_add") + f"?event={obj.pk}"
        return format_html(
            '{}<a class="addlink" href="{}">{}</a> <a class="addlink" href="{}">{}</a>',
            links(done),
            new,
            gettext("Add the text signed here"),
            self.page("text", obj.pk),
            gettext("Record what was done with a text here"),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Add what was done with texts, which is edited on their own forms."""
        return (*super().get_readonly_fields(request, obj), "texts")

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which the text is chosen."""
        view = self.admin_site.admin_view(self.text_view)
        return [
            path("<int:key>/text/", view, name="timeline_event_text"),
            *super().get_urls(),
        ]

    def text_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Ask for the text, then lead to the page that records what was done with it."""
        event = self.get_object(request, str(key))
        if event is None:
            raise Http404
        if not request.user.has_perm("timeline.change_instrument"):
            raise PermissionDenied
        form = ChosenTextForm(request.POST or None)
        use_autocompletes(form, self.admin_site, _CHOSEN)
        if request.method == "POST" and form.is_valid():
            text = form.cleaned_data["instrument"]
            address = reverse("admin:timeline_instrument_act", args=(text.pk,))
            return HttpResponseRedirect(f"{address}?event={event.pk}")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Record what was done with a text here"),
            "button": gettext("Choose"),
            "opts": self.opts,
            "original": event,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/timeline/own_page.html", context)
