"""With review required, only an administrator changes public records alone, by any form."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.test import Client
from pytest_django import Settings

from tests import factories as make
from tests.admin.desks import an_editor, as_user
from tests.admin.forms import errors, fill, messages, opened, with_row
from tests.admin.test_events import page_of
from timeline.fields import EDTFField
from timeline.models import (
    Attendance,
    Citation,
    Correction,
    Event,
    EventStep,
    HostOrder,
    Identity,
    Membership,
    Office,
    PartyName,
    Person,
    PersonName,
    Place,
    Source,
    Statement,
    Succession,
)

pytestmark = pytest.mark.django_db

REFUSED = "While review is required, only an administrator changes what is public"

WRITTEN = [
    model
    for model, page in admin.site._registry.items()
    if model._meta.app_label == "timeline" and model.__name__ != "ErrorReport"
]
"""Every record and part of one that has a form."""


@pytest.fixture(autouse=True)
def review(settings: Settings) -> None:
    settings.REVIEW_REQUIRED = True


@pytest.fixture
def public(db: None) -> dict[type[models.Model], Any]:
    """A public row of each model: part of a published record, or used by one."""
    ru, ml, aes = make.a_state("ru"), make.a_state("ml"), make.a_bloc("aes")
    membership = make.a_membership(ml, aes)
    remark = membership.remarks.create(kind="joining_announced", date="2023")
    sector, place = make.a_sector(), make.a_place(party=ru)
    shown = {"publication": "published", "published_at": "2025-05-01T00:00Z"}
    framework = make.a_framework(ru, aes, ml, **shown)
    event = make.an_event(host=ru, parties=(aes,), place=place, framework=framework, **shown)
    event.sector_links.create(sector=sector)
    person = make.a_person()
    office = Office.objects.create(person=person, party=ru, title_en="Minister")
    PersonName.objects.create(person=person, name="Lavroff", language="fr")
    of_person = {"event": event, "person": person, "party": ru, "office": office}
    Office.objects.create(person=person, party=ru, title_en="Ambassador", starts="1990")
    attendance = Attendance.objects.create(**of_person)
    statement = Statement.objects.create(**of_person, language="fr", text="Oui.")
    step = EventStep.objects.create(
        event=event,
        entry=1,
        on="2025-04-01",
        state="held",
        date="2025-04-03",
        previous_state="planned",
        previous_date="2025-04",
    )
    name = PartyName.objects.create(party=ru, name="Russie", language="fr", kind="short")
    Succession.objects.create(party=ru, predecessor=make.a_state("xu"))
    commitment = make.a_commitment(event, **shown)
    commitment.party_links.create(party=ru, role="obligor")
    side = framework.sides.get(party=aes)
    HostOrder.objects.create(side=side, party=ml, position=1)
    text = make.a_text(ru, aes, ml, **shown)
    source = make.a_source()
    Citation.objects.create(source=source, event=event)
    correction = Correction.objects.create(event=event, made_on="2025-05-02", text_en="Wrong day.")
    rows: tuple[Any, ...] = (
        *(membership, sector, place, framework, event, person, office, attendance, statement),
        *(step, name, commitment, side, source, correction, ru, event.participations.first()),
        *(remark, commitment.updates.get(), text, make.a_step(text, "signed", ru)),
        Identity.objects.create(name_en="Register"),
    )
    by_model: dict[type[models.Model], Any] = {}
    for row in rows:
        by_model[type(row)] = row
    return by_model


def the_record() -> dict[str, list[Any]]:
    """Return the content of all tables of the application."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in apps.get_app_config("timeline").get_models()
    }


def test_every_form_has_a_public_row_to_try(public: dict[type[models.Model], Any]) -> None:
    assert set(WRITTEN) == set(public)


def typed_otherwise(model: type[models.Model], form: dict[str, list[str]]) -> str | None:
    """Change the first text of a form; return None if it has no text."""
    for column in model._meta.fields:
        free = isinstance(column, models.CharField | models.TextField) and not column.choices
        if (
            free
            and not isinstance(column, EDTFField)
            and column.name != "code"
            and form.get(column.name, [""])[0]
        ):
            form[column.name] = [form[column.name][0] + "x"]
            return column.name
    return None


@pytest.mark.parametrize("model", WRITTEN)
def test_form_of_what_is_public_is_refused_and_keeps_what_was_typed(
    editor_client: Client, public: dict[type[models.Model], Any], model: type[models.Model]
) -> None:
    address, kind = page_of(public[model]), str(model._meta.model_name)
    form = opened(editor_client, address, kind)
    name = typed_otherwise(model, form)
    if name is None:
        source = make.a_source(no_archive_reason_en="Not archived.")
        if model is Membership:
            name = "starts"
            form[name] = ["2022"]
        elif model.__name__ == "Side":
            name = "host_order-0-DELETE"
            form[name] = ["on"]
        else:
            row = with_row(form, "citations", source=source, stance="stated", confidence="high")
            name = f"citations-{row}-source"
    before = the_record()
    response = editor_client.post(address, form)
    assert the_record() == before
    (error,) = errors(response)
    assert REFUSED in error
    again = response.content.decode()
    assert form[name][0] in again
    assert "Readers see this record: while review is required" in again


