"""Behaviour that only the production server shows: odd requests, lost files, killed processes."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from psycopg.sql import SQL, Identifier

from tests.serving import ROOT, Served, environment, free_port, served, wait_until
from timeline.management.commands.serve import server_command

pytestmark = pytest.mark.django_db(transaction=True)


def address_of_database(folder: Path) -> str:
    """Return the address of the database of the tests, or of a copy of it."""
    if connection.vendor == "postgresql":
        server = urlsplit(os.environ["TEST_DATABASE_URL"])
        return server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    file = folder / "site.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    return f"sqlite:///{file}"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, address_of_database(tmp_path)) as running:
        yield running


HOSTS = {
    "another": ["Host: evil.example"],
    "empty": ["Host:"],
    "two": ["Host: 127.0.0.1", "Host: evil.example"],
    "a user": ["Host: admin@127.0.0.1"],
    "no port": ["Host: 127.0.0.1:http"],
    "odd": ["Host: \\x00<script>"],
    "none": [],
}


def test_host_that_is_not_allowed_is_refused_in_plain_words(site: Served) -> None:
    addresses = ("/", "/fr/", "/admin/", "/static/timeline/site.css", "/no/such/page")
    line = re.compile(r"\S+ \S+ WARNING timeline\S+ Host not allowed: .*")
    for name, lines in HOSTS.items():
        before = len(site.logged())
        for address in addresses:
            status, headers, body = site.get(address, *lines)
            refused = (400, "This site does not answer for this host.\n")
            assert (name, status, body) == (name, *refused)
            assert headers["content-type"] == "text/plain; charset=utf-8"
            assert "no-cache" in headers["cache-control"]
        logged = site.logged()[before:]
        assert len(logged) == len(addresses)
        assert all(map(line.fullmatch, logged)), logged
        # Health checks use a number, an internal name, or none as the host.
        health = [site.get(address, *lines)[0] for address in ("/healthz", "/readyz")]
        assert (name, health) == (name, [200, 200])


LONG = "x" * 16_384


def test_address_that_is_too_long_is_refused_in_one_line(site: Served) -> None:
    for address in (
        *(f"/?{LONG}", f"/fr?{LONG}", f"/fr/?q={LONG}", f"/admin/?q={LONG}", f"/{LONG}"),
        *(f"/fr/events/{LONG}/", f"/healthz?{LONG}", f"/static/{LONG}", f"/admin?q={'é' * 3000}"),
    ):
        before = len(site.logged())
        status, headers, _ = site.get(address.replace("é", "%C3%A9"), "Host: 127.0.0.1")
        assert status in (400, 414), address[:40]
        assert "no-cache" in headers["cache-control"]
        assert len(site.logged()) == before + 1, site.logged()[before:]
        assert len(site.logged()[-1]) < 400


def children(process: int) -> list[int]:
    """Return the child processes of a process."""
    result = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, check=True)
    pairs = [line.split() for line in result.stdout.decode().splitlines()]
    return [int(pid) for pid, parent in pairs if int(parent) == process]


def lives(process: int) -> bool:
    """Whether a process runs and is not a zombie."""
    result = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True)
    return result.stdout.strip()[:1] not in (b"", b"Z")


def test_workers_end_with_a_main_process_that_is_killed(tmp_path: Path) -> None:
    with served(tmp_path, address_of_database(tmp_path), workers=2) as site:
        wait_until(lambda: len(children(site.process.pid)) >= 2)
        workers = children(site.process.pid)
        wait_until(lambda: site.status("/readyz") == 200)
        site.process.send_signal(signal.SIGKILL)
        site.process.wait(10)
        wait_until(lambda: not any(map(lives, workers)))
        assert site.status("/healthz") == 0
        assert "Traceback" not in "\n".join(site.logged())


@contextmanager
def gone(folder: Path) -> Iterator[None]:
    """Make the database of the tests, or the copy that is served, unavailable for a block."""
    if connection.vendor == "sqlite":
        file, moved = folder / "site.sqlite3", folder / "kept.sqlite3"
        file.rename(moved)
        yield
        assert not file.exists()
        moved.rename(file)
        return
    name = str(connection.settings_dict["NAME"])
    connection.close()
    with psycopg.connect(os.environ["TEST_DATABASE_URL"], autocommit=True) as server:
        allowed = SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        server.execute(allowed.format(Identifier(name), SQL("false")))
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            server.execute(allowed.format(Identifier(name), SQL("true")))


def test_lost_database_is_not_replaced_and_is_used_again_once_it_is_back(tmp_path: Path) -> None:
    with served(tmp_path, address_of_database(tmp_path)) as site:
        assert [site.status("/readyz") for _ in range(4)] == [200] * 4
        with gone(tmp_path):
            assert [site.status("/readyz") for _ in range(4)] == [503] * 4
            assert site.status("/healthz") == 200
        assert [site.status("/readyz") for _ in range(4)] == [200] * 4


def test_server_stops_even_while_its_workers_start(tmp_path: Path) -> None:
    command = server_command(free_port(), 2)
    variables = environment(SERVE_LOOPBACK="1", DATABASE_URL=address_of_database(tmp_path))
    process = subprocess.Popen(command, cwd=ROOT, env=variables, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: len(children(process.pid)) == 2)
        time.sleep(0.5)  # Long enough to start, but too short for a worker to be ready.
        process.terminate()
        process.wait(30)
    finally:
        for pid in (process.pid, *children(process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
