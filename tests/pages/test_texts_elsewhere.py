"""Texts on the pages of events, parties, commitments and sources, and on cards."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.clock import set_today
from tests.parsed_page import Page
from timeline.models import Citation, Correction, Event, Instrument, Party

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "today")]

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 1 June 2026."""
    set_today(monkeypatch, dt.date(2026, 6, 1))


@pytest.fixture
def parties() -> tuple[Party, Party]:
    return make.a_state("ml", name_en="Mali"), make.a_state("ne", name_en="Niger")


@pytest.fixture
def summit(parties: tuple[Party, Party]) -> Event:
    """A published event of 6 July 2024."""
    return make.an_event(
        **SHOWN, parties=parties, slug="summit", title_en="Summit", date="2024-07-06"
    )


@pytest.fixture
def treaty(parties: tuple[Party, Party], summit: Event) -> Instrument:
    """A treaty that two parties signed at a summit."""
    text = make.a_text(*parties, slug="treaty", title_en="Treaty", **SHOWN)
    for party in parties:
        make.a_step(text, "signed", party, event=summit)
    return text


def section(client: Client, address: str) -> list[str]:
    return Page(client.get(address)).texts("//section[@aria-labelledby='texts']//li")


def card(client: Client) -> list[str]:
    return Page(client.get("/en/")).texts("//li[contains(@class,'event')]/div[@class='foot']/a")


# Events


def test_event_says_what_was_done_with_which_text(
    client: Client, treaty: Instrument, parties: tuple[Party, Party], summit: Event
) -> None:
    make.a_step(treaty, "ratified", parties[0], event=summit)
    hidden = make.a_text(*parties, title_en="Hidden")
    make.a_step(hidden, "signed", parties[0], event=summit)
    assert section(client, "/en/events/summit/") == ["TreatySigned: Mali, NigerRatified: Mali"]


def test_event_does_not_say_what_was_corrected(
    client: Client, treaty: Instrument, parties: tuple[Party, Party]
) -> None:
    wrong = treaty.steps.get(party=parties[1])
    make.a_step(treaty, "retracted", parties[1], corrects=wrong)
    assert section(client, "/en/events/summit/") == ["TreatySigned: Mali"]


def test_card_counts_the_texts_signed(
    client: Client, treaty: Instrument, parties: tuple[Party, Party], summit: Event
) -> None:
    assert card(client) == ["1 text signed", "0 sources"]
    other = make.a_text(*parties, title_en="Other", **SHOWN)
    make.a_step(other, "signed", parties[0], event=summit)
    make.a_step(other, "adopted", parties[0], event=summit)
    make.a_step(other, "ratified", parties[0], event=summit)
    assert card(client) == ["2 texts signed", "1 text ratified", "0 sources"]
    Instrument.objects.update(publication="withdrawn", withdrawn_reason_en="Twice.")
    assert card(client) == ["0 sources"]


def test_card_counts_texts_of_which_it_names_no_act(
    client: Client, summit: Event, parties: tuple[Party, Party]
) -> None:
    text = make.a_text(*parties, title_en="Other", **SHOWN)
    make.a_step(text, "adopted", parties[0], event=summit)
    make.a_step(text, "initialled", parties[0], event=summit)
    assert card(client) == ["1 text", "0 sources"]


def test_card_follows_a_correction_that_names_no_event(
    client: Client, treaty: Instrument, parties: tuple[Party, Party]
) -> None:
    for party in parties:
        wrong = treaty.steps.get(party=party)
        make.a_step(treaty, "signed", party, "2024-07-07", corrects=wrong)
    assert card(client) == ["0 sources"]


# Parties


def test_party_lists_its_texts_with_their_statuses(
    client: Client, treaty: Instrument, parties: tuple[Party, Party]
) -> None:
    other = make.a_text(
        *parties, slug="other", title_en="Other", date="2025-01-01", binds="by_signature", **SHOWN
    )
    make.a_step(other, "signed", parties[0], "2025-01-01")
    make.a_text(*parties, title_en="Hidden")
    page = Page(client.get("/en/parties/ml/"))
    links = page.root.xpath("//section[@aria-labelledby='texts']/p/a")
    assert [(" ".join(a.text_content().split()), a.get("href")) for a in links] == [
        ("Consented 1", "/en/instruments/?party=ml&status=consented"),
        ("Signed 1", "/en/instruments/?party=ml&status=signed"),
        ("No source seen for a ratification: 1", "/en/instruments/?party=ml&waiting=1"),
    ]
    assert section(client, "/en/parties/ml/") == [
        "Other, 1 Jan 2025Consented since 1 January 2025",
        "Treaty, 6 Jul 2024Signed since 6 July 2024",
    ]
    assert section(client, "/en/parties/ml/?asof=2024-12-31") == [
        "Treaty, 6 Jul 2024Signed since 6 July 2024"
    ]


