"""Limit the time that a worker spends on uncached responses for one network.

Robots that try one combination of filters after another would take all of a worker's time. The
limit applies to questions of which there are endlessly many: with several values, words, a period,
a day or a cursor. Never refused are the pages of records, the indexes, the timeline and the ledger
without filters, lists with one value that the filter form offers, and anything that is cached here
or in the browser.

The limit is on processor time, so that nobody is refused for asking much of a small record. The
time spent is stored in Django's cache, because readers' pages write nothing to the database. By
default each worker has a cache of its own, and so a limit of its own.
"""

import math
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from timeline.core.filters import COUNTED_OF_COMMITMENTS, COUNTED_OF_INSTRUMENTS
from timeline.middleware.clients import network_of
from timeline.pages._respond import HtmxRequest, page_or_fragment

PERIOD: Final = 60
"""The period of the limit in seconds."""

UNLIMITED: Final = frozenset((*COUNTED_OF_COMMITMENTS, *COUNTED_OF_INSTRUMENTS, "view"))
"""Parameters of which a single value is never refused: the record has few of those values."""


def throttled(request: HtmxRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Return the response of ``view``, or 429 if the network of the request reached the limit.

    The time of refusals counts as well, so that a robot that goes on asking stays refused. Of a
    streamed response only the time up to its first part counts.
    """
    limit = settings.NETWORK_SECONDS_PER_MINUTE * 1000
    if not (limit and _is_one_of_endlessly_many(request)):
        return view()
    start, (period, elapsed) = time.thread_time(), divmod(timezone.now().timestamp(), PERIOD)
    # IPv4 networks are commonly handed out as a /24, IPv6 sites as a /48 (RFC 6177).
    prefix = f"made.{network_of(request, v4=24, v6=48)}"
    key, previous_key = f"{prefix}.{period:.0f}", f"{prefix}.{period - 1:.0f}"
    wait = seconds_to_wait(cache.get(key, 0), cache.get(previous_key, 0), elapsed, limit)
    try:
        return too_many(request, wait) if wait else view()
    finally:
        _add(key, round(1000 * (time.thread_time() - start)))


def seconds_to_wait(spent: int, previous: int, elapsed: float, limit: int) -> int:
    """Return the seconds until the time spent lately falls below the limit; 0 if it is below now.

    ``spent`` is the time spent in this period, which began ``elapsed`` seconds ago, and
    ``previous`` that in the previous period; both and ``limit`` are in one unit. The window slides:
    the previous period counts in proportion to the part of it that lies less than a period back.
    """
    if spent + previous * (1 - elapsed / PERIOD) < limit:
        return 0
    if spent < limit:
        return math.floor(PERIOD * (1 - (limit - spent) / previous) - elapsed) + 1
    return math.floor(PERIOD - elapsed + PERIOD * (1 - limit / spent)) + 1


def too_many(request: HtmxRequest, wait: int) -> HttpResponse:
    """Return the refusal: 429 with advice, and the number of seconds to wait."""
    context = {"wait": wait, "again": request.get_full_path()}
    page, fragment = "pages/too_many.html", "parts/too_many.html"
    response = page_or_fragment(request, page, fragment, context, status=429)
    response.headers["Retry-After"] = str(wait)
    response.headers["Cache-Control"] = "no-store"  # RFC 6585, section 4
    return response


def _is_one_of_endlessly_many(request: HttpRequest) -> bool:
    parameters = [name for name, values in request.GET.lists() for value in values if value]
    return len(parameters) > 1 or not UNLIMITED.issuperset(parameters)


def _add(key: str, milliseconds: int) -> None:
    cache.add(key, 0, timeout=2 * PERIOD)
    try:
        cache.incr(key, milliseconds)
    except ValueError:  # the cache has evicted the key meanwhile
        cache.set(key, milliseconds, timeout=2 * PERIOD)
