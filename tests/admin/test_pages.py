"""Each page of the admin opens, with the same number of queries however much it shows."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from tests import factories as make
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Correction,
    ErrorReport,
    Event,
    EventSector,
    EventStep,
    Framework,
    HostOrder,
    Instrument,
    Membership,
    Office,
    Party,
    PartyName,
    Person,
    PersonName,
    Place,
    Side,
    Statement,
    StatusUpdate,
)

pytestmark = pytest.mark.django_db


def states(count: int) -> list[Party]:
    return [make.a_state(code) for code in ("ru", "ml", "bf")[:count]]


def with_an_event(count: int) -> Event:
    parties = states(count)
    event = make.an_event(parties=tuple(parties))
    make.also_at(event, *(make.a_place(f"place-{number}") for number in range(count)))
    for number, party in enumerate(parties):
        sector = make.a_sector(f"sector-{number}")
        EventSector.objects.create(event=event, sector=sector)
        person = make.a_person(f"person-{number}")
        office = Office.objects.create(person=person, party=party, title_en="Minister")
        attendance = Attendance.objects.create(
            event=event, person=person, party=party, office=office
        )
        statement = Statement.objects.create(
            event=event, person=person, party=party, office=office, language="fr", text="Oui."
        )
        step = EventStep.objects.create(
            event=event,
            entry=number + 1,
            on="2025-04-01",
            state="held",
            date="2025-04-03",
            previous_state="planned",
            previous_date="2025-04",
        )
        for cited in ({"event": event}, {"attendance": attendance}, {"statement": statement}):
            Citation.objects.create(source=make.a_source(), **cited)
        Citation.objects.create(source=make.a_source(), event_step=step)
        make.a_commitment(event)
    return event


def with_a_commitment(count: int) -> Commitment:
    commitment = make.a_commitment(make.an_event())
    first = commitment.updates.get()
    for number, party in enumerate(states(count)):
        CommitmentParty.objects.create(commitment=commitment, party=party)
        CommitmentSector.objects.create(
            commitment=commitment, sector=make.a_sector(f"sector-{number}")
        )
        StatusUpdate.objects.create(
            commitment=commitment,
            date="2025-05",
            entry=number + 2,
            status="agreed",
            event=make.an_event(),
            corrects=first,
        )
        Citation.objects.create(source=make.a_source(), commitment=commitment)
    return commitment


def with_a_framework(count: int) -> Framework:
    framework = make.a_framework(*states(count))
    for _ in range(count):
        Citation.objects.create(source=make.a_source(), framework=framework)
    return framework


def with_a_text(count: int) -> Instrument:
    text = make.a_text(make.a_state("ne"), *states(count))
    for number, party in enumerate(text.parties.all(), start=1):
        signed = make.a_step(text, "signed", party, event=make.an_event())
        Citation.objects.create(source=make.a_source(), instrument_step=signed)
        Citation.objects.create(source=make.a_source(), instrument=text)
        make.a_step(text, "signed", party, "2024-07-07", corrects=signed)
        make.a_step(text, "amended", done=f"2025-0{number}", later_instrument=make.a_text())
        make.a_commitment(make.an_event(), instrument=text, article="art. 1")
    return text


def with_a_party(count: int) -> Party:
    party = make.a_bloc("aes")
    for number in range(count):
        name = PartyName.objects.create(
            party=party, name=f"Name {number}", language="fr", kind="official"
        )
        Citation.objects.create(source=make.a_source(), party=party)
        Citation.objects.create(source=make.a_source(), party_name=name)
    return party


def with_a_person(count: int) -> Person:
    person = make.a_person()
    for number, party in enumerate(states(count)):
        Office.objects.create(person=person, party=party, title_en=f"Minister {number}")
        PersonName.objects.create(person=person, name=f"Name {number}", language="ru")
    return person


def with_a_membership(count: int) -> Membership:
    held = make.a_membership(make.a_state("ml"), make.a_bloc("aes"))
    for number in range(count):
        Citation.objects.create(source=make.a_source(), membership=held)
        remark = held.remarks.create(
            kind="joining_announced", date=f"202{number}", event=make.an_event()
        )
        Citation.objects.create(source=make.a_source(), membership_remark=remark)
    return held


def with_a_place(count: int) -> Place:
    place = make.a_place(party=make.a_state("ru"))
    for _ in range(count):
        Citation.objects.create(source=make.a_source(), place=place)
    return place


def with_a_side(count: int) -> Side:
    side = make.a_framework(make.a_bloc("aes")).sides.get()
    for position, party in enumerate(states(count), start=1):
        HostOrder.objects.create(side=side, party=party, position=position)
    return side


def with_a_statement(count: int) -> Statement:
    event = make.an_event(parties=(make.a_state("ru"),))
    statement = Statement.objects.create(
        event=event, person=make.a_person(), language="fr", text="Oui."
    )
    for _ in range(count):
        Citation.objects.create(source=make.a_source(), statement=statement)
    return statement


FULL: list[Callable[[int], Any]] = [
    with_an_event,
    with_a_commitment,
    with_a_framework,
    with_a_text,
    with_a_party,
    with_a_person,
    with_a_membership,
    with_a_place,
    with_a_side,
    with_a_statement,
]


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("build", FULL)
def test_change_form_has_a_constant_number_of_queries(
    editor_client: Client, build: Callable[[int], Any], transactional_savepoint: Callable[[], Any]
) -> None:
    counts = []
    for count in (1, 3):
        with transactional_savepoint():
            record = build(count)
            name = record._meta.model_name
            counts.append(
                queries(editor_client, reverse(f"admin:timeline_{name}_change", args=[record.pk]))
            )
    assert counts[0] == counts[1]


def several(model: str, count: int) -> None:
    if model == "membership":
        bloc = make.a_bloc("aes")
        for state in states(count):
            make.a_membership(state, bloc)
        return
    parties = states(3)
    framework = make.a_framework(parties[0], parties[1], starts="2025")
    for number in range(count):
        event = make.an_event()
        for place in range(count):
            slug = f"place-{number}-{place}"
            make.also_at(event, make.a_place(slug, party=parties[number]))
        Event.objects.filter(pk=event.pk).update(framework=framework)
        match model:
            case "commitment":
                make.a_commitment(event)
            case "framework":
                make.a_framework(starts="2025")
            case "instrument":
                text = make.a_text(*parties)
                for party in parties[: count + 1]:
                    make.a_step(text, "signed", party)
            case "sector":
                parent = make.a_sector(f"parent-{number}")
                make.a_sector(f"sector-{number}", parent=parent)
            case "person":
                make.a_person(f"person-{number}")
            case "source":
                make.a_source(speaks_for=parties[number], published="2025-04-03")
            case "correction":
                Correction.objects.create(event=event, made_on="2025-04-03", text_en="So.")
            case "errorreport":
                ErrorReport.objects.create(message="This is wrong.")


LISTED = [
    *("event", "commitment", "framework", "party", "membership", "sector", "place", "person"),
    *("source", "correction", "errorreport", "instrument"),
]


@pytest.mark.parametrize("model", LISTED)
def test_list_has_a_constant_number_of_queries(
    editor_client: Client, model: str, transactional_savepoint: Callable[[], Any]
) -> None:
    counts = []
    for count in (1, 3):
        with transactional_savepoint():
            several(model, count)
            counts.append(queries(editor_client, reverse(f"admin:timeline_{model}_changelist")))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("model", [name for name in LISTED if name != "errorreport"])
def test_add_form_opens(editor_client: Client, model: str) -> None:
    several("membership", 3)
    assert editor_client.get(reverse(f"admin:timeline_{model}_add")).status_code == 200


@pytest.mark.parametrize("word", ["mali", "Māli", "ml", "Republic", 'a"b', "%", "\0"])
@pytest.mark.parametrize("model", LISTED)
def test_list_is_searched(editor_client: Client, model: str, word: str) -> None:
    address = reverse(f"admin:timeline_{model}_changelist")
    assert editor_client.get(address, {"q": word}).status_code in (200, 302)


def test_party_is_found_without_accents_and_by_another_name(editor_client: Client) -> None:
    party = make.a_state("ne", name_fr="Confédération", name_en="Confederation")
    PartyName.objects.create(party=party, name="ESA", language="en", kind="acronym")
    make.a_state("ml")
    address = reverse("admin:autocomplete")
    parameters = {"app_label": "timeline", "model_name": "participation", "field_name": "party"}
    for term in ("confedération", "esa"):
        answer = editor_client.get(address, {**parameters, "term": term}).json()
        assert [result["id"] for result in answer["results"]] == [str(party.pk)]


def test_office_is_offered_with_its_holder(editor_client: Client) -> None:
    person = make.a_person(name_en="Sergey Lavrov", name_fr="Sergueï Lavrov")
    Office.objects.create(person=person, title_en="Foreign minister")
    parameters = {"app_label": "timeline", "model_name": "attendance", "field_name": "office"}
    answer = editor_client.get(
        reverse("admin:autocomplete"), {**parameters, "term": "serguei"}
    ).json()
    assert [result["text"] for result in answer["results"]] == ["Sergey Lavrov — Foreign minister"]


def test_index_lists_records_and_not_their_parts(editor_client: Client) -> None:
    page = editor_client.get(reverse("admin:index")).content.decode()
    shown = set(re.findall(r'href="/admin/timeline/(\w+)/"', page))
    assert shown == {*LISTED, "identity"}


def test_admin_speaks_french(editor_client: Client) -> None:
    page = editor_client.get(reverse("admin:timeline_event_add"), headers={"accept-language": "fr"})
    assert '<html lang="fr"' in page.content.decode()


def test_every_record_has_a_page_that_sets_what_editors_need() -> None:
    for model, page in admin.site._registry.items():
        if model._meta.app_label != "timeline" or not page.has_module_permission.__qualname__:
            continue
        assert page.search_fields, model
        assert page.show_full_result_count is False, model


def test_history_shows_who_wrote_what_without_inline_style(editor_client: Client) -> None:
    party = make.a_state("ml")
    address = reverse("admin:timeline_party_history", args=[party.pk])
    page = editor_client.get(address).content.decode()
    assert 'id="change-history"' in page
    assert "style=" not in page


def test_history_takes_no_change(editor_client: Client) -> None:
    party = make.a_state("ml")
    version = party.history.get().pk
    address = reverse("admin:timeline_party_simple_history", args=[party.pk, version])
    assert editor_client.get(address).status_code == 200
    assert editor_client.post(address, {"code": "xx"}).status_code == 403


@pytest.mark.parametrize(
    ("kind", "box"),
    [
        ("source", "language"),
        ("party", "names-0-language"),
        ("person", "names-0-language"),
        ("event", "statements-0-language"),
        ("event", "citations-0-excerpt_language"),
    ],
)
def test_box_of_a_language_offers_the_common_ones(
    editor_client: Client, kind: str, box: str
) -> None:
    page = html.fromstring(editor_client.get(reverse(f"admin:timeline_{kind}_add")).content)
    (shown,) = page.xpath(f"//input[@name='{box}']")
    offered = page.xpath(f"//datalist[@id='{shown.get('list')}']/option/@value")
    assert {"fr", "bm", "ar"} <= set(offered)
    assert "vTextField" in shown.get("class")
