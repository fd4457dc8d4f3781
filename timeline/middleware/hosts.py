"""Refuse requests by their host or the length of their URL."""

import logging
from typing import Final

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve

from timeline.middleware import GetResponse

_log = logging.getLogger(__name__)

FOR_ANY_HOST: Final = frozenset({"/healthz", "/readyz", "/robots.txt"})
"""Paths that are served for any host, as supervisors and robots may use an IP address or an old
name."""

MAX_ADDRESS: Final = 8_000
"""Characters of path and query string; RFC 9110, section 4.1, recommends to support as many."""


def refused_addresses(get_response: GetResponse) -> GetResponse:
    """Refuse a URL that is too long (414) or whose host is not the site's own (400).

    The response is plain text, as a page would contain its own URL, and the log gets one line:
    neither reveals anything about the site.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        path, query = request.path_info, request.META.get("QUERY_STRING", "")
        if len(path) + len(query) > MAX_ADDRESS:
            _log.warning("Address of %d characters: %r …", len(path) + len(query), path[:100])
            return _plain_text_refusal("This address is too long.", 414)
        if path not in FOR_ANY_HOST:
            try:
                request.get_host()
            except DisallowedHost:
                _log.warning("Host not allowed: %r", request.META.get("HTTP_HOST", "")[:200])
                return _plain_text_refusal("This site does not answer for this host.", 400)
        return get_response(request)

    return middleware


def _plain_text_refusal(reason: str, status: int) -> HttpResponse:
    return HttpResponse(
        f"{reason}\n",
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"X-Content-Type-Options": "nosniff"},
    )


def answer_any_host(get_response: GetResponse) -> GetResponse:
    """Serve the paths for any host before other middleware reads host, session or language."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info in FOR_ANY_HOST:
            response: HttpResponseBase = resolve(request.path_info).func(request)
            return response
        return get_response(request)

    return middleware
