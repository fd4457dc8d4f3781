"""Settings are read strictly, and the defaults are those of production."""

import os
import re
import runpy
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from config import environment
from tests.conftest import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
Put = Callable[..., None]


def load() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "config" / "settings.py"))


@pytest.mark.parametrize(
    ("variable", "value", "setting", "expected"),
    [
        ("DEBUG", "", "DEBUG", False),
        ("DEBUG", " Yes ", "DEBUG", True),
        ("DEBUG", "0", "DEBUG", False),
        ("SERVE_LOOPBACK", "1", "SECURE_SSL_REDIRECT", False),
        ("SERVE_LOOPBACK", "1", "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"]),
        ("PORT", "", "PORT", 8000),
        ("PORT", "8123", "PORT", 8123),
        ("WEB_CONCURRENCY", "4", "WEB_CONCURRENCY", 4),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS", []),
        ("ALLOWED_HOSTS", "a.example, [::1],", "ALLOWED_HOSTS", ["a.example", "[::1]"]),
        ("SECRET_KEY", "of my own", "SECRET_KEY", "of my own"),
        ("BEHIND_PROXY", "yes", "SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https")),
        ("REVIEW_REQUIRED", "true", "REVIEW_REQUIRED", True),
        (
            "REPORT_ERRORS_TO",
            "desk@example.org",
            "REPORT_ERRORS_TO",
            "desk@example.org",
        ),
        ("REPORT_ERRORS_TO", "", "REPORT_ERRORS_TO", ""),
        ("NETWORK_SECONDS_PER_MINUTE", "", "NETWORK_SECONDS_PER_MINUTE", 30),
        ("NETWORK_SECONDS_PER_MINUTE", "0", "NETWORK_SECONDS_PER_MINUTE", 0),
        ("EMBED_ANCESTORS", "", "EMBED_ANCESTORS", ["*"]),
        ("EMBED_ANCESTORS", "none", "EMBED_ANCESTORS", ["'none'"]),
        (
            *("EMBED_ANCESTORS", "https://a.example, https://*.b.example:8443"),
            *("EMBED_ANCESTORS", ["https://a.example", "https://*.b.example:8443"]),
        ),
    ],
)
def test_setting_is_read_from_its_variable(
    in_environment: Put, variable: str, value: str, setting: str, expected: object
) -> None:
    in_environment(**{variable: value})
    assert load()[setting] == expected


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("DEBUG", "maybe", "DEBUG must be true or false, not 'maybe'."),
        ("SERVE_LOOPBACK", "on", "SERVE_LOOPBACK must be true or false, not 'on'."),
        ("BEHIND_PROXY", "2", "BEHIND_PROXY must be true or false, not '2'."),
        ("REVIEW_REQUIRED", "si", "REVIEW_REQUIRED must be true or false, not 'si'."),
        ("PORT", "http", "PORT must be a whole number from 1 to 65535, not 'http'."),
        ("PORT", "0", "PORT must be a whole number from 1 to 65535, not '0'."),
        ("PORT", "٨٠٠٠", "PORT must be a whole number from 1 to 65535, not '٨٠٠٠'."),
        (
            *("NETWORK_SECONDS_PER_MINUTE", "601"),
            "NETWORK_SECONDS_PER_MINUTE must be a whole number from 0 to 600, not '601'.",
        ),
        ("WEB_CONCURRENCY", "-1", "WEB_CONCURRENCY must be a whole number from 1 to 64, not '-1'."),
        (
            "ALLOWED_HOSTS",
            "https://a.example",
            "ALLOWED_HOSTS must list host names separated by commas, without scheme, port or path "
            "(such as 'cadre.example.org'), not 'https://a.example'.",
        ),
        (
            "ALLOWED_HOSTS",
            "a.example:8000",
            "ALLOWED_HOSTS must list host names separated by commas, without scheme, port or path "
            "(such as 'cadre.example.org'), not 'a.example:8000'.",
        ),
        (
            "REPORT_ERRORS_TO",
            "desk",
            "REPORT_ERRORS_TO must be one mail address, not 'desk'.",
        ),
        *(
            (
                "DATABASE_URL",
                value,
                "DATABASE_URL must be sqlite:///path/to/file or "
                "postgresql://user:password@host/name.",
            )
            for value in (
                *("mysql://user:hush@host/name", "var/cadre.sqlite3", "sqlite:///"),
                *("postgresql://user:hush@host", "postgresql://user:hush@host:port/name"),
            )
        ),
        *(
            (
                "CACHE_URL",
                value,
                "CACHE_URL must be memory://, file:///absolute/directory or "
                "redis://host:port/number.",
            )
            for value in ("memcached://host", "file://here", "redis://", "memory")
        ),
        (
            "CACHE_URL",
            "redis://host/0",
            "CACHE_URL names a Redis server; install the Python package 'redis' first.",
        ),
        (
            "SECRET_KEY_FILE",
            "/no/such/file",
            "SECRET_KEY_FILE names '/no/such/file', which cannot be read.",
        ),
    ],
)
def test_setting_that_cannot_be_read_stops_the_start_with_a_sentence(
    in_environment: Put, variable: str, value: str, sentence: str
) -> None:
    in_environment(**{variable: value})
    with pytest.raises(ImproperlyConfigured) as refusal:
        load()
    assert str(refusal.value) == sentence


