"""One address for one answer: what a file hangs on stands in its address, and nothing else."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def file(*parameters: str) -> Callable[[View[P]], View[P]]:
    """Send whoever names a parameter that a file does not know to its address without it.

    Nothing is made for such an address, so that nobody has the same file made again and again.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            known = _known(request, parameters)
            if len(known) == len(request.GET):
                return view(request, *args, **kwargs)
            address = request.path + (f"?{urlencode(known, doseq=True)}" if known else "")
            return HttpResponseRedirect(address)

        return answer

    return decorate


def asked_by(
    written: Callable[[HttpRequest], str | None],
) -> Callable[[View[P]], View[P]]:
    """Let a view see, in place of the query string as sent, the one way to write it.

    ``written`` gives it with its '?', or None where it cannot be read and stays as it is. It goes
    around whatever keeps answers under the address.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if (query := written(request)) is not None:
                _put(request, query.removeprefix("?"))
            return view(request, *args, **kwargs)

        return answer

    return decorate


def leave_out_unknown(request: HttpRequest, parameters: Collection[str]) -> None:
    """Take the parameters that are none of these out of a request."""
    known = _known(request, parameters)
    if len(known) < len(request.GET):
        _put(request, urlencode(known, doseq=True))


def _known(request: HttpRequest, parameters: Collection[str]) -> dict[str, list[str]]:
    return {name: values for name, values in request.GET.lists() if name in parameters}


def _put(request: HttpRequest, query: str) -> None:
    request.META["QUERY_STRING"] = query
    # Django reads the query string once and keeps what it read.
    request.__dict__.pop("GET", None)
