"""The timeline page: filters by sector and country, in both languages, with exact counts."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from django.test import Client
from django.utils.translation import override

from tests.parsed_page import Page
from timeline.models import Event, EventPlace

pytestmark = pytest.mark.usefixtures("demo")

FOUNDING = {
    "fr": "Séance de travail des ministres des Affaires étrangères de Russie et de l’AES",
    "en": "Working session of the foreign ministers of Russia and the AES",
}
HTMX = {"HX-Request": "true"}


def get(client: Client, address: str, **headers: str) -> Page:
    return Page(client.get(address, headers=headers))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "query", ["sector=energy", "sector=civil-nuclear", "party=ru&party=ml", "party=ne", "q=lavrov"]
)
def test_founding_event_is_found(client: Client, language: str, query: str) -> None:
    assert FOUNDING[language] in get(client, f"/{language}/?{query}").titles


@pytest.mark.parametrize(
    "words",
    [
        *("AGS", "confédération des États du Sahel", "Лавров", "сергей лавр", "Serguei Diop"),
        *("d’un allié", "ALLIES sinceres.", '"nouveau format de coopération"', "lavrov embraces."),
    ],
)
def test_founding_event_is_found_by_names_stems_and_phrases(client: Client, words: str) -> None:
    for language, title in FOUNDING.items():
        assert title in get(client, f"/{language}/?{urlencode({'q': words})}").titles


def test_person_is_found_without_accents(client: Client) -> None:
    titles = get(client, "/fr/?q=Goita").titles
    assert "Vladimir Poutine reçoit Assimi Goïta" in titles
    assert titles == get(client, "/fr/?q=GOÏTA").titles


def test_only_the_last_word_may_be_a_beginning(client: Client) -> None:
    queries = ("lavr", "lavr minis", "lavrov minis", '"lavr"')
    counts = [len(get(client, f"/fr/?{urlencode({'q': words})}").titles) for words in queries]
    assert (counts[0] > 0, counts[1], counts[2] > 0, counts[3]) == (True, 0, True, 0)


def test_card_says_why_it_was_found(client: Client) -> None:
    page = get(client, "/en/?party=ml&sector=infrastructure")
    assert page.texts("//p[@class='via']") == ["Mali via AES, member since 16 September 2023"]
    french = get(client, "/fr/?party=ml&sector=infrastructure")
    assert french.texts("//p[@class='via']") == ["Mali via AES, membre depuis le 16 septembre 2023"]


def test_card_flags_the_weekday(client: Client) -> None:
    page = get(client, "/fr/?sector=infrastructure")
    (flag,) = page.texts("//p[@class='flag']")
    assert flag.endswith("dit « ce mercredi ; ce 03 avril » ; ce jour-là était un jeudi.")


def test_direct_leaves_out_what_is_only_through_a_bloc(client: Client) -> None:
    everything = get(client, "/en/?party=ml&from=2025").titles
    direct = get(client, "/en/?party=ml&from=2025&direct=1").titles
    assert FOUNDING["en"] in everything
    assert FOUNDING["en"] not in direct
    assert set(direct) < set(everything)


@pytest.mark.parametrize(
    "query",
    [
        *(
            pytest.param(query, marks=pytest.mark.soak)
            for query in ("", "sector=energy", "party=ml", "from=2025&to=2025-06")
        ),
        "party=ru&party=bf&party_match=any&to=2024",
        "kind=summit&sector=institutions",
    ],
)
def test_count_of_each_option_is_what_choosing_it_finds(client: Client, query: str) -> None:
    page = get(client, f"/en/?{query}")
    pairs = parse_qsl(query)
    any_party = ("party_match", "any") in pairs
    for group in ("sector", "party", "kind", "state", "source_kind", "framework"):
        for value, count in page.counts(group).items():
            joint = group == "party" and not any_party
            others = pairs if joint else [pair for pair in pairs if pair[0] != group]
            chosen = urlencode([*(p for p in others if p != (group, value)), (group, value)])
            result = get(client, f"/en/?{chosen}")
            assert (group, value, result.text("//*[@id='found']").split()[0]) == (
                group,
                value,
                str(count),
            )


def test_events_are_found_by_any_of_some_places(client: Client) -> None:
    rabat, cairo, both = (
        get(client, f"/en/?{query}")
        for query in ("place=rabat", "place=cairo", "place=rabat&place=cairo")
    )
    assert rabat.titles != cairo.titles
    assert sorted(both.titles) == sorted([*rabat.titles, *cairo.titles])
    assert both.texts("//p[@class='sentence']") == ["Events held at Cairo or Rabat."]
    assert get(client, "/en/?place=atlantis").status == 400
    chosen = rabat.root.xpath("//input[@name='place' and @checked]/@value")
    assert (chosen, rabat.root.xpath("//*[@id='carried']/input")) == (["rabat"], [])


def test_period_says_what_is_sure_and_what_may_fall_in(client: Client) -> None:
    visit = Event.objects.get(slug="niger-pm-moscow-2024")
    visit.date = "2024-01"
    visit.save()
    page = get(client, "/en/?from=2024-01-29&to=2024-01-31")
    assert page.titles == [
        "The three states notify ECOWAS of their withdrawal",
        "Niger’s prime minister in Moscow",
    ]
    assert "1 is surely in the period, 2 may fall in it." in page.texts("//p[@class='sentence']")
    certain = get(client, "/en/?from=2024-01-29&to=2024-01-31&certain=1")
    assert certain.titles == ["The three states notify ECOWAS of their withdrawal"]


def test_pages_hold_each_event_once(client: Client) -> None:
    seen: list[str] = []
    address = "/en/?order=oldest"
    stands = []
    while address:
        page = get(client, address)
        seen += page.titles
        stands.append(page.text("//p[@class='stand']/span"))
        following = page.root.xpath("string(//a[@rel='next']/@href)")
        address = following
    total = Event.objects.published().count()
    assert stands == [f"1–50 of {total}", f"51–{total} of {total}"]
    with override("en"):
        assert sorted(seen) == sorted(str(event.title) for event in Event.objects.published())


def test_events_by_relevance_stand_under_no_month(client: Client) -> None:
    assert get(client, "/en/?q=energy").texts("//h2[@class='month']")
    page = get(client, "/en/?q=energy&order=relevance")
    assert (page.titles != [], page.texts("//h2[@class='month']")) == (True, [])


def test_expected_session_stands_above_what_is_planned(client: Client) -> None:
    page = get(client, "/en/?party=ru&party=ml")
    headings = page.texts("//h2[@class='month']")
    assert headings[0].startswith("Expected")
    assert page.texts("//li[contains(@class,'dashed')]/h3") == [
        "Next session: Russia–Mali intergovernmental commission",
        "Next session: Russia–AES consultations",
    ]
    assert "Sources have not been searched since 31 March 2026." in page.text("//main")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("from=soon", "From"),
        ("to=2025-13", "To"),
        ("from=2026&to=2025", "From"),
        ("sector=nope", "Sector"),
        ("party=zz", "Country or bloc"),
        ("kind=party", "Kind"),
        ("order=relevance", "Order"),
        ("order=best", "Order"),
        ("q=a&q=b", "Words"),
        ("after=abc", "Page"),
        ("certain=maybe", "Surely in the period"),
        ("colour=red", "Colours"),
    ],
)
def test_unreadable_value_is_refused_by_name_and_kept_as_typed(
    client: Client, query: str, name: str
) -> None:
    page = get(client, f"/en/?{query}&kind=summit")
    assert page.status == 400
    assert page.texts("//*[@id='problems']//li/strong") == [name]
    assert page.titles == []
    assert page.root.xpath("//input[@id='kind-summit']/@checked") or query.startswith("kind")
    if query == "from=soon":
        assert page.root.xpath("string(//input[@id='from']/@value)") == "soon"


@pytest.mark.parametrize(
    "query", ["size=big", "q=&from=&to=&order=", "sector=", "utm_source=x&party="]
)
def test_unknown_parameter_and_empty_value_are_as_if_absent(client: Client, query: str) -> None:
    assert get(client, f"/en/?{query}").titles == get(client, "/en/").titles


@pytest.mark.parametrize(
    ("typed", "read_as"), [("2025-4", "2025-04"), ("3 avril 2025", "2025-04-03")]
)
def test_date_typed_loosely_is_read_and_the_address_is_canonical(
    client: Client, typed: str, read_as: str
) -> None:
    page = get(client, f"/en/?from={typed}")
    assert page.titles == get(client, f"/en/?from={read_as}").titles
    assert page.root.xpath("string(//input[@id='from']/@value)") == read_as
    pushed = client.get(f"/en/?from={typed}", headers=HTMX)["HX-Push-Url"]
    assert pushed == f"/en/?from={read_as}"


def test_date_of_two_readings_is_refused_with_both(client: Client) -> None:
    response = client.get("/en/?to=03/04/2025")
    assert response.status_code == 400
    page = Page(response)
    text = page.root.xpath("string(//*[@id='problems'])")
    assert "write 2025-04-03 (3 April 2025) or 2025-03-04 (4 March 2025)." in text
    assert page.root.xpath("string(//input[@id='to']/@value)") == "03/04/2025"


def test_fragment_holds_results_counts_and_announcement(client: Client) -> None:
    response = client.get("/en/?sector=energy&q=", headers=HTMX)
    page = Page(response)
    assert page.root.xpath("//header | //form") == []
    assert response["HX-Push-Url"] == "/en/?sector=energy"
    assert {"HX-Request", "HX-Boosted", "HX-History-Restore-Request"} <= {
        part.strip() for part in response["Vary"].split(",")
    }
    whole = get(client, "/en/?sector=energy")
    assert page.titles == whole.titles
    assert page.counts("party") == whole.counts("party")
    assert page.text("//*[@id='announcement']") == f"{len(whole.titles)} events found"
    assert whole.text("//*[@id='announcement']") == ""


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_restored_history_gets_the_whole_page(client: Client, header: str) -> None:
    response = client.get("/en/?sector=energy", headers={**HTMX, header: "true"})
    assert b"<!doctype html>" in response.content


def test_page_sets_no_cookie(client: Client) -> None:
    assert client.get("/fr/?party=ml").cookies == {}


def test_text_of_editors_is_escaped(client: Client, event_of: Callable[..., Event]) -> None:
    evil = "<script>alert(1)</script>"
    event = event_of(
        "ml",
        "2026-01-01",
        slug="evil",
        title_en=evil,
        title_fr=evil,
        summary_en=evil,
        duration_en=evil,
    )
    EventPlace.objects.create(event=event, venue_en=evil)
    for address in (
        "/en/?party=ml&from=2026-01-01&to=2026-01-01",
        "/en/events/evil/",
        "/en/parties/ml/",
    ):
        content = client.get(address).content.decode()
        assert "&lt;script&gt;alert(1)" in content
        assert evil not in content


@pytest.mark.parametrize("address", ["/en/", "/en/?party=ml", "/en/?q=lavrov", "/en/?from=2025"])
def test_timeline_has_a_constant_number_of_queries(
    client: Client, event_of: Callable[..., Event], django_assert_max_num_queries: Any, address: str
) -> None:
    with django_assert_max_num_queries(75) as few:
        client.get(address)
    for day in range(1, 6):
        event_of("ml", f"2025-10-0{day}", slug=f"more-{day}", title_en="Lavrov")
    with django_assert_max_num_queries(75) as more:
        client.get(address)
    assert len(more) == len(few)


def test_no_dates_surely_in_the_period_are_offered_without_a_period(client: Client) -> None:
    box = "//input[@name='certain']"
    assert get(client, "/en/?from=2025&certain=1").root.xpath(f"boolean({box}/@checked)")
    page = get(client, "/en/?certain=1")
    assert page.root.xpath(box) == []
    assert page.texts("//p[@class='sentence']") == []


@pytest.mark.parametrize(("date", "surely"), [("2025-21", False), ("2025-25", True)])
def test_season_without_a_hemisphere_is_found_and_never_surely(
    client: Client, date: str, surely: bool
) -> None:
    event = Event.objects.published().filter(date="2025-04-03")[0]
    event.date = date
    event.save()
    assert event.title_en in get(client, "/en/?from=2025&to=2025").titles
    assert (event.title_en in get(client, "/en/?from=2025&to=2025&certain=1").titles) is surely
    assert (event.title_en in get(client, "/en/?from=2025-11&to=2025-11").titles) is not surely
