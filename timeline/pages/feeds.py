"""Atom feeds to follow: what a filter finds, one record, the changes and the corrections."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline import enums
from timeline.clock import today
from timeline.core import dates
from timeline.core.batches import batched
from timeline.core.codes import ChangeVerb
from timeline.core.columns import LISTS, PAGES
from timeline.core.numbers import Grouped
from timeline.core.question import Problem, Question, QuestionError
from timeline.core.reading import CHANGES_PARAMETERS, read_changes, read_whole
from timeline.fields import Forms, LocalText, text_in
from timeline.formats import atom, changes, icalendar
from timeline.formats.atom import Feed, FeedEntry
from timeline.formats.values import language_of
from timeline.index.current import current
from timeline.jinja2 import language
from timeline.middleware.site import site_of
from timeline.pages._addressed import address_pattern, canonical_query, redirect_unknown
from timeline.pages._list_request import PARAMETERS, ListRequest, Refused, read_list_request
from timeline.pages._refusal import refused_as_text
from timeline.pages._respond import query_lists, record_or_raise, record_view
from timeline.pages._revalidated import revalidated
from timeline.queries import calendars, feeds
from timeline.queries.as_of import AsOf
from timeline.queries.calendars import EventEntry
from timeline.queries.change_counts import number_among, number_of
from timeline.queries.changes import (
    MODELS,
    Change,
    ShownChange,
    all_corrections,
    changes_of,
    last_changes,
    shown,
)
from timeline.queries.feeds import CommitmentEntry, InstrumentEntry
from timeline.queries.vocabulary import vocabulary as load_vocabulary

NOUNS: Final = ("events", "commitments", "instruments")
"""The nouns whose lists can be followed."""

_MOST: Final = 100
"""The changes in a feed of all that changed, the last ones."""

Batches = Iterable[Sequence[Any]]
Address = Callable[[str, str], str]
"""Returns the absolute address of the page of a record from its noun and its slug."""


def _list(noun: str) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the view of the feed of what a question about a noun finds."""

    def canonical(request: HttpRequest) -> str | None:
        problems: list[Problem] = []
        whole = read_whole(query_lists(request), problems)
        try:
            query = read_list_request(noun, request, today()).query
        except Refused:
            return None
        return None if problems else _with_whole(query, whole=whole)

    @require_safe
    @redirect_unknown(*PARAMETERS[noun], "all")
    @canonical_query(canonical)
    @revalidated
    def view(request: HttpRequest) -> HttpResponseBase:
        problems: list[Problem] = []
        whole = read_whole(query_lists(request), problems)
        try:
            list_request = read_list_request(noun, request, today())
        except Refused as error:
            return refused_as_text([*error.problems, *problems], error.choices, error.groups)
        if problems:
            return refused_as_text(problems, {})
        return _feed_of_list(request, list_request, whole=whole)

    return view


VIEWS: Final = {noun: _list(noun) for noun in NOUNS}


def _feed_of_list(
    request: HttpRequest, list_request: ListRequest, *, whole: bool
) -> HttpResponseBase:
    noun, matching = list_request.noun, list_request.keys()
    ids = matching
    if not whole:
        recent = _RECENT[noun](calendars.followed_since(today()))
        ids = [key for key in matching if key in recent]
    load, entry = _ENTRIES[noun]
    title = list_request.title().rstrip(".")
    number = _number(len(ids), len(matching))
    if not whole:
        number = _("What is to come, and the last two years. %(number)s") % {"number": number}
    return _response(
        request,
        f"{site_of(request).name} — {title}",
        f"{number} {weekly(PAGES[noun], matching, today())}",
        reverse(f"timeline:{LISTS[noun]}") + list_request.query,
        load(ids, list_request.when),
        entry,
    )


def _number(held: int, total: int) -> str:
    form = ngettext("%(held)s of %(total)s record.", "%(held)s of %(total)s records.", total)
    return form % {"held": Grouped(held, language()), "total": Grouped(total, language())}


def weekly(noun: str, keys: Sequence[int], day: dt.date) -> str:
    """Say how many changes of the records of a list its feed would have brought, exactly."""
    return changes.how_often(number_among(noun, keys, _first_counted(day), day))


def weekly_of_record(noun: str, key: int, day: dt.date) -> str:
    """Say how many changes the feed of a record would have brought, exactly."""
    return changes.how_often(number_of(noun, key, _first_counted(day), day))


def follows(noun: str, key: int, when: AsOf) -> str:
    """Say how much the feed of a record would have brought, on its page of today.

    As of another day it is not said: the feed is that of today.
    """
    return "" if when.is_past else weekly_of_record(noun, key, when.day)


def follows_timeline(question: Question, when: AsOf) -> str:
    """Say the same of the feed of the timeline of a record."""
    if when.is_past:
        return ""
    return weekly("event", current().matching(question, today=when.day), when.day)


