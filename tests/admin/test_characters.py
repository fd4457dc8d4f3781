"""Characters that files cannot hold are refused with a sentence; direction marks are shown."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from timeline.forms.publication import WithdrawForm
from timeline.forms.records import RecordForm
from timeline.forms.report import ReportForm
from timeline.models import ErrorReport, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

SAID = "“U+000B” is a character that files cannot hold; take it out."


class PersonForm(RecordForm):
    """A form of a record."""

    class Meta:
        model = Person
        fields = ("slug", "name_fr", "name_en")


@pytest.mark.parametrize(
    ("form", "typed", "field"),
    [
        (ReportForm, {"message": "a\x0bb"}, "message"),
        (WithdrawForm, {"reason_fr": "a\x0bb"}, "reason_fr"),
        (PersonForm, {"slug": "a", "name_en": "a\x0bb"}, "name_en"),
    ],
)
def test_form_names_the_character_that_it_refuses(
    form: type, typed: dict[str, str], field: str
) -> None:
    assert form(typed).errors[field] == [SAID]
    assert form({**typed, field: "a\tb é 🕊"}).is_valid()


def test_report_with_such_a_character_is_not_kept(client: Client) -> None:
    answer = client.post("/en/report/", {"message": "a\x0bb", "address": "", "contact": ""})
    assert SAID in answer.content.decode()
    assert not ErrorReport.objects.exists()


def test_editor_sees_the_marks_of_direction_in_a_record(editor_client: Client) -> None:
    person = make.a_person()
    address = reverse("admin:timeline_person_change", args=(person.pk,))
    assert "direction-marks" not in editor_client.get(address).content.decode()
    Person.objects.filter(pk=person.pk).update(name_en="A\u202eB")
    assert "A[U+202E RIGHT-TO-LEFT OVERRIDE]B" in editor_client.get(address).content.decode()
