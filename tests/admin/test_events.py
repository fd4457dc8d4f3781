"""An event typed in the admin is saved completely, or refused without losing what was typed."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.admin.forms import errors, fill, messages, opened, tree, typed, with_row
from tests.clock import set_today
from timeline.actions import events
from timeline.actions.involvement import differing
from timeline.core.codes import EventState
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Event,
    EventPlace,
    EventStep,
    Involvement,
    Office,
    Participation,
    Party,
    Person,
    Statement,
    StatusUpdate,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/timeline/event/add/"


def page_of(record: Any, page: str = "change") -> str:
    return reverse(f"admin:timeline_{record._meta.model_name}_{page}", args=[record.pk])


def alliance() -> dict[str, Party]:
    """Russia, and the three states of the AES with their bloc."""
    parties = {code: make.a_state(code) for code in ("ru", "ml", "bf", "ne")}
    parties["aes"] = make.a_bloc("aes")
    for code in ("ml", "bf", "ne"):
        make.a_membership(parties[code], parties["aes"])
    return parties


def the_founding_session(editor_client: Client) -> tuple[dict[str, Party], dict[str, list[str]]]:
    """Fill in the form of the founding event."""
    parties = alliance()
    sectors = [make.a_sector(name) for name in ("trade", "transport")]
    source = make.a_source()
    diop = make.a_person("diop")
    lavrov = make.a_person("lavrov")
    Office.objects.create(person=lavrov, party=parties["ru"], title_en="Minister")
    form = opened(editor_client, ADD, "event")
    fill(
        form,
        title_fr="Première session des consultations",
        title_en="First session of the consultations",
        date=" 2025-04-03 ",
        kind="consultation",
        state="held",
        about=sectors,
    )
    with_row(form, "place_links", place=make.a_place("moscow", party=parties["ru"]))
    with_row(form, "participations", party=parties["ru"], role="host")
    with_row(form, "participations", party=parties["aes"], role="participant")
    with_row(form, "attendances", person=lavrov, party=parties["ru"], role="head")
    with_row(form, "attendances", person=diop, party=parties["ml"], role="member")
    with_row(
        form, "statements", person=lavrov, party=parties["ru"], language="fr", text="Nous aiderons."
    )
    with_row(
        form,
        "citations",
        source=source,
        field="date",
        stance="inferred",
        confidence="high",
        date_as_worded="ce mercredi 3 avril",
        note_en="No year is given.",
    )
    return parties, form


def test_founding_event_is_saved_with_all_its_parts(editor_client: Client) -> None:
    _parties, form = the_founding_session(editor_client)
    response = editor_client.post(ADD, {**form, "_continue": "1"}, follow=True)
    assert errors(response) == []
    event = Event.objects.get()
    assert (event.slug, event.publication) == ("first-session-of-the-consultations", "draft")
    assert event.date.text == "2025-04-03"
    ways = Involvement.objects.order_by("party__code").values_list("party__code", "via__code")
    assert list(ways) == [("aes", None), ("bf", "aes"), ("ml", "aes"), ("ne", "aes"), ("ru", None)]
    assert list(event.sectors.values_list("slug", flat=True)) == ["trade", "transport"]
    offices = Attendance.objects.order_by("pk").values_list("person__slug", "office__title_en")
    assert list(offices) == [("lavrov", "Minister"), ("diop", None)]
    assert Statement.objects.get().office == Office.objects.get()
    assert Citation.objects.get().date_as_worded == "ce mercredi 3 avril"
    assert " nous aiderons " in event.folded_text
    assert Attendance.objects.first().history.get().history_user.username == "editor"  # type: ignore[union-attr]


def test_refused_event_loses_nothing_typed_and_changes_nothing(editor_client: Client) -> None:
    parties, form = the_founding_session(editor_client)
    form["attendances-1-party"] = [str(make.a_state("fr").pk)]
    response = editor_client.post(ADD, form)
    assert [one for one in errors(response) if "takes part" in one] == [
        "A person attends for a party that takes part in the event, directly or through a bloc; "
        "add the party to the event first, or take this attendance out."
    ]
    again = typed(response, "event")
    assert {key: again.get(key) for key in form if key != "csrfmiddlewaretoken"} == {
        key: [one.strip() for one in value] if key == "date" else value
        for key, value in form.items()
        if key != "csrfmiddlewaretoken"
    } | {"date": form["date"]}
    assert Event.objects.count() == Participation.objects.count() == 0
    assert parties["ru"].participations.count() == 0


def test_refusal_found_only_while_saving_shows_the_form_as_typed(
    editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database refuses what the forms of the rows cannot check."""
    from timeline.forms.events import AttendanceFormSet, PeopleFormSet

    _parties, form = the_founding_session(editor_client)
    form["attendances-1-party"] = [str(make.a_state("fr").pk)]
    monkeypatch.setattr(AttendanceFormSet, "clean", PeopleFormSet.clean)
    response = editor_client.post(ADD, form)
    assert len(errors(response)) == 1
    assert errors(response)[0].startswith("A person attends for a party that takes part")
    assert typed(response, "event")["statements-0-text"] == ["Nous aiderons."]
    assert Event.objects.count() == Involvement.objects.count() == 0


