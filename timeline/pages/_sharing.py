"""How the page of a record is shown where it is shared."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from timeline.core import dates
from timeline.core.dates import EdtfDate
from timeline.formats.sharing import Sharing
from timeline.jinja2 import language
from timeline.middleware.site import site_of
from timeline.models import Commitment, Event, Framework, Instrument

Embeddable = Event | Instrument | Framework | Commitment
"""The records that can be embedded."""


def sharing_of(request: HttpRequest, record: Embeddable) -> Sharing:
    """Return what represents a record: its title, with its date if it has one, and a card."""
    noun = record._meta.model_name
    address = request.build_absolute_uri(reverse(f"timeline:{noun}", args=[record.slug]))
    date: EdtfDate | None = None
    if isinstance(record, Commitment):
        date, description = record.date_made, record.wording
        # The card of the event at which it was made.
        image = reverse("timeline:event_card", args=[record.event.slug])
    elif isinstance(record, Framework):
        description = record.summary
        image = f"{reverse('timeline:card')}?{urlencode({'framework': record.slug})}"
    else:
        date, description = record.date, record.summary
        image = reverse(f"timeline:{noun}_card", args=[record.slug])
    return Sharing(
        site=site_of(request).name,
        title=f"{record.title} — {dates.wording(date, language())}" if date else f"{record.title}",
        description=str(description or record.title),
        address=address,
        image=request.build_absolute_uri(image),
        oembed=oembed_of(request, address),
        kind="article",
    )


def oembed_of(request: HttpRequest, address: str) -> str:
    """Return the address that says how to embed a page, which must be absolute for Ghost."""
    query = urlencode({"url": address}, safe=":/")
    return f"{request.build_absolute_uri(reverse('oembed'))}?{query}"
