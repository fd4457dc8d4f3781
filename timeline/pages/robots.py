"""What robots may fetch, as the Robots Exclusion Protocol has it (RFC 9309).

Robots may fetch every page of a record, every index, and the timeline and the ledger as they stand.
They may not fetch any address with a query: filters combine without end, and what they find is on
the pages of the records. The same is said in three places, for robots that know only one of them:

* ``/robots.txt`` excludes these addresses;
* links to other questions carry ``rel="nofollow"``, except that to the next page of a list, of
  which there are no more than the list is long;
* answers at these addresses carry ``X-Robots-Tag: noindex, nofollow``
  (:func:`timeline.middleware.headers.robots_tag`).

Programs that fetch what somebody shares, to show a preview of it, are let through: they do not go
on from there.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

PREVIEWS: Final = (
    *("facebookexternalhit", "LinkedInBot", "Slackbot-LinkExpanding", "Twitterbot"),
    *("Discordbot", "TelegramBot", "WhatsApp"),
)
"""Product tokens of programs that preview what is shared and may obey this file."""

RULES: Final = "\n".join(
    [
        *("User-agent: *", "Disallow: /admin/", "Disallow: /*?", ""),
        *(f"User-agent: {name}" for name in PREVIEWS),
        *("Disallow: /admin/", ""),
    ]
)


@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def robots(request: HttpRequest) -> HttpResponse:
    """The rules; robots should not use a copy for more than a day (RFC 9309, section 2.4)."""
    return HttpResponse(RULES, content_type="text/plain; charset=utf-8")
