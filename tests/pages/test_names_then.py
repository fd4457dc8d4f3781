"""Parties are called by the name of an event's day, then by today's; filters say today's."""

from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.models import Commitment, CommitmentParty, Event, Party, PartyName

pytestmark = pytest.mark.django_db

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}
THEN = "Alliance of Sahel States"
NOW = "Confederation of Sahel States"


@pytest.fixture
def aes() -> Party:
    """The AES, an alliance until 6 July 2024 and a confederation since; Mali belongs to it."""
    bloc = make.a_bloc("aes", name_en=NOW, name_fr="Confédération", short_en="AES", short_fr="AES")
    make.a_membership(make.a_state("ml", name_en="Mali"), bloc)
    for name, language, kind, spell in (
        (THEN, "en", "official", {"starts": "2023-09-16", "ends": "2024-07-06"}),
        ("Alliance des États du Sahel", "fr", "official", {"ends": "2024-07-06"}),
        ("Альянс государств Сахеля", "ru", "official", {"ends": "2024-07-06"}),
        (NOW, "en", "official", {"starts": "2024-07-06"}),
        ("AES", "fr", "acronym", {}),
    ):
        PartyName.objects.create(party=bloc, name=name, language=language, kind=kind, **spell)
    return bloc


def on_day(aes: Party, date: str, **values: Any) -> Event:
    return make.an_event(**{**SHOWN, "parties": (aes,), "date": date, "slug": "event", **values})


def on_card(client: Client, query: str = "", language: str = "en") -> str:
    return Page(client.get(f"/{language}/{query}")).text("//ol[@class='events']/li/p[@class='who']")


@pytest.mark.parametrize(
    ("date", "card", "page"),
    [
        ("2023-09-16", f"{THEN} (AES)", f"{THEN}, today {NOW}"),
        ("2024-07-05", f"{THEN} (AES)", f"{THEN}, today {NOW}"),
        ("2024-07-06", "AES", NOW),
        ("2023-09-15", "AES", NOW),
        ("2023-10/2024-06", f"{THEN} (AES)", f"{THEN}, today {NOW}"),
        ("2024", "AES", NOW),
        ("2023-12~", f"{THEN} (AES)", f"{THEN}, today {NOW}"),
    ],
)
def test_event_says_the_name_that_a_party_surely_bore_and_then_today_s(
    client: Client, aes: Party, date: str, card: str, page: str
) -> None:
    on_day(aes, date)
    assert on_card(client) == card
    assert Page(client.get("/en/events/event/")).text("//aside//dl/dd") == page


def test_name_of_the_day_is_in_the_reader_s_language(client: Client, aes: Party) -> None:
    on_day(aes, "2023-10-01")
    assert on_card(client, language="fr") == "Alliance des États du Sahel (AES)"
    page = Page(client.get("/fr/events/event/"))
    assert page.text("//aside//dl/dd") == "Alliance des États du Sahel, aujourd’hui Confédération"


def test_party_without_a_name_of_the_day_in_a_language_has_today_s(
    client: Client, aes: Party
) -> None:
    aes.names.filter(language="fr").delete()
    on_day(aes, "2023-10-01")
    assert on_card(client, language="fr") == "AES"


def test_short_name_of_the_day_stands_where_names_are_short(client: Client) -> None:
    union = make.a_bloc("au", name_en="African Union", short_en="AU")
    for name, kind in (("Organisation of African Unity", "official"), ("OAU", "acronym")):
        PartyName.objects.create(party=union, name=name, language="en", kind=kind, ends="2002")
    on_day(union, "1995")
    assert on_card(client) == "OAU (AU)"
    page = Page(client.get("/en/events/event/"))
    assert page.text("//aside//dl/dd") == "Organisation of African Unity, today African Union"


def test_name_that_is_in_use_again_is_not_said_twice(client: Client, aes: Party) -> None:
    Party.objects.filter(pk=aes.pk).update(name_en=THEN, short_en="", short_fr="")
    on_day(aes, "2023-10-01")
    assert on_card(client) == THEN


