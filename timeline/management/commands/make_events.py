"""Add a synthetic corpus for measurements, which :mod:`bench.corpus` generates."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = (
        "Add a synthetic corpus of so many published events to measure with; the same number and "
        "seed give the same events. On SQLite, a power cut meanwhile may cost the file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("events", type=int, metavar="N", help="how many events")
        parser.add_argument("--seed", type=int, default=42, help="the seed of all draws (42)")
        parser.add_argument("--quiet", action="store_true", help="say nothing on the way")

    def handle(self, *args: Any, **options: Any) -> None:
        # An installation may omit the package, as only this command needs it.
        try:
            from bench.corpus.load import RefusedError, load  # noqa: PLC0415
        except ModuleNotFoundError as error:
            if error.name != "bench":
                raise
            raise CommandError(
                "make_events needs the folder 'bench' beside 'timeline', as in the source of "
                "Cadre; this installation does not have it."
            ) from error
        start = time.monotonic()

        def say(text: str) -> None:
            if not options["quiet"]:
                self.stdout.write(f"{time.monotonic() - start:7.1f} s  {text}")
                self.stdout.flush()

        try:
            load(events=options["events"], seed=options["seed"], say=say)
        except RefusedError as error:
            raise CommandError(str(error)) from error
        say("Done")
