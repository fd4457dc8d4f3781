"""The URLs of the site; those under the prefix of a language are in :mod:`timeline.urls`."""

import sys

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from timeline.admin import first_page, sign_in
from timeline.database.outages import is_outage
from timeline.middleware.databases import unavailable
from timeline.pages import health, oembed, record, robots, sitemaps
from timeline.pages.api.operations import api


@require_safe
def to_readers_language(request: HttpRequest) -> HttpResponse:
    """Redirect readers of the root URL to the language that their browser prefers."""
    query = request.META.get("QUERY_STRING", "")
    url = f"/{get_language_from_request(request)}/" + (f"?{query}" if query else "")
    response = HttpResponseRedirect(url)
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Redirect browsers to the icon from pages that do not link to one, such as the admin's."""
    return HttpResponseRedirect(static("timeline/icon.svg"))


def handler500(request: HttpRequest) -> HttpResponse:
    """Handle errors raised outside of views, such as a session that cannot be saved."""
    error = sys.exc_info()[1]
    if error is not None and is_outage(error):
        return unavailable(request, error)
    return server_error(request)


urlpatterns: list[URLPattern | URLResolver] = [
    path("", to_readers_language, name="root"),
    path("favicon.ico", icon, name="icon"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemaps"),
    path("sitemap-<slug:noun>-<int:number>.xml", sitemaps.part, name="sitemap"),
    path(".well-known/security.txt", robots.security, name="security"),
    path("data/record.zip", record.record, name="record"),
    path("oembed", oembed.oembed, name="oembed"),
    path("api/v1/", api.urls),
    path("admin/", admin.site.admin_view(first_page.index)),
    path("admin/login/", sign_in.sign_in),
    path("admin/", admin.site.urls),
    *i18n_patterns(path("", include("timeline.urls"))),
]
