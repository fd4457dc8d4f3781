"""Putting a backup into an empty database, all of it or nothing."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from django.apps import apps as installed
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from timeline.actions.groups import EDITORS
from timeline.archive import tables
from timeline.archive.layout import CHUNK, ArchiveError, Manifest, Table, Upload
from timeline.archive.reading import Archive, Say
from timeline.archive.writing import upload_path
from timeline.ingest import bulk

Migrations = set[tuple[str, str]]

_PART: Final = ".restoring"
"""What the name of an upload ends with until it is whole."""


class Plan(NamedTuple):
    """What restoring will do.

    ``models`` are those of the migrations that the backup's database had gone through, by table;
    ``first`` are the migrations up to there that the database lacks, as arguments of ``migrate``.
    """

    models: dict[str, tables.Model]
    first: Sequence[tuple[str, ...]]


def plan(archive: Archive) -> Plan:
    """Say how a backup can be restored here; raise ArchiveError where it cannot.

    The backup must have been checked. Nothing is written.
    """
    manifest = archive.manifest
    loader = MigrationLoader(connection)
    made = {(app, name) for app, names in manifest.migrations.items() for name in names}
    known, here = set(loader.disk_migrations), set(loader.applied_migrations)
    if newer := sorted(made - known):
        raise ArchiveError(
            f"This backup was made by a newer version of Cadre, {manifest.cadre}: the migration "
            f"{'.'.join(newer[0])} is not known here. Restore it with that version or a newer one."
        )
    if newer := sorted(here - known):
        raise ArchiveError(
            f"The database was migrated by a newer version of Cadre: {'.'.join(newer[0])} is not "
            "known here."
        )
    refuse_unless_empty()
    if here - made:
        raise ArchiveError(
            f"This backup was made by an older version of Cadre, {manifest.cadre}, and is brought "
            "up to date after its rows are loaded. That takes a database that was not migrated "
            "yet: a new file, or a PostgreSQL database without tables."
        )
    if made == known:
        models = _by_table(tables.kept())
        first: list[tuple[str, ...]] = [()] if here != made else []
    else:
        targets = _targets(loader, made)
        state = loader.project_state(targets)
        models = _by_table(tables.kept(state.apps.get_models(include_auto_created=True)))
        first = list(targets) if here != made else []
    _compare_tables(manifest, models)
    _refuse_zeros(archive)
    for upload in manifest.uploads:
        _refuse_other_file(upload)
    return Plan(models, first)


def _targets(loader: MigrationLoader, made: Migrations) -> list[tuple[str, str]]:
    """The last migrations of each application among those made."""
    return sorted(
        key
        for key in made
        if not any(
            child.key[0] == key[0] and child.key in made
            for child in loader.graph.node_map[key].children
        )
    )


def _by_table(models: Sequence[tables.Model]) -> dict[str, tables.Model]:
    return {model._meta.db_table: model for model in models}


def _compare_tables(manifest: Manifest, models: dict[str, tables.Model]) -> None:
    found = {table.table: table for table in manifest.tables}
    if odd := sorted(found.keys() ^ models.keys()):
        raise ArchiveError(
            f"The tables of this backup are not those of its migrations: {', '.join(odd)}."
        )
    for name, model in models.items():
        if found[name].columns != tables.columns(model):
            raise ArchiveError(
                f"The columns of {name} in this backup are not those of its migrations."
            )


def _refuse_zeros(archive: Archive) -> None:
    """PostgreSQL holds every character in a text but one."""
    if connection.vendor == "postgresql" and archive.with_zeros:
        raise ArchiveError(
            f"A text of {min(archive.with_zeros)} holds the character U+0000, which PostgreSQL "
            "cannot hold; restore this backup into SQLite."
        )


def refuse_unless_empty() -> None:
    """Raise ArchiveError for a database that holds a record or an account."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for model in tables.kept():
            table = model._meta.db_table
            if table not in there or model._meta.label in tables.MADE_BY_MIGRATE:
                continue
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone() is not None:
                raise ArchiveError(
                    f"The database is not empty: {table} holds rows. A backup is restored only "
                    "into a database without a record and without accounts."
                )
        if "auth_group" in there:
            cursor.execute("SELECT name FROM auth_group WHERE name <> %s", [EDITORS])
            if (group := cursor.fetchone()) is not None:
                raise ArchiveError(f"The database is not empty: it has a group {group[0]!r}.")


def restore(archive: Archive, planned: Plan, *, say: Say) -> None:
    """Load a backup as planned; raise ArchiveError, with nothing restored, where it fails.

    The rows and what the database keeps of them are one transaction, and the uploads are in place
    before it ends. Only then migrations follow that the backup's database had not gone through.
    """
    for arguments in planned.first:
        call_command("migrate", *arguments, verbosity=0, interactive=False)
    models = list(planned.models.values())
    found = {table.table: table for table in archive.manifest.tables}
    try:
        with _placing() as place, bulk.loading(models, _nothing, durable=True):
            refuse_unless_empty()
            _clear(models)
            for name, model in planned.models.items():
                _load(archive, found[name], model, say)
            _check_keys()
            for upload in archive.manifest.uploads:
                place(archive, upload)
            say("Making indexes, keys and triggers again")
    except DatabaseError as error:
        raise ArchiveError(
            f"The database refused what the backup holds, and nothing was restored: {error}"
        ) from error
    ContentType.objects.clear_cache()
    call_command("migrate", verbosity=0, interactive=False)
    say("Counting anew")
    bulk.count_anew()


def _nothing(_text: str) -> None:
    """Name none of two hundred indexes."""


def _clear(models: Sequence[tables.Model]) -> None:
    """Take out what ``migrate`` made, and sessions of accounts that are no more."""
    session = installed.get_model("sessions", "Session")
    made = [model for model in models if model._meta.label in tables.MADE_BY_MIGRATE]
    with connection.cursor() as cursor:
        for model in (session, *made):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def _load(archive: Archive, table: Table, model: tables.Model, say: Say) -> None:
    decode = tables.decoder(model, connection)
    writer = bulk.Writer(model, [column.name for column in table.columns], {})
    writer.write(map(decode, archive.rows(table, say=say)))
    if table.last_key is not None:
        bulk.count_on_from(model, table.last_key)
    say(f"{table.table}: {table.rows} rows")


def _check_keys() -> None:
    """SQLite checks no keys between tables while it loads; PostgreSQL does when it remakes them."""
    if connection.vendor == "sqlite":
        connection.check_constraints()


Place = Callable[[Archive, Upload], None]


@contextmanager
def _placing() -> Iterator[Place]:
    """Put uploads in their places; take them out again when anything fails."""
    placed: list[Path] = []

    def place(archive: Archive, upload: Upload) -> None:
        if not _refuse_other_file(upload):
            _place(archive, upload, placed)

    try:
        yield place
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise


def _place(archive: Archive, upload: Upload, placed: list[Path]) -> None:
    path = upload_path(upload.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + _PART)
    try:
        with part.open("wb") as file:
            for chunk in archive.chunks(upload):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if settings.FILE_UPLOAD_PERMISSIONS is not None:
            part.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        part.replace(path)
        placed.append(path)
    finally:
        part.unlink(missing_ok=True)


def _refuse_other_file(upload: Upload) -> bool:
    """Whether an upload is in its place already; raise ArchiveError where another file is."""
    path = upload_path(upload.name)
    if not os.path.lexists(path):
        return False
    if not path.is_file() or path.stat().st_size != upload.bytes or _digest(path) != upload.sha256:
        raise ArchiveError(
            f"{path} is another file than the upload of that name in the backup; "
            "move it away first."
        )
    return True


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
