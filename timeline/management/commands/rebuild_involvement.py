"""Recompute who took part in each event, and say what differed: it should be nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from timeline.actions import involvement
from timeline.models import Event, Party


class Command(BaseCommand):
    """Recompute who took part in each event."""

    help = "Recompute who took part in each event; with --check, only say what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --check."""
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 when anything differs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Name each event that differs, and mend it unless only checking."""
        found = list(involvement.differing()) if options["check"] else involvement.resolve()
        slugs = dict(Event.objects.values_list("pk", "slug"))
        codes = dict(Party.objects.values_list("pk", "code"))
        for difference in found:
            missing = ", ".join(sorted(codes[way.party] for way in difference.missing)) or "nothing"
            stale = ", ".join(sorted(codes[way.party] for way in difference.stale)) or "nothing"
            self.stdout.write(f"{slugs[difference.event]}: missing {missing}; stale {stale}.")
        if not found:
            self.stdout.write("Who took part is as the record says; nothing differs.")
        elif options["check"]:
            raise SystemExit(1)
        else:
            self.stdout.write(f"{len(found)} events were brought up to date.")
