"""The search of everything: what words name, and what they find of each noun."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.parsed_page import Page
from timeline.models import Attendance, Citation, Event, Person

pytestmark = pytest.mark.django_db

SHOWN: dict[str, Any] = {"publication": "published"}
NOUNS = "//main/section[not(@class)]/h2"
OFFERS = "//section[@class='understood']/ul[@class='chips']/li"


def searched(client: Client, words: str, language: str = "en") -> Page:
    response = client.get(f"/{language}/search/", {"q": words})
    assert response.status_code == 200
    return Page(response)


def number(client: Client, address: str) -> int:
    """Return the number that the page of a list says it finds."""
    found = Page(client.get(address)).text("//*[@id='found']")
    return int(found.split()[0])


def a_record_of_each_noun(**shown: Any) -> None:
    """Make one of each noun that says 'Zanzibar'; all others hang on the event."""
    party = make.a_state("zz", name_en="Zanzibar")
    place = make.a_place("zanzibar-city", name_en="Zanzibar City")
    event = make.an_event(title_en="Talks in Zanzibar", parties=(party,), place=place, **shown)
    event.sectors.add(make.a_sector("spices", name_en="Zanzibar spices"))
    person = make.a_person("zanzibar-ann", name_en="Ann Zanzibar")
    Attendance.objects.create(event=event, person=person, party=party)
    Citation.objects.create(event=event, source=make.a_source(title="Zanzibar News"))
    make.a_commitment(event, title_en="Zanzibar cloves", **shown)
    make.a_text(party, title_en="Treaty of Zanzibar", **shown)
    make.a_framework(party, title_en="Zanzibar consultations", **shown)


def test_each_noun_is_found_with_its_number_and_the_one_named_so_first(client: Client) -> None:
    a_record_of_each_noun(**SHOWN)
    assert searched(client, "Zanzibar").texts(NOUNS) == [
        "Parties 1",
        "Events 1",
        "Commitments 1",
        "Texts 1",
        "People 1",
        "Places 1",
        "Frameworks 1",
        "Sectors 1",
        "Sources 1",
    ]
    links = searched(client, "Zanzibar").root.xpath("//main/section[not(@class)]//ul//li/a/@href")
    assert {Page(client.get(link)).status for link in links} == {200}


def test_records_that_are_not_published_are_neither_found_nor_understood(client: Client) -> None:
    a_record_of_each_noun()
    for words in ("Zanzibar", "Zanzibr", "zz", "ZZ", "consultations of Zanzibar"):
        page = searched(client, words)
        assert page.texts(NOUNS) == []
        assert page.root.xpath("//section[@class='understood']") == []
        assert "anzibar" not in page.text("//main").replace(words, "")


def test_link_to_all_finds_the_number_that_it_says(client: Client) -> None:
    state = make.a_state("ml", name_en="Mali")
    for nth in range(7):
        event = make.an_event(title_en=f"Uranium {nth}", parties=(state,), **SHOWN)
        make.a_commitment(event, title_en=f"Uranium {nth}", **SHOWN)
        make.a_commitment(event, title_en=f"Uranium ask {nth}", nature="request", **SHOWN)
        make.a_text(state, title_en=f"Uranium {nth}", **SHOWN)
        person = make.a_person(f"p{nth}", name_en=f"Uranium {nth}")
        Attendance.objects.create(event=event, person=person, party=state)
        Citation.objects.create(event=event, source=make.a_source(title=f"Uranium {nth}"))
        make.a_framework(state, title_en=f"Uranium {nth}", **SHOWN)
    page = searched(client, "uranium")
    said = dict(line.rsplit(" ", 1) for line in page.texts(NOUNS))
    assert said == {
        "Events": "7",
        "Commitments": "14",
        "Texts": "7",
        "People": "7",
        "Frameworks": "7",
        "Sources": "7",
    }
    for section in page.root.xpath("//main/section[not(@class)]"):
        noun, total = section.xpath("h2")[0].text_content().split()
        if noun == "Frameworks":
            assert section.xpath("string(details/summary)") == "2 more"
            assert len(section.xpath(".//li")) == 7
        else:
            (link,) = section.xpath("p/a/@href")
            assert number(client, link) == int(total)
            assert len(section.xpath(".//li")) == 5


def test_record_found_by_another_name_says_it_and_not_a_slip(client: Client) -> None:
    state = make.a_state("sz", name_en="Eswatini", name_fr="Eswatini", short_fr="Le Swati")
    state.names.create(name="Swaziland", language="en", kind="official", ends="2018-04-19")
    state.names.create(name="Swizerland", language="en", kind="official", slip=True)
    person = make.a_person("lavrov", name_en="Sergey Lavrov")
    person.names.create(name="Sergueï Lavrov", language="fr")
    event = make.an_event(parties=(state,), **SHOWN)
    Attendance.objects.create(event=event, person=person, party=state)
    records = "//main/section[not(@class)][h2[@id='parties' or @id='people']]//li"
    assert searched(client, "swaziland").texts(records) == ["Eswatini, Swaziland until 2018"]
    assert searched(client, "swaziland").texts(OFFERS) == ["Eswatini (Swaziland until 2018) 1"]
    assert searched(client, "swizerland").texts(records) == ["Eswatini"]
    assert searched(client, "swizerland").texts(OFFERS) == ["Eswatini 1"]
    assert searched(client, "swati").texts(records) == ["Eswatini, Le Swati"]
    assert searched(client, "eswatini").texts(records) == ["Eswatini"]
    assert searched(client, "Sergueï Lavrov").texts(records) == ["Sergey Lavrov, Sergueï Lavrov"]


@pytest.fixture
def promise() -> Event:
    """Russia promised Mali a reactor in 2025, at a visit with two other events beside it."""
    russia = make.a_state("ru", name_en="Russia", name_fr="Russie")
    mali = make.a_state("ml", name_en="Mali")
    nuclear = make.a_sector("nuclear", name_fr="Nucléaire civil", name_en="Civil nuclear energy")
    visit = make.an_event(
        title_en="Visit",
        kind="visit",
        place=make.a_place("bamako"),
        parties=(russia, mali),
        **SHOWN,
    )
    visit.sectors.add(nuclear)
    make.an_event(title_en="Later", date="2026", parties=(mali,), **SHOWN)
    make.an_event(title_en="Talks about drones", parties=(mali,), **SHOWN)
    commitment = make.a_commitment(visit, title_en="Build a reactor", **SHOWN)
    commitment.party_links.create(party=russia, role="obligor")
    commitment.party_links.create(party=mali, role="beneficiary")
    commitment.sectors.add(nuclear)
    return visit


@pytest.mark.usefixtures("promise")
def test_each_filter_that_words_name_is_offered_with_what_it_finds(client: Client) -> None:
    page = searched(client, "nucléaire Mali 2025")
    assert page.texts(OFFERS) == ["Civil nuclear energy 1", "Mali 3", "in 2025 2"]
    for offer in page.root.xpath(OFFERS):
        (address,) = offer.xpath("a/@href")
        assert number(client, address) == int(offer.xpath("string(small)"))
    pages = page.root.xpath("//section[@class='understood']/p[1]/a/@href")
    assert pages == ["/en/sectors/nuclear/", "/en/parties/ml/"]
    (events, commitments) = page.root.xpath("//a[@class='apply-all']/@href")
    assert events == "/en/?sector=nuclear&party=ml&from=2025&to=2025"
    assert commitments == "/en/commitments/?sector=nuclear&party=ml&from=2025&to=2025"
    assert [number(client, address) for address in (events, commitments)] == [1, 1]


@pytest.mark.usefixtures("promise")
@pytest.mark.parametrize(
    "words", ["What did Russia promise Mali on nuclear energy?", "promesse russie mali nucléaire"]
)
def test_question_for_a_promise_is_answered_and_leads_to_the_ledger(
    client: Client, words: str
) -> None:
    page = searched(client, words)
    assert page.texts(OFFERS) == [
        "owed by Russia 1",
        "owed to Mali 1",
        "Civil nuclear energy 1",
    ]
    (best,) = page.root.xpath("//section[@class='understood']/ul[@class='index']/li/a[1]")
    assert best.text_content() == "Build a reactor"
    assert page.root.xpath("//a[@class='apply-all']/@href")[0] == (
        "/en/commitments/?sector=nuclear&obligor=ru&beneficiary=ml"
    )


@pytest.mark.usefixtures("promise")
def test_words_with_which_filters_find_nothing_are_left_out_and_said(client: Client) -> None:
    page = searched(client, "Mali flowers 2026")
    assert page.texts("//section[@class='understood']/p")[1] == (
        "Without the words “flowers”, with which nothing is found:"
    )
    assert page.root.xpath("//a[@class='apply-all']/@href") == ["/en/?party=ml&from=2026&to=2026"]
    kept = searched(client, "Mali drones")
    assert kept.root.xpath("//a[@class='apply-all']/@href") == ["/en/?q=drones&party=ml"]


@pytest.mark.usefixtures("promise")
def test_filters_that_find_nothing_together_say_so(client: Client) -> None:
    page = searched(client, "Bamako 2026")
    assert page.texts(OFFERS) == ["Bamako 1", "in 2026 1"]
    assert page.texts("//section[@class='understood']/p") == [
        "Pages: Bamako",
        "Together they find nothing.",
    ]


@pytest.mark.usefixtures("promise")
def test_words_like_those_that_are_not_found_are_offered(client: Client) -> None:
    meant = "//div[@class='nothing']/p[contains(., 'Did you mean')]"
    assert searched(client, "reacter").texts(meant) == ["Did you mean: reactor 1"]
    assert searched(client, "nuclaire mali").texts(meant) == ["Did you mean: nucléaire mali 2"]
    assert searched(client, "zzzz").texts(meant) == []


def test_words_that_several_records_are_called_by_offer_each(client: Client) -> None:
    mali = make.a_state("ml")
    event = make.an_event(parties=(mali,), **SHOWN)
    for slug, name in (("a", "Assimi Traoré"), ("b", "Ibrahim Traoré")):
        person = make.a_person(slug, name_en=name)
        Attendance.objects.create(event=event, person=person, party=mali)
    page = searched(client, "Traore")
    assert page.texts("//section[@class='understood']/p") == [
        "Traore, or: Assimi Traoré 1, Ibrahim Traoré 1"
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_without_words_the_page_says_what_to_type(client: Client, language: str) -> None:
    for query in ("", "?q=", "?q=+"):
        page = Page(client.get(f"/{language}/search/{query}"))
        assert page.status == 200
        assert len(page.texts("//main/p")) == 1
        assert page.root.xpath("//meta[@name='robots']/@content") == ["noindex"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"q": "x" * 2000}, "is too long; use fewer words."),
        ({"q": "!?"}, "“!?” holds no word to find; type some letters or digits."),
        ({"q": ["mali", "niger"]}, "“niger” is given twice; give it once."),
    ],
)
def test_words_that_cannot_be_read_are_kept_and_say_why(
    client: Client, query: dict[str, Any], message: str
) -> None:
    page = Page(client.get("/en/search/", query))
    assert page.status == 400
    assert message.strip("“”").split("”")[-1] in page.text("//p[@id='error-q']")
    typed = query["q"] if isinstance(query["q"], str) else query["q"][0]
    assert page.root.xpath("//input[@id='q']/@value") == [typed]
    assert page.root.xpath("//input[@id='q']/@aria-invalid") == ["true"]


@pytest.mark.parametrize(
    "words", ["a\0b", "\u202eilaM", "مالي", "马里", "\ud800x", "<b>&", "½ № ' \" «"]
)
def test_odd_characters_are_read(client: Client, words: str) -> None:
    response = client.get(f"/en/search/?{urlencode({'q': words}, errors='replace')}")
    assert response.status_code in (200, 400)
    assert b"<b>&" not in response.content


def test_search_takes_as_many_queries_however_much_is_found(client: Client) -> None:
    counts = []
    for nth in range(3):
        state = make.a_state(f"u{nth}", name_en=f"Uranium {nth}")
        state.names.create(name=f"Uraninite {nth}", language="en", kind="official")
        event = make.an_event(title_en=f"Uranium {nth}", parties=(state,), **SHOWN)
        make.a_commitment(event, title_en=f"Uranium {nth}", **SHOWN)
        make.a_text(state, title_en=f"Uranium {nth}", **SHOWN)
        person = make.a_person(f"p{nth}", name_en=f"Person {nth}")
        Attendance.objects.create(event=event, person=person, party=state)
        Citation.objects.create(event=event, source=make.a_source(title=f"Uranium {nth}"))
        with CaptureQueriesContext(connection) as asked:
            client.get("/en/search/", {"q": "uranium 2025"})
            client.get("/en/search/", {"q": "uraninite"})
        counts.append(len(asked))
    assert counts[2] == counts[0]


# On the timeline

LINE = "//p[@class='understood']"


@pytest.mark.usefixtures("promise")
def test_timeline_offers_what_its_words_name_beside_its_filters(client: Client) -> None:
    page = Page(client.get("/en/?q=nuclear+2025&party=ml&view=lanes"))
    assert page.texts(f"{LINE}/b") == ["Civil nuclear energy", "in 2025"]
    assert page.texts(f"{LINE}/a") == ["See the event"]
    (address,) = page.root.xpath(f"{LINE}/a/@href")
    assert address == "/en/?sector=nuclear&party=ml&from=2025&to=2025&view=lanes"


@pytest.mark.usefixtures("promise")
def test_timeline_leads_who_asks_for_promises_to_the_ledger(client: Client) -> None:
    page = Page(client.get("/en/?q=what+did+Russia+promise+Mali"))
    assert page.root.xpath(f"{LINE}/a/@href") == [
        "/en/commitments/?obligor=ru&beneficiary=ml",
        "/en/?party=ml&party=ru",
    ]


@pytest.mark.usefixtures("promise")
@pytest.mark.parametrize("query", ["", "?party=ml", "?q=drones", "?q=Bamako+2026"])
def test_timeline_offers_nothing_where_words_name_nothing_or_find_nothing(
    client: Client, query: str
) -> None:
    assert Page(client.get(f"/en/{query}")).root.xpath(LINE) == []


def test_every_page_leads_to_the_search(client: Client) -> None:
    make.an_event(slug="event", **SHOWN)
    for address in ("/en/", "/en/events/event/", "/en/nowhere/"):
        page = Page(client.get(address))
        assert page.root.xpath("//header//a[@href='/en/search/']")


def test_people_are_found_by_a_part_of_their_name_in_every_language(client: Client) -> None:
    russia, person = make.a_state("ru"), Person.objects.create(slug="x", name_fr="Sergueï Lavrov")
    event = make.an_event(parties=(russia,), **SHOWN)
    Attendance.objects.create(event=event, person=person, party=russia)
    assert searched(client, "lavrov", "fr").texts(OFFERS) == ["Sergueï Lavrov 1"]