@pytest.mark.parametrize(
    ("typed_date", "sentence"),
    [
        ("2025-04-04/2025-04-03", "This interval ends before it starts."),
        ("2025-02-30", "The calendar has no such day."),
        ("yesterday", "This is not a date that can be read."),
        ("", "This field is required."),
    ],
)
def test_date_is_refused_with_the_forms_that_are_accepted(
    editor_client: Client, typed_date: str, sentence: str
) -> None:
    form = fill(opened(editor_client, ADD, "event"), title_en="A", kind="meeting", date=typed_date)
    response = editor_client.post(ADD, form)
    assert len(errors(response)) == 1
    assert errors(response)[0].startswith(sentence)
    assert Event.objects.count() == 0


def test_rules_of_the_database_are_form_errors(editor_client: Client) -> None:
    form = fill(opened(editor_client, ADD, "event"), kind="meeting", date="2025", takes_turn="on")
    assert errors(editor_client.post(ADD, form)) == [
        "Write this text in French or in English, best in both.",
        "A meeting can take a turn only in a framework; choose the framework.",
    ]


def test_party_given_twice_with_a_role_is_refused(editor_client: Client) -> None:
    party = make.a_state("ru")
    form = fill(opened(editor_client, ADD, "event"), title_en="A", kind="meeting", date="2025")
    with_row(form, "participations", party=party, role="host")
    with_row(form, "participations", party=party, role="host")
    assert errors(editor_client.post(ADD, form)) != []
    assert Event.objects.count() == 0


def test_person_attends_in_two_capacities(editor_client: Client) -> None:
    parties, form = the_founding_session(editor_client)
    diop = Person.objects.get(slug="diop")
    for party, title in (("ml", "Minister of Mali"), ("aes", "Minister for the AES")):
        Office.objects.create(person=diop, party=parties[party], title_en=title)
    with_row(form, "attendances", person=diop, party=parties["aes"], role="co_chair")
    with_row(form, "attendances", person=diop, party=parties["ml"], role="spokesperson")
    assert errors(editor_client.post(ADD, form, follow=True)) == []
    rows = Attendance.objects.filter(person=diop).order_by("pk")
    assert list(rows.values_list("party__code", "role", "office__title_en")) == [
        ("ml", "member", "Minister of Mali"),
        ("aes", "co_chair", "Minister for the AES"),
        ("ml", "spokesperson", "Minister of Mali"),
    ]
    assert Attendance.history.filter(person=diop).count() == 3


def test_capacity_given_twice_is_refused_with_the_sentence_of_its_constraint(
    editor_client: Client,
) -> None:
    parties, form = the_founding_session(editor_client)
    lavrov = Person.objects.get(slug="lavrov")
    with_row(form, "attendances", person=lavrov, party=parties["ru"], role="head")
    response = editor_client.post(ADD, form)
    said = "This person is already listed with this role for this party."
    assert [one for one in errors(response) if one == said] == [said]
    assert typed(response, "event")["attendances-2-role"] == ["head"]
    assert Event.objects.count() == 0