def brought_by_list(noun: str, keys: Sequence[int], day: dt.date) -> str:
    """Say what the feed of a list brings, and how much it would have brought."""
    what = _("What is new, changed, or in another state, of exactly this filter.")
    return f"{what} {weekly(noun, keys, day)}"


def brought_by_record(noun: str, key: int, day: dt.date) -> str:
    """Say the same of the feed of a record."""
    return _brought(number_of(noun, key, _first_counted(day), day))


def _brought(number: int) -> str:
    """Say what the feed of a record brings, and how much it would have brought."""
    what = _("What was added, changed or withdrawn, and which states changed.")
    return f"{what} {changes.how_often(number)}"


def _first_counted(day: dt.date) -> dt.date:
    """Return the first of the 365 days that end with a day."""
    return day - dt.timedelta(days=changes.DAYS - 1)


def _recent_events(since: dt.date) -> Collection[int]:
    return frozenset(current().matching(Question().within(since.isoformat(), ""), today=today()))


_RECENT: Final[dict[str, Callable[[dt.date], Collection[int]]]] = {
    "events": _recent_events,
    "commitments": feeds.recent_commitments,
    "instruments": feeds.recent_instruments,
}


@require_safe
@redirect_unknown("all")
@record_view()
@revalidated
def record(request: HttpRequest, slug: str, noun: str) -> HttpResponseBase:
    """The feed of the changes of one record; that of a framework includes its meetings."""
    followed = record_or_raise(noun, slug)
    problems: list[Problem] = []
    whole = read_whole(query_lists(request), problems)
    if problems:
        return refused_as_text(problems, {})
    day = today()
    since = dt.date.min if whole else calendars.followed_since(day)
    latest = changes_of(noun, followed.pk, since, day)
    number = sum(change.when.date() >= _first_counted(day) for change in latest)
    return _response(
        request,
        f"{site_of(request).name} — {followed.title}",
        _brought(number),
        reverse(f"timeline:{noun}", args=[slug]),
        _changes(latest),
        _of_change,
    )


@require_safe
@redirect_unknown(*(name for name in CHANGES_PARAMETERS if name != "after"))
@revalidated
def all_changes(request: HttpRequest) -> HttpResponseBase:
    """The last changes of the record, or those of a month, of a noun and of a party."""
    data = query_lists(request)
    accepted = load_vocabulary(data)
    try:
        question = read_changes(
            accepted.up_to_date(data), {**accepted.choices, "noun": frozenset(MODELS)}
        )
    except QuestionError as error:
        return refused_as_text(error.problems, accepted.choices)
    latest = last_changes(question, today(), _MOST)
    return _response(
        request,
        f"{site_of(request).name} — {_('Recent changes')}",
        _("What was added, changed, corrected or withdrawn, and which states changed, by month."),
        reverse("timeline:changes") + replace(question, after="").query_string(),
        _changes(latest),
        _of_change,
    )


@require_safe
@redirect_unknown()
@revalidated
def corrections(request: HttpRequest) -> HttpResponseBase:
    """The corrections of published records."""
    return _response(
        request,
        f"{site_of(request).name} — {_('Corrections')}",
        _("What was wrong in a published record, and what it says now."),
        reverse("timeline:corrections"),
        _changes(all_corrections(today())),
        _of_change,
    )


def _changes(listed: Sequence[Change]) -> Iterator[Sequence[ShownChange]]:
    return map(shown, batched(listed, calendars.BATCH))


def _response(
    request: HttpRequest,
    title: str,
    subtitle: str,
    page: str,
    batches: Batches,
    entry: Callable[[Any, Address], FeedEntry],
) -> StreamingHttpResponse:
    site = site_of(request)
    feed = Feed(
        address=request.build_absolute_uri(),
        page=request.build_absolute_uri(page),
        title=title,
        subtitle=subtitle,
        author=str(site.identity.keeper) or site.name,
        language=language(),
    )
    address = _addresses(request)
    written = _streamed(feed, batches, lambda one: entry(one, address), get_language())
    return StreamingHttpResponse(
        written if request.method == "GET" else (), content_type=atom.CONTENT_TYPE
    )


def _streamed(
    feed: Feed, batches: Batches, entry: Callable[[Any], FeedEntry], code: str | None
) -> Iterator[bytes]:
    def entries() -> Iterator[list[FeedEntry]]:
        for batch in batches:
            yield [entry(one) for one in batch]

    parts = atom.parts(feed, entries())
    while True:
        # The server iterates after the view returned, when another language may be active.
        with override(code):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _addresses(request: HttpRequest) -> Address:
    # Reversing each address would take longer than the rest of an entry.
    patterns = {noun: address_pattern(request, f"timeline:{noun}") for noun in MODELS}
    return lambda noun, slug: patterns[noun] % slug


