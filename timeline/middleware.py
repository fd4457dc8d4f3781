"""Middleware of the site: refused requests, headers of every response, database outages."""

import ipaddress
import logging
import os
from collections.abc import Callable
from threading import local
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.cache import add_never_cache_headers

from timeline.database.outages import RETRY_AFTER, is_outage

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_log = logging.getLogger(__name__)

HEALTH: Final = frozenset({"/healthz", "/readyz"})
"""Addresses that supervisors ask, by whatever host name they reach the site."""

FOR_ANY_HOST: Final = HEALTH | {"/robots.txt"}
"""Addresses that are answered whatever the host: robots may come by an address or an old name."""

LONGEST_ADDRESS: Final = 8_000
"""Bytes of path and query that are read; RFC 9110, section 4.1, asks for no fewer."""

DEVICES: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)


def cache_control(get_response: GetResponse) -> GetResponse:
    """Say of every answer how long it may be kept, errors and redirects included.

    Without ``Cache-Control`` a browser may keep a 301, 404 or 410 for as long as it likes (RFC
    9111, section 4.2.2) and would not see a record that was published again. Answers to readers
    may be kept by anybody, those to editors by their browser only; both are asked after each time,
    so that none is older than the record. What the admin answers is kept nowhere. Views and
    WhiteNoise may say otherwise.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            # Without its last slash, for the redirect to the address that has one.
            if request.path_info.startswith(reverse("admin:index").rstrip("/")):
                add_never_cache_headers(response)
            else:
                signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
                kept_by = "private" if signed_in else "public"
                response.headers["Cache-Control"] = f"{kept_by}, no-cache"
        return response

    return middleware


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


def client_address(get_response: GetResponse) -> GetResponse:
    """Set the address of the client behind a proxy, as the proxy tells it.

    Only the last entry of X-Forwarded-For is the proxy's own; those before it are whatever the
    client sent. Without BEHIND_PROXY the header is anybody's and is not read.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.BEHIND_PROXY:
            told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
            if _address(told) is not None:
                request.META["REMOTE_ADDR"] = told
        return get_response(request)

    return middleware


def _plainly_refused(reason: str, status: int) -> HttpResponse:
    return HttpResponse(
        f"{reason}\n",
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"X-Content-Type-Options": "nosniff"},
    )


def health(get_response: GetResponse) -> GetResponse:
    """Answer what is asked by any host before anything looks at the host, a session, a language."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info in FOR_ANY_HOST:
            answer: HttpResponseBase = resolve(request.path_info).func(request)
            return answer
        return get_response(request)

    return middleware


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def network_of(request: HttpRequest, *, v4: int = 32, v6: int = 64) -> str:
    """The network that a request comes from, by so many leading bits of its address.

    By default a whole IPv4 address, and the /64 that a line of IPv6 commonly has to choose
    addresses from (RFC 6177).
    """
    address = _address(str(request.META.get("REMOTE_ADDR", "")))
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if address is None:
        return ""
    bits = v6 if isinstance(address, ipaddress.IPv6Address) else v4
    return str(ipaddress.ip_network((address, bits), strict=False)).removesuffix("/32")


def longer_than(request: HttpRequest, most: int) -> bool:
    """Whether a request says that its body is longer than so many bytes, or not how long it is."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return not (length.isascii() and length.isdigit() and int(length) <= most)


def permissions_policy(get_response: GetResponse) -> GetResponse:
    """Tell browsers that no page asks for a device, a position or a payment."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", DEVICES)
        return response

    return middleware


def robots_tag(get_response: GetResponse) -> GetResponse:
    """Tell robots not to keep what is at an address with a query, nor to go on from there.

    ``/robots.txt`` excludes these addresses; see :mod:`timeline.pages.robots`.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        asked = request.META.get("QUERY_STRING")  # as it was sent; views may rewrite it
        response = get_response(request)
        if asked:
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response

    return middleware


def resource_policy(get_response: GetResponse) -> GetResponse:
    """Keep other sites from loading our answers into their pages, where a view says nothing else.

    Static files may be loaded: the script for those who embed is one.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        shared = request.path_info.startswith(settings.STATIC_URL)
        allowed = "cross-origin" if shared else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", allowed)
        return response

    return middleware


def database_in_place(get_response: GetResponse) -> GetResponse:
    """Leave a SQLite file that another was put in the place of, as a restored backup is.

    Connections last from one request to the next, and one stays with the file that it opened
    even where that file is in no folder any more.
    """
    opened = local()

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if connection.vendor == "sqlite":
            file = _identity(connection.settings_dict["NAME"])
            if file != getattr(opened, "file", file) and not connection.in_atomic_block:
                connection.close()
            opened.file = file
        return get_response(request)

    return middleware


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 — of each request, so the cheapest way
    except OSError:
        return None
    return found.st_dev, found.st_ino


class DatabaseOutages:
    """Answer 503 while the database takes nothing: see :mod:`timeline.database.outages`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Receive what a view or a template raised."""
        return unavailable(request, error) if is_outage(error) else None


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """A page that needs no database and, after a POST, holds all that was typed to send it again.

    Passwords are typed anew, and files chosen anew.
    """
    reason = " ".join(str(error).split())
    _log.error("%s %s was not answered: %s", request.method, request.path, reason)
    context: dict[str, Any] = {"again": request.get_full_path()}
    if request.method == "POST":
        context |= {
            "typed": [
                (name, value, _shown_as(name, value))
                for name, values in request.POST.lists()
                for value in values
                if name != "csrfmiddlewaretoken"
            ],
            # A form for readers has no token, and sets no cookie.
            "with_token": "csrfmiddlewaretoken" in request.POST,
            "files": bool(request.FILES),
        }
    response = render(request, "503.html", context, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _shown_as(name: str, value: str) -> str:
    """How the field of a form is shown on a page that knows no more of it than its name."""
    if "password" in name:
        return "password"
    return "hidden" if not value or name.startswith("_") or name.endswith("_FORMS") else "text"
