"""Backups and their restoration, on real databases."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Final

import pytest
from django.apps import apps
from django.conf import settings as project
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, models, transaction
from django.db.utils import load_backend
from django.utils import timezone

from config import environment
from tests import databases, pristine, rows
from tests import factories as make
from tests.schema import schema
from timeline.actions.groups import EDITORS
from timeline.archive import layout, reading, tables, writing
from timeline.database import fulltext
from timeline.models import (
    ErrorReport,
    Event,
    EventSector,
    FormerSlug,
    RecordVersion,
    Sector,
    Source,
)

ROOT: Final = Path(__file__).resolve().parents[2]
UPLOAD: Final = "archive/2026/11/communiqué final.pdf"
EARLIER: Final = "archive/2025/04/earlier.pdf"
BYTES: Final = bytes(range(256)) * 5000
ODD: Final = (
    'a "quote", a \\ backslash, a\ttab, a line\r\nand more\u2028é 漢字 😀 \u200f\ufeff end '
)
POSTGRES: Final = os.environ.get("TEST_DATABASE") == "postgres"

pytestmark = pytest.mark.django_db


def server_url(name: str) -> str:
    """Return the address of a database on the server of the tests."""
    head, _, query = os.environ["TEST_DATABASE_URL"].partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@contextmanager
def at(url: str) -> Iterator[None]:
    """Use another database, set up as in production, for a block."""
    before = connections["default"]
    os.environ["DATABASE_URL"], former = url, os.environ["DATABASE_URL"]
    try:
        database = environment.database("DATABASE_URL", default=ROOT / "none", root=ROOT)
    finally:
        os.environ["DATABASE_URL"] = former
    whole = connections.configure_settings({"default": database})["default"]
    other = load_backend(whole["ENGINE"]).DatabaseWrapper(whole, "default")
    connections["default"] = other
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        other.close()
        connections["default"] = before
        ContentType.objects.clear_cache()


def run(command: str, *words: object) -> tuple[str, str]:
    output, errors = StringIO(), StringIO()
    call_command(command, *map(str, words), stdout=output, stderr=errors)
    return output.getvalue(), errors.getvalue()


def all_rows() -> dict[str, list[Any]]:
    """Return every row that a backup should restore, as the models read it."""
    return {
        model._meta.label: sorted(
            model._base_manager.values_list(*(f.attname for f in model._meta.concrete_fields)),
            key=lambda row: repr(row[0]).rjust(20) + repr(row),
        )
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label
        not in {"sessions.Session", "timeline.RecordVersion", "timeline.EventRevision"}
    }


def holds_nothing() -> bool:
    counted: list[type[models.Model]] = [User, LogEntry]
    counted += apps.get_app_config("timeline").get_models()
    own = {"recordversion", "eventrevision"}
    return not any(
        model._base_manager.exists() for model in counted if model._meta.model_name not in own
    )


@dataclass(frozen=True)
class SavedBackup:
    """A backup of the demo timeline, with its expected content."""

    path: Path
    rows: dict[str, list[Any]]
    version: dict[str, Any]
    last_event: int
    output: tuple[str, str]


@pytest.fixture(scope="module")
def saved(
    demo_rows: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> SavedBackup:
    """A backup of the demo timeline with accounts, uploads, odd texts and an unused key."""
    path = tmp_path_factory.mktemp("backups") / "cadre.backup"
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                rows.put_back(demo_rows)
            gone = fill()
            output = run("backup", path)
            version = dict(RecordVersion.objects.values().get())
            return SavedBackup(path, all_rows(), version, gone, output)
        finally:
            pristine.put_back()


def fill() -> int:
    """Add what the demo timeline does not have; return the key of an event deleted again."""
    for name in (UPLOAD, EARLIER):
        file = Path(project.MEDIA_ROOT) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(BYTES + name.encode())
    source = make.a_source(title=ODD, archive_file=EARLIER)
    source.archive_file = UPLOAD
    source.save()
    make.a_source(archive_file="archive/2025/04/lost.pdf")
    user = User.objects.create_user("awa", "awa@example.org", "a long passphrase", is_staff=True)
    user.groups.add(Group.objects.get(name=EDITORS))
    user.user_permissions.add(Permission.objects.get(codename="view_source"))
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(Source),
        object_id=str(source.pk),
        object_repr=ODD[:200],
        action_flag=2,
        change_message="[]",
    )
    ErrorReport.objects.create(message=ODD)
    FormerSlug.objects.create(kind="event", slug="before", object_id=2**62)
    Session.objects.create(session_key="k", session_data="d", expire_date=timezone.now())
    event = make.an_event(slug="soon-gone")
    gone = int(event.pk)
    event.delete()
    return gone


@pytest.fixture(scope="module")
def fresh(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """Make an empty migrated database of the kind under test."""
    folder, count = tmp_path_factory.mktemp("fresh"), iter(range(1000))
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            template = folder / "template.sqlite3"
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(template)])

            def copied() -> str:
                path = folder / f"{next(count)}.sqlite3"
                shutil.copyfile(template, path)
                return f"sqlite:///{path}"

            yield copied
            return
        names: list[str] = []

        def created() -> str:
            names.append(f"cadre_fresh_{next(count)}")
            tell_server(f"CREATE DATABASE {names[-1]} TEMPLATE {databases.postgres_template()}")
            return server_url(names[-1])

        yield created
        for name in names:
            tell_server(f"DROP DATABASE {name} WITH (FORCE)")


def tell(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def tell_server(statement: str) -> None:
    """Run a command of PostgreSQL that is not allowed in a transaction."""
    with at(os.environ["TEST_DATABASE_URL"]):
        tell(statement)


@contextmanager
def without_tables(name: str) -> Iterator[str]:
    """A PostgreSQL database that is not migrated."""
    tell_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    tell_server(f"CREATE DATABASE {name}")
    try:
        yield server_url(name)
    finally:
        tell_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """An empty folder of uploads."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def empty(saved: SavedBackup, fresh: Callable[[], str], media: Path) -> Iterator[str]:
    """An empty database, used by the code after the backup was saved."""
    url = fresh()
    with at(url):
        yield url


