"""Decorators for views whose responses other sites may embed."""

from functools import wraps
from typing import TypeVar

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_exempt

from timeline.pages._respond import P, ViewFunction


def allow_cross_origin(view: ViewFunction[P]) -> ViewFunction[P]:
    """Let pages of other sites show the response as a picture or in a frame.

    A cross-origin isolated page shows only responses that allow it (HTML, 'embedder policy').
    """

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return wrapper


Response = TypeVar("Response", bound=HttpResponseBase)


def opened_to_scripts(response: Response) -> Response:
    """Let scripts of other sites read a response, which is the same for everybody; return it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def open_to_scripts(view: ViewFunction[P]) -> ViewFunction[P]:
    """Let scripts of other sites read the responses of a view."""

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return opened_to_scripts(view(request, *args, **kwargs))

    return wrapper


def frame_script(request: HttpRequest) -> str:
    """Return the address of the script that adjusts frames on pages of other sites.

    It is not the hashed one, which the next release may no longer serve.
    """
    return request.build_absolute_uri(f"{settings.STATIC_URL}timeline/embed.js")


def allow_framing(view: ViewFunction[P]) -> ViewFunction[P]:
    """Let the sites that ``EMBED_ANCESTORS`` names put the response into a frame.

    Decorators that cache responses go inside of this one: it marks the response with attributes,
    which they do not keep, for the middleware that sets the headers.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        allow = csp_replace({"frame-ancestors": settings.EMBED_ANCESTORS})
        framed_view = allow(xframe_options_exempt(view))
        return framed_view(request, *args, **kwargs)

    return wrapper
