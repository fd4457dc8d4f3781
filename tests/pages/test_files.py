"""Pictures as files, and the preview cards of shared pages."""

import re

import pytest
from django.test import Client
from django.utils.safestring import SafeString
from lxml import etree

from tests.images import size_of
from tests.parsed_page import Page
from tests.pictures.test_rasterize import inked
from timeline.clock import today
from timeline.core.dates import parse
from timeline.core.display import View
from timeline.core.question import Question
from timeline.models import Citation, Event
from timeline.pictures.interface import Drawing, Picture
from timeline.pictures.registry import PICTURES
from timeline.queries.sources import COUNTED, relied_on

pytestmark = pytest.mark.usefixtures("demo")

FOUNDING = "ru-aes-consultations-moscow-2025"


def texts(content: bytes) -> list[str]:
    root = etree.fromstring(content)
    return [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]


def test_drawing_says_what_it_is_of_and_where_it_is_from(client: Client) -> None:
    answer = client.get("/en/picture.svg?party=ml&from=2025&to=2025")
    assert answer["Content-Type"] == "image/svg+xml"
    lines = texts(answer.content)
    total = Page(client.get("/en/?party=ml&from=2025&to=2025")).text("//h2[@id='found']")
    assert lines[1] == f"Events with Mali, in 2025. {total}."
    address = "http://testserver/en/?party=ml&from=2025&to=2025"
    origin = f"Russia–Sahel (example), {address}. Every date and every claim names its source."
    assert origin in " ".join(lines)
    (made_on,) = [line for line in lines if line.startswith("Made on")]
    number = re.fullmatch(
        r"Made on 23 November 2026\. The events shown rely on (\d+) sources\.", made_on
    )
    assert number
    assert int(number[1]) > 10


def test_drawing_needs_nothing_beside_itself(client: Client) -> None:
    for query in ("", "?stacked=1&party=ml", "?q=zzzz"):
        text = client.get(f"/fr/picture.svg{query}").content.decode()
        assert "var(" not in text
        assert not re.search(r'(href|src)="', text)
        assert re.findall(r"https?://(?!www\.w3\.org/|testserver/)", text) == []


def test_drawing_has_a_bar_for_each_month(client: Client) -> None:
    drawn = client.get("/fr/picture.svg").content.decode()
    page = Page(client.get("/fr/"))
    (bars,) = page.root.xpath("//*[@class='bar']/@d")
    assert f'd="{bars}"' in drawn
    assert bars.count("M") == len(page.root.xpath("//figure[@class='strip']//svg//a")) > 5


def test_sources_are_counted_once() -> None:
    event = Event.objects.get(slug=FOUNDING)
    own = set(Citation.objects.of_events([event.pk]).values_list("source", flat=True))
    question = Question(frameworks=("ru-aes",), start=parse("2025-04-03"), end=parse("2025-04-03"))
    assert relied_on(question, 1, today()) == len(own) > 1
    assert relied_on(question, COUNTED, today()) == len(own)
    assert relied_on(question, COUNTED + 1, today()) is None


def test_policy_lets_the_style_of_a_drawing_pass_and_nothing_else(client: Client) -> None:
    for _again in range(2):
        policy = client.get("/fr/picture.svg")["Content-Security-Policy"]
        assert re.search(r"style-src 'self' 'sha256-[\w+/]{43}='", policy)
        assert "unsafe" not in policy


def test_pixels_show_the_texts(client: Client) -> None:
    answer = client.get("/en/picture.png?party=ml")
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"] == 'inline; filename="russia-sahel-example-list.png"'
    wide, _high = size_of(answer.content)
    assert wide == 1920
    title = [(x, y) for x, y in inked(answer.content) if y < 110]
    assert len(title) > 1000
    assert min(x for x, _y in title) >= 48


@pytest.mark.parametrize("file", ["picture.svg", "picture.png", "card.png", "data/"])
@pytest.mark.parametrize("query", ["from=soon", "view=nope", "after=nope", "sector=nope"])
def test_unreadable_question_gets_the_page_that_says_so(
    client: Client, file: str, query: str
) -> None:
    page = Page(client.get(f"/fr/{file}?{query}"))
    assert page.status == 400
    assert page.root.xpath("//form[@id='filters']")
    assert page.root.xpath("//*[@id='problems']")


def test_nothing_found_is_a_picture_that_says_so(client: Client) -> None:
    for view in ("list", "lanes", "matrix", "map"):
        answer = client.get(f"/en/picture.svg?q=zzzz&view={view}")
        assert answer.status_code == 200
        assert texts(answer.content)[0] == "No event on record answers all of these filters."
    assert client.get("/en/card.png?q=zzzz").status_code == 200


@pytest.mark.parametrize("file", ["card.png?party=ml&stacked=1", f"events/{FOUNDING}.png"])
def test_card_has_the_size_that_sharing_wants(client: Client, file: str) -> None:
    answer = client.get(f"/fr/{file}")
    assert answer["Content-Type"] == "image/png"
    assert size_of(answer.content) == (1200, 630)


def test_cards_differ_by_event_and_language(client: Client) -> None:
    cards = {
        client.get(address).content
        for address in (
            f"/fr/events/{FOUNDING}.png",
            f"/en/events/{FOUNDING}.png",
            "/fr/events/aes-summit-bamako-2025.png",
        )
    }
    assert len(cards) == 3


