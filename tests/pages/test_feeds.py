"""Feeds to follow a filter, a record, the changes and the corrections."""

import datetime as dt
from typing import Any, Final

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.clock import set_today
from tests.pages.test_changes import APRIL, JUNE, MAY, done_at, edited, published
from tests.parsed_page import Page
from timeline.actions import events, publication
from timeline.actions.involvement import resolve
from timeline.core.codes import EventState
from timeline.models import CommitmentParty, Correction, Event, Instrument

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]

DAY: Final = dt.timedelta(days=1)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def read(client: Client, path: str) -> Any:
    response = client.get(f"/en/{path}")
    assert response.status_code == 200, path
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(body(response))
    assert (found.bozo, found.version) == (0, "atom10")
    return found


def titles(client: Client, path: str) -> list[str]:
    return [entry.title for entry in read(client, path).entries]


@pytest.fixture(autouse=True)
def read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    set_today(monkeypatch, dt.date(2026, 11, 28))


@pytest.fixture
def talks() -> Event:
    """Talks that were published in May and changed in June, with a party that took part."""
    mali = make.a_state("ml", name_en="Mali")
    event = make.an_event(slug="talks", title_en="Talks", parties=(mali,), date="2026-04-02")
    done_at(event, APRIL)
    done_at(event.participations.get(), MAY)
    done_at(mali, MAY)
    published(event, MAY)
    edited(event, JUNE, title_en="Talks in Bamako")
    return event


def test_entry_is_an_event_with_when_it_last_changed(client: Client, talks: Event) -> None:
    (entry,) = read(client, "events.atom").entries
    assert (entry.title, entry.link) == (
        "Talks in Bamako",
        "http://testserver/en/events/talks/",
    )
    assert (entry.published, entry.updated) == (MAY.isoformat(), JUNE.isoformat())
    assert entry.content[0].value.splitlines() == [
        *("State: Held", "Date: 2 April 2026", "Participant: Mali"),
        *("", "http://testserver/en/events/talks/"),
    ]
    assert [tag.term for tag in entry.tags] == ["held"]


@pytest.mark.django_db
@pytest.mark.parametrize("noun", ["events", "commitments", "instruments"])
def test_title_that_is_not_translated_names_its_language(client: Client, noun: str) -> None:
    event = make.an_event(title_en="Talks", date="2026", publication="published")
    make.a_commitment(event, title_en="Pay", publication="published")
    make.a_text(title_en="Charter", date="2026", publication="published")
    found = feedparser.parse(body(client.get(f"/fr/{noun}.atom")))
    (entry,) = found.entries
    assert entry.title_detail.language == "en"
    assert entry.content[0].language == "fr"
    assert entry.content[0].value.startswith("État")


def test_entry_stays_the_same_whatever_changes(client: Client, talks: Event) -> None:
    before = [entry.id for entry in read(client, "events.atom").entries]
    edited(talks, JUNE + DAY, title_en="Other", slug="other", date="2026-05", state="cancelled")
    after = [entry.id for entry in read(client, "events.atom").entries]
    assert before == after
    assert before[0].startswith("urn:uuid:")


def test_feed_is_of_the_filter_and_of_the_last_two_years(client: Client, talks: Event) -> None:
    make.an_event(title_en="Elsewhere", date="2026-05-01", publication="published")
    make.an_event(title_en="Long ago", date="2019-05-01", publication="published")
    make.an_event(title_en="To come", date="2031-05-01", state="planned", publication="published")
    assert titles(client, "events.atom?party=ml") == ["Talks in Bamako"]
    assert titles(client, "events.atom") == ["To come", "Elsewhere", "Talks in Bamako"]
    whole = ["To come", "Elsewhere", "Talks in Bamako", "Long ago"]
    assert titles(client, "events.atom?all=1") == whole
    said = read(client, "events.atom").feed
    assert said.title == "testserver — All events on record"
    assert said.subtitle.startswith("What is to come, and the last two years. 3 of 4 records. ")


def test_feed_of_commitments_has_what_is_recent_in_any_way(client: Client, talks: Event) -> None:
    old = make.an_event(date="2019", publication="published")
    made = {
        "made then": make.a_commitment(old),
        "due now": make.a_commitment(old, due="2027"),
        "followed": make.a_commitment(old),
        "made now": make.a_commitment(talks),
    }
    for title, commitment in made.items():
        commitment.title_en = title
        publication.publish(record=commitment)
    made["followed"].updates.create(date="2026-05", entry=9, status="in_progress")
    assert sorted(titles(client, "commitments.atom")) == ["due now", "followed", "made now"]
    assert len(titles(client, "commitments.atom?all=1")) == 4
    entries = {entry.title: entry for entry in read(client, "commitments.atom").entries}
    assert [tag.term for tag in entries["followed"].tags] == ["in_progress"]


