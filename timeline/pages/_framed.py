"""What may stand in a page of somebody else's."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_exempt

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def shown_elsewhere(view: View[P]) -> View[P]:
    """Let pages of other sites show what a view answers as a picture or in a frame.

    A page that isolates itself shows only what says that it may (HTML, 'embedder policy').
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return answer


def allow_framing(view: View[P]) -> View[P]:
    """Let the sites that ``EMBED_ANCESTORS`` names frame what a view answers.

    It goes around whatever keeps answers: these marks stand on the response, not in its headers.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        allow = csp_replace({"frame-ancestors": settings.EMBED_ANCESTORS})
        open_view = allow(xframe_options_exempt(view))
        return open_view(request, *args, **kwargs)

    return answer
