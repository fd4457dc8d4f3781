"""Events that took place at several places: found by each, counted once, named in order."""

import re
from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.caches import clear_caches
from tests.calendars import content_lines, named
from tests.parsed_page import Page
from timeline.models import Citation, Event, EventPlace, Place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "nothing_kept")]

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}
FIGURE = "//figure[@class='shown map']"


def get(client: Client, address: str) -> Page:
    return Page(client.get(address))


def found(client: Client, query: str) -> int:
    page = get(client, f"/en/{query}")
    return int(page.text("//*[@id='found']").split()[0]) if page.titles else 0


@pytest.fixture
def capitals() -> dict[str, Place]:
    """Three capitals, two of them so close together that a map of the world has one circle."""
    known = {
        "bamako": ("Bamako", "ml", 12.64, -8.0),
        "ouagadougou": ("Ouagadougou", "bf", 12.37, -1.52),
        "ziniare": ("Ziniaré", "bf", 12.58, -1.3),
    }
    states = {code: make.a_state(code, name_en=code.upper()) for code in ("ml", "bf", "ru")}
    return {
        slug: make.a_place(
            slug, name_en=name, name_fr=name, party=states[code], latitude=north, longitude=east
        )
        for slug, (name, code, north, east) in known.items()
    }


@pytest.fixture
def tour(capitals: dict[str, Place]) -> Event:
    """A tour of the three, and beside it a meeting in the first."""
    make.an_event(slug="meeting", place=capitals["bamako"], **SHOWN)
    made = make.an_event(
        slug="tour",
        title_en="Tour",
        date="2024-11-28/2024-11-29",
        place=capitals["bamako"],
        **SHOWN,
    )
    make.also_at(made, capitals["ouagadougou"], days="2024-11-29")
    make.also_at(made, capitals["ziniare"], venue_en="Town hall")
    return made


def test_event_is_found_by_each_of_its_places_and_once_by_several(
    client: Client, tour: Event
) -> None:
    assert {
        query: found(client, query)
        for query in (
            *("", "?place=bamako", "?place=ouagadougou", "?place=ziniare"),
            *("?place=bamako&place=ouagadougou&place=ziniare", "?q=ziniare", "?q=town+hall"),
        )
    } == {
        **{"": 2, "?place=bamako": 2, "?place=ouagadougou": 1, "?place=ziniare": 1},
        **{"?place=bamako&place=ouagadougou&place=ziniare": 2, "?q=ziniare": 1, "?q=town+hall": 1},
    }


def test_commitment_is_found_by_each_place_of_its_event(client: Client, tour: Event) -> None:
    make.a_commitment(tour, title_en="Promise", **SHOWN)
    for slug in ("bamako", "ziniare"):
        page = get(client, f"/en/commitments/?place={slug}")
        assert page.text("//*[@id='found']").split()[0] == "1"


@pytest.mark.parametrize(
    ("language", "places"),
    [
        ("en", ["Bamako, Ouagadougou and Ziniaré", "Bamako, ML"]),
        ("fr", ["Bamako, Ouagadougou et Ziniaré", "Bamako, ML"]),
    ],
)
def test_card_names_the_places_in_order(
    client: Client, tour: Event, language: str, places: list[str]
) -> None:
    page = get(client, f"/{language}/?order=oldest")
    assert page.texts("//li[@class='event']/div[@class='meta']/span[2]") == places


def test_card_counts_the_last_of_many_places(client: Client, tour: Event) -> None:
    make.also_at(tour, *(make.a_place(slug) for slug in ("niamey", "agadez")))
    page = get(client, "/en/?place=niamey")
    places = "Bamako, Ouagadougou, Ziniaré and 2 other places"
    assert page.text("//li[@class='event']/div[@class='meta']/span[2]") == places


def test_city_of_two_venues_is_named_once(client: Client, capitals: dict[str, Place]) -> None:
    summit = make.an_event(
        slug="summit", place=capitals["bamako"], venue_en="Koulouba palace", **SHOWN
    )
    make.also_at(summit, capitals["bamako"], venue_en="Conference centre")
    card = get(client, "/en/?place=bamako")
    assert card.text("//li[@class='event']/div[@class='meta']/span[2]") == "Bamako, ML"
    page = get(client, "/en/events/summit/")
    assert page.texts("//article/div[@class='meta']/div")[2:4] == [
        "Koulouba palace, Bamako, ML",
        "Conference centre, Bamako, ML",
    ]


def test_page_says_each_place_with_its_days_and_what_supports_them(
    client: Client, tour: Event
) -> None:
    EventPlace.objects.filter(place__slug="ziniare").update(days="2024-12-01")
    Citation.objects.create(event=tour, source=make.a_source(), field="date")
    Citation.objects.create(event=tour, source=make.a_source(), field="place")
    page = get(client, "/en/events/tour/")
    assert page.texts("//article/div[@class='meta']/div")[:5] == [
        "28–29 November 2024source 1",
        "Meeting",
        "Bamako, ML",
        "Ouagadougou, BF (29 November 2024)",
        "Town hall, Ziniaré, BF (1 December 2024) ⚑ outside the dates of the eventsource 2",
    ]


