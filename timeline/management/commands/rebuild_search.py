"""Recompute the searched text of each event, and say what differed: it should be nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from timeline.actions import search
from timeline.models import Event


class Command(BaseCommand):
    """Recompute the searched text of each event."""

    help = "Recompute the searched text of each event; with --check, only say what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --check."""
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 when anything differs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Name each event that differs, and mend it unless only checking."""
        only_check = options["check"]
        found = [one.pk for one in search.differing()] if only_check else search.refresh()
        slugs = dict(Event.objects.values_list("pk", "slug"))
        said = "differs" if only_check else "brought up to date"
        for event in found:
            self.stdout.write(f"{slugs[event]}: {said}.")
        others = [f"{one._meta.model_name} {one.pk}" for one in search.differing_columns()]
        for other in others:
            self.stdout.write(f"{other}: {said}.")
        if others and not only_check:
            search.refresh_columns()
        if not found and not others:
            self.stdout.write("The searched text is as the record says; nothing differs.")
        elif only_check:
            raise SystemExit(1)
