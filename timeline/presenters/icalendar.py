"""Calendars (RFC 5545, names and refreshing from RFC 7986): rows in, components out.

Every day is a whole day. The words around a text of the record are in the language of that text,
so that each property is in the one language that its LANGUAGE names.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from icalendar import Calendar, Component, Timezone, TimezoneStandard, vCategory, vDuration, vText
from icalendar import Event as Entry

from timeline import enums
from timeline.core import dates
from timeline.core.cadence import window_wording
from timeline.core.codes import EventState, ParticipationRole
from timeline.fields import LocalText
from timeline.models import Event, Framework, Participation, Place, Sector
from timeline.queries.calendars import Edits, EventEntry, SessionEntry

CONTENT_TYPE: Final = "text/calendar; charset=utf-8"

CLOSING: Final = b"END:VCALENDAR\r\n"
"""The last line of a calendar, after its entries."""

PRODUCER: Final = "-//Cadre//Timeline of diplomatic events//EN"
UNDATED: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""Stands for the last edit of a record that has neither a history nor a day of publication."""

_ONE_DAY: Final = dt.timedelta(days=1)
_NAMESPACE: Final = uuid.UUID("5f0a3c58-93f4-4f0e-8f6b-6f2f8c1d7a34")

_STATUSES: Final = {
    EventState.HELD: "CONFIRMED",
    EventState.PLANNED: "CONFIRMED",
    EventState.POSTPONED: "TENTATIVE",
    EventState.CANCELLED: "CANCELLED",
}
_MARKS: Final[dict[EventState, Promise]] = {
    EventState.POSTPONED: gettext_lazy("Postponed: %(title)s"),
    EventState.CANCELLED: gettext_lazy("Cancelled: %(title)s"),
}

_BREAKS: Final = dict.fromkeys((*"\r\v\f\x85\u2028\u2029",), "\n")
_CONTROLS: Final = {chr(code): "" for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n\r\v\f"}
_READABLE: Final = str.maketrans(_BREAKS | _CONTROLS)
_ESCAPED: Final = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})


class Words(vText):
    """A text that is escaped as RFC 5545 says and no further.

    The library takes a backslash before a capital N for a line break, where the record has just
    these two characters. Line breaks of every kind are made one, and control characters, which a
    calendar cannot hold, are left out.
    """

    def to_ical(self) -> bytes:
        """The text as it stands in a calendar."""
        return self.replace("\r\n", "\n").translate(_READABLE).translate(_ESCAPED).encode()


def _language() -> str:
    return (get_language() or "fr")[:2]


def _words(text: str, language: str) -> Words:
    return Words(text, params={"LANGUAGE": language})


