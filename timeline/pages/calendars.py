"""Calendars to subscribe to: a framework's meetings, and the events that a filter finds."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.question import Problem, Question
from timeline.core.reading import QUESTION_PARAMETERS, accepted, read_whole
from timeline.formats import icalendar, sentences
from timeline.formats.problems import explained
from timeline.index.current import current
from timeline.models import Framework
from timeline.pages._addressed import asked_by, file
from timeline.pages._question import read_question
from timeline.pages._respond import published_or_raise, query_lists, record_view
from timeline.pages._revalidated import revalidated
from timeline.queries import calendars, frameworks
from timeline.queries.as_of import AsOf
from timeline.queries.frameworks import FrameworkView
from timeline.queries.vocabulary import Vocabulary, vocabulary


def _canonical(request: HttpRequest) -> str | None:
    """The query string that asks for the same calendar; None where it cannot be read."""
    reading = read_question(request)
    problems = [*reading.problems]
    whole = [("all", "1")] if read_whole(reading.data, problems) else []
    pairs = reading.question.without_page().asked_pairs()
    return None if problems else urlencode([*pairs, *whole])


@require_safe
@file(*QUESTION_PARAMETERS, "all")
@asked_by(_canonical)
@revalidated
def events(request: HttpRequest) -> HttpResponseBase:
    """The events that a question finds, and the sessions expected beside them."""
    day, reading = today(), read_question(request)
    question, words, problems = reading.question, reading.vocabulary, [*reading.problems]
    whole = read_whole(reading.data, problems)
    if problems:
        return _refused(problems, words)
    found = current().matching(question, today=day)
    views = frameworks.expected_sessions(question, frameworks.all_views(AsOf(day)))
    said = sentences.sentence(question, sentences.names(words)).rstrip(".")
    return _calendar(request, "cadre-events", f"Cadre — {said}", found, views, whole=whole)


@require_safe
@file("all")
@record_view("timeline:framework_calendar")
@revalidated
def framework(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The meetings of one framework, whatever became of them, and the session it expects."""
    record = published_or_raise(Framework.objects.all(), "framework", slug)
    problems: list[Problem] = []
    whole = read_whole(query_lists(request), problems)
    if problems:
        return _refused(problems, vocabulary({}))
    view = frameworks.one_view(record, AsOf(today()))
    ids = [event.pk for event in view.meetings]
    return _calendar(request, record.slug, record.title, ids, [view], whole=whole)


def _calendar(
    request: HttpRequest,
    file: str,
    name: str,
    found: Sequence[int],
    views: Sequence[FrameworkView],
    *,
    whole: bool,
) -> StreamingHttpResponse:
    """A calendar of all the events found, or of those from two years ago on."""
    ids = found if whole else _followed(found)
    sessions = calendars.session_entries(views)
    address = _with_all(request)
    head = icalendar.calendar_start(
        name if whole else icalendar.recent_name(name),
        icalendar.contents(len(ids), len(found), "" if whole else address),
        empty=not (ids or sessions),
    )
    page_of_framework = _addresses(request, "timeline:framework")
    for session in sessions:
        page = page_of_framework % session.view.framework.slug
        head += icalendar.session_lines(session, page)
    streamed = _streamed(head, ids, _addresses(request, "timeline:event"), get_language())
    return StreamingHttpResponse(
        streamed if request.method == "GET" else (),
        content_type=icalendar.CONTENT_TYPE,
        headers={"Content-Disposition": f'inline; filename="{file}.ics"'},
    )


def _followed(found: Sequence[int]) -> list[int]:
    """Those of the events found that are to come, or may have been in the last two years."""
    since = calendars.followed_since(today()).isoformat()
    recent = frozenset(current().matching(Question().within(since, ""), today=today()))
    return [pk for pk in found if pk in recent]


def _streamed(
    head: bytes, ids: Sequence[int], address: str, language: str | None
) -> Iterator[bytes]:
    yield head
    for batch in calendars.event_entries(ids, today()):
        # Read by the server once the view is done: nothing promises the reader's language then.
        with override(language):
            lines = [icalendar.event_lines(entry, address % entry.event.slug) for entry in batch]
        yield b"".join(lines)
    yield icalendar.CALENDAR_END


def _addresses(request: HttpRequest, page: str) -> str:
    """The whole address of a record's page, with '%s' for its slug."""
    address = request.build_absolute_uri(reverse(page, args=["-"])).replace("%", "%%")
    before, _slash, after = address.rpartition("/-/")
    return f"{before}/%s/{after}"


def _with_all(request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    return request.build_absolute_uri(f"{request.path}?{query}&all=1".replace("?&", "?"))


def _refused(problems: Sequence[Problem], words: Vocabulary) -> HttpResponse:
    """Say in plain text which parameters cannot be read, and what is accepted."""
    lines = []
    for problem, said in zip(problems, explained(problems), strict=True):
        lines.append("{parameter}: {name} “{value}” {said}".format(**said))
        choices = accepted(problem.parameter, words.known) if problem.code == "unknown" else ()
        if choices:
            lines.append(_("Accepted: %(values)s.") % {"values": ", ".join(choices)})
    text = "\n".join([*lines, ""])
    return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
