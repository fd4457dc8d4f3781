"""iCalendar files (RFC 5545; names and refresh interval as in RFC 7986).

All entries are all-day events. The words around a text of the record are in the language of that
text, so that each property is in the one language that its LANGUAGE parameter names.

A date that is not known to the day spans every day that it may mean: an entry on its first day
would say more than any source does. Such an entry leaves its days free (TRANSP), and its title says
that the day is not known. CONFIRMED is only what was held on a certain date; what is planned is
TENTATIVE.

The lines are written here rather than by a library of components, which takes milliseconds for
each entry: a record has a hundred thousand.
"""

import datetime as dt
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from timeline import enums
from timeline.core import dates
from timeline.core.cadence import window_wording
from timeline.core.characters import close_direction, is_plain, without_forbidden
from timeline.core.codes import EventState, ParticipationRole
from timeline.core.dates import EdtfDate
from timeline.fields import Forms, LocalText, text_in
from timeline.jinja2 import language as reader_language
from timeline.queries.calendars import EventEntry, PlaceEntry, SessionEntry
from timeline.queries.edits import Edits

CONTENT_TYPE: Final = "text/calendar; charset=utf-8; method=PUBLISH"
"""The ``method`` parameter repeats the METHOD property of the calendar (RFC 5545, section 8.1)."""

CALENDAR_END: Final = b"END:VCALENDAR\r\n"

