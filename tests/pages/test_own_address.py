"""The title and the addresses of a list, whole and when htmx swaps in another."""

import pytest
from django.test import Client
from lxml import html

from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture(autouse=True)
def record() -> None:
    mali = make.a_state("ml", name_en="Mali")
    make.an_event(parties=(mali,), publication="published", published_at="2025-05-01T00:00Z")


def said(client: Client, address: str, **headers: str) -> dict[str, str]:
    """Return the title of the document and each address in the page."""
    root = html.fromstring(
        f"<html><body>{client.get(address, headers=headers).content.decode()}</body></html>"
    )
    named = {
        element.get("id"): element.get("href")
        for element in root.xpath("//link[@id]|//a[@id='language' or @id='report']")
    }
    shared = {meta.get("property"): meta.get("content") for meta in root.xpath("//meta[@property]")}
    of_question = ("og:title", "og:url", "og:image")
    return {
        "title": root.xpath("string(//title)"),
        **named,
        **{name: shared[name] for name in of_question if name in shared},
    }


@pytest.mark.parametrize(
    ("path", "name"),
    [("", "events"), ("commitments/", "Commitments"), ("instruments/", "Texts")],
)
def test_title_and_addresses_are_those_of_the_question_whole_and_swapped(
    client: Client, path: str, name: str
) -> None:
    address = f"/en/{path}?q=&party=ml&from=2025&to=&options=party"
    whole, swapped = said(client, address), said(client, address, **{"HX-Request": "true"})
    assert swapped == whole
    root, query = "http://testserver", "?party=ml&from=2025"
    assert "Mali" in whole["title"]
    assert ". — " not in whole["title"]
    assert {key: whole[key] for key in ("in-fr", "in-en", "language", "canonical", "report")} == {
        "in-fr": f"{root}/fr/{path}{query}&options=party",
        "in-en": f"{root}/en/{path}{query}&options=party",
        "language": f"{root}/fr/{path}{query}&options=party",
        "canonical": f"{root}/en/{path}{query}",
        "report": f"/en/report/?page=/en/{path}%3Fparty%3Dml%26from%3D2025%26options%3Dparty",
    }
    assert whole.get("og:url") == (f"{root}/en/{query}" if not path else None)


def test_what_cannot_be_read_keeps_its_address_in_the_other_language(client: Client) -> None:
    swapped = said(client, "/en/?from=soon&party=ml", **{"HX-Request": "true"})
    assert swapped["language"] == "http://testserver/fr/?from=soon&party=ml"
    assert swapped["canonical"] == "http://testserver/en/?party=ml"
    assert swapped["title"].startswith("This filter cannot be read — ")


def test_report_names_the_whole_address_of_a_record(client: Client) -> None:
    report = said(client, "/en/parties/ml/?asof=2026-01-01")["report"]
    assert report == "/en/report/?page=/en/parties/ml/%3Fasof%3D2026-01-01"
