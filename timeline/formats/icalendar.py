"""Calendars (RFC 5545, names and refreshing from RFC 7986): rows in, components out.

Every day is a whole day. The words around a text of the record are in the language of that text,
so that each property is in the one language that its LANGUAGE names.

A date that is not known to the day spans every day that it may mean: a mark on its first day would
say more than any source does. It leaves those days free (TRANSP), and its title says that the day
is not known. CONFIRMED is only what was held and is surely dated; what is planned is TENTATIVE.

Lines are written here rather than by a library of components, which takes milliseconds for an
entry: a record has a hundred thousand.
"""

import datetime as dt
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from timeline import enums
from timeline.core import dates
from timeline.core.cadence import window_wording
from timeline.core.characters import close_direction, without_forbidden
from timeline.core.codes import EventState, ParticipationRole
from timeline.core.dates import EdtfDate
from timeline.fields import LocalText, local_text
from timeline.jinja2 import language as reader_language
from timeline.models import Event, Framework, Place, Sector
from timeline.queries.calendars import Edits, EventEntry, PartyInRole, SessionEntry

CONTENT_TYPE: Final = "text/calendar; charset=utf-8; method=PUBLISH"
"""RFC 5545, section 8.1: the parameter repeats what METHOD says in the calendar."""

CLOSING: Final = b"END:VCALENDAR\r\n"
"""The last line of a calendar, after its entries."""

