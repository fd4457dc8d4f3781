"""The platform of the tests: settings, databases and a browser, all of them real.

``TEST_DATABASE`` chooses ``sqlite`` (a file, as in production) or ``postgres``: the server named
by ``TEST_DATABASE_URL``, else one started for this run. Nothing else of the environment counts.
"""

import atexit
import gc
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import settings as hypothesis

from tests import databases

OWN_CHROMIUM: Final = Path("/usr/bin/chromium")

LONGEST: Final = (
    "commands/test_backup.py",
    "browser/test_accessibility.py",
    "admin/test_review.py",
    "browser/test_editor.py",
    "pages/test_calendars.py",
    "admin/test_events.py",
    "browser/test_timeline.py",
    "browser/test_lanes.py",
    "models/test_migrations.py",
    "pages/test_hidden.py",
    "demo/test_former_demo.py",
    "soak/test_kill.py",
    "test_settings.py",
)
"""The files that take longest, and first."""

SETTINGS: Final = (
    *("ALLOWED_HOSTS", "BEHIND_PROXY", "CACHE_URL", "DATABASE_URL", "DEBUG", "PORT"),
    *("EMBED_ANCESTORS", "NETWORK_SECONDS_PER_MINUTE"),
    *("REPORT_ERRORS_TO", "REVIEW_REQUIRED", "SECRET_KEY", "SECRET_KEY_FILE", "SERVE_LOOPBACK"),
    "WEB_CONCURRENCY",
)
"""The variables that the settings read."""


def _database_url() -> str:
    chosen = os.environ.get("TEST_DATABASE") or "sqlite"
    if chosen == "sqlite":
        folder = tempfile.mkdtemp(prefix="cadre-sqlite-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return f"sqlite:///{folder}/main.sqlite3"
    if chosen == "postgres":
        if named := os.environ.get("TEST_DATABASE_URL"):
            databases.make_postgres_template(named)
        else:
            named = os.environ["TEST_DATABASE_URL"] = databases.start_postgres()
        return named
    raise pytest.UsageError(f"TEST_DATABASE must be sqlite or postgres, not {chosen!r}.")


def _prepare_environment() -> None:
    for name in SETTINGS:
        os.environ.pop(name, None)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        DATABASE_URL=_database_url(),
        SECRET_KEY="only-for-tests-and-nowhere-else",
        SERVE_LOOPBACK="1",
        # Tests ask more, and from one address, than readers do; those of the limit turn it on.
        NETWORK_SECONDS_PER_MINUTE="0",
        # Playwright's synchronous interface keeps an event loop in the thread of the test.
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
    )


_prepare_environment()

# The gate tries the same examples each time, so that a change is never refused for what it did not
# break. `make soak` draws others and says how to repeat what it found. No example has a deadline:
# how long it takes depends on what else the machine does.
hypothesis.register_profile("gate", derandomize=True, deadline=None)
hypothesis.register_profile("soak", print_blob=True, deadline=None)
hypothesis.load_profile("gate")

# Modules and tests are many objects, which Python would look through again and again for garbage.
gc.set_threshold(20_000, 20, 50)


def pytest_configure(config: pytest.Config) -> None:
    """Ease what only costs time or cannot be had before files are collected."""
    from django.conf import settings
    from django.test import TransactionTestCase

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    TransactionTestCase._fixture_teardown = _put_back  # type: ignore[attr-defined]
    settings.MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="cadre-media-"))
    atexit.register(shutil.rmtree, settings.MEDIA_ROOT, ignore_errors=True)
    settings.VAR_DIR = Path(tempfile.mkdtemp(prefix="cadre-var-"))
    atexit.register(shutil.rmtree, settings.VAR_DIR, ignore_errors=True)
    database = settings.DATABASES["default"]
    absent = {"CHARSET": None, "COLLATION": None, "MIGRATE": True, "MIRROR": None}
    if database["ENGINE"].endswith("sqlite3"):
        file = Path(database["NAME"])
        database["TEST"] = {**absent, "NAME": str(file.with_name("test.sqlite3"))}
        # Nothing of it has to outlive the machine.
        database["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
    else:
        template = databases.postgres_template()
        database["TEST"] = {**absent, "NAME": None, "TEMPLATE": template}
    if not hasattr(config, "workerinput"):
        from timeline.management.commands.messages import compile_messages, po_path

        compile_messages(po_path("fr"))


def _put_back(_case: object) -> None:
    """Leave the database to the next test as it was before one that commits."""
    from tests import pristine

    pristine.put_back()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the tests of a file together, and those that share the demo after the others.

    They leave it there for one another, and other tests of the file start from an empty record.
    Parallel workers begin with the longest files, so that both end at about one time.
    """
    files = {path: place for place, path in enumerate(dict.fromkeys(item.path for item in items))}
    items.sort(
        key=lambda item: (files[item.path], "demo_record" in getattr(item, "fixturenames", ()))
    )
    if hasattr(config, "workerinput"):
        places = {name: place for place, name in enumerate(LONGEST)}
        here = Path(__file__).parent
        items.sort(key=lambda item: places.get(item.path.relative_to(here).as_posix(), len(places)))


@pytest.fixture(scope="session")
def from_template(django_db_modify_db_settings: None) -> Path | None:
    """Put a copy of SQLite's template where the test database is expected.

    None where it stands now; the template's file where it is still to be made.
    """
    from django.conf import settings

    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return None
    template = databases.sqlite_template()
    if not template.exists():
        return template
    shutil.copyfile(template, database["TEST"]["NAME"])
    return None


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool, from_template: Path | None) -> bool:
    """Keep what was copied: to migrate an empty database takes ten seconds."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    return django_db_keepdb or (
        database["ENGINE"].endswith("sqlite3") and Path(database["TEST"]["NAME"]).exists()
    )


