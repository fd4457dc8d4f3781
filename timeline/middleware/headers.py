"""Headers that every response carries."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from timeline.middleware import GetResponse, is_for_editors

DISABLED_FEATURES: Final = ", ".join(
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
            if is_for_editors(request):
                add_never_cache_headers(response)
            else:
                signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
                kept_by = "private" if signed_in else "public"
                response.headers["Cache-Control"] = f"{kept_by}, no-cache"
        return response

    return middleware


def permissions_policy(get_response: GetResponse) -> GetResponse:
    """Tell browsers that no page asks for a device, a position or a payment."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", DISABLED_FEATURES)
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
