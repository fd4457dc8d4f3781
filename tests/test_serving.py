"""What only the production server shows: odd requests."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.serving import Served, served

pytestmark = pytest.mark.django_db(transaction=True)


def address_of_database(folder: Path) -> str:
    """Where a server finds the database of the tests, or a copy of it."""
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
        before = len(site.told())
        for address in addresses:
            status, headers, body = site.get(address, *lines)
            refused = (400, "This site does not answer for this host.\n")
            assert (name, status, body) == (name, *refused)
            assert headers["content-type"] == "text/plain; charset=utf-8"
            assert "no-cache" in headers["cache-control"]
        said = site.told()[before:]
        assert len(said) == len(addresses)
        assert all(map(line.fullmatch, said)), said
        # Supervisors ask by number, by a name inside, or by none.
        health = [site.get(address, *lines)[0] for address in ("/healthz", "/readyz")]
        assert (name, health) == (name, [200, 200])


LONG = "x" * 16_384


def test_address_that_is_too_long_is_refused_in_one_line(site: Served) -> None:
    for address in (
        *(f"/?{LONG}", f"/fr?{LONG}", f"/fr/?q={LONG}", f"/admin/?q={LONG}", f"/{LONG}"),
        *(f"/fr/events/{LONG}/", f"/healthz?{LONG}", f"/static/{LONG}", f"/admin?q={'é' * 3000}"),
    ):
        before = len(site.told())
        status, headers, _ = site.get(address.replace("é", "%C3%A9"), "Host: 127.0.0.1")
        assert status in (400, 414), address[:40]
        assert "no-cache" in headers["cache-control"]
        assert len(site.told()) == before + 1, site.told()[before:]
        assert len(site.told()[-1]) < 400
