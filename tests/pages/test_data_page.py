"""The data pages: every file of the list in hand, each with an address that can be selected."""

import json

import feedparser
import pytest
from django.test import Client

from tests.calendars import whole
from tests.pages.test_data_files import ASKED
from tests.parsed_page import Page
from timeline.core.columns import COLUMNS

pytestmark = pytest.mark.usefixtures("demo")

LISTS = {noun: "/en/" if noun == "events" else f"/en/{noun}/" for noun in COLUMNS}


def data_page(noun: str, query: str = "", language: str = "en") -> str:
    of_noun = "" if noun == "events" else f"{noun}/"
    return f"/{language}/data/{of_noun}" + (f"?{query}" if query else "")


@pytest.mark.parametrize(("noun", "query"), ASKED)
def test_data_page_offers_files_of_the_list_and_their_number(
    client: Client, noun: str, query: str
) -> None:
    page = Page(client.get(data_page(noun, query)))
    offered = page.root.xpath("(//dl[@class='facts'])[1]/dt/a/@href")
    suffixes = [address.split(f"/{noun}.")[1].split("?")[0] for address in offered]
    of_events = ["geojson", "timelinejs.json"] if noun == "events" else []
    to_keep = ["html"] if noun in ("events", "commitments", "instruments") else []
    assert suffixes == ["csv", "json", *of_events, "xlsx", *to_keep, "metadata.json"]
    assert page.root.xpath("(//dl[@class='facts'])[1]//input/@value") == offered
    answer = json.loads(whole(client.get(offered[1])))
    number = page.text("//p[@class='big']/span").split()[0].replace(",", "")
    assert (int(number), answer["title"]) == (
        answer["count"],
        page.text("//p[@class='big']").removesuffix(page.text("//p[@class='big']/span")).strip(),
    )


@pytest.mark.parametrize("noun", [*COLUMNS])
def test_list_leads_to_its_data_in_one_step(client: Client, noun: str) -> None:
    page = Page(client.get(LISTS[noun]))
    assert data_page(noun) in page.root.xpath("//p[contains(@class, 'follow')]/a/@href")


def test_filter_in_hand_goes_along(client: Client) -> None:
    page = Page(client.get("/fr/commitments/?obligor=ru&sort=due"))
    (link,) = page.root.xpath("//p[contains(@class, 'follow')]/a[.='Données']/@href")
    assert link == data_page("commitments", "obligor=ru&sort=due", "fr")
    page = Page(client.get("/en/parties/?q=mali"))
    assert data_page("parties", "q=mali") in page.root.xpath("//p/a/@href")


@pytest.mark.parametrize("address", ["parties/ml/", "sectors/energy/", "places/moscow/"])
def test_record_leads_to_the_data_of_its_events(client: Client, address: str) -> None:
    noun, slug = {"parties": "party", "sectors": "sector", "places": "place"}, address.split("/")[1]
    page = Page(client.get(f"/en/{address}"))
    assert f"/en/data/?{noun[address.split('/')[0]]}={slug}" in page.root.xpath("//p/a/@href")


@pytest.mark.parametrize("noun", [noun for noun in COLUMNS if noun not in ("sectors",)])
def test_data_page_of_what_cannot_be_read_is_the_list_that_says_so(
    client: Client, noun: str
) -> None:
    query = "asof=soon" if noun == "frameworks" else "q=%2C"
    answer = client.get(data_page(noun, query))
    assert answer.status_code == 400
    assert "<form" in answer.content.decode()


@pytest.mark.parametrize("noun", ["events", "commitments", "instruments"])
def test_data_page_offers_the_feed_and_how_often_it_would_have_brought_something(
    client: Client, noun: str
) -> None:
    page = Page(client.get(data_page(noun, "party=ml")))
    address = f"http://testserver/en/{noun}.atom?party=ml"
    assert page.root.xpath("//input[@aria-label='Address of Atom']/@value") == [address]
    assert page.root.xpath("//link[@type='application/atom+xml']/@href") == [address]
    feed = feedparser.parse(whole(client.get(address))).feed
    said = page.text("//dd[.//input[@aria-label='Address of Atom']]/small")
    assert feed.subtitle.endswith(said.partition("exactly this filter. ")[2])
    assert " in the last 365 days" in said


@pytest.mark.parametrize("noun", [*COLUMNS])
def test_data_page_says_how_to_cite_the_list(client: Client, noun: str) -> None:
    page = Page(client.get(data_page(noun)))
    (link,) = page.root.xpath("//p[textarea[@id='citation']]/a/@href")
    assert link == f"/en/cite/{noun}/"
    sentences = Page(client.get(link)).texts("//textarea")
    assert page.text("//textarea[@id='citation']") == sentences[0]


def test_data_page_is_a_data_set_for_programs(client: Client) -> None:
    page = Page(client.get(data_page("events", "party=ml")))
    (text,) = page.root.xpath("//script[@type='application/ld+json']/text()")
    said = json.loads(text)
    assert said == {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": "Russia–Sahel (example) — Events with Mali",
        "description": said["description"],
        "url": "http://testserver/en/data/?party=ml",
        "isAccessibleForFree": True,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": address}
            for kind, address in (
                ("text/csv", "http://testserver/en/events.csv?party=ml"),
                ("application/json", "http://testserver/en/events.json?party=ml"),
            )
        ],
        "version": said["version"],
        "temporalCoverage": said["temporalCoverage"],
    }
    assert said["temporalCoverage"].endswith("/..")
