"""The published versions of a record: their list, and each as it was."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline.formats.changes import differences, facts
from timeline.pages._respond import record_or_raise, record_view
from timeline.pages._revalidated import revalidated
from timeline.queries.versions import versions


@require_safe
@record_view()
@revalidated
def index(request: HttpRequest, slug: str, noun: str) -> HttpResponse:
    """Every version of a record with what it changed, the newest first."""
    record = record_or_raise(noun, slug)
    found = versions(noun, record)
    before = [None, *found]
    rows = [
        (version, differences(noun, earlier.row, version.row) if earlier else [])
        for earlier, version in zip(before, found, strict=False)
    ]
    context = {"noun": noun, "record": record, "rows": rows[::-1]}
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
    shown = found[number - 1]
    # The fields of every noun begin with its title.
    title, *rest = facts(noun, shown.row)
    context: dict[str, Any] = {
        "noun": noun,
        "record": record,
        "version": shown,
        "title": title.value,
        "facts": rest,
        "differences": differences(noun, shown.row, found[-1].row),
    }
    return _apart(render(request, "pages/version.html", context))


def _apart(response: HttpResponse) -> HttpResponse:
    """Keep a page out of the indexes of search engines, which shall lead to the record itself."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
