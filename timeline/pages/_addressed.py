"""One address for each response: only the parameters that it depends on, in one canonical form."""

from collections.abc import Callable, Collection
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from timeline.pages._respond import P, ViewFunction


def redirect_unknown(*parameters: str) -> Callable[[ViewFunction[P]], ViewFunction[P]]:
    """Redirect requests with any parameter but these to the address without it.

    The view is not called for them, so that nobody can make it render the same file over and over.
    """

    def decorate(view: ViewFunction[P]) -> ViewFunction[P]:
        @wraps(view)
        def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            accepted = _accepted(request, parameters)
            if len(accepted) == len(request.GET):
                return view(request, *args, **kwargs)
            address = request.path + (f"?{urlencode(accepted, doseq=True)}" if accepted else "")
            return HttpResponseRedirect(address)

        return wrapper

    return decorate


def canonical_query(
    canonical: Callable[[HttpRequest], str | None],
) -> Callable[[ViewFunction[P]], ViewFunction[P]]:
    """Replace the query string of a request with its canonical form before the view is called.

    ``canonical`` returns that form with its '?', or None where the query cannot be read, which
    leaves it unchanged. Decorators that cache by address go inside of this one.
    """

    def decorate(view: ViewFunction[P]) -> ViewFunction[P]:
        @wraps(view)
        def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if (query := canonical(request)) is not None:
                _set_query(request, query.removeprefix("?"))
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def address_pattern(request: HttpRequest, url_name: str) -> str:
    """Return the absolute address of a record's page, with '%s' for its slug."""
    # The identifier of a source is a number, which stands for that of any record.
    address = request.build_absolute_uri(reverse(url_name, args=["0"])).replace("%", "%%")
    before, _slash, after = address.rpartition("/0/")
    return f"{before}/%s/{after}"


def remove_unknown(request: HttpRequest, parameters: Collection[str]) -> None:
    """Remove all parameters but these from a request."""
    accepted = _accepted(request, parameters)
    if len(accepted) < len(request.GET):
        _set_query(request, urlencode(accepted, doseq=True))


def _accepted(request: HttpRequest, parameters: Collection[str]) -> dict[str, list[str]]:
    return {name: values for name, values in request.GET.lists() if name in parameters}


def _set_query(request: HttpRequest, query: str) -> None:
    request.META["QUERY_STRING"] = query
    # Django parses the query string once and keeps the result.
    request.__dict__.pop("GET", None)
