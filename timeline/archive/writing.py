"""Making a backup of one state of the database while others go on changing it."""

import hashlib
import json
import os
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils._os import safe_join

from timeline.archive import tables
from timeline.archive.layout import (
    CHUNK,
    FIRST,
    FIRST_SAYS,
    MANIFEST,
    ArchiveError,
    Manifest,
    Table,
    Upload,
    safe_name,
    seal,
    stored,
    unsealed_comment,
)
from timeline.database import version

BATCH: Final = 2000
"""Rows that are in memory at a time."""

_LEVEL: Final = 4
"""Of zlib: a tenth longer than its default, in less than half of the time."""

Say = Callable[[str], None]


def backup(
    path: Path,
    *,
    created: datetime,
    say: Say,
    warn: Say,
    replace: bool = False,
    models: Iterable[tables.Model] | None = None,
) -> Manifest:
    """Write a backup of the database and its uploads, and return its manifest.

    All rows are of one state of the database, whatever others write meanwhile. The file appears
    under its name when it is whole, and only its owner may read it: it holds the passwords' hashes.
    Raise ArchiveError when it cannot be made; ``models`` are those of another state of the
    migrations than the code's own.
    """
    if path.is_dir() or (path.exists() and not replace):
        raise ArchiveError(f"{path} exists already; take another name, or --force to replace it.")
    if not path.parent.is_dir():
        raise ArchiveError(f"There is no folder {path.parent}.")
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            manifest = _write(file, created, say, warn, models)
            seal(file)
            file.flush()
            os.fsync(file.fileno())
        if path.exists() and not replace:
            raise ArchiveError(f"{path} was made by somebody else meanwhile; it is left as it is.")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _settle(path.parent)
    return manifest


def _settle(folder: Path) -> None:
    """See that the file's name outlasts a power cut, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(
    file: BinaryIO,
    created: datetime,
    say: Say,
    warn: Say,
    models: Iterable[tables.Model] | None,
) -> Manifest:
    _migrations(checked=models is None)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        archive.writestr(stored(FIRST), FIRST_SAYS)
        named: set[str] = set()
        with version.snapshot() as seen:
            migrations = _migrations(checked=models is None)
            written = [_table(archive, model, named, say) for model in tables.kept(models)]
        # Uploads are added and never changed, so that those of this state are there later, too.
        uploads, missing = _uploads(archive, sorted(named), say, warn)
        manifest = Manifest(
            cadre=code_version(),
            created=created.isoformat(),
            engine=connection.vendor,
            version=dict(seen._asdict()) if seen else {},
            migrations=migrations,
            tables=written,
            left_out=tables.LEFT_OUT,
            uploads=uploads,
            missing_uploads=missing,
        )
        with archive.open(MANIFEST, "w") as member:
            member.write(manifest.written())
        archive.comment = unsealed_comment()
    return manifest


def code_version() -> str:
    """The version of Cadre that is running, as ``pyproject.toml`` says."""
    told = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(told["project"]["version"])


def _migrations(*, checked: bool) -> Mapping[str, Sequence[str]]:
    """The migrations that the database has gone through, by application."""
    loader = MigrationLoader(connection)
    applied, known = set(loader.applied_migrations), set(loader.disk_migrations)
    if checked and applied != known:
        raise ArchiveError(
            "The database's tables are not those of this version of Cadre; run manage.py migrate, "
            "or take the backup with the version that made them."
        )
    found: dict[str, list[str]] = {}
    for app, name in sorted(applied):
        found.setdefault(app, []).append(name)
    return found


def _table(archive: zipfile.ZipFile, model: tables.Model, named: set[str], say: Say) -> Table:
    """Write the rows of a model, in the order of their keys; note the uploads that they name."""
    table, columns = model._meta.db_table, tables.columns(model)
    last = last_key(model)
    encode, uploads = tables.encoder(model, connection), tables.uploads_of(model)
    typed, to_json = tables.Typed(columns), _encoder()
    digest, rows, size = hashlib.sha256(), 0, 0
    with archive.open(f"rows/{table}.jsonl", "w", force_zip64=True) as member:
        for batch in _batches(model, columns):
            lines = []
            for row in map(encode, batch):
                try:
                    typed.check(row)
                except ValueError as error:
                    key = row[0]
                    raise ArchiveError(
                        f"Table {table} holds a row that cannot be backed up ({key!r}): {error}."
                    ) from error
                for place in uploads:
                    if row[place]:
                        named.add(row[place])
                lines.append(to_json(row))
            text = ("\n".join(lines) + "\n").encode()
            digest.update(text)
            member.write(text)
            rows, size = rows + len(batch), size + len(text)
            if rows % (100 * BATCH) == 0:
                say(f"{table}: {rows} rows")
    say(f"{table}: {rows} rows in all")
    return Table(model._meta.label, table, columns, rows, size, digest.hexdigest(), last)


def _encoder() -> Callable[[Any], str]:
    return json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def _batches(
    model: tables.Model, columns: Sequence[tables.Column]
) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a table; on PostgreSQL the server holds those that were not asked for yet."""
    quote = connection.ops.quote_name
    asked = ", ".join(quote(column.name) for column in columns)
    key = quote(str(model._meta.pk.column))
    question = f"SELECT {asked} FROM {quote(model._meta.db_table)} ORDER BY {key}"  # noqa: S608
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(question)
        while batch := cursor.fetchmany(BATCH):
            yield batch


def last_key(model: tables.Model) -> int | None:
    """The highest key that the database has given to a row; None where it gave none."""
    key = model._meta.auto_field
    if key is None:
        return None
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table]
            )
        else:
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                [connection.ops.quote_name(model._meta.db_table), key.column],
            )
        found = cursor.fetchone()
    return int(found[0]) if found and found[0] else None


def _uploads(
    archive: zipfile.ZipFile, names: Sequence[str], say: Say, warn: Say
) -> tuple[list[Upload], list[str]]:
    """Copy the files that rows name; warn of those that are not there."""
    found: list[Upload] = []
    missing: list[str] = []
    for name in names:
        try:
            file = upload_path(name).open("rb")
        except (OSError, ValueError) as error:
            missing.append(name)
            warn(f"The record names the upload {name!r}, which cannot be read: {error}.")
            continue
        with (
            file,
            archive.open(stored(f"uploads/{name}"), "w", force_zip64=True) as member,
        ):
            found.append(_copied(name, file, member))
    if names:
        say(f"{len(found)} uploads")
    return found, missing


def _copied(name: str, file: BinaryIO, member: IO[bytes]) -> Upload:
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        member.write(chunk)
        size += len(chunk)
    return Upload(name, size, digest.hexdigest())


def upload_path(name: str) -> Path:
    """Where an upload is kept; raise ValueError for a name that leads out of the folder."""
    return Path(safe_join(settings.MEDIA_ROOT, safe_name(name)))
