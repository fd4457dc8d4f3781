"""How programs learn to embed a page of the timeline, as https://oembed.com has it."""

from typing import Any, Final
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language_from_path, override
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.formats import embedding, sentences
from timeline.pages._question import read_question
from timeline.pages._result import answer
from timeline.pictures.interface import AnsweredQuestion

EMBEDDED: Final = frozenset({"timeline:home", "timeline:embed"})

KEPT_FOR: Final = 3600
"""Seconds for which what is told of an embed may be kept: the number of events is not in it."""


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Tell how to embed the page under an address of this site."""
    if request.GET.get("format", "json") != "json":
        return _refused("Only format=json is answered.", 501)
    try:
        room = [
            embedding.read_limit(request.GET.get(name, "")) for name in ("maxwidth", "maxheight")
        ]
    except ValueError:
        return _refused("maxwidth and maxheight must be whole numbers of pixels.", 400)
    address = request.GET.get("url", "")
    if not address:
        return _refused("url must be the address of a page of the timeline.", 400)
    language = _language_of(request, address)
    with override(language):
        request.GET = QueryDict(urlsplit(address).query)
        reading = read_question(request)
        if reading.problems:
            raise Http404(address)
        said = _said(request, answer(reading, today()), *room)
    return JsonResponse(said, headers={"Access-Control-Allow-Origin": "*"})


def _language_of(request: HttpRequest, address: str) -> str:
    """The language of a page of ours that can be embedded; raises Http404 for any other."""
    try:
        parts = urlsplit(address)
        language = get_language_from_path(parts.path) or ""
        with override(language or None):
            found = resolve(parts.path)
    except (ValueError, Resolver404) as error:
        raise Http404(address) from error
    ours = parts.scheme in ("http", "https") and parts.netloc == request.get_host()
    if not (ours and language and found.view_name in EMBEDDED):
        raise Http404(address)
    return language


def _said(
    request: HttpRequest, answered: AnsweredQuestion, most_wide: int | None, most_high: int | None
) -> dict[str, Any]:
    query = answered.question.without_page().query_string()
    title = f"Cadre — {sentences.sentence(answered.question, answered.names)}"
    wide, high = (
        embedding.limited(embedding.WIDTH, most_wide),
        embedding.limited(embedding.HEIGHT, most_high),
    )
    address = request.build_absolute_uri(reverse("timeline:embed") + query)
    frame = embedding.frame(address, title, width=str(wide), height=high)
    said: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": "Cadre",
        "provider_url": request.build_absolute_uri(reverse("timeline:home")),
        "cache_age": KEPT_FOR,
        "html": str(frame),
        "width": wide,
        "height": high,
    }
    if (most_wide or 1200) >= 1200 and (most_high or 630) >= 630:
        said |= {
            "thumbnail_url": request.build_absolute_uri(reverse("timeline:card") + query),
            "thumbnail_width": 1200,
            "thumbnail_height": 630,
        }
    return said


def _refused(reason: str, status: int) -> HttpResponse:
    return HttpResponse(f"{reason}\n", status=status, content_type="text/plain; charset=utf-8")
