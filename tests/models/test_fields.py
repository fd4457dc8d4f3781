"""Cadre's own model fields, and the history of every record."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import override

from tests import factories as make
from timeline.fields import ACCEPTED_FORMS, EDTFField, EDTFFormField
from timeline.models import (
    ErrorReport,
    Event,
    EventRevision,
    FormerSlug,
    Involvement,
    Merge,
    Party,
    RecordVersion,
    Tally,
)

pytestmark = pytest.mark.django_db


def test_saved_date_fills_the_days_that_are_searched() -> None:
    event = Event(slug="e", kind="visit", title_en="E", date="2025-04~")
    event.save()
    event.refresh_from_db()
    assert (event.date.text, event.earliest, event.latest, event.date_sure, event.ongoing) == (
        "2025-04~",
        dt.date(2025, 4, 1),
        dt.date(2025, 4, 30),
        False,
        False,
    )


def test_rows_made_in_bulk_have_their_days_too() -> None:
    Event.objects.bulk_create([Event(slug="e", kind="visit", title_en="E", date="2025-04-03/..")])
    assert list(Event.objects.values_list("earliest", "latest", "ongoing")) == [
        (dt.date(2025, 4, 3), dt.date(9999, 12, 31), True)
    ]


def test_refused_date_says_what_is_accepted(in_english: None) -> None:
    with pytest.raises(ValidationError) as refused:
        Event(slug="e", kind="visit", title_en="E", date="2025/2024").full_clean()
    (sentence,) = refused.value.message_dict["date"]
    assert sentence.startswith(
        "This interval ends before it starts. Write 2025-04-03, 2025-04, 2025,"
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("3 avril 2025", "Write 2025-04-03 (3 April 2025)."),
        ("2025-4-3", "Write 2025-04-03 (3 April 2025)."),
        ("20250403", "Write 2025-04-03 (3 April 2025)."),
        (
            "03/04/2025",
            "Write 2025-04-03 (3 April 2025) or 2025-03-04 (4 March 2025).",
        ),
        ("2025-04-03 / 2025-04-04", "Write 2025-04-03/2025-04-04 (3–4 April 2025)."),
        ("2025-02-30", "The calendar has no such day."),
        ("soon", "This is not a date that can be read."),
    ],
)
def test_refusal_says_what_is_meant_where_that_is_plain(
    in_english: None, typed: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        EDTFFormField().clean(typed)
    assert refused.value.messages == [f"{sentence} {ACCEPTED_FORMS}"]


@pytest.mark.parametrize(
    ("required", "sentence"), [(True, "Write /.. after"), (False, "Leave this empty")]
)
def test_day_that_stands_for_no_date_is_refused(
    in_english: None, required: bool, sentence: str
) -> None:
    for typed in ("9999-12-31", "2025-04-03/9999-12-31"):
        with pytest.raises(ValidationError) as refused:
            EDTFFormField(required=required).clean(typed)
        assert sentence in refused.value.messages[0]


def test_form_field_keeps_the_text_as_typed() -> None:
    assert EDTFFormField().clean(" 2025-04 ") == "2025-04"


def test_migrations_know_what_a_date_fills() -> None:
    field = Event._meta.get_field("date")
    assert isinstance(field, EDTFField)
    assert field.deconstruct()[3] == {
        "bounds": ("earliest", "latest"),
        "sure": "date_sure",
        "ongoing": "ongoing",
        "max_length": 64,
        "verbose_name": "date",
    }


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", ("Russie", "fr", False)),
        ("en", ("Russie", "fr", True)),
        ("de", ("Russie", "fr", True)),
    ],
)
def test_text_in_the_other_language_says_so(language: str, expected: tuple[str, str, bool]) -> None:
    party = Party(code="ru", kind="state", name_fr="Russie")
    with override(language):
        name = party.name
    assert (name, name.lang, name.fallback) == expected


def test_name_sorts_by_its_folded_form() -> None:
    party = make.a_state("eg", name_fr="Égypte", name_en="Egypt")
    assert (party.sort_fr, party.sort_en) == ("egypte", "egypt")


def test_every_record_has_a_history() -> None:
    models = {
        model
        for model in apps.get_app_config("timeline").get_models()
        if not model.__name__.startswith("Historical")
    }
    without = {model for model in models if not hasattr(model, "history")}
    assert without == {
        *(Involvement, ErrorReport, EventRevision, FormerSlug, Merge, RecordVersion, Tally),
    }


def test_each_change_is_kept() -> None:
    party = make.a_state("ml", name_en="Mali")
    party.name_en = "Republic of Mali"
    party.save()
    entries = party.history.order_by("history_id").values_list("history_type", "name_en")
    assert list(entries) == [("+", "Mali"), ("~", "Republic of Mali")]
