"""Offices of people at events are refused if they cannot have been held according to the record."""

from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.admin.forms import errors, fill, opened, typed, with_row
from tests.admin.test_events import ADD, page_of
from timeline.models import Attendance, Event, Office, Party, Person, Statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def djibouti(db: None) -> Party:
    return make.a_state("dj")


@pytest.fixture
def union(db: None) -> Party:
    return make.a_bloc("au")


@pytest.fixture
def person(db: None) -> Person:
    return make.a_person("youssouf")


def office_of(person: Person, party: Party | None, **values: Any) -> Office:
    return Office.objects.create(person=person, party=party, **{"title_en": "Chair", **values})


def draft_with(editor_client: Client, parties: tuple[Party, ...], date: str = "2024-11-02") -> Any:
    """Fill in the form of a new event between parties."""
    form = fill(opened(editor_client, ADD, "event"), title_en="Istanbul", date=date, kind="summit")
    for party in parties:
        with_row(form, "participations", party=party, role="participant")
    return form


NOT_HELD = "Chair, AU (2025-02-15 – …) was not held on any day of the event"


@pytest.mark.parametrize("prefix", ["attendances", "statements"])
@pytest.mark.parametrize("button", ["_save", "_publish"])
def test_office_not_held_that_day_is_refused(
    editor_client: Client, union: Party, person: Person, prefix: str, button: str
) -> None:
    office = office_of(person, union, starts="2025-02-15")
    form = draft_with(editor_client, (union,))
    row = {"person": person, "party": union, "office": office}
    more = {"role": "head"} if prefix == "attendances" else {"language": "fr", "text": "Oui."}
    number = with_row(form, prefix, **row, **more)
    response = editor_client.post(ADD, {**form, button: "1"})
    (error,) = errors(response)
    assert error.startswith(f"{NOT_HELD} (2 November 2024)")
    assert typed(response, "event")[f"{prefix}-{number}-office"] == [str(office.pk)]
    assert Event.objects.count() == 0
    form[f"{prefix}-{number}-office_reason_en"] = ["Elected, not yet in office."]
    assert errors(editor_client.post(ADD, form, follow=True)) == []
    event = Event.objects.get()
    saved: Any = (Attendance if prefix == "attendances" else Statement).objects.get()
    assert str(saved.office_reason) == "Elected, not yet in office."
    assert saved.history.get().office_reason_en == "Elected, not yet in office."
    Event.objects.update(publication="published")
    page = editor_client.get(f"/en/events/{event.slug}/").content.decode()
    assert "Chair (Elected, not yet in office.)" in page


@pytest.mark.parametrize(
    ("date", "values", "is_accepted"),
    [
        ("2024-11-02", {"starts": "2024-11-02"}, True),
        ("2024-11-02/2024-11-03", {"starts": "2024-11-03"}, True),
        ("2024-11-02", {"starts": "2024-11-03"}, False),
        ("2024-11-02", {"ends": "2024-11-03"}, True),
        ("2024-11-02", {"ends": "2024-11-02"}, False),
        ("2024-11-02", {"starts": "2024"}, True),
        ("2024", {"starts": "2024-12-31"}, True),
        ("2024-11-02", {"ends": "2024"}, True),
        ("2024-11-02", {"starts": "2025"}, False),
        ("2024-11-02", {}, True),
        ("1600", {}, True),
    ],
)
def test_office_that_may_have_been_held_is_accepted(
    editor_client: Client,
    union: Party,
    person: Person,
    date: str,
    values: dict[str, str],
    is_accepted: bool,
) -> None:
    office = office_of(person, union, **values)
    form = draft_with(editor_client, (union,), date)
    with_row(form, "attendances", person=person, party=union, office=office, role="head")
    assert (errors(editor_client.post(ADD, form, follow=True)) == []) is is_accepted
    assert Attendance.objects.exists() is is_accepted


OTHER = (
    "Chair, AU is an office of AU, which on 2 November 2024 was neither the party attended for, "
    "DJ, nor a bloc or a member of it. Choose another office or party, or write why the record "
    "keeps it."
)


@pytest.mark.parametrize(
    ("belonging", "is_accepted"),
    [(None, False), (("1963", None), True), (("2025", None), False), (("1963", "2000"), False)],
)
@pytest.mark.parametrize("of_the_bloc", [True, False])
def test_office_of_another_party_is_questioned(
    editor_client: Client,
    djibouti: Party,
    union: Party,
    person: Person,
    belonging: tuple[str, str | None] | None,
    is_accepted: bool,
    of_the_bloc: bool,
) -> None:
    """An office of a bloc fits a member, and an office of a member fits the bloc."""
    if belonging:
        make.a_membership(djibouti, union, *belonging)
    of, attends_for = (union, djibouti) if of_the_bloc else (djibouti, union)
    office = office_of(person, of)
    form = draft_with(editor_client, (djibouti, union))
    row = with_row(
        form, "attendances", person=person, party=attends_for, office=office, role="head"
    )
    response = editor_client.post(ADD, form)
    if is_accepted:
        assert response.status_code == 302
        return
    if of_the_bloc:
        assert errors(response) == [OTHER]
    assert len(errors(response)) == 1
    form[f"attendances-{row}-office_reason_fr"] = ["Mandaté."]
    assert errors(editor_client.post(ADD, form, follow=True)) == []


