"""'Add follow-up meeting': the form of an event, filled in with what is known of the next one."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.admin._shared import is_key
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


def from_request(request: HttpRequest) -> FollowUp | None:
    """Return the follow-up that the query string asks for, or None if no such record exists.

    ``follow_up_date`` is the date of the meeting, where the editor knows it.
    """
    event_key = request.GET.get("follow_up_event", "")
    framework_key = request.GET.get("follow_up_framework", "")
    on = _date(request.GET.get("follow_up_date", ""))
    if is_key(event_key):
        event = Event.objects.select_related("framework").filter(pk=event_key).first()
        return follow_up_of_event(event, today=today(), on=on) if event else None
    if is_key(framework_key):
        framework = Framework.objects.filter(pk=framework_key).first()
        return follow_up_of_framework(framework, today=today(), on=on) if framework else None
    return None


def _date(text: str) -> dates.EdtfDate | None:
    try:
        return dates.parse(text)
    except dates.EdtfError:
        return None


def guesses(event: Event) -> list[str]:
    """Say which values of a planned meeting are guesses of the program that no source supports.

    The guesses are computed again from what the meeting follows, so that a draft that was saved
    exactly as its form opened is included.
    """
    if event.state != EventState.PLANNED or event.published_at is not None:
        return []
    if event.follows is not None:
        follow_up = follow_up_of_event(event.follows, today=today())
    elif event.framework is not None:
        follow_up = follow_up_of_framework(event.framework, today=today())
    else:
        return []
    sentences = []
    cited_fields = set(event.citations.values_list("field", flat=True))
    if event.date.text == follow_up.date and "date" not in cited_fields:
        sentences.append(
            _("Its date, %(date)s, is a guess of the program that no source supports.")
            % {"date": dates.wording(event.date, language())}
        )
    hosts = [
        row
        for row in event.participations.select_related("party")
        if row.role == ParticipationRole.HOST
    ]
    for row in hosts:
        is_guess = row.party == follow_up.host and not row.citations.exists()
        if is_guess and "parties" not in cited_fields:
            sentences.append(
                _("Its host, %(party)s, is a guess of the program that no source supports.")
                % {"party": row.party}
            )
    return sentences


def initial(follow_up: FollowUp) -> dict[str, Any]:
    """Return the initial values of the form; the title is a suggestion for the editor."""
    record = follow_up.framework or follow_up.follows
    patterns = {"fr": "Prochaine réunion : {}", "en": "Next meeting: {}"}
    titles = {code: getattr(record, f"title_{code}", "") for code in patterns}
    return {
        **{
            f"title_{code}": patterns[code].format(title)[:240] if title else ""
            for code, title in titles.items()
        },
        "kind": follow_up.kind,
        "state": (EventState.HELD if follow_up.past else EventState.PLANNED).value,
        "date": follow_up.date,
        "framework": follow_up.framework.pk if follow_up.framework else None,
        "takes_turn": follow_up.takes_turn,
        "follows": follow_up.follows.pk if follow_up.follows else None,
        "about": list(follow_up.sectors),
    }


def participations(follow_up: FollowUp) -> list[dict[str, Any]]:
    """Return the initial rows of the parties."""
    return [
        {"party": party.pk if party else None, "role": role.value}
        for party, role in follow_up.parties
    ]


def remarks(follow_up: FollowUp, address: str) -> list[str]:
    """Tell the editor where the initial values come from.

    ``address`` is that of the form. If the window is past, a link to the form with the dates of
    the window is offered.
    """
    reader_language = language()
    sentences = [
        _("Planned already, %(date)s: “%(title)s” (%(publication)s).")
        % {
            "date": dates.wording(event.date, reader_language),
            "title": event.title,
            "publication": event.get_publication_display(),
        }
        for event in follow_up.planned
    ]
    if not follow_up.date_given:
        sentences.append(_about_date(follow_up, reader_language, address))
    if len(follow_up.candidates) > 1:
        names = ", ".join(str(party) for party in follow_up.candidates)
        sentences.append(
            _("The host may be one of %(names)s: name the one that a source names.")
            % {"names": names}
        )
    return sentences


def _about_date(follow_up: FollowUp, reader_language: str, address: str) -> str:
    """Explain the date that is filled in; there are three reasons for which a window is missing."""
    guess = {"date": follow_up.date}
    if follow_up.framework is None:
        return _("The year %(date)s is a guess: change it.") % guess
    if follow_up.ended:
        return (
            _("The framework has ended, so no session is expected; %(date)s is a guess: change it.")
            % guess
        )
    if follow_up.cadence is None:
        return _("No source states a cadence, so the year %(date)s is a guess: change it.") % guess
    if follow_up.window is None:
        return ngettext(
            "It meets every month but has not met yet, so the year %(date)s is a guess: change it.",
            "It meets every %(n)d months but has not met yet, so the year %(date)s is a "
            "guess: change it.",
            follow_up.cadence,
        ) % {**guess, "n": follow_up.cadence}
    window = {
        "first": dates.day_wording(follow_up.window.first, reader_language),
        "last": dates.day_wording(follow_up.window.last, reader_language),
    }
    if follow_up.window.last >= today():
        text = _("Expected from %(first)s to %(last)s by the cadence; filled in: %(date)s.")
        return text % {**window, **guess}
    text = _(
        "By the cadence it was expected from %(first)s to %(last)s, which is past, so "
        "%(date)s is a guess: change it."
    )
    link = format_html(
        '<a href="{}&amp;follow_up_date={}">{}</a>',
        address,
        months_of(follow_up.window),
        _("It was held then: open the form with those days and who could host on them."),
    )
    return format_html("{} {}", text % {**window, **guess}, link)
