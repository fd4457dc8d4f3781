"""The rules for robots (Robots Exclusion Protocol, RFC 9309).

Robots may fetch the page of every record, every index, and the timeline and the ledger without
filters. They may not fetch addresses with a query: filters combine without end, and what they find
is on the pages of the records. Three places say so, for robots that know only one of them:

* ``/robots.txt`` excludes these addresses;
* links to other questions have ``rel="nofollow"``, except the link to the next page of a list,
  since a list has only so many pages;
* responses at these addresses have ``X-Robots-Tag: noindex, nofollow``
  (:func:`timeline.middleware.headers.robots_tag`).

Programs that fetch a shared page to show a preview of it are allowed: they follow no links.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

PREVIEW_AGENTS: Final = (
    *("facebookexternalhit", "LinkedInBot", "Slackbot-LinkExpanding", "Twitterbot"),
    *("Discordbot", "TelegramBot", "WhatsApp"),
)
"""Product tokens of programs that preview shared pages and may obey this file."""

RULES: Final = "\n".join(
    [
        *("User-agent: *", "Disallow: /admin/", "Disallow: /*?", ""),
        *(f"User-agent: {name}" for name in PREVIEW_AGENTS),
        *("Disallow: /admin/", ""),
    ]
)


# Robots should not use a cached copy for more than 24 hours (RFC 9309, section 2.4).
@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(RULES, content_type="text/plain; charset=utf-8")
