"""Recompute all search texts, and report differences, which there should not be."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from timeline.actions import search
from timeline.models import Event


class Command(BaseCommand):
    help = "Recompute the searched text of each event; with --check, only say what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 when anything differs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        check = options["check"]
        events = [event.pk for event in search.differing()] if check else search.refresh()
        slugs = dict(Event.objects.values_list("pk", "slug"))
        result = "differs" if check else "brought up to date"
        for event in events:
            self.stdout.write(f"{slugs[event]}: {result}.")
        others = [f"{row._meta.model_name} {row.pk}" for row in search.differing_columns()]
        for other in others:
            self.stdout.write(f"{other}: {result}.")
        if others and not check:
            search.refresh_columns()
        if not events and not others:
            self.stdout.write("The searched text is as the record says; nothing differs.")
        elif check:
            raise SystemExit(1)
