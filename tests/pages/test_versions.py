"""The published versions of a record: readable as they were, under numbers that stay."""

import datetime as dt
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.pages.test_changes import APRIL, JUNE, MAY, done_at, edited, published
from tests.parsed_page import Page
from timeline.actions import events, publication
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    CommitmentParty,
    Event,
    EventPlace,
    EventSector,
    HostOrder,
    Office,
    Participation,
    PartyName,
    Side,
    Statement,
    StatusUpdate,
)
from timeline.queries.versions import versions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]

LINES: Final = "//ol[contains(@class,'changes')]/li"
DAY: Final = dt.timedelta(days=1)

NAMED: Final = (
    "Other records are named as they are today, and left out where they are not public any more."
)


def page_of(client: Client, address: str, status: int = 200) -> Page:
    response = client.get(f"/en/{address}")
    assert response.status_code == status
    return Page(response)


def texts(noun: str, record: Any) -> list[tuple[int, str, str, str]]:
    """The number, the English title and the days of each version."""
    return [
        (
            version.number,
            version.text.row.title_en,
            version.since.date().isoformat(),
            version.until.date().isoformat() if version.until else "",
        )
        for version in versions(noun, record)
    ]


@pytest.fixture
def talks() -> Event:
    """Talks whose draft of April was published in May and changed in June."""
    event = make.an_event(slug="talks", title_en="Secret talks")
    done_at(event, APRIL)
    edited(event, APRIL + DAY, title_en="Talks")
    published(event, MAY)
    edited(event, JUNE, title_en="Talks in Bamako", date="2025-04")
    return event


def test_version_is_a_text_that_readers_saw(talks: Event) -> None:
    assert texts("event", talks) == [
        (1, "Talks", "2026-05-03", "2026-06-03"),
        (2, "Talks in Bamako", "2026-06-03", ""),
    ]


def test_edit_that_readers_do_not_see_makes_no_version(talks: Event) -> None:
    edited(talks, JUNE + DAY, folded_text=" other ")
    assert [number for number, *_ in texts("event", talks)] == [1, 2]


def test_two_rows_of_one_request_are_one_version(talks: Event) -> None:
    edited(talks, JUNE + DAY, title_en="Half of a change")
    edited(talks, JUNE + DAY + dt.timedelta(milliseconds=999), title_en="All of it")
    assert [title for _, title, *_ in texts("event", talks)] == [
        *("Talks", "Talks in Bamako", "All of it"),
    ]


def test_text_written_while_withdrawn_is_a_version_once_published_again(talks: Event) -> None:
    publication.withdraw(record=talks, reason_en="Entered twice.")
    done_at(talks, JUNE + DAY)
    edited(talks, JUNE + 2 * DAY, title_en="Never seen")
    edited(talks, JUNE + 3 * DAY, title_en="Seen again")
    published(talks, JUNE + 4 * DAY)
    assert texts("event", talks)[1:] == [
        (2, "Talks in Bamako", "2026-06-03", "2026-06-07"),
        (3, "Seen again", "2026-06-07", ""),
    ]


def promised(event: Event) -> Commitment:
    commitment = make.a_commitment(event, slug="gas", title_en="Gas")
    for row in (commitment, *commitment.updates.all()):
        done_at(row, APRIL)
    return commitment


def test_text_of_a_commitment_is_a_version_once_its_event_is_public() -> None:
    event = make.an_event()
    done_at(event, APRIL)
    gas = promised(event)
    published(gas, APRIL)
    edited(gas, APRIL + DAY, title_en="More gas")
    assert texts("commitment", gas) == []
    published(event, MAY)
    edited(gas, JUNE, title_en="Much more gas")
    publication.withdraw(record=event, reason_en="Entered twice.")
    done_at(event, JUNE + DAY)
    edited(gas, JUNE + 2 * DAY, title_en="Never seen")
    edited(gas, JUNE + 3 * DAY, title_en="Seen again")
    published(event, JUNE + 4 * DAY)
    assert texts("commitment", gas) == [
        (1, "More gas", "2026-05-03", "2026-06-03"),
        (2, "Much more gas", "2026-06-03", "2026-06-07"),
        (3, "Seen again", "2026-06-07", ""),
    ]


