"""The pages of single records and their indexes: their content and their errors."""

import re
from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.actions import publication
from timeline.models import Commitment, ErrorReport, Event, Framework

pytestmark = pytest.mark.usefixtures("demo")

FOUNDING = "ru-aes-consultations-moscow-2025"

ADDRESSES = [
    "",
    f"events/{FOUNDING}/",
    f"events/{FOUNDING}/?asof=2025-12-31",
    "commitments/",
    "commitments/?asof=2025-12-31",
    "commitments/ru-aes-permanent-framework/",
    "commitments/ru-aes-permanent-framework/?asof=2025-12-31",
    "instruments/",
    "frameworks/",
    "frameworks/?asof=2025-12-31",
    "frameworks/ru-aes/",
    "frameworks/ru-aes/?asof=2025-12-31",
    "frameworks/aes-college/",
    "parties/",
    "parties/aes/",
    "parties/ml/",
    "parties/ml/?asof=2024-12-31",
    "sectors/",
    "sectors/energy/",
    "people/",
    "people/sergey-lavrov/",
    "sources/",
    "places/",
    "places/bamako/",
    "compare/",
    "compare/ru/ml/",
    "search/?q=mali",
    "about/",
    "changes/",
    "corrections/",
    "report/",
]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_page_opens_in_its_language(client: Client, language: str, address: str) -> None:
    response = client.get(f"/{language}/{address}")
    page = Page(response)
    assert page.status == 200
    assert page.root.xpath("string(/html/@lang)") == language
    assert len(page.texts("//h1")) == 1
    assert response.cookies == {}


def test_event_shows_every_part_of_the_founding_article(client: Client) -> None:
    page = Page(client.get(f"/en/events/{FOUNDING}/"))
    text = page.text("//article")
    for words in (
        "3 April 2025",
        "Moscow, Russia",
        "more than an hour and a half",
        "la Russie adhère entièrement à ce nouveau format de coopération",
        "The year is not written in the article",
        "that day was a Thursday",
        "Military equipment and training for the Unified Force",
        "A permanent consultation framework with alternating meetings",
    ):
        assert words in text
    beside = page.text("//main//aside")
    assert "Mali (via AES)" in beside
    assert "Abdoulaye Diop" in beside
    assert "Spokesperson" in beside


def test_event_numbers_its_sources_once_each(client: Client) -> None:
    page = Page(client.get(f"/en/events/{FOUNDING}/"))
    ids = page.root.xpath("//ol[@class='sources']/li/@id")
    assert ids == [f"s{number}" for number in range(1, len(ids) + 1)]
    targets = set(page.root.xpath("//sup[@class='marks']/a/@href"))
    assert targets
    assert targets <= {f"#{key}" for key in ids}


def test_postponed_event_tells_its_steps(client: Client) -> None:
    page = Page(client.get("/en/events/aes-summit-bamako-2025/"))
    steps = page.texts("//section[@aria-labelledby='steps']//li")
    assert steps[0].startswith("4 July 2025: Postponed, July 2025 → December 2025.")
    assert steps[1].startswith("23 December 2025: Held, December 2025 → 22–23 December 2025.")


def test_framework_knows_whose_turn_it_is(client: Client) -> None:
    page = Page(client.get("/en/frameworks/ru-aes/"))
    article = page.text("//article")
    assert (
        "Confederation of Sahel States (AES): it is the turn of one of its members to host."
        in article
    )
    expected = "Session expected in April 2026. ⚑ "
    assert f"{expected}Sources have not been searched since 31 March 2026." in article
    assert "Burkina Faso · Mali · Niger" in article
    assert "takes no turn" in article
    assert page.texts("//aside//dd//q") == [
        "un cadre permanent de concertation, avec des rencontres alternées en Russie et dans les "
        "pays de l’AES",
        "nous réunir chaque année, soit en Russie, soit sur le territoire de l’AES",
    ]


def test_framework_turns_to_russia_once_bamako_has_hosted(client: Client) -> None:
    from timeline.actions.events import refresh_derived
    from timeline.models import Participation, Party

    event = Event.objects.create(
        slug="bamako-2026",
        kind="consultation",
        date="2026-05-12",
        title_en="Second session",
        framework=Framework.objects.get(slug="ru-aes"),
        takes_turn=True,
        publication="published",
    )
    Participation.objects.create(event=event, party=Party.objects.get(code="ml"), role="host")
    refresh_derived(events=[event.pk])
    article = Page(client.get("/en/frameworks/ru-aes/")).text("//article")
    assert "Next host: Russia." in article
    assert "Session expected in May 2027." in article


