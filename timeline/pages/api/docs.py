"""The page that documents the API: nothing of it is loaded from elsewhere, no script is needed."""

from copy import copy
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from timeline.core.columns import COLUMNS
from timeline.core.relations import CHANGE_LISTS, TABLES
from timeline.pages._revalidated import revalidated
from timeline.pages.api import parameters

_QUERIES: Final = {
    "events": "?party=ru&party=ml&fields=id,title,date",
    "commitments": "?obligor=ru&beneficiary=ml&fields=id,title,status",
    "instruments": "?party=ru&state=in_force&fields=id,title,parties",
}
"""What the examples ask, by noun; of others they ask all."""


class _NounDocs(NamedTuple):
    """The documentation of one noun, or of one of the lists of changes."""

    name: str
    address: str
    has_records: bool
    parameters: list[dict[str, Any]]
    columns: list[tuple[str, str]]


@require_safe
@revalidated
def page(request: HttpRequest) -> HttpResponse:
    """The documentation of the API."""
    return _page(request)


def _page(request: HttpRequest) -> HttpResponse:
    root = request.build_absolute_uri(reverse("api:api-root"))
    nouns = [
        _NounDocs(
            noun,
            f"{root}{noun}",
            noun in COLUMNS,
            parameters.of_list(noun),
            [(column.name, _(column.meaning)) for column in TABLES[noun]],
        )
        for noun in (*COLUMNS, *CHANGE_LISTS)
    ]
    address = f"{root}events{_QUERIES['events']}"
    context = {
        "root": root,
        "description": request.build_absolute_uri(reverse("api:openapi-json")),
        "nouns": nouns,
        "curl": f"curl -s '{address}'",
        "python": _PYTHON % {"address": address},
        "r": _R % {"address": address},
    }
    return render(request, "pages/api.html", context)


_PYTHON: Final = """\
import json
import urllib.request

address, rows = "%(address)s", []
while address:
    with urllib.request.urlopen(address) as answer:
        page = json.load(answer)
    rows += page["rows"]
    address = page["next"]
print(page["count"], len(rows))
"""

_R: Final = """\
library(jsonlite)

address <- "%(address)s"
rows <- list()
while (!is.null(address)) {
  page <- fromJSON(address)
  rows[[length(rows) + 1]] <- page$rows
  address <- page$`next`
}
print(c(page$count, sum(sapply(rows, nrow))))
"""


class Docs(DocsBase):
    """The documentation at the address where clients of OpenAPI look for it."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **_kwargs: Any) -> HttpResponse:
        """Return the page in the language that the browser prefers."""
        with override(get_language_from_request(request)):
            shown = copy(request)
            # Links to the other language lead to the page under its own address.
            shown.path = shown.path_info = reverse("timeline:api")
            return _page(shown)
