"""What the page of a record offers to programs that read it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.safestring import SafeString

from timeline.formats import dublin_core, linked_data
from timeline.middleware.site import site_of
from timeline.models import Place
from timeline.pages._sharing import sharing_of
from timeline.queries.changes import MODELS
from timeline.queries.slugs import KINDS

_CSL: Final = "application/vnd.citationstyles.csl+json"


@dataclass(frozen=True, slots=True)
class Described:
    """What stands in the head of a page: its addresses, those of its files, and its data.

    ``citation`` is its CSL-JSON. ``feed`` is empty where there is none to follow; ``follows`` says
    how often it brings something, on pages that link to it by a line of its own. ``elements`` are
    those of Dublin Core, by name.
    """

    address: str
    citation: str
    feed: str
    data: SafeString
    elements: Mapping[str, str]
    follows: str = ""


def record_response(
    request: HttpRequest,
    noun: str,
    record: Any,
    context: dict[str, Any],
    status: int = 200,
    places: Sequence[Place] = (),
    follows: str = "",
) -> HttpResponse:
    """Render the page of a record, with what it offers to programs.

    ``noun`` names its template, ``places`` are those of an event, ``follows`` says how often its
    feed brings something. The context of a record that has no feed has the query of its timeline.
    """
    slug = str(getattr(record, KINDS[noun].column))
    page = reverse(f"timeline:{noun}", args=[slug])
    citation = reverse("timeline:citation", args=[noun, slug, "csl.json"])
    # Of a record of another noun what can be followed is its timeline.
    feed = (
        reverse("timeline:record_atom", args=[noun, slug])
        if noun in MODELS
        else reverse("timeline:events_atom") + context["timeline_query"]
    )
    data = linked_data.data_block(linked_data.of_record(record, places))
    elements = dublin_core.of_record(record)
    described = Described(page, citation, feed, data, elements, follows)
    context = {**context, "described": described}
    if noun in MODELS:
        context["sharing"] = sharing_of(request, record)
    response = render(request, f"pages/{noun}.html", context, status=status)
    if status == 200:
        response.headers["Link"] = ", ".join(_links(request, record, page, citation))
    return response


def _links(request: HttpRequest, record: Any, page: str, citation: str) -> Iterator[str]:
    """Yield the links of a page of a record as Signposting has them (https://signposting.org)."""
    address = request.build_absolute_uri(page)
    yield f'<{address}>; rel="cite-as"'
    yield f'<{request.build_absolute_uri(citation)}>; rel="describedby"; type="{_CSL}"'
    yield f'<{linked_data.CONTEXT}/{linked_data.type_of(record)}>; rel="type"'
    if licence := site_of(request).identity.licence_url:
        yield f'<{iri_to_uri(licence)}>; rel="license"'
