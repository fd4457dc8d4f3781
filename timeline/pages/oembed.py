"""The oEmbed endpoint for pages of the timeline (https://oembed.com)."""

from typing import Any, Final
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language_from_path, override
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.formats import embedding, sentences
from timeline.middleware.site import site_of
from timeline.pages._question import read_question
from timeline.pages._result import answer
from timeline.pictures.interface import AnsweredQuestion

EMBEDDABLE: Final = frozenset({"timeline:home", "timeline:embed"})

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
    language = _language_of(request, address)
    with override(language):
        request.GET = QueryDict(urlsplit(address).query)
        reading = read_question(request)
        if reading.problems:
            raise Http404(address)
        data = _rich_response(request, answer(reading, today()), max_width, max_height)
    return JsonResponse(data, headers={"Access-Control-Allow-Origin": "*"})


def _language_of(request: HttpRequest, address: str) -> str:
    """Return the language of an embeddable page of this site; raise Http404 for any other."""
    try:
        parts = urlsplit(address)
        language = get_language_from_path(parts.path) or ""
        with override(language or None):
            match = resolve(parts.path)
    except (ValueError, Resolver404) as error:
        raise Http404(address) from error
    is_ours = parts.scheme in ("http", "https") and parts.netloc == request.get_host()
    if not (is_ours and language and match.view_name in EMBEDDABLE):
        raise Http404(address)
    return language


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
    data: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": site,
        "provider_url": request.build_absolute_uri(reverse("timeline:home")),
        "cache_age": CACHE_AGE,
        "html": str(frame),
        "width": width,
        "height": height,
    }
    if (max_width or 1200) >= 1200 and (max_height or 630) >= 630:
        data |= {
            "thumbnail_url": request.build_absolute_uri(reverse("timeline:card") + query),
            "thumbnail_width": 1200,
            "thumbnail_height": 630,
        }
    return data


def _refusal(reason: str, status: int) -> HttpResponse:
    return HttpResponse(f"{reason}\n", status=status, content_type="text/plain; charset=utf-8")
