"""How every public page is answered: whole or as a fragment, found, moved or gone."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, NoReturn, TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from timeline.core.codes import Publication
from timeline.models import Commitment, Event, Framework, Party, Person, Sector
from timeline.queries.slugs import KINDS, slugs_now

Record = TypeVar("Record", Event, Commitment, Framework)
Used = TypeVar("Used", Party, Person, Sector)


class HtmxRequest(HttpRequest):
    """A request that has passed the htmx middleware."""

    htmx: HtmxDetails


class Gone(Exception):
    """A withdrawn record was asked for; carries the record so that the page can say why."""

    def __init__(self, record: Event | Commitment | Framework) -> None:
        super().__init__(str(record.pk))
        self.record = record


class Moved(Exception):
    """A record was asked for under a former slug; carries the slug that it has now."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def query_lists(request: HttpRequest) -> dict[str, list[str]]:
    """The query string as lists of values, characters that no database takes replaced."""
    return {
        key: [value.replace("\0", "\ufffd").encode("utf-8", "replace").decode() for value in values]
        for key, values in request.GET.lists()
    }


HTMX_HEADERS: Final = (*("HX-Request", "HX-Boosted", "HX-History-Restore-Request", "HX-Target"),)
"""Headers that an answer may hang on."""


def htmx_target(request: HtmxRequest) -> str | None:
    """The id of the element that htmx puts the answer in ('' when it has none).

    None for anyone who takes the whole page.
    """
    htmx = request.htmx
    if not htmx or htmx.boosted or htmx.history_restore_request:
        return None
    return htmx.target or ""


def fragment_response(
    request: HtmxRequest, content: str, *, status: int = 200, address: str = ""
) -> HttpResponse:
    """Answer with markup; ``address`` is what the reader's address bar shall say after a swap."""
    response = HttpResponse(content, status=status)
    if address and htmx_target(request) is not None:
        response["HX-Push-Url"] = address
    patch_vary_headers(response, HTMX_HEADERS)
    return response


def page_or_fragment(
    request: HtmxRequest,
    page: str,
    fragment: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    address: str = "",
) -> HttpResponse:
    """Answer an htmx swap with the fragment, anyone else with the whole page."""
    template = page if htmx_target(request) is None else fragment
    content = render_to_string(template, context, request)
    return fragment_response(request, content, status=status, address=address)


def published_or_raise(rows: "QuerySet[Record]", kind: str, slug: str) -> Record:
    """Find a published record by its slug; raise Moved, Gone or Http404 when there is none."""
    record = rows.filter(slug=slug).first()
    if record is None or record.publication not in (Publication.PUBLISHED, Publication.WITHDRAWN):
        raise_moved_or_missing(kind, slug)
    raise_unless_published(record)
    return record


def public_or_raise(rows: "QuerySet[Used]", kind: str, slug: str) -> Used:
    """Find one of these public records by its slug or code; raise Moved or Http404 for none."""
    record = rows.filter(**{KINDS[kind].column: slug}).first()
    if record is None:
        raise_moved_or_missing(kind, slug)
    return record


def raise_unless_published(record: Event | Commitment | Framework) -> None:
    """Raise Gone for what was withdrawn, and Http404 for what readers may not see yet."""
    if record.publication == Publication.WITHDRAWN:
        raise Gone(record)
    if record.publication != Publication.PUBLISHED:
        raise Http404(record.slug)


def raise_moved_or_missing(kind: str, slug: str) -> NoReturn:
    """Raise Moved where readers may see a record that once had this slug, else Http404."""
    now = slugs_now(kind, [slug])
    if slug not in now:
        raise Http404(slug)
    raise Moved(now[slug])


View = Callable[..., HttpResponseBase]


def record_view(address: str) -> Callable[[View], View]:
    """Let a view of one record answer for records that moved (302) or were withdrawn (410).

    The redirect is temporary: a slug can be given back to the record that had it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, slug: str) -> HttpResponseBase:
            try:
                return view(request, slug)
            except Moved as moved:
                return redirect(reverse(address, args=[moved.slug], query=request.GET))
            except Gone as gone:
                return render(request, "410.html", {"record": gone.record}, status=410)

        return answer

    return decorate
