"""The page of one event."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.models import Event
from timeline.queries.events import detail
from timeline.views._respond import published_or_raise, record_view


@require_safe
@record_view("timeline:event")
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """One event with all its sources."""
    record = published_or_raise(Event.objects.all(), "event", slug)
    page = detail(record, today=today())
    return render(request, "timeline/event.html", {"page": page, "event": page.event})