PRODUCER: Final = "-//Cadre//Timeline of diplomatic events//EN"
UNDATED: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""Stands for the last edit of a record that has neither a history nor a day of publication."""

LINE: Final = 75
"""Octets of a line, its end left out (RFC 5545, section 3.1)."""

_ONE_DAY: Final = dt.timedelta(days=1)
_NAMESPACE: Final = uuid.UUID("5f0a3c58-93f4-4f0e-8f6b-6f2f8c1d7a34")

_STATUSES: Final = {
    EventState.HELD: "CONFIRMED",
    EventState.PLANNED: "TENTATIVE",
    EventState.POSTPONED: "TENTATIVE",
    EventState.CANCELLED: "CANCELLED",
}
_MARKS: Final[dict[EventState, Promise]] = {
    EventState.POSTPONED: gettext_lazy("Postponed: %(title)s"),
    EventState.CANCELLED: gettext_lazy("Cancelled: %(title)s"),
}

_BREAK: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNIVERSAL_TIME: Final = (
    *("BEGIN:VTIMEZONE", "TZID:Etc/UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
    *("TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE"),
)
"""RFC 5545 wants a component in every calendar: an empty one names the time zone of its days."""


def _text(value: str) -> str:
    """A text as the value of a property (RFC 5545, section 3.3.11).

    Line breaks of every kind are made one, and what a calendar cannot hold is left out.
    """
    if not value.isprintable():
        value = without_forbidden(_BREAK.sub("\n", value))
    value = value.replace("\\", r"\\").replace(";", r"\;").replace(",", r"\,")
    return value.replace("\n", r"\n")


def _said(name: str, value: str, language: str) -> str:
    return f"{name};LANGUAGE={language}:{_text(value)}"


def _lines(lines: Iterable[str]) -> bytes:
    return b"".join([_folded(line) for line in lines])


def _folded(line: str) -> bytes:
    """A content line with its end, folded where it is long and never within a character."""
    octets = line.encode()
    if len(octets) <= LINE:
        return octets + b"\r\n"
    parts, start, room = [], 0, LINE
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(octets[start:end])
        start, room = end, LINE - 1
    parts.append(octets[start:])
    return b"\r\n ".join(parts) + b"\r\n"


def opening(name: str, description: str = "", *, empty: bool = False) -> bytes:
    """The first lines of a calendar of this name; ``empty`` where no entry will follow."""
    language = name.lang if isinstance(name, LocalText) else reader_language()
    said, about = close_direction(name), close_direction(description)
    told = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCER}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        _said("NAME", said, language),
        _said("X-WR-CALNAME", said, language),
    ]
    if about:
        told += [
            _said("DESCRIPTION", about, reader_language()),
            _said("X-WR-CALDESC", about, reader_language()),
        ]
    told += ["REFRESH-INTERVAL;VALUE=DURATION:P1D", "X-PUBLISHED-TTL:P1D"]
    return _lines([*told, *(_UNIVERSAL_TIME if empty else ())])


def followed(name: str) -> str:
    """The name of a calendar that holds what is to come and the last two years."""
    language = name.lang if isinstance(name, LocalText) else reader_language()
    with override(language):
        said = _("%(name)s (to come, and the last two years)") % {"name": name}
    return LocalText(said, language, fallback=False)


def holds(held: int, total: int, whole: str = "") -> str:
    """Say how many of the events found a calendar holds, and the address of the whole of it."""
    said = ngettext("%(held)s of %(total)s event.", "%(held)s of %(total)s events.", total)
    told = said % {"held": held, "total": total}
    if not whole:
        return told
    more = _("Earlier ones are in the whole calendar: %(address)s") % {"address": whole}
    return f"{told} {more}"


def event_lines(entry: EventEntry, address: str) -> bytes:
    """An event, with the address of its page."""
    event, language = entry.event, reader_language()
    title = local_text(event, "title", language)
    summary = local_text(event, "summary", language)
    told = [
        "BEGIN:VEVENT",
        _said("SUMMARY", _title(event, title), title.lang),
        *_days(event.earliest, None if event.ongoing else event.latest),
        *_identity("event", event, entry.edits, address),
        f"STATUS:{_status(event)}",
        _said("DESCRIPTION", _description(entry, summary, address), summary.lang),
    ]
    if event.place is not None:
        told.append(_location(event.place, language))
    if entry.sectors:
        told += _categories(entry.sectors, language)
    told.append("END:VEVENT")
    return _lines(told)


def session_lines(entry: SessionEntry, address: str) -> bytes:
    """A session that is expected, with the address of the page of its framework."""
    framework = entry.view.framework
    title = framework.title
    with override(title.lang):
        expected = _("Expected session (computed): %(title)s") % {"title": title}
    return _lines(
        [
            "BEGIN:VEVENT",
            _said("SUMMARY", expected, title.lang),
            *_days(entry.window.first, entry.window.last),
            *_identity("session", framework, entry.edits, address),
            "STATUS:TENTATIVE",
            _said("DESCRIPTION", "\n".join(_why_expected(entry, address)), reader_language()),
            "END:VEVENT",
        ]
    )


def _identity(kind: str, record: Event | Framework, edits: Edits, address: str) -> tuple[str, ...]:
    """What an entry says of itself: who it is, how often and when it was last edited.

    Its identity hangs on nothing that an editor may change, nor on the host name. Nothing of it
    hangs on when it is asked for, so that a record that was not edited gives the same lines.
    """
    since = record.published_at or edits.first or UNDATED
    named = f"{kind}:{record.pk}:{since.astimezone(dt.UTC).isoformat()}"
    edited = _moment(edits.last or record.published_at or UNDATED)
    return (
        f"UID:{uuid.uuid5(_NAMESPACE, named)}",
        f"SEQUENCE:{edits.count}",
        f"DTSTAMP:{edited}",
        f"LAST-MODIFIED:{edited}",
        "TRANSP:TRANSPARENT",
        f"URL:{address}",
    )


def _moment(when: dt.datetime) -> str:
    said = when.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None).isoformat()
    return said.replace("-", "").replace(":", "") + "Z"


def _days(first: dt.date, last: dt.date | None) -> Iterator[str]:
    """Let an entry last from its first day to its last, which is open when None.

    The end of RFC 5545 is the first day outside; an entry without one lasts a day.
    """
    yield f"DTSTART;VALUE=DATE:{_day(first)}"
    if last is not None:
        end = last + _ONE_DAY if last < dt.date.max else last
        if end > first:
            yield f"DTEND;VALUE=DATE:{_day(end)}"


def _day(day: dt.date) -> str:
    return day.isoformat().replace("-", "")


def _status(event: Event) -> str:
    status = _STATUSES[EventState(event.state)]
    return "TENTATIVE" if status == "CONFIRMED" and not event.date.sure else status


def _title(event: Event, title: LocalText) -> str:
    said = str(title)
    if doubt := _doubt(event.date, title.lang):
        said = f"{said} ({doubt})"
    return _mark(EventState(event.state), title.lang) % {"title": said}


@lru_cache(maxsize=16)
def _mark(state: EventState, language: str) -> str:
    with override(language):
        return str(_MARKS.get(state, "%(title)s"))


@lru_cache(maxsize=4096)
def _doubt(date: EdtfDate, language: str) -> str:
    """What is not known of a date, for a title; empty where its days are known for sure."""
    known = dates.known_to_the_day(date)
    if known and date.sure:
        return ""
    with override(language):
        if known:
            return _("day not certain")
        said = dates.wording(date, language).replace(" (", ", ").replace(")", "")
        return _("%(date)s, day not known") % {"date": said}


def _description(entry: EventEntry, summary: LocalText, address: str) -> str:
    event, language = entry.event, summary.lang
    told = [_state_line(EventState(event.state), language)]
    told += _date_lines(event.date, entry.unconfirmed, language)
    told += _parties(entry.participations, language)
    if summary:
        told += ["", str(summary)]
    told += ["", address]
    return "\n".join(told)


@lru_cache(maxsize=16)
def _state_line(state: EventState, language: str) -> str:
    with override(language):
        return _line(_("State"), enums.label(enums.EVENT_STATES, state))


@lru_cache(maxsize=4096)
def _date_lines(day: EdtfDate, unconfirmed: bool, language: str) -> tuple[str, ...]:
    with override(language):
        date = dates.wording(day, language)
        told = [_line(_("Date"), _("%(date)s (ongoing)") % {"date": date} if day.ongoing else date)]
        if unconfirmed:
            told.append(_("Its day is past, and no source has been seen since."))
        if not dates.known_to_the_day(day):
            told.append(
                _(
                    "The date is known no more precisely: this entry spans every day that it may "
                    "mean."
                )
            )
    return tuple(told)


def _parties(rows: Iterable[PartyInRole], language: str) -> Iterator[str]:
    """Who took part, a line for each role, in the order of the roles."""
    names: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        names[row.role].append(local_text(row.party, "name", language))
    for role in ParticipationRole:
        if role in names:
            yield _role_line(role, language) % {"names": ", ".join(names[role])}


@lru_cache(maxsize=32)
def _role_line(role: ParticipationRole, language: str) -> str:
    with override(language):
        label = enums.label(enums.PARTICIPATION_ROLES, role).replace("%", "%%")
        return _line(label, "%(names)s")


def _why_expected(entry: SessionEntry, address: str) -> Iterable[str]:
    view, language = entry.view, reader_language()
    yield _(
        "Nothing on record announces this session. It is computed from the rule of the framework: "
        "it is expected in this window, and is not an event that was planned or held."
    )
    yield ""
    yield _line(_("Window"), window_wording(entry.window, language))
    if view.standing.last_turn:
        date = view.standing.last_turn.meeting.date
        yield _line(_("Last session on record"), dates.wording(date, language))
    if months := view.framework.cadence_months:
        yield _line(_("Cadence"), enums.cadence(months))
    if view.next_party:
        yield _line(_("Turn to host"), str(view.next_party.name))
    yield ""
    yield address


def _line(label: str, value: str) -> str:
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


def _location(place: Place, language: str) -> str:
    name = local_text(place, "name", language)
    said = [str(name), *([str(local_text(place.party, "name", name.lang))] if place.party else ())]
    return _said("LOCATION", ", ".join(dict.fromkeys(said)), name.lang)


def _categories(sectors: Iterable[Sector], language: str) -> Iterator[str]:
    """The sectors, a property for each language that they are named in."""
    named: dict[str, list[str]] = defaultdict(list)
    for sector in sectors:
        name = local_text(sector, "name", language)
        named[name.lang].append(_text(name))
    for spoken, names in named.items():
        yield f"CATEGORIES;LANGUAGE={spoken}:{','.join(names)}"
