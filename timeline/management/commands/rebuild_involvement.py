"""Recompute who took part in each event, and report differences, which there should not be."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from timeline.actions import involvement
from timeline.models import Event, Party


class Command(BaseCommand):
    help = "Recompute who took part in each event; with --check, only say what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 when anything differs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        check = options["check"]
        differences = list(involvement.differing()) if check else involvement.resolve()
        slugs = dict(Event.objects.values_list("pk", "slug"))
        codes = dict(Party.objects.values_list("pk", "code"))
        for difference in differences:
            missing = ", ".join(sorted(codes[way.party] for way in difference.missing)) or "nothing"
            stale = ", ".join(sorted(codes[way.party] for way in difference.stale)) or "nothing"
            self.stdout.write(f"{slugs[difference.event]}: missing {missing}; stale {stale}.")
        if not differences:
            self.stdout.write("Who took part is as the record says; nothing differs.")
        elif check:
            raise SystemExit(1)
        else:
            self.stdout.write(f"{len(differences)} events were brought up to date.")
