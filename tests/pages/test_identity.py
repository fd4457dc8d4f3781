"""The site says what it is about and who keeps it, under the name that editors gave it."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from django.http.response import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils.translation import override

from tests import factories as make
from tests.parsed_page import Page
from tests.said import said
from timeline.models import Event, Identity
from timeline.urls import urlpatterns

pytestmark = pytest.mark.django_db

NAME: Final = "Zqname"
TEXTS: Final = ("about", "legal", "privacy", "accessibility")


@pytest.fixture
def record() -> dict[str, Any]:
    """One published record of each noun; gives the arguments of their addresses by name."""
    made = make.one_of_each()
    make.also_at(made["event"], make.a_place("moscow"))
    names = [str(pattern.name) for pattern in urlpatterns if isinstance(pattern, URLPattern)]
    return {
        **dict.fromkeys(names),
        **{name: name.partition("_")[0] for name in names if name.partition("_")[0] in made},
        **{"party": "ru", "sector": "trade", "person": "lavrov", "place": "moscow", "source": 7},
        "comparison": ("ru", "ml"),
        **dict.fromkeys(("cite", "versions", "record_atom"), ("event", "event")),
        **{"cite_list": "event", "list_citation": ("event", "csl.json")},
        **{"citation": ("event", "event", "csl.json"), "version": ("event", "event", 1)},
    }


def address(name: str, argument: Any, language: str) -> str:
    with override(language):
        arguments = argument if isinstance(argument, tuple) else (argument,)
        return reverse(f"timeline:{name}", args=() if argument is None else arguments)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_address_and_file_has_the_name_that_editors_gave_the_site(
    client: Client, record: dict[str, Any], language: str
) -> None:
    Identity.objects.create(name_en=NAME, **{f"{text}_en": "Text." for text in TEXTS})
    for name, argument in record.items():
        response = client.get(address(name, argument, language))
        assert response.status_code == 200, name
        body = said(response)
        kind = response["Content-Type"].partition(";")[0]
        if kind == "text/html":
            page = body.decode()
            title = Page(HttpResponse(page)).text("//head/title")
            assert (NAME in title) or name == "embed", name
            assert f'content="{NAME}"' in page or "og:site_name" not in page, name
            assert NAME in page, name
        elif kind == "image/svg+xml":
            assert NAME in body.decode(), name
        elif kind == "text/calendar":
            assert NAME.lower() in response["Content-Disposition"] or name == "framework_calendar"
        if kind.startswith("image/") and "Content-Disposition" in response:
            assert f'filename="{NAME.lower()}-' in response["Content-Disposition"], name
        if kind != "image/png":
            text = body.decode().replace("PRODID:-//Cadre//", "")
            assert not re.search("Sahel", text), name
            assert language == "fr" or not re.search(r"\bCadre\b", text), name


def test_what_is_outside_of_the_languages_has_the_name_too(
    client: Client, record: dict[str, Any]
) -> None:
    Identity.objects.create(name_en=NAME)
    described = client.get("/oembed", {"url": "http://testserver/en/"}).json()
    assert (described["provider_name"], described["title"].partition(" — ")[0]) == (NAME, NAME)
    for missing in ("/en/no/such/page/", "/en/events/nothing/"):
        page = Page(client.get(missing))
        assert (page.status, page.text("//head/title")) == (404, f"No such page — {NAME}"), missing
    assert f"<title>Connexion | {NAME}</title>" in _folded(client.get("/admin/login/"))
    for path in ("/robots.txt", "/healthz", "/readyz"):
        assert "Cadre" not in said(client.get(path)).decode()


def _folded(response: HttpResponseBase) -> str:
    return " ".join(said(response).decode().split())


def test_event_is_cited_with_the_name_of_the_site(client: Client, record: dict[str, Any]) -> None:
    page, title = address("event", record["event"], "en"), Event.objects.get().title_en
    cited = "//section[h2='Cite and correct']/p"
    assert Page(client.get(page)).text(cited) == f"“{title}”, 3 April 2025. testserver{page}"
    Identity.objects.create(name_en=NAME)
    assert Page(client.get(page)).text(cited) == (
        f"“{title}”, 3 April 2025. {NAME}, testserver{page}"
    )


def test_templates_name_no_site_and_no_region() -> None:
    folder = Path(settings.BASE_DIR) / "templates"
    named = {
        path.name
        for path in folder.rglob("*.*")
        if re.search(r"\bCadre\b|\bcadre-|Sahel", path.read_text(encoding="utf-8"))
    }
    assert named == set()


def test_site_without_a_name_has_that_of_its_host(client: Client) -> None:
    Identity.objects.create(subject_en="Who met whom.")
    page = Page(client.get("/en/"))
    assert page.text("//head/title") == "testserver — diplomatic events and commitments"
    assert page.text("//a[@class='brand']") == "testserver"
    assert client.get("/en/picture.png")["Content-Disposition"] == (
        'inline; filename="testserver-list.png"'
    )


def test_first_page_says_what_the_record_is_about_and_who_keeps_it(client: Client) -> None:
    assert Page(client.get("/en/")).texts("//p[@class='subject']") == []
    Identity.objects.create(
        subject_en="Who met whom in the North.",
        since="2022-03",
        keeper_fr="Les gardiens",
        searched_until="2026-02-28",
    )
    page = Page(client.get("/en/"))
    assert page.text("//p[@class='subject']") == (
        "Who met whom in the North. Since March 2022 · kept by Les gardiens · "
        "sources searched until 28 February 2026 · About the record"
    )
    assert page.root.xpath("//p[@class='subject']//span[@lang='fr']/text()") == ["Les gardiens"]
    assert page.root.xpath("string(//meta[@name='description']/@content)") == (
        "Who met whom in the North."
    )
    assert Page(client.get("/fr/")).text("//p[@class='subject']/span[last()]") == (
        "Depuis mars 2022 · tenu par Les gardiens · recherche menée jusqu’au 28 février 2026 · "
        "À propos du registre"
    )


def test_about_page_says_what_editors_wrote_of_it(client: Client) -> None:
    Identity.objects.create(
        subject_en="Who met whom.",
        since="2022",
        searched_until="2026-02-28",
        keeper_en="The keepers",
        licence_en="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        contact="record@example.org",
        about_en="# What is in it\n\nEverything.",
    )
    page = Page(client.get("/en/about/"))
    facts = page.root.xpath("(//dl)[1]")[0]
    assert [" ".join(row.text_content().split()) for row in facts] == [
        *("Since", "2022", "Sources searched until", "28 February 2026"),
        *("Kept by", "The keepers", "Licence", "CC BY 4.0", "Contact", "record@example.org"),
    ]
    assert facts.xpath(".//a/@href") == [
        "https://creativecommons.org/licenses/by/4.0/",
        "mailto:record@example.org",
    ]
    assert page.texts("//h2") == ["What is in it", "How the record works"]
    french = Page(client.get("/fr/about/"))
    assert french.texts("//div[@lang='en']") == ["What is in it Everything."]


def test_about_page_of_a_site_that_says_nothing_explains_the_record(client: Client) -> None:
    page = Page(client.get("/en/about/"))
    assert (page.status, page.texts("//h2")) == (200, ["How the record works"])
    assert page.root.xpath("//h3[@id='score']")


@pytest.mark.parametrize("name", ["legal", "privacy", "accessibility"])
def test_statement_has_a_page_once_it_is_written(client: Client, name: str) -> None:
    assert client.get(f"/en/{name}/").status_code == 404
    links = f"//footer//a[@href='/en/{name}/']"
    assert Page(client.get("/en/about/")).texts(links) == []
    Identity.objects.create(**{f"{name}_en": "We <script>keep</script> *nothing*."})
    page = Page(client.get(f"/en/{name}/"))
    assert page.texts("//article/div") == ["We <script>keep</script> nothing."]
    assert page.texts("//article//em") == ["nothing"]
    assert page.texts("//h1") == Page(client.get("/en/about/")).texts(links)
    assert Page(client.get(f"/fr/{name}/")).texts("//article/div[@lang='en']/p") != []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nothing_kept")
def test_change_of_the_identity_is_seen_on_pages_that_browsers_and_caches_keep(
    client: Client, record: dict[str, Any]
) -> None:
    Identity.objects.create(name_en="Former")
    kept = ("/en/", "/en/about/", address("event", record["event"], "en"), "/en/events.ics")
    cards = ("/en/card.png", address("event_card", record["event"], "en"))
    tags = {path: client.get(path)["ETag"] for path in (*kept, *cards)}
    for path, tag in tags.items():
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304, path
    former_cards = {path: said(client.get(path)) for path in cards}
    Identity.objects.update(name_en="Present")
    for path, tag in tags.items():
        answer = client.get(path, headers={"If-None-Match": tag})
        assert answer.status_code == 200, path
        if path in cards:
            assert said(answer) != former_cards[path], path
        else:
            assert re.findall(b"Present|Former", said(answer))[:1] == [b"Present"], path
            assert b"Former" not in said(answer), path