PRODUCER: Final = "-//Cadre//Timeline of diplomatic events//EN"
UNDATED: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""The time of the last edit of records that have neither a history nor a day of publication."""

LINE_OCTETS: Final = 75
"""The maximum length of a line in octets, without the line break (RFC 5545, section 3.1)."""

_ONE_DAY: Final = dt.timedelta(days=1)
_NAMESPACE: Final = uuid.UUID("5f0a3c58-93f4-4f0e-8f6b-6f2f8c1d7a34")

_STATUSES: Final[Mapping[str, str]] = {
    EventState.HELD: "CONFIRMED",
    EventState.PLANNED: "TENTATIVE",
    EventState.POSTPONED: "TENTATIVE",
    EventState.CANCELLED: "CANCELLED",
}
_TITLE_FORMS: Final[Mapping[str, Promise]] = {
    EventState.POSTPONED: gettext_lazy("Postponed: %(title)s"),
    EventState.CANCELLED: gettext_lazy("Cancelled: %(title)s"),
}

_ROLES: Final = tuple(role.value for role in ParticipationRole)

_LINE_BREAK: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_EMPTY_CALENDAR: Final = (
    *("BEGIN:VTIMEZONE", "TZID:Etc/UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
    *("TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE"),
)
"""The component of a calendar without entries, since RFC 5545 demands one: its time zone."""


def _escaped(value: str) -> str:
    """Escape a text as the value of a property (RFC 5545, section 3.3.11).

    Line breaks of every kind become the same one; characters that a calendar cannot hold are
    removed.
    """
    if not is_plain(value):
        value = without_forbidden(_LINE_BREAK.sub("\n", value))
    value = value.replace("\\", r"\\").replace(";", r"\;").replace(",", r"\,")
    return value.replace("\n", r"\n")


def _property(name: str, value: str, language: str) -> str:
    return f"{name};LANGUAGE={language}:{_escaped(value)}"


def _lines(lines: Iterable[str]) -> bytes:
    return b"".join([_folded(line) for line in lines])


def _folded(line: str) -> bytes:
    """Fold a content line where it is too long, never within a character, and end it."""
    octets = line.encode()
    if len(octets) <= LINE_OCTETS:
        return octets + b"\r\n"
    parts, start, size = [], 0, LINE_OCTETS
    while len(octets) - start > size:
        end = start + size
        # Not before a continuation byte of UTF-8.
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(octets[start:end])
        # The blank that marks a continuation counts as well.
        start, size = end, LINE_OCTETS - 1
    parts.append(octets[start:])
    return b"\r\n ".join(parts) + b"\r\n"


def calendar_start(name: str, description: str = "", *, empty: bool = False) -> bytes:
    """Return the first lines of a calendar; ``empty`` says that no entry will follow."""
    language = name.lang if isinstance(name, LocalText) else reader_language()
    name, description = close_direction(name), close_direction(description)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCER}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        _property("NAME", name, language),
        _property("X-WR-CALNAME", name, language),
    ]
    if description:
        lines += [
            _property("DESCRIPTION", description, reader_language()),
            _property("X-WR-CALDESC", description, reader_language()),
        ]
    lines += ["REFRESH-INTERVAL;VALUE=DURATION:P1D", "X-PUBLISHED-TTL:P1D"]
    return _lines([*lines, *(_EMPTY_CALENDAR if empty else ())])


def recent_name(name: str) -> str:
    """Return the name of a calendar of future events and those of the last two years."""
    language = name.lang if isinstance(name, LocalText) else reader_language()
    with override(language):
        text = _("%(name)s (to come, and the last two years)") % {"name": name}
    return LocalText(text, language, fallback=False)


def contents(count: int, total: int, whole_address: str = "") -> str:
    """Say how many of the matching events a calendar holds, and where the whole calendar is."""
    form = ngettext("%(held)s of %(total)s event.", "%(held)s of %(total)s events.", total)
    sentence = form % {"held": count, "total": total}
    if not whole_address:
        return sentence
    more = _("Earlier ones are in the whole calendar: %(address)s") % {"address": whole_address}
    return f"{sentence} {more}"


def event_lines(entry: EventEntry, address: str) -> bytes:
    """Return the lines of an event, which links to its page at an address."""
    language, date = reader_language(), entry.date
    title, summary = text_in(language, entry.title), text_in(language, entry.summary)
    description = event_description(entry, summary, address)
    return b"".join(
        (
            b"BEGIN:VEVENT\r\n",
            _folded(_property("SUMMARY", event_title(entry, title), title.lang)),
            _days(date.earliest, None if date.ongoing else date.latest),
            _identity("event", entry.key, entry.published_at, entry.edits, address),
            _status(entry),
            _folded(_property("DESCRIPTION", description, summary.lang)),
            _location(entry.places, language) if entry.places else b"",
            _categories(entry.sectors, language) if entry.sectors else b"",
            b"END:VEVENT\r\n",
        )
    )


def session_lines(entry: SessionEntry, address: str) -> bytes:
    """Return the lines of an expected session, which links to the page of its framework."""
    framework = entry.view.framework
    title = framework.title
    with override(title.lang):
        expected = _("Expected session (computed): %(title)s") % {"title": title}
    description = "\n".join(_session_description(entry, address))
    return b"".join(
        (
            b"BEGIN:VEVENT\r\n",
            _folded(_property("SUMMARY", expected, title.lang)),
            _days(entry.window.first, entry.window.last),
            _identity("session", framework.pk, framework.published_at, entry.edits, address),
            b"STATUS:TENTATIVE\r\n",
            _folded(_property("DESCRIPTION", description, reader_language())),
            b"END:VEVENT\r\n",
        )
    )


def _identity(
    kind: str, key: int, published_at: dt.datetime | None, edits: Edits, address: str
) -> bytes:
    """Return the properties that identify an entry and date its last edit.

    The UID depends on nothing that an editor may change, nor on the host name. None of the
    properties depends on the time of the request: an unedited record gives the same lines.
    """
    edited = _timestamp(last_edit(published_at, edits))
    properties = (
        f"UID:{identifier(kind, key, published_at, edits)}\r\nSEQUENCE:{edits.count}\r\n"
        f"DTSTAMP:{edited}\r\nLAST-MODIFIED:{edited}\r\nTRANSP:TRANSPARENT\r\n"
    )
    return properties.encode() + _folded(f"URL:{address}")


def identifier(kind: str, key: int, published_at: dt.datetime | None, edits: Edits) -> uuid.UUID:
    """Return what identifies a record in calendars and feeds, whatever editors change of it."""
    since = published_at or edits.first or UNDATED
    return identifier_of(f"{kind}:{key}:{since.astimezone(dt.UTC).isoformat()}")


def identifier_of(key: str) -> uuid.UUID:
    """Return what identifies something by a key of its own that never changes."""
    return uuid.uuid5(_NAMESPACE, key)


def last_edit(published_at: dt.datetime | None, edits: Edits) -> dt.datetime:
    """Return when a record was last edited, as far as is known."""
    return edits.last or published_at or UNDATED


def _timestamp(time: dt.datetime) -> str:
    text = time.astimezone(dt.UTC).isoformat()
    return f"{text[:19].replace('-', '').replace(':', '')}Z"


def _days(first: dt.date, last: dt.date | None) -> bytes:
    """Return the start and end of an entry; ``last`` is None where the end is open."""
    start = f"DTSTART;VALUE=DATE:{_day(first)}\r\n"
    # DTEND is the first day after the entry; an entry without DTEND lasts one day.
    if last is not None:
        end = last + _ONE_DAY if last < dt.date.max else last
        if end > first:
            start += f"DTEND;VALUE=DATE:{_day(end)}\r\n"
    return start.encode()


def _day(day: dt.date) -> str:
    return day.isoformat().replace("-", "")


def _status(entry: EventEntry) -> bytes:
    status = _STATUSES[entry.state]
    if status == "CONFIRMED" and not entry.date.sure:
        status = "TENTATIVE"
    return f"STATUS:{status}\r\n".encode()


def event_title(entry: EventEntry, title: LocalText) -> str:
    """Return the title of an event with its state and what is not known of its date."""
    text = str(title)
    if doubt := _doubt(entry.date, title.lang):
        text = f"{text} ({doubt})"
    return _title_form(entry.state, title.lang) % {"title": text}


@lru_cache(maxsize=16)
def _title_form(state: str, language: str) -> str:
    with override(language):
        return str(_TITLE_FORMS.get(state, "%(title)s"))


def _doubt(date: EdtfDate, language: str) -> str:
    """Say for a title what is not known of a date; empty where the day is certain."""
    if not dates.known_to_the_day(date):
        # The title puts all of this in brackets, so there are none inside.
        wording = dates.wording(date, language).replace(" (", ", ").replace(")", "")
        return _words(language).day_not_known % {"date": wording}
    return "" if date.sure else _words(language).day_not_certain


class _Words(NamedTuple):
    """What entries say of any event, in one language."""

    date: str
    ongoing: str
    wide: str
    day_not_known: str
    day_not_certain: str


@cache
def _words(language: str) -> _Words:
    # To change the language for each entry takes longer than to write the entry.
    with override(language):
        return _Words(
            date=_line(_("Date"), "%(date)s"),
            ongoing=_("%(date)s (ongoing)"),
            wide=_(
                "The date is known no more precisely: this entry spans every day that it may mean."
            ),
            day_not_known=_("%(date)s, day not known"),
            day_not_certain=_("day not certain"),
        )


def event_description(entry: EventEntry, summary: LocalText, address: str) -> str:
    """Return what an entry says of its event, in the language of the summary."""
    language = summary.lang
    lines = [_state_line(entry.state, language), *_date_lines(entry.date, language)]
    if entry.unconfirmed or entry.unsearched:
        lines.append(_silence(entry.searched_until, language, unsearched=entry.unsearched))
    lines += _party_lines(entry.parties, language)
    if summary:
        lines += ["", str(summary)]
    lines += ["", address]
    return "\n".join(lines)


@lru_cache(maxsize=16)
def _state_line(state: str, language: str) -> str:
    with override(language):
        return _line(_("State"), enums.label(enums.EVENT_STATES, state))


def _date_lines(date: EdtfDate, language: str) -> Iterator[str]:
    words, wording = _words(language), dates.wording(date, language)
    if date.ongoing:
        wording = words.ongoing % {"date": wording}
    yield words.date % {"date": wording}
    if not dates.known_to_the_day(date):
        yield words.wide


@lru_cache(maxsize=16)
def _silence(searched_until: dt.date | None, language: str, *, unsearched: bool) -> str:
    """Say of a planned event whose day is past what sources say, and until when one searched."""
    with override(language):
        if searched_until is None:
            return _("Its day is past, and no source has been seen since.")
        day = dates.day_wording(searched_until, language)
        if unsearched:
            return _("Its day is past, and sources have not been searched since %(day)s.") % {
                "day": day
            }
        return _(
            "Its day is past, and no source has been seen since; sources were searched until "
            "%(day)s."
        ) % {"day": day}


def _party_lines(parties: Iterable[tuple[str, Forms]], language: str) -> list[str]:
    """Return one line of party names for each role, in the order of the roles."""
    names: dict[str, list[str]] = {}
    for role, name in parties:
        names.setdefault(role, []).append(_name(language, name))
    return [
        _role_line(role, language) % {"names": ", ".join(names[role])}
        for role in sorted(names, key=_ROLES.index)
    ]


@lru_cache(maxsize=32)
def _role_line(role: str, language: str) -> str:
    with override(language):
        label = enums.label(enums.PARTICIPATION_ROLES, role).replace("%", "%%")
        return _line(label, "%(names)s")


def _session_description(entry: SessionEntry, address: str) -> Iterable[str]:
    view, language = entry.view, reader_language()
    yield _(
        "Nothing on record announces this session. It is computed from the rule of the framework: "
        "it is expected in this window, and is not an event that was planned or held."
    )
    yield ""
    yield _line(_("Window"), window_wording(entry.window, language))
    if view.host_turn.last_turn:
        date = view.host_turn.last_turn.meeting.date
        yield _line(_("Last session on record"), dates.wording(date, language))
    if months := view.framework.cadence_months:
        yield _line(_("Cadence"), enums.cadence(months))
    if view.next_party:
        yield _line(_("Turn to host"), str(view.next_party.name))
    if view.clock.stopped:
        yield _line(_("Sources searched until"), dates.day_wording(view.clock.stopped, language))
    yield ""
    yield address


def _line(label: str, value: str) -> str:
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


_name: Final = lru_cache(maxsize=4096)(text_in)
"""Returns a name in a language; parties, places and sectors are few."""


@lru_cache(maxsize=4096)
def _location(places: tuple[PlaceEntry, ...], language: str) -> bytes:
    """Return the property that names all places, in the language of the first one's name.

    An entry has one position at most (RFC 5545, section 3.6.1), so that of several places none is
    given.
    """
    place, *others = places
    language = _name(language, place.name).lang
    lines = [_property("LOCATION", "; ".join(_with_state(at, language) for at in places), language)]
    if not others and place.latitude is not None and place.longitude is not None:
        lines.append(f"GEO:{place.latitude:.6f};{place.longitude:.6f}")
    return _lines(lines)


def _with_state(place: PlaceEntry, language: str) -> str:
    names = [place.name, *([place.state] if place.state else ())]
    # A place that has the name of its state is named once.
    return ", ".join(dict.fromkeys(str(_name(language, name)) for name in names))


@lru_cache(maxsize=4096)
def _categories(sectors: tuple[Forms, ...], language: str) -> bytes:
    """Return one property with the sectors' names for each language that they are in."""
    names_by_language: dict[str, list[str]] = defaultdict(list)
    for sector in sectors:
        name = _name(language, sector)
        names_by_language[name.lang].append(_escaped(name))
    return _lines(
        f"CATEGORIES;LANGUAGE={name_language}:{','.join(names)}"
        for name_language, names in names_by_language.items()
    )
