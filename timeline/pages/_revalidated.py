"""Conditional and cached responses: an unchanged page is not rendered again."""

import gzip
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Final, NamedTuple, TypeGuard, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import re_accepts_gzip
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.text import compress_string

from timeline.build_id import build_id
from timeline.cache import VersionedCache
from timeline.clock import today
from timeline.core.reading import PARAMETERS
from timeline.database.version import current
from timeline.pages._addressed import remove_unknown
from timeline.pages._respond import HTMX_HEADERS, HtmxRequest, P, ViewFunction, htmx_target
from timeline.pages._throttled import throttled


class CachedResponse(NamedTuple):
    """A response in the cache: compressed once a reader accepts that, unless plain is shorter.

    ``is_final`` says that compression was tried.
    """

    content: bytes
    is_compressed: bool
    headers: dict[str, str]
    is_final: bool = False

    @classmethod
    def of(cls, response: HttpResponse) -> "CachedResponse":
        """Take over the response of a view; it may not depend on the client."""
        return cls(response.content, is_compressed=False, headers=dict(response.items()))

    def compressed_for(self, request: HttpRequest) -> "CachedResponse":
        """Try to compress the response if this is the first client that accepts that."""
        if self.is_final or not _accepts_gzip(request):
            return self
        compressed = compress_string(self.content)
        if len(compressed) < len(self.content):
            return self._replace(content=compressed, is_compressed=True, is_final=True)
        return self._replace(is_final=True)

    def response(self, request: HttpRequest) -> HttpResponse:
        """Return the response in an encoding that the client accepts."""
        if not self.is_compressed:
            return HttpResponse(self.content, headers=self.headers)
        if not _accepts_gzip(request):
            return HttpResponse(gzip.decompress(self.content), headers=self.headers)
        # The compressing middleware skips responses that have a Content-Encoding.
        return HttpResponse(self.content, headers={**self.headers, "Content-Encoding": "gzip"})


response_cache: Final[VersionedCache[CachedResponse]] = VersionedCache("answer", alias="questions")

MAX_CACHED_BYTES: Final = 256 * 1024
"""The largest response that is cached: the cache limits the number of entries, not their size."""


def revalidated(view: ViewFunction[P]) -> ViewFunction[P]:
    """Give responses an ETag, answer conditional requests with 304, and cache whole responses.

    A page depends on the record, the day in UTC, the address and the code, and on nothing else in
    the request but whether htmx swaps it in. Parameters that no page knows are removed from the
    address first, so that they cause no second copy. Responses that are not streamed are cached
    until the record changes, compressed once a client accepts that. Clients that ask for too much
    are refused what is not cached (:mod:`timeline.pages._throttled`).

    Only content and headers are cached. So decorators of django-csp go outside of this one, and a
    view that uses a nonce must not be decorated: the nonce would be sent again and match no policy.
    """

    return revalidated_with(lambda: "")(view)


def revalidated_with(state: Callable[[], object]) -> Callable[[ViewFunction[P]], ViewFunction[P]]:
    """Return :func:`revalidated` for pages that depend on something beside the record, too.

    ``state`` returns that, as a value whose text differs whenever the page does.
    """
    return lambda view: _revalidated(view, state)


def _revalidated(view: ViewFunction[P], state: Callable[[], object]) -> ViewFunction[P]:
    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        remove_unknown(request, PARAMETERS)
        htmx_request = cast(HtmxRequest, request)
        beside = str(state())
        etag = _weak_etag(htmx_request, beside)
        if etag is None:
            return view(request, *args, **kwargs)
        day, key = today(), (*_key(htmx_request), beside)
        unchanged = get_conditional_response(request, etag=etag)
        if unchanged is not None and unchanged.status_code == 304:
            return _tagged(unchanged, _as_held(request, etag))
        stored = response_cache.get(key, day)
        if stored is None:
            response = throttled(htmx_request, lambda: view(request, *args, **kwargs))
            if not _is_cacheable(response):
                return _tagged(response, etag)
            cached = CachedResponse.of(response).compressed_for(request)
        else:
            cached = stored.compressed_for(request)
        if cached is not stored:
            response_cache.set(key, day, cached)
        return _tagged(cached.response(request), etag)

    return wrapper


def strong_etag(request: HttpRequest) -> str | None:
    """Return a strong ETag of a response whose bytes are the same each time.

    It matches the weak one of :func:`revalidated` where weak ones are compared. None where nothing
    is kept.
    """
    etag = _weak_etag(cast(HtmxRequest, request), "")
    return etag.removeprefix("W/") if etag else None


def _weak_etag(request: HtmxRequest, beside: str) -> str | None:
    version = current()
    if version is None or settings.DEBUG:
        return None
    key = map(repr, (*_key(request), beside))
    return _etag(build_id(), version.epoch, version.etag, today().isoformat(), *key)


def _key(request: HtmxRequest) -> tuple[str, str | None]:
    return request.build_absolute_uri(), htmx_target(request)


def _accepts_gzip(request: HttpRequest) -> bool:
    return bool(re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")))


def _is_cacheable(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    return (
        response.status_code == 200
        and isinstance(response, HttpResponse)
        and len(response.content) <= MAX_CACHED_BYTES
    )


def _etag(*parts: str) -> str:
    """Return a weak ETag of all that a response depends on; compression does not change it."""
    return f'W/"{hashlib.blake2s(chr(10).join(parts).encode(), digest_size=12).hexdigest()}"'


def _as_held(request: HttpRequest, etag: str) -> str:
    """Return an ETag as a client holds it: what was sent as a file has it as a strong one."""
    strong = etag.removeprefix("W/")
    return strong if strong in parse_etags(request.headers["If-None-Match"]) else etag


def _tagged(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    if response.status_code in (200, 304):
        response.headers.setdefault("ETag", etag)
    patch_vary_headers(response, [*HTMX_HEADERS, "Accept-Encoding"])
    return response
