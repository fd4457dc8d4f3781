"""Restore a backup into an empty database, all of it or nothing."""

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
from timeline.archive.layout import CHUNK, ArchiveError, Manifest, Say, Table, Upload
from timeline.archive.reading import Archive
from timeline.archive.writing import upload_path
from timeline.ingest import bulk

Migrations = set[tuple[str, str]]

_PART_SUFFIX: Final = ".restoring"
"""The suffix of the name of an upload until it is complete."""


class RestorePlan(NamedTuple):
    """What a restore will do.

    ``models`` maps tables to their models in the state of the migrations that the backup was made
    in. ``migrate_calls`` brings the database to that state: the arguments of each call of the
    ``migrate`` command.
    """

    models: dict[str, tables.Model]
    migrate_calls: Sequence[tuple[str, ...]]


def plan(archive: Archive) -> RestorePlan:
    """Plan the restore of a backup that was checked; raise ArchiveError if it is not possible.

    Nothing is written.
    """
    manifest = archive.manifest
    loader = MigrationLoader(connection)
    in_backup = {(app, name) for app, names in manifest.migrations.items() for name in names}
    on_disk, applied = set(loader.disk_migrations), set(loader.applied_migrations)
    if newer := sorted(in_backup - on_disk):
        raise ArchiveError(
            f"This backup was made by a newer version of Cadre, {manifest.cadre}: the migration "
            f"{'.'.join(newer[0])} is not known here. Restore it with that version or a newer one."
        )
    if newer := sorted(applied - on_disk):
        raise ArchiveError(
            f"The database was migrated by a newer version of Cadre: {'.'.join(newer[0])} is not "
            "known here."
        )
    refuse_unless_empty()
    if applied - in_backup:
        raise ArchiveError(
            f"This backup was made by an older version of Cadre, {manifest.cadre}, and is brought "
            "up to date after its rows are loaded. That takes a database that was not migrated "
            "yet: a new file, or a PostgreSQL database without tables."
        )
    if in_backup == on_disk:
        models = _by_table(tables.included_models())
        migrate_calls: list[tuple[str, ...]] = [()] if applied != in_backup else []
    else:
        targets = _targets(loader, in_backup)
        state = loader.project_state(targets)
        models = _by_table(tables.included_models(state.apps.get_models(include_auto_created=True)))
        migrate_calls = list(targets) if applied != in_backup else []
    _compare_tables(manifest, models)
    _refuse_null_characters(archive)
    for upload in manifest.uploads:
        _refuse_other_file(upload)
    return RestorePlan(models, migrate_calls)


def _targets(loader: MigrationLoader, migrations: Migrations) -> list[tuple[str, str]]:
    """Return the last migrations of each application among some migrations."""
    return sorted(
        key
        for key in migrations
        if not any(
            child.key[0] == key[0] and child.key in migrations
            for child in loader.graph.node_map[key].children
        )
    )


def _by_table(models: Sequence[tables.Model]) -> dict[str, tables.Model]:
    return {model._meta.db_table: model for model in models}


def _compare_tables(manifest: Manifest, models: dict[str, tables.Model]) -> None:
    in_backup = {table.table: table for table in manifest.tables}
    if differing := sorted(in_backup.keys() ^ models.keys()):
        raise ArchiveError(
            f"The tables of this backup are not those of its migrations: {', '.join(differing)}."
        )
    for name, model in models.items():
        if in_backup[name].columns != tables.columns(model):
            raise ArchiveError(
                f"The columns of {name} in this backup are not those of its migrations."
            )


def _refuse_null_characters(archive: Archive) -> None:
    if connection.vendor == "postgresql" and archive.tables_with_null_characters:
        raise ArchiveError(
            f"A text of {min(archive.tables_with_null_characters)} holds the character U+0000, "
            "which PostgreSQL cannot hold; restore this backup into SQLite."
        )


def refuse_unless_empty() -> None:
    """Raise ArchiveError if the database contains a record or an account."""
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        for model in tables.included_models():
            table = model._meta.db_table
            if table not in existing or model._meta.label in tables.CREATED_BY_MIGRATE:
                continue
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone() is not None:
                raise ArchiveError(
                    f"The database is not empty: {table} holds rows. A backup is restored only "
                    "into a database without a record and without accounts."
                )
        if "auth_group" in existing:
            cursor.execute("SELECT name FROM auth_group WHERE name <> %s", [EDITORS])
            if (group := cursor.fetchone()) is not None:
                raise ArchiveError(f"The database is not empty: it has a group {group[0]!r}.")


def restore(archive: Archive, planned: RestorePlan, *, say: Say) -> None:
    """Load a backup as planned; raise ArchiveError, with nothing restored, if that fails.

    The rows and all indexes and triggers are one transaction, and the uploads are in place before
    it ends. Migrations that are newer than the backup follow after it.
    """
    for arguments in planned.migrate_calls:
        call_command("migrate", *arguments, verbosity=0, interactive=False)
    models = list(planned.models.values())
    entries = {table.table: table for table in archive.manifest.tables}
    try:
        with _uploads() as write_upload, bulk.loading(models, _say_nothing, durable=True):
            refuse_unless_empty()
            _clear(models)
            for name, model in planned.models.items():
                _load(archive, entries[name], model, say)
            _check_foreign_keys()
            for upload in archive.manifest.uploads:
                write_upload(archive, upload)
            say("Making indexes, keys and triggers again")
    except DatabaseError as error:
        raise ArchiveError(
            f"The database refused what the backup holds, and nothing was restored: {error}"
        ) from error
    ContentType.objects.clear_cache()
    call_command("migrate", verbosity=0, interactive=False)
    say("Counting anew")
    bulk.analyze()


def _say_nothing(_text: str) -> None:
    """Report no progress, as there are two hundred indexes."""


def _clear(models: Sequence[tables.Model]) -> None:
    """Delete the rows that ``migrate`` created, and sessions of accounts that no longer exist."""
    session = installed.get_model("sessions", "Session")
    created = [model for model in models if model._meta.label in tables.CREATED_BY_MIGRATE]
    with connection.cursor() as cursor:
        for model in (session, *created):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def _load(archive: Archive, table: Table, model: tables.Model, say: Say) -> None:
    decode = tables.decoder(model, connection)
    writer = bulk.BulkWriter(model, [column.name for column in table.columns], {})
    writer.write(map(decode, archive.rows(table, say=say)))
    if table.last_key is not None:
        bulk.reserve_keys(model, table.last_key)
    say(f"{table.table}: {table.rows} rows")


def _check_foreign_keys() -> None:
    # PostgreSQL checks foreign keys when the bulk load creates them again.
    if connection.vendor == "sqlite":
        connection.check_constraints()


@contextmanager
def _uploads() -> Iterator[Callable[[Archive, Upload], None]]:
    """Provide a function that writes uploads; they are deleted if the block fails."""
    written: list[Path] = []

    def write(archive: Archive, upload: Upload) -> None:
        if not _refuse_other_file(upload):
            _write_upload(archive, upload, written)

    try:
        yield write
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _write_upload(archive: Archive, upload: Upload, written: list[Path]) -> None:
    path = upload_path(upload.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + _PART_SUFFIX)
    try:
        with part.open("wb") as file:
            for chunk in archive.chunks(upload):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if settings.FILE_UPLOAD_PERMISSIONS is not None:
            part.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        part.replace(path)
        written.append(path)
    finally:
        part.unlink(missing_ok=True)


def _refuse_other_file(upload: Upload) -> bool:
    """Whether an upload exists already; raise ArchiveError if another file has its name."""
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
