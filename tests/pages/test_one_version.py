"""Every page shows one version of the record, which it reads once."""

from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.threads import elsewhere
from timeline.models import Event, Party
from timeline.queries import timeline

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nothing_kept")]

LISTS = (
    *("", "?party=ml&sector=energy", "?from=2025&to=2025-06", "?view=lanes", "?view=matrix"),
    *(
        "?view=map",
        "embed/",
        "embed/?view=lanes",
        "picture.svg?kind=summit",
        "card.png?kind=summit",
    ),
    *("data/?kind=summit", "events.ics", "commitments/", "commitments/?party=ml"),
)
PAGES = (
    *("frameworks/", "frameworks/ru-aes/", "parties/", "parties/ml/", "sectors/", "people/"),
    *("sources/", "about/", "parties/nowhere/", "events/nothing/", "?from=soon"),
)


def queries(client: Client, address: str, **headers: str) -> list[str]:
    """Return the queries of a page that is made again."""
    client.get(f"/en/{address}", headers=headers)
    caches["questions"].clear()
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/en/{address}", headers=headers)
    return [query["sql"] for query in captured.captured_queries]


def test_no_page_reads_the_version_twice(client: Client, own_demo: None) -> None:
    for address in (*LISTS, *PAGES):
        for headers in ({}, {"HX-Request": "true"}):
            captured = queries(client, address, **headers)
            read = sum("timeline_recordversion" in sql for sql in captured)
            assert read == 1 or (read == 0 and not captured), address


@pytest.mark.parametrize(
    ("address", "most"),
    [("?party=ml", 3), ("?view=lanes", 4), ("embed/?view=lanes", 4), ("commitments/", 8)],
)
def test_page_made_again_makes_few_queries(
    client: Client, own_demo: None, address: str, most: int
) -> None:
    assert len(queries(client, address)) <= most


def test_page_shows_nothing_that_was_committed_while_it_was_made(
    client: Client, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = timeline.cards

    def disturbed(ids: Any) -> Any:
        elsewhere(lambda: Event.objects.update(title_en="Later", title_fr="Plus tard"))
        elsewhere(lambda: Party.objects.update(name_en="Renamed", name_fr="Renommée"))
        return original(ids)

    monkeypatch.setattr(timeline, "cards", disturbed)
    first = client.get("/en/").content.decode()
    assert event.title_en in first
    assert "Later" not in first
    assert "Renamed" not in first
    monkeypatch.undo()
    second = client.get("/en/").content.decode()
    assert "Later" in second
    assert "Renamed" in second