def test_entry_of_a_text_says_how_it_stood_on_a_day(client: Client) -> None:
    mali, niger = make.a_state("ml", name_en="Mali"), make.a_state("ne", name_en="Niger")
    said = {"title_en": "Treaty", "title_fr": "Traité", "summary_fr": "Sur l’énergie."}
    text = make.a_text(mali, niger, **said, publication="published")
    make.a_text(mali, title_en="Draft")
    for party in (mali, niger):
        make.a_step(text, "signed", party)
        make.a_step(text, "ratified", party, done="2025-02-01")
    for party in (mali, niger):
        make.a_step(text, "in_force_for", party, done="2025-03-01")
    found = {}
    for language, query in (("en", ""), ("fr", "?asof=2024-12-31")):
        response = client.get(f"/{language}/instruments.atom{query}")
        (entry,) = feedparser.parse(body(response)).entries
        found[language] = (entry.title, entry.content[0].value.splitlines(), entry.tags[0].term)
    assert found == {
        "en": (
            "Treaty",
            ["State: In force", "Date: 6 July 2024", "Parties: Mali, Niger", "", "Sur l’énergie."],
            "in_force",
        ),
        "fr": (
            "Traité",
            [
                *("État\u00a0: Pas en vigueur", "Date\u00a0: 6 juillet 2024"),
                *("Parties\u00a0: ML, NE", "", "Sur l’énergie."),
            ],
            "open",
        ),
    }


def test_feed_of_commitments_says_what_was_known_on_a_day(client: Client) -> None:
    event = make.an_event(date="2025-01-03", publication="published")
    made = make.a_commitment(event, publication="published")
    CommitmentParty.objects.create(
        commitment=made, party=make.a_state("xx", name_en="Newland"), role="obligor"
    )
    made.updates.create(date="2026-05", entry=9, status="fulfilled")
    events.change(event=event, on="2025-03-10", state=EventState.HELD, date="2025-01-04")

    def said(query: str) -> list[str]:
        (entry,) = read(client, f"commitments.atom?{query}").entries
        return str(entry.content[0].value).splitlines()

    assert said("all=1") == ["State: Fulfilled", "Day made: 4 January 2025", "Owed by: Newland"]
    assert said("all=1&asof=2025-02-01") == [
        "State: Announced",
        "Day made: 3 January 2025",
        "Owed by: Newland",
    ]


def test_feed_of_texts_has_their_state_and_parties(client: Client, talks: Event) -> None:
    mali = make.a_state("xx", name_en="Newland")
    other = make.a_state("yy", name_en="Oldland")
    text = make.a_text(mali, other, title_en="Charter", date="2026-04", slug="charter")
    publication.publish(record=text)
    make.a_text(mali, other, title_en="Long ago", date="2001", publication="published")
    (entry,) = read(client, "instruments.atom").entries
    assert entry.title == "Charter"
    assert "Parties: Newland, Oldland" in entry.content[0].value.splitlines()
    make.a_step(Instrument.objects.get(title_en="Long ago"), "signed", mali, done="2026-05")
    assert sorted(titles(client, "instruments.atom")) == ["Charter", "Long ago"]


@pytest.mark.parametrize("noun", ["events", "commitments", "instruments"])
def test_what_cannot_be_read_is_named_in_plain_text(client: Client, noun: str) -> None:
    response = client.get(f"/en/{noun}.atom?from=soon&all=2")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert [line.partition(":")[0] for line in lines] == ["from", "all", "Accepted"]
    only = client.get(f"/en/{noun}.atom?all=2").content.decode()
    assert only.startswith("all: ")


def test_address_is_canonical(client: Client, talks: Event) -> None:
    said = read(client, "events.atom?to=&from=2025&party=ml&view=lanes").feed
    assert said.id == "http://testserver/en/events.atom?party=ml&from=2025"
    assert client.get("/en/events.atom?party=ml&utm=1")["Location"] == "/en/events.atom?party=ml"


@pytest.mark.parametrize(
    "path",
    [
        *("events.atom", "commitments.atom", "instruments.atom", "changes.atom"),
        *("corrections.atom", "events/talks.atom"),
    ],
)
def test_head_has_no_body_and_drafts_are_in_no_feed(
    client: Client, talks: Event, path: str
) -> None:
    make.an_event(title_en="Draft", date="2026-04")
    assert "Draft" not in titles(client, path)
    head = client.head(f"/en/{path}")
    assert (head.status_code, head.headers["Content-Type"]) == (
        200,
        "application/atom+xml; charset=utf-8",
    )
    assert body(head) == b""


