"""The family names of people: what they may be, and the order that they give."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from tests import factories as make
from timeline.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

NAMES = {"name_fr": "Vladimir Poutine", "name_en": "Vladimir Putin"}


def refused(**values: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refusal:
        Person(slug="putin", **values).full_clean()
    return refusal.value.message_dict


def test_family_name_of_the_other_language_is_no_part_of_the_name() -> None:
    assert refused(**NAMES, family_fr="Putin", family_en="Putin") == {
        "family_fr": [
            "“Putin” is no part of “Vladimir Poutine”: write it as it stands there, or leave it "
            "empty."
        ]
    }


def test_family_name_stands_beside_a_name_in_its_language() -> None:
    assert refused(name_en="Vladimir Putin", family_fr="Putin", family_en="Putin") == {
        "family_fr": ["Write the name in this language, too, or leave its family name empty."]
    }


@pytest.mark.parametrize("families", [{}, {"family_fr": "Poutine", "family_en": "Putin"}])
def test_person_may_have_a_family_name_or_none(families: dict[str, str]) -> None:
    Person(slug="putin", **NAMES, **families).full_clean()


@pytest.mark.parametrize("column", ["family_fr", "family_en"])
def test_database_keeps_no_family_name_that_is_not_in_the_name(column: str) -> None:
    make.a_person("putin", **NAMES, family_fr="Poutine", family_en="Putin")
    with pytest.raises(IntegrityError, match="person_family_name_in_name"), transaction.atomic():
        Person.objects.update(**{column: "Medvedev"})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({**NAMES, "family_fr": "Poutine", "family_en": "Putin"}, "poutine"),
        ({**NAMES, "family_en": "Putin"}, "vladimir poutine"),
        ({"name_en": "Vladimir Putin", "family_en": "Putin"}, "putin"),
        (NAMES, "vladimir poutine"),
    ],
)
def test_person_is_sorted_by_the_family_name_else_by_the_name(
    values: dict[str, str], expected: str
) -> None:
    assert make.a_person("putin", **{"name_en": "", **values}).sort_fr == expected


def test_people_of_one_family_name_are_sorted_by_the_whole_name() -> None:
    for slug, name in (("it", "Ibrahim Traoré"), ("dt", "Daouda Traoré"), ("kt", "Élie Traoré")):
        make.a_person(slug, name_fr=name, name_en=name, family_fr="Traoré")
    make.a_person("diop", name_fr="Ibrahim Diop", family_fr="Diop")
    assert [person.slug for person in Person.objects.all()] == ["diop", "dt", "kt", "it"]


@pytest.mark.parametrize(
    ("language", "expected"), [("fr", "Poutine, Vladimir"), ("en", "Putin, Vladimir")]
)
def test_listed_name_is_that_of_the_reader(language: str, expected: str) -> None:
    person = Person(**NAMES, family_fr="Poutine", family_en="Putin")
    with override(language):
        assert person.listed_name == expected


def test_family_name_is_in_the_language_of_the_name_that_is_shown() -> None:
    person = Person(name_fr="Vladimir Poutine", family_fr="Poutine")
    assert (person.family, person.listed_name) == ("Poutine", "Poutine, Vladimir")
