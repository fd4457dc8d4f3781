"""Calendars to subscribe to: a framework's meetings, and the events that a filter finds."""

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.question import QuestionError
from timeline.core.reading import accepted, read
from timeline.index.current import current
from timeline.models import Framework
from timeline.presenters import icalendar, problems, sentences
from timeline.queries import calendars, frameworks
from timeline.queries.as_of import AsOf
from timeline.queries.frameworks import FrameworkView
from timeline.queries.vocabulary import Vocabulary, vocabulary
from timeline.views._respond import lists, published_or_raise, record_view


@require_safe
def events(request: HttpRequest) -> HttpResponseBase:
    """Every event that a question finds, and the sessions expected beside them."""
    day, data = today(), lists(request)
    words = vocabulary(data)
    try:
        question = read(data, words.known)
    except QuestionError as error:
        return _refused(error, words)
    ids = current().matching(question, today=day)
    views = frameworks.expected_sessions(question, frameworks.all_views(AsOf(day)))
    said = sentences.sentence(question, sentences.names(words)).rstrip(".")
    return _calendar(request, "cadre-events", f"Cadre — {said}", ids, views)


@require_safe
@record_view("timeline:framework_calendar")
def framework(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The meetings of one framework, whatever became of them, and the session it expects."""
    record = published_or_raise(Framework.objects.all(), "framework", slug)
    view = frameworks.one_view(record, AsOf(today()))
    ids = [event.pk for event in view.meetings]
    return _calendar(request, record.slug, record.title, ids, [view])


def _calendar(
    request: HttpRequest, file: str, name: str, ids: Sequence[int], views: Sequence[FrameworkView]
) -> StreamingHttpResponse:
    sessions = calendars.session_entries(views)
    head = icalendar.opening(name, empty=not (ids or sessions))
    for session in sessions:
        address = _address(request, "timeline:framework", session.view.framework.slug)
        head += icalendar.session_lines(session, address)
    return StreamingHttpResponse(
        _streamed(request, head, ids, get_language()),
        content_type=icalendar.CONTENT_TYPE,
        headers={"Content-Disposition": f'inline; filename="{file}.ics"'},
    )


def _streamed(
    request: HttpRequest, head: bytes, ids: Sequence[int], language: str | None
) -> Iterator[bytes]:
    yield head
    for batch in calendars.event_entries(ids, today()):
        # Read by the server once the view is done: nothing promises the reader's language then.
        with override(language):
            lines = [
                icalendar.event_lines(entry, _address(request, "timeline:event", entry.event.slug))
                for entry in batch
            ]
        yield b"".join(lines)
    yield icalendar.CLOSING


def _address(request: HttpRequest, page: str, slug: str) -> str:
    return request.build_absolute_uri(reverse(page, args=[slug]))


def _refused(error: QuestionError, words: Vocabulary) -> HttpResponse:
    """Say in plain text which parameters cannot be read, and what is accepted."""
    lines = []
    for problem, said in zip(error.problems, problems.explained(error.problems), strict=True):
        lines.append("{parameter}: {name} “{value}” {said}".format(**said))
        choices = accepted(problem.parameter, words.known) if problem.code == "unknown" else ()
        if choices:
            lines.append(_("Accepted: %(values)s.") % {"values": ", ".join(choices)})
    text = "\n".join([*lines, ""])
    return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
