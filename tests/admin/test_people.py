"""The family names of people, on their form and in their list."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.admin.forms import errors, fill, opened, tree
from tests.admin.test_events import page_of
from timeline.models import Person

pytestmark = pytest.mark.django_db

LIST = "admin:timeline_person_changelist"


def test_family_name_that_is_no_part_of_the_name_is_refused_at_the_field(
    editor_client: Client,
) -> None:
    person = make.a_person("traore", name_fr="Ibrahim Traoré", name_en="Ibrahim Traoré")
    form = opened(editor_client, page_of(person), "person")
    sent = fill(form, family_fr="Traoré", family_en="Traore")
    refused = editor_client.post(page_of(person), sent)
    said = (
        "“Traore” is no part of “Ibrahim Traoré”: write it as it stands there, or leave it empty."
    )
    assert errors(refused, "family_en") == [said]
    assert tree(refused).xpath("//input[starts-with(@name,'family_')]/@value") == [
        *("Traoré", "Traore"),
    ]
    assert Person.objects.get().family_fr == ""
    editor_client.post(page_of(person), fill(form, family_en="Traoré"))
    row = Person.objects.get()
    assert (row.family_fr, row.family_en, row.sort_fr) == ("Traoré", "Traoré", "traore")


def test_list_is_sorted_by_family_name(editor_client: Client) -> None:
    for name in ("Zoé Camara", "Abdoulaye Diop", "Bintou Camara"):
        family = name.split()[1]
        make.a_person(name[0].lower(), name_fr="", name_en=name, family_en=family)
    make.a_person("mohammed-vi", name_en="Mohammed VI")
    path = "//th[contains(@class,'field-name_shown')]/a/text()"
    address = reverse(LIST)
    assert tree(editor_client.get(address)).xpath(path) == [
        *("Camara, Bintou", "Camara, Zoé", "Diop, Abdoulaye", "Mohammed VI"),
    ]
    without = f"{address}?family_fr__isempty=1"
    assert len(tree(editor_client.get(without)).xpath(path)) == 4
    Person.objects.filter(slug="a").update(name_fr="Abdoulaye Diop", family_fr="Diop")
    assert len(tree(editor_client.get(without)).xpath(path)) == 3
