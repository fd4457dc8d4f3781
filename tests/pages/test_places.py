"""Events that took place at several places: found by each, counted once, named in order."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

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
    make.an_event(slug="meeting", title_en="Meeting", place=capitals["bamako"], **SHOWN)
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


def test_page_of_a_place_says_where_it_is_and_what_took_place_there(
    client: Client, tour: Event
) -> None:
    page = get(client, "/en/places/bamako/")
    assert page.text("//h1") == "Bamako"
    assert page.text("//head/title").startswith("Bamako, ML — ")
    assert page.texts("//article/div[@class='meta']/div") == ["ML", "On the map: 12.64° N, 8° W"]
    assert page.texts("//ol[@class='rows']/li/a") == ["Meeting", "Tour"]
    assert page.text("//h2[@id='events']") == "2 events"
    french = get(client, "/fr/places/bamako/")
    assert french.texts("//article/div/div[@id='location']") == ["Sur la carte : 12,64° N, 8° O"]


def test_place_is_called_by_its_name_in_the_language_of_the_reader(client: Client) -> None:
    cairo = make.a_place("cairo", name_en="Cairo", name_fr="Le Caire")
    make.an_event(place=cairo, **SHOWN)
    assert get(client, "/en/places/cairo/").text("//h1") == "Cairo"
    also = "//article/p[@class='soft']"
    assert get(client, "/en/places/cairo/").texts(also) == ["Also written: Le Caire"]
    assert get(client, "/fr/places/cairo/").text(f"{also}/span[@lang='en']") == "Cairo"
    assert get(client, "/en/places/cairo/").texts("//article/div[@class='meta']/div") == []


def test_sources_of_a_place_are_marked_where_they_support_it(client: Client, tour: Event) -> None:
    bamako, source = Place.objects.get(slug="bamako"), make.a_source(title="Gazetteer")
    bamako.citations.create(source=source, field="location")
    bamako.citations.create(
        source=make.a_source(title="Atlas"), field="name", value_given="Bamakou", stance="stated"
    )
    page = get(client, "/en/places/bamako/")
    assert page.root.xpath("//div[@id='location']/sup/a/@href") == ["#s2"]
    assert "Bamakou" in page.text("//div[@id='name']//*[contains(@class,'flag')]")
    assert page.texts("//ol[@class='sources']/li/p/a[1]") == ["Atlas", "Gazetteer"]
    assert page.root.xpath("//ol[@class='sources']/li/ul/li/a/@href") == ["#name", "#location"]
    resting = get(client, f"/en/sources/{source.pk}/")
    assert "/en/places/bamako/" in resting.root.xpath("//ul[@class='plain']/li/a/@href")


def test_place_that_only_drafts_use_has_no_page(client: Client) -> None:
    make.an_event(place=make.a_place("camp"))
    assert client.get("/en/places/camp/").status_code == 404
    assert client.get("/en/places/nowhere/").status_code == 404


def test_places_on_cards_and_pages_of_events_lead_to_their_pages(
    client: Client, tour: Event
) -> None:
    meeting = get(client, "/en/?q=meeting")
    assert meeting.root.xpath("//ol[@class='events']//div[@class='meta']//a/@href") == [
        "/en/places/bamako/"
    ]
    assert get(client, "/en/events/tour/").root.xpath("//div[@class='meta']//a/@href") == [
        f"/en/places/{slug}/" for slug in ("bamako", "ouagadougou", "ziniare")
    ]


def test_places_are_offered_as_filters_with_what_each_finds(client: Client, tour: Event) -> None:
    counts = {"bamako": 2, "ouagadougou": 1, "ziniare": 1}
    assert get(client, "/en/").counts("place") == counts
    assert get(client, "/en/?place=ziniare").counts("place") == counts
    assert get(client, "/en/?place=ziniare&q=meeting").counts("place") == {
        "bamako": 1,
        "ziniare": 0,
    }
    page = get(client, "/en/?place=ziniare")
    assert page.root.xpath("//input[@name='place' and @checked]/@value") == ["ziniare"]
    assert page.root.xpath("//input[@type='hidden' and @name='place']") == []
    ledger = get(client, "/en/commitments/?place=ziniare")
    assert ledger.root.xpath("//input[@type='hidden' and @name='place']/@value") == ["ziniare"]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_page_of_a_place(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    place = make.a_place("moscow", party=make.a_state("ru"))
    for _ in range(number):
        make.an_event(place=place, **SHOWN)
        place.citations.create(source=make.a_source(), field="name")
    get(client, "/en/places/moscow/")
    with django_assert_num_queries(30):
        get(client, "/en/places/moscow/")
