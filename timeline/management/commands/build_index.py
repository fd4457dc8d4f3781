"""Build the base of the index and save it, so that the site starts without loading the record."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timeline.index.current import folder
from timeline.index.incremental import read_base
from timeline.index.storage import save


class Command(BaseCommand):
    """Build and save the base that processes load when they start."""

    help = "Makes the index of all events and keeps it in var/index; large sites do this at start."

    def handle(self, *args: Any, **options: Any) -> None:
        base = read_base()
        if base is None:
            raise CommandError("The database keeps no version of the record; run 'migrate' first.")
        save(base, folder())
        self.stdout.write(f"{len(base.segment)} events are in the index.")
