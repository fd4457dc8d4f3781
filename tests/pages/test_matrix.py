"""The matrix page: every cell leads to a list of as many events as it states."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client

from tests.parsed_page import Page
from timeline.core.reading import read
from timeline.index.sql_filter import filtered
from timeline.models import Party
from timeline.pictures.matrix.layout import MAX_ENTRIES
from timeline.queries.vocabulary import vocabulary

pytestmark = pytest.mark.usefixtures("demo")

TABLE = "//figure[@class='shown matrix']//table"


def get(client: Client, query: str, language: str = "en") -> Page:
    page = Page(client.get(f"/{language}/?{query}"))
    assert page.status == 200
    return page


def found(address: str) -> int:
    """Return how many events plain SQL finds for the address of a list."""
    data = parse_qs(address.partition("?")[2], strict_parsing=True)
    assert "view" not in data
    return filtered(read(data, vocabulary(data).choices)).order_by().count()


def names(page: Page, part: str) -> list[str]:
    return page.texts(f"{TABLE}/{part}//th//a[@class='name']")


def totals(page: Page, part: str) -> list[int]:
    return [int(text) for text in page.texts(f"{TABLE}/{part}//th//*[@class='number']")]


@pytest.mark.parametrize("against", ["sector", "party"])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "sector=energy",
        "sector=security-defence&sector=civil-nuclear",
        "sector=energy&sector=civil-nuclear&sector=justice",
        "party=ru",
        "party=ru&party=ml&sector=energy",
        "party_match=any",
        "party=sn&party_match=any",
        "party=ru&party=aes&party_match=any",
        "party=ru&party=aes&party=ml&party_match=any&sector=security-defence&sector=trade",
        "direct=1&from=2025",
        "party=ml&direct=1&kind=summit&kind=visit",
        "from=2025-06&to=2025-06&certain=1",
        "q=lavrov&order=relevance",
    ],
)
def test_every_number_is_what_its_link_finds(client: Client, query: str, against: str) -> None:
    page = get(client, f"{query}&view=matrix&against={against}&sort=similarity")
    links = page.root.xpath(f"{TABLE}//td/a | {TABLE}//th//a[@class='number']")
    counts: dict[str, int] = {}
    for link in links:
        assert link.xpath("ancestor::*[@data-swap]")
        number = int(link.text_content())
        assert counts.setdefault(link.get("href"), number) == number
    assert counts
    assert {address: found(address) for address in counts} == counts
    last = Page(client.get(links[-1].get("href")))
    assert last.text("//*[@id='found']").split()[0] == links[-1].text_content()


@pytest.mark.parametrize("query", ["", "party=ru&party=ml", "party=ru&party=aes&party_match=any"])
def test_totals_are_those_of_the_options(client: Client, query: str) -> None:
    page = get(client, f"{query}&view=matrix&options=party&options=sector")
    labels = dict(zip(names(page, "tbody"), totals(page, "tbody"), strict=True))
    party_names = {
        party.code: str(party.short_en or party.name_en) for party in Party.objects.all()
    }
    counts = {party_names[code]: count for code, count in page.counts("party").items()}
    assert labels.items() <= counts.items()
    if "any" not in query:
        assert labels == counts
    else:
        assert set(labels) == {"Russia", "AES"}


def test_a_party_that_meets_itself_shows_its_total(client: Client) -> None:
    page = get(client, "view=matrix&against=party")
    rows = totals(page, "tbody")
    own = [int(text) for text in page.texts(f"{TABLE}//td[@class='own']/a")]
    assert own == rows == totals(page, "thead")
    assert names(page, "tbody") == names(page, "thead")


def test_rows_and_columns_are_sorted_by_count_name_or_similarity(client: Client) -> None:
    by_count = get(client, "view=matrix")
    assert totals(by_count, "tbody") == sorted(totals(by_count, "tbody"), reverse=True)
    assert totals(by_count, "thead") == sorted(totals(by_count, "thead"), reverse=True)
    by_name = Page(client.get("/fr/?view=matrix&sort=name"))
    sorted_names = names(by_name, "tbody")
    assert sorted_names.index("Égypte") < sorted_names.index("Ghana") < sorted_names.index("Tchad")
    assert names(by_name, "thead")[:3] == ["Commerce", "Développement", "Éducation"]
    alike = get(client, "view=matrix&sort=similarity")
    assert sorted(names(alike, "tbody")) == sorted(names(by_count, "tbody"))
    order = names(alike, "tbody")
    assert abs(order.index("Ghana") - order.index("Senegal")) < 5


def test_only_sectors_that_a_filter_can_name_exactly_are_columns(client: Client) -> None:
    whole = get(client, "view=matrix")
    assert "Energy" in names(whole, "thead")
    assert "Civil nuclear energy" not in names(whole, "thead")
    narrowed = get(client, "view=matrix&sector=energy")
    assert names(narrowed, "thead") == ["Energy", "Civil nuclear energy"]
    assert "Shown are the sectors chosen and those within them." in narrowed.text(
        "//p[@id='shown-description']"
    )


def test_names_narrow_the_matrix_and_widen_it_again(client: Client) -> None:
    page = get(client, "view=matrix&sort=name")
    (link,) = page.root.xpath(f"{TABLE}/thead//a[.='Energy']/@href")
    narrowed = Page(client.get(link))
    (back,) = narrowed.root.xpath(f"{TABLE}/thead//a[@aria-current='true']/@href")
    assert names(narrowed, "thead") == ["Civil nuclear energy", "Energy"]
    assert back == "/en/?view=matrix&sort=name"
    (link,) = page.root.xpath(f"{TABLE}/tbody//a[.='Mali']/@href")
    assert link == "/en/?party=ml&view=matrix&sort=name"


def test_it_says_how_many_parties_are_left_out(
    client: Client, event_of: Callable[..., Any]
) -> None:
    for number in range(30):
        code = f"x{number}"
        Party.objects.create(code=code, kind="state", name_fr=code, name_en=code)
        event_of(code, "2024-01-01", slug=f"of-{number}")
    page = get(client, "view=matrix&against=party&party=x7")
    assert names(page, "tbody") == [str(Party.objects.get(code="x7").name_en)]
    page = get(client, "view=matrix&party=x7&party=x9&party_match=any&against=party")
    assert totals(page, "tbody") == [1, 1]
    page = get(client, "view=matrix&against=party")
    assert len(names(page, "tbody")) == MAX_ENTRIES
    described = page.text("//p[@id='shown-description']")
    assert f"Shown are the {MAX_ENTRIES} of 49 parties with the most events." in described


def test_what_has_no_sector_says_so(client: Client, event_of: Callable[..., Any]) -> None:
    event_of("cn", "2024-01-01", slug="without-a-sector")
    page = get(client, "view=matrix&party=cn&direct=1")
    assert "None of the events found names both a party and a sector." in page.text(
        "//figure[@class='shown matrix']/p[@class='nothing']"
    )
