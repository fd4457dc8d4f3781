"""The site of the admin: nouns in the order in which editors need them."""

from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest

_ORDER: Final = (
    *("Event", "Commitment", "Instrument", "Framework", "Party", "Membership", "Person", "Place"),
    *("Sector", "Source", "Correction", "ErrorReport", "Identity"),
)


class AdminSite(admin.AdminSite):
    """The admin, whose lists of nouns begin with what is recorded most often.

    Django sorts by name, so that events stand first in no language, and last where theirs begins
    with an accent.
    """

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the applications that the user may see; the nouns of each in their order."""
        apps = super().get_app_list(request, app_label)
        places = {name: place for place, name in enumerate(_ORDER)}
        for app in apps:
            app["models"].sort(key=lambda model: places.get(model["object_name"], len(places)))
        return apps
