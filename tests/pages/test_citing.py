"""The citation of a record: a page to copy from, files, and what Zotero looks for."""

import datetime as dt
import json
from typing import Any, Final

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories as make
from tests.clock import set_today
from tests.pages.test_changes import JUNE, MAY, done_at, edited, published
from tests.parsed_page import Page
from timeline.actions import publication
from timeline.models import Event
from timeline.pages.citing import FORMS
from timeline.urls import FOLDERS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]

SLUGS: Final = {
    **{"party": "ml", "sector": "trade", "person": "lavrov", "place": "moscow", "source": "7"},
    **{noun: noun for noun in ("event", "commitment", "instrument", "framework")},
}


READ_BY_ZOTERO: Final = {
    *(form.content_type for form in FORMS.values()),
    *("application/marc", "application/marcxml+xml", "application/mods+xml"),
    *("application/rdf+xml", "application/x-endnote-refer", "text/x-wiki"),
}
"""The types of links that its translator Linked Metadata follows, whatever their title."""


@pytest.fixture(autouse=True)
def consulted(monkeypatch: pytest.MonkeyPatch) -> None:
    set_today(monkeypatch, dt.date(2026, 11, 28))


@pytest.fixture
def talks() -> Event:
    event = make.an_event(slug="talks", title_en="Talks", title_fr="Entretiens", date="2025-04")
    published(event, MAY)
    edited(event, JUNE, title_en="Talks in Bamako")
    return event


@pytest.fixture
def records(db: None) -> dict[str, Any]:
    records = make.one_of_each()
    make.also_at(records["event"], make.a_place("moscow"))
    return records


