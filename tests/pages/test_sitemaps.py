"""The sitemap: every page of the record in every language, in parts, and none that is hidden."""

from typing import Any, Final

import pytest
from django.test import Client
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from tests import factories as make
from tests.pages.test_changes import MAY, done_at
from timeline.actions import publication
from timeline.models import Event
from timeline.pages import sitemaps

pytestmark = pytest.mark.django_db

NAMES: Final = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}
HOST: Final = "http://testserver"


def read(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(path)
    assert response.status_code == status
    return etree.fromstring(response.content) if status == 200 else None


def parts(client: Client) -> list[str]:
    found = read(client, "/sitemap.xml").xpath("//s:sitemap/s:loc/text()", namespaces=NAMES)
    return [address.removeprefix(HOST) for address in found]


def pages(client: Client, path: str) -> list[str]:
    found = read(client, path).xpath("//s:url/s:loc/text()", namespaces=NAMES)
    return [address.removeprefix(HOST) for address in found]


@pytest.fixture
def records(db: None) -> dict[str, Any]:
    records = make.one_of_each()
    make.also_at(records["event"], make.a_place("moscow"))
    return records


def test_every_page_of_the_sitemap_answers(client: Client, records: dict[str, Any]) -> None:
    listed = [page for part in parts(client) for page in pages(client, part)]
    assert len(listed) == len(set(listed)) == 2 * (len(sitemaps.LISTS) + 10)
    assert {page: client.get(page).status_code for page in listed} == dict.fromkeys(listed, 200)


def test_page_names_its_languages_and_when_its_text_changed(
    client: Client, records: dict[str, Any]
) -> None:
    done_at(records["event"], MAY)
    part = read(client, "/sitemap-event-0.xml")
    url = part.xpath("//s:url[s:loc='http://testserver/fr/events/event/']", namespaces=NAMES)[0]
    assert url.xpath("s:lastmod/text()", namespaces=NAMES) == [MAY.date().isoformat()]
    assert [
        (link.get("hreflang"), link.get("href")) for link in url.xpath("x:link", namespaces=NAMES)
    ] == [
        ("fr", "http://testserver/fr/events/event/"),
        ("en", "http://testserver/en/events/event/"),
    ]


def test_record_that_readers_do_not_see_is_not_listed(
    client: Client, records: dict[str, Any]
) -> None:
    make.an_event(slug="draft")
    publication.withdraw(record=records["event"], reason_en="Entered twice.")
    assert [part for part in parts(client) if "event" in part or "commitment" in part] == []
    assert pages(client, "/sitemap-event-0.xml") == []


def test_records_are_divided_by_their_keys(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "PART", 2)
    keys = (1, 2, 3, 6)
    for key in keys:
        make.an_event(pk=key, slug=f"talks-{key}", publication="published")
    assert parts(client)[1:] == [f"/sitemap-event-{part}.xml" for part in (0, 1, 3)]
    listed = [pages(client, f"/sitemap-event-{part}.xml") for part in range(4)]
    assert listed == [
        [
            f"/{code}/events/talks-{key}/"
            for key in keys
            if key // 2 == part
            for code in ("fr", "en")
        ]
        for part in range(4)
    ]


@pytest.mark.parametrize("path", ["/sitemap-nothing-0.xml", "/sitemap-event-x.xml"])
def test_what_is_no_part_is_not_found(client: Client, path: str) -> None:
    read(client, path, 404)


def test_queries_do_not_grow_with_the_records(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 3):
        while Event.objects.count() < count:
            make.an_event(publication="published")
        with django_assert_num_queries(2):
            pages(client, "/sitemap-event-0.xml")