@pytest.fixture(scope="module")
def shared(fresh: Callable[[], str]) -> str:
    """An empty database that all tests of refusals share."""
    return fresh()


@pytest.fixture
def untouched(saved: SavedBackup, shared: str, media: Path) -> Iterator[None]:
    """An empty database that the code uses and must leave empty."""
    with at(shared):
        before = RecordVersion.objects.values().get()
        yield
        assert holds_nothing()
        assert RecordVersion.objects.values().get() == before


# The content of a backup


def test_every_table_is_backed_up_or_left_out_by_name() -> None:
    held = {model._meta.db_table for model in tables.included_models()}
    left = {apps.get_model(label)._meta.db_table for label in tables.LEFT_OUT}
    told_in_the_manifest = {"django_migrations"}
    there = {
        name
        for name in connection.introspection.table_names()
        if not name.startswith((fulltext.TABLE, fulltext.WORDS))
    }
    assert there == held | left | told_in_the_manifest
    assert not held & left


def test_every_column_is_of_a_known_kind() -> None:
    for model in tables.included_models():
        assert len(tables.columns(model)) == len(model._meta.local_concrete_fields)


def test_manifest_says_what_the_backup_holds(saved: SavedBackup) -> None:
    with zipfile.ZipFile(saved.path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert (manifest["format"], manifest["format_version"]) == ("cadre-backup", 1)
        assert manifest["engine"] == ("postgresql" if POSTGRES else "sqlite")
        assert "0001_initial" in manifest["migrations"]["timeline"]
        assert manifest["version"]["etag"] == saved.version["etag"]
        assert manifest["left_out"].keys() == tables.LEFT_OUT.keys()
        for table in manifest["tables"]:
            content = archive.read(f"rows/{table['table']}.jsonl")
            assert hashlib.sha256(content).hexdigest() == table["sha256"]
            assert (len(content), content.count(b"\n")) == (table["bytes"], table["rows"])
            assert table["rows"] == len(saved.rows[table["model"]])
        assert {upload["name"] for upload in manifest["uploads"]} == {UPLOAD, EARLIER}
        for upload in manifest["uploads"]:
            content = archive.read(f"uploads/{upload['name']}")
            assert hashlib.sha256(content).hexdigest() == upload["sha256"]
        assert manifest["missing_uploads"] == ["archive/2025/04/lost.pdf"]


def test_command_says_what_it_wrote_and_what_was_missing(saved: SavedBackup) -> None:
    output, errors = saved.output
    assert output.startswith(f"{saved.path}: ")
    assert "2 uploads (1 more could not be read), of 20" in output
    assert "timeline_event: " in errors
    assert "names the upload 'archive/2025/04/lost.pdf', which cannot be read" in errors


def test_backup_is_readable_by_its_owner_only_and_leaves_nothing_else(saved: SavedBackup) -> None:
    assert saved.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in saved.path.parent.iterdir()] == [saved.path.name]


def test_equal_states_give_equal_members(saved: SavedBackup, empty: str, tmp_path: Path) -> None:
    run("restore", saved.path)
    run("backup", tmp_path / "again")
    assert digests(tmp_path / "again") == digests(saved.path)