def test_list_says_what_each_version_changed_the_newest_first(client: Client, talks: Event) -> None:
    page = page_of(client, "events/talks/versions/")
    assert page.texts(LINES) == [
        "3 June 2026 Version 2 the last one Title Talks → Talks in Bamako "
        "Date 3 April 2025 → April 2025",
        "3 May 2026 Version 1",
    ]
    links = page.root.xpath(f"{LINES}/a/@href")
    assert links == [f"/en/events/talks/versions/{number}/" for number in (2, 1)]
    assert "Secret" not in page.text("//main")


def test_former_version_is_shown_as_it_was_and_says_what_differs_today(
    client: Client, talks: Event
) -> None:
    page = page_of(client, "events/talks/versions/1/")
    assert page.text("//div[@role='note']/p[1]") == (
        "Version 1, as readers saw it from 3 May 2026 to 3 June 2026. "
        f"It is not the present text of the record. {NAMED}"
    )
    assert page.text("//h1") == "Talks"
    assert page.texts("(//dl[@class='facts'])[1]/*") == [
        *("Kind", "Meeting", "Date", "3 April 2025", "State", "Held"),
    ]
    assert page.text("//section[@aria-labelledby='differences']/dl") == (
        "Title Talks → Talks in Bamako Date 3 April 2025 → April 2025"
    )


def test_last_version_is_said_to_be_the_present_text(client: Client, talks: Event) -> None:
    page = page_of(client, "events/talks/versions/2/")
    assert page.text("//div[@role='note']/p[1]") == (
        "Version 2, as readers see it since 3 June 2026. It is the present text of the record. "
        f"{NAMED}"
    )
    assert page.texts("//section[@aria-labelledby='differences']") == []


def test_versions_lead_robots_to_the_record(client: Client, talks: Event) -> None:
    for path in ("versions/", "versions/1/"):
        response = client.get(f"/en/events/talks/{path}")
        assert response.headers["X-Robots-Tag"] == "noindex"
        canonical = Page(response).root.xpath("//link[@rel='canonical']/@href")
        assert canonical == ["http://testserver/en/events/talks/"]


def test_number_that_no_version_has_is_not_found(client: Client, talks: Event) -> None:
    for number in (0, 3, 99999999999999999999):
        page_of(client, f"events/talks/versions/{number}/", 404)


def test_former_slug_leads_to_the_same_version(client: Client, talks: Event) -> None:
    edited(talks, JUNE + DAY, slug="renamed")
    publication.keep_former_address(record=talks, former="talks")
    moved = client.get("/en/events/talks/versions/1/")
    assert (moved.status_code, moved["Location"]) == (302, "/en/events/renamed/versions/1/")


@pytest.mark.parametrize("path", ["versions/", "versions/1/"])
def test_versions_of_a_withdrawn_record_are_gone(client: Client, talks: Event, path: str) -> None:
    publication.withdraw(record=talks, reason_en="Entered twice.")
    page = page_of(client, f"events/talks/{path}", 410)
    assert "Bamako" not in page.text("//main")


def test_versions_of_a_commitment_go_with_its_event(client: Client, talks: Event) -> None:
    published(promised(talks), JUNE)
    assert page_of(client, "commitments/gas/versions/1/").text("//h1") == "Gas"
    publication.withdraw(record=talks, reason_en="Entered twice.")
    page_of(client, "commitments/gas/versions/1/", 410)


def test_record_that_was_written_in_bulk_has_no_versions(client: Client, talks: Event) -> None:
    Event.history.all().delete()
    assert page_of(client, "events/talks/versions/").texts(LINES) == [
        "This record was entered with many others at once, and no version of it was kept."
    ]


