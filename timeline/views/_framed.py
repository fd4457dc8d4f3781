"""Which page may stand in a page of somebody else's."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def framed(view: View[P]) -> View[P]:
    """Let the sites that ``EMBED_ANCESTORS`` names frame what a view answers.

    It goes around whatever keeps answers: these marks stand on the response, not in its headers.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        allow = csp_replace({"frame-ancestors": settings.EMBED_ANCESTORS})
        open_view = allow(xframe_options_exempt(view))
        return cast(HttpResponse, open_view(request, *args, **kwargs))

    return answer
