"""The first page of the admin: what waits for the editors, each with a link to its form."""

from typing import Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from timeline.admin._searches import may_search
from timeline.clock import today
from timeline.forms.searches import NothingFoundForm
from timeline.models import Commitment, Event, Framework, Identity, Instrument
from timeline.models._shared import Publishable, Recorded
from timeline.queries.reminders import Waiting, reminders

_KINDS: Final[tuple[type[Publishable], ...]] = (Event, Commitment, Framework, Instrument)


def index(request: HttpRequest) -> HttpResponse:
    """Show Django's own first page with the reminders of the day above it."""
    kinds = [kind for kind in _KINDS if _may_change(request, kind)]
    due = reminders(today(), kinds)
    context = {
        "reminders": due,
        "waiting": [
            (record, _page(type(record), "change", record.pk))
            for waiting in due.waiting
            for record in waiting.rows
        ],
        "unsearched": [
            (record, _page(type(record), "change", record.pk), _search_address(request, record))
            for record in due.unsearched
        ],
        "search": NothingFoundForm(today=today()),
        "more_waiting": [
            _link_to_all(waiting) for waiting in due.waiting if waiting.total > len(waiting.rows)
        ],
    }
    return admin.site.index(request, context)


def _may_change(request: HttpRequest, kind: type[Publishable]) -> bool:
    return request.user.has_perm(f"timeline.change_{kind._meta.model_name}")


def _search_address(request: HttpRequest, record: Identity | Framework) -> str:
    """Return the address that notes a search for a record, empty for who may not note it."""
    return _page(type(record), "searched", record.pk) if may_search(request, record) else ""


def _page(kind: type[Recorded], name: str, *args: int) -> str:
    return reverse(f"admin:timeline_{kind._meta.model_name}_{name}", args=args)


def _link_to_all(waiting: Waiting) -> tuple[str, int, str]:
    """Return the kind of these drafts, their number, and the address of the list of all."""
    kind = type(waiting.rows[0])
    address = f"{_page(kind, 'changelist')}?publication__exact=in_review"
    return str(kind._meta.verbose_name_plural), waiting.total, address