def facts_of(page: Page) -> list[str]:
    return page.texts("(//dl[@class='facts'])[1]/*")


def changed_by(page: Page, number: int) -> str:
    """What a version changed, as the list of versions says it."""
    (line,) = (line for line in page.texts(LINES) if f" Version {number}" in line)
    return line.partition(f" Version {number}")[2].removeprefix(" the last one").strip()


def test_version_holds_the_parts_of_the_record(client: Client, talks: Event) -> None:
    mali, russia = make.a_state("ml", name_en="Mali"), make.a_state("ru", name_en="Russia")
    moscow, trade = make.a_place(name_en="Moscow"), make.a_sector(name_en="Trade")
    person = make.a_person("diop", name_en="Diop")
    rows: list[Any] = [
        Participation.objects.create(event=talks, party=mali, role="participant"),
        Participation.objects.create(event=talks, party=russia, role="host"),
    ]
    events.refresh_derived(events=[talks.pk])
    rows += [
        Attendance.objects.create(event=talks, person=person, party=mali, role="head"),
        EventPlace.objects.create(event=talks, place=moscow, venue_en="Palace"),
        EventSector.objects.create(event=talks, sector=trade),
        Statement.objects.create(event=talks, person=person, language="fr", text="Bon"),
        Citation.objects.create(event=talks, source=make.a_source(title="Report")),
    ]
    for row in rows:
        done_at(row, JUNE + DAY)
    host = rows[1]
    host.delete()
    done_at_end_of(host, JUNE + 2 * DAY)
    page = page_of(client, "events/talks/versions/3/")
    assert facts_of(page)[6:] == [
        *("Parties", "Mali Russia (Host)"),
        *("People present", "Diop (Mali, Head of delegation)"),
        *("Place", "Moscow (Palace)"),
        *("Sectors", "Trade"),
        *("Words", "Diop: “Bon”"),
        *("Sources", "Report"),
    ]
    assert page.text("//section[@aria-labelledby='differences']/dl") == "Parties Russia (Host) → —"
    former = page_of(client, "events/talks/versions/2/")
    assert "Parties" not in facts_of(former)
    assert former.text("//section[@aria-labelledby='differences']/dl") == (
        "Parties — → Mali People present — → Diop (Mali, Head of delegation) "
        "Place — → Moscow (Palace) Sectors — → Trade Words — → Diop: “Bon” Sources — → Report"
    )
    history = page_of(client, "events/talks/versions/")
    assert changed_by(history, 4) == "Parties Russia (Host) → —"


def done_at_end_of(row: Any, when: dt.datetime) -> None:
    """Date the deletion of a row in its history."""
    deleted = type(row).history.filter(history_type="-").latest("history_id")
    type(row).history.filter(history_id=deleted.history_id).update(history_date=when)


def test_parts_of_the_draft_are_no_version(client: Client, talks: Event) -> None:
    secret = Participation.objects.create(event=talks, party=make.a_state("ml"), role="host")
    done_at(secret, APRIL)
    secret.delete()
    done_at_end_of(secret, APRIL + DAY)
    assert [number for number, *_ in texts("event", talks)] == [1, 2]
    assert "Parties" not in facts_of(page_of(client, "events/talks/versions/1/"))


def test_part_without_a_history_is_in_every_version(client: Client, talks: Event) -> None:
    talks.sectors.add(make.a_sector("trade", name_en="Trade"))
    assert not EventSector.history.exists()
    for number in (1, 2):
        page = page_of(client, f"events/talks/versions/{number}/")
        assert facts_of(page)[6:] == ["Sectors", "Trade"]