@pytest.mark.parametrize(
    ("publication", "status"), [("draft", 404), ("in_review", 404), ("withdrawn", 410)]
)
def test_event_that_readers_do_not_see_has_no_card(
    client: Client, publication: str, status: int
) -> None:
    assert client.get(f"/fr/events/{FOUNDING}.png").status_code == 200
    why = {"withdrawn_reason_fr": "Doublon."} if publication == "withdrawn" else {}
    Event.objects.filter(slug=FOUNDING).update(publication=publication, **why)
    assert client.get(f"/fr/events/{FOUNDING}.png").status_code == status
    assert client.get("/fr/events/none.png").status_code == 404


def tags(page: Page) -> dict[str, str]:
    elements = page.root.xpath("//head/meta[@property or starts-with(@name, 'twitter:')]")
    return {
        element.get("property") or element.get("name"): element.get("content")
        for element in elements
    }


def test_event_tells_of_itself_where_it_is_shared(client: Client) -> None:
    properties = tags(Page(client.get(f"/en/events/{FOUNDING}/")))
    title = "Working session of the foreign ministers of Russia and the AES — 3 April 2025"
    assert properties["og:title"] == title
    assert properties["og:url"] == f"http://testserver/en/events/{FOUNDING}/"
    assert properties["og:image"] == f"http://testserver/en/events/{FOUNDING}.png"
    assert properties["og:locale"] == "en_GB"
    assert properties["og:locale:alternate"] == "fr_FR"
    assert properties["og:type"] == "article"
    assert properties["twitter:card"] == "summary_large_image"
    assert client.get(properties["og:image"].removeprefix("http://testserver")).status_code == 200


def test_filter_tells_of_itself_where_it_is_shared(client: Client) -> None:
    page = Page(client.get("/fr/?party=ml&unknown=1"))
    properties = tags(page)
    assert properties["og:title"] == "Russie–Sahel (exemple) — Événements avec Mali."
    assert properties["og:description"].startswith(page.text("//h2[@id='found']"))
    assert properties["og:url"] == "http://testserver/fr/?party=ml"
    assert properties["og:image"] == "http://testserver/fr/card.png?party=ml"


def test_words_of_a_reader_are_escaped(client: Client) -> None:
    words = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    for address in ("/fr/", "/fr/picture.svg", "/fr/embed/", "/fr/data/"):
        text = client.get(f"{address}?q={words}").content.decode()
        assert "alert(1)" in text
        assert "<script>alert" not in text


def test_pictures_are_offered_under_the_strip_and_on_the_page_of_data(client: Client) -> None:
    for address in ("/en/?party=ml", "/en/data/?party=ml"):
        page = Page(client.get(address))
        for name in ("SVG", "PNG"):
            (link,) = page.root.xpath(f"//a[@download and .='{name}']/@href")
            assert link == f"/en/picture.{name.lower()}?party=ml"
            assert client.get(link).status_code == 200


def test_other_views_are_drawn_by_those_who_know_them(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = SafeString('<a href="/fr/" class="mark"><rect width="9" height="9"/></a>')
    lanes: Picture[None] = Picture(
        read=lambda _answered: None,
        figure=lambda _data: SafeString(f'<figure class="shown"><svg>{marks}</svg></figure>'),
        drawing=lambda _data: Drawing("Lanes of parties", "Told.", 1400, 500, marks),
    )
    monkeypatch.setitem(PICTURES, View.LANES, lanes)
    drawn = client.get("/en/picture.svg?view=lanes").content
    assert texts(drawn)[0] == "Lanes of parties"
    (shown,) = etree.fromstring(drawn).xpath("//*[@class='shown lanes']/*[@class='wide']")
    assert (shown.get("width"), shown.get("height")) == ("1400", "500")
    assert '<g class="mark"><rect width="9" height="9"/></g>' in drawn.decode()
    assert size_of(client.get("/en/picture.png?view=lanes").content)[0] == 2 * (1400 + 48)
    page = Page(client.get("/en/?view=lanes"))
    assert page.root.xpath("//figure[@class='shown']")
    assert page.root.xpath("//a[@download]/@href") == [
        "/en/picture.svg?view=lanes",
        "/en/picture.png?view=lanes",
    ]
    embed = Page(client.get("/en/embed/?view=lanes"))
    assert embed.root.xpath("//figure[@class='shown']//a/@target") == ["_blank"]
    assert embed.titles == []


@pytest.mark.parametrize("view", [View.LANES, View.MAP])
def test_file_has_the_legend_of_its_page(client: Client, view: View) -> None:
    page = Page(client.get(f"/en/?view={view.value}&party=ml"))
    legend = page.texts("//figure[contains(@class, 'shown')]//ul[@class='legend']/li")
    in_file = texts(client.get(f"/en/picture.svg?view={view.value}&party=ml").content)
    assert len(legend) > 4
    in_words = [re.sub(r"^(8|\+2) |; opens closer$", "", name) for name in legend]
    assert [name for name in in_words if name not in in_file] == []


def test_bars_of_a_drawing_are_named_by_sector(client: Client) -> None:
    drawn = client.get("/en/picture.svg?stacked=1").content
    legend = texts(drawn)[-4:]
    assert legend[-1] == "11 other sectors, or none"
    assert legend[0] == "Institutions"
    assert b"strip-1" in drawn


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize(
    "query", ["", "&party=ru&party=ml", "&lanes=sector&against=party&stacked=1"]
)
def test_every_view_is_drawn_as_files(client: Client, view: View, query: str) -> None:
    drawn = etree.fromstring(client.get(f"/fr/picture.svg?view={view}{query}").content)
    marks = drawn.xpath("count(//*[local-name()='path' or local-name()='rect'])")
    assert marks >= (1 if view == View.LIST else 6)
    answer = client.get(f"/fr/picture.png?view={view}{query}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
