"""Commitments in the admin: steps are only added, and impossible dates are refused."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.admin.desks import as_user
from tests.admin.forms import errors, fill, messages, opened, with_row
from tests.clock import set_today
from tests.parsed_page import TODAY
from timeline.actions import publication
from timeline.actions.commitments import record_update
from timeline.core.codes import CommitmentStatus, EventState
from timeline.models import (
    Commitment,
    Event,
    EventStep,
    Framework,
    Participation,
    Party,
    StatusUpdate,
)

pytestmark = pytest.mark.django_db


def address(record: Any, page: str = "change") -> str:
    return reverse(f"admin:timeline_{record._meta.model_name}_{page}", args=[record.pk])


@pytest.fixture
def promise() -> Commitment:
    return make.a_commitment(make.an_event(date="2025-04-03"), title_en="Promise")


@pytest.fixture
def superuser_client(db: None) -> Client:
    """The browser of a superuser."""
    return as_user(User.objects.create_superuser("root", password="a long word"))


@pytest.mark.parametrize("due", ["2025-04-02", "2024", "2025-03"])
def test_due_date_before_it_was_made_is_refused_and_kept_as_typed(
    editor_client: Client, promise: Commitment, due: str
) -> None:
    form = opened(editor_client, address(promise), "commitment")
    response = editor_client.post(address(promise), fill(form, due=due))
    assert "This is due before the day on which it was promised." in errors(response)
    assert due in response.content.decode()
    promise.refresh_from_db()
    assert promise.due is None


@pytest.mark.parametrize("due", ["2025-04-03", "2025", "2025-04", "2026-01-01"])
def test_due_date_that_may_be_after_the_event_is_taken(
    editor_client: Client, promise: Commitment, due: str
) -> None:
    form = opened(editor_client, address(promise), "commitment")
    assert editor_client.post(address(promise), fill(form, due=due)).status_code == 302
    promise.refresh_from_db()
    assert promise.due is not None
    assert promise.due.text == due


@pytest.mark.parametrize(
    ("date", "is_accepted"), [("2025-04-02", False), ("2024", False), ("2025", True)]
)
def test_update_is_refused_only_where_it_is_surely_before_the_event(
    editor_client: Client, promise: Commitment, date: str, is_accepted: bool
) -> None:
    form = opened(editor_client, address(promise), "commitment")
    with_row(form, "updates", date=date, status="in_progress")
    response = editor_client.post(address(promise), form)
    assert promise.updates.count() == (2 if is_accepted else 1)
    if not is_accepted:
        assert "This update is dated before the day on which the commitment was made." in errors(
            response
        )


def test_update_offers_only_this_commitments_steps_to_correct(
    editor_client: Client, promise: Commitment
) -> None:
    other = make.a_commitment(make.an_event())
    form = opened(editor_client, address(promise), "commitment")
    first = promise.updates.get()
    with_row(form, "updates", date="2025-05-01", status="agreed", corrects=other.updates.get())
    response = editor_client.post(address(promise), form)
    assert errors(response) != []
    with_row(form, "updates", date="2025-05-01", status="agreed", corrects=first)
    form = opened(editor_client, address(promise), "commitment")
    with_row(form, "updates", date="2025-05-01", status="agreed", corrects=first)
    assert editor_client.post(address(promise), form).status_code == 302
    assert [update.corrects for update in promise.updates.order_by("entry")] == [None, first]


def test_step_of_an_event_without_a_date_is_refused_at_its_row(editor_client: Client) -> None:
    event = make.an_event(state="planned", date="2026-12")
    form = opened(editor_client, address(event), "event")
    with_row(form, "steps", on="soon", state="postponed", date="2027")
    response = editor_client.post(address(event), form)
    assert any("This is not a date that can be read." in error for error in errors(response))
    assert event.steps.count() == 0


def test_nobody_edits_or_deletes_a_step_not_even_who_may_do_all(
    superuser_client: Client, promise: Commitment
) -> None:
    publication.publish(record=promise.event)
    publication.publish(record=promise)
    event = promise.event
    from timeline.actions import events

    events.change(event=event, on="2025-04-04", state=EventState.HELD, date="2025-04-03")
    for step, owner in ((promise.updates.get(), promise), (event.steps.get(), event)):
        stored = type(step).objects.filter(pk=step.pk).values().get()
        prefix = "updates" if owner is promise else "steps"
        form = opened(superuser_client, address(owner), owner._meta.model_name or "")
        for name in ("status", "state", "date", "on", "note_en"):
            form[f"{prefix}-0-{name}"] = ["2024" if name in ("date", "on") else "broken"]
        form[f"{prefix}-0-DELETE"] = ["on"]
        superuser_client.post(address(owner), form)
        superuser_client.post(address(step), {"note_en": "Changed."})
        assert superuser_client.post(address(step, "delete"), {"post": "yes"}).status_code == 403
        assert superuser_client.post(f"{address(step)}?_popup=1", {"note_en": "X"}).status_code in (
            200,
            302,
            403,
        )
        listed = reverse(f"admin:timeline_{step._meta.model_name}_changelist")
        superuser_client.post(
            listed, {"action": "delete_selected", "_selected_action": [step.pk], "post": "yes"}
        )
        assert type(step).objects.filter(pk=step.pk).values().get() == stored


@pytest.mark.parametrize("model", [StatusUpdate, EventStep])
def test_database_itself_keeps_steps_as_they_are(promise: Commitment, model: Any) -> None:
    from timeline.actions import events

    events.change(event=promise.event, on="2025-04-04", state=EventState.HELD, date="2025-04-03")
    publication.publish(record=promise.event)
    publication.publish(record=promise)
    with pytest.raises(DatabaseError, match="step_never_changed"), transaction.atomic():
        model.objects.update(note_en="Changed.")
    with pytest.raises(DatabaseError, match="step_of_published_stays"), transaction.atomic():
        model.objects.all()._raw_delete("default")
    if connection.vendor == "sqlite":
        table = model._meta.db_table
        names = [f'"{column.column}"' for column in model._meta.concrete_fields]
        values = ", ".join("'Changed.'" if "note_en" in name else name for name in names)
        with pytest.raises(DatabaseError, match="entry_once"), transaction.atomic():
            connection.cursor().execute(
                f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) SELECT {values} FROM {table}"  # noqa: S608
            )
    assert model.objects.count() == 1


def test_database_itself_keeps_what_was_published(promise: Commitment) -> None:
    framework = make.a_framework(make.a_state("ru"), make.a_state("ml"))
    for record in (promise.event, promise, framework):
        publication.publish(record=record)
        rows = type(record)._default_manager.filter(pk=record.pk)
        with pytest.raises(DatabaseError, match="published_stays"), transaction.atomic():
            rows.update(published_at=None)
        with pytest.raises(DatabaseError, match="published_stays"), transaction.atomic():
            rows._raw_delete("default")
        assert rows.get().published_at is not None


def test_draft_with_a_correction_is_deleted_with_all_its_parts(
    editor_client: Client, promise: Commitment
) -> None:
    wrong = promise.updates.get()
    record_update(
        commitment=promise, date="2025-05-01", status=CommitmentStatus.AGREED, corrects=wrong
    )
    assert editor_client.post(address(promise, "delete"), {"post": "yes"}).status_code == 302
    assert (Commitment.objects.count(), StatusUpdate.objects.count()) == (0, 0)


def test_event_never_moves_past_what_was_promised_at_it(
    editor_client: Client, promise: Commitment
) -> None:
    event = promise.event
    sentence = (
        "Steps or due dates of what was promised here would lie before the event: Promise. "
        "Correct those first."
    )
    form = opened(editor_client, address(event), "event")
    assert errors(editor_client.post(address(event), {**form, "date": ["2025-04-05"]})) == [
        sentence
    ]
    with_row(form, "steps", on="2025-04-04", state="held", date="2025-04-05")
    assert errors(editor_client.post(address(event), form)) == [sentence]
    event.refresh_from_db()
    assert (event.date.text, event.steps.count()) == ("2025-04-03", 0)
    record_update(
        commitment=promise,
        date="2025-04-05",
        status=CommitmentStatus.ANNOUNCED,
        corrects=promise.updates.get(),
    )
    form = opened(editor_client, address(event), "event")
    assert editor_client.post(address(event), {**form, "date": ["2025-04-05"]}).status_code == 302
    promise.due = "2025-05-01"
    promise.save()
    form = opened(editor_client, address(event), "event")
    assert errors(editor_client.post(address(event), {**form, "date": ["2025-06"]})) == [sentence]
    assert editor_client.post(address(event), {**form, "date": ["2025"]}).status_code == 302


@pytest.mark.parametrize(("date", "is_accepted"), [("2025-04-04", False), ("2025", True)])
def test_promise_takes_up_no_later_one(
    editor_client: Client, promise: Commitment, date: str, is_accepted: bool
) -> None:
    later = make.a_commitment(make.an_event(date=date))
    form = fill(
        opened(editor_client, address(promise), "commitment"), restates=later, restatement="same"
    )
    response = editor_client.post(address(promise), form)
    assert (response.status_code == 302) is is_accepted
    if not is_accepted:
        assert errors(response) == ["This was promised later: a promise takes up an earlier one."]


@pytest.mark.parametrize(("code", "is_accepted"), [("ru", True), ("tr", False)])
def test_side_whose_turn_it_was_is_one_of_the_framework(
    editor_client: Client, code: str, is_accepted: bool
) -> None:
    parties = {name: make.a_state(name) for name in ("ru", "ml", "tr")}
    framework = make.a_framework(parties["ru"], parties["ml"])
    event = make.an_event(framework=framework, takes_turn=True)
    form = fill(opened(editor_client, address(event), "event"), turn_side=parties[code])
    response = editor_client.post(address(event), form)
    assert (response.status_code == 302) is is_accepted
    if not is_accepted:
        assert errors(response) == ["This party is no side of the framework."]


@pytest.fixture
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    set_today(monkeypatch, TODAY)


def follow_up(editor_client: Client, framework: Framework) -> dict[str, list[str]]:
    new = reverse("admin:timeline_event_add")
    return opened(editor_client, f"{new}?follow_up_framework={framework.pk}", "event")


def hosts(form: dict[str, list[str]]) -> list[str]:
    rows = range(int(form["participations-TOTAL_FORMS"][0]))
    return [
        Party.objects.get(pk=form[f"participations-{row}-party"][0]).code
        for row in rows
        if form[f"participations-{row}-role"] == ["host"] and form[f"participations-{row}-party"][0]
    ]


def told_of_follow_up(editor_client: Client, **records: Any) -> list[str]:
    query = "&".join(f"follow_up_{name}={record.pk}" for name, record in records.items())
    return messages(editor_client.get(f"{reverse('admin:timeline_event_add')}?{query}"))


def test_follow_up_of_a_planned_session_is_the_one_after_it(
    editor_client: Client, on_the_day: None
) -> None:
    ru, ml = make.a_state("ru"), make.a_state("ml")
    framework = make.a_framework(ru, ml, cadence_months=12, publication="published")
    turn: dict[str, Any] = {"framework": framework, "takes_turn": True}
    make.an_event(host=ru, date="2026-02-01", publication="published", **turn)
    planned = make.an_event(host=ml, date="2027-02", state="planned", title_en="Bamako", **turn)
    new = reverse("admin:timeline_event_add")
    for state in ("draft", "published"):
        Event.objects.filter(pk=planned.pk).update(publication=state)
        form = opened(editor_client, f"{new}?follow_up_event={planned.pk}", "event")
        assert (hosts(form), form["date"]) == (["ru"], ["2028-02"])
        assert form["follows"] == [str(planned.pk)]
        assert not [
            remark
            for remark in told_of_follow_up(editor_client, event=planned)
            if "already" in remark
        ]
        remarks = told_of_follow_up(editor_client, framework=framework)
        assert f"Planned already, February 2027: “Bamako” ({state.title()})." in remarks


def test_follow_up_names_the_one_member_that_may_host(
    editor_client: Client, on_the_day: None
) -> None:
    ru, aes, ml = make.a_state("ru"), make.a_bloc("aes"), make.a_state("ml")
    make.a_membership(ml, aes)
    framework = make.a_framework(ru, aes, cadence_months=12, tolerance_months=2)
    turn: dict[str, Any] = {"framework": framework, "takes_turn": True, "publication": "published"}
    make.an_event(host=ru, date="2025-11-10", **turn)
    form = follow_up(editor_client, framework)
    assert hosts(form) == ["ml"]
    assert str(aes.pk) in [form[f"participations-{row}-party"][0] for row in range(3)]
    assert form["date"] == ["2026-09/2027-01"]
    remarks = told_of_follow_up(editor_client, framework=framework)
    assert remarks[0].startswith(
        "Expected from 1 September 2026 to 31 January 2027 by the cadence;"
    )


def test_follow_up_says_when_the_window_is_past(editor_client: Client, on_the_day: None) -> None:
    ru, ml = make.a_state("ru"), make.a_state("ml")
    framework = make.a_framework(ru, ml, cadence_months=6)
    turn: dict[str, Any] = {"framework": framework, "takes_turn": True, "publication": "published"}
    make.an_event(host=ru, date="2026-02-01", **turn)
    remarks = told_of_follow_up(editor_client, framework=framework)
    assert remarks == [
        "By the cadence it was expected from 1 August 2026 to 31 August 2026, which is past, so "
        "2027 is a guess: change it. "
        "It was held then: open the form with those days and who could host on them."
    ]


def test_follow_up_opens_with_whose_turn_it_is(
    own_demo: None, editor_client: Client, on_the_day: None
) -> None:
    framework = Framework.objects.get(slug="ru-aes")
    form = follow_up(editor_client, framework)
    moscow = Event.objects.get(slug="ru-aes-consultations-moscow-2025")
    assert hosts(form) == []
    assert form["participations-0-role"] == ["host"]
    assert (form["framework"], form["follows"], form["state"], form["date"]) == (
        [str(framework.pk)],
        [str(moscow.pk)],
        ["planned"],
        ["2026"],
    )
    bamako = make.an_event(
        host=Party.objects.get(code="ml"),
        date="2026-11-01",
        framework=framework,
        takes_turn=True,
        publication="published",
    )
    Participation.objects.create(event=bamako, party=Party.objects.get(code="ru"))
    form = follow_up(editor_client, framework)
    assert hosts(form) == ["ru"]
    assert (form["follows"], form["date"]) == ([str(bamako.pk)], ["2027-11"])


@pytest.fixture
def both() -> tuple[Event, Party, Party]:
    """A meeting of two sides."""
    russia, aes = make.a_state("ru"), make.a_bloc("aes")
    return make.an_event(host=russia, parties=(aes,)), russia, aes


def commitment_errors(editor_client: Client, event: Event, *roles: str, **typed: Any) -> list[str]:
    """Add a commitment with the parties of an event; return the errors."""
    add = reverse("admin:timeline_commitment_add")
    form = fill(opened(editor_client, f"{add}?event={event.pk}", "commitment"), title_en="P")
    for number, role in enumerate(roles):
        form[f"party_links-{number}-role"] = [role]
    for name, value in typed.items():
        if value:
            form[name] = ["on"]
        else:
            form.pop(name, None)
    return errors(editor_client.post(add, form, follow=True))


@pytest.mark.parametrize(
    ("roles", "ticked", "mutual"),
    [
        (("obligor", "obligor"), True, True),
        (("obligor", "obligor"), False, False),
        (("obligor", "beneficiary"), True, False),
    ],
)
def test_new_commitment_is_mutual_where_it_can_be_unless_unticked(
    editor_client: Client,
    both: tuple[Event, Party, Party],
    roles: tuple[str, ...],
    ticked: bool,
    mutual: bool,
) -> None:
    assert commitment_errors(editor_client, both[0], *roles, mutual=ticked) == []
    assert Commitment.objects.get().mutual is mutual


def test_mutual_commitment_of_one_side_is_refused(
    editor_client: Client, both: tuple[Event, Party, Party]
) -> None:
    commitment_errors(editor_client, both[0], "obligor", "beneficiary", mutual=True)
    promise = Commitment.objects.get()
    form = opened(editor_client, address(promise), "commitment")
    form["mutual"] = ["on"]
    response = editor_client.post(address(promise), form)
    assert errors(response) == [
        "What is mutual is undertaken by two sides or more and for nobody named: list both sides "
        "as obligors and no beneficiary, or untick “mutual”."
    ]
    promise.refresh_from_db()
    assert promise.mutual is False


def test_list_finds_what_may_be_mutual(
    editor_client: Client, both: tuple[Event, Party, Party]
) -> None:
    for name, roles in (("together", ("obligor", "obligor")), ("one", ("obligor", "beneficiary"))):
        promise = make.a_commitment(both[0], title_en=name)
        for party, role in zip(both[1:], roles, strict=True):
            promise.party_links.create(party=party, role=role)
    page = editor_client.get("/admin/timeline/commitment/?mutual=maybe").content.decode()
    assert "together" in page
    assert ">one<" not in page


def test_request_is_made_of_somebody_and_has_no_life(
    editor_client: Client, both: tuple[Event, Party, Party]
) -> None:
    add = reverse("admin:timeline_commitment_add")
    form = fill(
        opened(editor_client, f"{add}?event={both[0].pk}", "commitment"),
        title_en="Expected",
        nature="request",
    )
    for number, role in enumerate(("asker", "asker")):
        form[f"party_links-{number}-role"] = [role]
    response = editor_client.post(add, form)
    assert errors(response) == [
        "A request is made of somebody: list who is asked among its parties."
    ]
    assert not Commitment.objects.exists()
    form["party_links-1-role"] = ["asked"]
    assert errors(editor_client.post(add, form, follow=True)) == []
    request = Commitment.objects.get()
    assert (request.nature, request.mutual, request.updates.count()) == ("request", False, 0)


def test_update_of_a_request_is_refused_and_kept_as_typed(
    editor_client: Client, both: tuple[Event, Party, Party]
) -> None:
    request = make.a_commitment(both[0], nature="request")
    request.party_links.create(party=both[1], role="asked")
    form = opened(editor_client, address(request), "commitment")
    with_row(form, "updates", date="2025-05-01", status="agreed", note_en="Kept.")
    response = editor_client.post(address(request), form)
    assert errors(response) == [
        "A request has no state, so that there is nothing to follow: record what was undertaken in "
        "answer to it as an undertaking."
    ]
    assert "Kept." in response.content.decode()
    assert not request.updates.exists()


def test_undertaking_with_a_life_may_turn_out_to_be_a_request(
    editor_client: Client, both: tuple[Event, Party, Party]
) -> None:
    commitment_errors(editor_client, both[0], "obligor", "beneficiary", mutual=True)
    promise = Commitment.objects.get()
    form = fill(opened(editor_client, address(promise), "commitment"), nature="request")
    for number, role in enumerate(("asked", "asker")):
        form[f"party_links-{number}-role"] = [role]
    assert errors(editor_client.post(address(promise), form, follow=True)) == []
    promise.refresh_from_db()
    assert (promise.nature, promise.updates.count()) == ("request", 1)


def test_new_commitment_starts_on_its_own_day_with_what_it_depends_on(
    editor_client: Client, both: tuple[Event, Party, Party], on_the_day: None
) -> None:
    add = reverse("admin:timeline_commitment_add")
    form = fill(
        opened(editor_client, f"{add}?event={both[0].pk}", "commitment"),
        title_en="Satellites",
        made_on="2025-04-09",
        condition_fr="si les négociations sont concluantes",
        condition_en="if the negotiations succeed",
    )
    assert errors(editor_client.post(add, form, follow=True)) == []
    promise = Commitment.objects.get()
    assert (str(promise.made_on), str(promise.updates.get().date)) == ("2025-04-09", "2025-04-09")
    assert promise.condition_en == "if the negotiations succeed"
    changes = promise.history.latest()
    assert (changes.condition_en, str(changes.made_on)) == (promise.condition_en, "2025-04-09")
    found = editor_client.get("/admin/timeline/commitment/?q=negotiation").content.decode()
    assert "Satellites" in found


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (
            "2026-11-24",
            ["This day is still to come: record a promise once it has been made."],
        ),
        ("2026-11", []),
    ],
)
def test_day_made_is_never_surely_still_to_come(
    editor_client: Client, promise: Commitment, on_the_day: None, day: str, said: list[str]
) -> None:
    form = fill(opened(editor_client, address(promise), "commitment"), made_on=day)
    with_row(form, "updates", date="2026-11", status="announced", corrects=promise.updates.get())
    response = editor_client.post(address(promise), form, follow=True)
    assert errors(response) == said
    promise.refresh_from_db()
    assert str(promise.made_on) == ("None" if said else day)


def test_day_made_never_moves_past_a_step_that_is_not_corrected(
    editor_client: Client, promise: Commitment
) -> None:
    form = fill(opened(editor_client, address(promise), "commitment"), made_on="2025-04-09")
    assert errors(editor_client.post(address(promise), form)) == [
        "Steps of its life would lie before the day on which it was made: 2025-04-03 Announced. "
        "Add a step of that day or later that corrects them."
    ]
    promise.refresh_from_db()
    assert promise.made_on is None
    with_row(form, "updates", date="2025-04-09", status="announced", corrects=promise.updates.get())
    assert errors(editor_client.post(address(promise), form, follow=True)) == []
    promise.refresh_from_db()
    assert str(promise.made_on) == "2025-04-09"


def test_due_date_goes_by_the_day_made_and_is_refused_at_its_field(
    editor_client: Client, promise: Commitment
) -> None:
    form = fill(opened(editor_client, address(promise), "commitment"), due="2025-03-15")
    form["made_on"] = ["2025-03-01"]
    assert errors(editor_client.post(address(promise), form, follow=True)) == []
    form = fill(opened(editor_client, address(promise), "commitment"), made_on="2025-04-01")
    response = editor_client.post(address(promise), form)
    said = "This is due before the day on which it was promised."
    assert (errors(response), errors(response, "due")) == ([said], [said])


def test_event_moves_past_what_was_made_on_a_day_of_its_own(
    editor_client: Client, promise: Commitment
) -> None:
    Commitment.objects.filter(pk=promise.pk).delete()
    event = promise.event
    make.a_commitment(event, made_on="2025-03-01", due="2025-03-15")
    form = opened(editor_client, address(event), "event")
    assert editor_client.post(address(event), {**form, "date": ["2025-04-05"]}).status_code == 302


def test_list_is_filtered_and_sorted_by_the_day_made(editor_client: Client) -> None:
    event = make.an_event(date="2025-04-03")
    make.a_commitment(event, title_en="Later", made_on="2026-01")
    make.a_commitment(event, title_en="At once")
    listed = "/admin/timeline/commitment/"
    page = editor_client.get(f"{listed}?year=2026").content.decode()
    assert "Later" in page
    assert "At once" not in page
    assert ">2026-01<" in page
    for order, first in (("3", "At once"), ("-3", "Later")):
        page = editor_client.get(f"{listed}?o={order}").content.decode()
        assert min(("At once", "Later"), key=page.index) == first


def test_citation_may_support_the_condition_and_the_day_made(
    editor_client: Client, promise: Commitment
) -> None:
    page = editor_client.get(address(promise)).content.decode()
    for field in ("condition", "made_on"):
        assert f'<option value="{field}">' in page


def test_roles_of_an_undertaking_are_not_those_of_a_request(
    editor_client: Client, both: tuple[Event, Party, Party]
) -> None:
    assert commitment_errors(editor_client, both[0], "obligor", "asked", mutual=True) == [
        "The parties of a request ask for it or are asked; those of an undertaking undertake it or "
        "are owed it. Change the roles or the nature."
    ]
    assert not Commitment.objects.exists()
