"""Lists say through which blocs an event was found for a party, and how surely."""

import pytest
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.models import Party

pytestmark = pytest.mark.django_db

PARTY_PAGES = ("/en/parties/ml/", "/en/parties/ml/?asof=2025-06-01")


@pytest.fixture
def blocs() -> list[Party]:
    """Mali belongs to the AES, and from some day in April 2025 on to ECOWAS."""
    mali, aes, ecowas = make.a_state("ml"), make.a_bloc("aes"), make.a_bloc("ecowas")
    make.a_membership(mali, aes)
    make.a_membership(mali, ecowas, "2025-04")
    return [mali, aes, ecowas]


def on_cards(client: Client) -> dict[str, str]:
    """Return the labels of blocs on the cards of Mali's events, by title."""
    cards = Page(client.get("/en/?party=ml")).root.xpath("//ol[@class='events']/li")
    return {
        card.xpath("string(h3)").strip(): " ".join(card.xpath("string(p[@class='via'])").split())
        for card in cards
    }


def on_rows(client: Client, address: str) -> dict[str, str]:
    """Return the labels beside the kind of each event on a page, by title."""
    rows = Page(client.get(address)).root.xpath("//ol[@class='rows']/li")
    return {
        row.xpath("string(a)"): " ".join(row.xpath("string(small)").split()).removeprefix("Meeting")
        for row in rows
    }


def test_no_bloc_is_named_where_the_party_also_takes_part_itself(
    client: Client, blocs: list[Party]
) -> None:
    mali, aes, _ecowas = blocs
    make.an_event(parties=(aes,), title_en="Bloc alone", publication="published")
    make.an_event(parties=(aes, mali), title_en="Both", publication="published")
    assert on_cards(client) == {
        "Bloc alone": "ML via AES, member since 16 September 2023",
        "Both": "",
    }
    for address in PARTY_PAGES:
        assert on_rows(client, address) == {"Bloc alone": " · via AES", "Both": ""}


def test_possibly_is_shown_only_where_no_bloc_surely_involves_the_party(
    client: Client, blocs: list[Party]
) -> None:
    _mali, aes, ecowas = blocs
    make.an_event(parties=(ecowas,), title_en="One bloc", publication="published")
    make.an_event(parties=(ecowas, aes), title_en="Two blocs", publication="published")
    joined = "via ECOWAS, member since April 2025"
    assert on_cards(client) == {
        "One bloc": f"ML possibly {joined}",
        "Two blocs": f"ML via AES, member since 16 September 2023 and {joined}",
    }
    for address in PARTY_PAGES:
        assert on_rows(client, address) == {
            "One bloc": " · possibly via ECOWAS",
            "Two blocs": " · via AES and via ECOWAS",
        }
