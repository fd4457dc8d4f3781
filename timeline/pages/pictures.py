"""Pictures of what a question finds, as files, and the card that stands for it where shared."""

from collections.abc import Callable
from functools import wraps

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.reading import QUESTION_PARAMETERS
from timeline.pages._addressed import asked_by, file
from timeline.pages._framed import shown_elsewhere
from timeline.pages._question import canonical, read_question
from timeline.pages._result import answer, card_histogram, file_result, page_of
from timeline.pages._revalidated import revalidated
from timeline.pages.timeline import home
from timeline.pictures import export
from timeline.pictures.interface import AnsweredQuestion
from timeline.pictures.rasterize import png as png_of
from timeline.pictures.rasterize import style_digest

Answering = Callable[[HttpRequest, AnsweredQuestion], HttpResponse]
View = Callable[[HttpRequest], HttpResponseBase]


def _of_what_is_asked(view: Answering) -> View:
    """Give a view what is asked; where it cannot be read, the timeline says so in its place."""

    @wraps(view)
    def response(request: HttpRequest) -> HttpResponseBase:
        reading = read_question(request)
        return home(request) if reading.problems else view(request, answer(reading, today()))

    return response


def _styled(view: View) -> View:
    """Let a drawing that is looked at by itself carry its own style, and nothing else."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponseBase:
        allow = csp_update({"style-src": [f"'sha256-{style_digest()}'"]})
        return allow(view)(request)

    return answer


@require_safe
@shown_elsewhere
@file(*QUESTION_PARAMETERS)
@asked_by(canonical)
@_styled
@revalidated
@_of_what_is_asked
def svg(request: HttpRequest, answered: AnsweredQuestion) -> HttpResponse:
    """The picture of what is asked, as a drawing that needs nothing beside itself."""
    drawn = _drawn(request, answered)
    return _file(drawn.encode(), "image/svg+xml", answered, "svg")


@require_safe
@shown_elsewhere
@file(*QUESTION_PARAMETERS)
@asked_by(canonical)
@revalidated
@_of_what_is_asked
def png(request: HttpRequest, answered: AnsweredQuestion) -> HttpResponse:
    """The picture of what is asked, in pixels."""
    drawn = _drawn(request, answered)
    return _file(png_of(drawn, sharp=True), "image/png", answered, "png")


def _drawn(request: HttpRequest, answered: AnsweredQuestion) -> str:
    result = file_result(answered, page_of(request, answered))
    return export.picture(answered, result.drawing(), result.origin)


@require_safe
@shown_elsewhere
@file(*QUESTION_PARAMETERS)
@asked_by(canonical)
@revalidated
@_of_what_is_asked
def card(request: HttpRequest, answered: AnsweredQuestion) -> HttpResponse:
    """The card of a question, for where its page is shared."""
    address = page_of(request, answered).partition("://")[2]
    drawn = export.question_card(answered, card_histogram(answered), address)
    return HttpResponse(png_of(drawn), content_type="image/png")


def _file(content: bytes, kind: str, answered: AnsweredQuestion, ending: str) -> HttpResponse:
    name = f"cadre-{answered.question.display.view}.{ending}"
    said = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=said)
