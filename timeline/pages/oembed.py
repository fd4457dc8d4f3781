"""The oEmbed endpoint for the timeline and for pages of records (https://oembed.com)."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import get_language_from_path, override
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.formats import embedding, sentences
from timeline.middleware.site import site_of
from timeline.models import Commitment, Event, Framework, Instrument
from timeline.pages._framed import frame_script, opened_to_scripts
from timeline.pages._question import read_question
from timeline.pages._result import answer, page_address
from timeline.pages._sharing import sharing_of
from timeline.pictures.interface import AnsweredQuestion

EMBEDDABLE: Final = frozenset({"timeline:home", "timeline:embed"})

RECORDS: Final[Mapping[str, type[Event | Instrument | Framework | Commitment]]] = {
    "timeline:event": Event,
    "timeline:instrument": Instrument,
    "timeline:framework": Framework,
    "timeline:commitment": Commitment,
}
"""The pages of records that can be embedded: as their card, their meetings, or a link."""

CARD: Final = (1200, 630)
"""The size of a card in pixels."""

CACHE_AGE: Final = 3600
"""Seconds for which clients may cache a response: it does not hold the number of events."""


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Return how to embed the page at an address of this site."""
    if request.GET.get("format", "json") != "json":
        return _refusal("Only format=json is answered.", 501)
    try:
        max_width, max_height = (
            embedding.read_limit(request.GET.get(name, "")) for name in ("maxwidth", "maxheight")
        )
    except ValueError:
        return _refusal("maxwidth and maxheight must be whole numbers of pixels.", 400)
    address = request.GET.get("url", "")
    if not address:
        return _refusal("url must be the address of a page of the timeline.", 400)
    language, match = _page_of(request, address)
    with override(language):
        if match.view_name in RECORDS:
            data = _of_record(request, match, max_width, max_height)
        else:
            request.GET = QueryDict(urlsplit(address).query)
            data = _of_timeline(request, max_width, max_height)
    return opened_to_scripts(JsonResponse(data))


def _page_of(request: HttpRequest, address: str) -> tuple[str, ResolverMatch]:
    """Return the language and the view of an embeddable page of this site.

    Raise Http404 for any other address.
    """
    try:
        parts = urlsplit(address)
        language = get_language_from_path(parts.path) or ""
        with override(language or None):
            match = resolve(parts.path)
    except (ValueError, Resolver404) as error:
        raise Http404(address) from error
    is_ours = parts.scheme in ("http", "https") and parts.netloc == request.get_host()
    if not (is_ours and language and match.view_name in {*EMBEDDABLE, *RECORDS}):
        raise Http404(address)
    return language, match


def _of_timeline(
    request: HttpRequest, max_width: int | None, max_height: int | None
) -> dict[str, Any]:
    reading = read_question(request)
    if reading.problems:
        raise Http404(request.get_full_path())
    return _rich_response(request, answer(reading, today()), max_width, max_height)


def _of_record(
    request: HttpRequest, match: ResolverMatch, max_width: int | None, max_height: int | None
) -> dict[str, Any]:
    """Return how to embed a record: its card as a picture, its meetings, or a link."""
    slug, model = match.kwargs["slug"], RECORDS[match.view_name]
    record = model._default_manager.filter(slug=slug).first()
    if record is None or not record.is_public:
        raise Http404(slug)
    if isinstance(record, Commitment) and not record.event.is_public:
        raise Http404(slug)
    if isinstance(record, Framework):
        request.GET = QueryDict(urlencode({"framework": slug}))
        return _of_timeline(request, max_width, max_height)
    sharing = sharing_of(request, record)
    data = {**_common(request), "type": "link", "title": sharing.title}
    room = (max_width or CARD[0]), (max_height or CARD[1])
    if isinstance(record, Event | Instrument) and room[0] >= CARD[0] and room[1] >= CARD[1]:
        card = sharing.image
        html = embedding.picture(card, sharing.address, sharing.title, size=CARD)
        data |= {"type": "photo", "url": card, "html": html}
        data |= {"width": CARD[0], "height": CARD[1]}
    return data


def _common(request: HttpRequest) -> dict[str, Any]:
    return {
        "version": "1.0",
        "provider_name": site_of(request).name,
        "provider_url": request.build_absolute_uri(reverse("timeline:home")),
        "cache_age": CACHE_AGE,
    }


def _rich_response(
    request: HttpRequest, answered: AnsweredQuestion, max_width: int | None, max_height: int | None
) -> dict[str, Any]:
    query = answered.question.without_page().query_string()
    site = site_of(request).name
    title = f"{site} — {sentences.sentence(answered.question, answered.names)}"
    width = embedding.limited(embedding.WIDTH, max_width)
    height = embedding.limited(embedding.HEIGHT, max_height)
    address = request.build_absolute_uri(reverse("timeline:embed") + query)
    frame = embedding.frame(address, title, width=str(width), height=height)
    embed = frame + embedding.script(frame_script(request))
    data: dict[str, Any] = {
        **_common(request),
        "type": "rich",
        "title": title,
        "html": embedding.with_quotation(embed, page_address(request, answered), title),
        "width": width,
        "height": height,
    }
    if (max_width or CARD[0]) >= CARD[0] and (max_height or CARD[1]) >= CARD[1]:
        data |= {
            "thumbnail_url": request.build_absolute_uri(reverse("timeline:card") + query),
            "thumbnail_width": CARD[0],
            "thumbnail_height": CARD[1],
        }
    return data


def _refusal(reason: str, status: int) -> HttpResponse:
    return HttpResponse(f"{reason}\n", status=status, content_type="text/plain; charset=utf-8")
