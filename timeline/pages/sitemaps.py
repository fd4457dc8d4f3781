"""The addresses of all pages for search engines (https://www.sitemaps.org), in parts.

``/sitemap.xml`` lists the parts. Each has the pages of some thousand records in every language,
with the time at which the text of each last changed. What stands on a page beside its own text,
such as a new source, does not renew that.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from django.contrib.sitemaps import Sitemap, views
from django.contrib.sitemaps.views import SitemapIndexItem
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from timeline.middleware.site import site_of
from timeline.models import Commitment, Event, Framework, Instrument
from timeline.pages._revalidated import revalidated
from timeline.queries.slugs import KINDS

PART: Final = 5_000
"""The keys of a part: of a record in two languages far fewer addresses than the 50,000 that a part
may have, so that it is written within a second."""

LISTS: Final = (
    *("home", "commitments", "instruments", "frameworks", "parties", "people", "places", "sectors"),
    *("sources", "about", "data", "changes", "corrections"),
)
"""The names of pages that are no record."""

_ROWS: Final[Mapping[str, Callable[[], "QuerySet[Any]"]]] = {
    "event": Event.objects.published,
    "commitment": lambda: Commitment.objects.published().filter(event__publication="published"),
    "instrument": Instrument.objects.published,
    "framework": Framework.objects.published,
    **{noun: KINDS[noun].rows for noun in ("party", "person", "place", "sector", "source")},
}
"""The records that have pages, by noun."""


class _Pages(Sitemap):  # type: ignore[type-arg]
    """Pages in every language, of which each names the others."""

    i18n = True
    alternates = True


class _Lists(_Pages):
    def __init__(self, names: list[str]) -> None:
        self.names = names

    def items(self) -> list[str]:
        return self.names

    def location(self, item: str) -> str:
        return reverse(f"timeline:{item}")


class _Records(_Pages):
    """The records of a noun whose keys begin a part or follow there."""

    def __init__(self, noun: str, part: int) -> None:
        self.noun, self.part = noun, part

    def items(self) -> list[tuple[Any, dt.datetime | None]]:
        rows = _ROWS[self.noun]().filter(pk__gte=self.part * PART, pk__lt=(self.part + 1) * PART)
        history: Any = rows.model.history
        last = history.filter(id=OuterRef("pk")).order_by("-history_date").values("history_date")
        changed = rows.order_by("pk").annotate(changed=Subquery(last[:1]))
        return [*changed.values_list(KINDS[self.noun].column, "changed")]

    def location(self, item: tuple[Any, dt.datetime | None]) -> str:
        return reverse(f"timeline:{self.noun}", args=[item[0]])

    def lastmod(self, item: tuple[Any, dt.datetime | None]) -> dt.datetime | None:
        return item[1]


@require_safe
@revalidated
def index(request: HttpRequest) -> HttpResponseBase:
    """The list of the parts."""
    parts = [
        SitemapIndexItem(request.build_absolute_uri(reverse("sitemap", args=[*part])))
        for part in [("pages", 0), *_parts()]
    ]
    response = TemplateResponse(
        request, "sitemap_index.xml", {"sitemaps": parts}, content_type="application/xml"
    )
    return response.render()


def _parts() -> Iterator[tuple[str, int]]:
    for noun, rows in _ROWS.items():
        found = rows().order_by().annotate(part=F("pk") / PART).values_list("part", flat=True)
        yield from ((noun, part) for part in sorted(found.distinct()))


@require_safe
@revalidated
def part(request: HttpRequest, noun: str, number: int) -> HttpResponseBase:
    """One part: records of a noun, or the pages that are none."""
    if noun == "pages":
        statements = [name for name, _title in site_of(request).statements]
        pages: _Pages = _Lists([*LISTS, *statements])
    elif noun in _ROWS:
        pages = _Records(noun, number)
    else:
        raise Http404(noun)
    return views.sitemap(request, {"": pages}, section="").render()