def changed(editor_client: Client, event: Event, **more: Any) -> Any:
    form = opened(editor_client, page_of(event), "event")
    for key, value in more.items():
        form[key.replace("__", "-")] = [str(getattr(value, "pk", value))]
    return editor_client.post(page_of(event), form, follow=True)


def stays(event: Event) -> list[tuple[Any, ...]]:
    rows = event.place_links.order_by("position", "pk")
    return list(rows.values_list("place__slug", "days", "venue_en"))


def test_tour_is_entered_with_its_places_and_their_days(editor_client: Client) -> None:
    bamako, niamey = make.a_place("bamako"), make.a_place("niamey", name_fr="Niamey")
    form = fill(opened(editor_client, ADD, "event"), title_en="Tour", kind="visit")
    fill(form, date="2024-11-28/2024-11-29", state="held")
    with_row(form, "place_links", place=niamey, days="2024-11-29", position=2)
    with_row(form, "place_links", place=bamako, venue_en="Palace", position=1)
    assert errors(editor_client.post(ADD, form, follow=True)) == []
    event = Event.objects.get()
    assert [(slug, days and days.text, venue) for slug, days, venue in stays(event)] == [
        ("bamako", None, "Palace"),
        ("niamey", "2024-11-29", ""),
    ]
    assert [place.slug for place in event.places] == ["bamako", "niamey"]
    assert " niamey " in event.folded_text
    listed = tree(editor_client.get("/admin/timeline/event/"))
    assert listed.xpath("string(//td[@class='field-places_shown'])") == "Bamako and Niamey"


def test_place_that_is_taken_out_leaves_a_history(editor_client: Client) -> None:
    event = make.an_event(place=make.a_place("bamako"))
    make.also_at(event, make.a_place("niamey"))
    assert errors(changed(editor_client, event, place_links__0__DELETE="on")) == []
    event.refresh_from_db()
    assert ([slug for slug, *_more in stays(event)], " bamako " in event.folded_text) == (
        ["niamey"],
        False,
    )
    entry = EventPlace.history.filter(event=event, history_type="-").get()
    assert (entry.place.slug, entry.history_user.username) == ("bamako", "editor")


OUTSIDE = "These days lie outside the date of the event."


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("2025-04-04", [OUTSIDE]),
        ("2025-04-02/2025-04-03", [OUTSIDE]),
        ("2025-05", [OUTSIDE]),
        ("2025-04-03", []),
        # It may have been that day.
        ("2025-04", []),
        ("", []),
    ],
)
def test_days_at_a_place_lie_within_those_of_the_event(
    editor_client: Client, days: str, said: list[str]
) -> None:
    event = make.an_event(place=make.a_place())
    assert errors(changed(editor_client, event, place_links__0__days=days)) == said


def test_date_that_leaves_days_outside_is_refused_and_a_step_is_not(editor_client: Client) -> None:
    event = make.an_event(place=make.a_place())
    event.place_links.update(days="2025-04-03")
    assert errors(changed(editor_client, event, date="2025-04-05")) == [OUTSIDE]
    events.change(event=event, on="2025-04-04", state=EventState.HELD, date="2025-04-05")
    # What an editor did not touch stays as it is, and is flagged where readers see it.
    assert errors(changed(editor_client, event, title_en="Other")) == []
    (link,) = event.place_links.all()
    event.refresh_from_db()
    assert (event.title_en, link.lies_outside(event.date)) == ("Other", True)


def test_place_given_twice_on_the_same_days_is_refused(editor_client: Client) -> None:
    event, place = make.an_event(), make.a_place()
    form = opened(editor_client, page_of(event), "event")
    for _ in range(2):
        with_row(form, "place_links", place=place, days="2025-04-03", position=0)
    assert errors(editor_client.post(page_of(event), form)) == [
        "The event already has this place on these days; write other days or another venue."
    ]
    assert stays(event) == []


