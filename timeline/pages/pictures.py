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
from timeline.pages._question import answer_of, canonical, origin, page_of, read_question
from timeline.pages._revalidated import revalidated
from timeline.pages.timeline import home
from timeline.rendering import files
from timeline.rendering.paint import png as pixels
from timeline.rendering.paint import style_digest
from timeline.rendering.pictures import Asked

Answering = Callable[[HttpRequest, Asked], HttpResponse]
View = Callable[[HttpRequest], HttpResponseBase]


def _of_what_is_asked(view: Answering) -> View:
    """Give a view what is asked; where it cannot be read, the timeline says so in its place."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponseBase:
        reading = read_question(request)
        return home(request) if reading.problems else view(request, answer_of(reading, today()))

    return answer


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
def svg(request: HttpRequest, what: Asked) -> HttpResponse:
    """The picture of what is asked, as a drawing that needs nothing beside itself."""
    return _file(files.picture(what, origin(request, what)).encode(), "image/svg+xml", what, "svg")


@require_safe
@shown_elsewhere
@file(*QUESTION_PARAMETERS)
@asked_by(canonical)
@revalidated
@_of_what_is_asked
def png(request: HttpRequest, what: Asked) -> HttpResponse:
    """The picture of what is asked, in pixels."""
    drawn = files.picture(what, origin(request, what))
    return _file(pixels(drawn, sharp=True), "image/png", what, "png")


@require_safe
@shown_elsewhere
@file(*QUESTION_PARAMETERS)
@asked_by(canonical)
@revalidated
@_of_what_is_asked
def card(request: HttpRequest, what: Asked) -> HttpResponse:
    """The card of a question, for where its page is shared."""
    address = page_of(request, what).partition("://")[2]
    return HttpResponse(pixels(files.question_card(what, address)), content_type="image/png")


def _file(content: bytes, kind: str, what: Asked, ending: str) -> HttpResponse:
    name = f"cadre-{what.question.look.view}.{ending}"
    said = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=said)
