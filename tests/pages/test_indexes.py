"""The indexes of parties, people, places and sources: searched, by initial, a page at a time."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories as make
from tests.parsed_page import Page
from timeline.index.interface import PAGE_SIZE
from timeline.models import (
    Attendance,
    Citation,
    Event,
    PartyName,
    Person,
    PersonName,
    Place,
    Source,
)

pytestmark = pytest.mark.django_db

NAMES = "//main//ul[@class='index']/li/a"
INITIALS = "//nav[@aria-label='By initial']/a"


def index(client: Client, noun: str = "people", status: int = 200, **asked: str) -> Page:
    response = client.get(f"/en/{noun}/?{urlencode(asked)}")
    assert response.status_code == status
    return Page(response)


@pytest.fixture
def event() -> Event:
    return make.an_event(publication="published", parties=(make.a_state("ru"),))


def present(event: Event, *names: str) -> list[Person]:
    party = event.participations.get().party
    people = [make.a_person(f"p-{n}", name_fr="", name_en=name) for n, name in enumerate(names)]
    for person in people:
        Attendance.objects.create(event=event, person=person, party=party)
    return people


def cited(event: Event, *titles: str) -> None:
    for title in titles:
        source = make.a_source(title=title, url=f"https://example.org/{title}")
        Citation.objects.create(source=source, event=event, field="date")


def test_people_and_sources_are_listed_by_name(client: Client, event: Event) -> None:
    present(event, "Zoé", "Élie", "Anna")
    cited(event, "Visit", "Accord")
    make.a_person("nobody", name_en="Of no event")
    assert index(client).texts(NAMES) == ["Anna", "Élie", "Zoé"]
    assert index(client, "sources").texts(NAMES) == ["Accord", "Visit"]


def of_families(event: Event) -> None:
    """People with family names, of whom one begins with another letter in each language."""
    named = [
        *(("Ibrahim Traoré",) * 2, ("Iounous-bek Evkourov", "Yunus-bek Yevkurov")),
        *(("Élie Traoré",) * 2, ("Mohammed VI",) * 2, ("Zhang Li",) * 2),
    ]
    people = present(event, *(english for _french, english in named))
    for person, (french, _english) in zip(people, named, strict=True):
        person.name_fr = french
        if person.name_en != "Mohammed VI":
            place = 0 if french == "Zhang Li" else 1
            person.family_fr, person.family_en = (
                name.split()[place] for name in (french, person.name_en)
            )
        person.save()


def test_people_are_listed_under_their_family_names_in_the_language_of_the_reader(
    client: Client, event: Event
) -> None:
    of_families(event)
    page = index(client)
    assert page.texts(NAMES) == [
        *("Mohammed VI", "Traoré, Élie", "Traoré, Ibrahim", "Yevkurov, Yunus-bek", "Zhang Li"),
    ]
    assert page.texts(INITIALS) == ["All 5", "M 1", "T 2", "Y 1", "Z 1"]
    assert index(client, initial="t").texts(NAMES) == ["Traoré, Élie", "Traoré, Ibrahim"]
    french = Page(client.get("/fr/people/"))
    assert french.texts(NAMES) == [
        *("Evkourov, Iounous-bek", "Mohammed VI", "Traoré, Élie", "Traoré, Ibrahim", "Zhang Li"),
    ]
    assert Page(client.get("/fr/people/?initial=y")).texts(NAMES) == []


def test_words_find_both_parts_of_a_name(client: Client, event: Event) -> None:
    of_families(event)
    for words in ("ibrahim", "traore, ibr"):
        assert index(client, q=words).texts(NAMES) == ["Traoré, Ibrahim"]


def test_page_of_a_person_has_the_name_as_it_is(client: Client, event: Event) -> None:
    of_families(event)
    (address, *_others) = index(client, q="ibrahim").root.xpath(f"{NAMES}/@href")
    assert Page(client.get(address)).texts("//h1") == ["Ibrahim Traoré"]


def at(event: Event, *names: str, **values: Any) -> None:
    places = [
        make.a_place(f"p-{n}", name_fr="", name_en=name, **values) for n, name in enumerate(names)
    ]
    make.also_at(event, *places)


def test_places_are_listed_by_their_names_in_the_language_of_the_reader(
    client: Client, event: Event
) -> None:
    at(event, "Bamako", "Élancourt", party=make.a_state("ml", name_en="Mali"))
    make.also_at(event, make.a_place("cairo", name_en="Cairo", name_fr="Le Caire"))
    make.a_place("nowhere", name_en="Of no event")
    assert index(client, "places").texts("//main//ul[@class='index']/li") == [
        *("Bamako Mali · 1 event", "Cairo 1 event", "Élancourt Mali · 1 event"),
    ]
    assert index(client, "places").texts(INITIALS) == ["All 3", "B 1", "C 1", "E 1"]
    french = Page(client.get("/fr/places/?initial=l"))
    assert french.texts(NAMES) == ["Le Caire"]


def test_number_beside_a_place_is_what_its_link_finds(client: Client, event: Event) -> None:
    at(event, "Bamako", "Niamey")
    elsewhere = Place.objects.get(name_en="Niamey")
    make.an_event(slug="there", place=elsewhere, publication="published")
    make.an_event(slug="draft", place=elsewhere)
    page = index(client, "places")
    counts = {
        link.get("href"): link.text_content().strip()
        for link in page.root.xpath("//main//ul[@class='index']/li/small/a")
    }
    assert counts == {"/en/?place=p-0": "1 event", "/en/?place=p-1": "2 events"}
    assert {address: len(Page(client.get(address)).titles) for address in counts} == {
        "/en/?place=p-0": 1,
        "/en/?place=p-1": 2,
    }


def test_words_find_places_by_their_names_and_their_states(client: Client, event: Event) -> None:
    at(event, "Bamako", "Gao", party=make.a_state("ml", name_en="Mali", name_fr="Mali"))
    make.also_at(event, make.a_place("cairo", name_en="Cairo", name_fr="Le Caire"))
    assert {
        words: index(client, "places", q=words).texts(NAMES) for words in ("gao", "caire", "mali")
    } == {"gao": ["Gao"], "caire": ["Cairo"], "mali": ["Bamako", "Gao"]}


def test_words_find_parties_by_their_names_of_any_time_and_their_codes(
    client: Client, event: Event
) -> None:
    swazi = make.a_state("sz", name_en="Eswatini", name_fr="Eswatini")
    PartyName.objects.create(party=swazi, name="Swaziland", language="en", ends="2018-04-19")
    for party in (swazi, make.a_bloc("aes", name_en="Confederation", name_fr="Confédération")):
        make.an_event(slug=party.code, publication="published", parties=(party,))
    make.a_state("ml", name_en="Mali of no event")
    assert index(client, "parties").texts("//main//ul[@class='index']/li") == [
        "Confederation Bloc · 1 event",
        "Eswatini State · 1 event",
        "RU State · 1 event",
    ]
    assert {
        words: index(client, "parties", q=words).texts(NAMES)
        for words in ("swaziland", "sz", "confédération", "ml")
    } == {
        "swaziland": ["Eswatini"],
        "sz": ["Eswatini"],
        "confédération": ["Confederation"],
        "ml": [],
    }
    assert index(client, "parties").texts(INITIALS) == ["All 3", "C 1", "E 1", "R 1"]


def test_words_find_names_and_other_spellings(client: Client, event: Event) -> None:
    lavrov, _diop = present(event, "Sergey Lavrov", "Abdoulaye Diop")
    PersonName.objects.create(person=lavrov, name="Сергей Лавров", language="ru")
    for words in ("lavr", "SERGEY lavrov", "Лавров"):
        page = index(client, q=words)
        assert page.texts(NAMES) == ["Sergey Lavrov"]
        assert page.texts("//p[@id='found']") == [f"1 result for “{words}” Show all"]


def test_words_find_titles_and_publishers_of_sources(client: Client, event: Event) -> None:
    cited(event, "Accord", "Visit")
    Source.objects.filter(title="Visit").update(publisher="TASS", folded_text=" visit tass ")
    assert index(client, "sources", q="tass").texts(NAMES) == ["Visit"]
    assert index(client, "sources", q="accord").texts(NAMES) == ["Accord"]


def test_words_that_find_nothing_are_said_and_lead_back(client: Client, event: Event) -> None:
    present(event, "Anna")
    page = index(client, q="nobody")
    assert page.texts("//p[@id='found']") == ["Nothing is found for “nobody” Show all"]
    assert page.root.xpath("//p[@id='found']/a/@href") == ["/en/people/"]
    assert page.root.xpath("//input[@id='q']/@value") == ["nobody"]


def test_number_beside_an_initial_is_what_its_link_finds(client: Client, event: Event) -> None:
    present(event, "Anna Lind", "Élie", "Erik Lind", "2Pac", "Лавров")
    page = index(client)
    assert page.texts(INITIALS) == ["All 5", "0–9 1", "A 1", "E 2", "Л 1"]
    for link in page.root.xpath(INITIALS):
        found = Page(client.get(link.get("href"))).texts(NAMES)
        assert len(found) == int(link.text_content().split()[-1])
    assert index(client, q="lind").texts(INITIALS) == ["All 2", "A 1", "E 1"]
    assert index(client, q="lind", initial="e").texts(NAMES) == ["Erik Lind"]


def test_initial_of_nobody_is_said(client: Client, event: Event) -> None:
    present(event, "Anna")
    page = index(client, initial="z")
    assert page.texts("//p[@id='found']") == ["Nothing begins with this letter Show all"]


def test_pages_follow_one_another_without_a_gap(client: Client, event: Event) -> None:
    names = [f"Anna {number:03}" for number in range(2 * PAGE_SIZE + 1)]
    present(event, *names)
    address, found, stood = "/en/people/", [], []
    while address:
        page = Page(client.get(address))
        found += page.texts(NAMES)
        stood += page.texts("//p[@class='stand']/span")
        address = next(iter(page.root.xpath("//p[@class='stand']/a[@rel='next']/@href")), "")
    assert found == names
    assert stood == ["1–50 of 101", "51–100 of 101", "101–101 of 101"]


@pytest.mark.parametrize(
    ("parameter", "value", "said"),
    [
        ("q", "a" * 1001, "is too long; use fewer words."),
        ("q", "!?", "holds no word to find; type some letters or digits."),
        ("initial", "ab", "is not a value that the record knows; choose one of the options."),
        ("initial", "É", "is not a value that the record knows; choose one of the options."),
        ("after", "x", "does not belong to this list any more; start again from its first page."),
        ("after", "99", "does not belong to this list any more; start again from its first page."),
    ],
)
def test_what_cannot_be_read_is_named_and_kept(
    client: Client, event: Event, parameter: str, value: str, said: str
) -> None:
    present(event, "Anna")
    page = index(client, status=400, **{parameter: value})
    (problem,) = page.texts("//div[@id='problems']//li")
    assert problem.endswith(said)
    assert page.texts(NAMES) == []
    if parameter == "q":
        assert page.root.xpath("//input[@id='q']/@value") == [value]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("noun", ["parties", "people", "places", "sources"])
def test_queries_of_an_index(
    client: Client,
    event: Event,
    django_assert_num_queries: DjangoAssertNumQueries,
    noun: str,
    number: int,
) -> None:
    present(event, *(f"Anna {n}" for n in range(number)))
    cited(event, *(f"Text {n}" for n in range(number)))
    at(event, *(f"Anna {n}" for n in range(number)))
    make.an_event(
        slug="met",
        publication="published",
        parties=tuple(make.a_state(code) for code in ("ml", "bf", "ne")[: number - 1]),
    )
    index(client, noun)
    queries = {"parties": 18, "people": 5, "places": 17, "sources": 6}
    with django_assert_num_queries(queries[noun]):
        assert len(index(client, noun).texts(NAMES)) == number
