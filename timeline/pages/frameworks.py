"""The frameworks, with whose turn it is to host."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.pages._asof import as_of_reading
from timeline.pages._described import record_response
from timeline.pages._respond import record_or_raise, record_view
from timeline.pages._revalidated import revalidated
from timeline.pages.feeds import follows
from timeline.pictures.ribbon import figure as ribbon
from timeline.queries import frameworks
from timeline.queries.pages import framework_page


@require_safe
@revalidated
def index(request: HttpRequest) -> HttpResponse:
    """Every framework, the most pressing first."""
    reading = as_of_reading(request, today())
    context = {"views": frameworks.all_views(reading.when), **reading.context}
    return render(request, "pages/frameworks.html", context, status=reading.status)


@require_safe
@record_view("timeline:framework")
@revalidated
def framework(request: HttpRequest, slug: str) -> HttpResponse:
    """One framework with its past meetings and whose turn is next."""
    record = record_or_raise("framework", slug)
    reading = as_of_reading(request, today())
    context = {**framework_page(record, reading.when), **reading.context}
    context |= ribbon.pictures(context["view"], reading.when.day)
    said = follows("framework", record.pk, reading.when)
    return record_response(request, "framework", record, context, reading.status, follows=said)
