"""The published versions of a record: readable as they were, under numbers that stay."""

import datetime as dt
from typing import Any, Final

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories as make
from tests.pages.test_changes import APRIL, JUNE, MAY, done_at, edited, published
from tests.parsed_page import Page
from timeline.actions import publication
from timeline.models import Commitment, Event
from timeline.queries.versions import versions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]

LINES: Final = "//ol[contains(@class,'changes')]/li"
DAY: Final = dt.timedelta(days=1)

OWN_TEXT = (
    "It holds the record’s own text; parties, people, places, sources and steps are no part of it."
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
            version.row.title_en,
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


def test_version_says_what_it_does_not_hold(client: Client, talks: Event) -> None:
    note = page_of(client, "events/talks/versions/1/").text("//div[@role='note']")
    assert "parties, people, places, sources and steps are no part of it." in note


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
    done_at(commitment, APRIL)
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
        f"It is not the present text of the record. {OWN_TEXT}"
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
        f"{OWN_TEXT}"
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


@pytest.mark.parametrize(
    ("folder", "noun"),
    [
        *(("events", "event"), ("commitments", "commitment"), ("instruments", "instrument")),
        ("frameworks", "framework"),
    ],
)
def test_every_noun_with_a_state_of_publication_has_versions(
    client: Client, folder: str, noun: str
) -> None:
    make.one_of_each()
    page = page_of(client, f"{folder}/{noun}/versions/1/")
    assert page.text("//div[@role='note']").endswith("See it as it is today")
    assert len(page.texts(LINES)) == 0


def test_queries_do_not_grow_with_the_versions(
    client: Client, talks: Event, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    published(promised(talks), JUNE)
    for number in range(3):
        edited(Commitment.objects.get(), JUNE + (number + 1) * DAY, title_en=f"Gas {number}")
    for path, count in (
        *(("events/talks/versions/", 3), ("events/talks/versions/1/", 3)),
        *(("commitments/gas/versions/", 4), ("commitments/gas/versions/1/", 4)),
    ):
        with django_assert_num_queries(count):
            page_of(client, path)
