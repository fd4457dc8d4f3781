"""The published versions of a record: their list, and each as it was."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline.formats.values import name_of
from timeline.formats.versions import differences_of_texts, facts
from timeline.pages._respond import record_or_raise, record_view
from timeline.pages._revalidated import revalidated
from timeline.queries.public_names import named_by
from timeline.queries.versions import versions


@require_safe
@record_view()
@revalidated
def index(request: HttpRequest, slug: str, noun: str) -> HttpResponse:
    """Every version of a record with what it changed, the newest first."""
    record = record_or_raise(noun, slug)
    found = versions(noun, record)
    names = named_by(noun, [version.text for version in found])
    rows = [
        (version, differences_of_texts(noun, earlier.text, version.text, names) if earlier else [])
        for earlier, version in zip([None, *found], found, strict=False)
    ]
    context = {"noun": noun, "slug": slug, "name": name_of(record), "rows": rows[::-1]}
    return _apart(render(request, "pages/versions.html", context))


@require_safe
@record_view()
@revalidated
def version(request: HttpRequest, slug: str, noun: str, number: int) -> HttpResponse:
    """One version as readers saw it, with what differs from the present text."""
    record = record_or_raise(noun, slug)
    found = versions(noun, record)
    if not 0 < number <= len(found):
        raise Http404(number)
    shown, latest = found[number - 1], found[-1]
    names = named_by(noun, [shown.text, latest.text])
    title, *rest = facts(noun, shown.text, names)
    context: dict[str, Any] = {
        "noun": noun,
        "slug": slug,
        "name": name_of(record),
        "version": shown,
        "title": title.values[0],
        "facts": rest,
        "differences": differences_of_texts(noun, shown.text, latest.text, names),
    }
    return _apart(render(request, "pages/version.html", context))


def _apart(response: HttpResponse) -> HttpResponse:
    """Keep a page out of the indexes of search engines, which should list the record itself."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