def test_office_of_no_party_or_of_one_who_speaks_for_none_is_accepted(
    editor_client: Client, djibouti: Party, union: Party, person: Person
) -> None:
    form = draft_with(editor_client, (djibouti,))
    envoy = office_of(person, None, title_en="Envoy")
    with_row(form, "attendances", person=person, party=djibouti, office=envoy, role="head")
    chair = office_of(person, union)
    with_row(form, "statements", person=person, office=chair, language="fr", text="Oui.")
    assert errors(editor_client.post(ADD, form, follow=True)) == []


def test_office_is_not_filled_in_where_it_would_be_questioned(
    editor_client: Client, djibouti: Party, union: Party, person: Person
) -> None:
    office_of(person, union)
    form = draft_with(editor_client, (djibouti,))
    with_row(form, "attendances", person=person, party=djibouti, role="head")
    assert errors(editor_client.post(ADD, form, follow=True)) == []
    assert Attendance.objects.get().office is None


def held_event(union: Party, person: Person) -> tuple[Event, Office]:
    office = office_of(person, union, starts="2024", ends="2025-02-15")
    event = make.an_event(parties=(union,), date="2024-11-02", title_en="Istanbul")
    Attendance.objects.create(event=event, person=person, party=union, office=office)
    return event, office


def test_new_date_of_an_event_is_checked_against_its_offices(
    editor_client: Client, union: Party, person: Person
) -> None:
    event, _office = held_event(union, person)
    form = fill(opened(editor_client, page_of(event), "event"), date="2026")
    (error,) = errors(editor_client.post(page_of(event), form))
    assert error.startswith("Chair, AU (2024 – 2025-02-15) was not held")
    event.refresh_from_db()
    assert event.date.text == "2024-11-02"


def test_step_that_moves_an_event_is_checked_against_its_offices(
    editor_client: Client, union: Party, person: Person
) -> None:
    event, _office = held_event(union, person)
    Event.objects.filter(pk=event.pk).update(state="planned")
    form = opened(editor_client, page_of(event), "event")
    with_row(form, "steps", on="2024-10-01", state="postponed", date="2026")
    response = editor_client.post(page_of(event), form)
    (error,) = errors(response)
    assert error.startswith(
        "Chair, AU (2024 – 2025-02-15) was not held on any day of the event (2026)"
    )
    event.refresh_from_db()
    assert (event.date.text, event.steps.count()) == ("2024-11-02", 0)


@pytest.mark.parametrize(
    ("column", "value"), [("ends", "2024-06"), ("starts", "2024-12"), ("party", None)]
)
def test_changed_office_names_the_events_that_it_would_no_longer_fit(
    editor_client: Client,
    union: Party,
    djibouti: Party,
    person: Person,
    column: str,
    value: str | None,
) -> None:
    event, office = held_event(union, person)
    form = opened(editor_client, page_of(person), "person")
    form[f"offices-0-{column}"] = [value or str(djibouti.pk)]
    assert errors(editor_client.post(page_of(person), form)) == [
        "With these offices, what the record says of who was there would not hold: "
        "2024-11-02 · Istanbul. Change the office there first, or write there why it is kept."
    ]
    office.refresh_from_db()
    assert str(office.ends) == "2025-02-15"
    Attendance.objects.update(office_reason_en="By special mandate.")
    assert errors(editor_client.post(page_of(person), form, follow=True)) == []
    assert event.attendances.get().office == office


def test_picker_tells_holder_party_and_dates_of_an_office(
    editor_client: Client, union: Party, person: Person
) -> None:
    office_of(person, union, starts="2024", ends="2025-02-15")
    office_of(person, None, title_en="Envoy")
    query = "app_label=timeline&model_name=attendance&field_name=office&term=youssouf"
    results = editor_client.get(f"/admin/autocomplete/?{query}").json()["results"]
    assert sorted(result["text"] for result in results) == [
        "Youssouf — Chair, AU (2024 – 2025-02-15)",
        "Youssouf — Envoy",
    ]


@pytest.mark.usefixtures("demo")
def test_every_office_of_the_demo_may_have_been_held() -> None:
    from timeline.actions.offices import objections

    for model in (Attendance, Statement):
        for row in model._default_manager.exclude(office=None):
            assert objections([row], row.event.date) == [None]