def test_record_that_is_not_public_any_more_is_not_named(client: Client, talks: Event) -> None:
    link = Participation.objects.create(event=talks, party=make.a_state("ml"), role="host")
    done_at(link, APRIL)
    link.delete()
    done_at_end_of(link, JUNE + DAY)
    assert "Parties" not in facts_of(page_of(client, "events/talks/versions/1/"))
    history = page_of(client, "events/talks/versions/")
    assert changed_by(history, 3) == "Parties changed"
    assert "ML" not in history.text("//main")


def test_office_for_a_party_that_is_not_public_is_not_said(client: Client, talks: Event) -> None:
    person = make.a_person("diop", name_en="Diop")
    Statement.objects.create(event=talks, person=person, language="fr", text="Bon")
    hidden = make.a_state("xx", name_en="Hidden")
    secret = Office.objects.create(person=person, party=hidden, title_en="Secret minister")
    office = Office.objects.create(person=person, title_en="Speaker", starts="2024", ends="2025-04")
    for cited in (secret, office):
        source = make.a_source(title=f"On {cited.title_en}")
        Citation.objects.create(office=cited, source=source)
        Citation.objects.create(event=talks, source=source)
    page = page_of(client, "people/diop/versions/1/")
    assert facts_of(page) == [
        *("Office", "Speaker (from 2024, ended: April 2025)", "Sources", "On Speaker"),
    ]


def test_framework_that_is_published_is_named_in_a_version(client: Client, talks: Event) -> None:
    framework = make.a_framework(slug="talks", title_en="Consultations")
    edited(talks, JUNE + DAY, framework=framework)
    assert "Framework" not in facts_of(page_of(client, "events/talks/versions/3/"))
    published(framework, JUNE + DAY)
    assert facts_of(page_of(client, "events/talks/versions/3/"))[6:] == [
        *("Framework", "Consultations"),
    ]


def test_step_of_a_commitment_makes_a_version(client: Client, talks: Event) -> None:
    gas = promised(talks)
    published(gas, JUNE)
    step = StatusUpdate.objects.create(
        commitment=gas, date="2026-01", status="fulfilled", entry=2, note_en="Gas flows"
    )
    done_at(step, JUNE + DAY)
    page = page_of(client, "commitments/gas/versions/2/")
    assert facts_of(page) == [
        *("Steps", "April 2025 (Announced) January 2026 (Fulfilled, Gas flows)"),
    ]


def test_order_of_hosts_is_part_of_a_framework(client: Client) -> None:
    make.one_of_each()
    side = Side.objects.get(framework__slug="framework", party__code="ml")
    done_at(HostOrder.objects.create(side=side, party=side.party, position=1), LATER)
    page = page_of(client, "frameworks/framework/versions/2/")
    assert facts_of(page)[-2:] == ["Order of hosts", "ML"]


LATER: Final = dt.datetime.now(dt.UTC) + DAY


# Records without a state of publication


def test_text_is_a_version_once_a_published_record_names_the_record(talks: Event) -> None:
    mali = make.a_state("ml", name_en="Secret Mali")
    done_at(mali, APRIL)
    link = Participation.objects.create(event=talks, party=mali, role="host")
    done_at(link, APRIL + DAY)
    edited(mali, APRIL + DAY, name_en="Mali")
    edited(mali, JUNE, name_en="Republic of Mali")
    assert named("party", mali) == [
        ("Mali", "2026-05-03", "2026-06-03"),
        ("Republic of Mali", "2026-06-03", ""),
    ]


def named(noun: str, record: Any) -> list[tuple[str, str, str]]:
    """The English name and the days of each version."""
    return [
        (
            version.text.row.name_en,
            version.since.date().isoformat(),
            version.until.date().isoformat() if version.until else "",
        )
        for version in versions(noun, record)
    ]


def test_link_counts_from_its_entry_where_that_is_later(talks: Event) -> None:
    mali = make.a_state("ml", name_en="Secret Mali")
    done_at(mali, APRIL)
    edited(mali, JUNE + DAY, name_en="Mali")
    link = Participation.objects.create(event=talks, party=mali, role="host")
    done_at(link, JUNE + 2 * DAY)
    assert named("party", mali) == [("Mali", "2026-06-05", "")]


