"""The admin, in one file for each noun."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from timeline.admin import (
    commitments,
    editorial,
    events,
    first_page,
    frameworks,
    identity,
    instruments,
    memberships,
    parties,
    people,
    places,
    sectors,
    sign_in,
    sources,
)

__all__ = [
    "commitments",
    "editorial",
    "events",
    "first_page",
    "frameworks",
    "identity",
    "instruments",
    "memberships",
    "parties",
    "people",
    "places",
    "sectors",
    "sign_in",
    "sources",
]

admin.site.index_title = _("The record")
admin.site.index_template = "admin/timeline/index.html"
