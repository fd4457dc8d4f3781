"""The health checks, and the bare address of the site."""

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from timeline.pages import health


def test_alive_answers_without_the_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"alive\n")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready_answers_when_all_migrations_are_applied(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="These are settings of SQLite.")
def test_ready_waits_briefly_and_writes_to_disk_and_leaves_the_connection_as_it_was(
    client: Client,
) -> None:
    with CaptureQueriesContext(connection) as captured:
        client.get("/readyz")
    said = [query["sql"] for query in captured if "PRAGMA" in query["sql"]]
    read, written, restored = said[:2], said[2:4], said[4:]
    assert read == ["PRAGMA busy_timeout", "PRAGMA cache_size"]
    assert written == [f"PRAGMA busy_timeout = {health.TIMEOUT_MS}", "PRAGMA cache_size = 10"]
    with connection.cursor() as cursor:
        now = [f"{name} = {cursor.execute(name).fetchone()[0]}" for name in read]
    assert restored == now
    assert now != written


@pytest.mark.django_db
def test_ready_refuses_while_a_migration_waits(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="timeline").delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations are not applied\n")


def test_ready_refuses_without_its_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*args: object) -> None:
        raise OperationalError("the server is away")

    monkeypatch.setattr(health, "MigrationExecutor", unreachable)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the database is not reached\n")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_changes_nothing(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


def test_alive_is_not_sent_to_https(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/admin/").headers["Location"] == "https://testserver/admin/"


@pytest.mark.parametrize(
    ("spoken", "address"),
    [
        ("", "/fr/"),
        ("en-GB,en;q=0.9,fr;q=0.8", "/en/"),
        ("fr-ML,fr;q=0.9,en;q=0.5", "/fr/"),
        ("bm,ru;q=0.8", "/fr/"),
        ("bm,en;q=0.2", "/en/"),
        ("\x00;;q=soon,,", "/fr/"),
    ],
)
def test_bare_address_leads_to_the_readers_language(
    client: Client, spoken: str, address: str
) -> None:
    answer = client.get("/", headers={"accept-language": spoken})
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert answer.headers["Vary"] == "Accept-Language"
    assert dict(answer.cookies) == {}


def test_bare_address_keeps_the_filter(client: Client) -> None:
    answer = client.get("/?party=ml&q=%C3%A9nergie", headers={"accept-language": "fr"})
    assert answer.headers["Location"] == "/fr/?party=ml&q=%C3%A9nergie"


def test_icon_is_found_where_no_page_names_it(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/static/timeline/icon.svg")