def test_commitment_names_a_party_once_its_event_is_public(talks: Event) -> None:
    mali = make.a_state("ml", name_en="Mali")
    done_at(mali, APRIL)
    gas = promised(talks)
    done_at(CommitmentParty.objects.create(commitment=gas, party=mali, role="obligor"), APRIL)
    published(gas, APRIL)
    assert named("party", mali) == [("Mali", "2026-05-03", "")]


def test_member_is_named_through_its_bloc_once_the_membership_was_entered(talks: Event) -> None:
    mali, sahel = make.a_state("ml", name_en="Mali"), make.a_bloc("sahel")
    done_at(mali, APRIL)
    done_at(Participation.objects.create(event=talks, party=sahel, role="host"), APRIL)
    done_at(make.a_membership(mali, sahel), JUNE + DAY)
    events.refresh_derived(events=[talks.pk])
    assert named("party", mali) == [("Mali", "2026-06-04", "")]


def test_slip_is_no_part_of_a_version(client: Client, talks: Event) -> None:
    mali = make.a_state("ml", name_en="Mali")
    Participation.objects.create(event=talks, party=mali, role="host")
    for name, slip in (("Sudan", False), ("Malia", True)):
        PartyName.objects.create(
            party=mali, name=name, language="en", kind="official", ends="1960", slip=slip
        )
    page = page_of(client, "parties/ml/versions/1/")
    assert facts_of(page) == [
        *("Kind", "State", "Other names", "Sudan (Official name, ended: 1960)"),
    ]


def test_day_of_a_source_is_worded_as_everywhere(client: Client, talks: Event) -> None:
    source = make.a_source(title="Report", publisher="Agency", consulted="2026-11-23")
    Citation.objects.create(event=talks, source=source)
    facts = facts_of(page_of(client, f"sources/{source.pk}/versions/1/"))
    assert facts[facts.index("Consulted") + 1] == "23 November 2026"


@pytest.mark.parametrize(
    "address",
    [
        *("events/event", "commitments/commitment", "instruments/instrument"),
        *("frameworks/framework", "parties/ml", "people/lavrov", "sectors/trade", "sources/7"),
        "places/moscow",
    ],
)
def test_every_noun_has_versions(client: Client, address: str) -> None:
    event = make.one_of_each()["event"]
    make.also_at(event, make.a_place())
    record = page_of(client, f"{address}/")
    assert f"/en/{address}/versions/" in record.root.xpath("//a/@href")
    page = page_of(client, f"{address}/versions/1/")
    assert page.text("//div[@role='note']").endswith("See it as it is today")
    assert page.text("//h1") == record.text("//h1")
    assert page_of(client, f"{address}/versions/").texts(LINES)[-1].endswith("the last one")


QUERIES: Final = {
    "events/talks/versions/": 21,
    "events/talks/versions/1/": 21,
    "commitments/gas/versions/": 12,
    "commitments/gas/versions/1/": 12,
    "parties/ml/versions/": 25,
    "parties/ml/versions/1/": 25,
    "events/talks/cite/": 29,
    "parties/ml.bib": 25,
}


def test_queries_do_not_grow_with_the_versions(client: Client, talks: Event) -> None:
    mali = make.a_state("ml")
    Participation.objects.create(event=talks, party=mali, role="host")
    published(promised(talks), JUNE)
    for number in range(3):
        edited(Commitment.objects.get(), JUNE + (number + 1) * DAY, title_en=f"Gas {number}")
        edited(mali, LATER + number * DAY, name_en=f"Mali {number}")
        Citation.objects.create(event=talks, source=make.a_source())
        counts = {}
        for path in QUERIES:
            with CaptureQueriesContext(connection) as captured:
                page_of(client, path)
            counts[path] = len(captured)
        assert counts == QUERIES
