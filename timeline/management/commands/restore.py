"""Put a backup into an empty database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from timeline.archive.layout import ArchiveError
from timeline.archive.reading import open_backup
from timeline.archive.restoring import plan, restore
from timeline.management.commands.backup import summary


class Command(BaseCommand):
    """Put a backup into an empty database."""

    help = (
        "Puts a backup made by manage.py backup into an empty database of either kind, all of it "
        "or nothing; the whole file is checked before anything is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the archive to restore")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="write nothing: check FILE, and whether this database can take it",
        )
        parser.add_argument("--quiet", action="store_true", help="say nothing on the way")

    def handle(self, *args: Any, **options: Any) -> None:

        def say(text: str) -> None:
            if not options["quiet"]:
                self.stderr.write(text, str)

        path: Path = options["file"]
        try:
            with open_backup(path) as archive:
                archive.check(say)
                planned = plan(archive)
                if options["dry_run"]:
                    self.stdout.write(f"{path} can be restored here: {summary(archive.manifest)}.")
                    return
                restore(archive, planned, say=say)
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        except (OSError, DatabaseError) as error:
            raise CommandError(f"The backup was not restored: {error}") from error
        self.stdout.write(f"Restored from {path}: {summary(archive.manifest)}.")
