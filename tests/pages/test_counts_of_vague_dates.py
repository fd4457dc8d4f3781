"""The numbers beside links and in headings are right for a record of vague dates."""

import re
from typing import Final

import pytest
from django.test import Client

from tests import factories as make
from tests.clock import set_today
from tests.links import addresses, folded, untrue
from tests.parsed_page import TODAY, Page

VAGUE: Final = (
    *("2024", "2025", "2025~", "2026?", "202X", "20XX", "2025-21", "2024-24", "2025-22/2026-21"),
    *(
        "2024/2026",
        "2023-11/..",
        "2025-01-01/..",
        "2025-01-01",
        "2025-04",
        "2025-04~",
        "2025-04-03",
    ),
    *("2025-03-30/2025-04-02", "2024-12-30/2025-01-02", "2025-04-03?", "2025-06", "2026-01-01"),
    *("2023-05-05", "2027", "2027-03", "2027-21", "2028-01-01/2028-12-31"),
)


@pytest.fixture
def vague(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events with every kind of vague date and a commitment, some planned or postponed."""
    set_today(monkeypatch, TODAY)
    ml, ru, aes = make.a_state("ml"), make.a_state("ru"), make.a_bloc("aes")
    make.a_membership(ml, aes, "2023")
    energy = make.a_sector("energy")
    nuclear, trade = make.a_sector("nuclear", parent=energy), make.a_sector("trade")
    places = [
        make.a_place("moscow", latitude=55.75, longitude=37.62, party=ru),
        make.a_place("bamako", latitude=12.65, longitude=-8.0, party=ml),
    ]
    for number, date in enumerate(VAGUE * 3):
        parties = ((ml,), (ru, aes), (ml, ru))[number % 3]
        first = int(date[:4].replace("X", "0"))
        coming = first > 2026
        event = make.an_event(
            date=date,
            parties=parties,
            place=places[number % 2] if number % 5 else None,
            state=("postponed" if number % 2 else "planned") if coming else "held",
            publication="published",
        )
        event.sectors.add((energy, nuclear, trade)[number % 3])
        commitment = make.a_commitment(event, publication="published")
        commitment.sectors.add((energy, nuclear, trade)[number % 3])


# Committed, so that pages cache what they read.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("pages", "links", "every"),
    [(60, 1000, False), pytest.param(200, 3000, True, marks=pytest.mark.soak)],
)
def test_each_number_beside_a_link_of_vague_dates_is_what_it_finds(
    client: Client, vague: None, pages: int, links: int, every: bool
) -> None:
    start = [address for address in addresses() if "people" not in address]
    start += ["/en/parties/ml/", "/en/sectors/energy/"]
    number, wrong = untrue(client, start, pages, every=every)
    assert wrong == []
    assert number > links, number


def headings(client: Client, address: str) -> list[list[tuple[str, str, int]]]:
    """Return the headings of each page of a list, with the stated number and that of the cards."""
    pages = []
    while address:
        page = Page(client.get(address))
        texts = [
            (
                folded(heading.text),
                folded(heading.xpath("string(small)")),
                len(heading.xpath("following-sibling::ol[1]/li")),
            )
            for heading in page.root.xpath("//section[@id='results']/h2[@class='month']")
            if not heading.text.startswith("Expected")
        ]
        pages.append(texts)
        address = page.root.xpath("string(//a[@rel='next']/@href)")
    return pages


@pytest.mark.parametrize("query", ["", "order=oldest", "party=ml", "from=2025&to=2025"])
def test_heading_stands_once_and_counts_all_that_is_under_it(
    client: Client, vague: None, query: str
) -> None:
    pages = headings(client, f"/en/?{query}")
    assert query == "party=ml" or query.startswith("from") or len(pages) == 2
    cards: dict[str, int] = {}
    saids: dict[str, set[str]] = {}
    for number, page in enumerate(pages):
        names = [name for name, _said, _under in page]
        assert len(set(names)) == len(names)
        for place, (name, stated, under) in enumerate(page):
            plain = name.removesuffix(" (continued)")
            continued = plain in cards
            assert (plain != name) == continued
            assert not continued or (number > 0 and place == 0)
            cards[plain] = cards.get(plain, 0) + under
            saids.setdefault(plain, set()).add(stated)
    for name, (stated,) in saids.items():
        numbers = [int(number) for number in re.findall(r"\d+", stated)]
        assert (name, sum(numbers)) == (name, cards[name])
    if not query:
        (coming,) = saids["Upcoming"]
        assert re.fullmatch(r"\d+ planned, \d+ postponed", coming)


def test_page_that_begins_within_a_month_says_the_same_of_it(client: Client, db: None) -> None:
    for _number in range(60):
        make.an_event(date="2025-01-10", publication="published")
    make.an_event(date="2025", publication="published")
    make.an_event(date="2025-21", publication="published")
    assert headings(client, "/en/") == [
        [("January 2025", "60 events", 50)],
        [("January 2025 (continued)", "60 events", 10), ("2025", "2 events", 2)],
    ]