def test_settings_with_nothing_set_are_those_of_production(in_environment: Put) -> None:
    in_environment()
    loaded = load()
    names = (
        *("DEBUG", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE"),
        *("CSRF_COOKIE_SECURE", "ALLOWED_HOSTS", "REVIEW_REQUIRED"),
    )
    assert [loaded[name] for name in names] == [False, True, 31_536_000, True, True, [], False]
    assert "SECURE_PROXY_SSL_HEADER" not in loaded


def test_database_is_a_file_in_var_by_default(in_environment: Put) -> None:
    in_environment()
    database = load()["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == str(ROOT / "var" / "cadre.sqlite3")


def test_database_of_a_relative_address_lies_in_the_project(in_environment: Put) -> None:
    in_environment(DATABASE_URL="sqlite:///var/other.sqlite3")
    assert load()["DATABASES"]["default"]["NAME"] == str(ROOT / "var" / "other.sqlite3")


def test_database_may_be_a_postgresql_server(in_environment: Put) -> None:
    in_environment(DATABASE_URL="postgresql://anna:hush@db.example:5433/cadre")
    database = load()["DATABASES"]["default"]
    keys = ("ENGINE", "HOST", "PORT", "NAME", "USER", "PASSWORD", "CONN_HEALTH_CHECKS")
    assert [database[key] for key in keys] == [
        "django.db.backends.postgresql",
        *("db.example", 5433, "cadre", "anna", "hush", True),
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            "",
            {
                "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                "LOCATION": "",
                "OPTIONS": {"MAX_ENTRIES": 20_000},
            },
        ),
        (
            "file:///srv/cache",
            {
                "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
                "LOCATION": "/srv/cache",
                "OPTIONS": {"MAX_ENTRIES": 20_000},
            },
        ),
    ],
)
def test_cache_is_where_the_variable_says(
    in_environment: Put, value: str, expected: dict[str, str]
) -> None:
    in_environment(CACHE_URL=value)
    caches = load()["CACHES"]
    assert caches["default"] == expected
    apart = str(Path(expected["LOCATION"], "questions"))
    assert caches["questions"] == {**expected, "LOCATION": apart, "OPTIONS": {"MAX_ENTRIES": 100}}


# The secret key


