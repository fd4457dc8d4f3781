"""The pages that offer a list as files; for events also as a calendar, pictures and an embed."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.columns import PAGES
from timeline.core.following import calendar
from timeline.formats import dublin_core, embedding, linked_data, sentences
from timeline.formats.citing import sentence
from timeline.formats.offers import offers
from timeline.middleware.site import site_of
from timeline.pages import (
    browse,
    citing,
    commitments,
    feeds,
    files,
    frameworks,
    instruments,
)
from timeline.pages._described import Described
from timeline.pages._framed import frame_script
from timeline.pages._list_request import ListRequest, Refused, read_list_request
from timeline.pages._question import read_question
from timeline.pages._result import answer, page_address
from timeline.pages._revalidated import revalidated_with
from timeline.pages.record import kept_archive
from timeline.pages.timeline import home

PageView = Callable[[HttpRequest], HttpResponseBase]

LIST_PAGES: Final[Mapping[str, PageView]] = {
    "commitments": commitments.index,
    "instruments": instruments.index,
    "frameworks": frameworks.index,
    "parties": browse.parties,
    "people": browse.people,
    "places": browse.places,
    "sectors": browse.sectors,
    "sources": browse.sources,
}
"""The page of the list of each noun but events: it says what cannot be read."""


class FileOffer(NamedTuple):
    """A file on offer: what it is called, its absolute address, and what it is good for."""

    name: str
    address: str
    note: str


@require_safe
@revalidated_with(kept_archive)
def data(request: HttpRequest) -> HttpResponseBase:
    """The events that a question finds, in other forms."""
    reading = read_question(request)
    if reading.problems:
        return home(request)
    answered = answer(reading, today())
    title = sentences.sentence(answered.question, answered.names)
    query = answered.question.without_page().query_string()
    embed = reverse("timeline:embed") + query
    context = {
        **_offered(request, read_list_request("events", request, today()), answered.answer.total),
        "query": query,
        "page": page_address(request, answered),
        "embed": embed,
        "calendar": calendar(reverse("timeline:events_calendar") + query, request.get_host()),
        "snippet": _snippet(request, embed, f"{site_of(request).name} — {title}"),
        "height": embedding.HEIGHT,
    }
    return render(request, "pages/data.html", context)


def _of_noun(noun: str, list_page: PageView) -> PageView:
    """Return the view of the data page of a noun."""

    @require_safe
    @revalidated_with(kept_archive)
    def view(request: HttpRequest) -> HttpResponseBase:
        try:
            list_request = read_list_request(noun, request, today())
        except Refused:
            return list_page(request)
        context = {
            **_offered(request, list_request, len(list_request.keys())),
            "page": reverse(f"timeline:{noun}") + list_request.query,
            "calendar": None,
        }
        return render(request, "pages/data.html", context)

    return view


VIEWS: Final = {noun: _of_noun(noun, page) for noun, page in LIST_PAGES.items()}
"""The view of the data page of each noun but events."""


def _offered(request: HttpRequest, list_request: ListRequest, total: int) -> dict[str, Any]:
    """Return what the page says of the files of a list, and of the same from the API."""
    notes = offers()
    absolute = request.build_absolute_uri
    noun, folder, page = PAGES[list_request.noun], list_request.noun, request.get_full_path()
    feed, brings = "", ""
    if folder in feeds.NOUNS:
        feed = absolute(reverse(f"timeline:{folder}_atom") + list_request.query)
        brings = feeds.brought_by_list(noun, list_request.keys(), today())
    cited = citing.of_list(request, list_request, total)
    csl = reverse("timeline:list_citation", args=[noun, "csl.json"]) + list_request.query
    dataset = linked_data.of_dataset(
        site_of(request),
        cited.title,
        absolute(page),
        cited.version,
        {
            files.CONTENT_TYPES[suffix].partition(";")[0]: _file_address(
                request, list_request, suffix
            )
            for suffix in ("csv", "json")
        },
    )
    return {
        "described": Described(
            page,
            csl,
            feed,
            linked_data.data_block(dataset),
            dublin_core.of_list(cited.title),
        ),
        "feed": feed,
        "brings": brings,
        "citation": sentence(cited),
        "cite": reverse("timeline:cite_list", args=[noun]) + list_request.query,
        "noun": list_request.noun,
        "sentence": list_request.title(),
        "total": total,
        "files": [
            FileOffer(
                *(notes[suffix].name, _file_address(request, list_request, suffix)),
                notes[suffix].note,
            )
            for noun, suffix in files.VIEWS
            if noun == list_request.noun
        ],
        "record": request.build_absolute_uri(reverse("record")),
        "archive": cited.archive,
        "api": request.build_absolute_uri(
            reverse("api:api-root") + list_request.noun + list_request.query
        ),
    }


def _file_address(request: HttpRequest, list_request: ListRequest, suffix: str) -> str:
    name = f"timeline:{list_request.noun}_{suffix.replace('.', '_')}"
    return request.build_absolute_uri(reverse(name) + list_request.query)


def _snippet(request: HttpRequest, embed: str, title: str) -> str:
    frame = embedding.frame(
        request.build_absolute_uri(embed), title, width="100%", height=embedding.HEIGHT
    )
    return f"{frame}\n{embedding.script(frame_script(request))}"