def test_blocs_are_called_by_the_name_of_the_day_too(client: Client, aes: Party) -> None:
    on_day(aes, "2023-10-01", title_en="Charter")
    on_day(aes, "2025-01-01", title_en="Later", slug="later")
    cards = Page(client.get("/en/?party=ml")).texts("//li/p[@class='via']")
    assert cards == [
        "Mali via AES, member since 16 September 2023",
        f"Mali via {THEN} (AES), member since 16 September 2023",
    ]
    for query in ("", "?asof=2025-06-01"):
        rows = Page(client.get(f"/en/parties/ml/{query}")).texts("//ol[@class='rows']//small")
        assert rows == ["Meeting · via AES", f"Meeting · via {THEN} (AES)"]
    page = Page(client.get("/en/events/event/"))
    said = f"Through a bloc, members that day: Mali (via {THEN} (AES))"
    assert page.text("//aside//p[@class='via']") == said


@pytest.fixture
def upper_volta() -> Party:
    state = make.a_state("bf", name_en="Burkina Faso")
    PartyName.objects.create(
        party=state, name="Upper Volta", language="en", kind="official", ends="1984-08-04"
    )
    return state


def test_state_of_a_place_is_called_by_the_name_of_the_day(
    client: Client, upper_volta: Party
) -> None:
    place = make.a_place("ouagadougou", party=upper_volta)
    make.an_event(slug="event", date="1975-05-28", place=place, **SHOWN)
    page = Page(client.get("/en/events/event/"))
    assert page.text("//*[@id='place']") == "Ouagadougou, Upper Volta, today Burkina Faso"


WHERE = {
    "attendance": ("//section[@id='people']", "Upper Volta (Burkina Faso)"),
    "statement": ("//section[@aria-labelledby='said']", "Upper Volta (Burkina Faso)"),
    "suspension": ("//aside", "suspended that day: Upper Volta, today Burkina Faso"),
    "text": ("//section[@aria-labelledby='texts']", "Signed: Upper Volta (Burkina Faso)"),
}


@pytest.mark.parametrize("part", WHERE)
def test_every_part_of_an_event_calls_parties_by_the_name_of_the_day(
    client: Client, upper_volta: Party, part: str
) -> None:
    bloc = make.a_bloc("ecowas")
    standing = "suspended" if part == "suspension" else "member"
    make.a_membership(upper_volta, bloc, "1975-01-01", standing=standing)
    make.an_event(slug="later", parties=(upper_volta,), **SHOWN)
    event = make.an_event(slug="event", date="1975-05-28", parties=(bloc,), **SHOWN)
    match part:
        case "attendance":
            event.attendances.create(person=make.a_person(), party=upper_volta)
        case "statement":
            person = make.a_person()
            event.statements.create(person=person, party=upper_volta, text="Oui.", language="fr")
        case "text":
            text = make.a_text(upper_volta, bloc, date="1975-05-28", **SHOWN)
            make.a_step(text, "signed", upper_volta, done="1975-05-28", event=event)
    where, said = WHERE[part]
    assert said in Page(client.get("/en/events/event/")).text(f"//main{where}")


def test_commitment_names_parties_as_on_the_day_of_its_event(client: Client, aes: Party) -> None:
    for date in ("2023-10-01", "2025-01-01"):
        event = on_day(aes, date, slug=f"event-{date}")
        made = make.a_commitment(event, **SHOWN, slug=f"made-{date}", title_en=date)
        CommitmentParty.objects.create(commitment=made, party=aes, role="obligor")
    assert Commitment.objects.count() == 2
    page = Page(client.get("/en/commitments/"))
    assert page.texts("//li[@class='promise']//h3/following-sibling::div[1]") == [
        "AES",
        f"{THEN} (AES)",
    ]


def test_filters_and_headings_say_today_s_name(client: Client, aes: Party) -> None:
    on_day(aes, "2023-10-01")
    page = Page(client.get("/en/?party=aes"))
    assert page.texts("//a[@class='chip']") == [f"Remove the filter {NOW} ✕"]
    assert THEN not in page.text("//form")
    assert Page(client.get("/en/parties/aes/")).text("//h1") == NOW


@pytest.mark.parametrize("count", [1, 3])
def test_names_are_read_once_however_many_parties(
    client: Client, aes: Party, django_assert_num_queries: Any, count: int
) -> None:
    parties = [aes]
    for number in range(count - 1):
        party = make.a_bloc(f"bloc-{number}")
        PartyName.objects.create(party=party, name="Old", language="en", kind="short", ends="2024")
        parties.append(party)
    on_day(aes, "2023-10-01", parties=tuple(parties))
    client.get("/en/events/event/")
    with django_assert_num_queries(33):
        client.get("/en/events/event/")
