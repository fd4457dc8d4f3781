"""Write the whole published record as a data package."""

import datetime as dt
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils.translation import override

from timeline.clock import today
from timeline.core.columns import COLUMNS, LISTS, PAGES
from timeline.database.version import Version, snapshot
from timeline.formats import datapackage
from timeline.formats.description import WHOLE, Description
from timeline.formats.site import Site
from timeline.queries import rows, searched
from timeline.queries.as_of import AsOf
from timeline.queries.identity import identity

_MADE: Final = (1980, 1, 1, 0, 0, 0)
"""The time of all files in the archive: the same record makes the same bytes."""


class Command(BaseCommand):
    """Write CSV files of every noun, published records only, and what they are."""

    help = (
        "Writes a CSV file of every noun into DIR, with a description (datapackage.json), the "
        "licence and digests: all published records, and no account, draft or report. With --zip "
        "it writes what the site offers at /data/record.zip; run that every night."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", nargs="?", help="an empty folder")
        parser.add_argument("--zip", action="store_true", help="write what the site offers")
        parser.add_argument(
            "--address", default="", help="of the site, such as https://example.org, for its pages"
        )
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help="the language of texts that have none in the name of their column",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path | None = options["folder"]
        if folder is None and not options["zip"]:
            raise CommandError("Say where: manage.py dump DIR, or manage.py dump --zip.")
        if folder is not None and folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty: name another folder, or empty it.")
        address = options["address"].rstrip("/") or default_address()
        with tempfile.TemporaryDirectory() as temporary, override(options["language"]):
            target = folder or Path(temporary)
            target.mkdir(parents=True, exist_ok=True)
            counts = write(target, address, today())
            if options["zip"]:
                path = Path(settings.VAR_DIR) / datapackage.ARCHIVE
                pack(target, path)
                self.stdout.write(f"{path}: {path.stat().st_size} bytes")
        said = ", ".join(f"{count} {noun}" for noun, count in counts.items())
        self.stdout.write(f"Written: {said}.")


def default_address() -> str:
    """Return the address of the site by its first host, empty if the settings name none."""
    hosts = [host for host in settings.ALLOWED_HOSTS if host[:1] not in ("*", ".")]
    return f"{'https' if settings.HTTPS else 'http'}://{hosts[0]}" if hosts else ""


def write(folder: Path, address: str, day: dt.date) -> dict[str, int]:
    """Write all tables, of one version of the record, and return the number of rows of each."""
    with snapshot() as version:
        tables = {noun: _write_noun(folder, noun, address, day, version) for noun in COLUMNS}
    datapackage.write_about(folder, tables)
    return {noun: table.count for noun, table in tables.items()}


def _write_noun(
    folder: Path, noun: str, address: str, day: dt.date, version: Version | None
) -> Description:
    when, keys = AsOf(day), rows.every_key(noun)
    own = identity()
    host = address.partition("://")[2]
    described = Description(
        noun=noun,
        title=str(WHOLE[noun]),
        page=address + reverse(f"timeline:{LISTS[noun]}"),
        count=len(keys),
        site=Site(own, host or "cadre"),
        version=version,
        day=day,
        searched_until=searched.clock(when).stopped,
    )
    page = address + reverse(f"timeline:{PAGES[noun]}", args=["0"]).replace("/0/", "/%s/")
    frame = rows.Frame(when, page, described.licence)
    datapackage.write_table(folder / f"{noun}.csv", described, rows.batches(noun, keys, frame))
    return described


def pack(folder: Path, path: Path) -> None:
    """Pack the files of a folder into an archive, which is replaced at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(f"record/{file.name}", _MADE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with file.open("rb") as content, archive.open(entry, "w", force_zip64=True) as packed:
                while chunk := content.read(1 << 20):
                    packed.write(chunk)
    part.replace(path)
