"""Answers that a browser keeps and asks after: unchanged, they are not even made anew."""

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from timeline.clock import today
from timeline.core.reading import PARAMETERS
from timeline.database import version
from timeline.database.version import Version
from timeline.pages._addressed import leave_out_unknown
from timeline.pages._respond import HTMX_HEADERS, HtmxRequest, swapped
from timeline.pages._throttled import made_within_limit
from timeline.rendering.answers import Answers, Kept
from timeline.rendering.edition import edition

P = ParamSpec("P")

kept: Final = Answers(most_bytes=16_000_000)


def revalidated(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Tag a page, so that a browser that kept it can ask whether it is still the same.

    What the page says hangs on the record, the day in UTC, the address and the code, and on
    nothing else of the request than whether htmx swaps it in. Parameters that no page knows are
    taken out of the address first, so that they make no second copy. The answer to a question
    asked before is kept here too, until the record changes, unless it is streamed. What has to be
    made is refused to those who ask for too much (:mod:`timeline.pages._throttled`).

    Only content and headers are kept, so decorators of django-csp go outside of this one, and a
    view with a nonce must not be decorated: its nonce would go out again and match no policy.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        leave_out_unknown(request, PARAMETERS)
        asked = cast(HtmxRequest, request)
        asked.version = version.current()
        if asked.version is None or settings.DEBUG:
            return view(request, *args, **kwargs)
        tag = _tag(asked, asked.version, today())
        unchanged = get_conditional_response(request, etag=tag)
        if unchanged is not None and unchanged.status_code == 304:
            return _with(unchanged, tag)
        return _with(_kept_or_made(asked, tag, lambda: view(request, *args, **kwargs)), tag)

    return answer


def _kept_or_made(
    request: HtmxRequest, tag: str, make: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    if (found := kept.get(tag)) is not None:
        return found.response()
    response = made_within_limit(request, make)
    if response.status_code != 200 or not isinstance(response, HttpResponse):
        return response
    answer = Kept.of(response)
    kept.put(tag, answer)
    return answer.response()


def _tag(request: HtmxRequest, seen: Version, day: dt.date) -> str:
    """A weak tag of all that an answer hangs on: compressed bodies share it with plain ones."""
    hangs_on = (
        edition(),
        seen.era,
        seen.token,
        day.isoformat(),
        request.build_absolute_uri(),
        repr(swapped(request)),
    )
    return f'W/"{hashlib.blake2s(chr(10).join(hangs_on).encode(), digest_size=12).hexdigest()}"'


def _with(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    if response.status_code in (200, 304):
        response.headers["ETag"] = tag
    patch_vary_headers(response, [*HTMX_HEADERS, "Accept-Encoding"])
    return response
