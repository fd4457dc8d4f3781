"""Outages of the database are reported, and nothing that was typed is lost."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Final

import lxml.html
import psycopg
import pytest
from django.contrib.admin.models import LogEntry
from django.db import Error, connection
from django.test import Client
from psycopg.sql import SQL, Identifier

from config import environment
from tests.admin.desks import an_editor
from tests.admin.forms import errors, fill, opened, typed
from timeline.actions import groups
from timeline.database.outages import is_outage
from timeline.models import ErrorReport, Event, Place

pytestmark = pytest.mark.django_db(transaction=True)

Outage = Callable[[], AbstractContextManager[None]]


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def read_only() -> Iterator[None]:
    """Make the database read-only."""
    if connection.vendor == "sqlite":
        run("PRAGMA query_only = 1")
        yield
        run("PRAGMA query_only = 0")
    else:
        run("SET default_transaction_read_only = on")
        yield
        run("SET default_transaction_read_only = off")


@contextmanager
def full() -> Iterator[None]:
    """Limit the file to the pages that it has."""
    assert connection.vendor == "sqlite"
    run("VACUUM", "PRAGMA max_page_count = 1")
    yield
    run("PRAGMA max_page_count = 1073741823")


@contextmanager
def locked() -> Iterator[None]:
    """Keep a write transaction of another connection open."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        run("PRAGMA busy_timeout = 100")
        with closing(sqlite3.connect(name, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        run("PRAGMA busy_timeout = 20000")
        return
    run("SET lock_timeout = 100")
    params = connection.get_connection_params()
    arguments = {key: params[key] for key in ("dbname", "user", "host", "port") if key in params}
    with psycopg.connect(**arguments) as other:
        for table in ("timeline_event", "timeline_place", "timeline_errorreport", "django_session"):
            other.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield
    run("SET lock_timeout = 0")


@contextmanager
def gone() -> Iterator[None]:
    """Remove the file, or make the server refuse connections."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        before = dict(connection.settings_dict["OPTIONS"])
        environment.open_existing(connection.settings_dict)
        connection.close()
        moved = Path(f"{name}.kept")
        Path(name).rename(moved)
        yield
        assert not Path(name).exists()
        connection.close()
        moved.rename(name)
        connection.settings_dict["OPTIONS"] = before
        return
    with psycopg.connect(os.environ["TEST_DATABASE_URL"], autocommit=True) as server:
        allowed = SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        server.execute(allowed.format(Identifier(name), SQL("false")))
        # The tests' own connection notices by itself.
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        yield
        server.execute(allowed.format(Identifier(name), SQL("true")))
    # As at the end of any request.
    connection.close_if_unusable_or_obsolete()


POSTGRES: Final = os.environ.get("TEST_DATABASE") == "postgres"

OUTAGES: Final[list[Outage]] = [read_only, locked, gone, *([] if POSTGRES else [full])]

each_outage = pytest.mark.parametrize("outage", OUTAGES, ids=lambda one: one.__name__)


@pytest.fixture
def editor_client() -> Client:
    """An editor's browser, with CSRF checks."""
    groups.grant_permissions(using="default")
    browser = Client(
        enforce_csrf_checks=True,
        raise_request_exception=False,
        headers={"accept-language": "en"},
    )
    browser.force_login(an_editor("editor"))
    return browser


@pytest.fixture
def reader() -> Client:
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def talks() -> Event:
    return Event.objects.create(slug="talks", date="2025-04-03", kind="summit", title_en="Talks")


def form_again(response: Any) -> dict[str, list[str]]:
    """Return what the form on the page of an outage would send."""
    tree = lxml.html.fromstring(response.content.decode())
    (form,) = (form for form in tree.forms if form.get("method") == "post")
    sent: dict[str, list[str]] = {}
    for field in form.inputs:
        if field.name:
            value = field.value or ""
            text = value.removeprefix("\n") if field.tag == "textarea" else value
            sent.setdefault(field.name, []).append(text)
    return sent


def as_typed(form: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return what was typed, without the CSRF token, which differs on each page."""
    return {
        name: [value.replace("\r", "") for value in values]
        for name, values in form.items()
        if name != "csrfmiddlewaretoken"
    }


@each_outage
def test_editor_finds_what_was_typed_and_sends_it_again(
    editor_client: Client, talks: Event, outage: Outage
) -> None:
    address = f"/admin/timeline/event/{talks.pk}/change/"
    form = fill(
        opened(editor_client, address, "event"),
        title_en="Long talks",
        summary_en="They met.\n" * 9_000,
    )
    form["_continue"] = ["Save"]
    with outage():
        refused = editor_client.post(address, form)
    assert (refused.status_code, refused["Retry-After"]) == (503, "10")
    talks.refresh_from_db()
    assert (talks.title_en, talks.history.count(), LogEntry.objects.count()) == ("Talks", 1, 0)
    if outage is gone:
        assert "Nothing was saved" in refused.content.decode()
        again = form_again(refused)
    else:
        (error,) = errors(refused)
        assert error == "The database takes no changes just now. Nothing was saved; try again."
        again = {**typed(refused, "event"), "_continue": ["Save"]}
    assert as_typed(again) == as_typed(form)
    assert editor_client.post(address, again).status_code == 302
    talks.refresh_from_db()
    assert (talks.title_en, talks.history.count()) == ("Long talks", 2)


@pytest.mark.parametrize("outage", [read_only, locked, gone])
def test_new_record_is_typed_once(editor_client: Client, outage: Outage) -> None:
    address = "/admin/timeline/place/add/"
    form = fill(opened(editor_client, address, "place"), name_en="Bamako", name_fr="Bamako")
    with outage():
        refused = editor_client.post(address, form)
    assert refused.status_code == 503, errors(refused)
    assert not Place.objects.exists()
    again = form_again(refused) if outage is gone else typed(refused, "place")
    assert editor_client.post(address, again).status_code == 302
    assert Place.objects.get().name_fr == "Bamako"


@each_outage
def test_reader_finds_the_report_and_sends_it_again(reader: Client, outage: Outage) -> None:
    report = {"address": "/fr/events/x/", "message": "The date is wrong. " * 250, "contact": "me"}
    with outage():
        refused = reader.post("/en/report/", report)
    assert (refused.status_code, refused["Retry-After"]) == (503, "10")
    assert "could not be kept just now" in refused.content.decode()
    assert dict(reader.cookies) == {}
    assert not ErrorReport.objects.exists()
    assert reader.post("/en/report/", form_again(refused)).status_code == 302
    assert ErrorReport.objects.get().message == report["message"].strip()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/fr/", "n’est pas disponible pour le moment"),
        ("/en/", "is not available just now"),
        ("/en/parties/", "is not available just now"),
        ("/en/events/talks/", "is not available just now"),
        ("/en/events.ics", "is not available just now"),
        ("/en/picture.svg", "is not available just now"),
    ],
)
def test_reader_sees_that_the_database_is_gone(
    reader: Client, talks: Event, address: str, sentence: str
) -> None:
    Event.objects.update(publication="published")
    with gone():
        answer = reader.get(address)
        # Pages without queries still work.
        assert reader.get("/en/report/").status_code == 200
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert sentence in answer.content.decode()
    assert "no-cache" in answer["Cache-Control"]
    assert dict(reader.cookies) == {}
    assert reader.get(address).status_code == 200


def test_nobody_is_signed_out_while_the_database_is_gone(editor_client: Client) -> None:
    with gone():
        assert editor_client.get("/admin/").status_code == 503
    assert editor_client.get("/admin/").status_code == 200


def test_password_is_not_kept_in_the_form(reader: Client, editor_client: Client) -> None:
    page = reader.get("/admin/login/")
    sent = {**form_again(page), "username": "editor", "password": "a long word"}
    with gone():
        refused = reader.post("/admin/login/?next=/admin/timeline/event/", sent)
    assert refused.status_code == 503
    assert "a long word" not in refused.content.decode()
    again = {**form_again(refused), "password": "a long word"}
    answer = reader.post("/admin/login/?next=/admin/timeline/event/", again)
    assert answer.status_code == 302


@pytest.mark.parametrize("outage", [read_only, locked, *([] if POSTGRES else [full])])
def test_lists_are_read_while_nothing_can_be_written(
    editor_client: Client, talks: Event, outage: Outage
) -> None:
    with outage():
        assert editor_client.get("/admin/timeline/event/").status_code == 200
        assert editor_client.get("/en/").status_code == 200


@each_outage
def test_site_is_not_ready_while_it_takes_no_changes(reader: Client, outage: Outage) -> None:
    assert reader.get("/readyz").content == b"ready\n"
    with outage():
        answer = reader.get("/readyz")
    sentence = (
        b"the database is not reached\n" if outage is gone else b"the database takes no changes\n"
    )
    assert (answer.status_code, answer.content) == (503, sentence)
    assert reader.get("/readyz").content == b"ready\n"


def test_being_ready_leaves_nothing_behind(reader: Client) -> None:
    from django.contrib.sessions.models import Session

    names = ("busy_timeout", "cache_size")

    def settings() -> list[Any]:
        with connection.cursor() as cursor:
            return [cursor.execute(f"PRAGMA {name}").fetchone() for name in names]

    before = [] if POSTGRES else settings()
    assert reader.get("/readyz").status_code == 200
    assert before == ([] if POSTGRES else settings())
    assert not Session.objects.exists()


@pytest.mark.parametrize("statement", ["SELECT nothing FROM nowhere", "SELEC 1"])
def test_faulty_statement_is_no_outage(statement: str) -> None:
    with pytest.raises(Error) as raised:
        run(statement)
    assert not is_outage(raised.value)