# Commitments and sources


def test_commitment_says_in_which_article_of_which_text_it_stands(
    client: Client, treaty: Instrument, summit: Event, parties: tuple[Party, Party]
) -> None:
    made = make.a_commitment(summit, slug="promise", instrument=treaty, article="art. 6", **SHOWN)
    made.party_links.create(party=parties[0], role="obligor")
    fact = "//dt[.='Stands in']/following-sibling::dd[1]"
    row = "//li[@class='promise']//p[contains(.,'stands in')]"
    assert Page(client.get("/en/commitments/promise/")).texts(fact) == ["Treaty, art. 6"]
    for address in ("/en/commitments/", "/en/events/summit/"):
        assert Page(client.get(address)).texts(row) == ["stands in: Treaty, art. 6"]
    Instrument.objects.update(publication="draft")
    assert Page(client.get("/en/commitments/promise/")).texts(fact) == []
    assert Page(client.get("/en/commitments/")).texts(row) == []


def test_source_lists_the_facts_of_texts_that_rest_on_it(
    client: Client, treaty: Instrument, parties: tuple[Party, Party]
) -> None:
    source = make.a_source(pk=7)
    step = treaty.steps.get(party=parties[0])
    Citation.objects.create(instrument=treaty, field="binds", source=source)
    Citation.objects.create(instrument=treaty, source=source)
    Citation.objects.create(instrument_step=step, field="done", source=source)
    hidden = make.a_text(*parties, title_en="Hidden")
    Citation.objects.create(instrument=hidden, source=source)
    listed = Page(client.get("/en/sources/7/")).texts("//h3[.='Texts']/following-sibling::ul[1]/li")
    assert listed == [
        "Treaty how it binds / the record as a whole / 6 July 2024, day done "
        "· stated, confidence: high Stated: the source says it itself. "
        "High confidence: the source is plain, and close to what it tells."
    ]


# What changed


def test_changes_and_corrections_include_texts(client: Client, treaty: Instrument) -> None:
    Correction.objects.create(instrument=treaty, made_on="2026-01-01", text_en="Its date.")
    changes = Page(client.get("/en/changes/")).texts("//ol/li")
    assert ["Treaty text, added" in change for change in changes].count(True) == 1
    assert Page(client.get("/en/corrections/")).texts("//ol/li/small") == ["Treaty"]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"), [("parties/ml/", 53), ("events/summit/", 32), ("sources/7/", 29)]
)
def test_pages_ask_the_same_number_of_queries_for_any_number_of_texts(
    client: Client, parties: tuple[Party, Party], summit: Event, count: int, address: str,
    queries: int, django_assert_num_queries: Any,
) -> None:  # fmt: skip
    source = make.a_source(pk=7)
    for number in range(count):
        text = make.a_text(*parties, title_en=f"Text {number}", **SHOWN)
        step = make.a_step(text, "signed", parties[0], event=summit)
        Citation.objects.create(instrument_step=step, source=source)
    client.get(f"/en/{address}")
    with django_assert_num_queries(queries):
        assert client.get(f"/en/{address}?x=1").status_code == 200


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("day", ["", "?asof=2025-01-01"])
def test_numbers_on_the_page_of_a_party_are_what_their_links_find(client: Client, day: str) -> None:
    followed = 0
    for code in ("aes", "bf", "ml", "ne", "ru"):
        page = Page(client.get(f"/en/parties/{code}/{day}"))
        for link in page.root.xpath("//section[@aria-labelledby='texts']/p/a"):
            (number,) = re.findall(r"\d+", link.text_content())
            found = Page(
                client.get(f"/en/instruments/{link.get('href').removeprefix('/en/instruments/')}")
            )
            assert found.text("//h2[@id='found']").split()[0] == number, link.get("href")
            followed += 1
    assert followed >= 9


# The timeline


def test_text_leads_to_its_events_on_the_timeline(client: Client, treaty: Instrument) -> None:
    make.an_event(**SHOWN, slug="other", title_en="Other", date="2024-08-01")
    links = "//section[@aria-labelledby='events']/p/a/@href"
    (address,) = Page(client.get("/en/instruments/treaty/")).root.xpath(links)
    found = Page(client.get(address)).titles
    assert found == ["Summit"]
    assert Page(client.get("/en/instruments/treaty/?asof=2025-01-01")).root.xpath(links) == []
