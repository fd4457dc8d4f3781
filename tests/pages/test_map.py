"""The map of the demo: its counts are right, its links lead to them, its table says the same."""

import re

import pytest
from django.test import Client
from django.utils.translation import override

from tests.parsed_page import TODAY, Page
from timeline.core.display import Display, View
from timeline.core.question import Question
from timeline.formats import sentences
from timeline.index.current import current
from timeline.pictures.interface import AnsweredQuestion
from timeline.pictures.map.data import read
from timeline.pictures.map.figure import drawing
from timeline.queries.vocabulary import vocabulary

pytestmark = pytest.mark.usefixtures("demo")

FIGURE = "//figure[@class='shown map']"
WIDE = f"{FIGURE}/*[@class='wide']"
PHONE = f"{FIGURE}/*[@class='phone']"


def get(client: Client, address: str) -> Page:
    return Page(client.get(address))


def links(page: Page, xpath: str) -> dict[str, str]:
    """Return the links of a part of the map by their titles."""
    return {link.xpath("string(title)"): link.get("href") for link in page.root.xpath(xpath)}


def number(page: Page) -> int:
    return int(page.text("//*[@id='found']").split()[0])


def table(page: Page, caption: str) -> list[tuple[str, int, str]]:
    rows = page.root.xpath(f"{FIGURE}//table[caption='{caption}']/tbody/tr")
    return [
        (
            row.xpath("string(th)"),
            int(row.xpath("string(td[last()])")),
            row.xpath("string(th/a/@href)"),
        )
        for row in rows
    ]


@pytest.mark.parametrize("svg", [WIDE, PHONE])
@pytest.mark.parametrize("query", ["", "&party=ru&party=ml", "&q=energie"])
def test_circle_leads_to_as_many_events_as_it_says(client: Client, svg: str, query: str) -> None:
    by_title = links(get(client, f"/en/?view=map{query}"), f"{svg}//a[circle]")
    assert by_title
    for title, address in by_title.items():
        assert "view=" not in address
        assert title.endswith(f": {number(get(client, address))} event") or title.endswith(
            f": {number(get(client, address))} events"
        )


def test_table_says_what_the_map_says(client: Client) -> None:
    page = get(client, "/en/?view=map")
    places, states = table(page, "Places"), table(page, "States")
    (nowhere,) = re.findall(r"Events without a place: (\d+)\.", page.text(f"{FIGURE}/p"))
    # Two of the events went on to a second city and a third.
    assert sum(count for _name, count, _to in places) + int(nowhere) == number(page) + 4
    assert places[0][:2] == ("Bamako", 25)
    for name, count, address in [*places[:3], *states[:3]]:
        assert (name, number(get(client, address))) == (name, count)
    drawn = links(page, f"{WIDE}//a[path]")
    assert links(page, f"{PHONE}//a[use]") == drawn
    for name, count, address in states:
        assert drawn[f"{name}: {count} event{'s' if count > 1 else ''}"] == address


def test_state_is_toggled_and_the_map_stays(client: Client) -> None:
    page = get(client, "/en/?view=map&sector=energy")
    (address,) = (to for title, to in links(page, f"{WIDE}//a[path]").items() if "Niger:" in title)
    assert address == "/en/?sector=energy&party=ne&view=map"
    narrowed = get(client, address)
    assert len(narrowed.root.xpath(f"{WIDE}//path[contains(@class,'chosen')]")) == 1
    (back,) = (to for title, to in links(narrowed, f"{WIDE}//a[path]").items() if "Niger:" in title)
    assert back == "/en/?sector=energy&view=map"


@pytest.mark.parametrize(
    ("query", "arcs"),
    [
        ("party=ru&party=ml", 1),
        ("party=ru&party=aes", 3),
        ("party=ru", 0),
        ("party=ru&party=ml&party=ne", 0),
        ("party=ru&party=ml&party_match=any", 0),
    ],
)
def test_arc_joins_two_parties_filtered_together(client: Client, query: str, arcs: int) -> None:
    page = get(client, f"/en/?view=map&{query}")
    assert len(page.root.xpath(f"{WIDE}//path[@class='arc']")) == arcs
    assert ("The arc joins" in page.text(f"{FIGURE}/p[1]")) is bool(arcs)


@pytest.mark.parametrize("query", ["party=ru&party=ml", "party=ru&party=aes", "party=ml&party=dz"])
def test_arc_leads_to_the_meetings_that_it_counts(client: Client, query: str) -> None:
    page = get(client, f"/en/?view=map&{query}")
    drawn = links(page, f"{WIDE}//a[path[@class='arc']]")
    assert drawn
    assert links(page, f"{PHONE}//a[path[@class='arc']]") == drawn
    for said, address in drawn.items():
        assert {"met=1", *query.split("&")} <= set(address.removeprefix("/en/?").split("&"))
        count = number(get(client, address))
        assert said.endswith(f": {count} event{'s' if count > 1 else ''}")
    rows = table(page, "States that met")
    assert {f"{name}: {n} event{'s' if n > 1 else ''}": to for name, n, to in rows} == drawn
    assert [n for _name, n, _to in rows] == sorted((n for _name, n, _to in rows), reverse=True)


def test_states_that_only_addressed_each_other_have_no_arc(client: Client) -> None:
    page = get(client, "/en/?view=map&party=aes&party=dz")
    assert number(page) > 0
    assert not page.root.xpath(f"{FIGURE}//path[@class='arc']")
    assert "The arc joins" not in page.text(f"{FIGURE}/p[1]")


