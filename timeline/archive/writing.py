"""Create a backup of one state of the database while others go on changing it."""

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
    MANIFEST,
    MARKER,
    MARKER_TEXT,
    ArchiveError,
    Manifest,
    Say,
    Table,
    Upload,
    safe_name,
    seal,
    stored_member,
    unsealed_comment,
)
from timeline.database import version

BATCH: Final = 2000
"""The number of rows that are in memory at a time."""

_COMPRESSION_LEVEL: Final = 4
"""The output of zlib is a tenth longer than by default, in less than half of the time."""


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
    under its name when it is complete. Only its owner may read it, as it contains password hashes.
    ``models`` are the models of another state of the migrations than the one of the code. Raises
    ArchiveError if the backup cannot be created.
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
    _sync_folder(path.parent)
    return manifest


def _sync_folder(folder: Path) -> None:
    """Make sure that the name of the file survives a power failure, too."""
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
    with zipfile.ZipFile(
        file, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION_LEVEL
    ) as archive:
        archive.writestr(stored_member(MARKER), MARKER_TEXT)
        upload_names: set[str] = set()
        with version.snapshot() as record_version:
            migrations = _migrations(checked=models is None)
            entries = [
                _table(archive, model, upload_names, say)
                for model in tables.included_models(models)
            ]
        # Uploads are added and never changed, so those of the snapshot still exist.
        uploads, missing = _uploads(archive, sorted(upload_names), say, warn)
        manifest = Manifest(
            cadre=code_version(),
            created=created.isoformat(),
            engine=connection.vendor,
            version=dict(record_version._asdict()) if record_version else {},
            migrations=migrations,
            tables=entries,
            left_out=tables.LEFT_OUT,
            uploads=uploads,
            missing_uploads=missing,
        )
        with archive.open(MANIFEST, "w") as member:
            member.write(manifest.to_json())
        archive.comment = unsealed_comment()
    return manifest


def code_version() -> str:
    """Return the version of the running code from ``pyproject.toml``."""
    pyproject = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(pyproject["project"]["version"])


def _migrations(*, checked: bool) -> Mapping[str, Sequence[str]]:
    """Return the applied migrations by application.

    If ``checked``, raise ArchiveError unless they are exactly those of the code.
    """
    loader = MigrationLoader(connection)
    applied, on_disk = set(loader.applied_migrations), set(loader.disk_migrations)
    if checked and applied != on_disk:
        raise ArchiveError(
            "The database's tables are not those of this version of Cadre; run manage.py migrate, "
            "or take the backup with the version that made them."
        )
    by_application: dict[str, list[str]] = {}
    for app, name in sorted(applied):
        by_application.setdefault(app, []).append(name)
    return by_application


def _table(
    archive: zipfile.ZipFile, model: tables.Model, upload_names: set[str], say: Say
) -> Table:
    """Write the rows of a model in the order of their keys, and collect the names of uploads."""
    table, columns = model._meta.db_table, tables.columns(model)
    last = last_key(model)
    encode, upload_positions = tables.encoder(model, connection), tables.upload_positions(model)
    checker, to_json = tables.RowChecker(columns), _json_encoder()
    digest, rows, size = hashlib.sha256(), 0, 0
    with archive.open(f"rows/{table}.jsonl", "w", force_zip64=True) as member:
        for batch in _batches(model, columns):
            lines = []
            for row in map(encode, batch):
                try:
                    checker.check(row)
                except ValueError as error:
                    key = row[0]
                    raise ArchiveError(
                        f"Table {table} holds a row that cannot be backed up ({key!r}): {error}."
                    ) from error
                upload_names.update(row[i] for i in upload_positions if row[i])
                lines.append(to_json(row))
            text = ("\n".join(lines) + "\n").encode()
            digest.update(text)
            member.write(text)
            rows, size = rows + len(batch), size + len(text)
            if rows % (100 * BATCH) == 0:
                say(f"{table}: {rows} rows")
    say(f"{table}: {rows} rows in all")
    return Table(model._meta.label, table, columns, rows, size, digest.hexdigest(), last)


def _json_encoder() -> Callable[[Any], str]:
    return json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def _batches(
    model: tables.Model, columns: Sequence[tables.StoredColumn]
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a table, on PostgreSQL from a server-side cursor."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(column.name) for column in columns)
    key = quote(str(model._meta.pk.column))
    query = f"SELECT {names} FROM {quote(model._meta.db_table)} ORDER BY {key}"  # noqa: S608
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(query)
        while batch := cursor.fetchmany(BATCH):
            yield batch


def last_key(model: tables.Model) -> int | None:
    """Return the highest key that the database has assigned to a row; None if there is none."""
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
        row = cursor.fetchone()
    return int(row[0]) if row and row[0] else None


def _uploads(
    archive: zipfile.ZipFile, names: Sequence[str], say: Say, warn: Say
) -> tuple[list[Upload], list[str]]:
    """Copy uploads into the archive; warn of those that cannot be read and return them."""
    copied: list[Upload] = []
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
            archive.open(stored_member(f"uploads/{name}"), "w", force_zip64=True) as member,
        ):
            copied.append(_copy(name, file, member))
    if names:
        say(f"{len(copied)} uploads")
    return copied, missing


def _copy(name: str, file: BinaryIO, member: IO[bytes]) -> Upload:
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        member.write(chunk)
        size += len(chunk)
    return Upload(name, size, digest.hexdigest())


def upload_path(name: str) -> Path:
    """Return the path of an upload; raise ValueError for a name that leads out of the folder."""
    return Path(safe_join(settings.MEDIA_ROOT, safe_name(name)))
