"""Calendars to subscribe to: the meetings of a framework, and the events of a question."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.question import Problem, Question
from timeline.core.reading import QUESTION_PARAMETERS, read_whole
from timeline.formats import icalendar, sentences
from timeline.index.current import current
from timeline.middleware.site import site_of
from timeline.pages._addressed import address_pattern, canonical_query, redirect_unknown
from timeline.pages._question import read_question
from timeline.pages._refusal import refused_as_text
from timeline.pages._respond import query_lists, record_or_raise, record_view
from timeline.pages._revalidated import revalidated
from timeline.queries import calendars, frameworks
from timeline.queries.as_of import AsOf
from timeline.queries.frameworks import FrameworkView


def _canonical(request: HttpRequest) -> str | None:
    """Return the canonical query string of a calendar; None if the query cannot be read."""
    reading = read_question(request)
    problems = [*reading.problems]
    whole = [("all", "1")] if read_whole(reading.data, problems) else []
    pairs = reading.question.without_page().pairs_without_display()
    return None if problems else urlencode([*pairs, *whole])


@require_safe
@redirect_unknown(*QUESTION_PARAMETERS, "all")
@canonical_query(_canonical)
@revalidated
def events(request: HttpRequest) -> HttpResponseBase:
    """The events that a question finds, and the sessions expected beside them."""
    day, reading = today(), read_question(request)
    question, vocabulary, problems = reading.question, reading.vocabulary, [*reading.problems]
    whole = read_whole(reading.data, problems)
    if problems:
        return refused_as_text(problems, vocabulary.choices)
    ids = current().matching(question, today=day)
    views = frameworks.expected_sessions(question, frameworks.all_views(AsOf(day)))
    sentence = sentences.sentence(question, sentences.names(vocabulary)).rstrip(".")
    site = site_of(request)
    name = f"{site.name} — {sentence}"
    return _calendar(request, f"{site.file_name}-events", name, ids, views, whole=whole)


@require_safe
@redirect_unknown("all")
@record_view("timeline:framework_calendar")
@revalidated
def framework(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The meetings of one framework in any state, and the session that it expects."""
    record = record_or_raise("framework", slug)
    problems: list[Problem] = []
    whole = read_whole(query_lists(request), problems)
    if problems:
        return refused_as_text(problems, {})
    view = frameworks.one_view(record, AsOf(today()))
    ids = [event.pk for event in view.meetings]
    return _calendar(request, record.slug, record.title, ids, [view], whole=whole)


def _calendar(
    request: HttpRequest,
    filename: str,
    name: str,
    matching: Sequence[int],
    views: Sequence[FrameworkView],
    *,
    whole: bool,
) -> StreamingHttpResponse:
    """Return a calendar of all matching events, or of those since two years ago."""
    ids = matching if whole else _recent(matching)
    sessions = calendars.session_entries(views)
    start = icalendar.calendar_start(
        name if whole else icalendar.recent_name(name),
        icalendar.contents(len(ids), len(matching), "" if whole else _whole_address(request)),
        empty=not (ids or sessions),
    )
    framework_page = address_pattern(request, "timeline:framework")
    for session in sessions:
        start += icalendar.session_lines(session, framework_page % session.view.framework.slug)
    event_page = address_pattern(request, "timeline:event")
    return StreamingHttpResponse(
        _streamed(start, ids, event_page, get_language()) if request.method == "GET" else (),
        content_type=icalendar.CONTENT_TYPE,
        headers={"Content-Disposition": f'inline; filename="{filename}.ics"'},
    )


def _recent(ids: Sequence[int]) -> list[int]:
    """Return those of the events that are to come or may lie in the last two years."""
    since = calendars.followed_since(today()).isoformat()
    recent = frozenset(current().matching(Question().within(since, ""), today=today()))
    return [pk for pk in ids if pk in recent]


def _streamed(
    start: bytes, ids: Sequence[int], event_page: str, language: str | None
) -> Iterator[bytes]:
    yield start
    for batch in calendars.event_entries(ids, today()):
        # The server iterates after the view returned, when another language may be active.
        with override(language):
            lines = [icalendar.event_lines(entry, event_page % entry.slug) for entry in batch]
        yield b"".join(lines)
    yield icalendar.CALENDAR_END


def _whole_address(request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    return request.build_absolute_uri(f"{request.path}?{query}&all=1".replace("?&", "?"))
