"""Texts that editors type are escaped on every page of the admin."""

from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.admin.test_events import page_of
from tests.admin.test_pages import LISTED
from timeline.core.citable import FIELDS
from timeline.models import (
    Attendance,
    Citation,
    CommitmentParty,
    Correction,
    ErrorReport,
    Office,
    PartyName,
    PersonName,
    Statement,
    StatusUpdate,
)

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
SHORT = ("code", "slug", "dac_code", "language", "excerpt_language", "field")


def spoiled(record: Any) -> Any:
    """Return a row with a script in each text that editors type."""
    for field in record._meta.concrete_fields:
        is_text = type(field) in (models.CharField, models.TextField)
        if is_text and field.editable and not field.choices and field.name not in SHORT:
            setattr(record, field.name, SCRIPT[: field.max_length])
    record.save()
    return record


@pytest.fixture
def records(db: None) -> list[Any]:
    state, bloc = spoiled(make.a_state("ml")), spoiled(make.a_bloc("aes"))
    held = make.a_membership(state, bloc)
    place = spoiled(make.a_place(party=state))
    person, sector = spoiled(make.a_person()), spoiled(make.a_sector())
    source = spoiled(make.a_source(speaks_for=state))
    spoiled(PersonName(person=person, language="ru"))
    name = spoiled(PartyName(party=bloc, language="fr", kind="official"))
    office = spoiled(Office(person=person, party=state))
    framework = spoiled(make.a_framework(state, bloc))
    event = spoiled(make.an_event(parties=(state, bloc), place=place, framework=framework))
    event.sector_links.create(sector=sector)
    attendance = Attendance.objects.create(event=event, person=person, party=state, office=office)
    statement = spoiled(Statement(event=event, person=person, office=office, language="fr"))
    text = spoiled(make.a_text(state, bloc))
    commitment = spoiled(make.a_commitment(event, instrument=text))
    CommitmentParty.objects.create(commitment=commitment, party=state)
    update = spoiled(StatusUpdate(commitment=commitment, date="2025-05", entry=2, status="agreed"))
    for target, cited in (
        *(("event", event), ("statement", statement), ("status_update", update)),
        *(("party", bloc), ("party_name", name), ("framework", framework), ("place", place)),
    ):
        spoiled(Citation(source=source, field=FIELDS[target][0], **{target: cited}))
    correction = spoiled(Correction(event=event, made_on="2025-04-03"))
    report = spoiled(ErrorReport())
    return [
        *(state, bloc, held, place, person, sector, source, framework, event, commitment),
        *(correction, report, attendance, statement, update, name, office),
    ]


def shown_as_text(page: str) -> bool:
    assert SCRIPT not in page
    return "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_text_of_editors_is_text_on_every_form(editor_client: Client, records: list[Any]) -> None:
    for record in records:
        assert shown_as_text(editor_client.get(page_of(record)).content.decode()), (
            record._meta.model_name
        )


def test_text_of_editors_is_text_on_every_list(editor_client: Client, records: list[Any]) -> None:
    for model in LISTED:
        address = reverse(f"admin:timeline_{model}_changelist")
        assert shown_as_text(editor_client.get(address).content.decode()), model


def test_text_of_editors_is_text_on_the_other_pages(
    editor_client: Client, records: list[Any]
) -> None:
    for record in records:
        model = record._meta.model_name
        pages = ["delete"]
        if model in ("event", "commitment", "framework"):
            pages += ["withdraw", "preview", "history"]
        for page in pages if model in LISTED else ():
            assert shown_as_text(editor_client.get(page_of(record, page)).content.decode()), (
                model,
                page,
            )


def test_text_of_editors_is_text_where_a_form_is_filled_in(
    editor_client: Client, records: list[Any]
) -> None:
    keys = {record._meta.model_name: record.pk for record in records}
    for address in (
        f"/admin/timeline/event/add/?follow_up_event={keys['event']}",
        f"/admin/timeline/event/add/?follow_up_framework={keys['framework']}",
        f"/admin/timeline/commitment/add/?event={keys['event']}",
    ):
        assert shown_as_text(editor_client.get(address).content.decode())
