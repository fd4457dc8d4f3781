"""Load the demo timeline; what editors wrote stays as it is, and loading may be repeated."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timeline.ingest.demo import FileError, load


class Command(BaseCommand):
    help = (
        "Load the demo timeline: adds what is missing, brings up to date what an earlier demo said "
        "and nobody has changed, and leaves alone what editors wrote. It may be repeated."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            added = load()
        except FileError as error:
            raise CommandError(str(error)) from error
        if added:
            counts = ", ".join(f"{n} {kind}" for kind, n in sorted(added.items()))
            self.stdout.write(f"Demo timeline loaded: {counts}.")
        else:
            self.stdout.write("The demo timeline is already there; nothing was added.")
