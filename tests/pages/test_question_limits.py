"""The limits of a question: its words, its values, and the size of its page."""

from urllib.parse import quote

import pytest
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.actions.events import refresh_derived
from timeline.core.reading import MAX_VALUES
from timeline.formats.sentences import MAX_CHIPS

pytestmark = pytest.mark.django_db

CODES = [f"{one}{other}" for one in "abcdefghi" for other in "abcdefghij"]

EVERYWHERE = ("/en/", "/en/commitments/", "/en/data/", "/en/embed/", "/en/events.ics")


@pytest.fixture
def parties() -> None:
    event = make.an_event(publication="published")
    for code in CODES:
        event.participations.create(party=make.a_state(code), role="participant")
    refresh_derived(events=[event.pk])


def chips(page: Page) -> list[tuple[str, str]]:
    """Return the text and the link of each chip."""
    links = page.root.xpath("//a[@class='chip']")
    return [(" ".join(link.text_content().split()), link.get("href")) for link in links]


@pytest.mark.parametrize("address", ["/en/", "/en/commitments/"])
def test_of_many_values_the_last_have_one_chip_together(
    client: Client, parties: None, address: str
) -> None:
    query = "&".join(f"party={code}" for code in CODES[: MAX_CHIPS + 14])
    shown = chips(Page(client.get(f"{address}?{query}&party_match=any")))
    assert len(shown) == MAX_CHIPS + 1
    text, to = shown[-1]
    assert text == "Remove the filter and 14 more ✕"
    remaining = "&".join(f"party={code}" for code in CODES[:MAX_CHIPS])
    assert to == f"{address}?{remaining}&party_match=any"
    assert len(chips(Page(client.get(to)))) == MAX_CHIPS


@pytest.mark.parametrize("address", EVERYWHERE)
def test_more_values_than_a_filter_takes_are_refused_and_said(
    client: Client, parties: None, address: str
) -> None:
    values = [f"party={code}" for code in CODES[: MAX_VALUES + 1]]
    refused = client.get(f"{address}?{'&'.join(values)}")
    assert refused.status_code == 400
    content = b"".join(refused) if refused.streaming else refused.content
    assert f"choose {MAX_VALUES} at the most".encode() in content
    assert client.get(f"{address}?{'&'.join(values[:-1])}").status_code == 200


@pytest.mark.parametrize("view", ["list", "map", "matrix", "lanes"])
def test_page_of_a_long_address_is_bounded(client: Client, parties: None, view: str) -> None:
    for number in range(90):
        event = make.an_event(
            date=f"{1930 + number}-01-10",
            place=make.a_place(f"a-place-with-a-long-name-{number}-" + 30 * "o"),
            publication="published",
        )
        event.sectors.add(make.a_sector(f"a-sector-with-a-long-name-{number}"))
    values = [f"place=a-place-with-a-long-name-{n}-{30 * 'o'}" for n in range(MAX_VALUES)]
    values += [f"sector=a-sector-with-a-long-name-{n}" for n in range(MAX_VALUES)]
    address = f"/en/?view={view}&{'&'.join(values)}"
    assert len(address) > 6000
    page = client.get(address)
    assert page.status_code == 200
    assert len(page.content) < 2_500_000


@pytest.mark.parametrize("address", EVERYWHERE)
@pytest.mark.parametrize("q", ["???", "—", "…!", "'"])
def test_words_without_a_letter_or_digit_are_refused(client: Client, address: str, q: str) -> None:
    refused = client.get(f"{address}?q={quote(q)}")
    assert refused.status_code == 400
    content = b"".join(refused) if refused.streaming else refused.content
    assert b"holds no word to find" in content
    if not address.endswith((".ics", "embed/")):
        assert Page(refused).texts("//*[@id='problems']//li/strong") == ["Words"]
    assert client.get(f"{address}?q=+").status_code == 200


@pytest.mark.parametrize("address", ["/en/", "/en/commitments/"])
def test_group_of_options_of_what_cannot_be_read_is_refused(client: Client, address: str) -> None:
    headers = {"HX-Request": "true", "HX-Target": "options-party"}
    assert client.get(f"{address}?options=party", headers=headers).status_code == 200
    refused = client.get(f"{address}?from=soon&options=party", headers=headers)
    assert refused.status_code == 400
    assert b'id="options-party"' in refused.content