def with_somebody(parties: dict[str, Party]) -> Event:
    event = make.an_event(host=parties["ru"])
    Attendance.objects.create(event=event, person=make.a_person(), party=parties["ru"])
    return event


def test_party_and_its_attendance_are_replaced_in_one_go(editor_client: Client) -> None:
    parties = alliance()
    event = with_somebody(parties)
    response = changed(
        editor_client,
        event,
        participations__0__party=parties["ml"],
        attendances__0__party=parties["ml"],
    )
    assert errors(response) == []
    assert list(event.involvements.values_list("party__code", flat=True)) == ["ml"]
    assert event.attendances.get().party == parties["ml"]


def test_party_and_its_attendance_go_in_one_go(editor_client: Client) -> None:
    event = with_somebody(alliance())
    response = changed(
        editor_client, event, participations__0__DELETE="on", attendances__0__DELETE="on"
    )
    assert errors(response) == []
    assert (event.involvements.count(), event.attendances.count()) == (0, 0)


def test_party_that_somebody_attended_for_cannot_go_alone(editor_client: Client) -> None:
    event = with_somebody(alliance())
    response = changed(editor_client, event, participations__0__DELETE="on")
    assert len(errors(response)) == 1
    assert event.participations.count() == 1


def test_date_that_would_leave_somebody_alone_is_refused(editor_client: Client) -> None:
    parties = alliance()
    event = make.an_event(parties=(parties["aes"],))
    Attendance.objects.create(event=event, person=make.a_person(), party=parties["ml"])
    response = changed(editor_client, event, date="2020")
    assert len(errors(response)) == 1
    event.refresh_from_db()
    assert event.date.text == "2025-04-03"


def test_saving_leaves_nothing_to_rebuild(editor_client: Client) -> None:
    parties = alliance()
    event = make.an_event(parties=(parties["aes"],))
    changed(editor_client, event, date="2020")
    assert list(event.involvements.values_list("party__code", flat=True)) == ["aes"]
    assert list(differing()) == []


def test_step_changes_the_event_and_is_not_edited_afterwards(editor_client: Client) -> None:
    event = make.an_event(state="planned", date="2025-04")
    form = opened(editor_client, page_of(event), "event")
    with_row(form, "steps", on="2025-03-30", state="postponed", date="2025-05", note_en="Late.")
    response = editor_client.post(page_of(event), form, follow=True)
    assert errors(response) == []
    event.refresh_from_db()
    assert (event.state, event.date.text) == ("postponed", "2025-05")
    step = EventStep.objects.get()
    assert (step.previous_state, step.previous_date.text, step.entry) == ("planned", "2025-04", 1)
    again = opened(editor_client, page_of(event), "event")
    assert [key for key in again if key.startswith("steps-0-")] == ["steps-0-id", "steps-0-event"]
    again["steps-0-state"], again["steps-0-DELETE"] = ["held"], ["on"]
    editor_client.post(page_of(event), again)
    step.refresh_from_db()
    assert step.state == "postponed"


def test_event_lists_its_commitments_with_a_form_for_each(editor_client: Client) -> None:
    event = make.an_event()
    commitment = make.a_commitment(event)
    page = editor_client.get(page_of(event)).content.decode()
    assert f'href="{page_of(commitment)}"' in page
    assert f'href="/admin/timeline/commitment/add/?event={event.pk}"' in page


def test_draft_with_people_is_deleted_with_all_its_parts(editor_client: Client) -> None:
    event = with_somebody(alliance())
    editor_client.post(page_of(event, "delete"), {"post": "yes"})
    assert Event.objects.count() == Attendance.objects.count() == Involvement.objects.count() == 0


