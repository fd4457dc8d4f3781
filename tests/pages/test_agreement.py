"""French words agree with the noun beside them, and days outside are said as such."""

import pytest
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.core.codes import EventKind, EventState
from timeline.models import Attendance, Office

pytestmark = pytest.mark.django_db

MASCULINE = ("summit", "call", "withdrawal", "military", "other")
"""The kinds whose French label is masculine."""


@pytest.mark.parametrize("kind", EventKind)
def test_state_of_an_event_agrees_with_its_kind(client: Client, kind: EventKind) -> None:
    feminine = "" if kind in MASCULINE else "e"
    for state, words in {
        EventState.HELD: "A eu lieu",
        EventState.PLANNED: f"Prévu{feminine}",
        EventState.POSTPONED: f"Reporté{feminine}",
        EventState.CANCELLED: f"Annulé{feminine}",
    }.items():
        event = make.an_event(kind=kind, state=state, publication="published")
        page = Page(client.get(f"/fr/events/{event.slug}/"))
        assert page.text("//*[@id='state']") == words


@pytest.mark.parametrize("kind", ["state", "bloc", "body"])
def test_founding_and_end_of_a_party_are_nouns(client: Client, kind: str) -> None:
    party = make.a_bloc("g5", founded="2014-02-16", dissolved="2023-12")
    type(party).objects.update(kind=kind)
    make.an_event(parties=(party,), publication="published")
    page = Page(client.get("/fr/parties/g5/"))
    assert page.text("//*[@id='founded']").replace("\u00a0", " ") == "fondation : 16 février 2014"
    assert page.text("//*[@id='dissolved']").replace("\u00a0", " ") == "fin : décembre 2023"


@pytest.mark.parametrize(
    ("ends", "french", "english"),
    [
        (
            "2025-12-23",
            "jusqu’au 22 décembre 2025 (hors fonction le 23 décembre 2025)",
            "until 22 December 2025 (out of office on 23 December 2025)",
        ),
        ("2025-12", "fin : décembre 2025", "ended: December 2025"),
        ("2025~", "fin : vers 2025", "ended: about 2025"),
    ],
)
def test_end_of_an_office_is_the_first_day_outside_it(
    client: Client, ends: str, french: str, english: str
) -> None:
    aes, goita = make.a_bloc("aes"), make.a_person("goita")
    event = make.an_event(parties=(aes,), publication="published")
    office = Office.objects.create(person=goita, party=aes, title_fr="Président", ends=ends)
    Attendance.objects.create(event=event, person=goita, party=aes)
    for language, words in (("fr", french), ("en", english)):
        page = Page(client.get(f"/{language}/people/goita/"))
        assert (
            page.text(f"//*[@id='office-{office.pk}']")
            .replace("\u00a0", " ")
            .endswith(f"· {words}")
        )


def test_event_of_a_commitment_stands_after_a_colon(client: Client) -> None:
    event = make.an_event(
        title_fr="Les ministres se réunissent", slug="talks", publication="published"
    )
    make.a_commitment(event, publication="published")
    text = Page(client.get("/fr/commitments/")).text("//main").replace("\u00a0", " ")
    assert "pris lors de l’événement : Les ministres se réunissent" in text
