"""Recompute the searched text of each event, and say what differed: it should be nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from timeline.actions import search
from timeline.models import Event


class Command(BaseCommand):
    """Recompute the searched text of each event."""

    help = "Recompute the searched text of each event and say which differed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Name each event that differed."""
        changed = search.refresh()
        for slug in Event.objects.filter(pk__in=changed).values_list("slug", flat=True):
            self.stdout.write(f"{slug}: brought up to date.")
        if not changed:
            self.stdout.write("The searched text is as the record says; nothing differs.")
