"""How the page of a dated record is shown where it is shared."""

from django.http import HttpRequest
from django.urls import reverse

from timeline.core import dates
from timeline.formats.sharing import Sharing
from timeline.jinja2 import language
from timeline.middleware.site import site_of
from timeline.models import Event, Instrument


def sharing_of(request: HttpRequest, record: Event | Instrument) -> Sharing:
    """Return what represents a record: its title with its date, its summary and its card."""
    page = f"timeline:{record._meta.model_name}"
    when = dates.wording(record.date, language())
    return Sharing(
        site=site_of(request).name,
        title=f"{record.title} — {when}",
        description=str(record.summary or record.title),
        address=request.build_absolute_uri(reverse(page, args=[record.slug])),
        image=request.build_absolute_uri(reverse(f"{page}_card", args=[record.slug])),
        kind="article",
    )