def opening(name: str, *, empty: bool = False) -> bytes:
    """The first lines of a calendar of this name; ``empty`` where no entry will follow.

    RFC 5545 wants a component in every calendar: an empty one names the time zone of its days.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    said = _words(name, name.lang if isinstance(name, LocalText) else _language())
    calendar["NAME"] = calendar["X-WR-CALNAME"] = said
    calendar["REFRESH-INTERVAL"] = vDuration(_ONE_DAY, params={"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = vDuration(_ONE_DAY)
    if empty:
        calendar.add_component(_universal_time())
    lines: bytes = calendar.to_ical()
    return lines.removesuffix(CLOSING)


def _universal_time() -> Timezone:
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    standard.add("dtstart", UNDATED.replace(tzinfo=None))
    standard.add("tzoffsetfrom", dt.timedelta())
    standard.add("tzoffsetto", dt.timedelta())
    zone.add_component(standard)
    return zone


def event_lines(entry: EventEntry, address: str) -> bytes:
    """An event, with the address of its page."""
    event = entry.event
    made = _entry("event", event, entry.edits, address)
    _put_days(made, event.earliest, None if event.ongoing else event.latest)
    made.add("status", "TENTATIVE" if entry.unconfirmed else _STATUSES[EventState(event.state)])
    made["SUMMARY"] = _title(event)
    made["DESCRIPTION"] = _description(entry, address)
    if event.place is not None:
        made["LOCATION"] = _location(event.place)
    if entry.sectors:
        made["CATEGORIES"] = _categories(entry.sectors)
    return _lines(made)


def session_lines(entry: SessionEntry, address: str) -> bytes:
    """A session that is expected, with the address of the page of its framework."""
    framework = entry.view.framework
    made = _entry("session", framework, entry.edits, address)
    _put_days(made, entry.window.first, entry.window.last)
    made.add("status", "TENTATIVE")
    title = framework.title
    with override(title.lang):
        expected = _("Expected session (computed): %(title)s") % {"title": title}
    made["SUMMARY"] = _words(expected, title.lang)
    made["DESCRIPTION"] = _words("\n".join(_why_expected(entry, address)), _language())
    return _lines(made)


def _entry(kind: str, record: Event | Framework, edits: Edits, address: str) -> Entry:
    """What an entry says of itself: who it is, how often and when it was last edited.

    Its identity hangs on nothing that an editor may change, nor on the host name.
    """
    made = Entry()
    since = record.published_at or edits.first or UNDATED
    named = f"{kind}:{record.pk}:{since.astimezone(dt.UTC).isoformat()}"
    edited = edits.last or record.published_at or UNDATED
    made.add("uid", str(uuid.uuid5(_NAMESPACE, named)))
    made.add("sequence", edits.count)
    made.add("dtstamp", edited)
    made.add("last-modified", edited)
    made.add("transp", "TRANSPARENT")
    made.add("url", address)
    return made


def _put_days(made: Entry, first: dt.date, last: dt.date | None) -> None:
    """Let an entry last from its first day to its last, which is open when None.

    The end of RFC 5545 is the first day outside; an entry without one lasts a day.
    """
    made.add("dtstart", first)
    if last is not None:
        end = last + _ONE_DAY if last < dt.date.max else last
        if end > first:
            made.add("dtend", end)


def _title(event: Event) -> Words:
    title = event.title
    mark = _MARKS.get(EventState(event.state))
    if mark is None:
        return _words(title, title.lang)
    with override(title.lang):
        return _words(str(mark) % {"title": title}, title.lang)


def _description(entry: EventEntry, address: str) -> Words:
    summary = entry.event.summary
    with override(summary.lang):
        told = [*_facts(entry), *(("", summary) if summary else ()), "", address]
    return _words("\n".join(told), summary.lang)


def _facts(entry: EventEntry) -> Iterable[str]:
    event = entry.event
    date = dates.wording(event.date, _language())
    yield _line(_("State"), enums.label(enums.EVENT_STATES, event.state))
    yield _line(_("Date"), _("%(date)s (ongoing)") % {"date": date} if event.ongoing else date)
    if entry.unconfirmed:
        yield _("Its day is past, and no source has been seen since.")
    if not dates.known_to_the_day(event.date):
        yield _("The date is known no more precisely: this entry spans every day that it may mean.")
    yield from _parties(entry.participations)


def _parties(rows: Iterable[Participation]) -> Iterable[str]:
    """Who took part, a line for each role, in the order of the roles."""
    names: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        names[row.role].append(str(row.party.name))
    for role in ParticipationRole:
        if names[role]:
            yield _line(enums.label(enums.PARTICIPATION_ROLES, role), ", ".join(names[role]))


def _why_expected(entry: SessionEntry, address: str) -> Iterable[str]:
    view, language = entry.view, _language()
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


def _location(place: Place) -> Words:
    name = place.name
    with override(name.lang):
        said = [str(name), *([str(place.party.name)] if place.party else ())]
    return _words(", ".join(dict.fromkeys(said)), name.lang)


def _categories(sectors: Iterable[Sector]) -> list[vCategory]:
    """The sectors, a property for each language that they are named in."""
    named: dict[str, list[Words]] = defaultdict(list)
    for sector in sectors:
        named[sector.name.lang].append(Words(sector.name))
    return [_category(names, language) for language, names in named.items()]


def _category(names: list[Words], language: str) -> vCategory:
    made = vCategory([], params={"LANGUAGE": language})
    made.cats = [*names]
    return made


def _lines(made: Component) -> bytes:
    lines: bytes = made.to_ical()
    return lines
