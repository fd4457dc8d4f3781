"""Two parties side by side, with numbers that their links find."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories as make
from tests.caches import clear_caches
from tests.parsed_page import Page
from timeline.actions.publication import keep_former_address
from timeline.models import CommitmentParty, Event, InstrumentStep, Party

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}
ROWS = "//table[@aria-labelledby='in-numbers']/tbody/tr"


def get(client: Client, address: str) -> Page:
    return Page(client.get(address))


def numbers(page: Page) -> dict[str, list[str]]:
    return {
        " ".join(row.xpath("string(./th)").split()): [
            cell.text_content().strip() for cell in row.xpath("./td")
        ]
        for row in page.root.xpath(ROWS)
    }


@pytest.fixture
def parties() -> tuple[Party, Party]:
    return make.a_state("ru", name_en="Russia"), make.a_state("ml", name_en="Mali")


def promised(event: Event, *, obligor: Party, beneficiary: Party) -> None:
    commitment = make.a_commitment(event, **SHOWN)
    for party, role in ((obligor, "obligor"), (beneficiary, "beneficiary")):
        CommitmentParty.objects.create(commitment=commitment, party=party, role=role)


def test_parties_are_compared_in_numbers(client: Client, parties: tuple[Party, Party]) -> None:
    russia, mali = parties
    event = make.an_event(parties=parties, **SHOWN)
    make.an_event(parties=(russia,), **SHOWN)
    make.an_event(parties=parties)
    promised(event, obligor=russia, beneficiary=mali)
    promised(event, obligor=russia, beneficiary=mali)
    promised(event, obligor=mali, beneficiary=russia)
    text = make.a_text(*parties, binds="by_ratification", date="2024", **SHOWN)
    for party in parties:
        make.a_step(text, "signed", party, done="2024-01-01")
    page = get(client, "/en/compare/ru/ml/")
    assert page.text("//h1") == "Russia and Mali"
    assert page.texts("//aside//h2") == ["Compare others", "At another date"]
    assert numbers(page) == {
        "Events of each": ["2", "1"],
        "Events of both": ["1"],
        "Commitments that it owes the other": ["2", "1"],
        "Announced": ["2", "1"],
        "Without evidence for 270 days": ["2", "1"],
        "Texts with both": ["1"],
        "Texts whose status is, for both: Signed": ["1"],
        "Texts that wait for the ratification of both": ["1"],
    }
    assert numbers(get(client, "/en/compare/ml/ru/"))["Events of each"] == ["1", "2"]


def test_ten_texts_of_both_are_listed_the_newest_first(
    client: Client, parties: tuple[Party, Party]
) -> None:
    section = "//section[@aria-labelledby='texts']"
    for number in range(10):
        make.a_text(*parties, date=str(2001 + number), title_en=f"Text {number}", **SHOWN)
    page = get(client, "/en/compare/ru/ml/")
    assert page.texts(f"{section}//a") == [f"Text {number}" for number in range(9, -1, -1)]
    make.a_text(*parties, date="2020", title_en="Text 10", **SHOWN)
    page = get(client, "/en/compare/ru/ml/")
    newest = [f"Text {number}" for number in range(10, 0, -1)]
    assert page.texts(f"{section}//a") == [*newest, "All 11 texts"]


def test_number_until_a_day_is_said_of_a_comparison_as_of_that_day_alone(
    client: Client, parties: tuple[Party, Party]
) -> None:
    make.an_event(parties=parties, date="2025-04-03", **SHOWN)
    make.an_event(parties=parties, date="2025-06-03", **SHOWN)
    said = "event on the timeline until that day"
    assert f"1 {said}" in get(client, "/en/compare/ru/ml/?asof=2025-05-01").text("//main")
    assert "until that day" not in get(client, "/en/compare/ru/ml/").text("//main")


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "address", ["ru/ml/", "aes/ru/", "ecowas/ml/", "ru/ml/?asof=2025-06-01", "eg/ng/"]
)
def test_each_number_of_a_comparison_is_what_its_link_finds(client: Client, address: str) -> None:
    page = get(client, f"/en/compare/{address}")
    stated = {
        link.get("href"): link.text_content().strip() for link in page.root.xpath(f"{ROWS}/td/a")
    }
    found = {}
    for link in stated:
        (heading,) = get(client, link).texts("//*[@id='found']")
        found[link] = re.match(r"[\d,]+", heading)[0]  # type: ignore[index]
    assert found == stated
    assert len(stated) >= 2


@pytest.mark.usefixtures("demo")
def test_whose_turn_it_is_is_said_of_what_both_belong_to(client: Client) -> None:
    turns = "//section[@aria-labelledby='turns']//h3"
    assert sorted(get(client, "/en/compare/ru/ml/").texts(turns)) == [
        "Russia–AES consultations",
        "Russia–Mali intergovernmental commission",
    ]
    assert get(client, "/en/compare/ru/ecowas/").texts(turns) == []
    before = get(client, "/en/compare/ru/ml/?asof=2025-01-01")
    assert before.texts(turns) == []


@pytest.mark.usefixtures("demo")
def test_events_of_both_parties_stand_on_one_axis_of_time(client: Client) -> None:
    page = get(client, "/en/compare/ru/ml/")
    lanes = "//section[@aria-labelledby='over-time']//table/tbody/tr/td[1]"
    assert [*dict.fromkeys(page.texts(lanes))][:2] == ["Mali", "Russia"]
    assert page.text("//h2[@id='events']") == "12 events"


def test_axis_of_time_has_the_events_of_one_party_alone(
    client: Client, parties: tuple[Party, Party]
) -> None:
    russia, mali = parties
    make.an_event(title_en="Of both", parties=parties, **SHOWN)
    make.an_event(title_en="Of Russia", parties=(russia,), **SHOWN)
    make.an_event(title_en="Of Mali", parties=(mali,), **SHOWN)
    page = get(client, "/en/compare/ru/ml/")
    rows = page.root.xpath("//section[@aria-labelledby='over-time']//table/tbody/tr")
    titles = {
        (row.xpath("string(./td[1])").strip(), row.xpath("string(./td[3])").strip()) for row in rows
    }
    assert titles == {
        *(("Mali", title) for title in ("Of both", "Of Mali")),
        *(("Russia", title) for title in ("Of both", "Of Russia")),
    }


def test_parties_that_readers_may_not_see_are_not_compared(
    client: Client, parties: tuple[Party, Party]
) -> None:
    make.an_event(parties=parties[:1], **SHOWN)
    make.an_event(parties=parties[1:])
    statuses = {
        pair: client.get(f"/en/compare/{pair}/").status_code
        for pair in ("ru/ml", "ml/ru", "ru/nowhere", "nowhere/ru")
    }
    assert statuses == dict.fromkeys(statuses, 404)


def test_party_beside_itself_and_former_codes_redirect(
    client: Client, parties: tuple[Party, Party]
) -> None:
    make.an_event(parties=parties, **SHOWN)
    assert client.get("/en/compare/ru/ru/?asof=2025-01-01")["Location"] == (
        "/en/parties/ru/?asof=2025-01-01"
    )
    mali = parties[1]
    before, mali.code = mali.code, "sudan"
    mali.save()
    keep_former_address(record=mali, former=before)
    clear_caches()
    response = client.get("/en/compare/ru/ml/?asof=2025-06-01")
    assert (response.status_code, response["Location"]) == (
        302,
        "/en/compare/ru/sudan/?asof=2025-06-01",
    )
    assert client.get("/en/compare/?party=ml&party=ru")["Location"] == "/en/compare/sudan/ru/"


def test_dissolved_state_is_said_to_be(client: Client, parties: tuple[Party, Party]) -> None:
    union = make.a_state("suhh", name_en="Soviet Union", dissolved="1991-12-26")
    make.an_event(date="1985", parties=(union, parties[1]), **SHOWN)
    page = get(client, "/en/compare/suhh/ml/")
    assert page.texts("//div[@class='meta']/div") == [
        "Soviet Union, State, dissolved 26 December 1991",
        "Mali, State",
    ]


def test_two_parties_are_chosen_in_a_form(client: Client, parties: tuple[Party, Party]) -> None:
    make.an_event(parties=parties, **SHOWN)
    other = make.a_state("ne", name_en="Niger")
    make.an_event(parties=(other,), **SHOWN)
    page = get(client, "/en/compare/?party=ml")
    assert page.texts("//select[@id='second']/option") == ["—", "Mali", "Niger", "Russia"]
    assert page.texts("//option[@selected]") == ["Mali"]
    redirected = client.get("/en/compare/?party=ru&party=ml")
    assert (redirected.status_code, redirected["Location"]) == (302, "/en/compare/ru/ml/")
    offered = get(client, "/en/parties/ml/").texts("//select[@id='other']/option")
    assert offered == ["—", "Russia"]
    assert get(client, "/en/parties/ne/").texts("//select[@id='other']") == []


@pytest.mark.parametrize(
    ("query", "said", "chosen"),
    [
        ("party=ml&party=ml", "Choose two different parties.", ["Mali", "Mali"]),
        ("party=ml&party=ru&party=ml", "Choose two different parties.", ["Mali", "Russia"]),
        (
            "party=ml&party=nowhere",
            "No such party is on record. Choose two from the lists.",
            ["Mali"],
        ),
    ],
)
def test_choice_that_cannot_be_compared_is_refused_and_kept(
    client: Client, parties: tuple[Party, Party], query: str, said: str, chosen: list[str]
) -> None:
    make.an_event(parties=parties, **SHOWN)
    page = get(client, f"/en/compare/?{query}")
    assert (page.status, page.text("//*[@id='problems']")) == (400, said)
    assert page.texts("//option[@selected]") == chosen


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_a_comparison(
    client: Client,
    parties: tuple[Party, Party],
    django_assert_max_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    for _ in range(number):
        event = make.an_event(parties=parties, **SHOWN)
        promised(event, obligor=parties[0], beneficiary=parties[1])
        make.a_step(make.a_text(*parties, **SHOWN), "signed", parties[0])
    assert InstrumentStep.objects.count() == number
    get(client, "/en/compare/ru/ml/")
    with django_assert_max_num_queries(140):
        get(client, "/en/compare/ru/ml/")
