"""'Add follow-up meeting': what the record can tell of the next one, filled into the form."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.clock import today
from timeline.core import dates
from timeline.core.codes import EventState, ParticipationRole
from timeline.jinja2 import language
from timeline.models import Event, Framework
from timeline.queries.frameworks import (
    FollowUp,
    follow_up_of_event,
    follow_up_of_framework,
    months_of,
)


def asked_for(request: HttpRequest) -> FollowUp | None:
    """The follow-up that the address asks for, if it names a record that exists.

    ``follow_up_date`` is the date of the meeting where the editor knows it.
    """
    event = request.GET.get("follow_up_event", "")
    framework = request.GET.get("follow_up_framework", "")
    on = _date(request.GET.get("follow_up_date", ""))
    if _is_key(event):
        followed = Event.objects.select_related("framework").filter(pk=event).first()
        return follow_up_of_event(followed, today=today(), on=on) if followed else None
    if _is_key(framework):
        found = Framework.objects.filter(pk=framework).first()
        return follow_up_of_framework(found, today=today(), on=on) if found else None
    return None


def _date(typed: str) -> dates.EdtfDate | None:
    try:
        return dates.parse(typed)
    except dates.EdtfError:
        return None


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def guesses(event: Event) -> list[str]:
    """What a planned meeting says just as the program would fill it in, and no source supports.

    Worked out anew from what it follows, so that a draft saved as it opened is asked about, too.
    """
    if event.state != EventState.PLANNED or event.published_at is not None:
        return []
    if event.follows is not None:
        found = follow_up_of_event(event.follows, today=today())
    elif event.framework is not None:
        found = follow_up_of_framework(event.framework, today=today())
    else:
        return []
    reader = language()
    told = []
    cited = set(event.citations.values_list("field", flat=True))
    if event.date.text == found.date and "date" not in cited:
        told.append(
            _("Its date, %(date)s, is a guess of the program that no source supports.")
            % {"date": dates.wording(event.date, reader)}
        )
    hosts = [
        row
        for row in event.participations.select_related("party")
        if row.role == ParticipationRole.HOST
    ]
    for row in hosts:
        if row.party == found.host and not row.citations.exists() and "parties" not in cited:
            told.append(
                _("Its host, %(party)s, is a guess of the program that no source supports.")
                % {"party": row.party}
            )
    return told


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
        "state": (EventState.HELD if found.past else EventState.PLANNED).value,
        "date": found.date,
        "framework": found.framework.pk if found.framework else None,
        "takes_turn": found.takes_turn,
        "follows": found.follows.pk if found.follows else None,
        "about": list(found.sectors),
    }


def participations(found: FollowUp) -> list[dict[str, Any]]:
    """The rows of parties that the form opens with."""
    return [
        {"party": party.pk if party else None, "role": role.value} for party, role in found.parties
    ]


def remarks(found: FollowUp, address: str) -> list[str]:
    """What the editor is told about where the values come from.

    ``address`` is that of the form; a past window is offered as a link to it with that date.
    """
    reader = language()
    told = [
        _("Planned already, %(date)s: “%(title)s” (%(publication)s).")
        % {
            "date": dates.wording(one.date, reader),
            "title": one.title,
            "publication": one.get_publication_display(),
        }
        for one in found.planned
    ]
    if not found.date_given:
        told.append(_about_date(found, reader, address))
    if len(found.candidates) > 1:
        names = ", ".join(str(party) for party in found.candidates)
        told.append(
            _("The host may be one of %(names)s: name the one that a source names.")
            % {"names": names}
        )
    return told


def _about_date(found: FollowUp, reader: str, address: str) -> str:
    """Why the date is what it is; a window may be missing for three reasons."""
    guess = {"date": found.date}
    if found.framework is None:
        return _("The year %(date)s is a guess: change it.") % guess
    if found.ended:
        return (
            _("The framework has ended, so no session is expected; %(date)s is a guess: change it.")
            % guess
        )
    if found.cadence is None:
        return _("No source states a cadence, so the year %(date)s is a guess: change it.") % guess
    if found.window is None:
        return ngettext(
            "It meets every month but has not met yet, so the year %(date)s is a guess: change it.",
            "It meets every %(n)d months but has not met yet, so the year %(date)s is a "
            "guess: change it.",
            found.cadence,
        ) % {**guess, "n": found.cadence}
    window = {
        "first": dates.day_wording(found.window.first, reader),
        "last": dates.day_wording(found.window.last, reader),
    }
    if found.window.last >= today():
        said = _("Expected from %(first)s to %(last)s by the cadence; filled in: %(date)s.")
        return said % {**window, **guess}
    said = _(
        "By the cadence it was expected from %(first)s to %(last)s, which is past, so "
        "%(date)s is a guess: change it."
    )
    link = format_html(
        '<a href="{}&amp;follow_up_date={}">{}</a>',
        address,
        months_of(found.window),
        _("It was held then: open the form with those days and who could host on them."),
    )
    return format_html("{} {}", said % {**window, **guess}, link)
