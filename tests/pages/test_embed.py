"""Embedding in other sites: which pages may be framed by whom, and oEmbed."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from lxml import html

from tests.images import size_of
from tests.parsed_page import Page
from timeline.models import Commitment

pytestmark = pytest.mark.usefixtures("demo")

SITE = "http://testserver"


def ancestors(client: Client, address: str) -> tuple[str, str | None]:
    answer = client.get(address)
    (sources,) = re.findall(r"frame-ancestors ([^;]+)", answer["Content-Security-Policy"])
    return sources, answer.headers.get("X-Frame-Options")


def test_embed_shows_the_results_and_nothing_of_the_site(client: Client) -> None:
    page, whole = Page(client.get("/en/embed/?party=ml")), Page(client.get("/en/?party=ml"))
    assert page.titles == whole.titles != []
    assert page.text("//h1") == whole.text("//h2[@id='found']")
    assert page.text("//p[@class='sentence']") == "Events with Mali. Open on Russia–Sahel (example)"
    (link,) = page.root.xpath("//p[@class='sentence']/a/@href")
    assert link == f"{SITE}/en/?party=ml"
    assert page.root.xpath("//header | //form | //nav") == []
    assert page.root.xpath("//base/@target") == ["_blank"]


def test_embed_says_what_it_cannot_read(client: Client) -> None:
    page = Page(client.get("/en/embed/?from=soon"))
    assert page.status == 400
    assert "soon" in page.text("//*[@id='problems']")


def test_embed_says_that_nothing_was_found(client: Client) -> None:
    page = Page(client.get("/en/embed/?q=zzzz"))
    assert page.text("//p[@class='nothing']") == "No event on record answers all of these filters."


@pytest.mark.parametrize("query", ["", "?party=ml", "?from=soon"])
def test_everybody_may_frame_the_embed(client: Client, query: str) -> None:
    for _kept in range(2):
        assert ancestors(client, f"/fr/embed/{query}") == ("*", None)


def test_those_named_may_frame_the_embed(client: Client, settings: Any) -> None:
    settings.EMBED_ANCESTORS = ["https://a.example", "https://*.b.example"]
    assert ancestors(client, "/fr/embed/") == ("https://a.example https://*.b.example", None)


@pytest.mark.parametrize(
    "address", ["/fr/", "/fr/data/", "/fr/picture.svg", "/fr/?from=soon", "/fr/about/", "/healthz"]
)
def test_nobody_may_frame_anything_else(client: Client, address: str) -> None:
    assert client.get("/fr/embed/").status_code == 200
    assert ancestors(client, address) == ("'none'", "DENY")


def oembed(client: Client, url: str, **more: str) -> dict[str, Any]:
    answer = client.get(f"/oembed?{urlencode({'url': url, **more})}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    properties: dict[str, Any] = json.loads(answer.content)
    return properties


def test_page_says_where_programs_learn_to_embed_it(client: Client) -> None:
    page = Page(client.get("/fr/?party=ml&sector=energy"))
    (link,) = page.root.xpath("//link[@type='application/json+oembed']/@href")
    properties = json.loads(client.get(link.removeprefix(SITE)).content)
    assert (properties["version"], properties["type"], properties["provider_name"]) == (
        "1.0",
        "rich",
        "Russie–Sahel (exemple)",
    )
    assert (
        properties["title"]
        == "Russie–Sahel (exemple) — Événements dans le secteur Énergie, avec Mali."
    )
    quotation, frame, script = html.fragments_fromstring(properties["html"])
    assert quotation.xpath("blockquote/a/@href") == [f"{SITE}/fr/?sector=energy&party=ml"]
    assert script.get("src") == f"{SITE}/static/timeline/embed.js"
    assert frame.get("src") == f"{SITE}/fr/embed/?sector=energy&party=ml"
    assert frame.get("width") == str(properties["width"])
    assert frame.get("height") == str(properties["height"])
    assert client.get(frame.get("src").removeprefix(SITE)).status_code == 200
    thumbnail = client.get(properties["thumbnail_url"].removeprefix(SITE))
    assert thumbnail.status_code == 200
    size = (properties["thumbnail_width"], properties["thumbnail_height"])
    assert size == size_of(thumbnail.content)


def test_records_are_embedded_as_card_meetings_or_link(client: Client) -> None:
    pages = {
        "event": "events/ru-aes-consultations-moscow-2025",
        "text": "instruments/aes-confederation-treaty",
        "framework": "frameworks/ru-aes",
        "commitment": "commitments/ru-aes-permanent-framework",
    }
    shown = {name: oembed(client, f"{SITE}/en/{page}/") for name, page in pages.items()}
    assert {name: one["type"] for name, one in shown.items()} == {
        **{"event": "photo", "text": "photo", "framework": "rich", "commitment": "link"},
    }
    for name in ("event", "text"):
        card = client.get(shown[name]["url"].removeprefix(SITE))
        assert card.status_code == 200
        assert size_of(card.content) == (shown[name]["width"], shown[name]["height"])
    _quotation, frame, _script = html.fragments_fromstring(shown["framework"]["html"])
    assert frame.get("src") == f"{SITE}/en/embed/?framework=ru-aes"


@pytest.mark.parametrize(
    ("room", "fits"),
    [
        *(({"maxwidth": width}, False) for width in ("600", "1199")),
        ({"maxheight": "629"}, False),
        ({"maxwidth": "1200", "maxheight": "630"}, True),
    ],
)
def test_card_is_embedded_where_it_fits(client: Client, room: dict[str, str], fits: bool) -> None:
    event = oembed(client, f"{SITE}/en/events/ru-aes-consultations-moscow-2025/", **room)
    assert (event["type"], "url" in event) == (("photo", True) if fits else ("link", False))
    assert ("thumbnail_url" in oembed(client, f"{SITE}/en/", **room)) == fits


def test_wordpress_has_a_quotation_before_the_frame(client: Client) -> None:
    embed = oembed(client, f"{SITE}/en/?party=ml")["html"]
    # WordPress takes away all tags but these, and leaves what is between them.
    kept = re.sub(r"<(?!/?(?:a|blockquote|iframe)\b)[^>]*>", "", embed)
    assert re.sub(r'"[^"]*"', '""', kept).strip() == (
        '<blockquote><a href="">Russia–Sahel (example) — Events with Mali.</a></blockquote>'
        '<iframe src="" title="" width="" height="" loading="" data-cadre></iframe>'
    )


def pasted_in_ghost(client: Client, path: str) -> tuple[str, ...]:
    """Return the card that the editor of Ghost makes of an address, and what the card shows.

    Ghost follows the first link to oEmbed as it stands, so that it must be absolute. It takes what
    has a type and a version: photos with their address, frames with HTML and a width. Of both it
    shows the HTML alone. Anything else becomes a bookmark, which it reads from the page itself.
    """
    page = Page(client.get(path))
    for link in page.root.xpath("//link[@type='application/json+oembed']/@href")[:1]:
        assert link.startswith(f"{SITE}/")
        said = client.get(link.removeprefix(SITE)).json()
        needed = {"photo": ("url",), "rich": ("html", "width"), "video": ("html", "width")}
        if said["version"] and all(said.get(name) for name in needed.get(said["type"], ("none",))):
            body = html.fragments_fromstring(said.get("html", ""))
            shown = [element for element in body if element.tag not in ("template", "script")]
            return said["type"], *(one.get("src") or one.get("href") for one in shown)
    meta = {one.get("property"): one.get("content") for one in page.root.xpath("//meta[@property]")}
    (icon,) = page.root.xpath("//link[@rel='icon']/@href")
    assert icon.endswith(".svg")
    names = ("og:title", "og:description", "og:site_name", "og:image")
    return "bookmark", *(meta.get(name, "") for name in names)


def test_ghost_makes_a_card_of_each_page_that_can_be_embedded(client: Client) -> None:
    commitment = Commitment.objects.get(slug="ru-aes-permanent-framework")
    event = "/en/events/ru-aes-consultations-moscow-2025/"
    text = "/en/instruments/aes-confederation-treaty/"
    promise = f"/en/commitments/{commitment.slug}/"
    framework = "/en/frameworks/ru-aes/"
    query = "?sector=energy&party=ml"
    pages = (f"/en/{query}", event, text, framework, promise)
    assert [pasted_in_ghost(client, page) for page in pages] == [
        ("rich", f"{SITE}/en/embed/{query}"),
        ("photo", f"{SITE}{event}"),
        ("photo", f"{SITE}{text}"),
        ("rich", f"{SITE}/en/embed/?framework=ru-aes"),
        (
            "bookmark",
            f"{commitment.title_en} — 3 April 2025",
            commitment.wording_en,
            "Russia–Sahel (example)",
            f"{SITE}{event.removesuffix('/')}.png",
        ),
    ]


@pytest.mark.parametrize("noun", ["events", "instruments", "frameworks", "commitments"])
def test_record_that_readers_may_not_see_is_not_embedded(client: Client, noun: str) -> None:
    Commitment.objects.filter(slug="ru-aes-permanent-framework").update(publication="draft")
    for slug in ("none", "ru-aes-permanent-framework"):
        address = f"{SITE}/en/{noun}/{slug}/"
        assert client.get(f"/oembed?{urlencode({'url': address})}").status_code == 404


@pytest.mark.parametrize(
    ("room", "size"),
    [
        ({}, (720, 600)),
        ({"maxwidth": "300"}, (300, 600)),
        ({"maxwidth": "4000", "maxheight": "200"}, (720, 200)),
    ],
)
def test_embed_keeps_to_the_room_there_is(
    client: Client, room: dict[str, str], size: tuple[int, int]
) -> None:
    properties = oembed(client, f"{SITE}/en/", **room)
    assert (properties["width"], properties["height"]) == size
    assert ("thumbnail_url" in properties) == (room == {})


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"url": f"{SITE}/en/", "format": "json"}, 200),
        ({"url": f"{SITE}/en/embed/?party=ml"}, 200),
        ({"url": f"{SITE}/en/", "format": "xml"}, 501),
        ({"url": f"{SITE}/en/", "maxwidth": "wide"}, 400),
        ({"url": f"{SITE}/en/", "maxheight": "0"}, 400),
        ({}, 400),
        ({"url": f"{SITE}/en/about/"}, 404),
        ({"url": f"{SITE}/"}, 404),
        ({"url": f"{SITE}/en/none/"}, 404),
        ({"url": f"{SITE}/en/?from=soon"}, 404),
        ({"url": "https://elsewhere.example/en/"}, 404),
        ({"url": "//testserver/en/"}, 404),
        ({"url": "ftp://testserver/en/"}, 404),
        ({"url": "http://[/en/"}, 404),
        ({"url": "\0"}, 404),
    ],
)
def test_only_own_pages_can_be_embedded(client: Client, query: dict[str, str], status: int) -> None:
    assert client.get(f"/oembed?{urlencode(query)}").status_code == status


def test_page_of_data_offers_a_frame_to_paste(client: Client) -> None:
    text = client.get("/en/data/?party=ml&q=%22a%22").content.decode()
    pasted = html.fromstring(text).xpath("string(//textarea[@id='snippet'])")
    frame, script = html.fragments_fromstring(pasted)
    assert frame.get("src") == f"{SITE}/en/embed/?q=%22a%22&party=ml"
    assert frame.get("title") == 'Russia–Sahel (example) — Events with Mali, that say “"a"”.'
    assert script.get("src") == f"{SITE}/static/timeline/embed.js"
    assert "</textarea>" in text


def test_timeline_leads_to_its_data(client: Client) -> None:
    page = Page(client.get("/en/?party=ml"))
    assert page.root.xpath("//p[contains(@class, 'follow')]/a[last()]/@href") == [
        "/en/data/?party=ml"
    ]
    footer = Page(client.get("/en/about/")).root.xpath("//footer//a/@href")
    assert "/en/data/" in footer