def test_commitment_shows_both_clocks(client: Client, searched_today: None) -> None:
    page = Page(client.get("/en/commitments/ru-aes-permanent-framework/"))
    meta = page.texts(
        "//article/div[@class='meta']//span[contains(@class, 'state') or @class='flag']"
    )
    assert meta == ["In progress", "⚑ overdue", "⚑ quiet: no evidence for 425 days"]
    assert [text.split("source ")[0] for text in page.texts("//ol[@class='life']/li/div")] == [
        "3 April 2025 Agreed",
        "24 September 2025 In progress",
    ]


def test_bloc_lists_members_over_time_and_a_state_its_blocs(client: Client) -> None:
    bloc, of_mali = Page(client.get("/en/parties/ecowas/")), "//li[a='Mali']/ol/li"
    for sources in bloc.root.xpath("//sup[@class='marks']"):
        sources.drop_tree()
    assert [re.split(" withdrawal|⚑", line)[0] for line in bloc.texts(of_mali)] == [
        "member from 28 May 1975 to 29 May 2021",
        "suspended from 30 May 2021 to 28 January 2025 (left on 29 January 2025)",
    ]
    assert bloc.texts(f"{of_mali}/ul/li") == [
        "withdrawal announced 28 January 2024 "
        "(Burkina Faso, Mali and Niger announce that they leave ECOWAS)",
        "withdrawal notified 29 January 2024 (The three states notify ECOWAS of their withdrawal)",
        "end: The withdrawal from ECOWAS takes effect",
    ]
    state = Page(client.get("/fr/parties/ml/"))
    (alliance,) = state.texts("//li[a='Confédération des États du Sahel (AES)']/ol/li")
    assert alliance.startswith("membre depuis le 16 septembre 2023source")
    for sources in state.root.xpath("//sup[@class='marks']"):
        sources.drop_tree()
    (left,) = state.texts("//li[a='G5 Sahel']/ol/li")
    assert left.startswith("membre : vers février 2014 – mai 2022 (sortie)")


@pytest.mark.parametrize(
    "address",
    [
        "events/none/",
        "commitments/none/",
        "frameworks/none/",
        "parties/zz/",
        "sectors/none/",
        "people/none/",
        "sources/999999/",
    ],
)
def test_unknown_slug_is_not_found(client: Client, address: str) -> None:
    page = Page(client.get(f"/en/{address}"))
    assert (page.status, page.text("//h1")) == (404, "There is no such page")


def test_draft_is_not_found(client: Client) -> None:
    Event.objects.filter(slug=FOUNDING).update(publication="draft")
    assert client.get(f"/en/events/{FOUNDING}/").status_code == 404
    assert FOUNDING not in client.get("/en/").content.decode()


def test_withdrawn_record_is_gone_with_its_reason(client: Client) -> None:
    record = Commitment.objects.get(slug="ru-aes-forums")
    publication.withdraw(record=record, reason_en="Entered twice.")
    page = Page(client.get("/en/commitments/ru-aes-forums/"))
    assert (page.status, "Entered twice." in page.text("//main")) == (410, True)


def test_former_slug_sends_on(client: Client) -> None:
    event = Event.objects.get(slug=FOUNDING)
    event.slug = "moscow-2025"
    event.save()
    publication.keep_former_address(record=event, former=FOUNDING)
    response = client.get(f"/en/events/{FOUNDING}/")
    assert (response.status_code, response["Location"]) == (302, "/en/events/moscow-2025/")


def test_report_is_kept_for_the_editors(client: Client) -> None:
    address = "/en/report/?page=/en/events/x/"
    assert (
        Page(client.get(address)).root.xpath("string(//input[@name='address']/@value)")
        == "/en/events/x/"
    )
    answer = client.post(
        "/en/report/", {"address": "/en/events/x/", "message": "The date is wrong."}
    )
    assert (answer.status_code, answer.cookies) == (302, {})
    thanks = Page(client.get(answer["Location"]))
    assert thanks.root.xpath("//main//p[@role='status']/a/@href") == ["/en/events/x/"]
    assert list(ErrorReport.objects.values_list("address", "message")) == [
        ("/en/events/x/", "The date is wrong.")
    ]


