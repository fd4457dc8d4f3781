"""What changed in the published record, month by month, in words and without drafts."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories as make
from tests.parsed_page import Page
from timeline.actions import commitments, publication
from timeline.core.codes import CommitmentStatus
from timeline.index.interface import PAGE_SIZE
from timeline.models import (
    Citation,
    Commitment,
    CommitmentParty,
    Correction,
    Event,
    HostOrder,
    InstrumentParty,
    Participation,
    Party,
    Side,
)
from timeline.queries.record_fields import PARTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]

LINES = "//ol[contains(@class,'changes')]/li"
APRIL, MAY, JUNE = (dt.datetime(2026, month, 3, 12, tzinfo=dt.UTC) for month in (4, 5, 6))


def changes(client: Client, status: int = 200, **asked: str) -> Page:
    response = client.get(f"/en/changes/?{urlencode(asked)}")
    assert response.status_code == status
    return Page(response)


def done_at(row: Any, when: dt.datetime) -> None:
    """Date the latest change of a row in its history."""
    latest = row.history.latest("history_id")
    row.history.filter(history_id=latest.history_id).update(history_date=when)


def published(record: Any, when: dt.datetime) -> None:
    """Publish a record with the parts that it has."""
    publication.publish(record=record)
    done_at(record, when)
    for part in PARTS[record._meta.model_name]:
        for parent in (parent for parent, of in part.parents.items() if not of):
            for row in part.model._default_manager.filter(**{parent: record}):
                history: Any = row.history  # type: ignore[attr-defined]
                if history.filter(history_date__gt=when).exists():
                    done_at(row, when)
    type(record)._default_manager.filter(pk=record.pk).update(published_at=when)
    record.refresh_from_db()


def edited(record: Any, when: dt.datetime, **values: Any) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
    done_at(record, when)


@pytest.fixture
def mali() -> Party:
    return make.a_state("ml", name_en="Mali")


@pytest.fixture
def talks(mali: Party) -> Event:
    """Talks that began as a draft in April and were published in May."""
    event = make.an_event(slug="talks", title_en="Secret talks", parties=(mali,))
    done_at(event, APRIL)
    edited(event, APRIL, title_en="Talks")
    published(event, MAY)
    return event


def test_record_that_began_as_a_draft_is_added_when_it_is_first_published(
    client: Client, talks: Event
) -> None:
    page = changes(client)
    assert page.text("//h2[@id='found']") == "May 2026 · 1 change"
    assert page.texts(LINES) == ["3 May 2026 Talks event, added"]
    assert page.texts("//select[@id='month']/option") == ["May 2026"]
    assert changes(client, month="2026-04").texts(LINES) == [
        "Nothing of the kind changed in this month. Show all"
    ]


def test_edit_is_told_with_its_difference(client: Client, talks: Event) -> None:
    edited(talks, JUNE, title_en="Talks in Bamako", date="2025-04")
    page = changes(client)
    assert page.texts(LINES) == [
        "3 June 2026 Talks in Bamako event, changed "
        "Title Talks → Talks in Bamako Date 3 April 2025 → April 2025"
    ]
    assert page.texts(f"{LINES}//ins") == ["in Bamako"]
    assert page.texts(f"{LINES}//del") == []


def test_edit_in_two_languages_is_told_in_the_reader_s(client: Client, talks: Event) -> None:
    edited(talks, JUNE - dt.timedelta(days=1), title_fr="Pourparlers")
    edited(talks, JUNE, title_en="Talks in Bamako", title_fr="Pourparlers à Bamako")
    assert changes(client).texts(LINES)[0] == (
        "3 June 2026 Talks in Bamako event, changed Title Talks → Talks in Bamako"
    )
    assert Page(client.get("/fr/changes/")).texts(LINES)[0] == (
        "3 juin 2026 Pourparlers à Bamako événement, modifié "
        "Titre Pourparlers → Pourparlers à Bamako"
    )


def test_edit_on_the_day_of_publishing_is_part_of_the_addition(
    client: Client, talks: Event
) -> None:
    edited(talks, MAY + dt.timedelta(hours=2), title_en="Talks again")
    assert changes(client).texts(LINES) == ["3 May 2026 Talks again event, added"]
    edited(talks, MAY + dt.timedelta(days=1), title_en="Talks")
    assert changes(client).texts(LINES) == [
        "4 May 2026 Talks event, changed Title Talks again → Talks",
        "3 May 2026 Talks event, added",
    ]


def test_edit_that_readers_do_not_see_is_not_told(client: Client, talks: Event) -> None:
    edited(talks, JUNE, folded_text=" other ")
    assert changes(client, month="2026-06").texts("//*[@id='found']") == ["June 2026 · 0 changes"]


def test_state_of_an_event_is_told_from_and_to(client: Client, talks: Event) -> None:
    edited(talks, JUNE, state="postponed")
    assert changes(client).texts(LINES) == [
        "3 June 2026 Talks event, state changed State Held → Postponed"
    ]


def test_of_what_a_draft_said_nothing_is_told(client: Client, talks: Event) -> None:
    draft = make.an_event(slug="draft", title_en="Hidden")
    edited(draft, JUNE, title_en="Hidden, too")
    for month in ("2026-04", "2026-05", "2026-06"):
        text = changes(client, month=month).text("//main")
        assert ("Secret" in text, "Hidden" in text) == (False, False)


def test_of_what_is_withdrawn_only_that_is_told(client: Client, talks: Event) -> None:
    edited(talks, MAY, title_en="Talks renamed")
    publication.withdraw(record=talks, reason_en="Entered twice.")
    done_at(talks, JUNE)
    assert changes(client).texts(LINES) == ["3 June 2026 Event withdrawn Entered twice."]
    assert "Talks" not in changes(client, month="2026-05").text("//main")
    published(talks, dt.datetime(2026, 7, 1, tzinfo=dt.UTC))
    assert changes(client).texts(LINES) == ["1 July 2026 Talks renamed event, published again"]


@pytest.fixture
def promise(talks: Event, mali: Party) -> Commitment:
    commitment = make.a_commitment(talks, slug="promise", title_en="Promise")
    CommitmentParty.objects.create(commitment=commitment, party=mali)
    for update in commitment.updates.all():
        done_at(update, APRIL)
    done_at(commitment, APRIL)
    published(commitment, MAY)
    return commitment


def test_step_of_a_commitment_is_told_from_and_to(client: Client, promise: Commitment) -> None:
    for day in ("2026-05-01", "2026-05-02"):
        step = commitments.record_update(
            commitment=promise, status=CommitmentStatus.IN_PROGRESS, date=day
        )
        done_at(step, JUNE)
    assert changes(client).texts(LINES) == [
        "3 June 2026 Promise commitment, new evidence In progress (2 May 2026)",
        "3 June 2026 Promise commitment, state changed Announced → In progress (1 May 2026)",
    ]
    assert changes(client, month="2026-05", noun="commitment").texts(LINES) == [
        "3 May 2026 Promise commitment, added"
    ]


def test_step_of_a_text_is_told_once_readers_had_seen_the_text(client: Client, mali: Party) -> None:
    russia = make.a_state("ru")
    text = make.a_text(mali, russia, title_en="Treaty")
    done_at(text, APRIL)
    for party in (mali, russia):
        done_at(make.a_step(text, "signed", party), APRIL)
    published(text, MAY)
    done_at(make.a_step(text, "ratified", mali, done="2026-05-02"), MAY)
    done_at(make.a_step(text, "ratified", russia, done="2026-06-01"), JUNE)
    assert "Treaty" not in changes(client, month="2026-04").text("//main")
    assert changes(client, month="2026-05").texts(LINES) == ["3 May 2026 Treaty text, added"]
    assert len(changes(client).texts(LINES)) == 1
    assert changes(client).texts(LINES)[0].startswith("3 June 2026 Treaty text, ")


def test_commitment_is_added_when_its_event_is_published_too(client: Client, mali: Party) -> None:
    event = make.an_event(slug="talks", title_en="Talks", parties=(mali,))
    commitment = make.a_commitment(event, title_en="Secret promise")
    published(commitment, APRIL)
    edited(commitment, APRIL, title_en="Promise")
    assert changes(client, month="2026-04").text("//*[@id='found']") == "April 2026 · 0 changes"
    published(event, MAY)
    assert sorted(changes(client, month="2026-05").texts(LINES)) == [
        "3 May 2026 Promise commitment, added",
        "3 May 2026 Talks event, added",
    ]


def test_corrections_are_told_with_their_text(client: Client, talks: Event) -> None:
    Correction.objects.create(event=talks, made_on="2026-06-09", text_en="The date was wrong.")
    assert changes(client, month="2026-06").texts(LINES) == [
        "9 June 2026 Talks event, corrected The date was wrong."
    ]


def test_changes_are_filtered_by_noun_and_party(
    client: Client, promise: Commitment, mali: Party
) -> None:
    other = make.an_event(slug="other", title_en="Other", parties=(make.a_state("ru"),))
    published(other, MAY)
    found = {
        (noun, party): changes(client, month="2026-05", noun=noun, party=party).texts(
            f"{LINES}[not(@class)]/a"
        )
        for noun in ("", "event", "commitment")
        for party in ("", "ml", "ru")
    }
    assert {key: sorted(names) for key, names in found.items()} == {
        ("", ""): ["Other", "Promise", "Talks"],
        ("", "ml"): ["Promise", "Talks"],
        ("", "ru"): ["Other"],
        ("event", ""): ["Other", "Talks"],
        ("event", "ml"): ["Talks"],
        ("event", "ru"): ["Other"],
        ("commitment", ""): ["Promise"],
        ("commitment", "ml"): ["Promise"],
        ("commitment", "ru"): [],
    }
    assert changes(client, month="2026-05", noun="commitment", party="ru").texts(LINES) == [
        "Nothing of the kind changed in this month. Show all"
    ]


def test_pages_of_a_month_follow_one_another_without_a_gap(client: Client) -> None:
    names = [f"Talks {number:03}" for number in range(PAGE_SIZE + 2)]
    for number, name in enumerate(names):
        event = make.an_event(title_en=name)
        published(event, MAY + dt.timedelta(minutes=number))
    address, found, stood = "/en/changes/", [], []
    while address:
        page = Page(client.get(address))
        found += page.texts(f"{LINES}/a")
        stood += page.texts("//p[@class='stand']/span")
        address = next(iter(page.root.xpath("//p[@class='stand']/a[@rel='next']/@href")), "")
    assert found == names[::-1]
    assert stood == ["1–50 of 52", "51–52 of 52"]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("month", "2026-13"),
        ("month", "soon"),
        ("month", "0000-01"),
        ("noun", "person"),
        ("party", "nowhere"),
        ("after", "event.x"),
        ("after", "event.99999"),
    ],
)
def test_what_cannot_be_read_is_named(
    client: Client, talks: Event, parameter: str, value: str
) -> None:
    page = changes(client, status=400, **{parameter: value})
    (problem,) = page.texts("//div[@id='problems']//li")
    assert value in problem
    assert page.texts(LINES) == []


@pytest.mark.parametrize(
    ("parameter", "value"), [("month", "soon"), ("noun", "person"), ("party", "nowhere")]
)
def test_what_cannot_be_read_is_said_at_its_field(
    client: Client, talks: Event, parameter: str, value: str
) -> None:
    page = changes(client, status=400, **{parameter: value})
    (field,) = page.root.xpath("//*[@aria-invalid='true']")
    assert page.root.xpath("//div[@id='problems']//li//a/@href") == [f"#{field.get('id')}"]
    at_field = page.text(f"//*[@id='{field.get('aria-describedby')}']")
    assert page.text("//div[@id='problems']//li").endswith(f" {at_field}")
    assert value in at_field


def test_month_may_be_typed_as_people_write_it(client: Client, talks: Event) -> None:
    assert changes(client, month="mai 2026").texts(LINES) == ["3 May 2026 Talks event, added"]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_changes(
    client: Client,
    mali: Party,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    for _ in range(number):
        event = make.an_event(parties=(mali,))
        published(event, MAY)
        edited(event, MAY + dt.timedelta(days=1), title_en="Renamed")
        Correction.objects.create(event=event, made_on="2026-05-09", text_en="Wrong.")
        commitment = make.a_commitment(event)
        published(commitment, MAY)
    changes(client)
    with django_assert_max_num_queries(66):
        changes(client)


# Parts of records


def test_part_that_is_entered_or_taken_out_later_is_told(
    client: Client, talks: Event, mali: Party
) -> None:
    niger, day = make.a_state("ne", name_en="Niger"), dt.timedelta(days=1)
    link = Participation.objects.create(event=talks, party=niger, role="host")
    done_at(link, JUNE)
    link.role = "participant"
    link.save()
    done_at(link, JUNE + day)
    report = make.a_source(title="Report")
    done_at(Citation.objects.create(participation=link, source=report), MAY)
    source = Citation.objects.create(event=talks, source=report)
    done_at(source, JUNE + 2 * day)
    source.delete()
    deleted = Citation.history.filter(history_type="-").get()
    Citation.history.filter(pk=deleted.pk).update(history_date=JUNE + 3 * day)
    assert changes(client).texts(LINES)[:4] == [
        "6 June 2026 Talks event, changed Sources Report → —",
        "5 June 2026 Talks event, changed Sources — → Report",
        "4 June 2026 Talks event, changed Parties Niger (Host) → Niger",
        "3 June 2026 Talks event, changed Parties — → Niger (Host)",
    ]
    assert changes(client, party="ml").texts(LINES) == changes(client).texts(LINES)


def test_part_that_is_written_with_the_record_is_told_with_it(client: Client, talks: Event) -> None:
    edited(talks, JUNE, title_en="Talks in Niamey")
    later = JUNE + dt.timedelta(milliseconds=400)
    for code in ("ne", "bf"):
        party = make.a_state(code, name_en=code.upper())
        done_at(Participation.objects.create(event=talks, party=party, role="host"), later)
    assert changes(client).texts(LINES)[:1] == [
        "3 June 2026 Talks in Niamey event, changed Title Talks → Talks in Niamey "
        "Parties — → NE (Host) · BF (Host)",
    ]


def test_parts_written_before_and_after_the_record_are_both_told_with_it(
    client: Client, talks: Event
) -> None:
    edited(talks, JUNE, title_en="Talks in Niamey")
    for code, apart in (("ne", -900), ("bf", 500)):
        party = make.a_state(code, name_en=code.upper())
        link = Participation.objects.create(event=talks, party=party, role="host")
        done_at(link, JUNE + dt.timedelta(milliseconds=apart))
    assert changes(client).texts(LINES)[:1] == [
        "3 June 2026 Talks in Niamey event, changed Title Talks → Talks in Niamey "
        "Parties — → NE (Host) · BF (Host)",
    ]


def test_part_is_not_told_of_the_day_of_publication_nor_of_a_draft(
    client: Client, talks: Event
) -> None:
    for code, when in (("ne", MAY + dt.timedelta(hours=2)), ("bf", APRIL)):
        done_at(Participation.objects.create(event=talks, party=make.a_state(code)), when)
    draft = make.an_event(parties=(make.a_state("td"),))
    done_at(draft, APRIL)
    assert len(changes(client, month="2026-05").texts(LINES)) == 1
    assert changes(client).text("//h2[@id='found']") == "May 2026 · 1 change"


def test_part_that_names_what_is_not_public_is_not_said(client: Client, talks: Event) -> None:
    link = Participation.objects.create(event=talks, party=make.a_state("ne", name_en="Niger"))
    done_at(link, JUNE)
    link.delete()
    deleted = Participation.history.filter(history_type="-").get()
    Participation.history.filter(pk=deleted.pk).update(history_date=JUNE + dt.timedelta(days=1))
    assert changes(client).texts(LINES)[:2] == [
        "4 June 2026 Talks event, changed",
        "3 June 2026 Talks event, changed",
    ]


def test_parts_of_every_noun_are_told(client: Client) -> None:
    made, mali = make.one_of_each(), Party.objects.get(code="ml")
    for record in made.values():
        published(record, MAY)
    later = JUNE
    niger = make.a_state("ne", name_en="Niger")
    side = Side.objects.get(framework=made["framework"], party=mali)
    for row in (
        CommitmentParty.objects.create(commitment=made["commitment"], party=niger, role="obligor"),
        InstrumentParty.objects.create(instrument=made["instrument"], party=niger),
        HostOrder.objects.create(side=side, party=mali, position=1),
        Citation.objects.create(
            participation=made["event"].participations.get(party=mali),
            source=make.a_source(title="Report"),
        ),
    ):
        later += dt.timedelta(days=1)
        done_at(row, later)
    assert changes(client, month="2026-06").texts(LINES) == [
        f"7 June 2026 {made['event'].title} event, changed Sources — → Report",
        f"6 June 2026 {made['framework'].title} framework, changed Order of hosts — → ML",
        f"5 June 2026 {made['instrument'].title} text, changed Parties — → Niger",
        f"4 June 2026 {made['commitment'].title} commitment, changed Parties — → Niger (owes it)",
    ]
