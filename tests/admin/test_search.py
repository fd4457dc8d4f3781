"""The search of the admin ignores accents and case in every script, on both databases."""

from collections.abc import Callable, Mapping

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests import factories as make
from timeline.actions import events
from timeline.models import (
    Commitment,
    Correction,
    ErrorReport,
    Event,
    Framework,
    Membership,
    Office,
    Party,
    PartyName,
    Person,
    PersonName,
    Place,
    Sector,
    Source,
)

pytestmark = pytest.mark.django_db

ASKED: Mapping[str, str] = {
    "party": "participation.party",
    "person": "attendance.person",
    "place": "eventplace.place",
    "sector": "sector.parent",
    "source": "citation.source",
    "event": "event.follows",
    "commitment": "commitment.restates",
    "framework": "event.framework",
    "office": "attendance.office",
}
"""Nouns that are chosen by typing, with a field that they are chosen for."""


def offered(editor_client: Client, noun: str, term: str) -> list[str]:
    model, field = ASKED[noun].split(".")
    parameters = {"app_label": "timeline", "model_name": model, "field_name": field, "term": term}
    answer = editor_client.get(reverse("admin:autocomplete"), parameters).json()
    return [result["id"] for result in answer["results"]]


def listed(editor_client: Client, noun: str, term: str) -> list[int]:
    page = editor_client.get(reverse(f"admin:timeline_{noun}_changelist"), {"q": term})
    return [row.pk for row in page.context["cl"].result_list]


def a_party(name: str) -> Party:
    return make.a_state("zz", name_fr="", name_en=name)


def a_party_with_another_name(name: str) -> Party:
    party = make.a_state("zz", name_en="Other")
    PartyName.objects.create(party=party, name=name, language="ru", kind="full")
    return party


def a_person(name: str) -> Person:
    return make.a_person("zz", name_en=name, name_fr="")


def a_person_with_another_name(name: str) -> Person:
    person = make.a_person("zz", name_en="Other")
    PersonName.objects.create(person=person, name=name, language="ru")
    return person


def a_place(name: str) -> Place:
    return make.a_place("zz", name_fr="Autre", name_en=name)


def a_sector(name: str) -> Sector:
    return Sector.objects.create(slug="zz", name_fr=name)


def a_source(name: str) -> Source:
    return make.a_source(title=name)


def a_source_of_a_publisher(name: str) -> Source:
    return make.a_source(title="Other", publisher=name)


def an_event(name: str) -> Event:
    event = make.an_event(title_fr=name, title_en="")
    events.refresh_derived(events=[event.pk])
    return event


def a_commitment(name: str) -> Commitment:
    return make.a_commitment(make.an_event(title_en="Other"), title_fr=name, title_en="")


def a_framework(name: str) -> Framework:
    return make.a_framework(title_fr=name, title_en="")


def an_office(name: str) -> Office:
    return Office.objects.create(person=make.a_person("zz"), title_fr=name)


def an_office_of_a_person(name: str) -> Office:
    return Office.objects.create(person=a_person_with_another_name(name), title_fr="Ministre")


MADE: Mapping[str, tuple[Callable[[str], object], ...]] = {
    "party": (a_party, a_party_with_another_name),
    "person": (a_person, a_person_with_another_name),
    "place": (a_place,),
    "sector": (a_sector,),
    "source": (a_source, a_source_of_a_publisher),
    "event": (an_event,),
    "commitment": (a_commitment,),
    "framework": (a_framework,),
    "office": (an_office, an_office_of_a_person),
}

NAMES = {
    "Россия": ("Россия", "россия", "РОССИЯ", "росс"),
    "Fédération Éburnéenne": ("fédération éburnéenne", "FEDERATION", "ÉBURNÉENNE", "eburn", "urné"),
    "Côte d’Ivoire": ("côte d'ivoire", "cote d ivoire", "IVOIRE"),
    "ΕΛΛΆΔΑ": ("ελλάδα", "ελλαδα"),
    "Ɓurkina Œuvre": ("burkina", "OEUVRE", "œuvre"),
    "جمهورية مالي": ("جمهوريه", "مالي"),
    "中国和马里": ("马里", "中国"),
}


@pytest.mark.parametrize(
    ("noun", "create"),
    [
        pytest.param(noun, create, id=create.__name__)
        for noun, functions in MADE.items()
        for create in functions
    ],
)
def test_record_is_offered_however_its_name_is_typed(
    editor_client: Client, noun: str, create: Callable[[str], object]
) -> None:
    for name, typed in NAMES.items():
        with transaction.atomic():
            row = create(name)
            key = str(row.pk)  # type: ignore[attr-defined]
            missed = [term for term in typed if key not in offered(editor_client, noun, term)]
            assert (name, missed) == (name, [])
            assert key not in offered(editor_client, noun, "zzzz")
            transaction.set_rollback(True)


def test_membership_is_listed_by_another_name_of_its_party(editor_client: Client) -> None:
    party, bloc = a_party_with_another_name("Россия"), make.a_bloc("aes", name_fr="Équipe")
    membership: Membership = make.a_membership(party, bloc)
    assert [
        listed(editor_client, "membership", term) for term in ("россия", "EQUIPE", "quip", "zzzz")
    ] == [
        *[[membership.pk]] * 3,
        [],
    ]


def test_corrections_and_reports_are_listed_alike(editor_client: Client) -> None:
    correction = Correction.objects.create(
        made_on="2026-01-01", event=make.an_event(), text_fr="Était Россия"
    )
    report = ErrorReport.objects.create(message="Était Россия")
    for term in ("россия", "etait", "ÉTAIT россия"):
        assert listed(editor_client, "correction", term) == [correction.pk]
        assert listed(editor_client, "errorreport", term) == [report.pk]


def test_code_slug_and_address_are_found_as_typed(editor_client: Client) -> None:
    party = make.a_bloc("g5-sahel", name_en="Other")
    source = make.a_source(title="Other", url="https://mid.ru/foreign-policy/news/1/")
    assert listed(editor_client, "party", "G5-Sahel") == [party.pk]
    assert listed(editor_client, "source", "https://mid.ru/foreign-policy/news/1/") == [source.pk]


def test_signs_alone_find_nothing(editor_client: Client) -> None:
    make.a_state("ml")
    assert listed(editor_client, "party", "?!") == []
