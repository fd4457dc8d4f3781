"""What the page of a record offers to programs: its address, its links and its data."""

import json
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.pages.test_citing import SLUGS
from tests.parsed_page import Page
from timeline.models import Identity
from timeline.urls import FOLDERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def records(db: None) -> dict[str, Any]:
    Identity.objects.create(licence_url="https://example.org/licence")
    records = make.one_of_each()
    make.also_at(records["event"], make.a_place("moscow"))
    return records


def data(page: Page) -> Any:
    (text,) = page.root.xpath("//script[@type='application/ld+json']/text()")
    return json.loads(text)


@pytest.mark.parametrize("noun", FOLDERS)
def test_page_of_every_noun_names_its_address_and_its_type(
    client: Client, records: dict[str, Any], noun: str
) -> None:
    path = f"/en/{FOLDERS[noun]}/{SLUGS[noun]}"
    response = client.get(f"{path}/?unknown=1")
    page = Page(response)
    assert page.root.xpath("//link[@rel='canonical']/@href") == [f"http://testserver{path}/"]
    said = data(page)
    assert response.headers["Link"].split(", ") == [
        f'<http://testserver{path}/>; rel="cite-as"',
        f'<http://testserver{path}.csl.json>; rel="describedby"; '
        'type="application/vnd.citationstyles.csl+json"',
        f'<https://schema.org/{said["@type"]}>; rel="type"',
        '<https://example.org/licence>; rel="license"',
    ]
    elements = {meta.get("name"): meta.get("content") for meta in page.root.xpath(ELEMENTS)}
    assert elements["dc.title"] == said["name"]
    assert elements["dc.type"] == ("Event" if noun == "event" else "Text")
    assert elements["dc.language"] == "en"


ELEMENTS: Final = "//meta[starts-with(@name, 'dc.')]"


def test_list_is_described_as_a_data_set_in_the_language_of_the_page(client: Client) -> None:
    page = Page(client.get("/fr/data/commitments/"))
    elements = [(meta.get("name"), meta.get("content")) for meta in page.root.xpath(ELEMENTS)]
    assert elements == [
        ("dc.title", "Tous les engagements du registre"),
        ("dc.type", "Dataset"),
        ("dc.language", "fr"),
    ]


def test_event_says_where_it_took_place(client: Client, records: dict[str, Any]) -> None:
    said = data(Page(client.get("/en/events/event/")))
    assert said["location"] == [{"@type": "Place", "name": "Moscow"}]


def test_pages_name_each_language_and_a_default(client: Client, records: dict[str, Any]) -> None:
    page = Page(client.get("/fr/events/event/"))
    links = page.root.xpath("//link[@rel='alternate'][@hreflang]")
    assert [(link.get("hreflang"), link.get("href")) for link in links] == [
        ("fr", "http://testserver/fr/events/event/"),
        ("en", "http://testserver/en/events/event/"),
        ("x-default", "http://testserver/en/events/event/"),
    ]


def test_page_that_cannot_be_read_offers_no_links(client: Client, records: dict[str, Any]) -> None:
    response = client.get("/en/commitments/commitment/?asof=soon")
    assert (response.status_code, "Link" in response.headers) == (400, False)


def test_page_of_a_record_names_the_feed_to_follow(client: Client, records: dict[str, Any]) -> None:
    feeds = {
        noun: reverse("timeline:record_atom", args=[noun, slug])
        if noun in records
        else f"/fr/events.atom?{noun}={slug}"
        for noun, slug in SLUGS.items()
    }
    found = {}
    for noun, slug in SLUGS.items():
        page = Page(client.get(f"/fr/{FOLDERS[noun]}/{slug}/"))
        (found[noun],) = page.root.xpath("//head/link[@type='application/atom+xml']/@href")
        if noun not in records:
            assert found[noun] in page.root.xpath("//main//a/@href")
        answer = client.get(found[noun])
        assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert found == feeds
