"""One person at one event in several capacities: listed once, counted once."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.actions.events import refresh_derived
from timeline.models import Attendance, Citation, Event, Office, Party, Person

pytestmark = pytest.mark.django_db

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}
PEOPLE = "//aside//section[h2='People']//li"


@pytest.fixture
def aes() -> Party:
    bloc = make.a_bloc("aes", short_en="AES")
    make.a_membership(make.a_state("ml", name_fr="Mali", name_en="Mali"), bloc)
    return bloc


@pytest.fixture
def goita(aes: Party) -> Person:
    """The head of state of Mali, who presides over the AES too."""
    person = make.a_person("goita", name_en="Assimi Goïta")
    for party, title in ((Party.objects.get(code="ml"), "Head of State"), (aes, "President")):
        Office.objects.create(person=person, party=party, title_en=title)
    return person


def attend(event: Event, person: Person, party: str, role: str, title: str | None) -> Attendance:
    office = person.offices.get(title_en=title) if title else None
    party_row = Party.objects.get(code=party)
    return event.attendances.create(person=person, party=party_row, role=role, office=office)


@pytest.fixture
def summit(aes: Party, goita: Person) -> Event:
    """Goïta chairs it for the AES and heads the delegation of Mali; the latter is cited."""
    event = make.an_event(**SHOWN, slug="summit", parties=(aes,), title_en="Summit")
    attend(event, goita, "aes", "chair", "President")
    for_mali = attend(event, goita, "ml", "head", "Head of State")
    Citation.objects.create(attendance=for_mali, source=make.a_source(), field="role")
    refresh_derived(events=[event.pk])
    return event


def test_event_lists_a_person_once_with_each_capacity(client: Client, summit: Event) -> None:
    page = Page(client.get("/en/events/summit/"))
    assert page.texts(f"{PEOPLE}/a") == ["Assimi Goïta"]
    assert page.texts(f"{PEOPLE}/div[@class='small']") == [
        *("Chair, AES", "President"),
        *("Head of delegation, Malisource 1", "Head of State"),
    ]


def test_office_of_several_capacities_is_said_once(
    client: Client, summit: Event, goita: Person
) -> None:
    attend(summit, goita, "ml", "spokesperson", "Head of State")
    page = Page(client.get("/en/events/summit/"))
    assert page.texts(f"{PEOPLE}/div[@class='small']") == [
        *("Chair, AES", "President"),
        *("Head of delegation, Malisource 1", "Spokesperson, Mali", "Head of State"),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_event_asks_the_same_however_many_capacities(
    client: Client, summit: Event, goita: Person, django_assert_num_queries: Any, count: int
) -> None:
    client.get("/en/events/summit/")
    summit.attendances.all()[1].delete() if count == 1 else None
    for role in ("signatory", "spokesperson")[: count - 1]:
        Citation.objects.create(
            attendance=attend(summit, goita, "ml", role, None), source=make.a_source()
        )
    with django_assert_num_queries(34):
        client.get("/en/events/summit/")


def test_event_attended_in_two_capacities_is_found_and_counted_once(
    client: Client, summit: Event
) -> None:
    make.a_commitment(summit, **SHOWN, slug="bank", title_en="Bank")
    for address in ("/en/?person=goita", "/en/?q=go%C3%AFta"):
        page = Page(client.get(address))
        assert (page.titles, page.text("//h2[@id='found']")) == (["Summit"], "1 event")
    own = Page(client.get("/en/people/goita/"))
    assert own.text("//h2[@id='events']") == "1 event"
    assert own.texts("//ol[@class='rows']/li/a") == ["Summit"]
    ledger = Page(client.get("/en/commitments/?person=goita"))
    assert ledger.texts("//ol[@class='ledger']//h3") == ["Bank"]


OWN = "//ol[@class='rows']/li/small"


def test_own_page_of_a_person_says_in_which_capacities_each_event_was_attended(
    client: Client, summit: Event, goita: Person
) -> None:
    attend(summit, goita, "ml", "spokesperson", "Head of State")
    other = make.a_person("diop")
    attend(summit, other, "ml", "member", None)
    made = {**SHOWN, "parties": (Party.objects.get(code="ml"),)}
    visit = make.an_event(**made, kind="visit", state="planned", date="2026-12")
    attend(visit, goita, "ml", "member", None)
    reason = {"office_reason_en": "his title was disputed", "office_reason_fr": "titre contesté"}
    call = make.an_event(**made, kind="call", date="2024")
    Attendance.objects.filter(pk=attend(call, goita, "ml", "head", "President").pk).update(**reason)
    quoted = make.an_event(**made, kind="statement", date="2023")
    quoted.statements.create(person=goita, language="fr", text="Oui.")
    assert Page(client.get("/en/people/goita/")).texts(OWN) == [
        "Visit, Planned · Mali: member of the delegation",
        "Meeting · AES: chair, President · Mali: head of delegation, spokesperson, Head of State",
        "Call · Mali: head of delegation, President (his title was disputed)",
        "Statement",
    ]
    assert Page(client.get("/fr/people/goita/")).texts(OWN)[1:3] == [
        "Réunion · AES : présidence, President"
        " · Mali : chef de délégation, porte-parole, Head of State",
        "Entretien téléphonique · Mali : chef de délégation, President (titre contesté)",
    ]
    assert Page(client.get("/en/people/diop/")).texts(OWN) == [
        "Meeting · Mali: member of the delegation"
    ]


def test_cards_say_in_which_capacities_the_people_asked_for_attended(
    client: Client, summit: Event, goita: Person
) -> None:
    attend(summit, make.a_person("diop", name_fr="Diop"), "ml", "member", None)
    attend(summit, make.a_person("lavrov"), "ml", "member", None)
    goita_said = "Assimi Goïta · AES: chair, President · Mali: head of delegation, Head of State"
    for query, said in {
        "/en/?person=goita": [goita_said],
        "/en/?person=goita&person=diop": [goita_said, "Diop · Mali: member of the delegation"],
        "/fr/?person=diop": ["Diop · Mali : membre de la délégation"],
        "/en/embed/?person=diop": ["Diop · Mali: member of the delegation"],
        "/en/": [],
    }.items():
        assert Page(client.get(query)).texts("//li[@class='event']/p[@class='via']") == said


@pytest.mark.parametrize("count", [1, 3])
def test_cards_ask_the_same_however_many_capacities(
    client: Client, summit: Event, goita: Person, django_assert_num_queries: Any, count: int
) -> None:
    aes = Party.objects.get(code="aes")
    for role in ("signatory", "spokesperson")[: count - 1]:
        attend(summit, goita, "ml", role, None)
        attend(make.an_event(**SHOWN, parties=(aes,)), goita, "aes", role, "President")
    client.get("/en/?person=goita")
    with django_assert_num_queries(50):
        client.get("/en/?person=goita")


def test_own_page_of_a_person_names_parties_as_on_the_day(client: Client, summit: Event) -> None:
    aes = Party.objects.get(code="aes")
    aes.names.create(name="Alliance", language="en", kind="short", starts="2023", ends="2026")
    (said,) = Page(client.get("/en/people/goita/")).texts(OWN)
    assert said.startswith("Meeting · Alliance (AES): chair")


@pytest.mark.parametrize("count", [1, 3])
def test_own_page_of_a_person_asks_the_same_however_many_capacities(
    client: Client, summit: Event, goita: Person, django_assert_num_queries: Any, count: int
) -> None:
    aes = Party.objects.get(code="aes")
    for role in ("signatory", "spokesperson")[: count - 1]:
        attend(summit, goita, "ml", role, None)
        more = make.an_event(**SHOWN, parties=(aes,))
        attend(more, goita, "aes", role, "President")
    client.get("/en/people/goita/")
    with django_assert_num_queries(36):
        client.get("/en/people/goita/?none=1")


def test_one_capacity_is_recorded_once(summit: Event, goita: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        attend(summit, goita, "ml", "head", None)
    assert summit.attendances.count() == 2