INLINES = [
    (model, inline.model)
    for model in WRITTEN
    for inline in admin.site._registry[model].inlines
    if not hasattr(inline, "evidence")
]


def test_refusal_names_the_record_as_readers_see_it(
    editor_client: Client, public: dict[type[models.Model], Any]
) -> None:
    event = public[Event]
    form = fill(opened(editor_client, page_of(event), "event"), title_en="Nobody reads this yet")
    (error,) = errors(editor_client.post(page_of(event), form))
    assert f"Readers see “{event}”" in error


@pytest.mark.parametrize(("model", "part"), INLINES)
def test_rows_of_what_is_public_are_not_taken_out(
    editor_client: Client,
    public: dict[type[models.Model], Any],
    model: type[models.Model],
    part: type[models.Model],
) -> None:
    owner = public[model]
    if part is Citation and not owner.citations.exists():
        key = {
            "eventstep": "event_step",
            "instrumentstep": "instrument_step",
            "statusupdate": "status_update",
            "partyname": "party_name",
            "membershipremark": "membership_remark",
        }
        kind = str(model._meta.model_name)
        Citation.objects.create(source=make.a_source(), **{key.get(kind, kind): owner})
    form = opened(editor_client, page_of(owner), str(model._meta.model_name))
    (column,) = [
        field for field in part._meta.fields if field.is_relation and field.related_model is model
    ][:1]
    assert column.remote_field is not None
    prefix = column.remote_field.get_accessor_name()
    last = int(form[f"{prefix}-INITIAL_FORMS"][0]) - 1
    form[f"{prefix}-{last}-DELETE"] = ["on"]
    before = the_record()
    response = editor_client.post(page_of(owner), form)
    assert the_record() == before
    if model._meta.model_name in ("eventstep", "statusupdate", "instrumentstep"):
        return  # sources of a step are never deleted, with review or without
    assert [REFUSED in error for error in errors(response)] == [True], errors(response)


@pytest.mark.parametrize("model", WRITTEN)
@pytest.mark.parametrize("by", ["page", "list"])
def test_what_is_public_is_not_deleted(
    editor_client: Client, public: dict[type[models.Model], Any], model: type[models.Model], by: str
) -> None:
    row, before = public[model], the_record()
    if by == "page":
        response = editor_client.post(page_of(row, "delete"), {"post": "yes"}, follow=True)
    else:
        action = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        listed = f"/admin/timeline/{model._meta.model_name}/"
        response = editor_client.post(listed, action, follow=True)
    assert the_record() == before
    if model in (Membership, Correction):
        assert [REFUSED in message for message in messages(response)] == [True]


@pytest.mark.parametrize("kind", ["event", "commitment", "framework", "instrument"])
def test_published_record_is_not_withdrawn_by_an_editor_alone(
    editor_client: Client, public: dict[type[models.Model], Any], kind: str
) -> None:
    row = next(row for model, row in public.items() if model._meta.model_name == kind)
    reason = {"withdraw": "yes", "reason_en": "Wrong."}
    (error,) = errors(editor_client.post(page_of(row, "withdraw"), reason))
    assert REFUSED in error
    listed = {**reason, "action": "withdraw_chosen", "_selected_action": [row.pk]}
    (error,) = errors(editor_client.post(f"/admin/timeline/{kind}/", listed))
    assert REFUSED in error
    row.refresh_from_db()
    assert row.publication == "published"


def test_membership_of_a_public_party_is_not_added(
    editor_client: Client, public: dict[type[models.Model], Any]
) -> None:
    bloc = make.a_bloc("au")
    form = opened(editor_client, "/admin/timeline/membership/add/", "membership")
    fill(form, party=public[Membership].party, bloc=bloc, starts="2020")
    before = the_record()
    (error,) = errors(editor_client.post("/admin/timeline/membership/add/", form))
    assert REFUSED in error
    assert the_record() == before


def test_correction_of_a_published_record_is_not_added(
    editor_client: Client, public: dict[type[models.Model], Any]
) -> None:
    form = opened(editor_client, "/admin/timeline/correction/add/", "correction")
    fill(form, event=public[Event], text_en="It was a Thursday.")
    (error,) = errors(editor_client.post("/admin/timeline/correction/add/", form))
    assert REFUSED in error
    assert Correction.objects.count() == 1


def test_status_of_a_published_commitment_is_not_declared(
    editor_client: Client, public: dict[type[models.Model], Any]
) -> None:
    commitment = public[Event].commitments.get()
    form = opened(editor_client, page_of(commitment), "commitment")
    source = public[Source]
    with_row(form, "updates", date="2025-06", status="broken", source=source, stance="stated")
    (error,) = errors(editor_client.post(page_of(commitment), form))
    assert REFUSED in error
    assert commitment.updates.count() == 1


