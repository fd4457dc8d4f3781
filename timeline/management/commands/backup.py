"""Back up the whole database and the uploads into one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from timeline.archive.layout import ArchiveError, Manifest
from timeline.archive.reading import open_backup
from timeline.archive.writing import backup


class Command(BaseCommand):
    """Back up the whole database and the uploads."""

    help = (
        "Writes one archive of the rows of every table and the uploads, of one state of the "
        "database, while the site goes on serving; manage.py restore puts it into an empty "
        "database of either kind. It holds unpublished records and the hashes of passwords."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the archive to write")
        parser.add_argument("--force", action="store_true", help="replace FILE where it exists")
        parser.add_argument(
            "--check",
            action="store_true",
            help="write nothing: read FILE and say whether it is whole",
        )
        parser.add_argument("--quiet", action="store_true", help="say nothing on the way")

    def handle(self, *args: Any, **options: Any) -> None:

        def warn(text: str) -> None:
            self.stderr.write(text, self.style.WARNING)

        def say(text: str) -> None:
            if not options["quiet"]:
                self.stderr.write(text, str)

        path: Path = options["file"]
        try:
            if options["check"]:
                with open_backup(path) as archive:
                    archive.check(say)
                    self.stdout.write(f"{path} is whole: {summary(archive.manifest)}.")
                return
            manifest = backup(
                path, created=timezone.now(), say=say, warn=warn, replace=options["force"]
            )
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        except (OSError, DatabaseError) as error:
            raise CommandError(f"The backup failed, and {path} was not written: {error}") from error
        self.stdout.write(f"{path}: {summary(manifest)}.")


def summary(manifest: Manifest) -> str:
    """Summarise the content of a backup in a few words."""
    rows = sum(table.rows for table in manifest.tables)
    missing = len(manifest.missing_uploads)
    without = f" ({missing} more could not be read)" if missing else ""
    return (
        f"{rows} rows of {len(manifest.tables)} tables and {len(manifest.uploads)} "
        f"uploads{without}, of {manifest.created}, made by Cadre {manifest.cadre} on "
        f"{manifest.engine}"
    )