def _keep_template(template: Path) -> None:
    """Copy the database just migrated; workers that do so at once each write a whole file."""
    from django.db import connection

    part = template.with_suffix(f".{os.getpid()}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(part)])
    databases.keep(part, template)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: Any, from_template: Path | None
) -> Iterator[None]:
    """See that no thread of a live server still holds the database when it is dropped."""
    from django.db import connection

    from tests import pristine

    with django_db_blocker.unblock():
        if "django_migrations" in connection.introspection.table_names():
            if from_template is not None:
                _keep_template(from_template)
            pristine.remember()
    yield
    if connection.vendor == "postgresql":
        # A test of a lost database has ended this connection, where later ones had another: a
        # thread that runs an event loop, as a browser's does, has connections of its own.
        connection.close()
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="module")
def swept(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Sweep away, after a module, the many rows that its tests took back.

    PostgreSQL leaves them in its tables, where every later question reads past them.
    """
    yield
    with django_db_blocker.unblock():
        _tell_postgres("VACUUM")


def _tell_postgres(command: str) -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(command)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium where it is installed, else Playwright's own; quiet either way."""
    flags = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-sync",
        "--no-default-browser-check",
        "--no-first-run",
    ]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    found = {**browser_type_launch_args, "args": flags}
    if OWN_CHROMIUM.exists():
        found["executable_path"] = str(OWN_CHROMIUM)
    return found


@pytest.fixture(autouse=True)
def own_language() -> None:
    """Start each test in the site's first language, whatever the last page asked for was in.

    A request leaves its language active in its thread, so that what a test found would hang on
    which tests its worker happened to run before.
    """
    from django.utils import translation

    translation.deactivate()


@pytest.fixture
def in_environment(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set variables for one test, over an environment where no setting is set."""

    def put(**variables: str) -> None:
        for name in SETTINGS:
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.fixture(scope="session")
def demo_rows(django_db_setup: None, django_db_blocker: Any) -> Any:
    """The rows of the demo timeline: loaded where none are kept, which takes many seconds."""
    from django.db import connection, transaction

    from tests import rows
    from timeline.ingest.demo import load

    kept = databases.demo_rows(connection.vendor)
    if kept.exists():
        return pickle.loads(kept.read_bytes())  # noqa: S301 — written by an earlier run
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        found = rows.read()
        transaction.set_rollback(True)
    part = kept.with_suffix(f".{os.getpid()}")
    part.write_bytes(pickle.dumps(found))
    databases.keep(part, kept)
    return found


@pytest.fixture(scope="module")
def demo_record(demo_rows: Any, django_db_blocker: Any) -> Iterator[None]:
    """The demo timeline, there for a module and taken back at its end."""
    from django.db import transaction

    from tests import rows
    from timeline.database.triggers import tables

    with django_db_blocker.unblock():
        _tell_postgres("VACUUM")
        with transaction.atomic():
            rows.put_back(demo_rows)
            # Nothing else tells its planner of rows that are never committed. Of these tables only:
            # those of all databases would stay locked to the other worker.
            _tell_postgres(f"ANALYZE {', '.join(tables())}")
            yield
            transaction.set_rollback(True)


COUNTING: Final = {"django_assert_num_queries", "django_assert_max_num_queries"}


@pytest.fixture
def demo(
    demo_record: None, db: None, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """The demo timeline as it reads on the day that the tests are written for.

    Its pages are kept as they are for readers, except where a test counts what making them asks.
    """
    from tests.caches import keep_inside_transactions
    from tests.clock import set_today
    from tests.parsed_page import TODAY

    set_today(monkeypatch, TODAY)
    if COUNTING.isdisjoint(request.fixturenames):
        keep_inside_transactions(monkeypatch)


@pytest.fixture
def own_demo(demo_rows: Any, db: None) -> None:
    """The demo timeline in the record of one test, which may commit changes to it."""
    from django.db import transaction

    from tests import rows

    with transaction.atomic():
        rows.put_back(demo_rows)


@pytest.fixture
def event_of() -> Callable[..., Any]:
    """Make a published event in which one party takes part directly."""
    from timeline.actions.events import refresh_derived
    from timeline.models import Event, Participation, Party

    def make(party: str, date: str, *, slug: str, **more: Any) -> Event:
        values = {"kind": "summit", "title_en": slug, "publication": "published", **more}
        event = Event.objects.create(slug=slug, date=date, **values)
        Participation.objects.create(event=event, party=Party.objects.get(code=party))
        refresh_derived(events=[event.pk])
        return event

    return make


@pytest.fixture
def in_english() -> Iterator[None]:
    """Say everything in English for the length of a test."""
    from django.utils.translation import override

    with override("en"):
        yield