def test_changes_are_told_with_what_differs(client: Client, talks: Event) -> None:
    found = read(client, "changes.atom").entries
    assert [(entry.title, entry.updated) for entry in found] == [
        ("Talks in Bamako — changed", "2026-06-03T12:00:00+00:00"),
        ("Talks in Bamako — added", "2026-05-03T12:00:00+00:00"),
    ]
    assert [entry.content[0].value for entry in found] == [
        "Title: Talks → Talks in Bamako",
        "added",
    ]
    assert [tag.term for tag in found[0].tags] == ["changed", "event"]
    assert len({entry.id for entry in found}) == 2


def test_changes_can_be_of_a_month_a_noun_and_a_party(client: Client, talks: Event) -> None:
    other = make.an_event(title_en="Other")
    published(other, JUNE)
    assert titles(client, "changes.atom?month=2026-05") == ["Talks in Bamako — added"]
    assert len(titles(client, "changes.atom?party=ml")) == 2
    assert titles(client, "changes.atom?noun=framework") == []
    response = client.get("/en/changes.atom?month=soon")
    assert (response.status_code, response.content[:6]) == (400, b"month:")


def test_corrections_are_told_the_last_one_first(client: Client, talks: Event) -> None:
    for day in ("2026-05-04", "2026-06-04"):
        Correction.objects.create(event=talks, made_on=day, text_en=f"Wrong until {day}.")
    Correction.objects.create(event=talks, made_on="2999-01-01", text_en="Not yet.")
    found = read(client, "corrections.atom").entries
    assert [(entry.title, entry.updated, entry.content[0].value) for entry in found] == [
        ("Talks in Bamako — corrected", f"{day}T00:00:00+00:00", f"Wrong until {day}.")
        for day in ("2026-06-04", "2026-05-04")
    ]


def test_feed_of_a_record_has_its_changes_alone(client: Client, talks: Event) -> None:
    gas = make.a_commitment(talks, slug="gas", title_en="Gas")
    published(gas, JUNE)
    done_at(gas.updates.get(), JUNE)
    assert titles(client, "commitments/gas.atom") == ["Gas — added"]
    assert len(titles(client, "events/talks.atom")) == 2
    publication.withdraw(record=gas, reason_en="Entered twice.")
    assert client.get("/en/commitments/gas.atom").status_code == 410


def test_feed_of_a_framework_tells_of_its_meetings(client: Client, talks: Event) -> None:
    framework = make.a_framework(make.a_state("ru"), slug="frame", title_en="Frame")
    published(framework, MAY)
    edited(talks, JUNE + DAY, framework=framework)
    assert titles(client, "frameworks/frame.atom") == [
        "Talks in Bamako — changed",
        "Talks in Bamako — changed",
        *("Frame — added", "Talks in Bamako — added"),
    ]


def test_subtitle_says_how_many_a_week_it_would_have_been(client: Client, talks: Event) -> None:
    said = "1 of 1 record. 2 changes in the last 365 days."
    assert read(client, "events.atom?party=ml").feed.subtitle.endswith(said)
    for number in range(25):
        edited(talks, JUNE + (number + 1) * DAY, title_en=f"Talks {number}")
    assert read(client, "events.atom").feed.subtitle.endswith(
        "27 changes in the last 365 days: 0.5 a week."
    )
    french = feedparser.parse(body(client.get("/fr/events.atom"))).feed
    assert "0,5 par semaine" in french.subtitle


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("?party=ml&view=lanes", "events.atom?party=ml"),
        ("commitments/?party=ml", "commitments.atom?party=ml"),
        ("instruments/", "instruments.atom"),
        ("changes/", "changes.atom"),
        ("corrections/", "corrections.atom"),
        ("commitments/gas/", "commitments/gas.atom"),
    ],
)
def test_page_leads_to_its_feed(client: Client, talks: Event, page: str, feed: str) -> None:
    published(make.a_commitment(talks, slug="gas"), JUNE)
    found = Page(client.get(f"/en/{page}"))
    named = found.root.xpath("//link[@rel='alternate'][@type='application/atom+xml']/@href")
    assert named == [f"/en/{feed}"]
    assert found.root.xpath(f"//main//a[@href='/en/{feed}']")


