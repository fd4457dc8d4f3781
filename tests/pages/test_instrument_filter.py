"""The filter by text: events that a step of it names, and commitments that stand in it."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import a_bloc, a_commitment, a_step, a_text, an_event
from tests.parsed_page import Page
from timeline.actions.publication import keep_former_address
from timeline.models import Instrument

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("texts")]

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}


@pytest.fixture
def texts() -> None:
    """Two texts, each with a commitment, that were signed at one session, and a draft."""
    aes = a_bloc("aes")
    session = an_event(slug="session", title_en="The session", **SHOWN)
    for slug, title, state in (
        ("charter", "The charter", SHOWN),
        ("statute", "The statute", SHOWN),
        ("draft", "The draft", {}),
    ):
        text = a_text(aes, slug=slug, title_en=title, title_fr=title, **state)
        a_step(text, "signed", aes, event=session)
        talks = an_event(slug=f"of-{slug}", title_en=f"Talks on {slug}", **SHOWN)
        a_step(text, "approved_at_home", aes, "2025-01", event=talks)
        a_commitment(talks, slug=f"in-{slug}", title_en=f"In {slug}", instrument=text, **SHOWN)
    an_event(slug="other", **SHOWN)


def events(client: Client, query: str) -> set[str]:
    page = Page(client.get(f"/en/?{query}"))
    assert page.status == 200
    return set(page.titles)


def commitments(client: Client, query: str) -> set[str]:
    page = Page(client.get(f"/en/commitments/?{query}"))
    assert page.status == 200
    return set(page.texts("//li[@class='promise']//h3"))


def test_timeline_has_the_events_that_a_step_of_any_of_the_texts_names(client: Client) -> None:
    assert events(client, "instrument=charter") == {"The session", "Talks on charter"}
    assert events(client, "instrument=charter&instrument=statute") == {
        "The session",
        "Talks on charter",
        "Talks on statute",
    }


def test_ledger_has_the_commitments_that_stand_in_any_of_the_texts(client: Client) -> None:
    assert commitments(client, "instrument=charter") == {"In charter"}
    assert commitments(client, "instrument=charter&instrument=statute") == {
        "In charter",
        "In statute",
    }


@pytest.mark.parametrize("path", ["/fr/", "/fr/commitments/"])
def test_chip_and_sentence_say_the_title(client: Client, path: str) -> None:
    page = Page(client.get(f"{path}?instrument=charter&instrument=statute"))
    chips = page.texts("//a[@class='chip']")
    assert [chip.removeprefix("Retirer le filtre ").removesuffix(" ✕") for chip in chips] == [
        "texte : The charter",
        "texte : The statute",
    ]
    assert "au sujet du texte The charter ou The statute" in page.text("//p[@class='sentence']")
    hidden = page.root.xpath("//div[@id='carried']/input[@name='instrument']/@value")
    assert hidden == ["charter", "statute"]


@pytest.mark.parametrize("slug", ["draft", "nope"])
@pytest.mark.parametrize("path", ["/en/", "/en/commitments/", "/en/events.ics"])
def test_text_that_readers_may_not_see_is_unknown(client: Client, path: str, slug: str) -> None:
    response = client.get(f"{path}?instrument={slug}")
    assert response.status_code == 400
    assert "Text" in response.content.decode()
    assert "The draft" not in response.content.decode()


def test_former_slug_of_a_text_is_read_as_the_present_one(client: Client) -> None:
    text = Instrument.objects.get(slug="charter")
    text.slug = "liptako-gourma"
    text.save()
    keep_former_address(record=text, former="charter")
    assert events(client, "instrument=charter") == {"The session", "Talks on charter"}
