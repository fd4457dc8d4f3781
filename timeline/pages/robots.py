"""The rules for robots (Robots Exclusion Protocol, RFC 9309).

Robots may fetch the page of every record, every index, the timeline with each of its pictures, and
the ledger, all without filters. They may not fetch other addresses with a query: filters combine
without end, and what they find is on the pages of the records. Three places say so, for robots that
know only one of them:

* ``/robots.txt`` excludes these addresses;
* links to other questions have ``rel="nofollow"``, except the link to the next page of a list,
  since a list has only so many pages;
* responses at these addresses have ``X-Robots-Tag: noindex, nofollow``
  (:func:`timeline.middleware.headers.robots_tag`).

Programs that fetch a shared page to show a preview of it are allowed: they follow no links. Those
who want all of the record are pointed to the file that holds it.
"""

import datetime as dt
from contextlib import suppress
from typing import Final
from urllib.parse import quote

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.middleware.headers import INDEXED_PICTURES
from timeline.middleware.site import site_of

PREVIEW_AGENTS: Final = (
    *("facebookexternalhit", "LinkedInBot", "Slackbot-LinkExpanding", "Twitterbot"),
    *("Discordbot", "TelegramBot", "WhatsApp"),
)
"""Product tokens of programs that preview shared pages and may obey this file."""

RULES: Final = "\n".join(
    [
        *("# The whole record is one file: /data/record.zip", ""),
        *("User-agent: *", "Disallow: /admin/", "Disallow: /*?"),
        # The longest rule that matches an address decides (RFC 9309, section 2.2.2).
        *(*(f"Allow: {address}$" for address in INDEXED_PICTURES), ""),
        *(f"User-agent: {name}" for name in PREVIEW_AGENTS),
        *("Disallow: /admin/", ""),
    ]
)


# Robots should not use a cached copy for more than 24 hours (RFC 9309, section 2.4).
@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def robots(request: HttpRequest) -> HttpResponse:
    """The rules, which any host is given, and to the site's own the address of its sitemap."""
    lines = [RULES]
    with suppress(DisallowedHost):
        lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemaps'))}\n")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """The contact for reports of a weakness (RFC 9116): the keeper of the site, else its form."""
    lines = [
        f"Contact: {_contact(request)}",
        f"Expires: {_expiry(today()).isoformat()}T00:00:00Z",
        "Preferred-Languages: fr, en",
        f"Canonical: {request.build_absolute_uri(reverse('security'))}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def _contact(request: HttpRequest) -> str:
    contact = site_of(request).identity.contact.strip()
    if contact.startswith("https://"):
        return iri_to_uri(contact)
    if "@" in contact and len(contact.split()) == 1:
        return f"mailto:{quote(contact, safe='@')}"
    return request.build_absolute_uri(reverse("timeline:report"))


def _expiry(day: dt.date) -> dt.date:
    """Return the first day of the seventh month from a day: RFC 9116 advises less than a year."""
    months = day.year * 12 + day.month - 1 + 7
    return dt.date(months // 12, months % 12 + 1, 1)