def test_drafts_chosen_on_the_list_are_deleted(editor_client: Client) -> None:
    event = with_somebody(alliance())
    action = {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"}
    editor_client.post("/admin/timeline/event/", action)
    assert Event.objects.count() == 0


def test_parts_of_an_event_are_cited_on_their_own_page(editor_client: Client) -> None:
    event = with_somebody(alliance())
    attendance = event.attendances.get()
    assert f'href="{page_of(attendance)}"' in editor_client.get(page_of(event)).content.decode()
    form = opened(editor_client, page_of(attendance), "attendance")
    with_row(
        form, "citations", source=make.a_source(), field="role", stance="stated", confidence="high"
    )
    assert errors(editor_client.post(page_of(attendance), form, follow=True)) == []
    assert Citation.objects.get().attendance == attendance
    assert editor_client.post(page_of(attendance, "delete"), {"post": "yes"}).status_code == 403


# Follow-ups


def follow_up(editor_client: Client, **of: object) -> tuple[dict[str, list[str]], list[str]]:
    parameters = {
        f"follow_up_{kind}": str(getattr(record, "pk", record)) for kind, record in of.items()
    }
    response = editor_client.get(ADD, parameters)
    return typed(response, "event"), messages(response)


def rows(form: dict[str, list[str]], prefix: str, *names: str) -> list[tuple[str, ...]]:
    total = int(form[f"{prefix}-TOTAL_FORMS"][0])
    return [tuple(form[f"{prefix}-{i}-{name}"][0] for name in names) for i in range(total)]


def regular_session(parties: dict[str, Party], **values: Any) -> tuple[Any, Event]:
    framework = make.a_framework(parties["ru"], parties["aes"], publication="published", **values)
    event = make.an_event(
        host=parties["ru"],
        parties=(parties["aes"],),
        framework=framework,
        takes_turn=True,
        publication="published",
        kind="consultation",
        date="2999-04-03",
        state="held",
    )
    event.sector_links.create(sector=make.a_sector())
    return framework, event


def test_follow_up_opens_filled_in(editor_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    set_today(monkeypatch, dt.date(2999, 6, 1))
    parties = alliance()
    framework, event = regular_session(parties, cadence_months=12)
    for kind, record in (("event", event), ("framework", framework)):
        form, remarks = follow_up(editor_client, **{kind: record})
        assert form["date"] == ["3000-04"]
        assert form["state"] == ["planned"]
        assert form["kind"] == ["consultation"]
        assert form["framework"] == [str(framework.pk)]
        assert form["follows"] == [str(event.pk)]
        assert form["takes_turn"] == ["on"]
        assert form["about"] == [str(event.sector_links.get().sector_id)]
        assert rows(form, "participations", "party", "role") == [
            ("", "host"),
            (str(parties["ru"].pk), "participant"),
            (str(parties["aes"].pk), "participant"),
        ]
        assert len(remarks) == 2
    assert errors(editor_client.post(ADD, form, follow=True)) == []
    planned = Event.objects.exclude(pk=event.pk).get()
    assert (planned.publication, planned.follows, planned.state) == ("draft", event, "planned")
    assert list(planned.sectors.values_list("slug", flat=True)) == ["trade"]


def test_follow_up_without_cadence_proposes_a_year_and_says_so(editor_client: Client) -> None:
    _framework, event = regular_session(alliance())
    form, remarks = follow_up(editor_client, event=event)
    assert form["date"] == ["3000"]
    assert remarks[0] == "No source states a cadence, so the year 3000 is a guess: change it."


@pytest.mark.parametrize("host", ["ml", "bf", ""])
def test_follow_up_hosted_by_a_member_is_found_for_all_members(
    editor_client: Client, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bloc takes part together with the member that hosts for it, as at the founding session."""
    set_today(monkeypatch, dt.date(2999, 6, 1))
    parties = alliance()
    framework, event = regular_session(parties, cadence_months=12)
    form, _told = follow_up(editor_client, framework=framework)
    if host:
        form["participations-0-party"] = [str(parties[host].pk)]
    address = f"{ADD}?follow_up_framework={framework.pk}"
    assert errors(editor_client.post(address, form, follow=True)) == []
    planned = Event.objects.exclude(pk=event.pk).get()
    roles = planned.participations.order_by("pk").values_list("party__code", "role")
    assert list(roles) == [
        *([(host, "host")] if host else []),
        ("ru", "participant"),
        ("aes", "participant"),
    ]
    Event.objects.filter(pk=planned.pk).update(publication="published")
    for code in ("ml", "bf", "ne", "aes", "ru"):
        page = editor_client.get(f"/en/?party={code}").content.decode()
        assert f"/en/events/{planned.slug}/" in page


def test_follow_up_of_a_state_that_is_due_names_it_as_host(editor_client: Client) -> None:
    ru, ml = make.a_state("ru"), make.a_state("ml")
    framework = make.a_framework(ml, ru, publication="published")
    form, _told = follow_up(editor_client, framework=framework)
    assert rows(form, "participations", "party", "role") == [
        (str(ml.pk), "host"),
        (str(ru.pk), "participant"),
    ]


def test_follow_up_on_a_past_date_proposes_who_could_host_then(
    editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_today(monkeypatch, dt.date(2026, 11, 1))
    ru, ecowas = make.a_state("ru"), make.a_bloc("ecowas")
    make.a_membership(make.a_state("ml"), ecowas, "1975-05-28", "2025-01-29")
    make.a_membership(make.a_state("sn"), ecowas, "1975-05-28")
    make.a_membership(make.a_state("tg"), ecowas, "2024-01-01")
    framework = make.a_framework(ru, ecowas, cadence_months=6, publication="published")
    first = make.an_event(
        host=ru,
        parties=(ecowas,),
        framework=framework,
        takes_turn=True,
        publication="published",
        date="2023-02-10",
    )
    response = editor_client.get(ADD, {"follow_up_event": first.pk})
    (about_date, candidates) = messages(response)
    assert "which is past" in about_date
    assert candidates.startswith("The host may be one of SN, TG:")
    (link,) = tree(response).xpath("//ul[contains(@class,'messagelist')]//a/@href")
    response = editor_client.get(link)
    assert [message for message in messages(response) if "host may be" in message] == [
        "The host may be one of ML, SN: name the one that a source names."
    ]
    form = typed(response, "event")
    assert (form["date"], form["state"]) == (["2023-08"], ["held"])
    for unreadable in ("x", "", "2023-13"):
        form, _told = follow_up(editor_client, event=first, date=unreadable)
        assert form["state"] == ["planned"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"cadence_months": 6}, "It meets every 6 months but has not met yet, so the year"),
        ({}, "No source states a cadence, so the year"),
        ({"cadence_months": 6, "ended": "2020"}, "The framework has ended, so no session"),
    ],
)
def test_follow_up_says_why_it_knows_no_window(
    editor_client: Client, values: dict[str, Any], sentence: str
) -> None:
    framework = make.a_framework(make.a_state("ru"), make.a_state("ml"), **values)
    _form, remarks = follow_up(editor_client, framework=framework)
    assert len(remarks) == 1
    assert remarks[0].startswith(sentence)


def test_follow_up_of_an_event_of_no_framework_keeps_its_parties(editor_client: Client) -> None:
    ru, ml = make.a_state("ru"), make.a_state("ml")
    event = make.an_event(host=ru, parties=(ml,))
    form, _told = follow_up(editor_client, event=event)
    assert (form["framework"], form.get("takes_turn")) == ([""], None)
    assert rows(form, "participations", "party", "role") == [
        (str(ru.pk), "participant"),
        (str(ml.pk), "participant"),
    ]


@pytest.mark.parametrize("key", ["x", "", "9" * 30, "999", "-1", "١"])
def test_follow_up_of_nothing_opens_an_empty_form(editor_client: Client, key: str) -> None:
    form, remarks = follow_up(editor_client, event=key, framework=key)
    assert (form["date"], remarks) == ([""], [])


# Commitments


def test_commitment_opens_with_its_event_parties_and_source(editor_client: Client) -> None:
    ru = make.a_state("ru")
    event = make.an_event(parties=(ru,))
    source = make.a_source()
    Citation.objects.create(event=event, source=source)
    address = f"/admin/timeline/commitment/add/?event={event.pk}"
    form = opened(editor_client, address, "commitment")
    assert form["event"] == [str(event.pk)]
    assert rows(form, "party_links", "party", "role") == [(str(ru.pk), "obligor")]
    assert rows(form, "citations", "source") == [(str(source.pk),)]
    fill(form, title_en="Equip the force", first_status="agreed")
    assert errors(editor_client.post(address, form, follow=True)) == []
    commitment = Commitment.objects.get()
    step = commitment.updates.get()
    assert (step.status, step.date.text, step.event) == ("agreed", "2025-04-03", event)
    assert step.citations.get().source == source
    assert commitment.party_links.get().party == ru


@pytest.mark.parametrize("key", ["x", "999", "9" * 30, "-1"])
def test_commitment_of_an_event_that_is_not_there_opens_empty(
    editor_client: Client, key: str
) -> None:
    assert editor_client.get(f"/admin/timeline/commitment/add/?event={key}").status_code == 200


def test_updates_are_added_corrected_and_never_edited(editor_client: Client) -> None:
    commitment = make.a_commitment(make.an_event())
    first = commitment.updates.get()
    form = opened(editor_client, page_of(commitment), "commitment")
    with_row(form, "updates", date="2025-06", status="stalled", corrects=first)
    assert errors(editor_client.post(page_of(commitment), form, follow=True)) == []
    last = commitment.updates.latest("entry")
    assert (last.entry, last.status, last.corrects) == (2, "stalled", first)
    form = opened(editor_client, page_of(commitment), "commitment")
    form["updates-0-status"], form["updates-0-DELETE"] = ["broken"], ["on"]
    assert errors(editor_client.post(page_of(commitment), form, follow=True)) == []
    assert list(commitment.updates.values_list("status", flat=True)) == ["announced", "stalled"]
    assert editor_client.post(page_of(last, "delete"), {"post": "yes"}).status_code == 403


def test_update_of_another_commitment_cannot_be_corrected(editor_client: Client) -> None:
    commitment, other = make.a_commitment(make.an_event()), make.a_commitment(make.an_event())
    form = opened(editor_client, page_of(commitment), "commitment")
    with_row(form, "updates", date="2025-06", status="stalled", corrects=other.updates.get())
    response = editor_client.post(page_of(commitment), form)
    assert len(errors(response)) == 1
    assert StatusUpdate.objects.count() == 2


def test_update_before_the_event_is_refused(editor_client: Client) -> None:
    commitment = make.a_commitment(make.an_event())
    form = opened(editor_client, page_of(commitment), "commitment")
    with_row(form, "updates", date="2024", status="agreed")
    assert errors(editor_client.post(page_of(commitment), form)) == [
        "This update is dated before the day on which the commitment was made."
    ]


def test_person_renamed_is_found_by_the_new_name(editor_client: Client) -> None:
    event = with_somebody(alliance())
    person = Person.objects.get()
    form = fill(opened(editor_client, page_of(person), "person"), name_en="Sergey Viktorovich")
    assert errors(editor_client.post(page_of(person), form, follow=True)) == []
    event.refresh_from_db()
    assert " sergey viktorovich " in event.folded_text


def test_list_by_year_takes_no_vague_date_for_its_first_day(editor_client: Client) -> None:
    make.an_event(title_en="Day", date="2025-04-03")
    make.an_event(title_en="Decade", date="202X")
    make.an_event(title_en="Later", date="2027")
    for year, titles in (("2025", {"Day", "Decade"}), ("2027", {"Decade", "Later"})):
        page = tree(editor_client.get(f"/admin/timeline/event/?year={year}"))
        shown = page.xpath("//th[contains(@class,'field-title_shown')]//a/text()")
        assert set(shown) == titles
    assert tree(editor_client.get("/admin/timeline/event/?year=soon")).xpath(
        "//*[@id='result_list']"
    )


@pytest.mark.parametrize("noun", ["commitment", "framework", "membership", "party", "source"])
def test_every_list_of_dated_records_is_narrowed_by_year(editor_client: Client, noun: str) -> None:
    assert editor_client.get(f"/admin/timeline/{noun}/?year=2025").status_code == 200