def test_secret_key_may_come_from_a_file(in_environment: Put, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from a file\n")
    in_environment(SECRET_KEY_FILE=str(file))
    assert load()["SECRET_KEY"] == "from a file"


def test_secret_key_from_two_places_is_refused(in_environment: Put) -> None:
    in_environment(SECRET_KEY="one", SECRET_KEY_FILE="/two")
    with pytest.raises(ImproperlyConfigured, match=r"^Set SECRET_KEY or SECRET_KEY_FILE, not both"):
        load()


def test_kept_secret_key_is_made_once_however_many_ask(in_environment: Put, tmp_path: Path) -> None:
    in_environment()
    file = tmp_path / "var" / "secret-key"
    assert environment.secret_key(default_file=file) == ""

    def keep_and_read(_: int) -> str:
        environment.create_secret_key(file)
        return environment.secret_key(default_file=file)

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(keep_and_read, range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) == 86
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret-key"]


def test_kept_secret_key_is_not_made_beside_one_that_is_set(
    in_environment: Put, tmp_path: Path
) -> None:
    in_environment(SECRET_KEY="of my own")
    environment.create_secret_key(tmp_path / "secret-key")
    assert list(tmp_path.iterdir()) == []


# Starting


def start(tmp_path: Path, code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run code with a copy of the settings, in a project that was never started."""
    shutil.copytree(ROOT / "config", tmp_path / "config", dirs_exist_ok=True)
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / "static").mkdir(exist_ok=True)
    inherited = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    # The settings of another project in the environment must not matter.
    inherited.update(PYTHONPATH=f"{tmp_path}:{ROOT}", DJANGO_SETTINGS_MODULE="elsewhere.settings")
    return subprocess.run(
        [sys.executable, *code.split(maxsplit=1 if code.startswith("-c") else -1)],
        cwd=tmp_path,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


IMPORT_WSGI = "-c import\tconfig.wsgi"


def test_site_with_nothing_set_refuses_to_start(tmp_path: Path) -> None:
    run = start(tmp_path, IMPORT_WSGI)
    assert (run.returncode, run.stderr) == (
        1,
        "Cadre does not start without a secret key: set SECRET_KEY or SECRET_KEY_FILE, or run "
        "'make serve', which keeps one in var/secret-key.\n",
    )


def test_site_with_a_kept_key_only_refuses_to_start(tmp_path: Path) -> None:
    assert start(tmp_path, "manage.py version").returncode == 0
    assert (tmp_path / "var" / "secret-key").exists()
    run = start(tmp_path, IMPORT_WSGI)
    assert (run.returncode, run.stderr) == (
        1,
        "Cadre does not start without a host to answer for: set ALLOWED_HOSTS to the names that it "
        "is reached by, separated by commas, or use 'make serve' on this machine.\n",
    )


def test_site_with_a_key_and_a_host_starts(tmp_path: Path) -> None:
    (tmp_path / "var" / "static").mkdir(parents=True)
    (tmp_path / "var" / "cadre.sqlite3").touch()
    run = start(tmp_path, IMPORT_WSGI, SECRET_KEY="of my own", ALLOWED_HOSTS="cadre.example.org")
    assert (run.returncode, run.stderr) == (0, "")


SET = {"SECRET_KEY": "of my own", "ALLOWED_HOSTS": "cadre.example.org"}


REFUSED = (
    ("PORT", "http", "PORT must be a whole number from 1 to 65535, not 'http'."),
    ("DATABASE_URL", "mysql://a:hush@b/c", "DATABASE_URL must be sqlite:///path"),
    ("DATABASE_URL", "sqlite:////no/such/folder/a", "DATABASE_URL"),
    ("DATABASE_URL", "sqlite:////etc", "DATABASE_URL"),
    ("DATABASE_URL", f"sqlite:///{ROOT / 'manage.py'}", "DATABASE_URL"),
    ("DATABASE_URL", "postgresql://anna:hush@127.0.0.1:1/cadre", "DATABASE_URL"),
)


@pytest.mark.parametrize(
    ("command", "variable", "value", "sentence"),
    [
        *(("manage.py migrate", *refused) for refused in REFUSED),
        # The PostgreSQL server may start after the site.
        *((IMPORT_WSGI, *refused) for refused in REFUSED[:-1]),
        ("manage.py serve", *REFUSED[2]),
        ("manage.py load_demo", *REFUSED[-1]),
    ],
)
def test_start_that_is_refused_says_a_sentence_and_no_more(
    tmp_path: Path, command: str, variable: str, value: str, sentence: str
) -> None:
    run = start(tmp_path, command, **SET, SERVE_LOOPBACK="1", **{variable: value})
    assert run.returncode == 1
    (line,) = run.stderr.splitlines()
    assert sentence in line
    assert "hush" not in line


def test_site_starts_before_its_postgresql_server(tmp_path: Path) -> None:
    (tmp_path / "var" / "static").mkdir(parents=True)
    code = "-c import\tconfig.wsgi,time;time.sleep(1)"
    run = start(tmp_path, code, **SET, DATABASE_URL="postgresql://a:hush@127.0.0.1:1/cadre")
    assert run.returncode == 0
    (line,) = (text for text in run.stderr.splitlines() if "DATABASE_URL" in text)
    assert "WARNING timeline.warmup" in line
    assert "Traceback" not in run.stderr
    assert "hush" not in run.stderr


def test_traceback_of_a_refusal_is_there_for_who_asks(tmp_path: Path) -> None:
    run = start(tmp_path, "manage.py migrate --traceback", DATABASE_URL="sqlite:////no/such/a")
    assert "Traceback (most recent call last)" in run.stderr


@pytest.mark.parametrize("command", ["load_demo", "flush --noinput", "wsgi"])
def test_missing_sqlite_file_is_not_made(tmp_path: Path, command: str) -> None:
    file = tmp_path / "lost.sqlite3"
    code = IMPORT_WSGI if command == "wsgi" else f"manage.py {command}"
    run = start(tmp_path, code, **SET, DATABASE_URL=f"sqlite:///{file}")
    assert (run.returncode, file.exists()) == (1, False)
    (line,) = run.stderr.splitlines()
    assert "DATABASE_URL" in line


def test_server_that_is_refused_ends(tmp_path: Path) -> None:
    run = start(tmp_path, "-m granian\tconfig.wsgi:application\t--interface\twsgi", **SET, PORT="x")
    assert run.returncode == 1
    assert "PORT must be a whole number from 1 to 65535, not 'x'." in run.stderr.splitlines()
    assert "Traceback" not in run.stderr


# SQLite


def handler(file: Path) -> ConnectionHandler:
    database = environment.database("UNSET_FOR_TESTS", default=file, root=ROOT)
    return ConnectionHandler({"default": database})


def test_sqlite_is_set_up_on_every_new_connection(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20_000}
    pragmas = []
    with django_db_blocker.unblock():
        for _ in range(3):
            connection = handler(tmp_path / "cadre.sqlite3")["default"]
            with connection.cursor() as cursor:
                values = {}
                for name in expected:
                    cursor.execute(f"PRAGMA {name}")
                    values[name] = cursor.fetchone()[0]
            pragmas.append(values)
            connection.close()
    assert pragmas == [expected, expected, expected]


WRITERS = """
import django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from django.db import connection, transaction

def write(_):
    for _ in range(25):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT n FROM counter")
            n = cursor.fetchone()[0]
            cursor.execute("UPDATE counter SET n = %s", [n + 1])
    connection.close()

with ThreadPoolExecutor(4) as pool:
    list(pool.map(write, range(4)))
"""


def test_sqlite_loses_no_write_of_eight_writers_at_once(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    file = tmp_path / "cadre.sqlite3"
    script = tmp_path / "writers.py"
    script.write_text(WRITERS)
    environ = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{file}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }
    with django_db_blocker.unblock():
        connection = handler(file)["default"]
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE counter (n integer)")
            cursor.execute("INSERT INTO counter VALUES (0)")
        writers = [
            subprocess.Popen(
                [sys.executable, str(script)], env=environ, stderr=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
        outputs = [writer.communicate(timeout=120)[1] for writer in writers]
        with connection.cursor() as cursor:
            cursor.execute("SELECT n FROM counter")
            total = cursor.fetchone()[0]
        connection.close()
    assert (outputs, total) == (["", ""], 200)


# The table in the README


def test_readme_has_a_row_for_every_variable_and_no_other() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `([A-Z_]+)` \|", text, flags=re.MULTILINE)) == sorted(SETTINGS)


def test_settings_read_the_variables_that_the_tests_clear() -> None:
    text = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    read = re.findall(r"environment\.\w+\(\s*\"([A-Z_]+)\"", text)
    assert sorted({*read, "SECRET_KEY", "SECRET_KEY_FILE"}) == sorted(SETTINGS)


def test_checks_of_the_code_are_made_without_any_setting() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    plain = re.search(r"^PLAIN := env ((?:.*\\\n)*.*)", makefile, re.MULTILINE)
    assert plain
    assert sorted(re.findall(r"-u (\w+)", plain[1])) == sorted(SETTINGS)


def test_tests_unset_every_variable_that_the_settings_read() -> None:
    source = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    named = set(re.findall(r"environment\.\w+\(\s*\"([A-Z_]+)\"", source))
    assert named <= set(SETTINGS)
    assert {*SETTINGS} - named == {"SECRET_KEY", "SECRET_KEY_FILE"}
