"""Which requests are answered, by their host and the length of their address."""

import logging
from typing import Final

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve

from timeline.middleware import GetResponse

_log = logging.getLogger(__name__)

FOR_ANY_HOST: Final = frozenset({"/healthz", "/readyz", "/robots.txt"})
"""Addresses that are answered whatever the host: supervisors and robots may ask by an address of
the network or by an old name."""

LONGEST_ADDRESS: Final = 8_000
"""Bytes of path and query that are read; RFC 9110, section 4.1, asks for no fewer."""


def refused_addresses(get_response: GetResponse) -> GetResponse:
    """Refuse an address that is too long (414) or whose host is not the site's own (400).

    The answer is plain text, because a page would name its own address, and the log gets one line:
    neither says anything about the site.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        path, query = request.path_info, request.META.get("QUERY_STRING", "")
        if len(path) + len(query) > LONGEST_ADDRESS:
            _log.warning("Address of %d characters: %r …", len(path) + len(query), path[:100])
            return _plainly_refused("This address is too long.", 414)
        if path not in FOR_ANY_HOST:
            try:
                request.get_host()
            except DisallowedHost:
                _log.warning("Host not allowed: %r", request.META.get("HTTP_HOST", "")[:200])
                return _plainly_refused("This site does not answer for this host.", 400)
        return get_response(request)

    return middleware


def _plainly_refused(reason: str, status: int) -> HttpResponse:
    return HttpResponse(
        f"{reason}\n",
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"X-Content-Type-Options": "nosniff"},
    )


def answer_any_host(get_response: GetResponse) -> GetResponse:
    """Answer what is asked of any host, before anything looks at host, session or language."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info in FOR_ANY_HOST:
            answer: HttpResponseBase = resolve(request.path_info).func(request)
            return answer
        return get_response(request)

    return middleware
