"""Frameworks: whose turn it is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.models import Framework
from timeline.queries import frameworks
from timeline.queries.pages import framework_page
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
    record = published_or_raise(Framework.objects.all(), "framework", slug)
    return render(request, "timeline/framework.html", framework_page(record, today=today()))