def test_address_of_a_withdrawn_record_is_not_moved(
    editor_client: Client, public: dict[type[models.Model], Any]
) -> None:
    event = public[Event]
    Event.objects.update(publication="withdrawn", withdrawn_reason_en="Wrong.")
    form = fill(opened(editor_client, page_of(event), "event"), slug="elsewhere")
    (error,) = errors(editor_client.post(page_of(event), form))
    assert REFUSED in error
    form = fill(opened(editor_client, page_of(event), "event"), title_en="Otherwise")
    assert errors(editor_client.post(page_of(event), form, follow=True)) == []


def test_administrator_changes_what_is_public(
    admin_user: User, public: dict[type[models.Model], Any]
) -> None:
    editor_client, event = as_user(admin_user), public[Event]
    form = fill(opened(editor_client, page_of(event), "event"), title_en="Otherwise")
    assert errors(editor_client.post(page_of(event), form, follow=True)) == []
    event.refresh_from_db()
    assert event.title_en == "Otherwise"


def test_drafts_and_what_only_they_use_stay_the_editors(editor_client: Client) -> None:
    person, place, source, sector = (
        make.a_person(),
        make.a_place(),
        make.a_source(),
        make.a_sector(),
    )
    ml = make.a_state("ml")
    event = make.an_event(parties=(ml,), place=place)
    event.sector_links.create(sector=sector)
    attendance = Attendance.objects.create(event=event, person=person, party=ml)
    Citation.objects.create(attendance=attendance, source=source)
    for row, column in (
        *((person, "name_en"), (place, "name_en"), (source, "title"), (sector, "name_en")),
        *((ml, "name_en"), (event, "title_en")),
    ):
        form = fill(
            opened(editor_client, page_of(row), str(row._meta.model_name)), **{column: "Otherwise"}
        )
        assert errors(editor_client.post(page_of(row), form, follow=True)) == []
        row.refresh_from_db()
        assert getattr(row, column) == "Otherwise"
    for model in (Attendance, Person, Place):
        assert model._default_manager.count() == 1
    editor_client.post(page_of(event, "delete"), {"post": "yes"})
    assert not Event.objects.exists()


# Publishing


def save(editor_client: Client, event: Event, **typed: Any) -> None:
    form = fill(opened(editor_client, page_of(event), "event"), **typed)
    assert errors(editor_client.post(page_of(event), form, follow=True)) == []


def published(editor_client: Client, event: Event) -> bool:
    """Try to publish an event by its form, then by the list."""
    Citation.objects.get_or_create(event=event, source=Source.objects.first() or make.a_source())
    form = opened(editor_client, page_of(event), "event")
    editor_client.post(page_of(event), {**form, "_publish": "1"})
    chosen = {"_selected_action": [event.pk], "action": "publish_chosen"}
    editor_client.post("/admin/timeline/event/", chosen)
    event.refresh_from_db()
    return event.publication == "published"


def test_last_touch_of_another_frees_nobody_to_publish_their_own(
    editor_client: Client, colleague_client: Client
) -> None:
    event = make.an_event()
    save(editor_client, event, summary_en="All that it says")
    save(colleague_client, event, summary_en="All that it says.")
    assert not published(editor_client, event)
    assert not published(colleague_client, event)
    assert published(as_user(an_editor("third")), event)


def test_rows_count_as_written_even_those_taken_out(
    editor_client: Client, colleague_client: Client
) -> None:
    event = make.an_event(parties=(make.a_state("ru"),))
    form = opened(editor_client, page_of(event), "event")
    form["participations-0-DELETE"] = ["on"]
    editor_client.post(page_of(event), form)
    save(colleague_client, event, summary_en="All that it says.")
    assert not published(editor_client, event)


def test_citation_of_a_part_counts_as_written(
    editor_client: Client, colleague_client: Client
) -> None:
    event = make.an_event(parties=(make.a_state("ru"),))
    part = event.participations.get()
    form = opened(editor_client, page_of(part), "participation")
    with_row(form, "citations", source=make.a_source(), stance="stated", confidence="high")
    assert errors(editor_client.post(page_of(part), form, follow=True)) == []
    assert not published(editor_client, event)
    assert published(colleague_client, event)


def test_who_only_sent_to_review_wrote_nothing(
    editor_client: Client, colleague_client: Client
) -> None:
    event = make.an_event()
    save(editor_client, event, summary_en="All that it says.")
    form = opened(colleague_client, page_of(event), "event")
    colleague_client.post(page_of(event), {**form, "_review": "1"})
    assert published(colleague_client, event)


def test_what_was_approved_before_counts_no_more(
    admin_user: User, editor_client: Client, colleague_client: Client
) -> None:
    event = make.an_event()
    save(editor_client, event, summary_en="All that it says.")
    assert published(colleague_client, event)
    head = as_user(admin_user)
    head.post(page_of(event, "withdraw"), {"withdraw": "yes", "reason_en": "Wrong."})
    save(colleague_client, event, summary_en="What it should say.")
    assert not published(colleague_client, event)
    assert published(editor_client, event)