def _with_whole(query: str, *, whole: bool) -> str:
    if not whole:
        return query
    return f"{query}&all=1" if query else "?all=1"


# Entries


def _of_event(entry: EventEntry, address: Address) -> FeedEntry:
    reader, page = language(), address("event", entry.slug)
    title, summary = text_in(reader, entry.title), text_in(reader, entry.summary)
    state = (entry.state, _state("event", entry.state, reader))
    named = LocalText(icalendar.event_title(entry, title), title.lang, fallback=title.fallback)
    text = icalendar.event_description(entry, summary, page)
    return _entry("event", entry, named, text, state, page)


_STATES: Final = {
    "event": enums.EVENT_STATES,
    "commitment": enums.COMMITMENT_STATUSES,
    "instrument": enums.INSTRUMENT_STATES,
}


# To translate for each entry takes as long as the rest of it.


@lru_cache(maxsize=64)
def _state(noun: str, state: str, reader: str) -> str:
    with override(reader):
        return enums.label(_STATES[noun], state)


@lru_cache(maxsize=64)
def _form(label: str, reader: str) -> str:
    """Return the line of an entry that has a label, with a place for its value."""
    with override(reader):
        return _("%(label)s: %(value)s") % {"label": _(label), "value": "%(value)s"}


def _line(label: str, value: str, reader: str) -> str:
    return _form(label, reader) % {"value": value}


def _named(label: str, names: Iterable[Forms], reader: str) -> str:
    return _line(label, ", ".join([text_in(reader, name) for name in names]), reader)


def _of_commitment(entry: CommitmentEntry, address: Address) -> FeedEntry:
    reader = language()
    title, wording = text_in(reader, entry.title), text_in(reader, entry.wording)
    state = _state("commitment", entry.status, reader)
    lines = [
        _line(gettext_noop("State"), state, reader),
        _line(gettext_noop("Day made"), dates.wording(entry.made, reader), reader),
    ]
    if entry.obligors:
        lines.append(_named(gettext_noop("Owed by"), entry.obligors, reader))
    if entry.beneficiaries:
        lines.append(_named(gettext_noop("Owed to"), entry.beneficiaries, reader))
    if entry.due:
        lines.append(_line(gettext_noop("Due"), dates.wording(entry.due, reader), reader))
    if wording:
        lines += ["", str(wording)]
    page = address("commitment", entry.slug)
    return _entry("commitment", entry, title, "\n".join(lines), (entry.status, state), page)


def _of_instrument(entry: InstrumentEntry, address: Address) -> FeedEntry:
    reader = language()
    title, summary = text_in(reader, entry.title), text_in(reader, entry.summary)
    state = _state("instrument", entry.state, reader)
    lines = [
        _line(gettext_noop("State"), state, reader),
        _line(gettext_noop("Date"), dates.wording(entry.date, reader), reader),
        _named(gettext_noop("Parties"), entry.parties, reader),
        *(["", str(summary)] if summary else []),
    ]
    page = address("instrument", entry.slug)
    return _entry("instrument", entry, title, "\n".join(lines), (entry.state, state), page)


def _entry(
    noun: str,
    entry: EventEntry | CommitmentEntry | InstrumentEntry,
    title: LocalText,
    text: str,
    state: tuple[str, str],
    page: str,
) -> FeedEntry:
    return FeedEntry(
        id=icalendar.identifier(noun, entry.key, entry.published_at, entry.edits).urn,
        address=page,
        title=title,
        language=title.lang,
        updated=icalendar.last_edit(entry.published_at, entry.edits),
        published=entry.published_at,
        text=text,
        categories=(state,),
    )


def _of_change(shown_change: ShownChange, address: Address) -> FeedEntry:
    change, followed = shown_change.change, shown_change.record
    kind = enums.label(enums.NOUNS_ALONE, change.noun)
    title: str = kind if change.verb == ChangeVerb.WITHDRAWN else followed.title
    verb = enums.label(enums.CHANGE_VERBS, change.verb)
    return FeedEntry(
        id=icalendar.identifier_of(f"change:{change.noun}:{change.record}:{change.key}").urn,
        address=address(change.noun, followed.slug),
        title=f"{title} — {verb}",
        language=language_of(title),
        updated=change.stated_at,
        published=None,
        text="\n".join(changes.lines_of(shown_change)) or verb,
        categories=((change.verb.value, verb), (change.noun, kind)),
    )


_ENTRIES: Final[dict[str, tuple[Any, Any]]] = {
    "events": (lambda ids, when: calendars.event_entries(ids, when.day), _of_event),
    "commitments": (feeds.commitment_entries, _of_commitment),
    "instruments": (feeds.instrument_entries, _of_instrument),
}
"""What loads the entries of a noun, and what writes one."""
