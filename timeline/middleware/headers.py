"""Headers that every response carries."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from timeline.core.display import View
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
    """Set ``Cache-Control`` on every response, errors and redirects included.

    Without it a browser may cache a 301, 404 or 410 for as long as it likes (RFC 9111, section
    4.2.2) and would not see a record that was published again. Public responses may be stored by
    any cache, those to signed-in editors by their browser only. Both must be revalidated each time,
    so that none is older than the record. Responses of the admin are never stored. Views and
    WhiteNoise may set other values.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            if is_for_editors(request):
                add_never_cache_headers(response)
            else:
                signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
                visibility = "private" if signed_in else "public"
                response.headers["Cache-Control"] = f"{visibility}, no-cache"
        return response

    return middleware


def permissions_policy(get_response: GetResponse) -> GetResponse:
    """Disable browser features that no page uses, such as devices, geolocation and payments."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", DISABLED_FEATURES)
        return response

    return middleware


INDEXED_PICTURES: Final = tuple(
    f"/{language}/?view={view}"
    for language, _name in settings.LANGUAGES
    for view in View
    if view != View.LIST
)
"""The only URLs with a query string that robots may index: pictures of the whole timeline."""


def robots_tag(get_response: GetResponse) -> GetResponse:
    """Tell robots not to index URLs with a query string, nor to follow their links.

    The pictures of the whole timeline may be indexed. ``/robots.txt`` says the same; see
    :mod:`timeline.pages.robots`.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        # Read before the response, as views may rewrite it.
        query = request.META.get("QUERY_STRING")
        response = get_response(request)
        if query and f"{request.path_info}?{query}" not in INDEXED_PICTURES:
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response

    return middleware


def resource_policy(get_response: GetResponse) -> GetResponse:
    """Forbid other sites to load responses into their pages, unless a view allows it.

    Static files may be loaded, as the script for embedding is one of them.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        shared = request.path_info.startswith(settings.STATIC_URL)
        allowed = "cross-origin" if shared else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", allowed)
        return response

    return middleware
