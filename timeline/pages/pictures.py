"""The pictures of a question as files, and the card that represents it where it is shared."""

from collections.abc import Callable
from functools import wraps

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.reading import QUESTION_PARAMETERS
from timeline.middleware.site import site_of
from timeline.pages._addressed import canonical_query, redirect_unknown
from timeline.pages._framed import allow_cross_origin
from timeline.pages._question import canonical, read_question
from timeline.pages._respond import P, ViewFunction
from timeline.pages._result import answer, card_histogram, file_result, page_address
from timeline.pages._revalidated import revalidated
from timeline.pages.timeline import home
from timeline.pictures import export
from timeline.pictures.interface import AnsweredQuestion
from timeline.pictures.rasterize import png as rasterized
from timeline.pictures.rasterize import style_digest

AnswerView = Callable[[HttpRequest, AnsweredQuestion], HttpResponse]
PictureView = Callable[[HttpRequest], HttpResponseBase]


def _answered(view: AnswerView) -> PictureView:
    """Pass the answered question to a view; show the timeline page if it cannot be read."""

    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponseBase:
        reading = read_question(request)
        return home(request) if reading.problems else view(request, answer(reading, today()))

    return wrapper


def allow_own_style(view: ViewFunction[P]) -> ViewFunction[P]:
    """Let an SVG file use the style element inside it, and no other style."""

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        allow = csp_update({"style-src": [f"'sha256-{style_digest()}'"]})
        return allow(view)(request, *args, **kwargs)

    return wrapper


@require_safe
@allow_cross_origin
@redirect_unknown(*QUESTION_PARAMETERS)
@canonical_query(canonical)
@allow_own_style
@revalidated
@_answered
def svg(request: HttpRequest, answered: AnsweredQuestion) -> HttpResponse:
    """The picture of a question as a self-contained SVG file."""
    picture = _picture(request, answered)
    return _file(request, picture.encode(), "image/svg+xml", answered, "svg")


@require_safe
@allow_cross_origin
@redirect_unknown(*QUESTION_PARAMETERS)
@canonical_query(canonical)
@revalidated
@_answered
def png(request: HttpRequest, answered: AnsweredQuestion) -> HttpResponse:
    """The picture of a question as a PNG file."""
    picture = _picture(request, answered)
    return _file(request, rasterized(picture, sharp=True), "image/png", answered, "png")


def _picture(request: HttpRequest, answered: AnsweredQuestion) -> str:
    result = file_result(answered, page_address(request, answered))
    return export.picture(answered, result.drawing(), result.origin, site_of(request).own_name)


@require_safe
@allow_cross_origin
@redirect_unknown(*QUESTION_PARAMETERS)
@canonical_query(canonical)
@revalidated
@_answered
def card(request: HttpRequest, answered: AnsweredQuestion) -> HttpResponse:
    """The card of a question, shown where its page is shared."""
    address = page_address(request, answered).partition("://")[2]
    svg = export.question_card(answered, card_histogram(answered), site_of(request).name, address)
    return HttpResponse(rasterized(svg), content_type="image/png")


def _file(
    request: HttpRequest,
    content: bytes,
    content_type: str,
    answered: AnsweredQuestion,
    suffix: str,
) -> HttpResponse:
    filename = f"{site_of(request).file_name}-{answered.question.display.view}.{suffix}"
    headers = {"Content-Disposition": f'inline; filename="{filename}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
