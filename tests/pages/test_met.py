"""Addressees of an event: found by their code, marked, and left out of who meets whom."""

from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.actions.events import refresh_derived
from timeline.models import Event

pytestmark = pytest.mark.django_db

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}


@pytest.fixture(autouse=True)
def record() -> Event:
    """The AES recalls its ambassadors from Algeria, and meets it on another day."""
    aes, algeria = make.a_bloc("aes", short_en="AES"), make.a_state("dz", name_en="Algeria")
    make.a_membership(make.a_state("ml"), aes)
    make.an_event(**SHOWN, host=algeria, parties=(aes,), title_en="Talks", date="2025-05-01")
    event = make.an_event(**SHOWN, parties=(aes,), title_en="Recall", slug="recall")
    event.participations.create(party=algeria, role="addressee")
    refresh_derived(events=[event.pk])
    return event


def page_of(client: Client, query: str) -> Page:
    return Page(client.get(f"/en/?{query}"))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("party=dz", ["Talks", "Recall"]),
        ("party=dz&met=1", ["Talks"]),
        ("party=dz&party=ml", ["Talks", "Recall"]),
        ("party=dz&party=ml&met=1", ["Talks"]),
        ("party=ml&met=1", ["Talks", "Recall"]),
        ("party=dz&direct=1&met=1", ["Talks"]),
        ("met=1", ["Talks", "Recall"]),
    ],
)
def test_met_leaves_out_what_a_party_is_only_the_addressee_of(
    client: Client, query: str, titles: list[str]
) -> None:
    assert page_of(client, query).titles == titles


def test_counts_obey(client: Client) -> None:
    assert page_of(client, "").counts("party") == {"aes": 2, "dz": 2, "ml": 2}
    assert page_of(client, "met=1").counts("party") == {"aes": 2, "dz": 1, "ml": 2}
    assert page_of(client, "party=aes&met=1").counts("party") == {"aes": 2, "dz": 1, "ml": 2}


def test_chip_says_so_and_takes_it_away(client: Client) -> None:
    page = page_of(client, "party=dz&met=1")
    chips = page.root.xpath("//a[@class='chip'][contains(., 'not only addressed')]")
    assert [chip.get("href") for chip in chips] == ["/en/?party=dz"]


def test_unreadable_value_is_refused_by_name(client: Client) -> None:
    response = client.get("/en/?met=yes")
    assert response.status_code == 400
    assert "Not only addressed" in response.content.decode()


def test_card_and_label_mark_the_addressee(client: Client) -> None:
    page = page_of(client, "party=dz")
    cards = page.texts("//ol[@class='events']/li[.//h3='Recall']//p[@class='who' or @class='via']")
    assert cards == ["AES, Algeria (addressee)", "Algeria: addressee"]


def test_party_s_page_marks_it_too(client: Client) -> None:
    page = Page(client.get("/en/parties/dz/"))
    rows = page.texts("//ol[@class='rows']/li/small")
    assert rows == ["Meeting", "Meeting · addressee"]


def test_parties_that_meet_are_counted_without_addressees(client: Client) -> None:
    page = page_of(client, "view=matrix&against=party")
    links = page.root.xpath("//figure[contains(@class,'matrix')]//td/a")
    counts = {link.get("href"): link.text_content().strip() for link in links}
    pair = {href: n for href, n in counts.items() if "party=aes" in href and "party=dz" in href}
    assert set(pair.values()) == {"1"}
    assert all("met=1" in href for href in pair)


@pytest.mark.parametrize("address", ["/en/events.ics", "/en/embed/"])
def test_files_and_frames_obey(client: Client, address: str) -> None:
    def text(query: str) -> str:
        response = client.get(f"{address}?{query}")
        whole = response.getvalue()
        assert isinstance(whole, bytes)
        return whole.decode()

    assert "Talks" in text("party=dz&met=1")
    assert "Recall" not in text("party=dz&met=1")
    assert "Recall" in text("party=dz")