def item(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200
    (found,) = json.loads(response.content)
    return dict(found)


def test_citation_has_the_address_of_the_latest_version(client: Client, talks: Event) -> None:
    cited = item(client, "/en/events/talks.csl.json")
    assert cited["URL"] == "http://testserver/en/events/talks/versions/2/"
    assert (cited["title"], cited["issued"]) == ("Talks in Bamako", {"date-parts": [[2026, 6, 3]]})
    assert client.get(cited["URL"].removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize("noun", FOLDERS)
def test_every_noun_has_a_file_of_every_form(
    client: Client, records: dict[str, Any], noun: str, suffix: str
) -> None:
    response = client.get(f"/fr/{FOLDERS[noun]}/{SLUGS[noun]}.{suffix}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == f"{FORMS[suffix].content_type}; charset=utf-8"
    assert f"/fr/{FOLDERS[noun]}/{SLUGS[noun]}/" in response.content.decode()


@pytest.mark.parametrize("noun", FOLDERS)
def test_every_record_names_the_file_that_zotero_reads(
    client: Client, records: dict[str, Any], noun: str
) -> None:
    page = Page(client.get(f"/en/{FOLDERS[noun]}/{SLUGS[noun]}/"))
    (linked,) = page.root.xpath(
        "//link[@rel='alternate'][@type='application/vnd.citationstyles.csl+json']/@href"
    )
    cited = item(client, linked)
    assert (cited["id"].startswith(f"{noun}-{SLUGS[noun]}"), cited["type"]) == (True, "webpage")
    # The others are of languages, of feeds and of embeds: it asks for none of them.
    types = page.root.xpath("//link[@rel='alternate']/@type")
    assert [one for one in types if one in READ_BY_ZOTERO] == [FORMS["csl.json"].content_type]


def test_page_has_the_sentence_in_both_languages_that_of_the_page_first(
    client: Client, talks: Event
) -> None:
    texts = Page(client.get("/fr/events/talks/cite/")).texts("//textarea")
    assert texts[:2] == [
        "« Entretiens », avril 2025. testserver, version 2 du 3 juin 2026. "
        "http://testserver/fr/events/talks/versions/2/ (consulté le 28 novembre 2026).",
        "“Talks in Bamako”, April 2025. testserver, version 2 of 3 June 2026. "
        "http://testserver/en/events/talks/versions/2/ (consulted on 28 November 2026).",
    ]
    assert [text.split()[0] for text in texts[2:]] == ["@online{event-talks-v2,", "TY", "["]


def test_page_and_file_say_the_same(client: Client, talks: Event) -> None:
    page = Page(client.get("/en/events/talks/cite/"))
    for suffix, form in FORMS.items():
        (text,) = page.root.xpath(f"//textarea[@id='{form.name.lower()}']/text()")
        file = client.get(f"/en/events/talks.{suffix}").content.decode()
        assert text.replace("\r\n", "\n") == file.replace("\r\n", "\n"), suffix
        assert page.root.xpath(f"//a[@href='/en/events/talks.{suffix}']")


def test_citation_of_a_withdrawn_record_is_gone(client: Client, talks: Event) -> None:
    publication.withdraw(record=talks, reason_en="Entered twice.")
    for path in ("cite/", "bib"):
        address = f"/en/events/talks/{path}" if path == "cite/" else f"/en/events/talks.{path}"
        assert client.get(address).status_code == 410


def test_former_slug_leads_to_the_same_file(client: Client, talks: Event) -> None:
    edited(talks, JUNE, slug="renamed")
    publication.keep_former_address(record=talks, former="talks")
    moved = client.get("/en/events/talks.ris")
    assert (moved.status_code, moved["Location"]) == (302, "/en/events/renamed.ris")


@pytest.mark.parametrize("address", ["sources/x.bib", "sources/x/cite/", "parties/xx.bib"])
def test_what_is_no_record_has_no_citation(client: Client, address: str) -> None:
    assert client.get(f"/en/{address}").status_code == 404


def test_queries_do_not_grow_with_the_versions(
    client: Client, talks: Event, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    edited(talks, JUNE, title_en="Talks again")
    done_at(talks, JUNE)
    with django_assert_num_queries(17):
        item(client, "/en/events/talks.csl.json")


@pytest.mark.parametrize("noun", FOLDERS)
def test_what_a_filter_finds_is_cited_with_its_address(
    client: Client, records: dict[str, Any], noun: str
) -> None:
    cited = item(client, f"/en/{FOLDERS[noun]}.csl.json")
    page = "/en/" if noun == "event" else f"/en/{FOLDERS[noun]}/"
    assert (cited["type"], cited["URL"]) == ("dataset", f"http://testserver{page}")
    assert client.get(f"/en/cite/{FOLDERS[noun]}/").status_code == 200


def test_filter_is_cited_in_words_in_both_languages(
    client: Client, records: dict[str, Any]
) -> None:
    path = "/fr/cite/events/?from=2025&party=ml&view=lanes"
    texts = Page(client.get(path)).texts("//textarea")
    assert texts[:2] == [
        "« Événements avec ML, à partir de 2025 », 1 fiche. testserver. "
        "http://testserver/fr/?party=ml&from=2025 (consulté le 28 novembre 2026).",
        "“Events with ML, from 2025”, 1 record. testserver. "
        "http://testserver/en/?party=ml&from=2025 (consulted on 28 November 2026).",
    ]
    (link,) = Page(client.get("/fr/?party=ml&from=2025")).root.xpath("//a[text()='Citer']/@href")
    assert link == "/fr/cite/events/?party=ml&from=2025"


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(
    ("page", "file"),
    [
        ("cite/events/?party=ml", "events.metadata.json?party=ml"),
        ("cite/commitments/?asof=2025-06-01", "commitments.metadata.json?asof=2025-06-01"),
    ],
)
def test_list_is_cited_in_its_files_as_on_its_page(client: Client, page: str, file: str) -> None:
    said = client.get(f"/en/{file}").json()
    assert said["citation"] == Page(client.get(f"/en/{page}")).texts("//textarea")[0]
    assert said["count"] == 1
    assert "”, 1 record. testserver. " in said["citation"]
    assert said["citation"].endswith(" (consulted on 28 November 2026).")


@pytest.mark.usefixtures("records")
def test_filters_are_cited_under_keys_of_their_own(client: Client) -> None:
    found = [item(client, f"/en/events.csl.json{query}")["id"] for query in ("", "?party=ml")]
    assert len({*found}) == 2
    assert item(client, "/fr/events.csl.json?party=ml")["id"] == found[1]


@pytest.mark.parametrize(
    ("address", "content_type"),
    [
        ("cite/events/?from=soon", "text/plain; charset=utf-8"),
        ("commitments.bib?party=nope", "text/plain; charset=utf-8"),
        ("instruments.csl.json?party=nope", "application/problem+json"),
    ],
)
def test_filter_that_cannot_be_read_is_named(
    client: Client, address: str, content_type: str
) -> None:
    response = client.get(f"/en/{address}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == content_type
    parameter = address.partition("?")[2].partition("=")[0]
    assert parameter in response.text


@pytest.mark.django_db(transaction=True)
def test_filter_is_cited_with_the_version_of_the_record(client: Client) -> None:
    make.an_event(publication="published")
    before = item(client, "/en/events.csl.json")["version"]
    assert item(client, "/en/events.csl.json")["version"] == before
    make.an_event(publication="published")
    assert item(client, "/en/events.csl.json")["version"] != before