def test_states_are_counted_among_what_is_found_where_any_party_will_do(client: Client) -> None:
    page = get(client, "/en/?view=map&party=ne&party=td&party_match=any")
    for name, count, _to in table(page, "States"):
        if name in ("Niger", "Chad"):
            continue
        assert count <= number(page)
    assert max(count for _name, count, _to in table(page, "States")) <= number(page)


def test_nothing_found_draws_nothing(client: Client) -> None:
    page = get(client, "/en/?view=map&q=zzzz")
    assert not page.root.xpath(FIGURE)


def test_page_is_light(client: Client) -> None:
    assert len(client.get("/en/?view=map").content) < 150_000


def test_drawing_stands_alone() -> None:
    with override("en"):
        question = Question(display=Display(view=View.MAP))
        words = vocabulary({})
        answer = current().answer(question, today=TODAY)
        names = sentences.names(words)
        figure = drawing(read(AnsweredQuestion(question, answer, words, names, "/en/", TODAY)))
    assert (figure.width, figure.title[:12]) == (580, "Where events")
    assert 'id="map-land"' in figure.marks
    assert "<use" not in figure.marks


MOVES = f"{FIGURE}//*[@class='moves']"


def moved(page: Page, name: str) -> str:
    (address,) = page.root.xpath(f"{MOVES}/a[@aria-label='{name}']/@href")
    return str(address)


def test_links_zoom_and_pan_within_the_whole_map(client: Client) -> None:
    whole = get(client, "/en/?view=map&sector=energy")
    assert whole.root.xpath(f"{MOVES}/a/@aria-label") == ["Zoom in"]
    # Around the place with the most events.
    near = get(client, moved(whole, "Zoom in"))
    assert any(title.startswith("Bamako") for title in links(near, f"{WIDE}//a[circle]"))
    closer = get(client, "/en/?sector=energy&view=map&zoom=1&centre=34.68,15.07")
    assert closer.root.xpath(f"{MOVES}/a/@aria-label") == [
        *("West", "East", "North", "South", "Zoom in", "Zoom out", "Fit: the whole map"),
    ]
    assert moved(closer, "Fit: the whole map") == "/en/?sector=energy&view=map"
    west = get(client, moved(closer, "West"))
    assert "West" not in west.root.xpath(f"{MOVES}/a/@aria-label")
    assert number(west) == number(whole)
    assert table(west, "Places")[0][:2] == table(whole, "Places")[0][:2]


def test_zoom_without_a_middle_shows_the_whole_map(client: Client) -> None:
    whole = get(client, "/en/?view=map")
    for query in ("zoom=3", "zoom=3&centre=2025-04-03"):
        page = get(client, f"/en/?view=map&{query}")
        assert links(page, f"{WIDE}//a[circle]").keys() == links(whole, f"{WIDE}//a[circle]").keys()


@pytest.mark.parametrize("centre", ["91,0", "0,181", "here", "1,2,3"])
def test_middle_that_is_no_position_is_refused(client: Client, centre: str) -> None:
    assert client.get(f"/en/?view=map&zoom=1&centre={centre}").status_code == 400


DISPUTES = f"{FIGURE}//details[contains(@class,'disputes')]"


@pytest.mark.parametrize("svg", [WIDE, PHONE])
def test_disputed_land_leads_to_no_state(client: Client, svg: str) -> None:
    page = get(client, "/en/?view=map")
    titles = page.root.xpath(f"{svg}//title[contains(.,': disputed')]")
    assert [title.text for title in titles][:2] == [
        "Western Sahara: disputed",
        "Crimea: disputed",
    ]
    assert not page.root.xpath(f"{svg}//a[title[contains(.,': disputed')]]")


@pytest.mark.parametrize(
    ("language", "name", "said", "document"),
    [
        (
            *("en", "Crimea.", "disputed: shaded for no state"),
            "Resolution 68/262, United Nations General Assembly, 27 March 2014.",
        ),
        (
            *("fr", "Crimée.", "statut disputé : teinté pour aucun État"),
            "Résolution 68/262, Assemblée générale des Nations unies, 27 mars 2014.",
        ),
    ],
)
def test_disputed_areas_of_the_map_are_listed_with_reason_and_document(
    client: Client, language: str, name: str, said: str, document: str
) -> None:
    page = get(client, f"/{language}/?view=map&zoom=3&centre=46,37")
    rows = page.texts(f"{DISPUTES}//li")
    assert len(rows) == len(page.root.xpath(f"{WIDE}//path[@class='disputed']")) == 5
    assert rows[0].startswith(f"{name} ")
    assert rows[0].endswith(f" {document}")
    assert page.root.xpath(f"{DISPUTES}//li[1]//a/@href") == ["https://undocs.org/A/RES/68/262"]
    assert said in page.texts(f"{FIGURE}//ul[@class='legend']/li")


def test_map_without_disputed_land_speaks_of_none(client: Client) -> None:
    page = get(client, "/en/?view=map&zoom=5&centre=12.6,-8")
    assert not page.root.xpath(DISPUTES)
    assert "disputed: shaded" not in page.text(f"{FIGURE}/figcaption")


def test_file_has_the_hatch_and_its_key(client: Client) -> None:
    svg = client.get("/en/picture.svg?view=map").content.decode()
    assert svg.count('<pattern id="map-hatch"') == 1
    assert svg.count('class="disputed" d=') == 16
    assert ">disputed: shaded for no state</text>" in svg
