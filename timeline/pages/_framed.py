"""Decorators for views whose responses other sites may embed."""

from functools import wraps

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
