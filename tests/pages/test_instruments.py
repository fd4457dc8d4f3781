"""The page of a text, with the status table of its parties."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.clock import set_today
from tests.parsed_page import Page
from timeline.actions.publication import keep_former_address
from timeline.models import Citation, Event, Instrument, Party

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
    """A treaty that two parties signed at a summit and that one of them ratified."""
    mali, niger = parties
    text = make.a_text(mali, niger, slug="treaty", title_en="Treaty", **SHOWN)
    for party in parties:
        make.a_step(text, "signed", party, event=summit)
    make.a_step(text, "approved_at_home", mali, "2024-11-20", note_en="By 130 votes.")
    make.a_step(text, "ratified", mali, "2025-01-15", effect="2025-02")
    return text


def page(client: Client, query: str = "") -> Page:
    return Page(client.get(f"/en/instruments/treaty/{query}"))


def table(page: Page) -> list[list[str]]:
    """The status table, without what a status means."""
    for small in page.root.xpath("//div[contains(@class,'statuses')]//small[@class='soft']"):
        small.drop_tree()
    rows = page.root.xpath("//div[contains(@class,'statuses')]//tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


# The status table


def test_status_table_has_parties_by_the_acts_that_occur(
    client: Client, treaty: Instrument
) -> None:
    assert table(page(client)) == [
        ["Party", "Status", "Signed", "Approved at home", "Ratified"],
        [
            "Mali",
            "Consented since 15 January 2025",
            "6 Jul 2024: Summit",
            "20 Nov 2024 By 130 votes.",
            "15 Jan 2025 takes effect: Feb 2025",
        ],
        ["Niger", "Signed since 6 July 2024", "6 Jul 2024: Summit", "", ""],
    ]


def test_status_table_in_french(client: Client, treaty: Instrument) -> None:
    in_french = Page(client.get("/fr/instruments/treaty/"))
    assert table(in_french)[0] == [
        *("Partie", "Statut", "Signature", "Approbation interne", "Ratification"),
    ]


def test_status_table_as_of_a_day_has_no_later_step(client: Client, treaty: Instrument) -> None:
    assert table(page(client, "?asof=2025-01-01")) == [
        ["Party", "Status", "Signed", "Approved at home"],
        ["Mali", "Signed since 6 July 2024", "6 Jul 2024: Summit", "20 Nov 2024 By 130 votes."],
        ["Niger", "Signed since 6 July 2024", "6 Jul 2024: Summit", ""],
    ]
    assert "As of 1 January 2025" in page(client, "?asof=2025-01-01").text("//*[@role='note']")


def test_steps_of_the_whole_text_have_a_row_of_their_own(
    client: Client, treaty: Instrument, parties: tuple[Party, Party]
) -> None:
    mali, niger = parties
    make.a_step(treaty, "ratified", niger, "2025-03-01")
    later = make.a_text(mali, niger, slug="later", title_en="Later treaty", date="2026-01-01")
    make.a_step(treaty, "entered_into_force", done="2025-04-01")
    make.a_step(treaty, "amended", done="2026-01-01", later_instrument=later)
    whole = "The whole text", "Entered into force: 1 Apr 2025 Amended: 1 Jan 2026"
    assert table(page(client))[-1] == [*whole]
    Instrument.objects.filter(pk=later.pk).update(publication="published")
    assert table(page(client))[-1] == [whole[0], f"{whole[1]} by the text: Later treaty"]
    assert [row[:2] for row in table(page(client))[1:3]] == [
        ["Mali", "Bound since 1 April 2025"],
        ["Niger", "Bound since 1 April 2025"],
    ]


def test_corrected_step_is_struck_through_and_its_correction_stands_beside(
    client: Client, treaty: Instrument, parties: tuple[Party, Party]
) -> None:
    mali, niger = parties
    wrong = make.a_step(treaty, "ratified", niger, "2025-02-01")
    make.a_step(treaty, "approved_at_home", niger, "2025-02-01", corrects=wrong)
    ratified = treaty.steps.get(act="ratified", party=mali)
    make.a_step(treaty, "ratified", mali, "2025-01-16", corrects=ratified)
    shown = page(client)
    assert table(shown)[1:] == [
        [
            "Mali",
            "Consented since 16 January 2025",
            "6 Jul 2024: Summit",
            "20 Nov 2024 By 130 votes.",
            "15 Jan 2025 takes effect: Feb 2025 corrected: see the other date16 Jan 2025",
        ],
        [
            "Niger",
            "Signed since 6 July 2024",
            "6 Jul 2024: Summit",
            "1 Feb 2025",
            "1 Feb 2025 corrected: Approved at home, 1 Feb 2025",
        ],
    ]
    assert shown.texts("//s") == ["15 Jan 2025 takes effect: Feb 2025", "1 Feb 2025"]


def test_step_that_never_was_is_struck_through_with_the_reason(
    client: Client, treaty: Instrument, parties: tuple[Party, Party]
) -> None:
    ratified = treaty.steps.get(act="ratified")
    make.a_step(
        treaty, "retracted", parties[0], "2025-01-15", corrects=ratified, note_en="Of another text."
    )
    assert table(page(client))[1][4] == (
        "15 Jan 2025 takes effect: Feb 2025 "
        "corrected: nothing of the kind was done: Of another text."
    )
    assert table(page(client))[1][1] == "Signed since 6 July 2024"


def test_withdrawn_step_says_so(
    client: Client, treaty: Instrument, parties: tuple[Party, Party]
) -> None:
    mali, niger = parties
    reserved = make.a_step(treaty, "reservation", mali, "2025-01-15")
    make.a_step(treaty, "objection", niger, "2025-02-01", regards=reserved)
    make.a_step(treaty, "withdrawn", mali, "2025-05-01", regards=reserved, effect="2025-06-01")
    shown = table(page(client))
    assert [row[5:] for row in shown] == [
        ["Made a reservation", "Objected to a reservation"],
        ["15 Jan 2025 withdrawn: 1 May 2025 takes effect: 1 Jun 2025", ""],
        ["", "1 Feb 2025 to the reservation: Mali, 15 Jan 2025"],
    ]


def test_cell_leads_to_its_event_unless_that_is_hidden(
    client: Client, treaty: Instrument, summit: Event
) -> None:
    links = "//div[contains(@class,'statuses')]//td//a[contains(@href,'/events/')]/@href"
    assert page(client).root.xpath(links) == ["/en/events/summit/"] * 2
    assert page(client).texts("//section[@aria-labelledby='events']//li/a") == ["Summit"]
    Event.objects.filter(pk=summit.pk).update(publication="draft")
    assert page(client).root.xpath(links) == []
    assert "Summit" not in client.get("/en/instruments/treaty/").content.decode()


def test_facts_and_steps_carry_the_numbers_of_their_sources(
    client: Client, treaty: Instrument
) -> None:
    source = make.a_source(title="Journal officiel")
    ratified = treaty.steps.get(act="ratified")
    Citation.objects.create(instrument=treaty, field="binds", source=source)
    Citation.objects.create(instrument_step=ratified, source=make.a_source(title="Agency"))
    shown = page(client)
    assert shown.text("//*[@id='binds']") == "Binds by ratificationsource 1"
    assert table(shown)[1][4] == "15 Jan 2025 takes effect: Feb 2025source 2"
    assert shown.texts("//ol[@class='sources']/li/p/a[1]") == ["Journal officiel", "Agency"]


def test_source_that_says_otherwise_stands_beside_the_step(
    client: Client, treaty: Instrument
) -> None:
    ratified = treaty.steps.get(act="ratified")
    source = make.a_source(title="Agency", publisher="Agency")
    Citation.objects.create(
        instrument_step=ratified, field="done", source=source, value_given="2025-01-17"
    )
    assert "⚑ Agency says otherwise: 17 January 2025." in table(page(client))[1][4]


# What is waited for


def test_ratification_that_is_waited_for_is_said(client: Client, treaty: Instrument) -> None:
    assert page(client).texts("//section[@aria-labelledby='statuses']/p[@class='note']") == [
        "No source seen for a ratification by Niger, signed 6 July 2024."
    ]
    before = page(client, "?asof=2025-07-06")
    assert before.texts("//section[@aria-labelledby='statuses']/p[@class='note']") == []


# Its commitments and events


def test_commitments_stand_in_the_order_of_the_articles(
    client: Client, treaty: Instrument, summit: Event
) -> None:
    for number, article in enumerate(("art. 10", "", "art. 2", "preamble", "annex 1"), start=1):
        make.a_commitment(
            summit, slug=f"c{number}", title_en=f"Of {article}", instrument=treaty,
            article=article, **SHOWN,
        )  # fmt: skip
    make.a_commitment(summit, slug="draft", title_en="Draft", instrument=treaty, article="art. 1")
    titles = page(client).texts("//section[@aria-labelledby='commitments']//h3")
    assert titles == ["Of preamble", "Of art. 2", "Of art. 10", "Of annex 1", "Of"]


# By address


def test_text_is_not_on_record_before_its_date(client: Client, treaty: Instrument) -> None:
    before = page(client, "?asof=2024-07-05")
    assert before.texts("//article/*") == ["Treaty", "By that day this text was not on record."]
    assert page(client, "?asof=soon").status == 400


def test_withdrawn_text_gives_the_reason(client: Client, treaty: Instrument) -> None:
    treaty.publication, treaty.withdrawn_reason_en = "withdrawn", "It was never signed."
    treaty.save()
    response = client.get("/en/instruments/treaty/")
    assert response.status_code == 410
    assert "It was never signed." in response.content.decode()


def test_draft_is_no_page(client: Client, treaty: Instrument) -> None:
    Instrument.objects.update(publication="draft")
    assert page(client).status == 404


def test_former_slug_redirects(client: Client, treaty: Instrument) -> None:
    treaty.slug = "renamed"
    treaty.save()
    keep_former_address(record=treaty, former="treaty")
    response = client.get("/en/instruments/treaty/?asof=2025-01-01")
    assert (response.status_code, response["Location"]) == (
        302,
        "/en/instruments/renamed/?asof=2025-01-01",
    )


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_same_number_of_queries_of_any_text(
    client: Client, treaty: Instrument, summit: Event, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        event = make.an_event(slug=f"e{number}", date="2025-05-01", **SHOWN)
        party = make.a_state(f"x{number}")
        treaty.parties.add(party)
        step = make.a_step(treaty, "acceded", party, "2025-05-01", event=event)
        make.a_step(treaty, "reservation", party, "2025-05-01", event=event)
        Citation.objects.create(instrument_step=step, source=make.a_source(title=f"S{number}"))
        made = make.a_commitment(summit, slug=f"c{number}", instrument=treaty, **SHOWN)
        made.party_links.create(party=party, role="obligor")
    client.get("/en/instruments/treaty/")
    with django_assert_num_queries(20):
        assert page(client, "?asof=2026-01-01").status == 200


# Its life as a picture, and its card


def test_picture_has_a_line_for_each_party_and_leads_to_events(
    client: Client, treaty: Instrument
) -> None:
    (wide, phone) = page(client).root.xpath("//figure[@class='text-life']/svg")
    for svg in (wide, phone):
        assert svg.xpath(".//text[@class='name']/text()") == ["Mali", "Niger"]
        assert svg.xpath(".//title/text()") == [
            "Mali, Signed, 6 July 2024",
            "Mali, Approved at home, 20 November 2024",
            "Mali, Ratified, 15 January 2025",
            "Niger, Signed, 6 July 2024",
        ]
        assert svg.xpath(".//a/@href") == ["/en/events/summit/"] * 2
        assert svg.xpath("string(desc)") == "On 1 June 2026: Mali (consented), Niger (signed)."
    assert page(client, "?asof=2024-07-05").root.xpath("//figure") == []


def test_picture_and_card_are_files(client: Client, treaty: Instrument) -> None:
    svg = client.get("/en/instruments/treaty/picture.svg?asof=2024-12-31")
    assert (svg.status_code, svg["Content-Type"]) == (200, "image/svg+xml")
    assert "On 31 December 2024: Mali (signed), Niger (signed)." in svg.content.decode()
    assert "<a " not in svg.content.decode()
    for address in ("treaty/picture.png", "treaty.png"):
        png = client.get(f"/en/instruments/{address}")
        assert (png.status_code, png.content[:4]) == (200, b"\x89PNG")
    assert client.get("/en/instruments/treaty/picture.svg?asof=2024-01-01").status_code == 404
    Instrument.objects.update(publication="draft")
    for address in ("treaty/picture.svg", "treaty/picture.png", "treaty.png"):
        assert client.get(f"/en/instruments/{address}").status_code == 404


def test_page_names_its_card_where_it_is_shared(client: Client, treaty: Instrument) -> None:
    head = page(client).root.xpath("//meta[@property='og:image']/@content")
    assert head == ["http://testserver/en/instruments/treaty.png"]
