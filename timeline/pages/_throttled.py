"""How much time a worker spends on answers for one network that are not kept yet.

Robots that try one combination of filters after another would take all of a worker's time. What is
limited are answers to questions of which there is no end: several values, words, a period, a day, a
cursor. The pages of records, indexes, the timeline and the ledger as they stand, and lists with one
value that the filter form offers are never refused; nor is anything that is kept, or that the
browser has already.

What counts is processor time, so that nobody is refused for asking much of a small record. It is
held in Django's cache, because readers' pages write nothing to the database. By default each
worker has a cache of its own and so counts for itself.
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
from django_htmx.http import reswap, retarget

from timeline.core.filters import COUNTED_OF_COMMITMENTS
from timeline.middleware.clients import network_of
from timeline.pages._respond import HtmxRequest, htmx_target, page_or_fragment

PERIOD: Final = 60
"""Seconds that the limit is for."""

ALONE: Final = frozenset((*COUNTED_OF_COMMITMENTS, "view"))
"""Parameters of which one value by itself is never refused: the record has few of them."""


def made_within_limit(
    request: HtmxRequest, make: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """What ``make`` answers, or 429 where the network of the request had too much made lately.

    The time of refusing is counted as well, so that a robot that goes on asking stays refused.
    What is streamed is counted up to its first part.
    """
    most = settings.NETWORK_SECONDS_PER_MINUTE * 1000
    if not (most and _is_one_of_endlessly_many(request)):
        return make()
    begun, (window, into) = time.thread_time(), divmod(timezone.now().timestamp(), PERIOD)
    # IPv4 networks are commonly handed out as a /24, IPv6 sites as a /48 (RFC 6177).
    of_network = f"made.{network_of(request, v4=24, v6=48)}"
    this, last = f"{of_network}.{window:.0f}", f"{of_network}.{window - 1:.0f}"
    wait = seconds_to_wait(cache.get(this, 0), cache.get(last, 0), into, most)
    try:
        return too_many(request, wait) if wait else make()
    finally:
        _add(this, round(1000 * (time.thread_time() - begun)))


def seconds_to_wait(spent: int, before: int, into: float, most: int) -> int:
    """Seconds until less than ``most`` was spent lately; 0 where that is so now.

    ``spent`` and ``before`` were in this period, which began ``into`` seconds ago, and in the last.
    The limit slides: of the last period so much counts as still lies in a period back from now.
    """
    if spent + before * (1 - into / PERIOD) < most:
        return 0
    if spent < most:
        return math.floor(PERIOD * (1 - (most - spent) / before) - into) + 1
    return math.floor(PERIOD - into + PERIOD * (1 - most / spent)) + 1


def too_many(request: HtmxRequest, wait: int) -> HttpResponse:
    """The answer to a request that is refused: 429, what to do, and after how many seconds."""
    context = {"wait": wait, "again": request.get_full_path()}
    page, fragment = "pages/too_many.html", "parts/too_many.html"
    response = page_or_fragment(request, page, fragment, context, status=429)
    if htmx_target(request) is not None:
        response = reswap(retarget(response, "#results"), "outerHTML")
    response.headers["Retry-After"] = str(wait)
    response.headers["Cache-Control"] = "no-store"  # RFC 6585, section 4
    return response


def _is_one_of_endlessly_many(request: HttpRequest) -> bool:
    given = [name for name, values in request.GET.lists() for value in values if value]
    return len(given) > 1 or not ALONE.issuperset(given)


def _add(key: str, milliseconds: int) -> None:
    cache.add(key, 0, timeout=2 * PERIOD)
    try:
        cache.incr(key, milliseconds)
    except ValueError:  # the cache needed the room
        cache.set(key, milliseconds, timeout=2 * PERIOD)