@pytest.mark.parametrize("reported", ["//example.org/", "https://example.org/", "x", ""])
def test_thanks_lead_to_no_page_of_another_site(client: Client, reported: str) -> None:
    thanks = Page(client.get("/en/report/", {"sent": "1", "page": reported}))
    assert thanks.root.xpath("//main//p[@role='status']/a/@href") == ["/en/"]


def test_missing_page_offers_a_search_for_the_words_of_its_address(client: Client) -> None:
    page = Page(client.get("/en/events/aes-summit-niamey/"))
    assert page.status == 404
    assert page.root.xpath("//main//form/@action") == ["/en/search/"]
    assert page.root.xpath("//main//input[@name='q']/@value") == ["aes summit niamey"]


def test_report_without_a_message_keeps_what_was_typed(client: Client) -> None:
    page = Page(client.post("/en/report/", {"contact": "a@example.org", "message": ""}))
    assert page.status == 400
    assert page.root.xpath("string(//input[@name='contact']/@value)") == "a@example.org"
    assert not ErrorReport.objects.exists()


def test_report_by_mail_names_the_address(client: Client, settings: Any) -> None:
    settings.REPORT_ERRORS_TO = "editors@example.org"
    page = Page(client.get("/en/report/?page=/en/"))
    assert (
        page.root.xpath("string(//main//a[starts-with(@href,'mailto:')]/@href)")
        == "mailto:editors@example.org?subject=Russia%E2%80%93Sahel%20%28example%29%3A%20/en/"
    )


def test_text_in_the_other_language_is_marked(client: Client) -> None:
    Event.objects.filter(slug=FOUNDING).update(title_en="")
    page = Page(client.get(f"/en/events/{FOUNDING}/"))
    assert page.root.xpath("string(//h1/span/@lang)") == "fr"


@pytest.mark.parametrize("address", [address for address in ADDRESSES if address])
def test_page_has_a_constant_number_of_queries(
    client: Client, address: str, event_of: Any, django_assert_max_num_queries: Any
) -> None:
    event_of("aes", "2025-10-05", slug="one-more")
    event_of("aes", "2025-10-01", slug="more-1")
    # A comparison and a search ask the questions of several pages.
    most = 150 if address.startswith(("compare/", "search/")) else 70
    with django_assert_max_num_queries(most) as few:
        client.get(f"/en/{address}")
    for day in range(2, 5):
        event_of("aes", f"2025-10-0{day}", slug=f"more-{day}")
    with django_assert_max_num_queries(most) as more:
        client.get(f"/en/{address}")
    assert len(more) == len(few)


@pytest.mark.parametrize(
    ("date", "period", "label"),
    [
        ("2025-04-03", "from=2025-04&to=2025-04", "April 2025"),
        ("2026", "from=2026&to=2026", "2026"),
        ("2026~", "from=2026&to=2026", "2026"),
        ("2025-21", "from=2025&to=2025", "2025"),
        ("198X", "from=1980&to=1989", "1980–1989"),
    ],
)
def test_way_back_from_an_event_is_no_more_precise_than_its_date_and_finds_it(
    client: Client, date: str, period: str, label: str
) -> None:
    event = Event.objects.get(slug=FOUNDING)
    event.date = date
    event.save()
    (back,) = Page(client.get(f"/en/events/{FOUNDING}/")).root.xpath("//p[@class='crumbs']/a[2]")
    assert (back.get("href"), back.text) == (f"/en/?{period}", label)
    timeline = Page(client.get(f"{back.get('href')}&q=Moscow")).root
    assert timeline.xpath(f"//a[@href='/en/events/{FOUNDING}/']")


def test_page_of_an_event_leads_to_those_before_and_after_it(client: Client) -> None:
    Event.objects.update(publication="draft")
    dates = {"first": "2024", "second": "2025-04-03", "third": "2025-04-03", "last": "2026-01"}
    for slug, date in dates.items():
        make.an_event(slug=slug, date=date, publication="published")
    make.an_event(slug="draft", date="2025-05")

    def around(slug: str) -> list[str]:
        page = Page(client.get(f"/en/events/{slug}/"))
        return [
            f"{link.get('rel')} {link.get('href')}"
            for link in page.root.xpath("//nav[@class='neighbours']/a")
        ]

    assert {slug: around(slug) for slug in dates} == {
        "first": ["next /en/events/second/"],
        "second": ["prev /en/events/first/", "next /en/events/third/"],
        "third": ["prev /en/events/second/", "next /en/events/last/"],
        "last": ["prev /en/events/third/"],
    }
