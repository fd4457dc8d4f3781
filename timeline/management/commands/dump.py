"""Write the whole published record as a data package."""

import datetime as dt
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils.translation import gettext, override

from timeline.clock import today
from timeline.core.codes import ChangeVerb
from timeline.core.columns import COLUMNS, LISTS, PAGES
from timeline.core.relations import RELATIONS, TABLES
from timeline.database.version import Version, snapshot
from timeline.formats import archived, datapackage
from timeline.formats.changes import row as change_row
from timeline.formats.description import WHOLE, Description, licence
from timeline.formats.site import Site
from timeline.queries import changes, rows, searched
from timeline.queries.as_of import AsOf
from timeline.queries.identity import identity
from timeline.queries.rows import relations

_MADE: Final = (1980, 1, 1, 0, 0, 0)
"""The time of all files in the archive: the same record makes the same bytes."""


class Command(BaseCommand):
    """Write CSV files of every noun and what links them, published records only."""

    help = (
        "Writes a CSV file of every noun, and of what links them, into DIR, with a description "
        "(datapackage.json), the licence and digests: all published records, and no account, draft "
        "or report. With --zip "
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
            day = today()
            counts = write(target, address, day)
            if options["zip"]:
                path = Path(settings.VAR_DIR) / archived.ARCHIVE
                pack(target, path)
                noted = archived.note_archive(path.parent, day)
                self.stdout.write(f"{path}: {path.stat().st_size} bytes, sha256 {noted.digest}")
        said = ", ".join(f"{count} {noun}" for noun, count in counts.items())
        self.stdout.write(f"Written: {said}.")


def default_address() -> str:
    """Return the address of the site by its first host, empty if the settings name none."""
    hosts = [host for host in settings.ALLOWED_HOSTS if host[:1] not in ("*", ".")]
    return f"{'https' if settings.HTTPS else 'http'}://{hosts[0]}" if hosts else ""


def write(folder: Path, address: str, day: dt.date) -> dict[str, int]:
    """Write all tables, of one version of the record, and return the number of rows of each."""
    with snapshot() as version:
        site = Site(identity(), address.partition("://")[2] or "cadre")
        whole = _Whole(address, AsOf(day), version, site)
        batches = whole.nouns() | whole.relations()
        tables = {}
        for name in TABLES:
            described = whole.described(name)
            count = datapackage.write_table(folder / f"{name}.csv", described, batches[name])
            tables[name] = replace(described, count=count)
    datapackage.write_about(folder, tables)
    return {name: table.count for name, table in tables.items()}


RowBatches = Iterable[list[rows.Row]]


@dataclass(frozen=True, slots=True)
class _Whole:
    """The whole record of a day, as the site at an address tells it."""

    address: str
    when: AsOf
    version: Version | None
    site: Site

    def described(self, name: str) -> Description:
        """Describe a table; how many rows it has is known when it is written."""
        is_noun = name in COLUMNS
        return Description(
            noun=name,
            title=str(WHOLE[name]) if is_noun else gettext(RELATIONS[name].meaning),
            page=self.address + reverse(f"timeline:{LISTS[name] if is_noun else 'data'}"),
            count=0,
            site=self.site,
            version=self.version,
            day=self.when.day,
            consulted=self.when.day,
            searched_until=searched.clock(self.when).stopped,
        )

    def nouns(self) -> dict[str, RowBatches]:
        """Return the rows of every noun."""
        return {noun: self._noun(noun) for noun in COLUMNS}

    def _noun(self, noun: str) -> Iterator[list[rows.Row]]:
        # The keys are read when the table is written: not those of all nouns are held at once.
        context = rows.RowContext(self.when, self._page(PAGES[noun]), licence(self.site))
        yield from rows.batches(noun, rows.every_key(noun), context)

    def _page(self, noun: str) -> str:
        return self.address + reverse(f"timeline:{noun}", args=["0"]).replace("/0/", "/%s/")

    def relations(self) -> dict[str, RowBatches]:
        """Return the rows of the tables that only the whole record has."""
        return {
            **{name: table.batches(name) for name, table in relations.stored(self.when).items()},
            "instrument_parties": relations.instrument_parties(self.when),
            "expected_meetings": relations.expected_meetings(self.when),
            "changes": self._changes(),
        }

    def _changes(self) -> Iterator[list[rows.Row]]:
        pages = {noun: self._page(noun) for noun in changes.MODELS}
        every = changes.changes_since(dt.date.min, self.when.day)
        listed = (change for change in every if change.verb != ChangeVerb.WITHDRAWN)
        while batch := [*islice(listed, rows.BATCH)]:
            yield [
                change_row(one, lambda noun, slug: pages[noun] % slug)
                for one in changes.shown(batch)
            ]


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