def test_venue_whose_city_is_not_known_is_named_alone(client: Client) -> None:
    make.an_event(slug="margins", venue_en="On board", **SHOWN)
    page = get(client, "/en/events/margins/")
    assert page.texts("//article/div[@class='meta']/div")[2] == "On board"


@pytest.mark.parametrize("query", ["", "&place=ouagadougou&place=ziniare", "&place=bamako"])
def test_number_of_a_circle_and_of_a_row_is_what_its_link_finds(
    client: Client, tour: Event, capitals: dict[str, Place], query: str
) -> None:
    make.an_event(slug="visit", place=capitals["ziniare"], **SHOWN)
    page = get(client, f"/en/?view=map{query}")
    told = [
        (one.xpath("string(title)"), one.get("href"))
        for one in page.root.xpath(f"{FIGURE}/*[@class='wide' or @class='phone']//a[circle]")
    ]
    told += [
        (
            f"{row.xpath('string(th)')}: {row.xpath('string(td[last()])')}",
            row.xpath("string(th/a/@href)"),
        )
        for row in page.root.xpath(f"{FIGURE}//table[caption='Places']/tbody/tr")
    ]
    assert told
    for said, address in told:
        (number,) = re.findall(r": (\d+)", said)
        assert int(number) == found(client, address.removeprefix("/en/")), said


def test_map_counts_an_event_in_each_city_and_in_all_once(
    client: Client, tour: Event, capitals: dict[str, Place]
) -> None:
    make.an_event(slug="visit", place=capitals["ziniare"], **SHOWN)
    make.an_event(slug="nowhere", **SHOWN)
    nameless = make.an_event(slug="unplaced", place=make.a_place("camp"), **SHOWN)
    make.also_at(nameless, make.a_place("fort"))
    page = get(client, "/en/?view=map")
    circles = page.texts(f"{FIGURE}/*[@class='wide']//a[circle]/title")
    assert circles == ["Bamako: 2 events", "Ziniaré and 1 place nearby: 2 events"]
    rows = page.texts(f"{FIGURE}//table[caption='Places']/tbody/tr")
    assert rows == ["BamakoML 2", "ZiniaréBF 2", "OuagadougouBF 1"]
    assert page.text("//*[@id='found']").split()[0] == "5"
    said = page.text(f"{FIGURE}/p[1]")
    assert "Events at places whose position is not on record: 1." in said
    assert "Events without a place: 1." in said


def test_map_of_chosen_places_shows_no_other(client: Client, tour: Event) -> None:
    page = get(client, "/en/?view=map&place=ouagadougou")
    assert page.texts(f"{FIGURE}/*[@class='wide']//a[circle]/title") == ["Ouagadougou: 1 event"]


@pytest.mark.parametrize(
    ("cities", "location", "position"),
    [
        (("bamako",), ["Bamako\\, ML"], ["12.640000;-8.000000"]),
        (("bamako", "ziniare"), ["Bamako\\, ML\\; Ziniaré\\, BF"], []),
        ((), [], []),
    ],
)
def test_calendar_names_all_places_and_has_the_position_of_one(
    client: Client,
    capitals: dict[str, Place],
    cities: tuple[str, ...],
    location: list[str],
    position: list[str],
) -> None:
    event = make.an_event(**SHOWN)
    make.also_at(event, *(capitals[slug] for slug in cities))
    lines = content_lines(client.get("/en/events.ics?all=1").getvalue())
    told = named(lines[lines.index("BEGIN:VEVENT") :])
    assert (told.get("LOCATION", []), told.get("GEO", [])) == (location, position)


def test_framework_names_the_places_of_its_meetings(
    client: Client, capitals: dict[str, Place]
) -> None:
    framework = make.a_framework(
        make.a_state("ne"), make.a_state("td"), slug="talks", starts="2025", **SHOWN
    )
    event = make.an_event(framework=framework, takes_turn=True, **SHOWN)
    make.also_at(event, capitals["bamako"], capitals["ziniare"])
    page = get(client, "/en/frameworks/talks/")
    assert page.texts("//div[@class='meetings']//td[2]") == ["Bamako and Ziniaré"]
    assert get(client, "/en/frameworks/").texts("//p[@class='turn']/span[1]") == [
        "Bamako and Ziniaré3 Apr 2025"
    ]


def test_place_is_public_once_a_published_event_was_there_too(
    client: Client, tour: Event, capitals: dict[str, Place]
) -> None:
    Event.objects.filter(slug="tour").update(publication="draft")
    assert client.get("/en/?place=ziniare").status_code == 400
    assert client.get("/en/?place=bamako").status_code == 200


@pytest.mark.parametrize("address", ["/en/events/tour/", "/en/?view=map", "/en/events.ics?all=1"])
def test_page_asks_as_often_for_one_place_as_for_three(
    client: Client,
    capitals: dict[str, Place],
    address: str,
    django_assert_max_num_queries: Any,
) -> None:
    asked = []
    event = make.an_event(slug="tour", **SHOWN)
    for places in ([*capitals.values()][:1], [*capitals.values()][1:]):
        make.also_at(event, *places, days="2025-04-03")
        clear_caches()
        with django_assert_max_num_queries(60) as queries:
            assert client.get(address).getvalue()
        asked.append(len(queries))
    assert asked[0] == asked[1]
