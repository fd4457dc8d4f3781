"""Mutual commitments: each side owes them to the others, in the ledger and on pages."""

from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.models import Commitment, Party

pytestmark = pytest.mark.django_db

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}


def found(client: Client, query: str) -> list[str]:
    page = Page(client.get(f"/en/commitments/?{query}"))
    return page.texts("//li[@class='promise']//h3")


@pytest.fixture
def sides() -> tuple[Party, Party]:
    """Russia and the AES, to which Mali and Niger belong."""
    aes = make.a_bloc("aes", short_en="AES")
    for code in ("ml", "ne"):
        make.a_membership(make.a_state(code), aes)
    return make.a_state("ru", name_en="Russia"), aes


@pytest.fixture
def promise(sides: tuple[Party, Party]) -> Commitment:
    """A mutual commitment of Russia and the AES."""
    event = make.an_event(**SHOWN, host=sides[0], parties=(sides[1],))
    commitment = make.a_commitment(
        event, **SHOWN, title_en="Civil nuclear", slug="nuclear", mutual=True
    )
    for party in sides:
        commitment.party_links.create(party=party, role="obligor")
    return commitment


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("obligor=ru", True),
        ("beneficiary=ru", True),
        ("obligor=ru&beneficiary=ml", True),
        ("obligor=ml&beneficiary=ru", True),
        ("obligor=aes&beneficiary=ru", True),
        ("obligor=ru&beneficiary=ru", False),
        ("obligor=ml&beneficiary=ne", False),
        ("obligor=ml&beneficiary=ml", False),
        ("obligor=aes&beneficiary=ml", False),
        ("obligor=ml&obligor=ru&beneficiary=ru", True),
        ("obligor=ru&beneficiary=ml&direct=1", False),
        ("obligor=ru&beneficiary=aes&direct=1", True),
    ],
)
def test_owed_by_and_owed_to_are_different_sides(
    client: Client, promise: Commitment, query: str, finds: bool
) -> None:
    assert found(client, query) == (["Civil nuclear"] if finds else [])


def test_options_count_what_each_would_find(client: Client, promise: Commitment) -> None:
    page = Page(client.get("/en/commitments/?obligor=ru&options=beneficiary"))
    assert page.counts("beneficiary") == {"aes": 1, "ml": 1, "ne": 1}
    page = Page(client.get("/en/commitments/?beneficiary=ml&options=obligor"))
    assert page.counts("obligor") == {"ru": 1}


def test_pages_say_that_it_is_mutual(client: Client, promise: Commitment) -> None:
    for address in ("/en/commitments/nuclear/", "/en/commitments/"):
        parties = "//*[@id='parties' or parent::div[@class='what']][contains(., '↔')]"
        texts = Page(client.get(address)).texts(parties)
        assert texts[0] == "Russia ↔ and AES each towards the others"


def test_what_one_side_owes_another_is_found_one_way_only(
    client: Client, sides: tuple[Party, Party]
) -> None:
    event = make.an_event(**SHOWN, host=sides[0], parties=(sides[1],))
    commitment = make.a_commitment(event, **SHOWN, title_en="Arms")
    commitment.party_links.create(party=sides[0], role="obligor")
    commitment.party_links.create(party=sides[1], role="beneficiary")
    assert found(client, "obligor=ru&beneficiary=ml") == ["Arms"]
    assert found(client, "obligor=ml&beneficiary=ru") == []


def test_tick_without_two_sides_makes_nothing_mutual(client: Client, promise: Commitment) -> None:
    promise.party_links.filter(party__code="aes").delete()
    assert found(client, "beneficiary=ru") == []
    assert found(client, "obligor=ru") == ["Civil nuclear"]
