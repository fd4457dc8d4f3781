"""'Record a ratification': what was done with a text, on a page of its own."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.admin.helpers import AdminForm, Fieldset
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from timeline.actions import review
from timeline.admin import _meanwhile as meanwhile
from timeline.admin._effects import BACK, EffectsAdmin, Unconfirmed, as_typed
from timeline.admin._shared import is_key, refusal, use_autocompletes
from timeline.clock import today
from timeline.core import dates
from timeline.core.codes import InstrumentAct
from timeline.forms.instruments import ActForm, NewEventForm
from timeline.jinja2 import language
from timeline.models import Citation, Event, EventPlace, Instrument, InstrumentStep

_CHOSEN: Final = {
    "event": InstrumentStep._meta.get_field("event"),
    "later_instrument": InstrumentStep._meta.get_field("later_instrument"),
    "source": Citation._meta.get_field("source"),
}
_PLACE: Final = {"place": EventPlace._meta.get_field("place")}
"""What is chosen on the page as on other forms."""

_DONE: Final[Any] = (
    (None, {"fields": (("act", "done", "effect"), "parties")}),
    (_("At an event that is on record"), {"fields": ("event",)}),
)
_MADE: Final[Any] = (
    (
        _("Or at an event that is made with it, as a draft of the same day and parties"),
        {"fields": (("title_fr", "title_en"), ("kind", "place"))},
    ),
)
_SUPPORTED: Final[Any] = (
    (_("Source"), {"fields": (("source", "stance"), ("because_fr", "because_en"), "excerpt")}),
    (
        _("An exception, a withdrawal, a correction, another text, a note"),
        {
            "classes": ("collapse",),
            "fields": (
                ("reason_fr", "reason_en"),
                ("regards", "corrects", "later_instrument"),
                ("note_fr", "note_en"),
            ),
        },
    ),
)


class ActsAdmin(EffectsAdmin):
    """Texts, with the page on which what was done with one is recorded."""

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which a ratification, or another act, is recorded."""
        view = self.admin_site.admin_view(self.act_view)
        return [
            path("<int:key>/act/", view, name="timeline_instrument_act"),
            *super().get_urls(),
        ]

    def act_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Ask what was done, show what that would change, then record it."""
        instrument = self.get_object(request, str(key))
        if instrument is None:
            raise Http404
        if not self.has_change_permission(request, instrument):
            raise PermissionDenied
        form = self._act_form(request, instrument)
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    steps = self._record(request, instrument, form)
            except Unconfirmed as unconfirmed:
                return self.ask(request, unconfirmed)
            except ValidationError as error:
                form.add_error(None, error)
            except IntegrityError as error:
                form.add_error(None, refusal(error))
            else:
                self._say(request, steps, form)
                return HttpResponseRedirect(self.page("change", instrument.pk))
        return self._act_page(request, instrument, form)

    def _act_form(self, request: HttpRequest, instrument: Instrument) -> ActForm:
        new_event = NewEventForm(
            request.POST or None,
            prefix="new_event",
            empty_permitted=True,
            use_required_attribute=False,
        )
        use_autocompletes(new_event, self.admin_site, _PLACE)
        form = ActForm(
            request.POST or None,
            instrument=instrument,
            new_event=new_event,
            today=today(),
            readers_see_it=instrument.is_public,
            initial=_initial(request, instrument),
        )
        use_autocompletes(form, self.admin_site, _CHOSEN)
        for field in (*form.fields.values(), *new_event.fields.values()):
            field.label = capfirst(field.label or "")
        if BACK in request.POST:
            form.refusal = as_typed()  # type: ignore[misc]
        return form

    def _record(
        self, request: HttpRequest, instrument: Instrument, form: ActForm
    ) -> list[InstrumentStep]:
        """Record the steps; raise Unconfirmed unless exactly what they change was shown."""
        meanwhile.refuse(instrument, request.POST.get(meanwhile.SEEN))
        review.refuse_public_change(row=instrument, by=request.user)
        # Locked, so that saving changes exactly what is shown.
        Instrument.objects.select_for_update().filter(pk=instrument.pk).first()
        before = self.standing(instrument)
        steps = form.save_steps()
        after = self.standing(instrument)
        self.rewrite(after)
        added = tuple(_wording(step, form) for step in steps)
        unconfirmed = Unconfirmed(instrument, self.effects(before, after), added)
        if not unconfirmed.is_confirmed(request):
            raise unconfirmed
        return steps

    def _say(self, request: HttpRequest, steps: list[InstrumentStep], form: ActForm) -> None:
        count = len(steps)
        message = ngettext("%(count)d step is recorded.", "%(count)d steps are recorded.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS)
        event = steps[0].event
        if event is not None and not event.is_public:
            address = reverse("admin:timeline_event_change", args=(event.pk,))
            said = gettext("Readers do not see the event until it is published:")
            link = format_html('{} <a href="{}">{}</a>', said, address, event.title)
            self.message_user(request, link, messages.WARNING)

    def _act_page(
        self, request: HttpRequest, instrument: Instrument, form: ActForm
    ) -> TemplateResponse:
        is_ratification = request.GET.get("act") == InstrumentAct.RATIFIED
        fieldsets: list[Fieldset] = [
            *AdminForm(form, _DONE, {}),
            *AdminForm(form.new_event, _MADE, {}),
            *AdminForm(form, _SUPPORTED, {}),
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Record a ratification")
            if is_ratification
            else gettext("Record what was done"),
            "explanation": gettext(
                "Each party has a step of its own. What the steps would change is shown before "
                "anything is saved."
            ),
            "button": gettext("Show what this would change"),
            "opts": self.opts,
            "original": instrument,
            "seen": request.POST.get(meanwhile.SEEN) or getattr(request, "seen", None),
            "form": form,
            "fieldsets": fieldsets,
            "media": self.media + form.media + form.new_event.media,
        }
        return TemplateResponse(request, "admin/timeline/instrument/act.html", context)


def _initial(request: HttpRequest, instrument: Instrument) -> dict[str, Any]:
    """Return what the address fills in: what was done, by which party, at which event."""
    asked = {name: request.GET.get(name, "") for name in ("act", "party", "event")}
    initial: dict[str, Any] = {"act": asked["act"]}
    if is_key(asked["event"]) and (event := Event.objects.filter(pk=asked["event"]).first()):
        present = event.participations.values("party")
        parties = instrument.party_links.filter(party__in=present)
        initial |= {
            "event": event.pk,
            "done": "" if event.ongoing else event.date.text,
            "parties": list(parties.values_list("party", flat=True)),
        }
    if is_key(asked["party"]):
        initial["parties"] = [asked["party"]]
    return initial


def _wording(step: InstrumentStep, form: ActForm) -> str:
    """Say in one line what a step records."""
    parts = [
        str(step.party or gettext("The text")),
        step.get_act_display(),
        dates.wording(step.done, language()),
    ]
    if step.effect is not None:
        effect = dates.wording(step.effect, language())
        parts.append(gettext("takes effect %(date)s") % {"date": effect})
    if step.event is not None:
        parts.append(gettext("at “%(event)s”") % {"event": step.event.title})
    if form.cleaned_data["source"] is not None:
        parts.append(str(form.cleaned_data["source"]))
    return " · ".join(parts)
