"""Make the base of the index and keep it, so that the site starts without reading the record."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timeline.index.current import folder
from timeline.index.incremental import read_base
from timeline.index.storage import save


class Command(BaseCommand):
    """Read all events once and keep what a process loads when it starts."""

    help = "Makes the index of all events and keeps it in var/index; large sites do this at start."

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, keep, and say how many events there are."""
        base = read_base()
        if base is None:
            raise CommandError("The database keeps no version of the record; run 'migrate' first.")
        save(base, folder())
        self.stdout.write(f"{len(base.segment)} events are in the index.")
