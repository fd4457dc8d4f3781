"""The editors' first page: what waits for them, each one click from the form that settles it."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from timeline.clock import today
from timeline.models import Commitment, Event, Framework
from timeline.queries.reminders import Waiting, reminders


def index(request: HttpRequest) -> HttpResponse:
    """Django's own first page with the reminders of the day above it."""
    kinds = [kind for kind in (Event, Commitment, Framework) if _may_change(request, kind)]
    found = reminders(today(), kinds)
    context = {
        "reminders": found,
        "waiting": [
            (record, _page(type(record), "change", record.pk))
            for one in found.waiting
            for record in one.rows
        ],
        "more_waiting": [_rest(one) for one in found.waiting if one.total > len(one.rows)],
    }
    return admin.site.index(request, context)


def _may_change(request: HttpRequest, kind: type[Event | Commitment | Framework]) -> bool:
    return request.user.has_perm(f"timeline.change_{kind._meta.model_name}")


def _page(kind: type[Event | Commitment | Framework], name: str, *args: int) -> str:
    return reverse(f"admin:timeline_{kind._meta.model_name}_{name}", args=args)


def _rest(one: Waiting) -> tuple[str, int, str]:
    """The kind of these drafts, how many there are, and where all of them are listed."""
    kind = type(one.rows[0])
    listed = f"{_page(kind, 'changelist')}?publication__exact=in_review"
    return str(kind._meta.verbose_name_plural), one.total, listed
