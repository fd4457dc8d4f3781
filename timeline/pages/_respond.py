"""The responses of all public pages: whole or as a fragment, and for records moved or withdrawn."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, Final, NoReturn, ParamSpec, TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from timeline.clock import today
from timeline.core.codes import Publication
from timeline.models import (
    Commitment,
    Event,
    Framework,
    Instrument,
    Party,
    Person,
    Place,
    Sector,
    Source,
)
from timeline.queries.slugs import KINDS, slugs_now

Record = TypeVar("Record", Event, Commitment, Framework, Instrument)
UsedRecord = TypeVar("UsedRecord", Party, Person, Place, Sector, Source)
"""Records without a publication state: they are public where a published record uses them."""

PUBLISHABLE: Final[Mapping[str, "QuerySet[Any]"]] = {
    "event": Event.objects.all(),
    "commitment": Commitment.objects.select_related("event"),
    "framework": Framework.objects.all(),
    "instrument": Instrument.objects.all(),
}
"""The records that carry a publication state, by noun."""

P = ParamSpec("P")
ViewFunction = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
RecordView = Callable[..., HttpResponseBase]
"""A view of one record, which it takes by its slug."""


class HtmxRequest(HttpRequest):
    """A request that has passed the htmx middleware."""

    htmx: HtmxDetails


class Gone(Exception):
    """The record of this address was withdrawn; its page gives the reason."""

    def __init__(self, record: Event | Commitment | Framework | Instrument) -> None:
        super().__init__(str(record.pk))
        self.record = record


class Moved(Exception):
    """The slug in the address is a former one; ``slug`` is the current one."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def page_day(_request: HttpRequest) -> dict[str, Any]:
    """Give the day to every template, as a context processor: pages on paper say when they were."""
    return {"page_day": today()}


def query_lists(request: HttpRequest) -> dict[str, list[str]]:
    """Return the query string as lists of values; characters that databases refuse are replaced."""
    return {
        key: [value.replace("\0", "\ufffd").encode("utf-8", "replace").decode() for value in values]
        for key, values in request.GET.lists()
    }


HTMX_HEADERS: Final = (*("HX-Request", "HX-Boosted", "HX-History-Restore-Request", "HX-Target"),)
"""Request headers that a response may depend on."""


def htmx_target(request: HtmxRequest) -> str | None:
    """Return the id of the element that htmx swaps ('' if it has none), or None for whole pages."""
    htmx = request.htmx
    if not htmx or htmx.boosted or htmx.history_restore_request:
        return None
    return htmx.target or ""


def fragment_response(
    request: HtmxRequest, content: str, *, status: int = 200, address: str = ""
) -> HttpResponse:
    """Return markup as a response; ``address`` goes to the browser's address bar after a swap."""
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
    """Return the fragment for an htmx swap, the whole page for any other request."""
    template = page if htmx_target(request) is None else fragment
    content = render_to_string(template, context, request)
    return fragment_response(request, content, status=status, address=address)


def _published_or_raise(rows: "QuerySet[Record]", kind: str, slug: str) -> Record:
    """Return the published record with a slug; raise Moved, Gone or Http404 if there is none."""
    record = rows.filter(slug=slug).first()
    if record is None or record.publication not in (Publication.PUBLISHED, Publication.WITHDRAWN):
        raise_moved_or_missing(kind, slug)
    raise_unless_published(record)
    return record


def public_or_raise(rows: "QuerySet[UsedRecord]", kind: str, slug: str) -> UsedRecord:
    """Return the record with a slug or code; raise Moved or Http404 if there is none."""
    record = rows.filter(**{KINDS[kind].column: slug}).first()
    if record is None:
        raise_moved_or_missing(kind, slug)
    return record


def record_or_raise(noun: str, slug: str) -> Any:
    """Return the record of any noun that readers may see; raise Moved, Gone or Http404 if none."""
    if noun not in PUBLISHABLE:
        if noun == "source" and not (slug.isascii() and slug.isdecimal()):
            raise Http404(slug)
        return public_or_raise(KINDS[noun].rows(), noun, slug)
    record: Any = _published_or_raise(PUBLISHABLE[noun].all(), noun, slug)
    if noun == "commitment":
        raise_unless_published(record.event)
    return record


def raise_unless_published(record: Event | Commitment | Framework | Instrument) -> None:
    """Raise Gone for a withdrawn record, and Http404 for one that readers may not see yet."""
    if record.publication == Publication.WITHDRAWN:
        raise Gone(record)
    if record.publication != Publication.PUBLISHED:
        raise Http404(record.slug)


def raise_moved_or_missing(kind: str, slug: str) -> NoReturn:
    """Raise Moved if a record that readers may see once had this slug, else Http404."""
    current_slugs = slugs_now(kind, [slug])
    if slug not in current_slugs:
        raise Http404(slug)
    raise Moved(current_slugs[slug])


def record_view(url_name: str = "") -> Callable[[RecordView], RecordView]:
    """Respond for records that moved (302, to the view's own URL) or were withdrawn (410).

    Without a name of its URL the view has several, one for each noun.
    """

    def decorate(view: RecordView) -> RecordView:
        @wraps(view)
        def wrapper(request: HttpRequest, slug: str, **others: Any) -> HttpResponseBase:
            try:
                return view(request, slug, **others)
            except Moved as moved:
                name = url_name or str(request.resolver_match and request.resolver_match.view_name)
                arguments = {**others, "slug": moved.slug}
                # Temporary: the record that had this slug can get it back.
                return redirect(reverse(name, kwargs=arguments, query=request.GET))
            except Gone as gone:
                return render(request, "410.html", {"record": gone.record}, status=410)

        return wrapper

    return decorate
