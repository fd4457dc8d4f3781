"""Frameworks: whose turn it is."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.models import Citation, Framework
from timeline.queries import frameworks
from timeline.queries.events import Footnotes
from timeline.views._respond import published_or_raise, record_view


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every framework, the most pressing first."""
    return render(
        request, "timeline/frameworks.html", {"views": frameworks.all_views(today=today())}
    )


@require_safe
@record_view("timeline:framework")
def framework(request: HttpRequest, slug: str) -> HttpResponse:
    """One framework with its past meetings and whose turn is next."""
    rows = Framework.objects.prefetch_related(
        Prefetch("citations", Citation.objects.select_related("source").order_by("pk"))
    )
    record = published_or_raise(rows, "framework", slug)
    return render(request, "timeline/framework.html", framework_page(record))


def framework_page(record: Framework) -> dict[str, object]:
    """What the page of a framework shows."""
    view = frameworks.one_view(record, today=today())
    footnotes = Footnotes()
    fields = {
        name: footnotes.mark([c for c in record.citations.all() if c.field == name])
        for name in ("", "sides", "rotation", "cadence_months")
    }
    meetings = [(event, view.turn_of(event)) for event in view.meetings]
    return {
        "view": view,
        "meetings": meetings,
        "fields": fields,
        "whole": fields[""],
        "footnotes": footnotes,
    }
