"""Calendars are revalidated, and hold no resources while a slow reader downloads them."""

import sqlite3

import pytest
from django.db import connection
from django.test import Client

from tests.calendars import whole
from timeline.models import Event
from timeline.queries import calendars

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nothing_kept")]


def test_unchanged_calendar_is_not_sent_again(client: Client, event: Event) -> None:
    first = client.get("/en/events.ics")
    assert first["Cache-Control"] == "public, no-cache"
    before = whole(first)
    again = client.get("/en/events.ics", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, whole(again)) == (304, b"")
    assert client.head("/en/events.ics")["ETag"] == first["ETag"]
    assert whole(client.get("/en/events.ics")) == before
    event.title_en = "Another title"
    event.save()
    later = client.get("/en/events.ics", headers={"If-None-Match": first["ETag"]})
    assert later.status_code == 200
    assert b"Another title" in whole(later)


def test_tag_is_that_of_the_question(client: Client, event: Event) -> None:
    def tag(query: str) -> str:
        return client.get(f"/en/events.ics{query}")["ETag"]

    assert tag("?kind=meeting&state=held") == tag("?state=held&q=&kind=meeting&order=newest")
    assert tag("?view=map") == tag("?all=0") == tag("")
    assert len({tag("?all=1"), tag(""), tag("?state=held")}) == 3


def test_slow_reader_holds_no_transaction_open(
    client: Client, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Event.objects.get(pk=event.pk)
    other.pk, other.slug = None, "other"
    other.save()
    monkeypatch.setattr(calendars, "BATCH", 1)
    pieces = iter(client.get("/en/events.ics?all=1"))
    next(pieces)
    next(pieces)
    assert not connection.in_atomic_block
    assert connection.get_autocommit()
    if connection.vendor == "sqlite":
        assert not connection.connection.in_transaction
        file = connection.settings_dict["NAME"]
        with sqlite3.connect(str(file), uri=True, timeout=0.1) as another:
            assert another.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            own = cursor.fetchone()[0]
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND state = 'idle in transaction' AND pid <> %s",
                [own],
            )
            assert cursor.fetchone()[0] == 0
    assert len(list(pieces)) == 2
