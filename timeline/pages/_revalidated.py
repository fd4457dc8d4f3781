"""Answers that a browser keeps and asks after: unchanged, they are not even made anew."""

import gzip
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, NamedTuple, ParamSpec, TypeGuard, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import re_accepts_gzip
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.text import compress_string

from timeline.build_id import build_id
from timeline.cache import VersionedCache
from timeline.clock import today
from timeline.core.reading import PARAMETERS
from timeline.database.version import current
from timeline.pages._addressed import leave_out_unknown
from timeline.pages._respond import HTMX_HEADERS, HtmxRequest, htmx_target
from timeline.pages._throttled import made_within_limit

P = ParamSpec("P")


class Kept(NamedTuple):
    """An answer that is kept: plain until a reader takes it compressed, if that is shorter.

    ``is_final`` says that compressing was tried.
    """

    content: bytes
    is_compressed: bool
    headers: dict[str, str]
    is_final: bool = False

    @classmethod
    def of(cls, response: HttpResponse) -> "Kept":
        """Keep what a view answered; it may not depend on who asked."""
        return cls(response.content, is_compressed=False, headers=dict(response.items()))

    def for_reader(self, request: HttpRequest) -> "Kept":
        """The answer as it shall be kept from this reader on."""
        if self.is_final or not _takes_gzip(request):
            return self
        packed = compress_string(self.content)
        if len(packed) < len(self.content):
            return self._replace(content=packed, is_compressed=True, is_final=True)
        return self._replace(is_final=True)

    def response(self, request: HttpRequest) -> HttpResponse:
        """The answer as the browser takes it; the middleware leaves alone what is compressed."""
        if not self.is_compressed:
            return HttpResponse(self.content, headers=self.headers)
        if not _takes_gzip(request):
            return HttpResponse(gzip.decompress(self.content), headers=self.headers)
        return HttpResponse(self.content, headers={**self.headers, "Content-Encoding": "gzip"})


response_cache: Final[VersionedCache[Kept]] = VersionedCache("answer", alias="questions")

LONGEST_KEPT: Final = 256 * 1024
"""Bytes up to which an answer is kept: the cache counts answers and not their bytes."""


def revalidated(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Tag a page, so that a browser that kept it can ask whether it is still the same.

    What the page says hangs on the record, the day in UTC, the address and the code, and on
    nothing else of the request than whether htmx swaps it in. Parameters that no page knows are
    taken out of the address first, so that they make no second copy. The answer to a question
    asked before is kept here too, until the record changes, unless it is streamed: compressed once
    for those who take it so. What has to be made is refused to those who ask for too much
    (:mod:`timeline.pages._throttled`).

    Only content and headers are kept, so decorators of django-csp go outside of this one, and a
    view with a nonce must not be decorated: its nonce would go out again and match no policy.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        leave_out_unknown(request, PARAMETERS)
        asked = cast(HtmxRequest, request)
        version = current()
        if version is None or settings.DEBUG:
            return view(request, *args, **kwargs)
        day, key = today(), (request.build_absolute_uri(), htmx_target(asked))
        tag = _tag(build_id(), version.epoch, version.etag, day.isoformat(), *map(repr, key))
        unchanged = get_conditional_response(request, etag=tag)
        if unchanged is not None and unchanged.status_code == 304:
            return _with(unchanged, tag)
        kept = response_cache.get(key, day)
        if kept is None:
            response = made_within_limit(asked, lambda: view(request, *args, **kwargs))
            if not _may_be_kept(response):
                return _with(response, tag)
            found = Kept.of(response).for_reader(request)
        else:
            found = kept.for_reader(request)
        if found is not kept:
            response_cache.set(key, day, found)
        return _with(found.response(request), tag)

    return answer


def _takes_gzip(request: HttpRequest) -> bool:
    return bool(re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")))


def _may_be_kept(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    return (
        response.status_code == 200
        and isinstance(response, HttpResponse)
        and len(response.content) <= LONGEST_KEPT
    )


def _tag(*parts: str) -> str:
    """A weak tag of all that an answer depends on: compressed bodies share it with plain ones."""
    return f'W/"{hashlib.blake2s(chr(10).join(parts).encode(), digest_size=12).hexdigest()}"'


def _with(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    if response.status_code in (200, 304):
        response.headers["ETag"] = tag
    patch_vary_headers(response, [*HTMX_HEADERS, "Accept-Encoding"])
    return response
