"""The texts between parties, and the page of one text."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.models import Instrument
from timeline.pages._asof import as_of_reading
from timeline.pages._respond import published_or_raise, record_view
from timeline.pages._revalidated import revalidated
from timeline.queries import instruments


@require_safe
@revalidated
def index(request: HttpRequest) -> HttpResponse:
    """Every text on record by a day, the newest first."""
    reading = as_of_reading(request, today())
    views = instruments.views(Instrument.objects.published(), reading.when)
    context = {"views": [view for view in views if view.on_record], **reading.context}
    return render(request, "pages/instruments.html", context, status=reading.status)


@require_safe
@record_view("timeline:instrument")
@revalidated
def instrument(request: HttpRequest, slug: str) -> HttpResponse:
    """One text, with what each of its parties did with it."""
    record = published_or_raise(Instrument.objects.all(), "instrument", slug)
    reading = as_of_reading(request, today())
    (view,) = instruments.views(Instrument.objects.filter(pk=record.pk), reading.when)
    context = {"view": view, **reading.context}
    return render(request, "pages/instrument.html", context, status=reading.status)
