"""What an empty list suggests: which filter to leave out, and other words."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.parsed_page import Page
from timeline.models import Event

pytestmark = pytest.mark.django_db

SHOWN: dict[str, Any] = {"publication": "published"}
WITHOUT = "//div[@class='nothing']//li"
MEANT = "//div[@class='nothing']/p[contains(., 'Did you mean')]"


def empty(client: Client, address: str) -> Page:
    page = Page(client.get(address))
    assert page.root.xpath("//div[@class='nothing']")
    return page


def suggested(client: Client, address: str) -> dict[str, int]:
    """Return what is suggested, with the number that each suggestion is really found to give."""
    page = empty(client, address)
    numbers = {}
    for item in page.root.xpath(WITHOUT):
        (link,) = item.xpath("a")
        found = Page(client.get(link.get("href"))).text("//h2[@id='found']")
        said = item.xpath("string(small)")
        assert found.split()[0] == said
        numbers[" ".join(link.text_content().split())] = int(said)
    return numbers


@pytest.fixture
def events() -> tuple[Event, ...]:
    """Two meetings of Mali about energy, one of Niger about space."""
    mali, niger = make.a_state("ml", name_en="Mali"), make.a_state("ne", name_en="Niger")
    energy, space = make.a_sector("energy"), make.a_sector("space")
    make.a_sector("trade")
    rows = tuple(
        make.an_event(parties=(party,), title_en=title, **SHOWN)
        for party, title in (
            (mali, "Nuclear plants"),
            (mali, "Reactors"),
            (niger, "Satellites"),
        )
    )
    for row, sector in zip(rows, (energy, energy, space), strict=True):
        row.sectors.add(sector)
    return rows


@pytest.mark.usefixtures("events")
def test_each_filter_to_leave_out_is_named_with_what_is_found_without_it(client: Client) -> None:
    assert suggested(client, "/en/?party=ml&sector=space") == {
        "without Space": 2,
        "without Mali": 1,
    }
    assert suggested(client, "/en/?party=ml&sector=energy&from=2026&direct=1") == {
        "without from 2026": 2
    }


@pytest.mark.usefixtures("events")
def test_values_of_which_any_is_enough_are_left_out_together(client: Client) -> None:
    query = "/en/?party=ne&kind=visit&kind=call"
    assert suggested(client, query) == {"without Call or Visit": 1}


@pytest.mark.usefixtures("events")
def test_where_one_filter_is_not_enough_the_page_says_so(client: Client) -> None:
    page = empty(client, "/en/?party=ml&party=ne&from=2026")
    assert page.texts("//div[@class='nothing']/p")[1] == (
        "Leaving out one filter is not enough. Clear all"
    )


@pytest.mark.usefixtures("events")
@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("nuclera", ["Did you mean: nuclear 1"]),
        ("nucler plants", ["Did you mean: nuclear plants 1"]),
        ("Satelites, mali", []),
        ("plants", []),
        ("zzzz", []),
    ],
)
def test_words_like_those_that_are_not_found_are_offered_where_they_find_something(
    client: Client, words: str, meant: list[str]
) -> None:
    page = Page(client.get("/en/", {"q": words}))
    assert page.texts(MEANT) == meant


@pytest.mark.usefixtures("events")
def test_words_that_other_filters_leave_nothing_of_are_offered_without_them(
    client: Client,
) -> None:
    page = empty(client, "/en/?q=nuclera&party=ne")
    assert page.texts(MEANT) == ["Did you mean: nuclear, without the other filters 1"]
    assert page.root.xpath(f"{MEANT}/a/@href") == ["/en/?q=nuclear"]


def test_words_that_only_a_draft_holds_are_not_offered(client: Client) -> None:
    make.an_event(title_en="Uranium")
    assert empty(client, "/en/?q=uranum").texts(MEANT) == []


@pytest.mark.usefixtures("events")
def test_ledger_names_the_filter_to_leave_out_and_other_words(client: Client) -> None:
    event = Event.objects.published().earliest("pk")
    make.a_commitment(event, title_en="Uranium for a reactor", **SHOWN)
    query = "/en/commitments/?q=uranium&from=2026"
    assert suggested(client, query) == {"without from 2026": 1}
    page = empty(client, "/en/commitments/?q=uranuim")
    assert page.texts(MEANT) == ["Did you mean: uranium 1"]


@pytest.mark.usefixtures("events")
def test_texts_name_the_filter_to_leave_out_and_other_words(client: Client) -> None:
    make.a_text(title_en="Charter of the desert", **SHOWN)
    query = "/en/instruments/?q=desert&kind=protocol"
    assert suggested(client, query) == {"without Protocol": 1}
    page = empty(client, "/en/instruments/?q=dessert")
    assert page.texts(MEANT) == ["Did you mean: desert 1"]


@pytest.mark.parametrize("address", ["/en/", "/en/commitments/", "/en/instruments/"])
def test_suggestions_take_as_many_queries_however_many_records_there_are(
    client: Client, address: str
) -> None:
    counts = []
    for number in range(3):
        state = make.a_state(f"s{number}", name_en=f"State {number}")
        event = make.an_event(title_en=f"Uranium {number}", parties=(state,), **SHOWN)
        make.a_commitment(event, title_en=f"Uranium {number}", **SHOWN)
        make.a_text(state, title_en=f"Uranium {number}", **SHOWN)
        with CaptureQueriesContext(connection) as asked:
            client.get(address, {"q": "uranuim", "kind": "visit", "from": "2026"})
        counts.append(len(asked))
    assert counts[2] == counts[0]
