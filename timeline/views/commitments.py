"""The ledger of commitments, and the life of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.models import Commitment
from timeline.queries import commitments
from timeline.queries.pages import commitment_page
from timeline.views._respond import published_or_raise, record_view


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Every published commitment with where it stands."""
    found = commitments.ledger(today=today())
    context = {"commitments": found, "counts": commitments.count_by_status(found)}
    return render(request, "timeline/commitments.html", context)


@require_safe
@record_view("timeline:commitment")
def commitment(request: HttpRequest, slug: str) -> HttpResponse:
    """One commitment: each step of its life, dated and sourced."""
    record = published_or_raise(Commitment.objects.all(), "commitment", slug)
    page = commitment_page(record, today=today())
    return render(request, "timeline/commitment.html", page)