def digests(path: Path) -> dict[str, tuple[int, str, int | None]]:
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    return {
        table["table"]: (table["rows"], table["sha256"], table["last_key"])
        for table in manifest["tables"]
    }


def test_existing_file_is_replaced_only_with_force(
    saved: SavedBackup, empty: str, tmp_path: Path
) -> None:
    path = tmp_path / "taken"
    path.write_text("kept")
    with pytest.raises(CommandError, match="exists already; take another name, or --force"):
        run("backup", path)
    assert path.read_text() == "kept"
    run("backup", path, "--force", "--quiet")
    assert zipfile.is_zipfile(path)


def test_folder_that_is_missing_is_named(empty: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no folder .*nowhere\.$"):
        run("backup", tmp_path / "nowhere" / "file")


def test_backup_that_fails_leaves_no_file(
    empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "out").mkdir()
    monkeypatch.setattr(writing, "_uploads", full)
    with pytest.raises(CommandError, match=r"was not written: .*No space left"):
        run("backup", tmp_path / "out" / "backup")
    assert list((tmp_path / "out").iterdir()) == []


def test_database_of_other_tables_is_not_backed_up(empty: str, tmp_path: Path) -> None:
    tell("DELETE FROM django_migrations WHERE app = 'timeline' AND name = '0001_initial'")
    with pytest.raises(CommandError, match=r"run manage\.py migrate"):
        run("backup", tmp_path / "backup")


def test_upload_named_outside_its_folder_is_not_read(
    empty: str, tmp_path: Path, media: Path
) -> None:
    (tmp_path / "secret").write_text("secret")
    source = make.a_source()
    Source.objects.filter(pk=source.pk).update(archive_file="../secret")
    _said, aside = run("backup", tmp_path / "backup")
    assert "'../secret', which cannot be read" in aside
    with zipfile.ZipFile(tmp_path / "backup") as archive:
        assert not [name for name in archive.namelist() if "secret" in name]


# The result of restoring


def test_restored_database_is_the_one_that_was_backed_up(
    saved: SavedBackup, empty: str, media: Path
) -> None:
    before, era = schema(), RecordVersion.objects.get().epoch
    output, _aside = run("restore", saved.path)
    assert output.startswith(f"Restored from {saved.path}: ")
    assert all_rows() == saved.rows
    assert schema() == before
    connection.check_constraints()
    version = RecordVersion.objects.get()
    assert version.etag not in ("", saved.version["etag"])
    assert version.epoch not in ("", era, saved.version["epoch"])
    assert Session.objects.count() == 0
    for name in (UPLOAD, EARLIER):
        assert (media / name).read_bytes() == BYTES + name.encode()
    assert not [path for path in media.rglob("*") if path.suffix == ".restoring"]
    user = User.objects.get(username="awa")
    assert user.check_password("a long passphrase")
    assert user.has_perm("timeline.view_source")
    assert user.has_perm("timeline.change_event")
    assert str(LogEntry.objects.get().content_type) == str(
        ContentType.objects.get_for_model(Source)
    )


def test_what_is_derived_is_right_after_restoring(saved: SavedBackup, empty: str) -> None:
    run("restore", saved.path)
    for command in ("rebuild_involvement", "rebuild_search"):
        assert run(command, "--check")[0].endswith("nothing differs.\n")
    run("check_index", "--questions", 20)


def test_rules_and_triggers_are_in_place_after_restoring(saved: SavedBackup, empty: str) -> None:
    run("restore", saved.path)
    before = RecordVersion.objects.get()
    events = Event.objects.filter(pk=Event.objects.published().values("pk")[:1])
    with pytest.raises(DatabaseError, match="published_stays"):
        events.update(published_at=None)
    events.update(duration_en="Two days")
    assert RecordVersion.objects.get().number == before.number + 1


def test_key_of_a_row_that_is_gone_is_not_given_again(saved: SavedBackup, empty: str) -> None:
    run("restore", saved.path)
    event = make.an_event()
    assert event.pk > saved.last_event
    assert make.a_sector("next").pk > max(row[0] for row in saved.rows["timeline.Sector"])


def test_backup_of_an_empty_database_is_restored(
    empty: str, fresh: Callable[[], str], tmp_path: Path
) -> None:
    run("backup", tmp_path / "nothing")
    with at(fresh()):
        run("restore", tmp_path / "nothing")
        assert holds_nothing()
        assert Group.objects.get(name=EDITORS).permissions.exists()


def test_database_that_was_not_migrated_is_migrated_first(
    saved: SavedBackup, media: Path, tmp_path: Path
) -> None:
    """From each kind to a new SQLite file, and on PostgreSQL back again."""
    file = f"sqlite:///{tmp_path}/new.sqlite3"
    with at(file):
        assert "can be restored here" in run("restore", saved.path, "--dry-run")[0]
        assert connection.introspection.table_names() == []
        run("restore", saved.path)
        assert all_rows() == saved.rows
        run("backup", tmp_path / "second")
    assert digests(tmp_path / "second") == digests(saved.path)
    if POSTGRES:
        with without_tables("cadre_back") as url, at(url):
            run("restore", tmp_path / "second")
            assert all_rows() == saved.rows
            run("backup", tmp_path / "third")
        assert digests(tmp_path / "third") == digests(saved.path)


@pytest.mark.skipif(POSTGRES, reason="Both of its databases are of SQLite")
def test_backup_of_an_older_state_is_brought_up_to_date(
    saved: SavedBackup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new database is migrated to the state of the backup, filled, and migrated further."""
    from django.db.migrations.loader import MigrationLoader

    old = ("timeline", "0007_fewer_indexes_of_involvement")
    with at(f"sqlite:///{tmp_path}/old.sqlite3"):
        for last in (old, *others()):
            call_command("migrate", *last, interactive=False, verbosity=0)
        state = MigrationLoader(connection).project_state([old, *others()])
        then = state.apps.get_models(include_auto_created=True)
        sector = state.apps.get_model("timeline", "Sector")
        sector.objects.create(slug="energy", name_en="Energy", name_fr="Énergie")
        with monkeypatch.context() as patch:
            # The columns of the version had other names then.
            patch.setattr("timeline.database.version._read", lambda: None)
            writing.backup(
                tmp_path / "old",
                created=timezone.now(),
                say=nothing,
                warn=nothing,
                models=then,
            )
    with at(f"sqlite:///{tmp_path}/new.sqlite3"):
        run("restore", tmp_path / "old")
        assert Sector.objects.get().name_fr == "Énergie"
        loader = MigrationLoader(connection)
        assert loader.applied_migrations.keys() == loader.disk_migrations.keys()
        with pytest.raises(CommandError, match="not empty"):
            run("restore", tmp_path / "old")


def nothing(_text: str) -> None:
    """Report no progress."""


def others() -> list[tuple[str, str]]:
    """Return the last migrations of the other applications."""
    from django.db.migrations.loader import MigrationLoader

    return [key for key in MigrationLoader(None).graph.leaf_nodes() if key[0] != "timeline"]


def test_backup_of_an_older_state_needs_a_database_that_was_not_migrated(
    saved: SavedBackup, empty: str, tmp_path: Path
) -> None:
    def older(manifest: dict[str, Any], _members: dict[str, bytes]) -> None:
        del manifest["migrations"]["timeline"][-1]

    path = changed(saved.path, tmp_path, older)
    with pytest.raises(CommandError, match="made by an older version of Cadre"):
        run("restore", path)
    assert holds_nothing()


@pytest.mark.django_db(transaction=True)
def test_values_of_every_kind_come_back_exactly() -> None:
    from datetime import UTC, date, datetime, time, timedelta
    from decimal import Decimal
    from uuid import UUID

    from django.test.utils import isolate_apps

    with isolate_apps("timeline"):

        class Every(models.Model):
            big = models.BigIntegerField(null=True)
            text = models.TextField(null=True)  # noqa: DJ001
            yes = models.BooleanField(null=True)
            day = models.DateField(null=True)
            at = models.DateTimeField(null=True)
            clock = models.TimeField(null=True)
            lasts = models.DurationField(null=True)
            price = models.DecimalField(max_digits=30, decimal_places=10, null=True)
            real = models.FloatField(null=True)
            code = models.UUIDField(null=True)
            data = models.JSONField(null=True)
            raw = models.BinaryField(null=True)

            class Meta:
                app_label = "timeline"

            def __str__(self) -> str:
                return str(self.pk)

        values = [
            (2**63 - 1, ODD, True, date(1, 1, 1), datetime(2025, 4, 3, 9, 30, 0, 1, UTC)),
            (-(2**63), "", False, date(9999, 12, 31), datetime(1900, 1, 1, tzinfo=UTC)),
        ]
        more = [
            (time(23, 59, 59, 999999), timedelta(days=-3, microseconds=1)),
            (time(0), timedelta(days=40000)),
        ]
        rest = [
            (Decimal("12345.0123456789"), 0.1, UUID(int=2**127), {"b": [1, None, "é"], "a": 2}),
            (Decimal("-0.5"), 1e300, UUID(int=1), None),
        ]
        names = [field.attname for field in Every._meta.concrete_fields][1:]
        with connection.schema_editor() as editor:
            editor.create_model(Every)
        try:
            for row in zip(values, more, rest, [(b"\x00\xff",), (b"",)], strict=True):
                Every._base_manager.create(**dict(zip(names, sum(row, ()), strict=True)))
            Every._base_manager.create()
            before = list(Every._base_manager.order_by("pk").values_list())
            columns = ", ".join(f'"{column.name}"' for column in tables.columns(Every))
            encode, decode = (way(Every, connection) for way in (tables.encoder, tables.decoder))
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {columns} FROM timeline_every ORDER BY id")  # noqa: S608
                written = [json.dumps(encode(row)) for row in cursor.fetchall()]
            typed = tables.RowChecker(tables.columns(Every))
            Every._base_manager.all().delete()
            from timeline.ingest.bulk import BulkWriter

            read = [json.loads(line) for line in written]
            for row in read:
                typed.check(row, decoding=True)
            names = [column.name for column in tables.columns(Every)]
            with transaction.atomic():
                BulkWriter(Every, names, {}).write(map(decode, read))
            assert list(Every._base_manager.order_by("pk").values_list()) == before
        finally:
            with connection.schema_editor() as editor:
                editor.delete_model(Every)


# Refusals


Change = Callable[[dict[str, Any], dict[str, bytes]], None]


def changed(path: Path, folder: Path, change: Change, *, extra: str = "") -> Path:
    """Make a backup with other contents, as correctly as the command does."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(manifest, members)
    out = folder / "changed.backup"
    with out.open("w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                if name == layout.MARKER:
                    archive.writestr(layout.stored_member(name), content)
                else:
                    archive.writestr(name, content)
            if manifest:
                archive.writestr("manifest.json", json.dumps(manifest))
            if extra:
                archive.writestr(extra, b"")
            archive.comment = layout.unsealed_comment()
        layout.seal(file)
    return out


def table_of(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    return next(table for table in manifest["tables"] if table["table"] == name)


EVENTS: Final = "rows/timeline_event.jsonl"


def put(manifest: dict[str, Any], members: dict[str, bytes], name: str, content: bytes) -> None:
    """Put other rows into a backup, with a correct manifest."""
    members[f"rows/{name}.jsonl"] = content
    table_of(manifest, name).update(
        sha256=hashlib.sha256(content).hexdigest(), bytes=len(content), rows=content.count(b"\n")
    )


def one_row(manifest: dict[str, Any], members: dict[str, bytes], column: str, value: Any) -> None:
    table = table_of(manifest, "timeline_sector")
    place = [column_info["name"] for column_info in table["columns"]].index(column)
    first, *rest = members["rows/timeline_sector.jsonl"].splitlines(keepends=True)
    row = json.loads(first)
    row[place] = value
    put(manifest, members, "timeline_sector", json.dumps(row).encode() + b"\n" + b"".join(rest))


def another_byte(_told: Any, members: dict[str, bytes]) -> None:
    members[EVENTS] = members[EVENTS].replace(b"a", b"b", 1)


def wrong_digest(manifest: Any, _members: Any) -> None:
    table_of(manifest, "timeline_event")["sha256"] = "0" * 64


def wrong_size(manifest: Any, _members: Any) -> None:
    table_of(manifest, "timeline_event")["bytes"] += 1


def wrong_count(manifest: Any, _members: Any) -> None:
    table_of(manifest, "timeline_event")["rows"] += 1


def upload_changed(manifest: Any, members: dict[str, bytes]) -> None:
    name = f"uploads/{manifest['uploads'][0]['name']}"
    members[name] = bytes(len(members[name]))


def member_missing(_told: Any, members: dict[str, bytes]) -> None:
    del members[EVENTS]


def manifest_missing(manifest: dict[str, Any], _members: Any) -> None:
    manifest.clear()


def named_outside(name: str) -> Change:
    def change(manifest: Any, members: dict[str, bytes]) -> None:
        upload = manifest["uploads"][0]
        members[f"uploads/{name}"] = members.pop(f"uploads/{upload['name']}")
        upload["name"] = name

    return change


def newer_format(manifest: dict[str, Any], _members: Any) -> None:
    manifest["format_version"] = 2


def other_format(manifest: dict[str, Any], _members: Any) -> None:
    manifest["format"] = "another"


def newer_version(manifest: dict[str, Any], _members: Any) -> None:
    manifest["cadre"] = "9.0"
    manifest["migrations"]["timeline"].append("9999_of_the_future")


def column_missing(manifest: dict[str, Any], _members: Any) -> None:
    del table_of(manifest, "timeline_event")["columns"][-1]


def table_unknown(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    members["rows/stray.jsonl"] = b""
    digest = hashlib.sha256().hexdigest()
    manifest["tables"].append(
        {
            **table_of(manifest, "timeline_event"),
            **{"table": "stray", "rows": 0, "bytes": 0, "sha256": digest},
        }
    )


def columns_swapped(manifest: dict[str, Any], _members: Any) -> None:
    columns = table_of(manifest, "timeline_statement")["columns"]
    at = [item["name"] for item in columns].index("text")
    columns[at]["name"], columns[at + 1]["name"] = columns[at + 1]["name"], columns[at]["name"]


def row_of_text(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    one_row(manifest, members, "position", "first")


def row_too_short(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    put(manifest, members, "timeline_sector", b"[1]\n")


def row_no_json(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    put(manifest, members, "timeline_sector", b"[1,\n")


def row_no_day(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    content = members[EVENTS].replace(b'"2025-04-03"', b'"2025-04-33"')
    put(manifest, members, "timeline_event", content)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (another_byte, r"is damaged at 'rows/timeline_event\.jsonl': its digest is not"),
        (wrong_digest, r"is damaged at 'rows/timeline_event\.jsonl': its digest is not"),
        (wrong_size, r"is damaged at 'rows/timeline_event\.jsonl': \d+ bytes, not the \d+"),
        (wrong_count, r"is damaged at 'rows/timeline_event\.jsonl': \d+ rows, not the \d+"),
        (upload_changed, r"is damaged at 'uploads/.*': its digest is not"),
        (member_missing, r"lacks 'rows/timeline_event\.jsonl', which its manifest lists"),
        (manifest_missing, "holds no manifest"),
        (
            named_outside("../outside"),
            "names an upload outside the folder of uploads: '../outside'",
        ),
        (named_outside("/outside"), "names an upload outside the folder of uploads: '/outside'"),
        (named_outside("a/../../b"), "names an upload outside the folder of uploads"),
        (named_outside("a\\..\\b"), "names an upload outside the folder of uploads"),
        (named_outside("C:/b"), "names an upload outside the folder of uploads"),
        (newer_format, "is of format 2, made by a newer version of Cadre"),
        (other_format, "manifest of the backup cannot be read: .*format 'another'"),
        (
            newer_version,
            r"newer version of Cadre, 9\.0: the migration timeline\.9999_of_the_future",
        ),
        (
            column_missing,
            r"is damaged at 'rows/timeline_event\.jsonl': row 1: \d+ values in place of",
        ),
        (columns_swapped, "columns of timeline_statement in this backup are not those"),
        (table_unknown, "tables of this backup are not those of its migrations: stray"),
        (row_of_text, "row 1: position is not of kind integer"),
        (row_too_short, "row 1: 1 values in place of"),
        (row_no_json, "rows from 1 on are no JSON"),
        (row_no_day, "row [0-9]+: .*day is out of range"),
    ],
)
def test_damaged_backup_is_refused_before_anything_is_touched(
    saved: SavedBackup, untouched: None, media: Path, tmp_path: Path, change: Change, sentence: str
) -> None:
    before = RecordVersion.objects.values().get()
    with pytest.raises(CommandError, match=sentence):
        run("restore", changed(saved.path, tmp_path, change))
    assert holds_nothing()
    assert RecordVersion.objects.values().get() == before
    assert not media.exists()
    assert not (tmp_path / "outside").exists()


def test_member_that_the_manifest_does_not_list_is_refused(
    saved: SavedBackup, untouched: None, tmp_path: Path
) -> None:
    path = changed(saved.path, tmp_path, lambda manifest, members: None, extra="uploads/stray")
    with pytest.raises(CommandError, match="holds 'uploads/stray', which its manifest does not"):
        run("restore", path)


def test_member_that_is_there_twice_is_refused(
    saved: SavedBackup, untouched: None, tmp_path: Path
) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = changed(saved.path, tmp_path, lambda manifest, members: None, extra=EVENTS)
    with pytest.raises(CommandError, match=r"holds 'rows/timeline_event\.jsonl' twice"):
        run("restore", path)


def test_content_larger_than_declared_is_not_unpacked(
    saved: SavedBackup, untouched: None, tmp_path: Path
) -> None:
    """The directory declares fewer bytes for a member than it unpacks to."""
    size = 64 << 20

    def bomb(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
        members[EVENTS] = bytes(size)
        table_of(manifest, "timeline_event")["bytes"] = 1000

    path = changed(saved.path, tmp_path, bomb)
    with pytest.raises(CommandError, match=f"{size} bytes, not the 1000 of the manifest"):
        run("restore", path)
    content = path.read_bytes()
    start = content.rindex(EVENTS.encode()) - 46
    low = content[: start + 24] + (1000).to_bytes(4, "little") + content[start + 28 :]
    path.write_bytes(low)
    with path.open("r+b") as file:
        layout.seal(file)
    with pytest.raises(CommandError, match=r"is damaged at 'rows/timeline_event\.jsonl'"):
        run("restore", path)
    assert holds_nothing()


def test_row_without_end_is_not_read_into_memory(
    saved: SavedBackup, untouched: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_LINE", 1 << 20)

    def endless(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
        content = b"[" + b" " * (3 << 20)
        put(manifest, members, "timeline_event", content)

    with pytest.raises(CommandError, match="a row is longer than any may be"):
        run("restore", changed(saved.path, tmp_path, endless))


def parts_of(path: Path) -> list[int]:
    """Return a position in each member, in the directory and in the end of a zip archive."""
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        inside = [
            info.header_offset + 30 + len(info.filename.encode()) + info.compress_size // 2
            for info in infos
        ]
        headers = [info.header_offset + 10 for info in infos[1:]]
        return [*inside, *headers, archive.start_dir + 12, path.stat().st_size - 1]


def test_one_byte_anywhere_is_noticed(saved: SavedBackup, untouched: None, tmp_path: Path) -> None:
    content, path = saved.path.read_bytes(), tmp_path / "flipped"
    for place in parts_of(saved.path):
        other = bytearray(content)
        other[place] ^= 0x10
        path.write_bytes(other)
        with pytest.raises(CommandError, match=r"its bytes are not those|not a backup"):
            run("restore", path)
    assert holds_nothing()


@pytest.mark.parametrize("share", [0.2, 0.9, 0.999])
def test_truncated_backup_is_refused(
    saved: SavedBackup, untouched: None, tmp_path: Path, share: float
) -> None:
    content, path = saved.path.read_bytes(), tmp_path / "cut"
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(CommandError, match="is incomplete: its end is missing"):
        run("restore", path)
    assert holds_nothing()


def foreign_zip() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", "{}")
    return file.getvalue()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"SQLite format 3\0" * 9, foreign_zip()])
def test_file_of_another_kind_is_refused(untouched: None, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    for command in (("restore", path), ("backup", path, "--check")):
        with pytest.raises(CommandError, match="is not a backup of Cadre"):
            run(*command)


def test_file_that_is_missing_or_a_folder_is_named(untouched: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run("restore", tmp_path / "none")
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        run("restore", tmp_path)


def test_whole_backup_is_found_whole_without_a_database(saved: SavedBackup, tmp_path: Path) -> None:
    assert f"{saved.path} is whole: " in run("backup", saved.path, "--check", "--quiet")[0]


@pytest.mark.parametrize(
    ("fill_one", "table"),
    [
        (lambda: make.a_sector("energy"), "timeline_historicalsector"),
        (lambda: User.objects.create_user("awa"), "auth_user"),
        (lambda: ErrorReport.objects.create(message="Wrong"), "timeline_errorreport"),
    ],
)
def test_database_that_holds_something_is_left_as_it_is(
    saved: SavedBackup, empty: str, media: Path, fill_one: Callable[[], Any], table: str
) -> None:
    fill_one()
    before = all_rows()
    for words in ((), ("--dry-run",)):
        with pytest.raises(CommandError, match=f"The database is not empty: {table} holds rows"):
            run("restore", saved.path, *words)
    assert all_rows() == before
    assert not media.exists()


def test_database_with_a_group_of_its_own_is_left_as_it_is(saved: SavedBackup, empty: str) -> None:
    Group.objects.create(name="Translators")
    with pytest.raises(CommandError, match="The database is not empty: it has a group 'Transl"):
        run("restore", saved.path)


def test_database_of_a_newer_version_is_left_as_it_is(saved: SavedBackup, empty: str) -> None:
    tell(
        "INSERT INTO django_migrations (app, name, applied) "
        "VALUES ('timeline', '9999_x', '2030-01-01')"
    )
    with pytest.raises(
        CommandError, match=r"migrated by a newer version of Cadre: timeline\.9999_x"
    ):
        run("restore", saved.path)


def test_dry_run_touches_nothing(saved: SavedBackup, empty: str, media: Path) -> None:
    before = RecordVersion.objects.values().get()
    assert f"{saved.path} can be restored here: " in run("restore", saved.path, "--dry-run")[0]
    assert holds_nothing()
    assert RecordVersion.objects.values().get() == before
    assert not media.exists()


def test_character_that_only_sqlite_holds_is_refused_by_the_other(
    saved: SavedBackup, empty: str, tmp_path: Path
) -> None:
    path = changed(
        saved.path,
        tmp_path,
        lambda manifest, members: one_row(manifest, members, "name_en", "a\0b"),
    )
    if POSTGRES:
        with pytest.raises(CommandError, match="timeline_sector holds the character U"):
            run("restore", path)
        assert holds_nothing()
    else:
        run("restore", path)
        assert Sector.objects.filter(name_en="a\0b").exists()


# Failures


def test_load_that_fails_leaves_nothing(
    saved: SavedBackup, empty: str, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any) -> None:
        raise DatabaseError("the disk is full")

    before = schema()
    with monkeypatch.context() as patch:
        patch.setattr(fulltext, "install", fails)
        with pytest.raises(CommandError, match=r"nothing was restored: the disk is full"):
            run("restore", saved.path)
    assert holds_nothing()
    assert schema() == before
    assert not [path for path in media.rglob("*") if path.is_file()]
    run("restore", saved.path)
    assert all_rows() == saved.rows


def test_rows_that_break_a_key_are_taken_back(
    saved: SavedBackup, empty: str, tmp_path: Path
) -> None:
    path = changed(
        saved.path,
        tmp_path,
        lambda manifest, members: one_row(manifest, members, "parent_id", 999_999),
    )
    with pytest.raises(CommandError, match="The database refused what the backup holds"):
        run("restore", path)
    assert holds_nothing()
    assert not Event.objects.exists()


def test_other_file_in_the_place_of_an_upload_is_kept(
    saved: SavedBackup, empty: str, media: Path
) -> None:
    (media / UPLOAD).parent.mkdir(parents=True)
    (media / UPLOAD).write_text("another")
    with pytest.raises(CommandError, match="is another file than the upload of that name"):
        run("restore", saved.path)
    assert holds_nothing()
    assert (media / UPLOAD).read_text() == "another"
    (media / UPLOAD).write_bytes(BYTES + UPLOAD.encode())
    run("restore", saved.path)
    assert (media / EARLIER).exists()


def test_restore_that_is_killed_leaves_a_database_that_takes_it_again(
    saved: SavedBackup, empty: str, tmp_path: Path
) -> None:
    def without_uploads(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
        for upload in manifest["uploads"]:
            del members[f"uploads/{upload['name']}"]
        manifest["uploads"] = []

    path = changed(saved.path, tmp_path, without_uploads)
    connection.close()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "restore", str(path)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": empty},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process.stderr:
        for line in process.stderr:
            if line.startswith("timeline_involvement: ") and line.endswith(" rows\n"):
                process.send_signal(signal.SIGKILL)
                break
    assert process.wait() == -signal.SIGKILL
    assert holds_nothing()
    run("restore", path)
    assert all_rows() == saved.rows
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# Concurrent writes


@pytest.mark.django_db(transaction=True)
def test_each_backup_is_of_one_state_that_existed(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    sectors = [make.a_sector(slug) for slug in ("energy", "trade", "health")]
    party = make.a_state("ml")
    states: dict[int, dict[str, list[Any]]] = {}
    failed: list[Exception] = []
    stop, first = threading.Event(), threading.Event()

    def write(name: str) -> None:
        try:
            for number in range(100_000):
                if stop.is_set():
                    return
                with transaction.atomic():
                    event = make.an_event(parties=(party,), slug=f"{name}-{number}")
                    for sector in sectors:
                        EventSector.objects.create(event=event, sector=sector)
                    if number % 3 == 2:
                        Event.objects.get(slug=f"{name}-{number - 1}").delete()
                    states[RecordVersion.objects.get().number] = state()
                first.set()
        except Exception as error:
            failed.append(error)
            first.set()
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    try:
        assert first.wait(30)
        for number in range(20):
            run("backup", tmp_path / str(number), "--quiet")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failed == []
    seen = []
    for number in range(20):
        version, content = state_in(tmp_path / str(number))
        assert content == states[version], number
        assert len(content["timeline_eventsector"]) == 3 * len(content["timeline_event"])
        seen.append(version)
    assert seen == sorted(seen)
    assert len(set(seen)) > 10


COMPARED: Final = {
    "timeline_event": ("id", "slug", "title_en", "folded_text"),
    "timeline_eventsector": ("id", "event_id", "sector_id"),
    "timeline_historicalevent": ("history_id", "id", "slug", "history_type"),
    "timeline_involvement": ("id", "event_id", "party_id"),
}


def state() -> dict[str, list[Any]]:
    rows = {}
    with connection.cursor() as cursor:
        for table, columns in COMPARED.items():
            question = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {columns[0]}"  # noqa: S608
            cursor.execute(question)
            rows[table] = [tuple(row) for row in cursor.fetchall()]
    return rows


def state_in(path: Path) -> tuple[int, dict[str, list[Any]]]:
    rows = {}
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for table, columns in COMPARED.items():
            names = [column["name"] for column in table_of(manifest, table)["columns"]]
            places = [names.index(column) for column in columns]
            lines = archive.read(f"rows/{table}.jsonl").splitlines()
            read = map(json.loads, lines)
            rows[table] = [tuple(row[place] for place in places) for row in read]
    return manifest["version"]["number"], rows