def test_feed_follows_a_swapped_filter(client: Client, talks: Event) -> None:
    swapped = client.get("/en/?party=ml", headers={"HX-Request": "true", "HX-Target": "results"})
    assert 'id="feed"' in swapped.content.decode()
    assert "events.atom?party=ml" in swapped.content.decode()


def test_queries_do_not_grow_with_the_entries(client: Client, talks: Event) -> None:
    mali = talks.participations.get().party
    counts = {}
    for size in (1, 3):
        while Event.objects.count() < size:
            published(make.an_event(parties=(mali,), date="2026-04"), MAY)
        while Instrument.objects.count() < size:
            text = make.a_text(mali, date="2026-04", publication="published")
            make.a_step(text, "signed", mali, done="2026-04")
        paths = ("events.atom", "instruments.atom", "changes.atom")
        counts[size] = [queries(client, path) for path in paths]
    assert counts[1] == counts[3]


@pytest.fixture
def records(talks: Event) -> dict[str, Any]:
    """A record of each noun that has a feed of its own, by the path of its page."""
    russia = make.a_state("ru")
    framework = make.a_framework(russia, slug="frame")
    gas = make.a_commitment(talks, slug="gas")
    charter = make.a_text(russia, make.a_state("bf"), slug="charter")
    published(framework, MAY)
    edited(talks, JUNE + DAY, framework=framework)
    published(gas, MAY - 300 * DAY)
    done_at(gas.updates.get(), MAY - 300 * DAY)
    published(charter, MAY)
    for number in range(30):
        edited(charter, JUNE + number * DAY, title_en=f"Charter {number}")
    return {
        "events/talks": talks,
        "commitments/gas": gas,
        "instruments/charter": charter,
        "frameworks/frame": framework,
    }


BROUGHT: Final = {
    "events/talks": (
        "3 changes in the last 365 days.",
        "3 changements au cours des 365 derniers jours.",
    ),
    "commitments/gas": (
        "1 change in the last 365 days.",
        "1 changement au cours des 365 derniers jours.",
    ),
    "instruments/charter": (
        "31 changes in the last 365 days: 0.6 a week.",
        "31 changements au cours des 365 derniers jours, soit 0,6 par semaine.",
    ),
    "frameworks/frame": (
        "4 changes in the last 365 days.",
        "4 changements au cours des 365 derniers jours.",
    ),
}


@pytest.mark.parametrize(("number", "language"), [(0, "en"), (1, "fr")])
@pytest.mark.parametrize("path", [*BROUGHT])
def test_page_of_a_record_says_what_its_feed_says_that_it_would_have_brought(
    client: Client, records: dict[str, Any], path: str, number: int, language: str
) -> None:
    feed = feedparser.parse(body(client.get(f"/{language}/{path}.atom"))).feed
    assert feed.subtitle.endswith(f" {BROUGHT[path][number]}")
    cite = Page(client.get(f"/{language}/{path}/cite/"))
    address = f"http://testserver/{language}/{path}.atom"
    assert cite.texts(f"//dd[.//input[@value='{address}']]/small") == [feed.subtitle]
    page = Page(client.get(f"/{language}/{path}/"))
    said = page.texts(f"//li[a[@href='/{language}/{path}.atom']]/small")
    assert said == [BROUGHT[path][number]]
    former = Page(client.get(f"/{language}/{path}/?asof=2026-10-01"))
    # The page of an event is that of today.
    of_today = said if path == "events/talks" else []
    assert former.texts(f"//li[a[@href='/{language}/{path}.atom']]/small") == of_today


