"""The pages of lists: the one before, and the one that begins at a date."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import transaction
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.index.interface import PAGE_SIZE
from timeline.models import Event, Instrument

pytestmark = pytest.mark.django_db

STAND = "//p[@class='stand']"
LISTS = ("/en/", "/en/commitments/", "/en/instruments/")


@pytest.fixture(scope="module")
def record(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """120 events of as many days from 1 January 2024, each with a commitment, and 120 texts."""
    with django_db_blocker.unblock(), transaction.atomic():
        for number in range(120):
            day = (dt.date(2024, 1, 1) + dt.timedelta(days=number)).isoformat()
            event = make.an_event(slug=f"e{number}", date=day, publication="published")
            make.a_commitment(event, slug=f"c{number}", publication="published")
            make.a_text(slug=f"t{number}", date=day, publication="published")
        yield
        transaction.set_rollback(True)


def stands(page: Page) -> str:
    return page.texts(f"{STAND}/span")[0]


def link(page: Page, name: str) -> str:
    (address,) = page.root.xpath(f"{STAND}/a[contains(., '{name}')]/@href")
    return str(address)


def test_short_list_asks_no_date(client: Client) -> None:
    make.an_event(publication="published")
    assert not Page(client.get("/en/")).root.xpath("//input[@name='at']")
    assert (Event.objects.count(), Instrument.objects.count()) == (1, 0)


@pytest.mark.parametrize("address", LISTS)
def test_page_before_leads_back_to_the_first(client: Client, record: None, address: str) -> None:
    places = []
    page = Page(client.get(address))
    for name in ("Next page", "Next page", "Previous page", "Previous page"):
        places.append(stands(page))
        page = Page(client.get(link(page, name)))
    places.append(stands(page))
    assert places == [
        *("1–50 of 120", "51–100 of 120", "101–120 of 120", "51–100 of 120", "1–50 of 120")
    ]
    assert not page.root.xpath(f"{STAND}/a[contains(., 'Previous')]")


@pytest.mark.parametrize("address", LISTS)
def test_date_leads_to_the_page_that_begins_there(
    client: Client, record: None, address: str
) -> None:
    def asked(at: str, **more: str) -> str:
        response = client.get(address, {"at": at, **more}, follow=True)
        assert [code for _url, code in response.redirect_chain] == [302]
        return stands(Page(response))

    assert {at: asked(at) for at in ("3 mars 2024", "03/2024", "2024", "1999", "2030")} == {
        # 1 March is day 61 of the year, and the last day on record is the 120th.
        "3 mars 2024": "58–107 of 120",
        "03/2024": "30–79 of 120",
        "2024": "1–50 of 120",
        "1999": f"{120 - PAGE_SIZE + 1}–120 of 120",
        "2030": "1–50 of 120",
    }
    assert asked("2024-03-03", order="oldest") == "63–112 of 120"


@pytest.mark.parametrize("address", LISTS)
def test_form_for_a_date_takes_the_filters_along(
    client: Client, record: None, address: str
) -> None:
    page = Page(client.get(address, {"from": "2024", "order": "oldest"}))
    (form,) = page.root.xpath("//form[@class='to-date']")
    assert form.get("action") == f"{address}#results"
    assert [(box.get("name"), box.get("value")) for box in form.xpath(".//input")] == [
        *(("at", ""), ("from", "2024"), ("order", "oldest")),
    ]
    response = client.get(address, {"from": "2024", "order": "oldest", "at": "2024-02-01"})
    query = dict(parse_qsl(urlsplit(response.headers["Location"]).query))
    assert {name: query[name] for name in ("from", "order")} == {"from": "2024", "order": "oldest"}
    assert query.keys() == {"from", "order", "after"}


@pytest.mark.parametrize("address", LISTS)
def test_date_that_cannot_be_read_is_named_at_its_field(
    client: Client, record: None, address: str
) -> None:
    response = client.get(address, {"at": "soon"})
    assert response.status_code == 400
    page = Page(response)
    (box,) = page.root.xpath("//input[@name='at']")
    assert (box.get("value"), box.get("aria-invalid")) == ("soon", "true")
    assert page.texts("//*[@id='error-at']") == [
        "soon cannot be read; write a year (2025), a month (2025-04) or a day (2025-04-03)."
    ]
    assert page.texts("//*[@id='problems']//li/strong/a[@href='#at']") == ["Go to a date"]


@pytest.mark.parametrize(
    ("address", "query"), [("/en/", "q=e&order=relevance"), ("/en/commitments/", "sort=due")]
)
def test_list_by_something_else_than_time_asks_no_date(
    client: Client, record: None, address: str, query: str
) -> None:
    page = Page(client.get(f"{address}?{query}"))
    assert not page.root.xpath("//input[@name='at']")
    response = client.get(f"{address}?{query}&at=2024")
    assert response.status_code == 400
    assert Page(response).texts("//*[@id='problems']//li") == [
        "Go to a date 2024 can only be found in a list by date; sort it by date first."
    ]
