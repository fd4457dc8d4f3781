"""The page of one event, and the card that represents it where it is shared."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.middleware.site import site_of
from timeline.pages._addressed import redirect_unknown
from timeline.pages._described import record_response
from timeline.pages._framed import allow_cross_origin
from timeline.pages._respond import record_or_raise, record_view
from timeline.pages._revalidated import revalidated
from timeline.pages.feeds import follows
from timeline.pictures import export
from timeline.pictures.rasterize import png
from timeline.queries.as_of import AsOf
from timeline.queries.events import detail


@require_safe
@record_view("timeline:event")
@revalidated
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """One event with all its sources."""
    record = record_or_raise("event", slug)
    page = detail(record, today=today())
    context = {"page": page, "event": page.event}
    places = [fact.row.place for fact in page.places if fact.row.place]
    said = follows("event", record.pk, AsOf(today()))
    return record_response(request, "event", record, context, places=places, follows=said)


@require_safe
@allow_cross_origin
@redirect_unknown()
@record_view("timeline:event_card")
@revalidated
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """The card of one event: its title, its date, its parties, the icons of its sectors."""
    record = record_or_raise("event", slug)
    address = request.build_absolute_uri(reverse("timeline:event", args=[record.slug]))
    svg = export.event_card(
        detail(record, today=today()), site_of(request).name, address.partition("://")[2]
    )
    return HttpResponse(png(svg), content_type="image/png")