def test_feed_of_a_record_counts_what_it_would_have_brought_in_a_year(
    client: Client, talks: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {}
    for day in (MAY, MAY + 364 * DAY, MAY + 365 * DAY, JUNE + 365 * DAY):
        set_today(monkeypatch, day.date())
        said[day] = read(client, "events/talks.atom").feed.subtitle.partition(" states changed. ")[
            2
        ]
    assert [*said.values()] == [
        "2 changes in the last 365 days.",
        "2 changes in the last 365 days.",
        "1 change in the last 365 days.",
        "No change in the last 365 days.",
    ]


@pytest.mark.parametrize("path", [*BROUGHT])
def test_queries_do_not_grow_with_what_a_feed_would_have_brought(
    client: Client, records: dict[str, Any], path: str
) -> None:
    def asked() -> tuple[int, ...]:
        found = []
        for address in (f"{path}/", f"{path}/cite/", f"{path}.atom"):
            with CaptureQueriesContext(connection) as captured:
                response: Any = client.get(f"/en/{address}")
                b"".join(response)
            found.append(len(captured))
        return (*found,)

    def change(number: int) -> None:
        edited(followed, JUNE + (number + 40) * DAY, title_en=f"Again {number}")
        Correction.objects.create(
            **{followed._meta.model_name: followed}, made_on="2026-07-02", text_en="Wrong."
        )

    followed = records[path]
    change(0)
    once = asked()
    change(1)
    change(2)
    assert asked() == once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", [*BROUGHT])
def test_number_beside_a_feed_is_kept_until_something_changes(
    client: Client, records: dict[str, Any], path: str
) -> None:
    def counted(language: str) -> list[int]:
        found = []
        for address in (f"/{language}/{path}/", f"/{language}/{path}/cite/"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len(asked))
        return found

    def said() -> list[str]:
        cite = Page(client.get(f"/en/{path}/cite/"))
        brings = cite.texts("//dd[.//input]/small")
        return [text.partition(" states changed. ")[2] for text in brings]

    counted("en")
    assert counted("fr") == KEPT[path]
    assert said() == [BROUGHT[path][0]]
    edited(records[path], JUNE + 100 * DAY, title_en="Once more")
    assert said() == [ONE_MORE[path]]


KEPT: Final = {
    "events/talks": [29, 17],
    "commitments/gas": [11, 12],
    "instruments/charter": [7, 9],
    "frameworks/frame": [10, 9],
}
"""The queries of the page of a record, and of how to cite it, once both are kept in English."""

ONE_MORE: Final = {
    "events/talks": "4 changes in the last 365 days.",
    "commitments/gas": "2 changes in the last 365 days.",
    "instruments/charter": "32 changes in the last 365 days: 0.6 a week.",
    "frameworks/frame": "5 changes in the last 365 days.",
}


@pytest.fixture
def shown(talks: Event) -> dict[str, str]:
    """The pages of records that can be followed by their timeline, with its query."""
    russia, goita = make.a_state("ru", name_en="Russia"), make.a_person("goita")
    bamako, energy = make.a_place("bamako"), make.a_sector("energy")
    mali = talks.participations.get().party
    talks.participations.create(party=russia, role="participant")
    resolve(events=[talks.pk])
    talks.attendances.create(person=goita, party=mali, role="head")
    talks.place_links.create(place=bamako)
    talks.sectors.add(energy)
    source = make.a_source()
    talks.citations.create(source=source)
    return {
        "parties/ml": "party=ml",
        "people/goita": "person=goita",
        "places/bamako": "place=bamako",
        "sectors/energy": "sector=energy",
        f"sources/{source.pk}": f"source={source.pk}",
        "compare/ml/ru": "party=ml&party=ru",
    }


FOLLOWED: Final = ("parties", "people", "places", "sectors", "sources", "compare")


@pytest.mark.parametrize("number", range(6), ids=FOLLOWED)
def test_page_with_a_timeline_says_what_the_feed_of_it_would_have_brought(
    client: Client, shown: dict[str, str], number: int
) -> None:
    path, query = [*shown.items()][number]
    published(make.an_event(date="2026-04"), MAY)
    link = f"//p[a[@href='/en/events.atom?{query}']]/small"
    said = Page(client.get(f"/en/{path}/")).texts(link)
    feed = read(client, f"events.atom?{query}").feed
    assert said == [feed.subtitle.partition("1 of 1 record. ")[2]]
    assert said == ["3 changes in the last 365 days."]
    edited(Event.objects.get(slug="talks"), JUNE + DAY, title_en="Talks on gas")
    assert Page(client.get(f"/en/{path}/?x=1")).texts(link) == ["4 changes in the last 365 days."]


@pytest.mark.parametrize("path", ["parties/ml", "compare/ml/ru"])
def test_page_as_of_a_day_does_not_say_what_the_feed_of_today_would_have_brought(
    client: Client, shown: dict[str, str], path: str
) -> None:
    page = Page(client.get(f"/en/{path}/?asof=2026-10-01"))
    assert page.root.xpath("//a[contains(@href, '/events.atom')]")
    assert page.texts("//p[a[contains(@href, '/events.atom')]]/small") == []


@pytest.mark.parametrize("number", range(6), ids=FOLLOWED)
def test_queries_do_not_grow_with_what_a_timeline_would_have_brought(
    client: Client, shown: dict[str, str], number: int
) -> None:
    path = [*shown][number]

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/en/{path}/").status_code == 200
        return len(captured)

    asked()
    once = asked()
    for day in (1, 2):
        edited(Event.objects.get(slug="talks"), JUNE + day * DAY, title_en=f"Talks {day}")
    assert asked() == once


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        read(client, path)
    return len(asked)
