"""'Add follow-up meeting': what the record can tell of the next one, filled into the form."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from timeline.clock import today
from timeline.core import dates
from timeline.core.codes import EventState
from timeline.models import Event, Framework
from timeline.queries.frameworks import FollowUp, follow_up_of_event, follow_up_of_framework


def asked_for(request: HttpRequest) -> FollowUp | None:
    """The follow-up that the address asks for, if it names a record that exists."""
    event = request.GET.get("follow_up_event", "")
    framework = request.GET.get("follow_up_framework", "")
    if _is_key(event):
        followed = Event.objects.select_related("framework").filter(pk=event).first()
        return follow_up_of_event(followed, today=today()) if followed else None
    if _is_key(framework):
        found = Framework.objects.filter(pk=framework).first()
        return follow_up_of_framework(found, today=today()) if found else None
    return None


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def initial(found: FollowUp) -> dict[str, Any]:
    """The values that the form opens with; the title is a start, to be made better."""
    named = found.framework or found.follows
    titles = {"fr": "Prochaine réunion : {}", "en": "Next meeting: {}"}
    said = {f"title_{code}": getattr(named, f"title_{code}", "") for code in titles}
    return {
        **{
            key: titles[key[-2:]].format(title)[:240] if title else ""
            for key, title in said.items()
        },
        "kind": found.kind,
        "state": EventState.PLANNED.value,
        "date": found.date,
        "framework": found.framework.pk if found.framework else None,
        "takes_turn": found.takes_turn,
        "follows": found.follows.pk if found.follows else None,
        "about": list(found.sectors),
    }


def participations(found: FollowUp) -> list[dict[str, Any]]:
    """The rows of parties that the form opens with."""
    return [{"party": party.pk, "role": role.value} for party, role in found.parties]


def remarks(found: FollowUp) -> list[str]:
    """What the editor is told about where the values come from."""
    language = (get_language() or "fr")[:2]
    told = [
        _("Planned already, %(date)s: “%(title)s” (%(publication)s).")
        % {
            "date": dates.wording(one.date, language),
            "title": one.title,
            "publication": one.get_publication_display(),
        }
        for one in found.already
    ]
    if found.framework is None:
        told.append(_("The year %(date)s is a guess: change it.") % {"date": found.date})
    elif found.window is None:
        told.append(
            _("No source states a cadence, so the year %(date)s is a guess: change it.")
            % {"date": found.date}
        )
    else:
        window = {
            "first": dates.day_wording(found.window.first, language),
            "last": dates.day_wording(found.window.last, language),
            "date": found.date,
        }
        if found.window.last < today():
            said = _(
                "By the cadence it was expected from %(first)s to %(last)s, which is past, so "
                "%(date)s is a guess: change it."
            )
        else:
            said = _("Expected from %(first)s to %(last)s by the cadence; filled in: %(date)s.")
        told.append(said % window)
    if len(found.candidates) > 1:
        names = ", ".join(str(party) for party in found.candidates)
        told.append(
            _("The host may be one of %(names)s: name the one that a source names.")
            % {"names": names}
        )
    return told
